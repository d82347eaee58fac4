/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens in one stack operation, out of pages of DescribeStackEvents (AWS CloudFormation API Reference,
 * StackEvent). Pure: pages come in, newest event first as AWS sends them; resource events go out, oldest first, each
 * once. Knows the resources of our template by name; does not ask AWS anything.
 *
 *     struct stack_log log;
 *     stack_log_begin(&log, arena, arn, token);
 *     do … while (stack_log_page(&log, reply) && the reply has a NextToken);
 *     stack_log_flush(&log, stream);              and again after each poll
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_LOG_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_LOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/event.h"
#include "providers/aws/cloud/stack.h"

struct arena;
struct stack_event;
struct stack_resource;

enum { STACK_RESOURCES_MAX = 500 }; /* CloudFormation's limit for a template; further ones are not followed */

struct stack_log {
	struct arena *arena;
	const char *arn;
	const char *token;         /* NULL: the operation that began last, by anyone */
	json_t *seen;              /* EventId → true */
	struct stack_event *fresh; /* taken and not flushed, newest first; a list */
	struct stack_resource *resources;
	size_t resource_count;
	size_t begun, undone; /* resources this operation began to make, and undid because something failed */
	size_t made;          /* those that have, or had, an id of their own: something was in the account */
	bool started, ended;  /* the stack's own events: the operation began, it ended */
	bool rolling_back;
	bool deleting; /* the operation is the deletion of the stack */
	/* what the stack's own events, the beginning apart, say last about why it became what it is; NULL: nothing */
	const char *reason;
	const char *refusal; /* of the stack as a whole, by a hook; NULL: none */
	struct stack_failures failures;
	/*
	 * AWS's time, milliseconds since 1970, while events are flushed that are not fresh: what is at work then has been so
	 * since its event. 0: they are fresh.
	 */
	int64_t now_ms;
};

/* Strings are copied. token may be NULL. */
void stack_log_begin(struct stack_log *log, struct arena *arena, const char *arn, const char *token);

/*
 * Take in one page. True when older pages hold events of the operation that were not seen yet: neither an event seen
 * before nor the beginning of an operation is in this page. Events of other operations are left out.
 */
bool stack_log_page(struct stack_log *log, const json_t *reply);

/*
 * Emit what was taken in since the last time, oldest first: EVENT_RESOURCE for each change of a resource's state, an
 * EVENT_STEP error for the first real failure, while a rollback runs how far it got, and that an update has come to its
 * clean-up. Returns the number of
 * events that were new.
 */
size_t stack_log_flush(struct stack_log *log, struct event_stream *stream);

/*
 * Is it known why the operation failed? Not when its events only name hooks or a validation: what these say of early
 * validations is in DescribeEvents alone (AWS CloudFormation User Guide, "Validate stack deployments").
 */
bool stack_log_has_cause(const struct stack_log *log);

/*
 * Add the causes that a reply of DescribeEvents holds for the operation, and emit an EVENT_STEP error for each failure
 * that is known now. description: the stack's in DescribeStacks, whose last operations are counted when the operation's
 * token is not known.
 */
void stack_log_explain(struct stack_log *log, const json_t *description, const json_t *reply,
	struct event_stream *stream);

/* "Mount target 1" for a logical id of our template, the id itself for any other; in arena. */
const char *stack_resource_name(struct arena *arena, const char *logical_id);

/*
 * A ResourceStatusReason in plain words, in arena: the service's message without request ids and handler tokens, its
 * error code behind it in parentheses. Of messages within messages the innermost is the cause and is kept alone. An
 * encoded authorization message is cut; where it is and what reads it is said instead. Anything not recognized stays as
 * it is.
 */
const char *stack_reason(struct arena *arena, const char *reason);

/* Does a reason, in AWS's words or plain ones, say that the caller lacks a permission? */
bool stack_reason_is_denial(const char *reason);

/*
 * What to do about such a reason: who can change what forbids it, as far as AWS says what that is (IAM User Guide,
 * "Troubleshoot access denied error messages"); else how to see which permissions are missing. A sentence, static.
 */
const char *stack_denial_advice(const char *reason);

#endif
