/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a subnet's traffic to the internet goes: its default route, and behind a NAT gateway that one's own way out.
 * Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_DEFAULT_ROUTE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_DEFAULT_ROUTE_H

#include <jansson.h>
#include <stdbool.h>

struct arena;

enum way {
	WAY_NONE,     /* none, or one that ends */
	WAY_INTERNET, /* an internet gateway: the subnet is public */
	WAY_NAT,      /* a public NAT gateway that reaches the internet */
	WAY_ELSEWHERE, /* leaves the VPC by something that is not followed: transit gateway, peering, an appliance … */
	WAY_OPEN, /* hangs on what a prefix list holds, which was not asked */
};

struct way_out {
	enum way way;
	const char *table;  /* route table id; NULL: none governs the subnet */
	bool is_explicit;   /* associated with the subnet; else the VPC's main table */
	const char *target; /* of an active default route; NULL: there is none */
	const char *lead;   /* "0.0.0.0/0 leads to igw-1"; with target */
	const char *text;   /* "0.0.0.0/0 leads to igw-1", and what is wrong with it; in arena */
};

/*
 * From a DescribeRouteTables reply of the VPC, and the DescribeNatGateways reply for the NAT gateways that default
 * routes lead to (may be absent: then none exists). account is whose eyes see it: whoever shares a subnet of another
 * account cannot describe that one's NAT gateways ("participants cannot create, delete, or describe NAT gateways in a
 * shared VPC subnet", Amazon VPC User Guide), so those are not followed. NULL: not known.
 */
struct way_out way_out_of(struct arena *arena, const json_t *route_tables, const json_t *nat_gateways,
	const char *account, const char *subnet_id);

/* The NAT gateway that the subnet's active default route leads to; NULL when it leads elsewhere or nowhere. */
const char *way_out_nat_gateway(struct arena *arena, const json_t *route_tables, const char *subnet_id);

#endif
