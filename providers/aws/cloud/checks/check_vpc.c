/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the VPC itself. */
#include "providers/aws/cloud/checks/catalogue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/route.h"
#include "providers/aws/cloud/network/s3_endpoint.h"
#include "providers/aws/cloud/network/vpc.h"

/* Addresses of a /24 and of a /20. */
enum { LEAST_ADDRESSES = 256, ENOUGH_ADDRESSES = 4096 };

/* What Docker gives its bridge unless it is told otherwise (Docker documentation, "Bridge network driver"). */
#define DOCKER_BRIDGE "172.17.0.0/16"

static struct finding check_vpc_exists(const struct facts *facts)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;
	const char *state = tree_text(facts_tree(facts, FACT_VPC), "vpcSet.0.state");

	if (!vpc_id)
		return finding_make(facts, VERDICT_FAIL, "the record has no VPC");
	if (!facts_has(facts, FACT_VPC))
		return finding_make(facts, VERDICT_FAIL, "%s does not exist in %s", vpc_id,
			facts->cloud->region);
	if (!text_equal(state, "available"))
		return finding_make(facts, VERDICT_FAIL, "%s is %s, not available", vpc_id, state);
	return finding_make(facts, VERDICT_PASS, "%s is available", vpc_id);
}

static void add_block(const struct facts *facts, struct finding *finding, const char *text,
	uint64_t *addresses)
{
	struct cidr block;

	if (!cidr_parse(text, &block, NULL) || block.v6)
		return;
	*addresses += cidr_size(&block);
	finding_evidence(facts, finding, "block %s: %" PRIu64 " addresses", text, cidr_size(&block));
}

static struct finding check_vpc_cidr_size(const struct facts *facts)
{
	const struct text_list blocks = vpc_ipv4_blocks(facts->arena,
		tree_get(facts_tree(facts, FACT_VPC), "vpcSet.0"));
	struct finding evidence = {0};
	uint64_t addresses = 0;
	enum verdict verdict;

	for (size_t i = 0; i < blocks.count; i++)
		add_block(facts, &evidence, blocks.items[i], &addresses);
	verdict = addresses < LEAST_ADDRESSES  ? VERDICT_FAIL
		: addresses < ENOUGH_ADDRESSES ? VERDICT_WARN
					       : VERDICT_PASS;
	return finding_conclude(facts, evidence, verdict, "%" PRIu64 " IPv4 addresses; %d or more are %s",
		addresses, verdict == VERDICT_FAIL ? LEAST_ADDRESSES : ENOUGH_ADDRESSES,
		verdict == VERDICT_FAIL ? "required" : "recommended");
}

/*
 * The VPC's resolver: by name, at 169.254.169.253 and fd00:ec2::253, and at the base of the VPC's first block plus two
 * (Amazon VPC User Guide, "Amazon DNS server"). It alone knows the names of EFS and of private endpoints.
 */
static bool is_own_resolver(const struct facts *facts, const char *server)
{
	struct cidr first, address;

	if (text_equal_nocase(server, "AmazonProvidedDNS") || text_equal(server, "169.254.169.253") ||
		text_equal_nocase(server, "fd00:ec2::253"))
		return true;
	if (!cidr_parse(tree_text(facts_tree(facts, FACT_VPC), "vpcSet.0.cidrBlock"), &first, NULL) ||
		first.v6)
		return false;
	first.bytes[3] = (unsigned char)(first.bytes[3] + 2);
	return cidr_parse(server, &address, NULL) && !address.v6 &&
		memcmp(address.bytes, first.bytes, 4) == 0;
}

/* The attributes are right; whom instances ask is a matter of the DHCP options. */
static struct finding judge_name_servers(const struct facts *facts)
{
	const json_t *options = tree_get(facts_tree(facts, FACT_DHCP_OPTIONS), "dhcpOptionsSet.0");
	const json_t *option = tree_find(options, "dhcpConfigurationSet", "key", "domain-name-servers");
	struct text_list servers = tree_texts(facts->arena, option, "valueSet", "value");
	struct finding foreign = {0};
	bool own = servers.count == 0;

	if (facts_lost(facts, FACT_DHCP_OPTIONS))
		return finding_lost(facts, FACT_DHCP_OPTIONS);
	for (size_t i = 0; i < servers.count; i++)
		own = own || is_own_resolver(facts, servers.items[i]);
	if (own)
		return finding_make(facts, VERDICT_PASS, "DNS resolution and host names are on");
	remedy_say(facts, &foreign,
		"let these name servers forward the names of AWS to the VPC's resolver, or give the VPC DHCP options with AmazonProvidedDNS");
	return finding_conclude(facts, foreign, VERDICT_WARN,
		"instances ask %s alone, not the VPC's resolver: names of EFS and of private endpoints are found only if these forward them",
		text_join(facts->arena, &servers, ", "));
}

