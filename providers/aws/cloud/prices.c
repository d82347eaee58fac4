/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's on-demand list prices in US dollars, without taxes. Each row names the page of its price. */
#include "providers/aws/cloud/prices.h"

#include "base/array.h"
#include "providers/aws/cloud/resource_types.h"

#define PRICING "https://aws.amazon.com/"

const struct price prices[] = {
	{"MemoryDB node (db.t4g.small)", PART_MEMORYDB, PRICE_HOUR, 2, 0.0336, PRICING "memorydb/pricing/"},
	{"NAT gateway", PART_NAT, PRICE_HOUR, 1, 0.045, PRICING "vpc/pricing/"},
	{"public IPv4 address of a NAT gateway", PART_NAT, PRICE_HOUR, 1, 0.005, PRICING "vpc/pricing/"},
	{"S3 (Standard)", PART_BASE, PRICE_GB_MONTH, 1, 0.023, PRICING "s3/pricing/"},
	{"EFS (Standard)", PART_EFS, PRICE_GB_MONTH, 1, 0.30, PRICING "efs/pricing/"},
	{"AWS Backup of EFS, daily, kept for 35 days", PART_EFS, PRICE_GB_MONTH, 1, 0.05,
		PRICING "backup/pricing/"},
	{"node (m5.xlarge)", PART_BASE, PRICE_NODE_HOUR, 1, 0.192, PRICING "ec2/pricing/on-demand/"},
	{"public IPv4 address of a node", PART_BASE, PRICE_NODE_HOUR, 1, 0.005, PRICING "vpc/pricing/",
		.of_public_node = true},
	{"what passes through a NAT gateway", PART_NAT, PRICE_GB, 1, 0.045, PRICING "vpc/pricing/"},
};

const size_t price_count = ARRAY_LENGTH(prices);

const char *const price_unit_names[] = {
	[PRICE_HOUR] = "hour",
	[PRICE_GB_MONTH] = "GB-month",
	[PRICE_NODE_HOUR] = "node-hour",
	[PRICE_GB] = "GB",
	NULL,
};
