/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VPC Block Public Access: what an account's setting in a region leaves of traffic through internet gateways (Amazon VPC
 * User Guide, "Block public access to VPCs and subnets"). Pure.
 *
 * The replies that describe VPCs and subnets say which mode holds; "block-bidirectional" stops everything, and
 * "block-ingress" everything but what goes out through NAT gateways and egress-only internet gateways. An exclusion
 * of the subnet or its VPC allows all again, or what goes out.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_PUBLIC_ACCESS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_PUBLIC_ACCESS_H

#include "providers/aws/cloud/cloud_plan.h"

struct public_access {
	bool in;                 /* traffic comes in through an internet gateway, and is answered */
	bool out;                /* what a NAT gateway in the subnet sends goes out, and is answered */
	const char *mode;        /* "block-ingress"; "off" or "" when nothing is blocked */
	const json_t *exclusion; /* of the subnet or its VPC, which allows what goes out alone; NULL: none */
};

/* Of one subnet of the cloud's VPC. Reads VPC and SUBNETS, and EXCLUSIONS if that is known. */
struct public_access public_access_of(const struct facts *facts, const char *subnet_id);

/* May something be blocked that the cloud needs, so that exclusions matter? Reads VPC and SUBNETS. */
bool public_access_is_limited(const struct facts *facts);

#endif
