/* SPDX-License-Identifier: Apache-2.0 */
/* Which way a subnet's traffic leaves: its effective route table and its default route. Pure. */
#ifndef CLOUDCTL_VERIFY_ROUTE_H
#define CLOUDCTL_VERIFY_ROUTE_H

#include <jansson.h>
#include <stdbool.h>

/*
 * The route table that governs a subnet: the one it is associated with, else the VPC's main table; NULL when the
 * DescribeRouteTables reply has neither. *explicit says which (may be NULL).
 */
const json_t *route_table_of(const json_t *route_tables, const char *subnet_id, bool *is_explicit);

/* The IPv4 default route (0.0.0.0/0) of a table, active or not; an active one before a blackhole. NULL: none. */
const json_t *route_default(const json_t *route_table);

/* "active" or "blackhole": the target of a blackhole route no longer exists, so it leads nowhere. */
bool route_is_active(const json_t *route);

/* Where a route leads: "igw-1", "nat-1", "tgw-1", "eni-1" …; "" when the reply names no target. */
const char *route_target(const json_t *route);

/* Is the target an internet gateway, and is that one attached to this VPC (DescribeInternetGateways reply)? */
bool route_is_internet_gateway(const json_t *route);
bool route_gateway_is_attached(const json_t *internet_gateways, const char *gateway_id, const char *vpc_id);

#endif
