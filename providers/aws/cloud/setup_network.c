/* SPDX-License-Identifier: Apache-2.0 */
/* The network of a managed cloud: what was asked for, and how many of its parts there are. */
#include "providers/aws/cloud/setup_network.h"

#include "base/member.h"
#include "base/text.h"

/*
 * The public subnets of NAT gateways are /28, which is the smallest (Amazon VPC User Guide, "Subnet sizing"), all in
 * the last of the 8 blocks of the VPC: of a /24 that block has room for two.
 */
enum { LONGEST_PREFIX_PER_ZONE = 23 };

static const char per_zone[] = "per-zone";

static bool is_nat_gateways(const char *text)
{
	return text_equal(text, "one") || text_equal(text, per_zone);
}

static const struct member rows[] = {
	{"nat_gateways", MEMBER_TEXT, offsetof(struct setup_network, nat_gateways), .valid = is_nat_gateways,
		.form = "one or per-zone"},
};
const struct member_table setup_network_table = {MEMBER_TABLE(struct setup_network, rows)};

int setup_network_plan(const struct network_options *options, unsigned vpc_bits,
	struct setup_network *network, struct error *err)
{
	*network = (struct setup_network){0};
	if (!options->private_network) {
		if (options->nat_gateways)
			return error_set(err, ERROR_USAGE,
				"--nat-gateways: public subnets have no NAT gateway; add --private-network");
		return 0;
	}
	network->nat_gateways = options->nat_gateways ? options->nat_gateways : "one";
	if (text_equal(network->nat_gateways, per_zone) && vpc_bits > LONGEST_PREFIX_PER_ZONE)
		return error_set(err, ERROR_USAGE,
			"--vpc-cidr: a /%u has no room for the subnets of NAT gateways in three zones; choose a /%d or larger, or --nat-gateways one",
			vpc_bits, LONGEST_PREFIX_PER_ZONE);
	return 0;
}

size_t setup_network_nat_gateways(const struct setup_network *network, size_t zones)
{
	if (!network->nat_gateways)
		return 0;
	return text_equal(network->nat_gateways, per_zone) ? setup_network_zones(network, zones) : 1;
}

size_t setup_network_zones(const struct setup_network *network, size_t zones)
{
	bool limited = text_equal(network->nat_gateways, per_zone);

	return limited && zones > NAT_GATEWAYS_MAX ? NAT_GATEWAYS_MAX : zones;
}
