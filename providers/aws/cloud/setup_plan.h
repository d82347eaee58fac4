/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `setup` is going to make, worked out before anything is made: options checked, the VPC cut into subnets, zones
 * chosen, the template's parameters filled in, and the stack's outputs read back. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_PLAN_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_PLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/option.h"
#include "base/text.h"
#include "providers/aws/cloud/setup_choices.h"
#include "providers/aws/cloud/setup_network.h"
#include "providers/functional.h"
#include "providers/records/cloud.h"

struct arena;

/* The control plane's account (Detailed resource requirements, "IAM Role for cross account access"). */
extern const char setup_control_plane_account[];

struct setup_options {
	const char *argument; /* NAME without --name */
	const char *name, *provider, *vpc_cidr, *https_cidr, *ssh_cidr, *control_plane_account, *cloud_tag;
	bool memorydb; /* --enable-head-node-fault-tolerance */
	struct network_options network;
	bool skip_preflight, check_cidr_overlap;
	bool plan; /* --plan: say what would be created, and end */
	bool yes;
	struct setup_choices choices;
	struct functional_options functional;
};

/* The rows of these options. */
extern const struct option setup_option_rows[];

struct setup_plan {
	const char *name;
	const char *vpc_cidr, *https_cidr, *ssh_cidr; /* ssh_cidr "" for no SSH */
	const char *control_plane_account;
	const char *cloud_tag; /* see cloud_tag.h */
	unsigned subnet_bits;  /* host bits of each of the 8 subnets that are cut from the VPC */
	bool memorydb;
	bool small; /* the VPC is smaller than recommended (/20) */
	enum cloud_networking networking;
	struct setup_network network; /* of the options, or of the record where these do not say it */
	struct setup_choices choices; /* of the options, and what the record has beside them */
	struct text_list zones;
};

/* An IPv4 block that somebody is let in from. ERROR_USAGE names the option ("--ssh-cidr"). */
int setup_plan_source(const char *option, const char *text, struct error *err);

/* Options to a plan without zones. ERROR_USAGE names the option. */
int setup_plan_options(struct arena *arena, const struct setup_options *options, struct setup_plan *plan,
	struct error *err);

/*
 * Into the plan what an earlier run recorded and the options do not say; borrowed from the cloud. ERROR_USAGE: the options
 * do not go together with what is recorded.
 */
int setup_plan_resume(struct arena *arena, const struct setup_options *options, const struct cloud *cloud,
	struct setup_plan *plan, struct error *err);

/*
 * Accounts belong to a partition, and the default control plane's is one of "aws" (AWS General Reference, "AWS accounts").
 * NULL: it can be used in the region; else what to do, in arena.
 */
const char *control_plane_account_mistake(struct arena *arena, const char *account, const char *region);

/*
 * Is the region one of the account's? regions is the reply of ec2:DescribeRegions with AllRegions. ERROR_INPUT: there
 * is none of that name (the nearest one is named), or it is not enabled.
 */
int setup_plan_region(struct arena *arena, const json_t *regions, const char *region, struct error *err);

/*
 * The cloud as it is going to be: the record, which must have id, stack_name, region and account, and of the resources
 * those whose names follow from the id.
 */
struct cloud setup_plan_cloud(struct arena *arena, const struct setup_plan *plan, const struct cloud *cloud);

/* The template's parameters as an object of strings; new reference. */
json_t *setup_plan_parameters(struct arena *arena, const struct setup_plan *plan, const struct cloud *cloud);

/*
 * Does the cloud's stack that is there already have what is asked for? Only what the options say is compared: with the
 * stack's parameters, and with its tags in the DescribeStacks element. ERROR_CONFLICT names the record, and each option
 * that asks for something else with what the stack has.
 */
int setup_plan_matches(struct arena *arena, const struct setup_options *options, const struct cloud *cloud,
	const json_t *stack_parameters, const json_t *stack, struct error *err);

/* The stack's outputs into the cloud's resources. ERROR_PROTOCOL names the outputs that are missing. */
int setup_plan_outputs(struct arena *arena, const json_t *outputs, struct cloud *cloud, struct error *err);

#endif
