/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check of network ACLs: of the cloud's subnets, and of the subnets of the NAT gateways behind them; in a direct
 * cloud also what they do to users, who come from outside to TCP 443. And what ACLs do to NFS, which efs.security-group
 * speaks of. Subnets of other VPCs are left alone here: that they are elsewhere is subnets.vpc's finding.
 */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/network/network_acl.h"

enum { HTTPS = 443, NFS = 2049, LAST_PORT = 65535 };

/* Ports refused to a NAT gateway of the 64,512 it may use: beyond this many, connections fail too often to live with. */
enum { FEW_PORTS = 64 };

/*
 * What every system takes ports from when it connects: IANA's dynamic ports (RFC 6335, section 6), as far as Linux uses
 * them. A router in between may take any above 1023.
 */
enum { DYNAMIC_FIRST = 49152, DYNAMIC_LAST = LINUX_EPHEMERAL_LAST };

struct ports {
	int first, last;
};

static const struct ports https = {HTTPS, HTTPS}, nfs = {NFS, NFS}, all_ports = {0, LAST_PORT},
			  answers = {LINUX_EPHEMERAL_FIRST, LINUX_EPHEMERAL_LAST},
			  dynamic = {DYNAMIC_FIRST, DYNAMIC_LAST},
			  any_client = {NAT_EPHEMERAL_FIRST, NAT_EPHEMERAL_LAST};

/*
 * What nodes use among themselves (Ray documentation, "Configuring Ray: Ports configurations"): HTTPS, NFS, the global
 * control store and MemoryDB, Serve, the dashboard, clients and workers, and what Linux gives to those that ask for none.
 */
static const struct ports between_nodes[] = {
	{HTTPS, HTTPS},
	{NFS, NFS},
	{6379, 6379},
	{8000, 8000},
	{8265, 8265},
	{10001, 19999},
	{LINUX_EPHEMERAL_FIRST, LINUX_EPHEMERAL_LAST},
};

/* One subnet whose ACL is asked, and what is said of it. */
struct asked_acl {
	const struct facts *facts;
	const char *subnet_id;
	const json_t *acl;
	bool has_ipv6;       /* the subnet; only users are asked about */
	struct finding *bad; /* by verdict */
};

static const char *ports_text(struct arena *arena, struct ports ports)
{
	if (ports.first == ports.last)
		return arena_printf(arena, "TCP %d", ports.first);
	return arena_printf(arena, "TCP %d-%d", ports.first, ports.last);
}

/* The same sentence about the same subnet, met on the way from several, is said once. */
static void report(const struct asked_acl *asked, enum verdict verdict, struct ports ports, const char *peer,
	const json_t *refuser)
{
	struct arena *arena = asked->facts->arena;
	struct finding *bad = &asked->bad[verdict];

	text_list_add_once(arena, &bad->evidence,
		arena_printf(arena, "%s: %s does not allow %s %s: %s", asked->subnet_id,
			tree_text(asked->acl, "networkAclId"), ports_text(arena, ports), peer,
			refuser ? arena_printf(arena, "rule %s denies it", tree_text(refuser, "ruleNumber"))
				: "no rule allows it"));
	finding_resource(asked->facts, bad, asked->subnet_id);
}

/* What an ACL refuses between its subnet and another of the cloud: the first ports of what nodes use, or any (WARN). */
struct refusal {
	enum verdict verdict; /* VERDICT_PASS: nothing */
	struct ports ports;
	const json_t *refuser;
};

static bool is_refused(const struct asked_acl *asked, bool egress, struct ports ports,
	const struct cidr *block, struct refusal *refusal)
{
	struct acl_question question = {.egress = egress,
		.from = ports.first,
		.to = ports.last,
		.block = *block};
	struct acl_answer answer = network_acl_ask(asked->acl, &question);

	refusal->ports = ports;
	refusal->refuser = answer.refuser;
	return answer.addresses < cidr_size(block);
}

