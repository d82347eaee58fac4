/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the subnets' default routes. Subnets of other VPCs are left out: that they are elsewhere is subnets.vpc's
 * finding. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/network/public_access.h"
#include "providers/aws/cloud/network/route.h"

#define BLOCK_PUBLIC_ACCESS "VPC Block Public Access"

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

/* The subnet whose traffic goes through an internet gateway: this one, or that of the NAT gateway; NULL: neither. */
static const char *gateway_subnet(const struct facts *facts, const struct default_route *out, const char *id)
{
	const json_t *nat;

	if (out->via == EGRESS_INTERNET_GATEWAY)
		return id;
	if (out->via != EGRESS_NAT_GATEWAY)
		return NULL;
	nat = tree_find(facts_tree(facts, FACT_NAT_GATEWAYS), "natGatewaySet", "natGatewayId", out->target);
	return tree_text(nat, "subnetId");
}

/* What VPC Block Public Access takes away of a way that is right otherwise: NULL, or in words. */
static const char *blocked_text(const struct facts *facts, const struct default_route *out, const char *id)
{
	const char *subnet_id = gateway_subnet(facts, out, id);
	struct public_access access = {.in = true, .out = true};

	if (subnet_id)
		access = public_access_of(facts, subnet_id);
	if (out->via == EGRESS_INTERNET_GATEWAY ? access.in : access.out)
		return NULL;
	if (access.exclusion)
		return arena_printf(facts->arena, "%s, but %s (%s) lets nothing in but answers", out->text,
			BLOCK_PUBLIC_ACCESS, access.mode);
	return arena_printf(facts->arena, "%s, but %s (%s) blocks it", out->text, BLOCK_PUBLIC_ACCESS,
		access.mode);
}

/* True: the way is right, and only VPC Block Public Access closes it. */
static bool judge_route(const struct facts *facts, const json_t *subnet, struct finding findings[VERDICTS])
{
	const char *id = tree_text(subnet, "subnetId"), *text;
	struct default_route out = default_route_of(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
		facts_tree(facts, FACT_NAT_GATEWAYS), facts->cloud->account, id);
	enum verdict verdict = judge_way(facts, &out, &text);
	const char *blocked = verdict == VERDICT_PASS ? blocked_text(facts, &out, id) : NULL;
	struct finding *finding = &findings[blocked ? VERDICT_FAIL : verdict];

	finding_evidence(facts, finding, "%s: %s%s: %s", id, out.table ? out.table : "-",
		!out.table || out.is_explicit ? "" : " (main)", blocked ? blocked : text);
	finding_resource(facts, finding, id);
	return blocked != NULL;
}

/* One exclusion for the VPC; where there is one already that allows too little, it is widened. */
static void remedy_exclusion(const struct facts *facts, const char *subnet_id, struct finding *finding)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	const char *mode = direct ? "allow-bidirectional" : "allow-egress";
	const char *exclusion = tree_text(public_access_of(facts, subnet_id).exclusion, "exclusionId");

	if (*exclusion)
		remedy_add(facts, finding,
			"ec2 modify-vpc-block-public-access-exclusion --exclusion-id %s --internet-gateway-exclusion-mode %s",
			shell_word(facts->arena, exclusion), mode);
	else
		remedy_add(facts, finding,
			"ec2 create-vpc-block-public-access-exclusion --vpc-id %s --internet-gateway-exclusion-mode %s",
			shell_word(facts->arena, aws_cloud(facts->cloud)->resources.vpc_id), mode);
	finding->remedy_kind = REMEDY_DO; /* the account's setting is somebody's decision */
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

/* Is the table the business of the cloud's subnets alone? */
static bool is_clouds(const struct facts *facts, const json_t *table)
{
	TREE_EACH (association, table, "associationSet") {
		const char *id = tree_text(association, "subnetId");

		if (tree_bool(association, "main") ||
			!text_list_has(&aws_cloud(facts->cloud)->resources.subnet_ids, id))
			return false;
	}
	return true;
}

/* Direct: a subnet of the main table goes on one that leads out; a table of its own is led out by the same gateway. */
static bool add_way_out(const struct facts *facts, const char *subnet_id, struct finding *finding,
	struct text_list *done)
{
	const json_t *table = public_table(facts);
	const json_t *own = route_table_of(facts_tree(facts, FACT_ROUTE_TABLES), subnet_id, NULL);
	const char *own_id = tree_text(own, "routeTableId");
	struct arena *arena = facts->arena;

