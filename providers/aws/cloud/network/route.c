/* SPDX-License-Identifier: Apache-2.0 */
/* Reading DescribeRouteTables replies. */
#include "providers/aws/cloud/network/route.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/cidr.h"
#include "base/text.h"
#include "base/tree.h"

/* An association that is being made, undone or has failed does not govern anything. */
static bool is_in_force(const json_t *association)
{
	const char *state = tree_text(association, "associationState.state");

	return !*state || text_equal(state, "associated");
}

const json_t *route_table_of(const json_t *route_tables, const char *subnet_id, bool *is_explicit)
{
	const json_t *main_table = NULL;

	TREE_EACH (table, route_tables, "routeTableSet") {
		TREE_EACH (association, table, "associationSet") {
			if (!is_in_force(association))
				continue;
			if (text_equal(tree_text(association, "subnetId"), subnet_id)) {
				if (is_explicit)
					*is_explicit = true;
				return table;
			}
			if (tree_bool(association, "main"))
				main_table = table;
		}
	}
	if (is_explicit)
		*is_explicit = false;
	return main_table;
}

const char *route_table_sharer(const json_t *route_table, const char *account)
{
	const char *owner = tree_text(route_table, "ownerId");

	return account && *owner && !text_equal(owner, account) ? owner : NULL;
}

bool route_is_active(const json_t *route)
{
	return text_equal(tree_text(route, "state"), "active");
}

const char *route_target(const json_t *route)
{
	static const char *const members[] = {
		"gatewayId",
		"natGatewayId",
		"transitGatewayId",
		"networkInterfaceId",
		"instanceId",
		"vpcPeeringConnectionId",
		"localGatewayId",
		"carrierGatewayId",
		"coreNetworkArn",
		"egressOnlyInternetGatewayId",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
		if (*tree_text(route, members[i]))
			return tree_text(route, members[i]);
	return "";
}

bool route_is_internet_gateway(const json_t *route)
{
	return text_starts_with(tree_text(route, "gatewayId"), "igw-");
}

/* One route to an IPv4 block, and how many of its addresses no narrower route takes. */
struct share {
	const json_t *route;
	struct cidr block;
	uint64_t addresses;
};

/* A table holds at most 1,000 routes ("Amazon VPC quotas"); more are not looked at. */
enum { ROUTES_MAX = 1024 };

static void add_share(struct share *shares, size_t *count, const json_t *route)
{
	struct share share = {.route = route};

	if (!cidr_parse(tree_text(route, "destinationCidrBlock"), &share.block, NULL) || share.block.v6)
		return;
	share.addresses = cidr_size(&share.block);
	for (size_t i = 0; i < *count; i++) {
		if (shares[i].block.bits != share.block.bits || !cidr_holds(&shares[i].block, &share.block))
			continue;
		if (!route_is_active(shares[i].route))
			shares[i].route = route;
		return;
	}
	shares[(*count)++] = share;
}

/* The narrowest other block that holds the block, or NULL. */
static struct share *holder(struct share *shares, size_t count, const struct share *inner)
{
	struct share *narrowest = NULL;

	for (size_t i = 0; i < count; i++)
		if (shares[i].block.bits < inner->block.bits && cidr_holds(&shares[i].block, &inner->block) &&
			(!narrowest || shares[i].block.bits > narrowest->block.bits))
			narrowest = &shares[i];
	return narrowest;
}

static bool leads_alike(const json_t *a, const json_t *b)
{
	return route_is_active(a) == route_is_active(b) && text_equal(route_target(a), route_target(b));
}

/* How many addresses go where the route goes; *widest receives the widest route that goes there. */
static uint64_t going_with(const struct share *shares, size_t count, const struct share *share,
	const struct share **widest)
{
	uint64_t addresses = 0;

	*widest = share;
	for (size_t i = 0; i < count; i++) {
		if (!leads_alike(shares[i].route, share->route))
			continue;
		addresses += shares[i].addresses;
		if (shares[i].block.bits < (*widest)->block.bits)
			*widest = &shares[i];
	}
	return addresses;
}

const json_t *route_default(struct arena *arena, const json_t *route_table)
{
	size_t routes = tree_count(tree_get(route_table, "routeSet"));
	struct share *shares = NEW_ARRAY(arena, struct share, routes < ROUTES_MAX ? routes : ROUTES_MAX);
	const json_t *found = NULL;
	uint64_t most = (uint64_t)1 << 32; /* so far: the addresses that no route takes */
	size_t count = 0;

	TREE_EACH (route, route_table, "routeSet")
		if (count < ROUTES_MAX)
			add_share(shares, &count, route);
	for (size_t i = 0; i < count; i++) {
		uint64_t size = cidr_size(&shares[i].block);
		struct share *outer = holder(shares, count, &shares[i]);

		*(outer ? &outer->addresses : &most) -= size;
	}
	for (size_t i = 0; i < count; i++) {
		const struct share *widest;
		uint64_t addresses = going_with(shares, count, &shares[i], &widest);

		if (addresses > most) {
			most = addresses;
			found = widest->route;
		}
	}
	return found;
}
