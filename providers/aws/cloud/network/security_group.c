/* SPDX-License-Identifier: Apache-2.0 */
/* From DescribeSecurityGroups to rules, and what a rule lets through. */
#include "providers/aws/cloud/network/security_group.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"

enum { LAST_PORT = 65535, GLOBAL_IPV6 = 3 };

/* Narrower blocks than a /8 are no noticeable part of the world, which is 256 of them. */
enum { PART_OF_WORLD = 8, PARTS_OF_WORLD = 1 << PART_OF_WORLD };

/* Where a permission lists its peers, and the member that names each. */
static const struct {
	const char *list, *name;
	enum peer peer;
} peers[] = {
	{"ipRanges", "cidrIp", PEER_BLOCK},
	{"ipv6Ranges", "cidrIpv6", PEER_BLOCK},
	{"prefixListIds", "prefixListId", PEER_PREFIX_LIST},
	{"groups", "groupId", PEER_GROUP},
};

bool rule_is_protocol(const struct rule *rule, const char *name, const char *number)
{
	return text_equal_nocase(rule->protocol, name) || text_equal(rule->protocol, number);
}

bool rule_is_all_traffic(const struct rule *rule)
{
	return text_equal(rule->protocol, "-1");
}

bool rule_lets_tcp(const struct rule *rule, int port)
{
	if (!rule_is_all_traffic(rule) && !rule_is_protocol(rule, "tcp", "6"))
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

/* IPv4 addresses from the first to the last. */
struct span {
	uint32_t first, last;
};

static struct span span_of(const struct cidr *block)
{
	const unsigned char *byte = block->bytes;
	uint32_t first = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];

	return (struct span){first, (uint32_t)(first + (cidr_size(block) - 1))};
}

static int by_first(const void *a, const void *b)
{
	const struct span *left = a, *right = b;

	return (left->first > right->first) - (left->first < right->first);
}

/* How many of the addresses of the whole lie in some of the spans, which are sorted. */
static uint64_t count_held(const struct span *spans, size_t count, struct span whole)
{
	uint64_t held = 0, next = whole.first; /* the first address that is not counted yet */

	for (size_t i = 0; i < count && next <= whole.last; i++) {
		uint64_t first = spans[i].first > next ? spans[i].first : next;
		uint64_t last = spans[i].last < whole.last ? spans[i].last : whole.last;

		if (first > last)
			continue;
		held += last - first + 1;
		next = last + 1;
	}
	return held;
}

uint64_t rules_reach(struct arena *arena, const struct rules *rules, const struct cidr *block, int port)
{
	struct span *spans = NEW_ARRAY(arena, struct span, rules->count);
	size_t count = 0;

	if (block->v6)
		return 0;
	for (size_t i = 0; i < rules->count; i++)
		if (speaks_of(&rules->items[i], port) && cidr_overlaps(&rules->items[i].block, block))
			spans[count++] = span_of(&rules->items[i].block);
	if (count > 1)
		qsort(spans, count, sizeof(*spans), by_first);
	return count_held(spans, count, span_of(block));
}

const struct rule *rules_reaching(const struct rules *rules, const struct cidr *block, int port)
{
	for (size_t i = 0; i < rules->count; i++)
		if (speaks_of(&rules->items[i], port) && cidr_overlaps(&rules->items[i].block, block))
			return &rules->items[i];
	return NULL;
}

/* Does the rule let through whatever the other lets through, from its own IPv4 block? */
static bool counts_with(const struct rule *rule, const struct rule *other)
{
	if (rule->peer != PEER_BLOCK || rule->block.v6 || rule->block.bits > PART_OF_WORLD)
		return false;
	return rule_is_all_traffic(rule) ||
		(text_equal_nocase(rule->protocol, other->protocol) && rule->from <= other->from &&
			other->to <= rule->to);
}

bool rule_is_open(const struct rules *rules, const struct rule *rule)
{
	bool held[PARTS_OF_WORLD] = {false};
	size_t parts = 0;

	if (rule->peer != PEER_BLOCK || rule->block.bits > PART_OF_WORLD)
		return false;
	if (rule->block.v6)
		return rule->block.bits <= GLOBAL_IPV6;
	for (size_t i = 0; i < rules->count; i++) {
		const struct cidr *block = &rules->items[i].block;
		size_t first = block->bytes[0];

		if (!counts_with(&rules->items[i], rule))
			continue;
		for (size_t k = first; k < first + (PARTS_OF_WORLD >> block->bits); k++) {
			parts += !held[k];
			held[k] = true;
		}
	}
	return parts >= PARTS_OF_WORLD / 2;
}

static size_t count_rules(const json_t *groups, const char *list)
{
	size_t count = 0;

	TREE_EACH (group, groups, "securityGroupInfo")
		TREE_EACH (permission, group, list)
			for (size_t i = 0; i < ARRAY_LENGTH(peers); i++)
				count += tree_count(tree_get(permission, peers[i].list));
	return count;
}

/* Ports of a permission; -1 means "all", as it does in ICMP and in some replies for TCP. */
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
	for (size_t i = 0; i < ARRAY_LENGTH(peers); i++) {
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

struct rules security_group_rules_resolved(struct arena *arena, const struct rules *rules,
	const json_t *lists)
{
	struct rules resolved = {0};
	size_t most = rules->count;

	for (size_t i = 0; i < rules->count; i++)
		most += tree_count(tree_get(json_object_get(lists, rules->items[i].peer_name), "entrySet"));
	resolved.items = NEW_ARRAY(arena, struct rule, most);
	for (size_t i = 0; i < rules->count; i++) {
		struct rule rule = rules->items[i];
		const json_t *list = json_object_get(lists, rule.peer_name);

		if (rule.peer != PEER_PREFIX_LIST || !json_is_object(list)) {
			resolved.items[resolved.count++] = rule;
			continue;
		}
		rule.peer = PEER_BLOCK;
		TREE_EACH (entry, list, "entrySet") {
			if (!cidr_parse(tree_text(entry, "cidr"), &rule.block, NULL))
				continue;
			rule.peer_name = arena_printf(arena, "%s (%s)", rules->items[i].peer_name,
				tree_text(entry, "cidr"));
			resolved.items[resolved.count++] = rule;
		}
	}
	return resolved;
}

const char *rule_text(struct arena *arena, const struct rule *rule)
{
	const char *way = rule->direction == DIRECTION_IN ? "from" : "to";
	const char *ports = "";

	if (rule_is_all_traffic(rule))
		return arena_printf(arena, "%s: all traffic %s %s", rule->group_id, way, rule->peer_name);
	if (rule_is_protocol(rule, "tcp", "6") || rule_is_protocol(rule, "udp", "17"))
		ports = rule->from == rule->to ? arena_printf(arena, " %d", rule->from)
					       : arena_printf(arena, " %d-%d", rule->from, rule->to);
	return arena_printf(arena, "%s: %s%s %s %s", rule->group_id, rule->protocol, ports, way,
		rule->peer_name);
}
