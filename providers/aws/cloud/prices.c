/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS's on-demand list prices in US dollars, without taxes. The source is AWS's page of the price, which shows it in a
 * browser only. Above each row is a public page that quotes the price for us-east-1; as_of is that page's month.
 */
#include "providers/aws/cloud/prices.h"

#include "base/array.h"
#include "providers/aws/cloud/resource_types.h"

#define PRICING "https://aws.amazon.com/"

const struct price prices[] = {
	/*
	 * Not confirmed for Redis OSS, which the template has. The one quote that was found, $0.0336, has neither date nor
	 * engine. AWS's page shows Valkey first, and Valkey costs 0.7 of Redis OSS
	 * (https://docs.aws.amazon.com/memorydb/latest/devguide/reserved-nodes-size.html), which makes $0.048. If the quote was
	 * for Redis OSS after all, this is too much, not too little.
	 */
	{.item = "MemoryDB node (db.t4g.small)",
		.part = PART_MEMORYDB,
		.unit = PRICE_HOUR,
		.count = 2,
		.dollars = 0.048,
		.source = PRICING "memorydb/pricing/"},
	/* Not confirmed either: $0.20 for Redis OSS is only in the source of a calculator, of May 2023. */
	{.item = "what is written to MemoryDB",
		.part = PART_MEMORYDB,
		.unit = PRICE_GB,
		.count = 1,
		.dollars = 0.20,
		.source = PRICING "memorydb/pricing/"},
	/* https://cloudburn.io/blog/aws-nat-gateway-pricing, 24 February 2026 */
	{.item = "NAT gateway",
		.part = PART_NAT,
		.unit = PRICE_HOUR,
		.count = 1,
		.dollars = 0.045,
		.source = PRICING "vpc/pricing/",
		.as_of = "2026-02"},
	/* https://www.factualminds.com/blog/amazon-vpc-pricing-endpoints-peering-transit-gateway/, 13 June 2026 */
	{.item = "public IPv4 address of a NAT gateway",
		.part = PART_NAT,
		.unit = PRICE_HOUR,
		.count = 1,
		.dollars = 0.005,
		.source = PRICING "vpc/pricing/",
		.as_of = "2026-06"},
	/* The first 50 TB. Two lists of prices in public repositories, of 10 April and July 2026; no page with a date. */
	{.item = "S3 (Standard)",
		.part = PART_BASE,
		.unit = PRICE_GB_MONTH,
		.count = 1,
		.dollars = 0.023,
		.source = PRICING "s3/pricing/",
		.as_of = "2026-04"},
	/* https://cloudburn.io/blog/amazon-efs-pricing, 3 March 2026 */
	{.item = "EFS (Standard)",
		.part = PART_EFS,
		.unit = PRICE_GB_MONTH,
		.count = 1,
		.dollars = 0.30,
		.source = PRICING "efs/pricing/",
		.as_of = "2026-03"},
	/* https://www.factualminds.com/blog/aws-backup-pricing-vaults-cross-region-restores/, 13 June 2026 */
	{.item = "AWS Backup of EFS, daily, kept for 35 days",
		.part = PART_EFS,
		.unit = PRICE_GB_MONTH,
		.count = 1,
		.dollars = 0.05,
		.source = PRICING "backup/pricing/",
		.as_of = "2026-06"},
	/* The same two lists as for S3; https://npblue.com/cloud/aws/ec2-pricing-models/, 2026, without a month */
	{.item = "node (m5.xlarge)",
		.part = PART_BASE,
		.unit = PRICE_NODE_HOUR,
		.count = 1,
		.dollars = 0.192,
		.source = PRICING "ec2/pricing/on-demand/",
		.as_of = "2026-04"},
	/* as of a NAT gateway */
	{.item = "public IPv4 address of a node",
		.part = PART_BASE,
		.unit = PRICE_NODE_HOUR,
		.count = 1,
		.dollars = 0.005,
		.source = PRICING "vpc/pricing/",
		.as_of = "2026-06",
		.of_public_node = true},
	/* as the NAT gateway itself */
	{.item = "what passes through a NAT gateway",
		.part = PART_NAT,
		.unit = PRICE_GB,
		.count = 1,
		.dollars = 0.045,
		.source = PRICING "vpc/pricing/",
		.as_of = "2026-02"},
};

const size_t price_count = ARRAY_LENGTH(prices);

const char *const price_unit_names[] = {
	[PRICE_HOUR] = "hour",
	[PRICE_GB_MONTH] = "GB-month",
	[PRICE_NODE_HOUR] = "node-hour",
	[PRICE_GB] = "GB",
	NULL,
};
