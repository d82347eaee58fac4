/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the security groups that every instance of the cloud carries, all of them at once: their rules add up. */
#include "verify/catalogue.h"

#include "providers/tree.h"
#include "verify/security_group.h"

enum { HTTPS = 443, SSH = 22 };

static struct rules cloud_rules(const struct facts *facts, enum direction direction)
{
	return security_group_rules(facts->arena, facts_tree(facts, FACT_SECURITY_GROUPS), direction);
}

static bool is_own_group(const struct facts *facts, const struct rule *rule)
{
	return rule->peer == PEER_GROUP &&
		text_list_has(&facts->cloud->resources.security_group_ids, rule->peer_name);
}

static void cite(const struct facts *facts, struct finding *finding, const struct rule *rule)
{
	finding_evidence(facts, finding, "%s", rule_text(facts->arena, rule));
	finding_resource(facts, finding, rule->group_id);
}

struct finding check_security_groups_exist(const struct facts *facts)
{
	const struct text_list *ids = &facts->cloud->resources.security_group_ids;
	struct text_list missing = {0};

	for (size_t i = 0; i < ids->count; i++)
		if (!tree_find(facts_tree(facts, FACT_SECURITY_GROUPS), "securityGroupInfo", "groupId",
			    ids->items[i]))
			text_list_add(facts->arena, &missing, ids->items[i]);
	if (ids->count == 0)
		return finding_make(facts, VERDICT_FAIL, "the record names no security group");
	if (missing.count > 0) {
		struct finding finding = finding_make(facts, VERDICT_FAIL,
			"%zu of %zu security groups do not exist: %s", missing.count, ids->count,
			text_join(facts->arena, &missing, ", "));

		finding.resources = missing;
		return finding;
	}
	return finding_make(facts, VERDICT_PASS, "all %zu exist", ids->count);
}

struct finding check_security_groups_vpc(const struct facts *facts)
{
	const char *vpc_id = facts->cloud->resources.vpc_id;
	struct finding strangers = {0}, finding;

	TREE_EACH (group, facts_tree(facts, FACT_SECURITY_GROUPS), "securityGroupInfo") {
		const char *id = tree_text(group, "groupId");

		if (text_equal(tree_text(group, "vpcId"), vpc_id))
			continue;
		finding_evidence(facts, &strangers, "%s is in %s", id, tree_text(group, "vpcId"));
		finding_resource(facts, &strangers, id);
	}
	if (strangers.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "all are in %s", vpc_id);
	finding = finding_make(facts, VERDICT_FAIL, "%zu security groups are not in %s",
		strangers.evidence.count, vpc_id);
	finding.evidence = strangers.evidence;
	finding.resources = strangers.resources;
	return finding;
}

/* From the cloud's own groups is traffic inside the cluster; users come from elsewhere. */
struct finding check_security_groups_https(const struct facts *facts)
{
	struct rules rules = cloud_rules(facts, DIRECTION_IN);
	struct finding ways = {0}, finding;

	for (size_t i = 0; i < rules.count; i++)
		if (rule_lets_tcp(&rules.items[i], HTTPS) && !is_own_group(facts, &rules.items[i]))
			cite(facts, &ways, &rules.items[i]);
	if (ways.evidence.count == 0)
		return finding_make(facts, VERDICT_FAIL,
			"no rule lets TCP 443 in from outside the cloud's own groups");
	finding = finding_make(facts, VERDICT_PASS, "TCP 443 is let in");
	finding.evidence = ways.evidence;
	return finding;
}

struct finding check_security_groups_ssh(const struct facts *facts)
{
	struct rules rules = cloud_rules(facts, DIRECTION_IN);
	struct finding open = {0}, limited = {0}, finding;