/* Without host names the name of a file system resolves nowhere, so one whose address is not recorded is not found. */
static struct finding check_vpc_dns(const struct facts *facts)
{
	bool support = tree_bool(facts_tree(facts, FACT_VPC_DNS_SUPPORT), "enableDnsSupport.value");
	bool names = tree_bool(facts_tree(facts, FACT_VPC_DNS_HOSTNAMES), "enableDnsHostnames.value");
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	struct finding finding;

	if (!facts_has(facts, FACT_VPC_DNS_SUPPORT) || !facts_has(facts, FACT_VPC_DNS_HOSTNAMES))
		return finding_make(facts, VERDICT_UNKNOWN,
			"AWS describes %s, but says that it does not exist when asked for its DNS attributes",
			resources->vpc_id);
	if (!support)
		finding = finding_make(facts, VERDICT_FAIL,
			"DNS resolution is off: instances cannot resolve names");
	else if (!names && resources->file_system_id && !resources->mount_target_ip)
		finding = finding_make(facts, VERDICT_FAIL,
			"DNS host names are off, and the record has no address to mount %s at",
			resources->file_system_id);
	else if (!names)
		finding = finding_make(facts, VERDICT_WARN, "DNS host names are off");
	else
		finding = judge_name_servers(facts);
	finding_evidence(facts, &finding, "enableDnsSupport = %s", support ? "true" : "false");
	finding_evidence(facts, &finding, "enableDnsHostnames = %s", names ? "true" : "false");
	return finding;
}

static struct finding check_vpc_tenancy(const struct facts *facts)
{
	const char *tenancy = tree_text(facts_tree(facts, FACT_VPC), "vpcSet.0.instanceTenancy");

	if (text_equal(tenancy, "dedicated"))
		return finding_make(facts, VERDICT_WARN,
			"every instance is launched on dedicated hardware: it costs more, and instance types that do not support it do not start");
	return finding_make(facts, VERDICT_PASS, "instances are launched on shared hardware");
}

static struct finding check_vpc_docker_block(const struct facts *facts)
{
	const struct text_list blocks = vpc_ipv4_blocks(facts->arena,
		tree_get(facts_tree(facts, FACT_VPC), "vpcSet.0"));
	struct finding overlap = {0};
	struct cidr docker, block;

	cidr_parse(DOCKER_BRIDGE, &docker, NULL);
	for (size_t i = 0; i < blocks.count; i++)
		if (cidr_parse(blocks.items[i], &block, NULL) && cidr_overlaps(&block, &docker))
			finding_evidence(facts, &overlap, "block %s", blocks.items[i]);
	if (overlap.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "no block of the VPC overlaps %s", DOCKER_BRIDGE);
	return finding_conclude(facts, overlap, VERDICT_WARN,
		"the VPC overlaps %s, which Docker takes for its own bridge on every node: addresses there are not reached",
		DOCKER_BRIDGE);
}

bool is_in_cloud_vpc(const struct facts *facts, const json_t *subnet)
{
	return text_equal(tree_text(subnet, "vpcId"), aws_cloud(facts->cloud)->resources.vpc_id);
}

static void judge_endpoint(const struct facts *facts, const char *id, struct finding *present,
	struct finding *missing)
{
	const json_t *tables = facts_tree(facts, FACT_ROUTE_TABLES);
	const json_t *table = route_table_of(tables, id, NULL);
	const json_t *endpoints = facts_tree(facts, FACT_VPC_ENDPOINTS);
	const json_t *endpoint = s3_endpoint_of(endpoints, tables, id);
	const char *table_id = table ? tree_text(table, "routeTableId") : "(none)";
	const char *unseen = s3_endpoint_unseen(endpoints, table);
	const char *sharer = route_table_sharer(table, facts->cloud->account);

	if (endpoint) {
		finding_evidence(facts, present, "%s: %s on %s", id, tree_text(endpoint, "vpcEndpointId"),
			table_id);
		return;
	}
	if (unseen && sharer)
		finding_evidence(facts, missing,
			"%s: endpoint %s on route table %s belongs to account %s, which shares the VPC; whether it is for S3 cannot be seen from here",
			id, unseen, table_id, sharer);
	else
		finding_evidence(facts, missing, "%s: no S3 gateway endpoint on route table %s", id,
			table_id);
	finding_resource(facts, missing, id);
}

