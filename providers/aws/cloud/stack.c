/* SPDX-License-Identifier: Apache-2.0 */
/* Asking CloudFormation about one stack, creating and deleting it, and following what it does. */
#include "providers/aws/cloud/stack.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/event.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/waiter.h"

enum {
	/* polls are frequent for this long after the beginning: a small stack is made in seconds */
	EAGER_MS = 5000,
	EAGER_WAIT_MS = 400,
	/* later, rising from the first to the second (docs/design.md, "Following a stack") */
	WAIT_MIN_MS = 2000,
	WAIT_MAX_MS = 10000,
	PAGES_MAX = 100,                 /* of events in one poll */
	SILENCE_MAX_MS = 15 * 60 * 1000, /* how long AWS may not answer before we give up */
	STALE_POLLS_MAX = 10, /* polls of a stack that is at rest and shows no event of our operation */
};

extern const unsigned char template_yaml[]; /* cloudctl_embed() in CMakeLists.txt */

const char *template_text(void)
{
	return (const char *)template_yaml;
}

enum stack_phase stack_phase(const char *status)
{
	static const struct {
		const char *status;
		enum stack_phase phase;
	} rows[] = {
		{"DELETE_COMPLETE", STACK_DELETED}, {"DELETE_FAILED", STACK_DELETE_FAILED},
		{"ROLLBACK_COMPLETE", STACK_ROLLED_BACK}, {"ROLLBACK_FAILED", STACK_ROLLED_BACK},
		{"CREATE_FAILED", STACK_ROLLED_BACK},
		{"REVIEW_IN_PROGRESS", STACK_ROLLED_BACK}, /* a shell without resources */
	};

	if (!status)
		return STACK_ABSENT;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(status, rows[i].status))
			return rows[i].phase;
	return strstr(status, "_IN_PROGRESS") ? STACK_IN_PROGRESS : STACK_READY;
}

/* [{OutputKey, OutputValue}, …] as {key: value}; belongs to the arena. */
static const json_t *pairs(struct arena *arena, const json_t *description, const char *list, const char *key,
	const char *value)
{
	json_t *object = tree_defer(arena, json_object());

	TREE_EACH (pair, description, list)
		json_object_set_new(object, tree_text(pair, key), json_string(tree_text(pair, value)));
	return object;
}

/* NULL for a member that is not there. */
static const char *member(struct arena *arena, const json_t *description, const char *name)
{
	const char *text = tree_text(description, name);

	return text[0] ? arena_strdup(arena, text) : NULL;
}

/* Everything in *stack is a copy, so that the reply may be freed. */
static void read_description(struct arena *arena, const json_t *description, struct stack *stack)
{
	json_t *copy = tree_defer(arena, json_deep_copy(description));

	*stack = (struct stack){.arn = member(arena, copy, "StackId"),
		.name = member(arena, copy, "StackName"),
		.status = member(arena, copy, "StackStatus"),
		.reason = *tree_text(copy, "StackStatusReason") ? member(arena, copy, "StackStatusReason")
								: "AWS gives no reason",
		.outputs = pairs(arena, copy, "Outputs", "OutputKey", "OutputValue"),
		.parameters = pairs(arena, copy, "Parameters", "ParameterKey", "ParameterValue"),
		.description = copy};
	stack->phase = stack_phase(stack->status);
}

static const struct stack stack_absent = {.phase = STACK_ABSENT, .reason = "AWS gives no reason"};

int stack_describe(struct aws *aws, struct arena *arena, const char *name_or_arn, struct stack *stack,
	struct error *err)
{
	json_t *input = json_pack("{s:s}", "StackName", name_or_arn);
	const json_t *reply = aws_call(aws, arena, &cloudformation_DescribeStacks, input, err);
	const json_t *description = tree_at(tree_get(reply, "Stacks"), 0);

	*stack = stack_absent;
	if (!reply && err->kind == ERROR_NOT_FOUND) {
		error_clear(err);
		return 0;
	}
	if (!reply)
		return error_wrap(err, "describing the stack %s", name_or_arn);
	if (!description)
		return error_set(err, ERROR_PROTOCOL, "describing the stack %s: the reply holds no stack",
			name_or_arn);
	read_description(arena, description, stack);
	return 0;
}

