/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a subnet's traffic to the internet goes: its default route, and behind a NAT gateway the default route of that
 * gateway's subnet. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_DEFAULT_ROUTE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_DEFAULT_ROUTE_H

#include <jansson.h>
#include <stdbool.h>

struct arena;

enum egress_via {
	EGRESS_NONE,             /* none, or one that ends */
	EGRESS_INTERNET_GATEWAY, /* an internet gateway: the subnet is public */
	EGRESS_NAT_GATEWAY,      /* a public NAT gateway that reaches the internet */
	EGRESS_ELSEWHERE, /* leaves the VPC through something that is not checked further: transit gateway, peering, an appliance … */
	EGRESS_PREFIX_LIST, /* depends on a prefix list, whose contents were not read */
};

struct default_route {
	enum egress_via via;
	const char *table;  /* route table id; NULL: none applies to the subnet */
	bool is_explicit;   /* associated with the subnet; else the VPC's main table */
	const char *target; /* of an active default route; NULL: there is none */
	const char *lead;   /* "0.0.0.0/0 leads to igw-1"; with target */
	const char *text;   /* "0.0.0.0/0 leads to igw-1", and what is wrong with it; in arena */
};

/*
 * From a DescribeRouteTables reply of the VPC, and the DescribeNatGateways reply for the NAT gateways that default
 * routes lead to (may be absent: then none exists). account is the caller's: a participant in a subnet of another
 * account cannot describe that account's NAT gateways ("participants cannot create, delete, or describe NAT gateways in a
 * shared VPC subnet", Amazon VPC User Guide), so those are not checked. NULL: not known.
 */
struct default_route default_route_of(struct arena *arena, const json_t *route_tables,
	const json_t *nat_gateways, const char *account, const char *subnet_id);

/* The NAT gateway that the subnet's active default route leads to; NULL when it leads elsewhere or nowhere. */
const char *default_route_nat_gateway(struct arena *arena, const json_t *route_tables, const char *subnet_id);

#endif
