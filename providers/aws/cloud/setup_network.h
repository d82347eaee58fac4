/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which network a managed cloud is in: a VPC that `setup` makes, with public subnets or private ones behind NAT gateways,
 * or the user's own. The record keeps it, so that the next run makes the same, and says by it what is the user's. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_NETWORK_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct member_table;

/* More than one are in different zones; the template has so many. */
enum { NAT_GATEWAYS_MAX = 3 };

enum {
	VPC_PREFIX_MIN = 16, /* the largest VPC there is (Amazon VPC User Guide, "VPC CIDR blocks") */
	/* the smallest block, and the smallest that is recommended (Detailed resource requirements, "VPC") */
	VPC_PREFIX_MAX = 24,
	VPC_PREFIX_RECOMMENDED = 20,
};

struct setup_network {
	/* of private subnets that setup makes: "one" or "per-zone"; NULL: it makes none */
	const char *nat_gateways;
	/* block of the VPC that setup makes; NULL: the VPC is the user's, or an older version wrote the record */
	const char *vpc_cidr;
	/* the user's, which are neither changed nor deleted; NULL and none: setup makes them */
	const char *vpc_id;
	struct text_list subnet_ids;
};

/* How the record's "network" is read and written: the keys are the members' names. */
extern const struct member_table setup_network_table;

struct network_options {
	bool private_network;
	const char *nat_gateways;
	const char *vpc_id;
	struct text_list subnet_ids;
};

/*
 * Options to a network. ERROR_USAGE: ids of another shape, or options that do not go together. vpc_bits: the length of
 * the prefix of a VPC that is to be made.
 */
int setup_network_plan(struct arena *arena, const struct network_options *options, unsigned vpc_bits,
	struct setup_network *network, struct error *err);

/* How many NAT gateways a cloud in so many zones has. */
size_t setup_network_nat_gateways(const struct setup_network *network, size_t zones);

/* In how many of so many zones its subnets are: one NAT gateway for each zone limits them. */
size_t setup_network_zones(const struct setup_network *network, size_t zones);

#endif
