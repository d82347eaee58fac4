/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the way in for users: TCP 443 from outside the cloud. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/cidr.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/network/security_group.h"
#include "providers/aws/cloud/network/vpc.h"

/* One VPC block is at most a /16 (Amazon VPC User Guide, "VPC CIDR blocks"), so a wider one reaches beyond it. */
enum { LARGEST_VPC_BLOCK = 16 };

/* Where nobody comes from: this network, loopback, link local, multicast and reserved (RFC 6890, RFC 4291). */
static const char *const nowhere[] = {"0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3",
	"::", "::1", "fe80::/10", "ff00::/8"};

/* The addresses that are not outside. */
struct inside {
	struct cidr *blocks;
	size_t count;
	bool has_ipv6; /* the VPC: nobody comes by IPv6 to one that has no block of it */
};

static void add_blocks(struct inside *inside, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		inside->count += cidr_parse(texts[i], &inside->blocks[inside->count], NULL);
}

/* Users of a private cloud may come through the VPC itself, by a VPN that ends in it; those of a direct one do not. */
static struct inside inside_of(const struct facts *facts)
{
	const json_t *vpc = tree_get(facts_tree(facts, FACT_VPC), "vpcSet.0");
	const struct text_list v4 = vpc_ipv4_blocks(facts->arena, vpc);
	const struct text_list v6 = vpc_ipv6_blocks(facts->arena, vpc);
	struct inside inside = {
		.blocks = NEW_ARRAY(facts->arena, struct cidr, ARRAY_LENGTH(nowhere) + v4.count + v6.count),
		.has_ipv6 = v6.count > 0,
	};

	add_blocks(&inside, nowhere, ARRAY_LENGTH(nowhere));
	if (facts->cloud->networking == NETWORKING_DIRECT) {
		add_blocks(&inside, v4.items, v4.count);
		add_blocks(&inside, v6.items, v6.count);
	}
	return inside;
}

/* What rules that let TCP 443 in are worth. */
enum way { WAY_IN, WAY_UNSEEN, WAY_LIST, WAY_INSIDE, WAY_IPV6, WAYS };

/* The VPC says which addresses are its own, and whether it has IPv6: without it, only a wide block is known to be more. */
static enum way way_of(const struct facts *facts, const struct inside *inside, const struct rule *rule)
{
	if (rule->peer == PEER_PREFIX_LIST)
		return WAY_LIST;
	if (rule->peer == PEER_GROUP)
		return WAY_IN;
	if (cidr_covered(&rule->block, inside->blocks, inside->count))
		return WAY_INSIDE;
	if (facts_has(facts, FACT_VPC))
		return rule->block.v6 && !inside->has_ipv6 ? WAY_IPV6 : WAY_IN;
	if (rule->block.v6)
		return WAY_UNSEEN;
	return facts->cloud->networking == NETWORKING_DIRECT && rule->block.bits >= LARGEST_VPC_BLOCK
		? WAY_UNSEEN
		: WAY_IN;
}

/* What lets TCP 443 in, but not from the cloud's own groups. */
static struct rules https_rules(const struct facts *facts)
{
	struct rules named = security_groups_rules(facts, DIRECTION_IN);
	struct rules rules = security_group_rules_resolved(facts->arena, &named,
		facts_tree(facts, FACT_PREFIX_LISTS));
	size_t count = 0;

	for (size_t i = 0; i < rules.count; i++)
		if (rule_lets_tcp(&rules.items[i], PORT_HTTPS) && !rule_names_cloud(facts, &rules.items[i]))
			rules.items[count++] = rules.items[i];
	rules.count = count;
	return rules;
}

struct rules https_rules_of_users(const struct facts *facts)
{
	struct rules rules = https_rules(facts);
	struct inside inside = inside_of(facts);
	size_t count = 0;

	for (size_t i = 0; i < rules.count; i++)
		if (way_of(facts, &inside, &rules.items[i]) == WAY_IN)
			rules.items[count++] = rules.items[i];
	rules.count = count;
	return rules;
}

/* From the cloud's own groups is traffic inside the cluster; users come from elsewhere. */
struct finding check_security_groups_https(const struct facts *facts)
{
	struct rules rules = https_rules(facts);
	struct inside inside = inside_of(facts);
	struct finding ways[WAYS] = {0};

	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];

		finding_evidence(facts, &ways[way_of(facts, &inside, rule)], "%s",
			rule_text(facts->arena, rule));
	}
	if (ways[WAY_IN].evidence.count > 0)
		return finding_conclude(facts, ways[WAY_IN], VERDICT_PASS, "TCP 443 is allowed in");
	if (ways[WAY_UNSEEN].evidence.count > 0)
		return finding_lost(facts, FACT_VPC);
	if (ways[WAY_LIST].evidence.count > 0 && facts_lost(facts, FACT_PREFIX_LISTS))
		return finding_lost(facts, FACT_PREFIX_LISTS);
	if (ways[WAY_LIST].evidence.count > 0)
		return finding_conclude(facts, ways[WAY_LIST], VERDICT_WARN,
			"whether TCP 443 is allowed in from outside depends on a prefix list, whose contents were not read");
	if (ways[WAY_INSIDE].evidence.count > 0)
		return finding_conclude(facts, ways[WAY_INSIDE], VERDICT_FAIL,
			"TCP 443 is allowed in only from the VPC's own addresses, or from where nobody comes");
	return finding_conclude(facts, ways[WAY_IPV6], VERDICT_FAIL,
		"no rule allows TCP 443 in from outside the cloud's own groups%s",
		ways[WAY_IPV6].evidence.count > 0 ? ", except over IPv6, and the VPC has no IPv6 block" : "");
}