	if (!table || facts->cloud->networking != NETWORKING_DIRECT)
		return false;
	if (!tree_find(own, "associationSet", "subnetId", subnet_id)) {
		remedy_add(facts, finding, "ec2 associate-route-table --subnet-id %s --route-table-id %s",
			shell_word(arena, subnet_id), shell_word(arena, tree_text(table, "routeTableId")));
		return true;
	}
	if (route_default(arena, own) || !is_clouds(facts, own))
		return false;
	if (!text_list_has(done, own_id))
		remedy_add(facts, finding,
			"ec2 create-route --route-table-id %s --destination-cidr-block 0.0.0.0/0 --gateway-id %s",
			shell_word(arena, own_id),
			shell_word(arena, route_target(route_default(arena, table))));
	text_list_add_once(arena, done, own_id);
	return true;
}

/* What only a person can choose the target of: one command for each table, of which the rest is known. */
static void advise_way_out(const struct facts *facts, struct finding *finding)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	const json_t *tables = facts_tree(facts, FACT_ROUTE_TABLES);
	struct text_list commands = {0};

	for (size_t i = 0; i < finding->resources.count; i++) {
		const json_t *table = route_table_of(tables, finding->resources.items[i], NULL);

		if (table)
			text_list_add_once(facts->arena, &commands,
				arena_printf(facts->arena,
					"aws ec2 %s-route --route-table-id %s --destination-cidr-block 0.0.0.0/0 %s --region %s",
					route_default(facts->arena, table) ? "replace" : "create",
					shell_word(facts->arena, tree_text(table, "routeTableId")),
					direct ? "--gateway-id <internet gateway attached to the VPC>"
					       : "--nat-gateway-id <NAT gateway in a public subnet>",
					shell_word(facts->arena, facts->cloud->region)));
	}
	if (commands.count > 0)
		remedy_say(facts, finding, "%s", text_join(facts->arena, &commands, " && "));
}

/* The NAT gateways are there, and what they need is a way out of their own; a private one can use none. */
static bool are_nat_gateways_lost(const struct facts *facts, const struct finding *finding)
{
	for (size_t i = 0; i < finding->resources.count; i++) {
		const char *id = default_route_nat_gateway(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
			finding->resources.items[i]);
		const json_t *nat = tree_find(facts_tree(facts, FACT_NAT_GATEWAYS), "natGatewaySet",
			"natGatewayId", id ? id : "");

		if (!nat || !text_equal(tree_text(nat, "state"), "available") ||
			text_equal(tree_text(nat, "connectivityType"), "private"))
			return false;
	}
	return facts->cloud->networking != NETWORKING_DIRECT;
}

static void remedy_routes(const struct facts *facts, struct finding *finding)
{
	struct text_list done = {0};
	bool all = true;

	for (size_t i = 0; all && i < finding->resources.count; i++)
		all = add_way_out(facts, finding->resources.items[i], finding, &done);
	if (all)
		return;
	if (are_nat_gateways_lost(facts, finding))
		remedy_say(facts, finding,
			"lead the subnets of the NAT gateways named above to an internet gateway that is attached to the VPC");
	else
		advise_way_out(facts, finding);
}

struct finding check_subnets_route(const struct facts *facts)
{
	bool direct = facts->cloud->networking == NETWORKING_DIRECT;
	struct finding by[VERDICTS] = {0}, *worst;
	size_t subnets = 0, blocked = 0;

	if (public_access_is_limited(facts) && facts_lost(facts, FACT_PUBLIC_ACCESS_EXCLUSIONS))
		return finding_lost(facts, FACT_PUBLIC_ACCESS_EXCLUSIONS);
	TREE_EACH (subnet, facts_tree(facts, FACT_SUBNETS), "subnetSet") {
		if (!is_in_cloud_vpc(facts, subnet))
			continue;
		subnets++;
		blocked += judge_route(facts, subnet, by);
	}
	if (subnets == 0)
		return finding_make(facts, VERDICT_SKIP, "needs subnets in %s",
			aws_cloud(facts->cloud)->resources.vpc_id);
	worst = by[VERDICT_FAIL].evidence.count ? &by[VERDICT_FAIL] : &by[VERDICT_WARN];
	if (worst->evidence.count == 0)
		return finding_conclude(facts, by[VERDICT_PASS], VERDICT_PASS,
			direct ? "each subnet has a route to the internet through the VPC's internet gateway"
			       : "each subnet has a default route that is not public");
	if (blocked > 0 && blocked == worst->resources.count) {
		remedy_exclusion(facts, worst->resources.items[0], worst);
		return finding_conclude(facts, *worst, VERDICT_FAIL,
			BLOCK_PUBLIC_ACCESS " stops internet traffic of %zu of %zu subnets", blocked,
			subnets);
	}
	remedy_routes(facts, worst);
	if (worst == &by[VERDICT_FAIL])
		return finding_conclude(facts, *worst, VERDICT_FAIL,
			"%zu of %zu subnets have no %s default route", worst->evidence.count, subnets,
			direct ? "public" : "private");
	return finding_conclude(facts, *worst, VERDICT_WARN,
		"whether %zu of %zu subnets have a default route depends on a prefix list, whose contents were not read",
		worst->evidence.count, subnets);
}