	for (size_t i = 0; i < rules.count; i++) {
		if (!rule_lets_tcp(&rules.items[i], SSH) || is_own_group(facts, &rules.items[i]))
			continue;
		cite(facts, rule_is_open(&rules.items[i]) ? &open : &limited, &rules.items[i]);
	}
	if (open.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_WARN, "SSH is open to the world");
		finding.evidence = open.evidence;
		finding.resources = open.resources;
	} else if (limited.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_PASS, "SSH is let in from limited sources");
		finding.evidence = limited.evidence;
	} else {
		finding = finding_make(facts, VERDICT_PASS,
			"SSH is not let in: VS Code Desktop cannot connect to workspaces, all else works");
	}
	return finding;
}

/* All traffic between members of the cloud's groups, by rules of one direction. otherwise: the verdict when missing. */
static struct finding judge_self(const struct facts *facts, enum direction direction, enum verdict otherwise)
{
	const char *way = direction == DIRECTION_IN ? "from" : "to";
	struct rules rules = cloud_rules(facts, direction);
	struct finding same = {0}, across = {0}, finding;

	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];

		if (!rule_is_all_traffic(rule) || !is_own_group(facts, rule))
			continue;
		cite(facts, text_equal(rule->group_id, rule->peer_name) ? &same : &across, rule);
	}
	if (same.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_PASS, "all traffic %s the same group is allowed", way);
		finding.evidence = same.evidence;
	} else if (across.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_WARN,
			"all traffic is allowed %s another group of the cloud only: "
			"it flows while every instance carries both groups",
			way);
		finding.evidence = across.evidence;
	} else {
		finding = finding_make(facts, otherwise, "no rule allows all traffic %s the same group", way);
	}
	return finding;
}

struct finding check_security_groups_self_in(const struct facts *facts)
{
	return judge_self(facts, DIRECTION_IN, VERDICT_FAIL);
}

struct finding check_security_groups_self_out(const struct facts *facts)
{
	return judge_self(facts, DIRECTION_OUT, VERDICT_WARN);
}

struct finding check_security_groups_egress(const struct facts *facts)
{
	struct rules rules = cloud_rules(facts, DIRECTION_OUT);
	struct finding all = {0}, https = {0}, finding;

	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];

		if (rule->peer != PEER_BLOCK || rule->block.v6 || !cidr_is_everything(&rule->block))
			continue;
		if (rule_is_all_traffic(rule))
			cite(facts, &all, rule);
		else if (rule_lets_tcp(rule, HTTPS))
			cite(facts, &https, rule);
	}
	if (all.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_PASS, "all traffic out is allowed");
		finding.evidence = all.evidence;
	} else if (https.evidence.count > 0) {
		finding = finding_make(facts, VERDICT_WARN, "TCP 443 may leave, but not all traffic");
		finding.evidence = https.evidence;
	} else {
		finding = finding_make(facts, VERDICT_FAIL, "not even TCP 443 may leave to 0.0.0.0/0");
	}
	return finding;
}

/* TCP 443 is required and TCP 22 has a check of its own; ICMP opens no port. */
static bool opens_more(const struct rule *rule)
{
	bool one_port = rule_lets_tcp(rule, rule->from) && rule->from == rule->to;

	if (!rule_is_open(rule) || text_starts_with(rule->protocol, "icmp") ||
		text_equal(rule->protocol, "1") || text_equal(rule->protocol, "58"))
		return false;
	return !(one_port && (rule->from == HTTPS || rule->from == SSH));
}

struct finding check_security_groups_open_ports(const struct facts *facts)
{
	struct rules rules = cloud_rules(facts, DIRECTION_IN);
	struct finding open = {0}, finding;

	for (size_t i = 0; i < rules.count; i++)
		if (opens_more(&rules.items[i]))
			cite(facts, &open, &rules.items[i]);
	if (open.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "nothing but 443 and 22 is open to the world");
	finding = finding_make(facts, VERDICT_WARN, "%zu rules open more than 443 and 22 to the world",
		open.evidence.count);
	finding.evidence = open.evidence;
	finding.resources = open.resources;
	return finding;
}