/* All of the block must pass on all of the ports. */
static void judge_block(const struct asked_acl *asked, bool egress, struct ports ports,
	const struct cidr *block, const char *peer)
{
	struct refusal refusal;

	if (is_refused(asked, egress, ports, block, &refusal))
		report(asked, VERDICT_FAIL, ports, peer, refusal.refuser);
}

/* The internet: a few denied blocks are somebody's intention, half of it is a broken network. */
static void judge_internet(const struct asked_acl *asked, bool egress, struct ports ports, const char *peer)
{
	struct acl_question question = {.egress = egress, .from = ports.first, .to = ports.last};
	struct acl_answer answer = network_acl_ask(asked->acl, &question);

	if (answer.addresses < cidr_size(&question.block) / 2)
		report(asked, VERDICT_FAIL, ports, peer, answer.refuser);
}

/* A NAT gateway speaks from any port above 1023. */
static void judge_nat_internet(const struct asked_acl *asked)
{
	struct acl_question in = {.from = NAT_EPHEMERAL_FIRST, .to = NAT_EPHEMERAL_LAST};

	judge_internet(asked, true, https, "out to the internet from its NAT gateway");
	if (network_acl_refused_ports(asked->acl, &in) > FEW_PORTS)
		report(asked, VERDICT_FAIL, (struct ports){in.from, in.to},
			"in from the internet, as replies to its NAT gateway",
			network_acl_ask(asked->acl, &in).refuser);
}

/* One port of somebody in the asked subnet is open to the block, which gets its answers. */
static void judge_server(const struct asked_acl *asked, struct ports port, const struct cidr *block,
	const char *peer)
{
	struct arena *arena = asked->facts->arena;

	judge_block(asked, false, port, block, arena_printf(arena, "in from %s", peer));
	judge_block(asked, true, answers, block, arena_printf(arena, "out to %s, as replies", peer));
}

static struct asked_acl acl_of(const struct facts *facts, const char *subnet_id, struct finding bad[VERDICTS])
{
	return (struct asked_acl){
		.facts = facts,
		.subnet_id = subnet_id,
		.acl = network_acl_of(facts_tree(facts, FACT_NETWORK_ACLS), subnet_id),
		.bad = bad,
	};
}

static bool is_own_subnet(const struct facts *facts, const char *subnet_id)
{
	return text_list_has(&aws_cloud(facts->cloud)->resources.subnet_ids, subnet_id);
}

/*
 * The subnet of the NAT gateway that a private subnet leads to. It is not judged when the gateway is not known, or the
 * reply does not hold its subnet's ACL: subnets.route says what is wrong with a gateway.
 */
static void judge_nat(const struct facts *facts, const json_t *subnet, struct finding bad[VERDICTS])
{
	const char *id = facts_has(facts, FACT_ROUTE_TABLES)
		? default_route_nat_gateway(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
			  tree_text(subnet, "subnetId"))
		: NULL;
	const json_t *nat = tree_find(facts_tree(facts, FACT_NAT_GATEWAYS), "natGatewaySet", "natGatewayId",
		id ? id : "");
	struct asked_acl asked = acl_of(facts, tree_text(nat, "subnetId"), bad);
	const char *peer = arena_printf(facts->arena, "%s, which leaves through its NAT gateway %s",
		tree_text(subnet, "subnetId"), id ? id : "");
	struct cidr block;

	if (!nat || !asked.acl || text_equal(tree_text(nat, "connectivityType"), "private"))
		return;
	judge_nat_internet(&asked);
	if (!is_own_subnet(facts, asked.subnet_id) &&
		cidr_parse(tree_text(subnet, "cidrBlock"), &block, NULL))
		judge_server(&asked, https, &block, peer);
}

static struct refusal refused_between(const struct asked_acl *asked, bool egress, const json_t *neighbour)
{
	struct refusal refusal = {.verdict = VERDICT_FAIL};
	struct cidr block;

	if (!cidr_parse(tree_text(neighbour, "cidrBlock"), &block, NULL) || block.v6)
		return (struct refusal){.verdict = VERDICT_PASS};
	for (size_t i = 0; i < ARRAY_LENGTH(between_nodes); i++)
		if (is_refused(asked, egress, between_nodes[i], &block, &refusal))
			return refusal;
	refusal.verdict = is_refused(asked, egress, all_ports, &block, &refusal) ? VERDICT_WARN
										 : VERDICT_PASS;
	return refusal;
}

