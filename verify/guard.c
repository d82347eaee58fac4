/* SPDX-License-Identifier: Apache-2.0 */
/* From the cloud's groups and subnets to one port of a service. */
#include "verify/guard.h"

#include <string.h>

#include "base/arena.h"
#include "providers/tree.h"

struct rules guard_rules(const struct facts *facts, enum fact others)
{
	struct arena *arena = facts->arena;
	struct rules own = security_group_rules(arena, facts_tree(facts, FACT_SECURITY_GROUPS), DIRECTION_IN);
	struct rules more = security_group_rules(arena, facts_tree(facts, others), DIRECTION_IN);
	struct rules all = {NEW_ARRAY(arena, struct rule, own.count + more.count), own.count + more.count};

	if (own.count > 0)
		memcpy(all.items, own.items, own.count * sizeof(*all.items));
	if (more.count > 0)
		memcpy(all.items + own.count, more.items, more.count * sizeof(*all.items));
	return all;
}

/* The rule whose block holds a whole subnet, or NULL. */
static const struct rule *block_rule(const struct rules *rules, const json_t *subnet, int port)
{
	struct cidr block;

	if (!cidr_parse(tree_text(subnet, "cidrBlock"), &block, NULL))
		return NULL;
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (rule->peer == PEER_BLOCK && rule_lets_tcp(rule, port) && cidr_holds(&rule->block, &block))
			return rule;
	}
	return NULL;
}

static const struct rule *group_rule(const struct facts *facts, const struct rules *rules, int port)
{
	const struct text_list *own = &facts->cloud->resources.security_group_ids;

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->items[i];

		if (rule->peer == PEER_GROUP && rule_lets_tcp(rule, port) &&
			text_list_has(own, rule->peer_name))
			return rule;
	}
	return NULL;
}

const struct rule *guard_opening(const struct facts *facts, const struct rules *rules,
	const struct text_list *groups, int port)
{
	struct rules guarding = security_group_rules_of(facts->arena, rules, groups);
	const struct rule *opening = group_rule(facts, &guarding, port);
	const struct rule *first = NULL;

	if (opening)
		return opening;
	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		const struct rule *rule = block_rule(&guarding, subnet, port);

		if (!rule)
			return NULL;
		first = first ? first : rule;
	}
	return first;
}