int stack_create(struct aws *aws, struct arena *arena, const char *name, const char *token,
	const struct stack_template *what, const char **arn, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s, s:s, s:s, s:[s], s:o, s:o}", "StackName", name,
		"ClientRequestToken", token, "OnFailure", "ROLLBACK", "TemplateBody", what->body,
		"Capabilities", "CAPABILITY_NAMED_IAM", "Parameters",
		tree_pairs(what->parameters, "ParameterKey", "ParameterValue"), "Tags",
		tree_pairs(what->tags, "Key", "Value"));
	const json_t *reply = aws_call(aws, arena, &cloudformation_CreateStack, input, err);

	if (!reply)
		return error_wrap(err, "creating the stack %s", name);
	*arn = member(arena, reply, "StackId");
	if (!*arn)
		return error_set(err, ERROR_PROTOCOL, "creating the stack %s: the reply holds no StackId",
			name);
	return 0;
}

int stack_delete(struct aws *aws, struct arena *arena, const struct stack_removal *removal, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s, s:s*}", "StackName", removal->arn, "ClientRequestToken",
		removal->token, "DeletionMode", removal->forced ? "FORCE_DELETE_STACK" : NULL);

	if (removal->retain && removal->retain->count > 0)
		json_object_set_new(input, "RetainResources", tree_array(removal->retain));
	if (aws_call(aws, arena, &cloudformation_DeleteStack, input, err))
		return 0;
	if (err->kind != ERROR_NOT_FOUND)
		return error_wrap(err, "deleting the stack %s", removal->arn);
	error_clear(err);
	return 0;
}

/* --- following --- */

struct follower {
	struct aws *aws;
	struct event_stream *stream;
	struct stack_log log;
	int64_t began_ms;
	int wait_ms;
	int stale_polls;
	bool looked;      /* a poll has succeeded */
	bool silent;      /* AWS does not answer, and the user was warned of it */
	int64_t heard_ms; /* when AWS last answered */
	const struct stack_operation *operation;
	size_t told; /* failures that it was told of */
};

/* Read the new events. Page by page, because most polls need only a part of the first one. */
static int poll_events(struct follower *follower, struct arena *arena, struct error *err)
{
	const char *token = NULL;

	for (int page = 0; page < PAGES_MAX; page++) {
		json_t *input = json_pack("{s:s}", "StackName", follower->log.arn);
		const json_t *reply = aws_call_page(follower->aws, arena, &cloudformation_DescribeStackEvents,
			input, &token, err);

		if (!reply)
			return error_wrap(err, "reading the events of the stack %s", follower->log.arn);
		if (!stack_log_page(&follower->log, reply) || !token)
			break;
	}
	return 0;
}

/*
 * Has the operation that we follow ended? Just after a call was accepted a stack may still show its old status, and a new
 * one may not be there yet.
 */
static bool has_ended(struct follower *follower, const struct stack *stack)
{
	if (stack->phase == STACK_IN_PROGRESS)
		return false;
	if (stack->phase == STACK_ABSENT && follower->log.started)
		return true;
	return follower->log.ended || ++follower->stale_polls > STALE_POLLS_MAX;
}

/* How long to wait before the next poll, ±25 %, so that many clients do not poll in step. */
static int next_wait(struct follower *follower, bool new_events)
{
	struct world *world = follower->stream->world;
	int64_t elapsed = world->steady_ms(world) - follower->began_ms;
	uint16_t noise;

	if (elapsed < EAGER_MS)
		follower->wait_ms = EAGER_WAIT_MS;
	else if (new_events || follower->wait_ms < WAIT_MIN_MS)
		follower->wait_ms = WAIT_MIN_MS;
	else if ((follower->wait_ms = follower->wait_ms * 3 / 2) > WAIT_MAX_MS)
		follower->wait_ms = WAIT_MAX_MS;
	world->random(world, &noise, sizeof(noise));
	return follower->wait_ms * 3 / 4 + (int)((int64_t)follower->wait_ms / 2 * noise / UINT16_MAX);
}

/* AWS did not answer. 0: go on polling; -1: it has been too long. */
static int tolerate_silence(struct follower *follower, struct error *err)
{
	struct world *world = follower->stream->world;
	int64_t silent_ms = world->steady_ms(world) - follower->heard_ms;

	if (silent_ms > SILENCE_MAX_MS)
		return error_wrap(err,
			"AWS has not answered for %d minutes; the stack goes on without cloudctl: run the same command again",
			(int)(silent_ms / 60000));
	if (!follower->silent)
		event_step(follower->stream, STEP_WARNING, "AWS does not answer (%s); trying again",
			err->frame[0]);
	follower->silent = true;
	error_clear(err);
	return 0;
}

static int tell_failures(struct follower *follower, struct error *err)
{
	const struct stack_operation *operation = follower->operation;
	const struct stack_failures *all = &follower->log.failures;
	const struct stack_failures fresh = {all->items + follower->told, all->count - follower->told};

	follower->told = all->count;
	return operation->failed && fresh.count > 0 ? operation->failed(operation->self, &fresh, err) : 0;
}

