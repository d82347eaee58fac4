/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the subnets themselves: that they are there, large enough, and spread over zones. */
#include "providers/aws/cloud/checks/catalogue.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"

/* Prefix lengths and free addresses: the least that is required and what is recommended. */
enum {
	LONGEST_PREFIX = 28,
	RECOMMENDED_PREFIX = 24,
	RECOMMENDED_FREE = 16,
	LEAST_SUBNETS = 2,
	LEAST_ZONES = 2
};

static const json_t *subnets_of(const struct facts *facts)
{
	return facts_tree(facts, FACT_SUBNETS);
}

static size_t subnet_count(const struct facts *facts)
{
	return tree_count(tree_get(subnets_of(facts), "subnetSet"));
}

/* They are there; a subnet that is pending or has failed takes no instances. */
static struct finding judge_states(const struct facts *facts)
{
	struct finding idle = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		const char *state = tree_text(subnet, "state"), *id = tree_text(subnet, "subnetId");

		if (text_equal(state, "available"))
			continue;
		finding_evidence(facts, &idle, "%s is %s", id, state);
		finding_resource(facts, &idle, id);
	}
	if (idle.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "all %zu subnets exist", subnet_count(facts));
	return finding_conclude(facts, idle, VERDICT_FAIL, "%zu of %zu subnets are not available",
		idle.evidence.count, subnet_count(facts));
}

static struct finding check_subnets_exist(const struct facts *facts)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.subnet_ids;
	struct text_list missing = {0};

	for (size_t i = 0; i < ids->count; i++)
		if (!tree_find(subnets_of(facts), "subnetSet", "subnetId", ids->items[i]))
			text_list_add(facts->arena, &missing, ids->items[i]);
	if (ids->count == 0)
		return finding_make(facts, VERDICT_FAIL, "the record has no subnets");
	if (missing.count > 0)
		return finding_conclude(facts, (struct finding){.resources = missing}, VERDICT_FAIL,
			"%zu of %zu subnets do not exist: %s", missing.count, ids->count,
			text_join(facts->arena, &missing, ", "));
	return judge_states(facts);
}

static struct finding check_subnets_count(const struct facts *facts)
{
	struct text_list distinct = text_list_distinct(facts->arena,
		&aws_cloud(facts->cloud)->resources.subnet_ids);

	return finding_make(facts, distinct.count < LEAST_SUBNETS ? VERDICT_FAIL : VERDICT_PASS,
		"%zu different subnets; at least %d are required", distinct.count, LEAST_SUBNETS);
}

static struct finding check_subnets_vpc(const struct facts *facts)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;
	struct finding strangers = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		const char *id = tree_text(subnet, "subnetId");

		if (is_in_cloud_vpc(facts, subnet))
			continue;
		finding_evidence(facts, &strangers, "%s is in %s", id, tree_text(subnet, "vpcId"));
		finding_resource(facts, &strangers, id);
	}
	if (strangers.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "all are in %s", vpc_id);
	return finding_conclude(facts, strangers, VERDICT_FAIL, "%zu of %zu subnets are not in %s",
		strangers.evidence.count, subnet_count(facts), vpc_id);
}

/* One subnet's size; a subnet for IPv6 alone has no block, and Ray's nodes find each other by IPv4. */
static enum verdict judge_size(const struct facts *facts, const json_t *subnet, struct finding *small)
{
	const char *id = tree_text(subnet, "subnetId"), *text = tree_text(subnet, "cidrBlock");
	struct cidr block;

	if (!cidr_parse(text, &block, NULL) || block.v6) {
		finding_evidence(facts, small, "%s: no IPv4 block", id);
		return VERDICT_FAIL;
	}
	if (block.bits <= RECOMMENDED_PREFIX)
		return VERDICT_PASS;
	finding_evidence(facts, small, "%s: %s, %" PRIu64 " addresses", id, text, cidr_size(&block));
	return block.bits > LONGEST_PREFIX ? VERDICT_FAIL : VERDICT_WARN;
}

