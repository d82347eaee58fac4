/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One CloudFormation stack followed by its events, not just by its status (AWS CloudFormation API Reference,
 * DescribeStackEvents).
 *
 * A running stack is always addressed by its ARN: a deleted stack's name is nobody's, its ARN answers for 90 days.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct arena;
struct aws;
struct event_stream;
struct text_list;

enum stack_phase {
	STACK_ABSENT,      /* no stack of that name */
	STACK_IN_PROGRESS, /* any *_IN_PROGRESS */
	STACK_READY, /* CREATE_COMPLETE, UPDATE_COMPLETE, IMPORT_COMPLETE, UPDATE_ROLLBACK_COMPLETE … usable */
	STACK_ROLLED_BACK, /* ROLLBACK_COMPLETE, ROLLBACK_FAILED, CREATE_FAILED: only delete helps */
	STACK_DELETED,
	STACK_DELETE_FAILED,
};

/* status NULL is STACK_ABSENT; an unknown one is STACK_READY, and verify judges it. */
enum stack_phase stack_phase(const char *status);

struct stack {
	enum stack_phase phase;
	const char *arn, *name, *status; /* in the arena; NULL when absent */
	/* of the status, or of the stack's own event when it was followed; where AWS gives none, that is said */
	const char *reason;
	const json_t *outputs; /* object OutputKey → OutputValue; empty before completion, NULL when absent */
	const json_t *parameters;  /* object ParameterKey → ParameterValue */
	const json_t *description; /* the DescribeStacks element */
};

/* Look once. name_or_arn. A stack that does not exist is STACK_ABSENT, not an error. */
int stack_describe(struct aws *aws, struct arena *arena, const char *name_or_arn, struct stack *stack,
	struct error *err);

/* The template that `setup` uses (template.yaml), embedded when the program is built; NUL-terminated, static. */
const char *template_text(void);

struct stack_template {
	const char *body;         /* template text, at most 51,200 bytes */
	const json_t *parameters; /* object name → string value */
	const json_t *tags;       /* object key → value */
};

/*
 * CreateStack with a ClientRequestToken (the same token may be sent again safely), OnFailure=ROLLBACK and
 * CAPABILITY_NAMED_IAM. *arn in arena. AlreadyExistsException is ERROR_CONFLICT.
 */
int stack_create(struct aws *aws, struct arena *arena, const char *name, const char *token,
	const struct stack_template *what, const char **arn, struct error *err);

struct stack_removal {
	const char *arn, *token;
	/* Both for a stack in DELETE_FAILED alone. */
	const struct text_list *retain; /* logical ids of resources to leave in the account; NULL: none */
	bool forced;                    /* leave whatever cannot be deleted */
};

/* DeleteStack; a stack that is gone already is a success. */
int stack_delete(struct aws *aws, struct arena *arena, const struct stack_removal *removal,
	struct error *err);

/* A resource that failed; strings in the arena, "" when AWS does not say. */
struct stack_cause {
	const char *logical_id, *type, *physical_id, *status;
	const char *name;   /* "Mount target 1" */
	const char *reason; /* in plain words */
	bool over;          /* it was done later after all */
};

/* What failed, oldest first, each resource once; consequences ("cancelled") left out. The first is the cause. */
struct stack_failures {
	struct stack_cause *items;
	size_t count;
};

/*
 * Emit an EVENT_RESOURCE "waiting" for each resource that a stack of our template with these parameters has. stack_follow()
 * does so for a stack that is being created. Before the deletion of a stack (removing) its caller does, and only when the
 * stack is known to be complete.
 */
void stack_announce(struct arena *arena, const json_t *parameters, bool removing,
	struct event_stream *stream);

/* An operation of CloudFormation on a stack, and what became of it. */
struct stack_operation {
	const char *arn;
	const char *token;              /* ClientRequestToken; NULL: the operation that began last */
	struct stack stack;             /* as it was when the operation had ended */
	struct stack_failures failures; /* filled in by stack_follow(), as stack is */
	size_t made; /* resources that it began to make in the account, whatever became of them */
	/*
	 * Told of what failed since the last time, while the rest goes on; may call AWS, and emit events. -1 ends the following
	 * with its error. NULL: nobody wants to know.
	 */
	int (*failed)(void *self, const struct stack_failures *failures, struct error *err);
	void *self;
};

/*
 * Follow an operation to its end, a rollback included. Emits an EVENT_RESOURCE for each change of a resource once, with a
 * readable name, and an EVENT_STEP error for the first real failure as soon as it is seen. Polls often in the first
 * seconds, then every 2 s, rising to 10 s, with jitter. While AWS does not answer it goes on polling, for a quarter of an
 * hour. A stack that is not there is waited for a little, because it may be too new to be shown. When something was
 * taken back and its events do not say why, DescribeEvents is asked; where that cannot be read, a warning says what it needs.
 *
 * 0 when the operation has ended: look at stack.phase. -1 when the user interrupted or AWS could not be asked any more;
 * the operation goes on without us then.
 */
int stack_follow(struct aws *aws, struct arena *arena, struct event_stream *stream,
	struct stack_operation *operation, struct error *err);

#endif
