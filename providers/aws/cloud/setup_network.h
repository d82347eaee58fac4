/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which network `setup` makes for a cloud: public subnets, or private ones behind NAT gateways. The record keeps it, so
 * that the next run makes the same. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_NETWORK_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct member_table;

/* More than one are in different zones; the template has so many. */
enum { NAT_GATEWAYS_MAX = 3 };

struct setup_network {
	const char *nat_gateways; /* of private subnets: "one" or "per-zone"; NULL: the subnets are public */
};

/* How the record's "network" is read and written: the keys are the members' names. */
extern const struct member_table setup_network_table;

struct network_options {
	bool private_network;
	const char *nat_gateways;
};

/* Options to a network. ERROR_USAGE: options that do not go together. vpc_bits: the length of the VPC's prefix. */
int setup_network_plan(const struct network_options *options, unsigned vpc_bits,
	struct setup_network *network, struct error *err);

/* How many NAT gateways a cloud in so many zones has. */
size_t setup_network_nat_gateways(const struct setup_network *network, size_t zones);

/* In how many of so many zones its subnets are: one NAT gateway for each zone limits them. */
size_t setup_network_zones(const struct setup_network *network, size_t zones);

#endif