static bool is_same(const struct refusal *a, const struct refusal *b)
{
	return a->verdict == b->verdict && a->ports.first == b->ports.first &&
		a->ports.last == b->ports.last && a->refuser == b->refuser;
}

/* One sentence for all the neighbours to which the same happens. */
static void report_alike(const struct asked_acl *asked, bool egress, struct refusal *refusals, size_t first)
{
	const json_t *subnets = tree_get(facts_tree(asked->facts, FACT_SUBNETS), "subnetSet");
	struct arena *arena = asked->facts->arena;
	struct refusal refusal = refusals[first];
	struct text_list names = {0};

	for (size_t i = first; i < tree_count(subnets); i++) {
		const json_t *subnet = tree_at(subnets, i);

		if (!is_same(&refusals[i], &refusal))
			continue;
		text_list_add(arena, &names,
			arena_printf(arena, "%s (%s)", tree_text(subnet, "subnetId"),
				tree_text(subnet, "cidrBlock")));
		refusals[i].verdict = VERDICT_PASS;
	}
	report(asked, refusal.verdict, refusal.ports,
		arena_printf(arena, "%s %s", egress ? "out to" : "in from", text_join(arena, &names, ", ")),
		refusal.refuser);
}

static void judge_neighbours(const struct asked_acl *asked, bool egress)
{
	const json_t *subnets = tree_get(facts_tree(asked->facts, FACT_SUBNETS), "subnetSet");
	size_t count = tree_count(subnets);
	struct refusal *refusals = NEW_ARRAY(asked->facts->arena, struct refusal, count);

	for (size_t i = 0; i < count; i++) {
		const json_t *neighbour = tree_at(subnets, i);
		bool other = !text_equal(tree_text(neighbour, "subnetId"), asked->subnet_id);

		refusals[i].verdict = VERDICT_PASS;
		if (other && is_in_cloud_vpc(asked->facts, neighbour))
			refusals[i] = refused_between(asked, egress, neighbour);
	}
	for (size_t i = 0; i < count; i++)
		if (refusals[i].verdict != VERDICT_PASS)
			report_alike(asked, egress, refusals, i);
}

/*
 * Users of a direct cloud. Those who come as members of a group are in the VPC for the most part, where TCP 443 must pass
 * between the subnets anyway.
 */
struct users {
	struct rules from; /* the security groups' rules by which they come, each of one block or one group */
	bool known;        /* false: from is everywhere, as a fact is lost that says from where they come */
	enum fact lost;
};

static struct users users_from_everywhere(const struct facts *facts, enum fact lost)
{
	struct rule *rule = NEW(facts->arena, struct rule);

	*rule = (struct rule){.peer = PEER_BLOCK, .peer_name = "0.0.0.0/0"};
	return (struct users){.from = {rule, 1}, .lost = lost};
}

/* Those of a private cloud come by the company's own ways, which are not known here. */
static struct users users_of(const struct facts *facts)
{
	static const enum fact needed[] = {FACT_SECURITY_GROUPS, FACT_VPC, FACT_PREFIX_LISTS};

	if (facts->cloud->networking != NETWORKING_DIRECT)
		return (struct users){.known = true};
	for (size_t i = 0; i < ARRAY_LENGTH(needed); i++)
		if (facts_lost(facts, needed[i]))
			return users_from_everywhere(facts, needed[i]);
	return (struct users){.from = https_rules_of_users(facts), .known = true};
}

enum { IPV4, IPV6, VERSIONS };

/* What an ACL does, one way, to those who come. */
struct shut_out {
	double refused[VERSIONS], all[VERSIONS]; /* of their blocks, counted as network_acl_size() does */
	struct text_list blocks;
	const json_t *refuser;
};