static struct finding check_subnets_cidr_size(const struct facts *facts)
{
	size_t counts[VERDICTS] = {0};
	struct finding small = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		enum verdict size = judge_size(facts, subnet, &small);

		counts[size]++;
		if (size != VERDICT_PASS)
			finding_resource(facts, &small, tree_text(subnet, "subnetId"));
	}
	if (small.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "each subnet is a /%d or larger",
			RECOMMENDED_PREFIX);
	if (counts[VERDICT_FAIL] == 0)
		return finding_conclude(facts, small, VERDICT_WARN,
			"%zu of %zu subnets are smaller than a /%d, which is recommended",
			counts[VERDICT_WARN], subnet_count(facts), RECOMMENDED_PREFIX);
	return finding_conclude(facts, small, VERDICT_FAIL,
		"%zu of %zu subnets are smaller than a /%d, which is required%s", counts[VERDICT_FAIL],
		subnet_count(facts), LONGEST_PREFIX,
		counts[VERDICT_WARN] == 0 ? ""
					  : arena_printf(facts->arena,
						    "; %zu more are smaller than a /%d, which is recommended",
						    counts[VERDICT_WARN], RECOMMENDED_PREFIX));
}

static struct finding check_subnets_free_addresses(const struct facts *facts)
{
	enum verdict verdict = VERDICT_PASS;
	struct finding full = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		const char *id = tree_text(subnet, "subnetId");
		int64_t available;

		if (!tree_number(subnet, "availableIpAddressCount", 0, INT32_MAX, &available)) {
			verdict = verdict_worst(verdict, VERDICT_UNKNOWN);
			finding_evidence(facts, &full, "%s: free addresses not known", id);
			finding_resource(facts, &full, id);
			continue;
		}
		if (available >= RECOMMENDED_FREE)
			continue;
		verdict = verdict_worst(verdict, available < 1 ? VERDICT_FAIL : VERDICT_WARN);
		finding_evidence(facts, &full, "%s: %" PRId64 " free addresses", id, available);
		finding_resource(facts, &full, id);
	}
	if (verdict == VERDICT_PASS)
		return finding_make(facts, VERDICT_PASS, "each subnet has %d free addresses or more",
			RECOMMENDED_FREE);
	remedy_add(facts, &full, "ec2 describe-network-interfaces --filters %s",
		shell_word(facts->arena,
			arena_printf(facts->arena, "Name=subnet-id,Values=%s",
				text_join(facts->arena, &full.resources, ","))));
	full.remedy_kind = REMEDY_LOOK;
	if (verdict == VERDICT_FAIL)
		return finding_conclude(facts, full, verdict, "a subnet has no free address left");
	if (verdict == VERDICT_UNKNOWN)
		return finding_conclude(facts, full, verdict,
			"AWS does not say how many addresses are free in each subnet");
	return finding_conclude(facts, full, verdict, "%zu of %zu subnets have fewer than %d free addresses",
		full.evidence.count, subnet_count(facts), RECOMMENDED_FREE);
}

/*
 * "The code for a Local Zone is its Region code followed by an identifier that indicates its physical location"
 * (us-west-2-lax-1a), and a Wavelength Zone's likewise, where an availability zone's is a letter (us-west-2a): AWS
 * Regions and Availability Zones. They hang on one availability zone, and have neither EFS nor MemoryDB.
 */
static bool is_availability_zone(const struct facts *facts, const char *zone)
{
	const char *region = facts->cloud->region ? facts->cloud->region : "";

	return !text_starts_with(zone, region) || zone[strlen(region)] != '-';
}

static struct finding check_subnets_zones(const struct facts *facts)
{
	struct text_list zones = {0};
	struct finding local = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		const char *zone = tree_text(subnet, "availabilityZone");

		if (!is_availability_zone(facts, zone))
			finding_evidence(facts, &local, "%s: %s is a Local or Wavelength Zone",
				tree_text(subnet, "subnetId"), zone);
		else
			text_list_add_once(facts->arena, &zones, zone);
	}
	return finding_conclude(facts, local, zones.count < LEAST_ZONES ? VERDICT_FAIL : VERDICT_PASS,
		"availability zones: %s; at least %d are required",
		zones.count > 0 ? text_join(facts->arena, &zones, ", ") : "none", LEAST_ZONES);
}