/* The endpoint's policy with a statement more, for the layers of images; no Allow overrides a Deny. */
static void remedy_policy(const struct facts *facts, struct finding *finding, const char *endpoint_id)
{
	const json_t *endpoint = tree_find(facts_tree(facts, FACT_VPC_ENDPOINTS), "vpcEndpointSet",
		"vpcEndpointId", endpoint_id);
	json_t *policy = tree_defer(facts->arena, json_loads(tree_text(endpoint, "policyDocument"), 0, NULL));
	json_t *list = json_object_get(policy, "Statement");
	const char *layers = arena_printf(facts->arena, "arn:aws:s3:::prod-%s-starport-layer-bucket/*",
		facts->cloud->region);
	char *text;

	TREE_EACH (statement, policy, "Statement")
		if (text_equal(tree_text(statement, "Effect"), "Deny") || !json_is_array(list)) {
			remedy_say(facts, finding, "let s3:GetObject on %s through the policy of %s", layers,
				shell_word(facts->arena, endpoint_id));
			return;
		}
	json_array_append_new(list,
		json_pack("{s:s,s:s,s:s,s:s}", "Effect", "Allow", "Principal", "*", "Action", "s3:GetObject",
			"Resource", layers));
	text = json_dumps(policy, JSON_COMPACT);
	remedy_add(facts, finding, "ec2 modify-vpc-endpoint --vpc-endpoint-id %s --policy-document %s",
		shell_word(facts->arena, endpoint_id), shell_word(facts->arena, text));
	free(text);
}

/* There is one everywhere; what its policy keeps away is kept away from everyone. */
static struct finding judge_policies(const struct facts *facts, const struct finding *present)
{
	struct s3_ways ways = s3_ways_of(facts);
	struct image_way way = s3_ways_for_images(facts, &ways);
	bool maybe = way.access.decision.allowed == TRUTH_MAYBE;
	struct finding finding;

	if (!way.endpoint)
		return finding_conclude(facts, *present, VERDICT_PASS,
			"S3 is reached through a gateway endpoint");
	if (way.access.wrong)
		return finding_make(facts, VERDICT_UNKNOWN, "%s", access_text(facts->arena, &way.access));
	finding = finding_make(facts, VERDICT_WARN,
		"the policy of %s %s allow images to be pulled from ECR, whose layers are stored in S3",
		way.endpoint, maybe ? "may not" : "does not");
	finding_evidence(facts, &finding, "s3:GetObject on arn:aws:s3:::prod-%s-starport-layer-bucket/*",
		facts->cloud->region);
	if (maybe)
		finding_evidence(facts, &finding, "%s; the bucket is AWS's, and AWS signs the requests",
			access_text(facts->arena, &way.access));
	remedy_policy(facts, &finding, way.endpoint);
	return finding;
}

/* An existing endpoint is added to the tables that lack it; else one is created for them. */
static void remedy_endpoint(const struct facts *facts, struct finding *finding)
{
	const json_t *tables = facts_tree(facts, FACT_ROUTE_TABLES);
	const char *endpoint = s3_endpoint_any(facts_tree(facts, FACT_VPC_ENDPOINTS));
	struct arena *arena = facts->arena;
	struct text_list ids = {0};

	for (size_t i = 0; i < finding->resources.count; i++) {
		const json_t *table = route_table_of(tables, finding->resources.items[i], NULL);
		const char *id = tree_text(table, "routeTableId");

		if (!*id || route_table_sharer(table, facts->cloud->account))
			return;
		text_list_add_once(arena, &ids, id);
	}
	if (endpoint)
		remedy_add(facts, finding,
			"ec2 modify-vpc-endpoint --vpc-endpoint-id %s --add-route-table-ids %s",
			shell_word(arena, endpoint), shell_words(arena, &ids));
	else if (aws_cloud(facts->cloud)->network.vpc_id ||
		!remedy_is_stacks(facts, finding, "the endpoints of the VPC"))
		remedy_add(facts, finding,
			"ec2 create-vpc-endpoint --vpc-id %s --service-name com.amazonaws.%s.s3 --route-table-ids %s",
			shell_word(arena, aws_cloud(facts->cloud)->resources.vpc_id), facts->cloud->region,
			shell_words(arena, &ids));
}

