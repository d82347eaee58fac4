/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `update` as steps:
 *
 *     change-set   ask what would change; undone: the change set is deleted
 *     confirm      show it, judge it, ask the user
 *     guard        the stack policy, lowered for what the user allows to be lost; undone: as it was meant to be
 *     execute      execute the change set, and follow it; then what the stack has goes into the record
 *
 * Until the last step a run that was killed has changed nothing, and the next one begins at the beginning: options may be
 * others, and the stack as well. The record names the change set (operation.undo), so that after it one look at the stack
 * says whether it was executed.
 */
#include "providers/aws/cloud/update/update_steps.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_tags.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/stack_protection.h"
#include "providers/aws/cloud/template_version.h"
#include "providers/aws/cloud/update/drift_consent.h"
#include "providers/aws/cloud/update/update_verification.h"
#include "providers/aws/cloud/update/update_way.h"
#include "providers/run.h"
#include "providers/steps.h"

enum { PROPAGATION_MS = 60000 }; /* of new roles and policies: see setup_steps.c */

/* There is at most one, so none is left behind; update --plan has names of its own. */
static const char change_set_name[] = "cloudctl-update";

struct update_consent update_consent_of(const struct update *update)
{
	return (struct update_consent){
		.cloud = &update->cloud,
		.options = update->options,
		.stack = &update->stack,
		.template = update->template,
		.set = &update->set,
		.drift = &update->drift,
		.choice = update->choice,
		.before = update->before,
	};
}

bool update_was_executed(const struct stack *stack, const char *arn)
{
	return arn && text_equal(tree_text(stack->description, "ChangeSetId"), arn);
}

/* --- the change set --- */

int update_ask(struct update *update, const char *name, const char *token, const char **arn,
	struct error *err)
{
	struct arena *arena = update->run->arena;
	const struct change_set_request request = {
		.stack = update->stack.arn,
		.name = name,
		.token = token,
		.body = template_body(arena, template_text()),
		.parameters = update_parameters(arena, update->options, &update->cloud,
			update->stack.parameters),
		.tags = update_tags(arena, update->options, update->stack.description),
		.reverts = update->choice == DRIFT_REVERT,
	};

	if (drift_detect(update->aws, arena, update->stack.arn, &update->detection, err) < 0)
		return -1;
	/* One that reverts detects drift itself, which is not done twice at the same time. */
	if (request.reverts &&
		drift_await(update->aws, arena, update->run->world, &update->detection, err) < 0)
		return -1;
	return change_set_create(update->aws, arena, &request, arn, err);
}

/* A resource that was left as it was when an update was taken back, and that somebody has mended since. */
static void forget_skipped(struct update *update)
{
	struct run *run = update->run;
	struct aws_cloud *section;
	struct text_list left = {0};

	if (aws_cloud(&update->cloud)->skipped.count == 0)
		return;
	section = aws_cloud_edit(run->arena, &update->cloud);
	for (size_t i = 0; i < section->skipped.count; i++) {
		const char *id = section->skipped.items[i];

		if (text_list_has(&update->drift.as_deployed, id))
			event_step(run->stream, STEP_NOTE,
				"%s (%s), which was skipped when an update was taken back, is as its template has it.",
				stack_resource_name(run->arena, id), id);
		else
			text_list_add(run->arena, &left, id);
	}
	section->skipped = left;
}

int update_read(struct update *update, const char *arn, struct error *err)
{
	struct run *run = update->run;

	if (change_set_read(update->aws, run->arena, run->stream, update->stack.arn, arn, &update->set, err) <
		0)
		return -1;
	if (drift_detected(update->aws, run->arena, run->world, &update->detection, &update->set.changes,
		    update->choice == DRIFT_REVERT, &update->drift, err) < 0)
		return -1;
	forget_skipped(update);
	if (update->drift.not_compared)
		event_step(run->stream, STEP_WARNING, "%s", drift_not_compared(run->arena, &update->drift));
	return update->set.empty ? 0 : update_verify_before(update, err);
}

int update_withdraw(struct update *update, const char *name, struct error *err)
{
	struct aws *aws = cloud_session(update->run, update->cloud.region, true, err);

	return aws ? change_set_delete(aws, update->run->arena, update->stack.arn, name, err) : -1;
}

static int find_change_set(void *self, enum found *found, struct error *err)
{
	struct update *update = self;

	(void)err;
	*found = update->executed ? FOUND_DONE : FOUND_NOTHING;
	if (!update->executed)
		update->cloud.operation.token = NULL;
	return 0;
}

