/* SPDX-License-Identifier: Apache-2.0 */
/* The network of a managed cloud: what was asked for, and how many of its parts there are. */
#include "providers/aws/cloud/setup_network.h"

#include "base/cidr.h"
#include "base/member.h"
#include "base/text.h"
#include "providers/aws/cloud/kinds.h"

/*
 * The public subnets of NAT gateways are /28, which is the smallest (Amazon VPC User Guide, "Subnet sizing"), all in
 * the last of the 8 blocks of the VPC: of a /24 that block has room for two.
 */
enum { LONGEST_PREFIX_PER_ZONE = 23 };

/* A parameter of a template has 4,096 characters at most (CloudFormation quotas): 160 ids. */
enum { LEAST_SUBNETS = 2, MOST_SUBNETS = 100 };

static const char per_zone[] = "per-zone";

static bool is_nat_gateways(const char *text)
{
	return text_equal(text, "one") || text_equal(text, per_zone);
}

static bool is_vpc_cidr(const char *text)
{
	struct cidr block;
	bool exact;

	return cidr_parse(text, &block, &exact) && exact && !block.v6 && block.bits >= VPC_PREFIX_MIN &&
		block.bits <= VPC_PREFIX_MAX;
}

static bool is_vpc(const char *text)
{
	return kinds[KIND_VPC].valid(text);
}

static bool is_subnet(const char *text)
{
	return kinds[KIND_SUBNETS].valid(text);
}

static const struct member rows[] = {
	{"nat_gateways", MEMBER_TEXT, offsetof(struct setup_network, nat_gateways), .valid = is_nat_gateways,
		.form = "one or per-zone"},
	{"vpc_cidr", MEMBER_TEXT, offsetof(struct setup_network, vpc_cidr), .valid = is_vpc_cidr,
		.form = "an IPv4 block, such as 10.0.0.0/16, from /16 to /24"},
	{"vpc_id", MEMBER_TEXT, offsetof(struct setup_network, vpc_id), .valid = is_vpc,
		.form = "a VPC's id"},
	{"subnet_ids", MEMBER_LIST, offsetof(struct setup_network, subnet_ids), .valid = is_subnet,
		.form = "a subnet's id"},
};
const struct member_table setup_network_table = {MEMBER_TABLE(struct setup_network, rows)};

/* The user's own, whose way to the internet is the user's too. */
static int check_existing(struct arena *arena, const struct network_options *options, struct error *err)
{
	const struct resource_kind *vpc = &kinds[KIND_VPC], *subnets = &kinds[KIND_SUBNETS];
	const struct text_list *ids = &options->subnet_ids;

	if (!options->vpc_id || ids->count == 0)
		return error_set(err, ERROR_USAGE,
			"--vpc-id and --subnet-ids go together: a VPC that is there, and its subnets for the cloud");
	if (options->nat_gateways)
		return error_set(err, ERROR_USAGE,
			"--nat-gateways: with --vpc-id nothing is added to the VPC; its subnets need their own way to the internet");
	if (!vpc->valid(options->vpc_id))
		return error_set(err, ERROR_USAGE, "--vpc-id: '%s' is not %s", options->vpc_id,
			vpc->valid_form);
	for (size_t i = 0; i < ids->count; i++)
		if (!subnets->valid(ids->items[i]))
			return error_set(err, ERROR_USAGE, "--subnet-ids: '%s' is not %s", ids->items[i],
				subnets->valid_form);
	if (text_list_distinct(arena, ids).count < ids->count)
		return error_set(err, ERROR_USAGE, "--subnet-ids: a subnet is given twice");
	if (ids->count < LEAST_SUBNETS || ids->count > MOST_SUBNETS)
		return error_set(err, ERROR_USAGE,
			"--subnet-ids: %d to %d subnets are needed, in different zones", LEAST_SUBNETS,
			MOST_SUBNETS);
	return 0;
}

int setup_network_plan(struct arena *arena, const struct network_options *options, unsigned vpc_bits,
	struct setup_network *network, struct error *err)
{
	*network = (struct setup_network){.vpc_id = options->vpc_id, .subnet_ids = options->subnet_ids};
	if (options->vpc_id || options->subnet_ids.count > 0)
		return check_existing(arena, options, err);
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
