/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the way out of and into the subnets: routes and network ACLs. Subnets of other VPCs are left alone here:
 * that they are elsewhere is subnets.vpc's finding. */
#include "verify/catalogue.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/cidr.h"
#include "providers/tree.h"
#include "verify/network_acl.h"
#include "verify/way_out.h"

enum { HTTPS = 443, LAST_PORT = 65535 };

static bool is_in_vpc(const struct facts *facts, const json_t *subnet)
{
	return text_equal(tree_text(subnet, "vpcId"), facts->cloud->resources.vpc_id);
}

/* What a way out is for this cloud; *text receives what to say about it. */
static enum verdict judge_way(const struct facts *facts, const struct way_out *out, const char **text)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;

	*text = out->text;
	if (out->way == WAY_OPEN)
		return VERDICT_WARN;
	if (direct && out->target && out->way != WAY_INTERNET)
		*text = arena_printf(facts->arena,
			"0.0.0.0/0 leads to %s, not to an internet gateway: the subnet is not public",
			out->target);
	else if (!direct && out->way == WAY_INTERNET)
		*text = arena_printf(facts->arena,
			"0.0.0.0/0 leads to internet gateway %s: the subnet is public", out->target);
	else
		return out->way == WAY_NONE ? VERDICT_FAIL : VERDICT_PASS;
	return VERDICT_FAIL;
}

static void judge_route(const struct facts *facts, const json_t *subnet, struct finding findings[VERDICTS])
{
	const char *id = tree_text(subnet, "subnetId"), *text;
	struct way_out out = way_out_of(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
		facts_tree(facts, FACT_NAT_GATEWAYS), id);
	struct finding *finding = &findings[judge_way(facts, &out, &text)];

	finding_evidence(facts, finding, "%s: %s%s: %s", id, out.table ? out.table : "-",
		!out.table || out.is_explicit ? "" : " (main)", text);
	finding_resource(facts, finding, id);
}

struct finding check_subnets_route(const struct facts *facts)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	struct finding by[VERDICTS] = {0}, finding, *worst;
	size_t subnets = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (!is_in_vpc(facts, subnet))
			continue;
		subnets++;
		judge_route(facts, subnet, by);
	}
	worst = by[VERDICT_FAIL].evidence.count ? &by[VERDICT_FAIL] : &by[VERDICT_WARN];
	if (worst->evidence.count == 0) {
		finding = finding_make(facts, VERDICT_PASS,
			direct ? "each leads to the internet through the VPC's gateway"
			       : "each has a way out that is not public");
		finding.evidence = by[VERDICT_PASS].evidence;
		return finding;
	}
	if (worst == &by[VERDICT_FAIL])
		finding = finding_make(facts, VERDICT_FAIL, "%zu of %zu subnets have no %s way out",
			worst->evidence.count, subnets, direct ? "public" : "private");
	else
		finding = finding_make(facts, VERDICT_WARN,
			"whether %zu of %zu subnets have a way out hangs on what a prefix list holds",
			worst->evidence.count, subnets);
	finding.evidence = worst->evidence;
	finding.resources = worst->resources;
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