/* Of the whole world a few blocks may be denied, as in judge_internet(); a block with a rule of its own is meant. */
static void add_block(const struct asked_acl *asked, const struct users *users, const struct rule *rule,
	bool egress, struct shut_out *shut)
{
	struct ports ports = egress ? dynamic : https;
	struct acl_question question = {egress, ports.first, ports.last, rule->block};
	struct acl_answer answer = network_acl_ask(asked->acl, &question);
	uint64_t size = network_acl_size(&rule->block), refused = size - answer.addresses;

	shut->all[rule->block.v6] += (double)size;
	shut->refused[rule->block.v6] += (double)refused;
	if (refused == 0 || (rule_is_open(&users->from, rule) && refused <= size / 2))
		return;
	text_list_add_once(asked->facts->arena, &shut->blocks, rule->peer_name);
	if (!shut->refuser)
		shut->refuser = answer.refuser;
}

/* By each version of IP by which users come; some do. */
static bool most_are_shut_out(const struct shut_out *shut)
{
	for (size_t i = 0; i < VERSIONS; i++)
		if (shut->all[i] > 0 && shut->refused[i] <= shut->all[i] / 2)
			return false;
	return true;
}

static enum verdict report_users(const struct asked_acl *asked, const struct users *users,
	enum verdict verdict, struct ports ports, const char *peer, const json_t *refuser)
{
	if (!users->known)
		verdict = VERDICT_UNKNOWN;
	report(asked, verdict, ports, peer, refuser);
	return verdict;
}

/* One way, in to TCP 443 or out with the answers: most users are shut out (FAIL), some (WARN), or none. */
static enum verdict judge_users_way(const struct asked_acl *asked, const struct users *users, bool egress)
{
	struct arena *arena = asked->facts->arena;
	struct shut_out shut = {0};
	const char *names;

	for (size_t i = 0; i < users->from.count; i++) {
		const struct rule *rule = &users->from.items[i];

		if (rule->peer == PEER_BLOCK && (!rule->block.v6 || asked->has_ipv6))
			add_block(asked, users, rule, egress, &shut);
	}
	if (shut.blocks.count == 0)
		return VERDICT_PASS;
	names = text_join(arena, &shut.blocks, ", ");
	return report_users(asked, users, most_are_shut_out(&shut) ? VERDICT_FAIL : VERDICT_WARN,
		egress ? dynamic : https,
		egress ? arena_printf(arena, "out to users in %s, as replies", names)
		       : arena_printf(arena, "in from users in %s", names),
		shut.refuser);
}

static bool come_by(const struct users *users, bool v6)
{
	for (size_t i = 0; i < users->from.count; i++)
		if (users->from.items[i].peer == PEER_BLOCK && users->from.items[i].block.v6 == v6)
			return true;
	return false;
}

/* Users behind routers get their answers on ports that these choose. */
static enum verdict judge_users_ports(const struct asked_acl *asked, const struct users *users)
{
	struct acl_question out = {.egress = true, .from = any_client.first, .to = any_client.last};
	const struct rule *worst = NULL;
	int half = (out.to - out.from + 1) / 2, most = FEW_PORTS;

	for (size_t i = 0; i < users->from.count; i++) {
		int refused;

		if (users->from.items[i].peer != PEER_BLOCK ||
			(users->from.items[i].block.v6 && !asked->has_ipv6))
			continue;
		out.block = users->from.items[i].block;
		refused = network_acl_refused_ports(asked->acl, &out);
		if (refused > most) {
			most = refused;
			worst = &users->from.items[i];
		}
	}
	if (!worst)
		return VERDICT_PASS;
	out.block = worst->block;
	return report_users(asked, users,
		most > half && !come_by(users, !worst->block.v6) ? VERDICT_FAIL : VERDICT_WARN, any_client,
		arena_printf(asked->facts->arena, "out to users in %s, as replies (%d ports are refused)",
			worst->peer_name, most),
		network_acl_ask(asked->acl, &out).refuser);
}

/* True: some users are shut out, or some of their ports. */
static bool judge_users(const struct asked_acl *asked, const struct users *users)
{
	enum verdict in = judge_users_way(asked, users, false);
	enum verdict out = judge_users_way(asked, users, true);

	if (out == VERDICT_PASS)
		out = judge_users_ports(asked, users);
	return in == VERDICT_WARN || out == VERDICT_WARN;
}

