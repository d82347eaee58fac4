/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `setup` share: one run of it, and its steps (setup_steps.c), which cloud_setup.c runs. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_STEPS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"

struct aws;
struct run;
struct steps;

struct setup {
	struct run *run;
	const struct setup_options *options;
	struct setup_plan plan;
	struct aws *aws;
	struct cloud cloud;
	bool resumed;           /* the record was there when this run began */
	bool preflight_is_done; /* once a run */
	struct stack stack;
	bool stack_is_known;    /* nothing was asked of CloudFormation since it was looked at */
	const json_t *identity; /* the caller's */
};

/* Their self is a struct setup. */
extern const struct steps setup_steps;

/* Find the cloud's stack; a new cloud has none. Asked again only after something was asked of CloudFormation. */
int setup_look_at_stack(struct setup *setup, struct error *err);

#endif
