/* SPDX-License-Identifier: Apache-2.0 */
/* Which way a subnet's traffic leaves: its effective route table and its default route. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_ROUTE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_ROUTE_H

#include <jansson.h>
#include <stdbool.h>

struct arena;

/*
 * The route table that governs a subnet: the one it is associated with, else the VPC's main table; NULL when the
 * DescribeRouteTables reply has neither. *explicit says which (may be NULL).
 */
const json_t *route_table_of(const json_t *route_tables, const char *subnet_id, bool *is_explicit);

/* The account that shares the route table with this one; NULL when it is this one's own, or that is not known. */
const char *route_table_sharer(const json_t *route_table, const char *account);

/*
 * The route that most of the IPv4 internet takes, active or not: 0.0.0.0/0, unless narrower routes take more of it
 * away (0.0.0.0/1 and 128.0.0.0/1, say); "we use the most specific route that matches the traffic" (Amazon VPC User
 * Guide, Route priority). Of routes to one target the widest represents all; of two to one block an active one before
 * a blackhole. NULL: most of it has no route. Routes to prefix lists are not counted.
 */
const json_t *route_default(struct arena *arena, const json_t *route_table);

/*
 * "active" or "blackhole": a blackhole route leads nowhere, because its target no longer exists or, an internet gateway,
 * is not attached to the VPC (Amazon EC2 API Reference, Route: state). So whether the gateway of an active route is
 * attached need not be asked again.
 */
bool route_is_active(const json_t *route);

/* Where a route leads: "igw-1", "nat-1", "tgw-1", "eni-1" …; "" when the reply names no target. */
const char *route_target(const json_t *route);

bool route_is_internet_gateway(const json_t *route);

#endif