/* One poll, in memory of its own. 1: ended, with *stack in arena; 0: poll again after *wait_ms; -1: give up. */
static int follow_once(struct follower *follower, struct arena *arena, struct stack *stack, int *wait_ms,
	struct error *err)
{
	struct world *world = follower->stream->world;
	struct arena poll = {0};
	struct stack now;
	size_t new_events = 0;
	int result = stack_describe(follower->aws, &poll, follower->log.arn, &now, err);

	/* The status first: once it says that the operation has ended, the events are complete. */
	if (result == 0 && now.phase != STACK_ABSENT)
		result = poll_events(follower, &poll, err);
	if (result == 0) {
		/* An earlier run may have begun the stack long before this first poll. */
		follower->log.now_ms = follower->looked ? 0 : aws_now_ms(follower->aws);
		if (!follower->looked && text_equal(now.status, "CREATE_IN_PROGRESS"))
			stack_announce(&poll, now.parameters, false, follower->stream);
		follower->looked = true;
		new_events = stack_log_flush(&follower->log, follower->stream);
		follower->silent = false;
		follower->heard_ms = world->steady_ms(world);
		result = tell_failures(follower, err) < 0 ? -1 : has_ended(follower, &now);
		if (result && now.description)
			read_description(arena, now.description, stack);
		else if (result)
			*stack = stack_absent;
	} else if (waiter_passes(err)) {
		result = tolerate_silence(follower, err);
	}
	arena_free(&poll);
	*wait_ms = next_wait(follower, new_events > 0);
	return result;
}

/* Another operation took the place of ours, a deletion in the console for example: read its events instead. */
static int read_foreign_events(struct follower *follower, struct arena *arena, struct error *err)
{
	struct arena poll = {0};
	int result;

	stack_log_begin(&follower->log, arena, follower->log.arn, NULL);
	result = poll_events(follower, &poll, err);
	stack_log_flush(&follower->log, follower->stream);
	arena_free(&poll);
	return result;
}

/* AWS refused the stack and its events do not say why. That this cannot be read is no failure of its own. */
static int read_causes(struct follower *follower, const struct stack *stack, struct error *err)
{
	struct arena arena = {0};
	json_t *input = json_pack("{s:s, s:{s:b}}", "StackName", follower->log.arn, "Filters", "FailedEvents",
		1);
	const json_t *reply = aws_call(follower->aws, &arena, &cloudformation_DescribeEvents, input, err);
	int result = reply || err->kind != ERROR_INTERRUPTED ? 0 : -1;

	if (reply)
		stack_log_explain(&follower->log, stack->description, reply, follower->stream);
	else if (err->kind == ERROR_DENIED)
		event_step(follower->stream, STEP_WARNING,
			"To read the reason needs %s: AWS keeps it with the operation", err->action);
	else if (result == 0)
		event_step(follower->stream, STEP_WARNING,
			"AWS keeps the reason with the operation, which could not be read: %s",
			error_text(&arena, err));
	if (result == 0)
		error_clear(err);
	arena_free(&arena);
	return result;
}

int stack_follow(struct aws *aws, struct arena *arena, struct event_stream *stream,
	struct stack_operation *operation, struct error *err)
{
	struct follower follower = {.aws = aws,
		.stream = stream,
		.operation = operation,
		.began_ms = stream->world->steady_ms(stream->world)};
	int ended, wait_ms;

	follower.heard_ms = follower.began_ms;
	stack_log_begin(&follower.log, arena, operation->arn, operation->token);
	while ((ended = follow_once(&follower, arena, &operation->stack, &wait_ms, err)) == 0)
		if (aws_sleep(aws, wait_ms, err) < 0)
			return -1;
	if (ended > 0 && !follower.log.started && operation->stack.phase != STACK_ABSENT)
		ended = read_foreign_events(&follower, arena, err);
	if (ended < 0)
		return -1;
	if ((operation->stack.phase == STACK_ROLLED_BACK || follower.log.rolling_back) &&
		!stack_log_has_cause(&follower.log) && read_causes(&follower, &operation->stack, err) < 0)
		return -1;
	if (follower.log.refusal)
		operation->stack.reason = follower.log.refusal;
	else if (follower.log.reason && !*tree_text(operation->stack.description, "StackStatusReason"))
		operation->stack.reason = follower.log.reason;
	operation->failures = follower.log.failures;
	operation->made = follower.log.made;
	return 0;
}
