/* SPDX-License-Identifier: Apache-2.0 */
/* Following default routes as far as the VPC's own route tables tell. */
#include "providers/aws/cloud/network/default_route.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/network/route.h"

/* What a default route can lead to, by the beginning of its id. */
static const struct route_kind {
	const char *prefix;
	enum egress_via via;
	const char *name;
} kinds[] = {
	{"igw-", EGRESS_INTERNET_GATEWAY, "an internet gateway"},
	{"nat-", EGRESS_NAT_GATEWAY, "a NAT gateway"},
	{"tgw-", EGRESS_ELSEWHERE, "a transit gateway"},
	{"pcx-", EGRESS_ELSEWHERE, "a peering connection"},
	{"vgw-", EGRESS_ELSEWHERE, "a VPN gateway"},
	{"vpce-", EGRESS_ELSEWHERE, "an endpoint of a firewall or load balancer"},
	{"eni-", EGRESS_ELSEWHERE, "a network interface"},
	{"i-", EGRESS_ELSEWHERE, "an instance"},
	{"lgw-", EGRESS_ELSEWHERE, "a local gateway"},
	{"cagw-", EGRESS_ELSEWHERE, "a carrier gateway"},
	{"arn:", EGRESS_ELSEWHERE, "a core network"},
};

static const struct route_kind *kind_of(const char *target)
{
	static const struct route_kind unknown = {"", EGRESS_ELSEWHERE, "a target of an unknown kind"};

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (text_starts_with(target, kinds[i].prefix))
			return &kinds[i];
	return &unknown;
}

const char *default_route_nat_gateway(struct arena *arena, const json_t *route_tables, const char *subnet_id)
{
	const json_t *route = route_default(arena, route_table_of(route_tables, subnet_id, NULL));

	return route && route_is_active(route) && kind_of(route_target(route))->via == EGRESS_NAT_GATEWAY
		? route_target(route)
		: NULL;
}

/* "0.0.0.0/0 leads to igw-1" */
static const char *lead_text(struct arena *arena, const json_t *route)
{
	const char *block = tree_text(route, "destinationCidrBlock");

	if (text_equal(block, "0.0.0.0/0"))
		return arena_printf(arena, "%s leads to %s", block, route_target(route));
	return arena_printf(arena, "most of the internet (%s, by narrower routes than 0.0.0.0/0) leads to %s",
		block, route_target(route));
}

static const char *blackhole_text(struct arena *arena, const json_t *route)
{
	return arena_printf(arena, "%s, which %s (blackhole)", lead_text(arena, route),
		route_is_internet_gateway(route) ? "is not attached to the VPC, or no longer exists"
						 : "no longer exists");
}

/* Without a default route other routes may still say something: for IPv6, or for a list of blocks. */
static void describe_other_routes(struct arena *arena, const json_t *table, struct default_route *out)
{
	out->text = "no route to 0.0.0.0/0";
	TREE_EACH (route, table, "routeSet") {
		const char *list = tree_text(route, "destinationPrefixListId");
		const char *target = route_target(route);

		if (!route_is_active(route))
			continue;
		if (text_starts_with(target, "eigw-") && out->via == EGRESS_NONE)
			out->text = arena_printf(arena, "no route to 0.0.0.0/0; only IPv6 leaves, through %s",
				target);
		if (!*list || text_starts_with(target, "vpce-"))
			continue;
		out->via = EGRESS_PREFIX_LIST;
		out->text = arena_printf(arena,
			"no route to 0.0.0.0/0, but one to prefix list %s, which leads to %s: the contents of the list were not read",
			list, target);
	}
}

/* No NAT gateway works in a subnet whose own default route ends; false, said in *out, when it does. */
static bool leads_on(struct arena *arena, const json_t *route, const char *subnet_id,
	struct default_route *out)
{
	if (route && route_is_active(route))
		return true;
	out->via = EGRESS_NONE;
	if (route)
		out->text = arena_printf(arena, "%s, in whose %s %s", out->text, subnet_id,
			blackhole_text(arena, route));
	else
		out->text = arena_printf(arena, "%s, whose %s has no route to 0.0.0.0/0", out->text,
			subnet_id);
	return false;
}

/*
 * A private NAT gateway leads to other networks: "if you route traffic from the private NAT gateway to the internet
 * gateway, the internet gateway drops the traffic" (Amazon VPC User Guide, "NAT gateways").
 */
