/* SPDX-License-Identifier: Apache-2.0 */
/* Calls about one change set, and the wait until CloudFormation has computed it. */
#include "providers/aws/cloud/update/change_set.h"

#include <string.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/stack_log.h"

enum {
	/* A change set of a small stack is computed in seconds; one of a large stack takes minutes. */
	LOOK_MS = 500,
	LOOK_LATER_MS = 2000,
	EAGER_MS = 10000,
	LIMIT_MS = 10 * 60 * 1000,
};

int change_set_create(struct aws *aws, struct arena *arena, const struct change_set_request *request,
	const char **arn, struct error *err)
{
	const json_t *reply;
	json_t *input;

	if (change_set_delete(aws, arena, request->stack, request->name, err) < 0)
		return -1;
	input = json_pack("{s:s, s:s, s:s, s:s, s:s, s:[s], s:O}", "StackName", request->stack,
		"ChangeSetName", request->name, "ChangeSetType", "UPDATE", "ClientToken", request->token,
		"TemplateBody", request->body, "Capabilities", "CAPABILITY_NAMED_IAM", "Parameters",
		request->parameters);
	if (request->tags)
		json_object_set_new(input, "Tags", tree_pairs(request->tags, "Key", "Value"));
	if (request->reverts)
		json_object_set_new(input, "DeploymentMode", json_string("REVERT_DRIFT"));
	reply = aws_call(aws, arena, &cloudformation_CreateChangeSet, input, err);
	if (!reply)
		return error_wrap(err, "asking what the update changes");
	*arn = arena_strdup(arena, tree_text(reply, "Id"));
	return 0;
}

/* One look, with all pages once it is computed; *reply is NULL while it is not. */
static int look(struct aws *aws, struct arena *arena, const char *stack, const char *arn,
	const json_t **reply, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s, s:b}", "StackName", stack, "ChangeSetName", arn,
		"IncludePropertyValues", 1);

	*reply = aws_call(aws, arena, &cloudformation_DescribeChangeSet, input, err);
	if (!*reply)
		return error_wrap(err, "reading the change set");
	if (!text_is_among(tree_text(*reply, "Status"), "CREATE_COMPLETE FAILED"))
		*reply = NULL;
	return 0;
}

static int await(struct aws *aws, struct arena *arena, struct world *world, const char *stack,
	const char *arn, const json_t **reply, struct error *err)
{
	int64_t began_ms = world->steady_ms(world), elapsed_ms = 0;

	while (look(aws, arena, stack, arn, reply, err) == 0) {
		if (*reply)
			return 0;
		elapsed_ms = world->steady_ms(world) - began_ms;
		if (elapsed_ms > LIMIT_MS)
			return error_set(err, ERROR_SERVICE,
				"CloudFormation has not computed the change set for %d minutes; try again later",
				LIMIT_MS / 60000);
		if (aws_sleep(aws, elapsed_ms < EAGER_MS ? LOOK_MS : LOOK_LATER_MS, err) < 0)
			return -1;
	}
	return -1;
}

/* AWS CloudFormation User Guide, "Create change sets": a set without changes fails with one of these reasons. */
static bool says_nothing_changes(const char *reason)
{
	return strstr(reason, "didn't contain changes") || strstr(reason, "No updates are to be performed");
}

/* Reasons that CloudFormation keeps with the operation: properties that are refused, hooks. Always returns -1. */
static int refuse(struct aws *aws, struct arena *arena, struct event_stream *stream, const char *stack,
	const char *arn, const char *reason, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s, s:{s:b}}", "StackName", stack, "ChangeSetName", arn, "Filters",
		"FailedEvents", 1);
	const json_t *reply = aws_call(aws, arena, &cloudformation_DescribeEvents, input, err);
	struct stack_log log;

	if (!reply && err->kind == ERROR_INTERRUPTED)
		return -1;
	if (!reply)
		event_step(stream, STEP_WARNING,
			"AWS keeps the reasons with the change set, which could not be read: %s",
			error_text(arena, err));
	stack_log_begin(&log, arena, stack, NULL);
	if (reply)
		stack_log_explain(&log, NULL, reply, stream);
	if (log.failures.count > 0)
		return error_set(err, ERROR_FAILED, "CloudFormation refuses the change: %s: %s",
			log.failures.items[0].name, log.failures.items[0].reason);
	return error_set(err, ERROR_FAILED, "CloudFormation refuses the change: %s",
		stack_reason(arena, text_or(reason, "it gives no reason")));
}

int change_set_read(struct aws *aws, struct arena *arena, struct event_stream *stream, const char *stack,
	const char *arn, struct change_set *set, struct error *err)
{
	const json_t *reply;
	const char *reason;

	*set = (struct change_set){0};
	if (await(aws, arena, stream->world, stack, arn, &reply, err) < 0)
		return -1;
	reason = tree_text(reply, "StatusReason");
	if (text_equal(tree_text(reply, "Status"), "FAILED")) {
		set->empty = says_nothing_changes(reason);
		return set->empty ? 0 : refuse(aws, arena, stream, stack, arn, reason, err);
	}
	set->changes = stack_changes_read(arena, reply);
	return 0;
}

int change_set_delete(struct aws *aws, struct arena *arena, const char *stack, const char *name,
	struct error *err)
{
	json_t *input = json_pack("{s:s, s:s}", "StackName", stack, "ChangeSetName", name);

	if (aws_call(aws, arena, &cloudformation_DeleteChangeSet, input, err))
		return 0;
	if (err->kind != ERROR_NOT_FOUND)
		return error_wrap(err, "deleting the change set %s", name);
	error_clear(err);
	return 0;
}

int change_set_execute(struct aws *aws, struct arena *arena, const char *stack, const char *arn,
	const char *token, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s, s:s}", "StackName", stack, "ChangeSetName", arn,
		"ClientRequestToken", token);

	return aws_call(aws, arena, &cloudformation_ExecuteChangeSet, input, err)
		? 0
		: error_wrap(err, "executing the change set");
}
