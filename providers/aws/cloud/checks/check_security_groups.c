/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the security groups that every instance of the cloud carries, all of them at once: their rules add up. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/cloud/quotas.h"

/* ALL_TRAFFIC: no port, see rules_reach(). */
enum { SSH = 22, LAST_PORT = 65535, ALL_TRAFFIC = -1 };

struct rules security_groups_rules(const struct facts *facts, enum direction direction)
{
	return security_group_rules(facts->arena, facts_tree(facts, FACT_SECURITY_GROUPS), direction);
}

bool rule_names_cloud(const struct facts *facts, const struct rule *rule)
{
	return rule->peer == PEER_GROUP &&
		text_list_has(&aws_cloud(facts->cloud)->resources.security_group_ids, rule->peer_name);
}

/* The rule as evidence. */
static void quote(const struct facts *facts, struct finding *finding, const struct rule *rule)
{
	finding_evidence(facts, finding, "%s", rule_text(facts->arena, rule));
}

/* And its group as what does not hold what must hold. */
static void cite(const struct facts *facts, struct finding *finding, const struct rule *rule)
{
	quote(facts, finding, rule);
	finding_resource(facts, finding, rule->group_id);
}

static struct finding check_security_groups_exist(const struct facts *facts)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.security_group_ids;
	struct text_list missing = {0};

	for (size_t i = 0; i < ids->count; i++)
		if (!tree_find(facts_tree(facts, FACT_SECURITY_GROUPS), "securityGroupInfo", "groupId",
			    ids->items[i]))
			text_list_add(facts->arena, &missing, ids->items[i]);
	if (ids->count == 0)
		return finding_make(facts, VERDICT_FAIL, "the record has no security group");
	if (missing.count > 0)
		return finding_conclude(facts, (struct finding){.resources = missing}, VERDICT_FAIL,
			"%zu of %zu security groups do not exist: %s", missing.count, ids->count,
			text_join(facts->arena, &missing, ", "));
	return finding_make(facts, VERDICT_PASS, "all %zu exist", ids->count);
}

/* Of a group of another VPC with the cloud's, so that interfaces there can have it; "" when there is none. */
static const char *association_state(const struct facts *facts, const char *group_id)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;

	TREE_EACH (association, facts_tree(facts, FACT_GROUP_ASSOCIATIONS), "securityGroupVpcAssociationSet")
		if (text_equal(tree_text(association, "groupId"), group_id) &&
			text_equal(tree_text(association, "vpcId"), vpc_id))
			return tree_text(association, "state");
	return "";
}

static struct finding check_security_groups_vpc(const struct facts *facts)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;
	struct finding strangers = {0};

	TREE_EACH (group, facts_tree(facts, FACT_SECURITY_GROUPS), "securityGroupInfo") {
		const char *id = tree_text(group, "groupId");

		const char *state;

		if (text_equal(tree_text(group, "vpcId"), vpc_id))
			continue;
		if (facts_lost(facts, FACT_GROUP_ASSOCIATIONS))
			return finding_lost(facts, FACT_GROUP_ASSOCIATIONS);
		state = association_state(facts, id);
		if (text_equal(state, "associated"))
			continue;
		finding_evidence(facts, &strangers, "%s is in %s%s%s", id, tree_text(group, "vpcId"),
			*state ? ", and its association with the cloud's VPC is " : "", state);
		finding_resource(facts, &strangers, id);
	}
	if (strangers.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "all are in %s, or associated with it", vpc_id);
	return finding_conclude(facts, strangers, VERDICT_FAIL, "%zu security groups are not in %s",
		strangers.evidence.count, vpc_id);
}

