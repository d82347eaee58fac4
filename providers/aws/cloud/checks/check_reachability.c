/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the subnets' default routes. Subnets of other VPCs are left out: that they are elsewhere is subnets.vpc's
 * finding. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/network/route.h"

/* What a default route is worth to this cloud; *text receives what to say about it. */
static enum verdict judge_way(const struct facts *facts, const struct default_route *out, const char **text)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;

	*text = out->text;
	if (out->via == EGRESS_PREFIX_LIST)
		return VERDICT_WARN;
	if (direct && out->target && out->via != EGRESS_INTERNET_GATEWAY)
		*text = arena_printf(facts->arena, "%s, not to an internet gateway: the subnet is not public",
			out->lead);
	else if (!direct && out->via == EGRESS_INTERNET_GATEWAY)
		*text = arena_printf(facts->arena, "%s, an internet gateway: the subnet is public",
			out->lead);
	else
		return out->via == EGRESS_NONE ? VERDICT_FAIL : VERDICT_PASS;
	return VERDICT_FAIL;
}

static void judge_route(const struct facts *facts, const json_t *subnet, struct finding findings[VERDICTS])
{
	const char *id = tree_text(subnet, "subnetId"), *text;
	struct default_route out = default_route_of(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
		facts_tree(facts, FACT_NAT_GATEWAYS), facts->cloud->account, id);
	struct finding *finding = &findings[judge_way(facts, &out, &text)];

	finding_evidence(facts, finding, "%s: %s%s: %s", id, out.table ? out.table : "-",
		!out.table || out.is_explicit ? "" : " (main)", text);
	finding_resource(facts, finding, id);
}

/* A route table of the VPC that leads to the internet, or NULL. */
static const json_t *public_table(const struct facts *facts)
{
	TREE_EACH (table, facts_tree(facts, FACT_ROUTE_TABLES), "routeTableSet") {
		const json_t *route = route_default(facts->arena, table);

		if (route && route_is_active(route) && route_is_internet_gateway(route))
			return table;
	}
	return NULL;
}

/* Direct: the subnet goes on the table that leads out. Where there is none, only a person knows what should. */
static void remedy_route(const struct facts *facts, const char *subnet_id, struct finding *finding)
{
	const json_t *table = public_table(facts);
	const json_t *own = route_table_of(facts_tree(facts, FACT_ROUTE_TABLES), subnet_id, NULL);
	const json_t *association = tree_find(own, "associationSet", "subnetId", subnet_id);
	const char *id = tree_text(association, "routeTableAssociationId");
	struct arena *arena = facts->arena;

	if (!table || facts->cloud->networking != NETWORKING_DIRECT)
		return;
	if (*id)
		remedy_add(facts, finding,
			"ec2 replace-route-table-association --association-id %s --route-table-id %s",
			remedy_word(arena, id), remedy_word(arena, tree_text(table, "routeTableId")));
	else
		remedy_add(facts, finding, "ec2 associate-route-table --subnet-id %s --route-table-id %s",
			remedy_word(arena, subnet_id), remedy_word(arena, tree_text(table, "routeTableId")));
}

struct finding check_subnets_route(const struct facts *facts)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	struct finding by[VERDICTS] = {0}, *worst;
	size_t subnets = 0;

	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (!is_in_cloud_vpc(facts, subnet))
			continue;
		subnets++;
		judge_route(facts, subnet, by);
	}
	if (subnets == 0)
		return finding_make(facts, VERDICT_SKIP, "needs subnets in %s",
			aws_cloud(facts->cloud)->resources.vpc_id);
	worst = by[VERDICT_FAIL].evidence.count ? &by[VERDICT_FAIL] : &by[VERDICT_WARN];
	if (worst->evidence.count == 0)
		return finding_conclude(facts, by[VERDICT_PASS], VERDICT_PASS,
			direct ? "each subnet has a route to the internet through the VPC's internet gateway"
			       : "each subnet has a default route that is not public");
	for (size_t i = 0; i < worst->resources.count; i++)
		remedy_route(facts, worst->resources.items[i], worst);
	if (worst == &by[VERDICT_FAIL])
		return finding_conclude(facts, *worst, VERDICT_FAIL,
			"%zu of %zu subnets have no %s default route", worst->evidence.count, subnets,
			direct ? "public" : "private");
	return finding_conclude(facts, *worst, VERDICT_WARN,
		"whether %zu of %zu subnets have a default route depends on a prefix list, whose contents were not read",
		worst->evidence.count, subnets);
}