/* True as from judge_users(). */
static bool judge_subnet(const struct facts *facts, const json_t *subnet, const struct users *users,
	struct finding bad[VERDICTS])
{
	struct asked_acl asked = acl_of(facts, tree_text(subnet, "subnetId"), bad);

	asked.has_ipv6 = tree_count(tree_get(subnet, "ipv6CidrBlockAssociationSet")) > 0;
	if (!asked.acl) {
		finding_evidence(facts, &bad[VERDICT_FAIL], "%s: no network ACL is associated with it",
			asked.subnet_id);
		finding_resource(facts, &bad[VERDICT_FAIL], asked.subnet_id);
		return false;
	}
	judge_internet(&asked, true, https, "out to the internet");
	judge_internet(&asked, false, answers, "in from the internet, as replies");
	judge_neighbours(&asked, true);
	judge_neighbours(&asked, false);
	judge_nat(facts, subnet, bad);
	return judge_users(&asked, users);
}

struct finding check_subnets_network_acl(const struct facts *facts)
{
	struct finding bad[VERDICTS] = {0};
	enum verdict verdict = VERDICT_PASS;
	struct users users = users_of(facts);
	bool some_users = false;
	size_t subnets = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (!is_in_cloud_vpc(facts, subnet))
			continue;
		subnets++;
		some_users = judge_subnet(facts, subnet, &users, bad) || some_users;
	}
	if (subnets == 0)
		return finding_make(facts, VERDICT_SKIP, "needs subnets in %s",
			aws_cloud(facts->cloud)->resources.vpc_id);
	if (bad[VERDICT_FAIL].evidence.count > 0)
		verdict = VERDICT_FAIL;
	else if (bad[VERDICT_UNKNOWN].evidence.count > 0)
		return finding_lost(facts, users.lost);
	else if (bad[VERDICT_WARN].evidence.count > 0)
		verdict = VERDICT_WARN;
	return finding_conclude(facts, bad[verdict], verdict, "%s",
		verdict == VERDICT_PASS ? "the network ACLs allow the clusters' traffic"
			: verdict == VERDICT_WARN && some_users
			? "network ACLs refuse some of the users that the security groups let in to TCP 443, or some answers to them"
			: verdict == VERDICT_WARN
			? "network ACLs refuse some ports between the cloud's subnets; none that Ray is known to use"
			: "network ACLs block traffic that clusters need");
}

/* A mount target of the subnet's zone, in a subnet that is not the cloud's. */
static void judge_mount_target(const struct facts *facts, const json_t *subnet, const json_t *target,
	struct finding bad[VERDICTS])
{
	struct asked_acl there = acl_of(facts, tree_text(target, "SubnetId"), bad);
	struct asked_acl here = acl_of(facts, tree_text(subnet, "subnetId"), bad);
	const char *peer = arena_printf(facts->arena, "mount target %s in %s",
		tree_text(target, "MountTargetId"), there.subnet_id);
	struct cidr block, address;

	if (is_own_subnet(facts, there.subnet_id) || !there.acl || !here.acl ||
		!text_equal(tree_text(target, "AvailabilityZoneName"), tree_text(subnet, "availabilityZone")))
		return;
	if (!cidr_parse(tree_text(subnet, "cidrBlock"), &block, NULL) ||
		!cidr_parse(tree_text(target, "IpAddress"), &address, NULL) || address.v6)
		return;
	judge_block(&here, true, nfs, &address, arena_printf(facts->arena, "out to %s", peer));
	judge_block(&here, false, answers, &address,
		arena_printf(facts->arena, "in from %s, as replies", peer));
	judge_server(&there, nfs, &block, here.subnet_id);
}

struct text_list network_acls_against_nfs(const struct facts *facts)
{
	struct finding bad[VERDICTS] = {0};

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet")
		TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets")
			judge_mount_target(facts, subnet, target, bad);
	return bad[VERDICT_FAIL].evidence;
}
