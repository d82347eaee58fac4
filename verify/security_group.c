/* SPDX-License-Identifier: Apache-2.0 */
/* From DescribeSecurityGroups to rules, and what a rule lets through. */
#include "verify/security_group.h"

#include <string.h>

#include "base/arena.h"
#include "providers/tree.h"

enum { LAST_PORT = 65535, GLOBAL_IPV6 = 3 };

/* Narrower blocks are no noticeable part of the world. */
enum { PART_OF_WORLD = 8 };

/* Where a permission lists its peers, and under which name each stands. */
static const struct {
	const char *list, *name;
	enum peer peer;
} peers[] = {
	{"ipRanges", "cidrIp", PEER_BLOCK},
	{"ipv6Ranges", "cidrIpv6", PEER_BLOCK},
	{"prefixListIds", "prefixListId", PEER_PREFIX_LIST},
	{"groups", "groupId", PEER_GROUP},
};

enum { PEERS = sizeof(peers) / sizeof(peers[0]) };

static bool protocol_is(const char *protocol, const char *name, const char *number)
{
	return text_equal_nocase(protocol, name) || text_equal(protocol, number);
}

bool rule_is_all_traffic(const struct rule *rule)
{
	return text_equal(rule->protocol, "-1");
}

bool rule_lets_tcp(const struct rule *rule, int port)
{
	if (!rule_is_all_traffic(rule) && !protocol_is(rule->protocol, "tcp", "6"))
		return false;
	return rule->from <= port && port <= rule->to;
}

/* Whether a rule by a block concerns what is asked: all traffic (port < 0), or a TCP port. */
static bool speaks_of(const struct rule *rule, int port)
{
	if (rule->peer != PEER_BLOCK)
		return false;
	return port < 0 ? rule_is_all_traffic(rule) : rule_lets_tcp(rule, port);
}

/* Which rules count, and how they are asked. */
typedef bool counts_fn(const struct rule *rule, const void *what);

/* A block that no rule cuts is held or not; else its halves are asked. As deep as an address has bits. */
static uint64_t count_held(const struct rules *rules, const struct cidr *block, counts_fn *counts,
	const void *what)
{
	struct cidr low = *block, high = *block;
	bool cut = false;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (!counts(rule, what))
			continue;
		if (cidr_holds(&rule->block, block))
			return cidr_size(block);
		cut = cut || cidr_holds(block, &rule->block);
	}
	if (!cut)
		return 0;
	low.bits = high.bits = block->bits + 1;
	high.bytes[block->bits / 8] |= (unsigned char)(0x80u >> (block->bits % 8));
	return count_held(rules, &low, counts, what) + count_held(rules, &high, counts, what);
}

static bool counts_for_port(const struct rule *rule, const void *what)
{
	return speaks_of(rule, *(const int *)what);
}

uint64_t rules_reach(const struct rules *rules, const struct cidr *block, int port)
{
	return block->v6 ? 0 : count_held(rules, block, counts_for_port, &port);
}

const struct rule *rules_reaching(const struct rules *rules, const struct cidr *block, int port)
{
	for (size_t i = 0; i < rules->count; i++)
		if (speaks_of(&rules->items[i], port) && cidr_overlaps(&rules->items[i].block, block))
			return &rules->items[i];
	return NULL;
}

/* Does the rule let through whatever the other lets through, from its own IPv4 block? */
static bool counts_with(const struct rule *rule, const void *what)
{
	const struct rule *other = what;

	if (rule->peer != PEER_BLOCK || rule->block.v6 || rule->block.bits > PART_OF_WORLD)
		return false;
	return rule_is_all_traffic(rule) ||
		(text_equal_nocase(rule->protocol, other->protocol) && rule->from <= other->from &&
			other->to <= rule->to);
}

bool rule_is_open(const struct rules *rules, const struct rule *rule)
{
	struct cidr world = {0};

	if (rule->peer != PEER_BLOCK)
		return false;
	if (rule->block.v6)
		return rule->block.bits <= GLOBAL_IPV6;
	if (rule->block.bits > PART_OF_WORLD)
		return false;
	return count_held(rules, &world, counts_with, rule) >= cidr_size(&world) / 2;
}

static size_t count_rules(const json_t *groups, const char *list)
{
	size_t count = 0;

	TREE_EACH (group, groups, "securityGroupInfo")
		TREE_EACH (permission, group, list)
			for (size_t i = 0; i < PEERS; i++)
				count += tree_count(tree_get(permission, peers[i].list));
	return count;
}

/* Ports of a permission; -1 stands for "all", as it does in ICMP and in some replies for TCP. */
static void read_ports(const json_t *permission, struct rule *rule)
{
	int64_t from = 0, to = LAST_PORT;

	if (!rule_is_all_traffic(rule)) {
		tree_number(permission, "fromPort", -1, LAST_PORT, &from);
		tree_number(permission, "toPort", -1, LAST_PORT, &to);
	}
	rule->from = from < 0 ? 0 : (int)from;
	rule->to = to < 0 ? LAST_PORT : (int)to;
}

static void add_rules(struct rules *rules, const json_t *group, const json_t *permission,
	enum direction direction)
{
	for (size_t i = 0; i < PEERS; i++) {
		TREE_EACH (peer, permission, peers[i].list) {
			struct rule rule = {
				.group_id = tree_text(group, "groupId"),
				.direction = direction,
				.protocol = tree_text(permission, "ipProtocol"),
				.peer = peers[i].peer,
				.peer_name = tree_text(peer, peers[i].name),
			};

			read_ports(permission, &rule);
			if (rule.peer == PEER_BLOCK && !cidr_parse(rule.peer_name, &rule.block, NULL))
				continue;
			rules->items[rules->count++] = rule;
		}
	}
}

struct rules security_group_rules(struct arena *arena, const json_t *groups, enum direction direction)
{
	const char *list = direction == DIRECTION_IN ? "ipPermissions" : "ipPermissionsEgress";
	struct rules rules = {NEW_ARRAY(arena, struct rule, count_rules(groups, list)), 0};

	TREE_EACH (group, groups, "securityGroupInfo")
		TREE_EACH (permission, group, list)
			add_rules(&rules, group, permission, direction);
	return rules;
}

struct rules security_group_rules_of(struct arena *arena, const struct rules *rules,
	const struct text_list *ids)
{
	struct rules kept = {NEW_ARRAY(arena, struct rule, rules->count), 0};

	for (size_t i = 0; i < rules->count; i++)
		if (text_list_has(ids, rules->items[i].group_id))
			kept.items[kept.count++] = rules->items[i];
	return kept;
}

const char *rule_text(struct arena *arena, const struct rule *rule)
{
	const char *way = rule->direction == DIRECTION_IN ? "from" : "to";
	const char *ports = "";

	if (rule_is_all_traffic(rule))
		return arena_printf(arena, "%s: all traffic %s %s", rule->group_id, way, rule->peer_name);
	if (protocol_is(rule->protocol, "tcp", "6") || protocol_is(rule->protocol, "udp", "17"))
		ports = rule->from == rule->to ? arena_printf(arena, " %d", rule->from)
					       : arena_printf(arena, " %d-%d", rule->from, rule->to);
	return arena_printf(arena, "%s: %s%s %s %s", rule->group_id, rule->protocol, ports, way,
		rule->peer_name);
}