static int ask_what_changes(void *self, struct error *err)
{
	struct update *update = self;
	struct cloud_operation *operation = &update->cloud.operation;

	event_step(update->run->stream, STEP_PROGRESS, "Asking CloudFormation what the update changes ...");
	return update_ask(update, change_set_name, operation->token, &operation->undo, err);
}

static int read_change_set(void *self, struct error *err)
{
	struct update *update = self;

	if (update_read(update, update->cloud.operation.undo, err) < 0)
		return -1;
	return update->set.empty ? update_withdraw(update, change_set_name, err) : 0;
}

static int withdraw_change_set(void *self, struct error *err)
{
	return update_withdraw(self, change_set_name, err);
}

/* --- the question --- */

static int find_agreement(void *self, enum found *found, struct error *err)
{
	const struct update *update = self;

	(void)err;
	*found = update->executed || (update->set.empty && !drift_is_open(&update->drift)) ? FOUND_DONE
											   : FOUND_NOTHING;
	return 0;
}

static int agree(void *self, struct error *err)
{
	struct update *update = self;
	struct run *run = update->run;
	const struct cloud *cloud = &update->cloud;
	const struct update_consent what = update_consent_of(update);
	struct consent lines = update_consent_lines(run->arena, &what);
	const char *refusal = update_refusal(run->arena, &what);
	const char *objection = update_objection(run->arena, &what);

	consent_tell(run, &lines);
	if (refusal)
		return error_set(err, ERROR_CONFLICT, "%s", refusal);
	if (objection) {
		event_step(run->stream, STEP_ERROR, "Nothing is changed: %s.", objection);
		return PLAN_SOMETHING;
	}
	if (update->set.empty)
		return 0;
	return run->confirm(run, update->options->yes,
		arena_printf(run->arena, "Update cloud '%s' in account %s, region %s?", cloud->name,
			cloud->account, cloud->region),
		err);
}

/* --- the stack policy --- */

static int find_guard(void *self, enum found *found, struct error *err)
{
	struct update *update = self;
	const struct update_consent what = update_consent_of(update);
	enum stack_policy policy;

	*found = FOUND_DONE;
	if (update->executed || update->set.empty)
		return 0;
	if (stack_policy_look(update->aws, update->run->arena, update->stack.arn, &policy, err) < 0)
		return -1;
	if (policy == STACK_POLICY_NONE || policy == STACK_POLICY_LOWERED ||
		(policy == STACK_POLICY_OURS && update_losses(update->run->arena, &what).count > 0))
		*found = FOUND_NOTHING;
	return 0;
}

static int guard(void *self, struct error *err)
{
	struct update *update = self;
	const struct update_consent what = update_consent_of(update);
	const struct text_list losses = update_losses(update->run->arena, &what);

	return stack_policy_set(update->aws, update->run->arena, update->stack.arn, &losses, err);
}

/* A policy of somebody else's stays as it is. */
static int guard_all(struct aws *aws, struct update *update, struct error *err)
{
	static const struct text_list without = {0};
	enum stack_policy policy;

	if (stack_policy_look(aws, update->run->arena, update->stack.arn, &policy, err) < 0)
		return -1;
	if (policy != STACK_POLICY_NONE && policy != STACK_POLICY_LOWERED)
		return 0;
	return stack_policy_set(aws, update->run->arena, update->stack.arn, &without, err);
}

static int guard_again(void *self, struct error *err)
{
	struct update *update = self;
	struct aws *aws = cloud_session(update->run, update->cloud.region, true, err);

	return aws ? guard_all(aws, update, err) : -1;
}

/* --- the update --- */

static int find_update(void *self, enum found *found, struct error *err)
{
	const struct update *update = self;

	(void)err;
	*found = update->executed ? FOUND_UNDER_WAY : update->set.empty ? FOUND_DONE : FOUND_NOTHING;
	return 0;
}

/* A change set is executed once: where it is refused, an earlier attempt may have arrived. */
static int execute(void *self, struct error *err)
{
	struct update *update = self;
	struct arena *arena = update->run->arena;
	const struct cloud_operation *operation = &update->cloud.operation;
	struct error ignored;
	struct stack stack;

	event_step(update->run->stream, STEP_PROGRESS, "Updating the stack %s ...", update->stack.name);
	event_step(update->run->stream, STEP_NOTE, "In the console: %s",
		console_stack(arena, update->cloud.region, update->stack.arn));
	if (change_set_execute(update->aws, arena, update->stack.arn, operation->undo, operation->token,
		    err) == 0)
		return 0;
	if ((err->kind == ERROR_REJECTED || err->kind == ERROR_NOT_FOUND) &&
		stack_describe(update->aws, arena, update->stack.arn, &stack, &ignored) == 0 &&
		update_was_executed(&stack, operation->undo)) {
		error_clear(err);
		return 0;
	}
	return -1;
}

