/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The change set of an update: asked for, read, executed or thrown away (AWS CloudFormation User Guide, "Update stacks
 * using change sets"). It costs nothing and changes nothing before it is executed. A change set is executed by its ARN, so
 * what is done is what was read.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_CHANGE_SET_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_CHANGE_SET_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/update/stack_change.h"

struct arena;
struct aws;
struct event_stream;

struct change_set_request {
	const char *stack; /* ARN */
	const char *name;  /* one of this name that is there is thrown away before */
	const char *token; /* ClientToken */
	const char *body;  /* template text, at most 51,200 bytes */
	/* CloudFormation's list: ParameterKey with ParameterValue or UsePreviousValue */
	const json_t *parameters;
	const json_t *tags; /* object key → value, all that the stack is to have; NULL: they stay */
	bool reverts; /* also back to the template what somebody else changed (DeploymentMode REVERT_DRIFT) */
};

/* Ask for a change set of kind UPDATE. *arn in arena. It is computed after that: change_set_read() waits for it. */
int change_set_create(struct aws *aws, struct arena *arena, const struct change_set_request *request,
	const char **arn, struct error *err);

struct change_set {
	bool empty; /* there is nothing to change */
	struct stack_changes changes;
};

/*
 * Wait until the change set is computed, and read it. stack: the ARN. ERROR_FAILED: CloudFormation refuses the change;
 * why is in the error, and where there are several reasons each is told before.
 */
int change_set_read(struct aws *aws, struct arena *arena, struct event_stream *stream, const char *stack,
	const char *arn, struct change_set *set, struct error *err);

/* One that is not there is a success. name: or its ARN. */
int change_set_delete(struct aws *aws, struct arena *arena, const char *stack, const char *name,
	struct error *err);

/* token: ClientRequestToken, by which stack_follow() finds the events. */
int change_set_execute(struct aws *aws, struct arena *arena, const char *stack, const char *arn,
	const char *token, struct error *err);

#endif