/* TCP 443 is required and TCP 22 has a check of its own; ICMP opens no port. */
static bool opens_more(const struct rules *rules, const struct rule *rule)
{
	bool one_port = rule_lets_tcp(rule, rule->from) && rule->from == rule->to;

	if (!rule_is_open(rules, rule) || text_starts_with(rule->protocol, "icmp") ||
		text_equal(rule->protocol, "1") || text_equal(rule->protocol, "58"))
		return false;
	return !(one_port && (rule->from == PORT_HTTPS || rule->from == SSH));
}

/* Every instance carries all of them on one network interface. */
static struct finding check_security_groups_count(const struct facts *facts)
{
	struct text_list ids = text_list_distinct(facts->arena,
		&aws_cloud(facts->cloud)->resources.security_group_ids);
	double limit = GROUPS_BY_DEFAULT;

	if (ids.count <= GROUPS_BY_DEFAULT)
		return finding_make(facts, VERDICT_PASS, "%zu; every account may give an interface %d",
			ids.count, GROUPS_BY_DEFAULT);
	if (ids.count > GROUPS_AT_MOST)
		return finding_make(facts, VERDICT_FAIL,
			"%zu security groups are more than a network interface can have: AWS allows at most %d",
			ids.count, GROUPS_AT_MOST);
	if (facts_lost(facts, FACT_GROUP_QUOTA))
		return finding_lost(facts, FACT_GROUP_QUOTA);
	tree_real(facts_tree(facts, FACT_GROUP_QUOTA), "Quota.Value", &limit);
	if ((double)ids.count > limit)
		return finding_make(facts, VERDICT_WARN,
			"%zu security groups are more than the account's quota for a network interface, %.0f: instances do not start",
			ids.count, limit);
	return finding_make(facts, VERDICT_PASS, "%zu; the account may give an interface %.0f", ids.count,
		limit);
}

static struct finding check_security_groups_ssh(const struct facts *facts)
{
	struct rules rules = security_groups_rules(facts, DIRECTION_IN);
	struct finding open = {0}, limited = {0};
	bool wide = false;

	for (size_t i = 0; i < rules.count; i++) {
		if (!rule_lets_tcp(&rules.items[i], SSH) || rule_names_cloud(facts, &rules.items[i]))
			continue;
		cite(facts, rule_is_open(&rules, &rules.items[i]) ? &open : &limited, &rules.items[i]);
		if (rule_is_open(&rules, &rules.items[i]))
			remedy_revoke(facts, &open, &rules.items[i]);
		wide = wide || opens_more(&rules, &rules.items[i]);
	}
	/* A rule is narrowed once: by the check that minds its other ports. */
	if (wide)
		remedy_say(facts, &open,
			"follow security-groups.open-ports: its rules open TCP 22 too, and what has to stay is let in first");
	if (open.evidence.count > 0)
		return finding_conclude(facts, open, VERDICT_WARN, "SSH is open to the internet");
	if (limited.evidence.count > 0)
		return finding_conclude(facts, limited, VERDICT_PASS,
			"SSH is allowed in from limited sources");
	return finding_make(facts, VERDICT_PASS,
		"SSH is not allowed in: VS Code Desktop cannot connect to workspaces; everything else works");
}

/* Every port of a protocol, and to or from members of the rule's own group. */
static bool is_whole_within(const struct rule *rule, const char *protocol, const char *number)
{
	return rule_is_protocol(rule, protocol, number) && rule->from == 0 && rule->to == LAST_PORT &&
		text_equal(rule->group_id, rule->peer_name);
}

/* TCP and UDP from or to the same group, each by a rule of its own: all that Ray speaks, but not what EFA speaks. */
static bool has_both_protocols(const struct facts *facts, const struct rules *rules, struct finding *both)
{
	bool tcp = false, udp = false;

	for (size_t i = 0; i < rules->count; i++) {
		bool is_tcp = is_whole_within(&rules->items[i], "tcp", "6");
		bool is_udp = is_whole_within(&rules->items[i], "udp", "17");

		tcp = tcp || is_tcp;
		udp = udp || is_udp;
		if (is_tcp || is_udp)
			cite(facts, both, &rules->items[i]);
	}
	return tcp && udp;
}

