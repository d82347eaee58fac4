/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `setup` share: one run of it, and its steps (setup_steps.c), which cloud_setup.c runs. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_STEPS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/setup_consent.h"
#include "providers/aws/cloud/setup_plan.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"
#include "verify/verification.h"

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
	/* as the preflight judged them; zeros before, and when it is left out */
	struct verification prerequisites;
};

/* Their self is a struct setup. */
extern const struct steps setup_steps;

/* Give a new cloud its id, and what follows from it. Nothing is recorded. */
void setup_name_cloud(struct setup *setup);

/* The preflight: whether the cloud can be created, and in which zones. Once a run. */
int setup_look_ahead(struct setup *setup, struct error *err);

/*
 * What the user agrees to. placeholder: the cloud gets its id only when it is created, so names show "<id>". One call, for
 * the account's aliases; -1 only when interrupted.
 */
int setup_consent_of(struct setup *setup, bool placeholder, struct setup_consent *what, struct error *err);

/* Find the cloud's stack; a new cloud has none. Asked again only after something was asked of CloudFormation. */
int setup_look_at_stack(struct setup *setup, struct error *err);

#endif