/* In a direct cloud every subnet is meant to be public; whether each really is, subnets.route says. */
static struct finding check_subnets_public_zones(const struct facts *facts)
{
	const json_t *subnets = subnets_of(facts);
	struct finding doubled = {0};

	TREE_EACH (subnet, subnets, "subnetSet") {
		const char *zone = tree_text(subnet, "availabilityZone");
		const json_t *first = tree_find(subnets, "subnetSet", "availabilityZone", zone);

		if (first == subnet)
			continue;
		finding_evidence(facts, &doubled, "%s: %s and %s", zone, tree_text(first, "subnetId"),
			tree_text(subnet, "subnetId"));
		finding_resource(facts, &doubled, tree_text(subnet, "subnetId"));
	}
	if (doubled.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "one public subnet in each zone");
	return finding_conclude(facts, doubled, VERDICT_FAIL,
		"two public subnets are in the same availability zone");
}

static struct finding check_subnets_public_ip(const struct facts *facts)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	struct finding wrong = {0};

	TREE_EACH (subnet, subnets_of(facts), "subnetSet") {
		if (tree_bool(subnet, "mapPublicIpOnLaunch") == direct)
			continue;
		finding_evidence(facts, &wrong, "%s: mapPublicIpOnLaunch = %s", tree_text(subnet, "subnetId"),
			direct ? "false" : "true");
		finding_resource(facts, &wrong, tree_text(subnet, "subnetId"));
	}
	if (wrong.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "instances get %s public address",
			direct ? "a" : "no");
	for (size_t i = 0; i < wrong.resources.count; i++)
		remedy_add(facts, &wrong,
			"ec2 modify-subnet-attribute --subnet-id %s --%smap-public-ip-on-launch",
			shell_word(facts->arena, wrong.resources.items[i]), direct ? "" : "no-");
	return finding_conclude(facts, wrong, VERDICT_WARN,
		"%zu of %zu subnets give instances %s public address", wrong.evidence.count,
		subnet_count(facts), direct ? "no" : "a");
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "subnets.exist", .severity = FAIL, .reads = FACTS(FACT_SUBNETS), .about = KINDS(KIND_VPC),
	 .decide = check_subnets_exist,
	 .holds = "every subnet exists",
	 .why = "instances are launched into them",
	 .remedy = AWS("ec2 describe-subnets --filters Name=vpc-id,Values={vpc}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "subnets-of-the-vpc", .reference = GUIDE "subnets"},
	{.id = "subnets.count", .severity = FAIL, .decide = check_subnets_count,
	 .holds = "at least two different subnets are recorded",
	 .why = "with a single subnet, one full or failing availability zone stops every cluster",
	 .remedy = "choose two or more subnets with --subnet-ids",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "two-subnets", .reference = GUIDE "subnets"},
	{.id = "subnets.vpc", .severity = FAIL, .reads = FACTS(FACT_SUBNETS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_vpc,
	 .holds = "every subnet is in the cloud's VPC",
	 .why = "instances in another VPC cannot use the cloud's security groups or reach its other instances",
	 .remedy = AWS("ec2 describe-subnets --filters Name=vpc-id,Values={vpc}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "subnets-of-the-vpc", .reference = GUIDE "subnets"},
	{.id = "subnets.cidr-size", .severity = FAIL, .reads = FACTS(FACT_SUBNETS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_cidr_size,
	 .holds = "each subnet is at least a /28; a /24 is recommended",
	 .why = "every instance takes an address of its subnet",
	 .remedy = AWS("ec2 create-subnet --vpc-id {vpc} --availability-zone <zone> --cidr-block <a /24 or larger>"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "subnet-size", .reference = GUIDE "subnets"},
	{.id = "subnets.free-addresses", .severity = FAIL, .reads = FACTS(FACT_SUBNETS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_free_addresses,
	 .holds = "each subnet has at least one free address; 16 are recommended",
	 .why = "an instance does not start in a subnet without a free address",
	 .remedy = AWS("ec2 describe-network-interfaces --filters Name=subnet-id,Values=<subnet>") "   # what uses them",
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "subnet-size", .reference = GUIDE "subnets"},
	{.id = "subnets.zones", .severity = FAIL, .reads = FACTS(FACT_SUBNETS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_zones,
	 .holds = "the subnets are in at least two availability zones",
	 .why = "when one zone runs out of an instance type, another often still has it",
	 .remedy = AWS("ec2 create-subnet --vpc-id {vpc} --availability-zone <another zone> --cidr-block <block>"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "availability-zones", .reference = GUIDE "anyscale-clouds-on-aws"},
	{.id = "subnets.public-zones", .severity = FAIL, .applies = &on_direct,
	 .reads = FACTS(FACT_SUBNETS), .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_public_zones,
	 .holds = "no two public subnets are in the same availability zone",
	 .why = "a load balancer takes one subnet per zone, and a file system one mount target per zone",
	 .remedy = "choose one subnet in each availability zone with --subnet-ids",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "one-public-subnet-in-a-zone", .reference = GUIDE "subnets"},
	{.id = "subnets.route", .severity = FAIL,
	 .reads = FACTS(FACT_SUBNETS, FACT_ROUTE_TABLES, FACT_NAT_GATEWAYS), .also = FACTS(FACT_VPC, FACT_PUBLIC_ACCESS_EXCLUSIONS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS),
	 .decide = check_subnets_route,
	 .holds = "direct: each subnet has a route to the internet through the VPC's internet gateway; private: each subnet has an active default route that is not an internet gateway, and a public NAT gateway on that route reaches the internet itself; VPC Block Public Access does not stop it",
	 .why = "without a default route, no instance reaches the control plane, images or packages; in a private cloud, a public route exposes what should be hidden",
	 .remedy = AWS("ec2 create-route --route-table-id <table> --destination-cidr-block 0.0.0.0/0 <--gateway-id igw-… or --nat-gateway-id nat-…>")
	     "   # or replace-route, if the table already has a default route",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "internet-egress", .reference = GUIDE "vpc"},
	{.id = "subnets.public-ip", .severity = WARN, .reads = FACTS(FACT_SUBNETS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .decide = check_subnets_public_ip,
	 .holds = "direct: instances get their own public address; private: they get none",
	 .why = "in a public subnet, an instance without a public address cannot reach the internet; in a private subnet, a public address is of no use",
	 .remedy = AWS("ec2 modify-subnet-attribute --subnet-id <subnet> <--map-public-ip-on-launch or --no-map-public-ip-on-launch>"),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "public-or-private-subnets", .reference = GUIDE "subnets"},
	{.id = "subnets.network-acl", .severity = FAIL,
	 .reads = FACTS(FACT_SUBNETS, FACT_NETWORK_ACLS), .also = FACTS(FACT_ROUTE_TABLES, FACT_NAT_GATEWAYS, FACT_VPC, FACT_SECURITY_GROUPS, FACT_PREFIX_LISTS),
	 .about = KINDS(KIND_VPC, KIND_SUBNETS), .part = "subnet", .decide = check_subnets_network_acl,
	 .holds = "the network ACL allows TCP 443 out, the replies in, and traffic between the cloud's subnets; so do the network ACLs of NAT gateways in other subnets; in a direct cloud users get in to TCP 443, and answers out to them",
	 .why = "network ACLs are stateless: traffic works only if both directions are allowed",
	 .remedy = AWS("ec2 describe-network-acls --filters Name=vpc-id,Values={vpc}")
	 "   # then aws ec2 create-network-acl-entry or delete-network-acl-entry",
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "network-acls", .reference = AWS_DOCS "vpc/latest/userguide/custom-network-acl.html"},
};
/* clang-format on */

const struct check_group subnets_group = {.id = "subnets", .name = "subnets", CHECKS(rows)};
