/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `update` share: one run of it, and its steps (update_steps.c), which cloud_update.c runs. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_STEPS_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/update/change_set.h"
#include "providers/aws/cloud/update/drift_detection.h"
#include "providers/aws/cloud/update/update_consent.h"
#include "providers/aws/cloud/update/update_plan.h"
#include "providers/records/cloud.h"

struct aws;
struct run;
struct steps;

struct update {
	struct run *run;
	const struct update_options *options;
	struct aws *aws;
	const char *caller; /* ARN */
	struct cloud cloud;
	struct stack stack;                      /* as it was looked at last */
	const struct template_version *template; /* the stack's; NULL: somebody edited it */
	enum drift_choice choice;                /* what becomes of what somebody else changed */
	bool executed;                           /* an earlier run's change set is: it is only followed */
	bool continues;                          /* there is a rollback to go on with, or to follow */
	bool taken_back; /* --continue, and there is nothing to go on with any more: an earlier run may have been killed after it */
	struct drift_detection detection;
	struct change_set set;
	struct drift drift;          /* what somebody else changed, beside the set */
	struct stack_failures stuck; /* what could not be taken back, when that failed */
	/* The cloud as it is. NULL: there is nothing to change, or it was changed already. */
	const struct verification *before;
	bool changed; /* an update was carried out */
};

/* Their self is a struct update. */
extern const struct steps update_steps;

/* What the user agrees to. */
struct update_consent update_consent_of(const struct update *update);

/* Has the stack executed this change set last? arn may be NULL. */
bool update_was_executed(const struct stack *stack, const char *arn);

/*
 * Ask what would change: the change set of this name and token, and beside it what somebody else changed. Nothing is waited
 * for. *arn in arena.
 */
int update_ask(struct update *update, const char *name, const char *token, const char **arn,
	struct error *err);

/* Wait for both, and read them; where something is going to change, verify the cloud as it is. arn: the change set's. */
int update_read(struct update *update, const char *arn, struct error *err);

/* Throw a change set away, also after a signal. name: or its ARN. */
int update_withdraw(struct update *update, const char *name, struct error *err);

/* After an operation on the stack that did not end well: tell what became of it. Returns -1: *err is the first cause. */
int update_fail(struct update *update, const struct stack_operation *followed, struct error *err);

/* Into the record what the stack has now, and its policy as it is meant to be. May be done again. */
int update_finish(struct update *update, struct error *err);

/* For the steps: does the stack have to be gone on with? self: a struct update. */
bool update_is_stuck(const void *self);

#endif
