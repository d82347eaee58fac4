/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `update` was told: its options, and what becomes of them in CloudFormation and in the record. What is not named
 * stays as the stack has it. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_PLAN_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_PLAN_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/option.h"
#include "base/text.h"
#include "providers/aws/cloud/setup_choices.h"
#include "providers/records/cloud.h"

struct arena;
struct stack;

struct update_options {
	const char *https_cidr, *ssh_cidr, *control_plane_account, *external_id, *console_origin, *cloud_tag;
	bool memorydb_on, memorydb_off; /* --enable-, --disable-head-node-fault-tolerance */
	struct setup_choices choices;
	struct text_list reset;         /* names of options whose values go back to the template's defaults */
	struct text_list allow_loss;    /* logical ids of resources whose data may be lost */
	bool overwrite_template;        /* one that somebody edited */
	const char *drift;              /* drift_choices; NULL: not said */
	struct text_list recreate_lost; /* logical ids of resources that are made again without their data */
	bool continues;        /* --continue: goes on with a rollback that failed, and changes nothing else */
	struct text_list skip; /* with it: logical ids of resources that stay as they are */
	bool plan, yes;
};

/* The rows of these options. */
extern const struct option update_option_rows[];

/* Is each value valid, and does none contradict another? ERROR_USAGE names the option. region: the cloud's. */
int update_options_check(struct arena *arena, const struct update_options *options, const char *region,
	struct error *err);

/* The parameters that are named, with their new values; an object, in arena. */
const json_t *update_named(struct arena *arena, const struct update_options *options);

/*
 * All parameters, as CreateChangeSet takes them; in arena. stack_parameters: an object of texts. The cloud's record says what
 * the stack's older template does not know: name and networking.
 */
const json_t *update_parameters(struct arena *arena, const struct update_options *options,
	const struct cloud *cloud, const json_t *stack_parameters);

/*
 * All tags that the stack is to have: those it has, and the named ones; in arena. NULL: none was named. stack: the
 * DescribeStacks element.
 */
const json_t *update_tags(struct arena *arena, const struct update_options *options, const json_t *stack);

/* Into the record what the stack has after an update: its parameters and outputs, and the tags of the user's. */
int update_take(struct arena *arena, const struct stack *stack, struct cloud *cloud, struct error *err);

#endif
