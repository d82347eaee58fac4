/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the VPC itself. */
#include "verify/catalogue.h"

#include <inttypes.h>

#include "base/cidr.h"
#include "providers/tree.h"
#include "verify/route.h"

/* Addresses of a /24 and of a /20. */
enum { LEAST_ADDRESSES = 256, ENOUGH_ADDRESSES = 4096 };

struct finding check_vpc_exists(const struct facts *facts)
{
	const char *vpc_id = facts->cloud->resources.vpc_id;
	const char *state = tree_text(facts_tree(facts, FACT_VPC), "vpcSet.0.state");

	if (!vpc_id)
		return finding_make(facts, VERDICT_FAIL, "the record names no VPC");
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

struct finding check_vpc_cidr_size(const struct facts *facts)
{
	const json_t *vpc = tree_get(facts_tree(facts, FACT_VPC), "vpcSet.0");
	struct finding evidence = {0}, finding;
	uint64_t addresses = 0;
	enum verdict verdict;

	TREE_EACH (association, vpc, "cidrBlockAssociationSet")
		if (text_equal(tree_text(association, "cidrBlockState.state"), "associated"))
			add_block(facts, &evidence, tree_text(association, "cidrBlock"), &addresses);
	if (tree_count(tree_get(vpc, "cidrBlockAssociationSet")) == 0)
		add_block(facts, &evidence, tree_text(vpc, "cidrBlock"), &addresses);
	verdict = addresses < LEAST_ADDRESSES  ? VERDICT_FAIL
		: addresses < ENOUGH_ADDRESSES ? VERDICT_WARN
					       : VERDICT_PASS;
	finding = finding_make(facts, verdict, "%" PRIu64 " IPv4 addresses; %s %d%s", addresses,
		verdict == VERDICT_FAIL ? "at least" : "recommended are",
		verdict == VERDICT_FAIL ? LEAST_ADDRESSES : ENOUGH_ADDRESSES,
		verdict == VERDICT_FAIL ? " are required" : " or more");
	finding.evidence = evidence.evidence;
	return finding;
}

struct finding check_vpc_dns(const struct facts *facts)
{
	bool support = tree_bool(facts_tree(facts, FACT_VPC_DNS_SUPPORT), "enableDnsSupport.value");
	bool names = tree_bool(facts_tree(facts, FACT_VPC_DNS_HOSTNAMES), "enableDnsHostnames.value");
	struct finding finding;

	if (!support)
		finding = finding_make(facts, VERDICT_FAIL,
			"DNS resolution is off: instances resolve no names");
	else if (!names)
		finding = finding_make(facts, VERDICT_WARN, "DNS host names are off");
	else
		finding = finding_make(facts, VERDICT_PASS, "DNS resolution and host names are on");
	finding_evidence(facts, &finding, "enableDnsSupport = %s", support ? "true" : "false");
	finding_evidence(facts, &finding, "enableDnsHostnames = %s", names ? "true" : "false");
	return finding;
}

bool is_in_cloud_vpc(const struct facts *facts, const json_t *subnet)
{
	return text_equal(tree_text(subnet, "vpcId"), facts->cloud->resources.vpc_id);
}

static bool is_s3_gateway(const json_t *endpoint)
{
	return text_equal_nocase(tree_text(endpoint, "vpcEndpointType"), "Gateway") &&
		text_ends_with(tree_text(endpoint, "serviceName"), ".s3") &&
		text_equal_nocase(tree_text(endpoint, "state"), "available");
}

/* The gateway endpoint for S3 that is on a route table, or NULL. */
static const json_t *endpoint_on(const json_t *endpoints, const char *route_table_id)
{
	TREE_EACH (endpoint, endpoints, "vpcEndpointSet") {
		if (!is_s3_gateway(endpoint))
			continue;
		TREE_EACH (id, endpoint, "routeTableIdSet")
			if (text_equal(tree_text(id, NULL), route_table_id))
				return endpoint;
	}
	return NULL;
}

struct finding check_vpc_s3_endpoint(const struct facts *facts)
{
	const json_t *endpoints = facts_tree(facts, FACT_VPC_ENDPOINTS);
	struct finding missing = {0}, present = {0}, finding;
	size_t subnets = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		const char *id = tree_text(subnet, "subnetId");
		const json_t *table, *endpoint;

		if (!is_in_cloud_vpc(facts, subnet))
			continue;
		subnets++;
		table = route_table_of(facts_tree(facts, FACT_ROUTE_TABLES), id, NULL);
		endpoint = endpoint_on(endpoints, tree_text(table, "routeTableId"));
		if (endpoint) {
			finding_evidence(facts, &present, "%s: %s on %s", id,
				tree_text(endpoint, "vpcEndpointId"), tree_text(table, "routeTableId"));
			continue;
		}
		finding_evidence(facts, &missing, "%s: no S3 gateway endpoint on route table %s", id,
			table ? tree_text(table, "routeTableId") : "(none)");
		finding_resource(facts, &missing, id);
	}
	if (subnets == 0)
		return finding_make(facts, VERDICT_SKIP, "needs subnets in %s",
			facts->cloud->resources.vpc_id);
	if (missing.evidence.count == 0) {
		finding = finding_make(facts, VERDICT_PASS, "S3 is reached through a gateway endpoint");
		finding.evidence = present.evidence;
		return finding;
	}
	finding = finding_make(facts, VERDICT_WARN, "%zu of %zu subnets reach S3 without a gateway endpoint",
		missing.evidence.count, subnets);
	finding.evidence = missing.evidence;
	finding.resources = missing.resources;
	return finding;
}