/* All traffic from or to every one of the cloud's subnets, by address blocks. Needs SUBNETS. */
static bool has_all_blocks(const struct facts *facts, const struct rules *rules, struct finding *blocks)
{
	const json_t *subnets = facts_tree(facts, FACT_SUBNETS);
	bool all = tree_count(tree_get(subnets, "subnetSet")) > 0;

	TREE_EACH (subnet, subnets, "subnetSet") {
		struct cidr block;

		if (!cidr_parse(tree_text(subnet, "cidrBlock"), &block, NULL) ||
			rules_reach(facts->arena, rules, &block, ALL_TRAFFIC) < cidr_size(&block))
			all = false;
		else
			cite(facts, blocks, rules_reaching(rules, &block, ALL_TRAFFIC));
	}
	return all;
}

static bool names_blocks(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].peer == PEER_BLOCK && rule_is_all_traffic(&rules->items[i]))
			return true;
	return false;
}

/* No rule allows all traffic by the name of a group: what is allowed in its place. */
static struct finding judge_substitutes(const struct facts *facts, const struct rules *rules, const char *way,
	enum verdict otherwise)
{
	struct finding both = {0}, blocks = {0};

	if (has_both_protocols(facts, rules, &both))
		return finding_conclude(facts, both, VERDICT_WARN,
			"TCP and UDP %s the same group are allowed, but not all traffic: Ray works, Elastic Fabric Adapters do not",
			way);
	if (has_all_blocks(facts, rules, &blocks))
		return finding_conclude(facts, blocks, VERDICT_WARN,
			"all traffic %s the cloud's subnets is allowed by address, not %s the same group by name: Ray works, Elastic Fabric Adapters do not",
			way, way);
	if (facts_lost(facts, FACT_SUBNETS) && names_blocks(rules))
		return finding_lost(facts, FACT_SUBNETS);
	return finding_make(facts, otherwise, "no rule allows all traffic %s the same group", way);
}

/* All traffic between members of the cloud's groups, by rules of one direction. otherwise: the verdict when missing. */
static struct finding judge_self(const struct facts *facts, enum direction direction, enum verdict otherwise)
{
	const char *way = direction == DIRECTION_IN ? "from" : "to";
	struct rules rules = security_groups_rules(facts, direction);
	struct finding same = {0}, across = {0};

	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];

		if (!rule_is_all_traffic(rule) || !rule_names_cloud(facts, rule))
			continue;
		quote(facts, text_equal(rule->group_id, rule->peer_name) ? &same : &across, rule);
	}
	if (same.evidence.count > 0)
		return finding_conclude(facts, same, VERDICT_PASS, "all traffic %s the same group is allowed",
			way);
	if (across.evidence.count > 0)
		return finding_conclude(facts, across, VERDICT_WARN,
			"all traffic is allowed only %s another group of the cloud; this works only while every instance has both groups",
			way);
	return judge_substitutes(facts, &rules, way, otherwise);
}

static struct finding check_security_groups_self_in(const struct facts *facts)
{
	return judge_self(facts, DIRECTION_IN, VERDICT_FAIL);
}

static struct finding check_security_groups_self_out(const struct facts *facts)
{
	return judge_self(facts, DIRECTION_OUT, VERDICT_WARN);
}

/* Where blocks let all traffic or HTTPS out to, and prefix lists, of which it is not known what they hold. */
struct egress {
	uint64_t all, https;
	struct finding all_rules, https_rules, lists;
};