bool update_is_stuck(const void *self)
{
	const struct update *update = self;

	return update_way(update->stack.status) == UPDATE_IS_STUCK;
}

int update_fail(struct update *update, const struct stack_operation *followed, struct error *err)
{
	struct run *run = update->run;
	const struct stack_failures *failures = &followed->failures;
	const struct stack *stack = &update->stack;

	if (failures->count > 0 && stack_reason_is_denial(failures->items[0].reason))
		event_step(run->stream, STEP_NOTE, "%s", stack_denial_advice(failures->items[0].reason));
	if (update_is_stuck(update))
		event_step(run->stream, STEP_ERROR, "The stack is %s; %s", stack->status,
			update_way_out(run->arena, &update->cloud, stack));
	else if (text_equal(stack->status, "UPDATE_ROLLBACK_COMPLETE"))
		event_step(run->stream, STEP_NOTE,
			"CloudFormation has taken all of it back: the cloud is as it was before. To try again: cloudctl update %s. What was done: cloudctl history %s",
			update->cloud.name, update->cloud.name);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED, "%s failed: %s", failures->items[0].name,
			failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack ended as %s: %s",
		stack->status ? stack->status : "deleted", stack->reason);
}

/* CloudFormation tries three times to delete what is no longer of the stack, and then forgets it. */
static void name_left_behind(const struct update *update, const struct stack_failures *failures)
{
	struct arena *arena = update->run->arena;

	for (size_t i = 0; i < failures->count; i++) {
		const struct stack_cause *one = &failures->items[i];
		const struct resource_type *type = resource_type_find(one->type);
		const char *command = "";

		if (!text_equal(one->status, "DELETE_FAILED") || one->over)
			continue;
		if (type && type->removed_by && *one->physical_id)
			command = arena_printf(arena,
				" To remove it, once nothing uses it: aws %s %s --region %s",
				type->removed_by, shell_word(arena, one->physical_id), update->cloud.region);
		event_step(update->run->stream, STEP_WARNING,
			"Left behind: %s %s could not be deleted, and no longer belongs to the stack: %s.%s",
			one->name, one->physical_id, one->reason, command);
	}
}

int update_finish(struct update *update, struct error *err)
{
	struct arena *arena = update->run->arena;
	const struct setup_choices *choices;
	json_t *tags;

	if (update_take(arena, &update->stack, &update->cloud, err) < 0 ||
		guard_all(update->aws, update, err) < 0)
		return -1;
	choices = &aws_cloud(&update->cloud)->setup;
	if (choices->tags.count == 0)
		return 0;
	tags = tree_defer(arena, json_pack("{s:s}", CLOUD_TAG, update->cloud.id));
	setup_choices_tags(arena, choices, tags);
	return setup_tag_rest(update->aws, arena, &update->cloud, tags, err);
}

static int follow(void *self, struct error *err)
{
	struct update *update = self;
	struct run *run = update->run;
	struct stack_operation operation = {update->stack.arn, update->cloud.operation.token};

	if (stack_follow(update->aws, run->arena, run->stream, &operation, err) < 0)
		return -1;
	update->stack = operation.stack;
	if (!text_equal(update->stack.status, "UPDATE_COMPLETE"))
		return update_fail(update, &operation, err);
	name_left_behind(update, &operation.failures);
	aws_expect_propagation(update->aws, PROPAGATION_MS);
	update->changed = true;
	return update_finish(update, err);
}

static const struct step rows[] = {
	{.id = "change-set",
		.doing = "asking what changes",
		.changes = true,
		.find = find_change_set,
		.perform = ask_what_changes,
		.wait = read_change_set,
		.undo = withdraw_change_set},
	{.id = "confirm", .doing = "asking for confirmation", .find = find_agreement, .perform = agree},
	{.id = "guard",
		.doing = "setting the stack policy",
		.changes = true,
		.find = find_guard,
		.perform = guard,
		.undo = guard_again},
	{.id = "execute",
		.doing = "updating the stack",
		.changes = true,
		.find = find_update,
		.perform = execute,
		.wait = follow,
		.stuck = update_is_stuck},
};

const struct steps update_steps = {
	.kind = "update",
	.record = STEPS_CHANGE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};
