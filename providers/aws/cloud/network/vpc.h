/* SPDX-License-Identifier: Apache-2.0 */
/* What a VPC consists of, as DescribeVpcs shows it. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_VPC_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_NETWORK_VPC_H

#include <jansson.h>

#include "base/text.h"

struct arena;

/* The blocks that are associated with one VPC of a reply ("vpcSet.0"); those that come or go do not count. */
struct text_list vpc_ipv4_blocks(struct arena *arena, const json_t *vpc);
struct text_list vpc_ipv6_blocks(struct arena *arena, const json_t *vpc);

#endif
