/* SPDX-License-Identifier: Apache-2.0 */
/* From the cloud's groups and subnets to one port of a service. */
#include "providers/aws/cloud/network/port_access.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

struct rules port_access_rules(const struct facts *facts, enum fact others)
{
	struct arena *arena = facts->arena;
	struct rules own = security_group_rules(arena, facts_tree(facts, FACT_SECURITY_GROUPS), DIRECTION_IN);
	struct rules more = security_group_rules(arena, facts_tree(facts, others), DIRECTION_IN);
	struct rules all = {NEW_ARRAY(arena, struct rule, own.count + more.count), own.count + more.count};

	memcpy(all.items, own.items, own.count * sizeof(*all.items));
	memcpy(all.items + own.count, more.items, more.count * sizeof(*all.items));
	return all;
}

static bool is_described(const struct facts *facts, enum fact fact, const char *group_id)
{
	return tree_find(facts_tree(facts, fact), "securityGroupInfo", "groupId", group_id) != NULL;
}

const char *port_access_unseen(const struct facts *facts, enum fact others, const struct text_list *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		if (!is_described(facts, FACT_SECURITY_GROUPS, groups->items[i]) &&
			!is_described(facts, others, groups->items[i]))
			return groups->items[i];
	return NULL;
}

/* The first of the rules by whose blocks all of the address or block is reached, or NULL. */
static const struct rule *block_rule(struct arena *arena, const struct rules *rules, const char *address,
	int port)
{
	struct cidr block;

	if (!cidr_parse(address, &block, NULL) || rules_reach(arena, rules, &block, port) < cidr_size(&block))
		return NULL;
	return rules_reaching(rules, &block, port);
}

/* The rule for the port that names one of the peers; peers NULL: any. */
static const struct rule *named_rule(const struct rules *rules, enum peer kind, const struct text_list *peers,
	int port)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (rule->peer == kind && rule_lets_tcp(rule, port) &&
			(!peers || text_list_has(peers, rule->peer_name)))
			return rule;
	}
	return NULL;
}

static struct port_access pass(struct arena *arena, const struct rules *rules, const struct text_list *groups,
	const struct text_list *addresses, int port)
{
	const struct rule *group = named_rule(rules, PEER_GROUP, groups, port);
	const struct rule *list = named_rule(rules, PEER_PREFIX_LIST, NULL, port), *first = NULL;
	size_t held = 0;

	for (size_t i = 0; !group && i < addresses->count; i++) {
		const struct rule *rule = block_rule(arena, rules, addresses->items[i], port);

		held += rule != NULL;
		first = first ? first : rule;
	}
	if (group)
		return (struct port_access){TRUTH_YES, group};
	if (held > 0 && held == addresses->count)
		return (struct port_access){TRUTH_YES, first};
	return (struct port_access){list ? TRUTH_MAYBE : TRUTH_NO, list};
}

struct text_list port_access_subnet_blocks(const struct facts *facts)
{
	return tree_texts(facts->arena, facts_tree(facts, FACT_SUBNETS), "subnetSet", "cidrBlock");
}

struct port_access port_access_in(const struct facts *facts, const struct rules *rules,
	const struct text_list *groups, int port)
{
	struct rules guarding = security_group_rules_of(facts->arena, rules, groups);
	struct text_list blocks = port_access_subnet_blocks(facts);

	return pass(facts->arena, &guarding, &aws_cloud(facts->cloud)->resources.security_group_ids, &blocks,
		port);
}

struct port_access port_access_out(const struct facts *facts, const struct text_list *groups,
	const struct text_list *addresses, int port)
{
	struct rules own = security_group_rules(facts->arena, facts_tree(facts, FACT_SECURITY_GROUPS),
		DIRECTION_OUT);

	return pass(facts->arena, &own, groups, addresses, port);
}