static struct egress read_egress(const struct facts *facts, const struct rules *rules,
	const struct cidr *world)
{
	struct egress egress = {
		.all = rules_reach(facts->arena, rules, world, ALL_TRAFFIC),
		.https = rules_reach(facts->arena, rules, world, PORT_HTTPS),
	};

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (rule->peer == PEER_PREFIX_LIST && rule_lets_tcp(rule, PORT_HTTPS))
			quote(facts, &egress.lists, rule);
		if (rule->peer != PEER_BLOCK || rule->block.v6)
			continue;
		if (rule_is_all_traffic(rule))
			quote(facts, &egress.all_rules, rule);
		if (rule_lets_tcp(rule, PORT_HTTPS))
			quote(facts, &egress.https_rules, rule);
	}
	return egress;
}

/* Half of the internet and more is most of it: a few blocks left out are somebody's intention. */
static struct finding check_security_groups_egress(const struct facts *facts)
{
	const struct cidr world = {0};
	struct rules named = security_groups_rules(facts, DIRECTION_OUT);
	struct rules rules = security_group_rules_resolved(facts->arena, &named,
		facts_tree(facts, FACT_PREFIX_LISTS));
	struct egress egress = read_egress(facts, &rules, &world);

	if (egress.all == cidr_size(&world))
		return finding_conclude(facts, egress.all_rules, VERDICT_PASS, "all traffic out is allowed");
	if (egress.all >= cidr_size(&world) / 2)
		return finding_conclude(facts, egress.all_rules, VERDICT_WARN,
			"all traffic is allowed out, but not to all of 0.0.0.0/0");
	if (egress.https >= cidr_size(&world) / 2)
		return finding_conclude(facts, egress.https_rules, VERDICT_WARN,
			"TCP 443 is allowed out, but not all traffic");
	if (egress.lists.evidence.count > 0 && facts_lost(facts, FACT_PREFIX_LISTS))
		return finding_lost(facts, FACT_PREFIX_LISTS);
	if (egress.lists.evidence.count > 0)
		return finding_conclude(facts, egress.lists, VERDICT_WARN,
			"whether TCP 443 is allowed out to the internet depends on a prefix list, whose contents were not read");
	return finding_conclude(facts, egress.https_rules, VERDICT_FAIL,
		"not even TCP 443 is allowed out to 0.0.0.0/0");
}

static struct finding check_security_groups_open_ports(const struct facts *facts)
{
	struct rules rules = security_groups_rules(facts, DIRECTION_IN);
	struct finding open = {0};
	struct text_list kept = {0};

	for (size_t i = 0; i < rules.count; i++) {
		if (!opens_more(&rules, &rules.items[i]))
			continue;
		cite(facts, &open, &rules.items[i]);
		remedy_narrow(facts, &open, &rules, &rules.items[i], &kept);
	}
	if (open.evidence.count == 0)
		return finding_make(facts, VERDICT_PASS, "only TCP 443 and 22 are open to the internet");
	return finding_conclude(facts, open, VERDICT_WARN,
		"%zu rules open more than TCP 443 and 22 to the internet", open.evidence.count);
}

#define INGRESS AWS("ec2 authorize-security-group-ingress --group-id {group}")
#define EGRESS AWS("ec2 authorize-security-group-egress --group-id {group}")

