/* SPDX-License-Identifier: Apache-2.0 */
/* Reading DescribeRouteTables replies. */
#include "verify/route.h"

#include "base/text.h"
#include "providers/tree.h"

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

bool route_is_active(const json_t *route)
{
	return text_equal(tree_text(route, "state"), "active");
}

const json_t *route_default(const json_t *route_table)
{
	const json_t *found = NULL;

	TREE_EACH (route, route_table, "routeSet")
		if (text_equal(tree_text(route, "destinationCidrBlock"), "0.0.0.0/0") &&
			(!found || route_is_active(route)))
			found = route;
	return found;
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

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (*tree_text(route, members[i]))
			return tree_text(route, members[i]);
	return "";
}

bool route_is_internet_gateway(const json_t *route)
{
	return text_starts_with(tree_text(route, "gatewayId"), "igw-");
}