static struct finding check_vpc_s3_endpoint(const struct facts *facts)
{
	struct finding missing = {0}, present = {0};
	size_t subnets = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (!is_in_cloud_vpc(facts, subnet))
			continue;
		subnets++;
		judge_endpoint(facts, tree_text(subnet, "subnetId"), &present, &missing);
	}
	if (subnets == 0)
		return finding_make(facts, VERDICT_SKIP, "needs subnets in %s",
			aws_cloud(facts->cloud)->resources.vpc_id);
	if (missing.evidence.count == 0)
		return judge_policies(facts, &present);
	remedy_endpoint(facts, &missing);
	return finding_conclude(facts, missing, VERDICT_WARN,
		"%zu of %zu subnets reach S3 without a gateway endpoint", missing.evidence.count, subnets);
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "vpc.exists", .severity = FAIL, .reads = FACTS(FACT_VPC), .decide = check_vpc_exists,
	 .holds = "the VPC exists and is available",
	 .why = "all other network resources of the cloud are in it",
	 .remedy = AWS("ec2 describe-vpcs") "   # then cloudctl register with the right --vpc-id",
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "the-vpc", .reference = GUIDE "vpc"},
	{.id = "vpc.cidr-size", .severity = FAIL, .reads = FACTS(FACT_VPC), .about = KINDS(KIND_VPC),
	 .decide = check_vpc_cidr_size,
	 .holds = "the IPv4 blocks of the VPC together are at least a /24; a /20 is recommended",
	 .why = "every instance takes an address; a small VPC limits the number of nodes of all clusters together",
	 .remedy = AWS("ec2 associate-vpc-cidr-block --vpc-id {vpc} --cidr-block <another block>"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "vpc-size", .reference = GUIDE "vpc"},
	{.id = "vpc.dns", .severity = FAIL, .reads = FACTS(FACT_VPC_DNS_SUPPORT, FACT_VPC_DNS_HOSTNAMES),
	 .also = FACTS(FACT_VPC, FACT_DHCP_OPTIONS),
	 .about = KINDS(KIND_VPC), .decide = check_vpc_dns,
	 .holds = "DNS resolution and DNS host names are enabled, and the VPC's own name server is among those that instances ask",
	 .why = "instances find AWS services and each other by name, and EFS is mounted by name",
	 .remedy = AWS("ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-support") " && "
	 AWS("ec2 modify-vpc-attribute --vpc-id {vpc} --enable-dns-hostnames"),
	 .requirement = REQUIREMENTS "name-resolution", .reference = AWS_DOCS "efs/latest/ug/mounting-fs-mount-cmd-dns-name.html"},
	{.id = "vpc.tenancy", .severity = WARN, .reads = FACTS(FACT_VPC), .about = KINDS(KIND_VPC),
	 .decide = check_vpc_tenancy,
	 .holds = "the VPC's tenancy is default, not dedicated",
	 .why = "in a VPC of dedicated tenancy every instance is dedicated, whatever its launch asks for",
	 .remedy = AWS("ec2 modify-vpc-tenancy --vpc-id {vpc} --instance-tenancy default"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "shared-hardware", .reference = AWS_DOCS "AWSEC2/latest/UserGuide/dedicated-instance.html"},
	{.id = "vpc.docker-block", .severity = WARN, .reads = FACTS(FACT_VPC), .about = KINDS(KIND_VPC),
	 .decide = check_vpc_docker_block,
	 .holds = "no IPv4 block of the VPC overlaps " DOCKER_BRIDGE,
	 .why = "containers run on every node, and Docker routes that block to them",
	 .remedy = "use a VPC with another block, or nodes whose Docker has another bridge (\"bip\" in /etc/docker/daemon.json)",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "block-of-containers", .reference = DOCKER_DOCS "engine/network/drivers/bridge/"},
	{.id = "vpc.interface-endpoints", .severity = FAIL, .reads = FACTS(FACT_VPC_ENDPOINTS),
	 .also = FACTS(FACT_SECURITY_GROUPS, FACT_ENDPOINT_GROUPS, FACT_SUBNETS), .about = KINDS(KIND_VPC),
	 .decide = check_vpc_interface_endpoints,
	 .holds = "interface endpoints with private DNS (S3, STS, ECR, EC2) allow TCP 443 in from the cloud",
	 .why = "within the VPC the names of their services lead to them, whatever other way to the services there is",
	 .remedy = AWS("ec2 authorize-security-group-ingress --group-id <group of the endpoint> --protocol tcp --port 443 --source-group {group}"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "interface-endpoints", .reference = AWS_DOCS "vpc/latest/privatelink/create-interface-endpoint.html"},
	{.id = "vpc.s3-endpoint", .severity = WARN,
	 .reads = FACTS(FACT_SUBNETS, FACT_ROUTE_TABLES, FACT_VPC_ENDPOINTS), .about = KINDS(KIND_VPC, KIND_SUBNETS),
	 .decide = check_vpc_s3_endpoint,
	 .holds = "the route table of every subnet has a gateway endpoint for S3, whose policy allows container images to be pulled",
	 .why = "images and data then come from S3 inside AWS: faster, and without NAT gateway charges",
	 .remedy = AWS("ec2 create-vpc-endpoint --vpc-id {vpc} --service-name com.amazonaws.{region}.s3 --route-table-ids <route tables of the subnets>"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "s3-gateway-endpoint", .reference = GUIDE "vpc"},
};
/* clang-format on */

const struct check_group vpc_group = {.id = "vpc", .name = "VPC", CHECKS(rows)};