/* clang-format off */
static const struct check rows[] = {
	{.id = "security-groups.exist", .severity = FAIL,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .about = KINDS(KIND_VPC), .decide = check_security_groups_exist,
	 .holds = "every security group exists",
	 .why = "instances are launched with them",
	 .remedy = AWS("ec2 describe-security-groups --filters Name=vpc-id,Values={vpc}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "security-groups-of-the-vpc", .reference = GUIDE "security-group"},
	{.id = "security-groups.count", .severity = FAIL, .also = FACTS(FACT_GROUP_QUOTA), .decide = check_security_groups_count,
	 .holds = "a network interface can have all of the security groups",
	 .why = "instances are launched with all of them on one interface",
	 .remedy = QUOTA_INCREASE("vpc", QUOTA_GROUPS_OF_AN_INTERFACE, "16") "   # or cloudctl register with fewer --security-group-ids",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "number-of-security-groups", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "security-groups.vpc", .severity = FAIL, .reads = FACTS(FACT_SECURITY_GROUPS),
	 .also = FACTS(FACT_GROUP_ASSOCIATIONS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS), .decide = check_security_groups_vpc,
	 .holds = "every security group belongs to the cloud's VPC, or is associated with it",
	 .why = "an instance cannot use a security group of another VPC that is not associated with its own",
	 .remedy = AWS("ec2 describe-security-groups --filters Name=vpc-id,Values={vpc}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "security-groups-of-the-vpc", .reference = GUIDE "security-group"},
	{.id = "security-groups.https", .severity = FAIL,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .also = FACTS(FACT_VPC, FACT_PREFIX_LISTS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS),
	 .decide = check_security_groups_https,
	 .holds = "TCP 443 is allowed in from somewhere outside the cloud",
	 .why = "the control plane submits jobs and opens dashboards and workspaces through it",
	 .remedy = INGRESS " --protocol tcp --port 443 --cidr <your network, or 0.0.0.0/0>",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "https-from-users", .reference = GUIDE "security-group"},
	{.id = "security-groups.ssh", .severity = WARN, .reads = FACTS(FACT_SECURITY_GROUPS),
	 .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS), .decide = check_security_groups_ssh,
	 .holds = "SSH, if it is allowed in, is not open to the internet",
	 .why = "an open port 22 is attacked within minutes; only VS Code Desktop needs it",
	 .remedy = "take away the rules that let TCP 22 in from everywhere, or limit them to your network",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "ssh-from-users", .reference = GUIDE "security-group"},
	{.id = "security-groups.self-in", .severity = FAIL,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .also = FACTS(FACT_SUBNETS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS),
	 .decide = check_security_groups_self_in,
	 .holds = "all traffic is allowed in from the same group",
	 .why = "the nodes of a cluster talk to each other, and to EFS, on many ports",
	 .remedy = INGRESS " --protocol -1 --source-group {group}",
	 .requirement = REQUIREMENTS "traffic-into-the-clouds-own-group", .reference = GUIDE "security-group"},
	{.id = "security-groups.self-out", .severity = WARN,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .also = FACTS(FACT_SUBNETS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS),
	 .decide = check_security_groups_self_out,
	 .holds = "all traffic is allowed out to the same group by name",
	 .why = "Elastic Fabric Adapters require it; a rule for all addresses is not enough for them",
	 .remedy = EGRESS " --protocol -1 --source-group {group}",
	 .requirement = REQUIREMENTS "traffic-out-to-the-clouds-own-group", .reference = GUIDE "security-group"},
	{.id = "security-groups.egress", .severity = FAIL,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .also = FACTS(FACT_PREFIX_LISTS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS),
	 .decide = check_security_groups_egress,
	 .holds = "all traffic is allowed out to 0.0.0.0/0; TCP 443 is the minimum",
	 .why = "nodes report to the control plane and download images and packages; with TCP 443 alone, time servers, git over SSH and package mirrors fail",
	 .remedy = EGRESS " --protocol -1 --cidr 0.0.0.0/0",
	 .requirement = REQUIREMENTS "traffic-out-to-the-internet", .reference = GUIDE "security-group"},
	{.id = "security-groups.open-ports", .severity = WARN,
	 .reads = FACTS(FACT_SECURITY_GROUPS), .about = KINDS(KIND_VPC, KIND_SECURITY_GROUPS), .decide = check_security_groups_open_ports,
	 .holds = "only TCP 443 and 22 are open to the internet",
	 .why = "Ray's own ports have no password",
	 .remedy = "take away the rules above, or limit them to your network",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "nothing-else-from-the-internet", .reference = GUIDE "security-group"},
};
/* clang-format on */

const struct check_group security_groups_group = {.id = "security groups",
	.name = "security groups",
	CHECKS(rows)};
