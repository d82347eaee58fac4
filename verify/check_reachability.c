/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the way out of and into the subnets: routes and network ACLs. Subnets of other VPCs are left alone here:
 * that they are elsewhere is subnets.vpc's finding. */
#include "verify/catalogue.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/cidr.h"
#include "providers/tree.h"
#include "verify/network_acl.h"
#include "verify/route.h"

enum { HTTPS = 443, LAST_PORT = 65535 };

static bool is_in_vpc(const struct facts *facts, const json_t *subnet)
{
	return text_equal(tree_text(subnet, "vpcId"), facts->cloud->resources.vpc_id);
}

/* What is wrong with a subnet's default route, in words; NULL when it is as it should be. */
static const char *route_fault(const struct facts *facts, const json_t *route)
{
	struct arena *arena = facts->arena;
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	const char *target = route_target(route);

	if (!route)
		return "no route to 0.0.0.0/0";
	if (!route_is_active(route))
		return arena_printf(arena, "0.0.0.0/0 leads to %s, which %s (blackhole)", target,
			route_is_internet_gateway(route) ? "is not attached to the VPC, or no longer exists"
							 : "no longer exists");
	if (!direct && route_is_internet_gateway(route))
		return arena_printf(arena, "0.0.0.0/0 leads to internet gateway %s: the subnet is public",
			target);
	if (!direct)
		return NULL;
	if (!route_is_internet_gateway(route))
		return arena_printf(arena,
			"0.0.0.0/0 leads to %s, not to an internet gateway: the subnet is not public",
			target);
	return NULL;
}

static void judge_route(const struct facts *facts, const json_t *subnet, struct finding *good,
	struct finding *bad)
{
	const char *id = tree_text(subnet, "subnetId");
	bool is_explicit;
	const json_t *table = route_table_of(facts_tree(facts, FACT_ROUTE_TABLES), id, &is_explicit);
	const json_t *route = route_default(table);
	const char *fault = table ? route_fault(facts, route) : "no route table governs it";
	const char *kind = is_explicit ? "" : " (main)";

	if (fault) {
		finding_evidence(facts, bad, "%s: %s%s: %s", id,
			table ? tree_text(table, "routeTableId") : "-", kind, fault);
		finding_resource(facts, bad, id);
	} else {
		finding_evidence(facts, good, "%s: %s%s: 0.0.0.0/0 leads to %s", id,
			tree_text(table, "routeTableId"), kind, route_target(route));
	}
}

struct finding check_subnets_route(const struct facts *facts)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	struct finding good = {0}, bad = {0}, finding;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet")
		if (is_in_vpc(facts, subnet))
			judge_route(facts, subnet, &good, &bad);
	if (bad.evidence.count == 0) {
		finding = finding_make(facts, VERDICT_PASS,
			direct ? "each leads to the internet through the VPC's gateway"
			       : "each has a way out that is not public");
		finding.evidence = good.evidence;
		return finding;
	}
	finding = finding_make(facts, VERDICT_FAIL, "%zu of %zu subnets have no %s way out",
		bad.evidence.count, bad.evidence.count + good.evidence.count, direct ? "public" : "private");
	finding.evidence = bad.evidence;
	finding.resources = bad.resources;
	return finding;
}

static const char *refuser_text(struct arena *arena, const json_t *refuser)
{
	if (!refuser)
		return "no rule allows it";
	return arena_printf(arena, "rule %s denies it", tree_text(refuser, "ruleNumber"));
}

/* The internet: a few denied blocks are somebody's intention, half of it is a broken network. */
static void judge_internet(const struct facts *facts, const char *subnet, const json_t *acl, bool egress,
	struct finding *bad)
{
	struct acl_question question = {
		.egress = egress,
		.from = egress ? HTTPS : EPHEMERAL_FIRST,
		.to = egress ? HTTPS : EPHEMERAL_LAST,
	};
	struct acl_answer answer = network_acl_ask(acl, &question);

	if (answer.addresses >= cidr_size(&question.block) / 2)
		return;
	finding_evidence(facts, bad, "%s: %s %s: %s", subnet, tree_text(acl, "networkAclId"),
		egress ? "does not let TCP 443 out to the internet"
		       : "does not let answers from the internet in (TCP 1024-65535)",
		refuser_text(facts->arena, answer.refuser));
	finding_resource(facts, bad, subnet);
}

/* Another subnet of the cloud: all of it must be reached on every port, and must reach this one. */
static void judge_neighbour(const struct facts *facts, const char *subnet, const json_t *acl,
	const json_t *neighbour, bool egress, struct finding *bad)
{
	struct acl_question question = {.egress = egress, .from = 0, .to = LAST_PORT};
	struct acl_answer answer;

	if (!cidr_parse(tree_text(neighbour, "cidrBlock"), &question.block, NULL) || question.block.v6)
		return;
	answer = network_acl_ask(acl, &question);
	if (answer.addresses >= cidr_size(&question.block))
		return;
	finding_evidence(facts, bad, "%s: %s does not let all TCP %s %s (%s): %s", subnet,
		tree_text(acl, "networkAclId"), egress ? "out to" : "in from",
		tree_text(neighbour, "subnetId"), tree_text(neighbour, "cidrBlock"),
		refuser_text(facts->arena, answer.refuser));
	finding_resource(facts, bad, subnet);
}

static void judge_acl(const struct facts *facts, const json_t *subnet, struct finding *bad)
{
	const json_t *subnets = facts_tree(facts, FACT_SUBNETS);
	const char *id = tree_text(subnet, "subnetId");
	const json_t *acl = network_acl_of(facts_tree(facts, FACT_NETWORK_ACLS), id);

	if (!acl) {
		finding_evidence(facts, bad, "%s: no network ACL is associated with it", id);
		finding_resource(facts, bad, id);
		return;
	}
	judge_internet(facts, id, acl, true, bad);
	judge_internet(facts, id, acl, false, bad);
	TREE_EACH (neighbour, subnets, "subnetSet") {
		if (neighbour == subnet || !is_in_vpc(facts, neighbour))
			continue;
		judge_neighbour(facts, id, acl, neighbour, true, bad);
		judge_neighbour(facts, id, acl, neighbour, false, bad);
	}
}

struct finding check_subnets_network_acl(const struct facts *facts)
{
	struct finding bad = {0}, finding;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet")
		if (is_in_vpc(facts, subnet))
			judge_acl(facts, subnet, &bad);
	if (bad.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS,
			"the network ACLs let the clusters' traffic through");
	finding = finding_make(facts, VERDICT_FAIL, "network ACLs block traffic that clusters need");
	finding.evidence = bad.evidence;
	finding.resources = bad.resources;
	return finding;
}