static void follow_private(struct arena *arena, const json_t *route_tables, const char *subnet_id,
	struct default_route *out)
{
	const json_t *route = route_default(arena, route_table_of(route_tables, subnet_id, NULL));

	out->text = arena_printf(arena, "%s, a private NAT gateway", out->text);
	if (*subnet_id && !leads_on(arena, route, subnet_id, out))
		return;
	if (route && route_is_internet_gateway(route)) {
		out->via = EGRESS_NONE;
		out->text = arena_printf(arena, "%s, whose %s leads to %s, which drops what comes from there",
			out->text, subnet_id, route_target(route));
	} else {
		out->via = EGRESS_ELSEWHERE;
		out->text = arena_printf(arena, "%s: leaves the VPC, not checked further", out->text);
	}
}

/* A public NAT gateway works only where its own subnet leads to the internet, or through an appliance towards it. */
static void follow_public(struct arena *arena, const json_t *route_tables, const char *subnet_id,
	struct default_route *out)
{
	const json_t *route = route_default(arena, route_table_of(route_tables, subnet_id, NULL));
	const char *target = route ? route_target(route) : "";

	if (!leads_on(arena, route, subnet_id, out))
		return;
	if (kind_of(target)->via == EGRESS_INTERNET_GATEWAY) {
		out->text = arena_printf(arena, "%s, and from its %s to %s", out->text, subnet_id, target);
	} else if (text_starts_with(target, "vpce-") || text_starts_with(target, "eni-")) {
		out->text = arena_printf(arena, "%s, and from its %s to %s, %s: not checked further",
			out->text, subnet_id, target, kind_of(target)->name);
	} else {
		out->via = EGRESS_NONE;
		out->text = arena_printf(arena,
			"%s, a public NAT gateway, whose %s leads to %s and not to an internet gateway",
			out->text, subnet_id, target);
	}
}

static void follow_nat_gateway(struct arena *arena, const json_t *route_tables, const json_t *nat_gateways,
	const char *sharer, struct default_route *out)
{
	const json_t *nat = tree_find(nat_gateways, "natGatewaySet", "natGatewayId", out->target);
	const char *state = tree_text(nat, "state"), *subnet_id = tree_text(nat, "subnetId");

	if (!nat && sharer) {
		out->text = arena_printf(arena,
			"%s, a NAT gateway of account %s, which shares the VPC: not checked further",
			out->text, sharer);
	} else if (!nat) {
		out->via = EGRESS_NONE;
		out->text = arena_printf(arena, "%s, which does not exist", out->text);
	} else if (!text_equal(state, "available")) {
		out->via = EGRESS_NONE;
		out->text = arena_printf(arena, "%s, which is %s, not available", out->text, state);
	} else if (text_equal(tree_text(nat, "connectivityType"), "private")) {
		follow_private(arena, route_tables, subnet_id, out);
	} else if (!*subnet_id) {
		out->text = arena_printf(arena, "%s, a regional NAT gateway: not checked further", out->text);
	} else {
		follow_public(arena, route_tables, subnet_id, out);
	}
}

struct default_route default_route_of(struct arena *arena, const json_t *route_tables,
	const json_t *nat_gateways, const char *account, const char *subnet_id)
{
	struct default_route out = {.via = EGRESS_NONE, .text = "no route table applies to it"};
	const json_t *table = route_table_of(route_tables, subnet_id, &out.is_explicit);
	const json_t *route = route_default(arena, table);

	if (!table)
		return out;
	out.table = tree_text(table, "routeTableId");
	if (!route) {
		describe_other_routes(arena, table, &out);
	} else if (!route_is_active(route)) {
		out.text = blackhole_text(arena, route);
	} else {
		out.target = route_target(route);
		out.via = kind_of(out.target)->via;
		out.lead = out.text = lead_text(arena, route);
	}
	if (out.via == EGRESS_NAT_GATEWAY)
		follow_nat_gateway(arena, route_tables, nat_gateways, route_table_sharer(table, account),
			&out);
	else if (out.via == EGRESS_ELSEWHERE)
		out.text = arena_printf(arena, "%s, %s: leaves the VPC, not checked further", out.text,
			kind_of(out.target)->name);
	return out;
}
