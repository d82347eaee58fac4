/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting the stack. */
#include "providers/aws/cloud/delete/delete_stack.h"

#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/delete/blockers.h"
#include "providers/aws/cloud/delete/delete_steps.h"
#include "providers/aws/cloud/delete/orphans.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/stack_protection.h"
#include "providers/run.h"

int delete_stack_find(void *self, enum found *found, struct error *err)
{
	struct deletion *deletion = self;
	struct arena *arena = deletion->run->arena;
	struct aws_cloud *section = aws_cloud_edit(arena, &deletion->cloud);
	const struct stack *stack = &deletion->stack;
	bool ours;

	*found = FOUND_DONE;
	if (cloud_find_stack(deletion->aws, arena, &deletion->cloud, &deletion->stack, err) < 0)
		return -1;
	if (stack->phase == STACK_DELETED)
		return 0;
	if (stack->phase == STACK_ABSENT)
		return cloud_is_gone(deletion->aws, arena, &deletion->cloud, deletion->run->stream, err);
	/* The token of a deletion of ours finds its events. */
	ours = section->stack_arn && text_equal(deletion->cloud.operation.kind, "delete");
	*found = ours && text_equal(stack->status, "DELETE_IN_PROGRESS") ? FOUND_UNDER_WAY : FOUND_NOTHING;
	section->stack_arn = stack->arn;
	if (stack->phase == STACK_DELETE_FAILED)
		deletion->cloud.operation.token = NULL;
	return 0;
}

/* What protected the stack before the deletion, which was refused or failed. That it failed is the error. */
static void protect_again(struct deletion *deletion)
{
	const struct aws_cloud *section = aws_cloud(&deletion->cloud);
	struct error err = {0};

	if (!section->stack_protected ||
		stack_protect(deletion->aws, deletion->run->arena, section->stack_arn, &err) == 0)
		return;
	event_step(deletion->run->stream, STEP_WARNING,
		"The stack %s is no longer protected against deletion (%s).", section->stack_name,
		err.frame[0]);
}

/* Protection that somebody else set is his to lift; the deletion is refused then. */
int delete_stack_send(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const struct aws_cloud *section = aws_cloud(cloud);
	const struct text_list retain = orphans_to_retain(deletion);
	const struct stack_removal removal = {
		.arn = section->stack_arn,
		.token = cloud->operation.token,
		.retain = &retain,
		.forced = deletion->options->force_stack,
	};

	event_step(run->stream, STEP_PROGRESS, "Deleting the stack %s ...", section->stack_name);
	event_step(run->stream, STEP_NOTE, "In the console: %s",
		console_stack(run->arena, cloud->region, section->stack_arn));
	if (section->stack_protected &&
		stack_unprotect(deletion->aws, run->arena, section->stack_arn, err) < 0)
		return -1;
	if (stack_delete(deletion->aws, run->arena, &removal, err) < 0) {
		if (err->kind == ERROR_DENIED || err->kind == ERROR_REJECTED)
			protect_again(deletion);
		return -1;
	}
	if (deletion->stack.phase == STACK_READY)
		stack_announce(run->arena, deletion->stack.parameters, true, run->stream);
	return 0;
}

static bool holds_any(const struct blocker *blocker, const struct stack_failures *failures)
{
	for (size_t i = 0; i < failures->count; i++)
		if (text_list_has(&blocker->holds, failures->items[i].name))
			return true;
	return false;
}

/* What keeps these from being deleted, by id: the survey's table again. */
static int tell_holders(struct deletion *deletion, const struct stack_failures *failures,
	enum step_level level, struct error *err)
{
	struct event_stream *stream = deletion->run->stream;
	struct arena arena = {0};
	struct blockers blockers = {0};
	struct unseens unseen = {0};
	struct facts *facts;
	int result = delete_survey(deletion, &arena, &facts, err);

	if (result == 0) {
		blockers = blockers_find(facts, false);
		unseen = blockers_unseen(facts);
	}
	for (size_t i = 0; i < blockers.count; i++)
		if (holds_any(&blockers.items[i], failures))
			event_step(stream, level, "In the way: %s", blocker_text(&arena, &blockers.items[i]));
	for (size_t i = 0; i < unseen.count; i++)
		event_step(stream, STEP_WARNING, "Not known: %s: %s", unseen.items[i].doing,
			unseen.items[i].why);
	arena_free(&arena);
	return result;
}

/* While the rest goes on, what is in the way can already be removed: CloudFormation tries again. */
static int tell_at_once(void *self, const struct stack_failures *failures, struct error *err)
{
	return tell_holders(self, failures, STEP_WARNING, err);
}

/* The ways on from DELETE_FAILED, the mildest first. */
static void tell_choices(struct deletion *deletion, const struct stack_failures *failures)
{
	struct run *run = deletion->run;
	struct text_list names = text_list_distinct(run->arena, &deletion->options->retain);
	const char *name = deletion->cloud.name;

	event_step(run->stream, STEP_NOTE, "Then run the command again: cloudctl delete --name %s", name);
	if (deletion->stack.phase != STACK_DELETE_FAILED || failures->count == 0)
		return;
	for (size_t i = 0; i < failures->count; i++)
		text_list_add_once(run->arena, &names, failures->items[i].logical_id);
	event_step(run->stream, STEP_NOTE,
		"To leave what could not be deleted in the account, and delete the rest: cloudctl delete --name %s --retain %s",
		name, text_join(run->arena, &names, ","));
	event_step(run->stream, STEP_NOTE,
		"When nothing else helps, the stack can be deleted whatever of it stays in the account: cloudctl delete --name %s --force-stack",
		name);
}

static int report_failures(struct deletion *deletion, const struct stack_failures *failures,
	struct error *err)
{
	struct event_stream *stream = deletion->run->stream;
	const struct stack *stack = &deletion->stack;

	for (size_t i = 0; i < failures->count; i++) {
		const struct stack_cause *failure = &failures->items[i];
		const struct resource_type *type = resource_type_find(failure->type);

		event_step(stream, STEP_ERROR, "%s %s could not be deleted: %s. What to do: %s.",
			failure->name, failure->physical_id, failure->reason,
			type && type->stuck ? type->stuck : "remove what uses it");
	}
	if (tell_holders(deletion, failures, STEP_ERROR, err) < 0)
		return -1;
	tell_choices(deletion, failures);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED,
			"%zu resource%s could not be deleted, the first is %s: %s", failures->count,
			failures->count == 1 ? "" : "s", failures->items[0].name, failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack is %s: %s", stack->status ? stack->status : "gone",
		stack->reason);
}

int delete_stack_follow(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	struct stack_operation operation = {
		.arn = aws_cloud(cloud)->stack_arn,
		.token = cloud->operation.token,
		.failed = tell_at_once,
		.self = self,
	};

	if (stack_follow(deletion->aws, run->arena, run->stream, &operation, err) < 0)
		return -1;
	deletion->stack = operation.stack;
	if (deletion->stack.phase != STACK_DELETED && deletion->stack.phase != STACK_ABSENT) {
		protect_again(deletion);
		return report_failures(deletion, &operation.failures, err);
	}
	event_step(run->stream, STEP_PROGRESS, "The stack %s is deleted.", aws_cloud(cloud)->stack_name);
	return 0;
}
