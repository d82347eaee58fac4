/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `update`: change a managed cloud by a change set of its stack, or go on with taking a change back. The steps are in
 * update_steps.c and rollback_steps.c, what the options mean in update_plan.c, what is shown and refused in update_consent.c.
 */
#include "base/arena.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/update/rollback_steps.h"
#include "providers/aws/cloud/update/update_steps.h"
#include "providers/aws/cloud/update/update_verification.h"
#include "providers/aws/cloud/update/update_way.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"

/* --- whether there is something to update --- */

static int check_record(const struct cloud *cloud, struct error *err)
{
	const char *name = cloud->name;

	if (cloud->deployment != DEPLOYMENT_MANAGED)
		return error_set(err, ERROR_USAGE,
			"cloud '%s' is registered, so its resources are yours to change; update is for clouds that setup made",
			name);
	if (cloud->state == CLOUD_READY)
		return 0;
	return error_set(err, ERROR_CONFLICT, "cloud '%s' is %s; finish that first: cloudctl %s --name %s",
		name, cloud_state_names[cloud->state], cloud->state == CLOUD_DELETING ? "delete" : "setup",
		name);
}

/* Is there a rollback to go on with, or one that an earlier run went on with and has not ended for us? */
static bool find_rollback(const struct update *update)
{
	const char *status = update->stack.status;
	bool failed = text_equal(status, "UPDATE_ROLLBACK_FAILED");

	if (failed || !rollback_was_begun(&update->cloud))
		return failed && update->options->continues;
	return text_starts_with(status, "UPDATE_ROLLBACK_") || update_way(status) == UPDATE_GO;
}

static int refuse_to_continue(const struct update *update, struct error *err)
{
	const struct stack *stack = &update->stack;
	const char *name = update->cloud.name;
	bool ours = update->executed;

	switch (update_way(stack->status)) {
	case UPDATE_GO:
		return error_set(err, ERROR_CONFLICT,
			"its stack is %s, so there is nothing to take back; to update it: cloudctl update %s",
			stack->status, name);
	case UPDATE_WAIT:
		return error_set(err, ERROR_CONFLICT, "its stack is %s%s; %s", stack->status,
			ours ? ": the update has not ended" : " by somebody else",
			ours ? arena_printf(update->run->arena, "to follow it: cloudctl update %s", name)
			     : "wait until that has ended");
	case UPDATE_IS_STUCK:
	case UPDATE_SETUP:
	case UPDATE_DELETE: break;
	}
	return 0;
}

/* Is what is under way ours, or to be gone on with? */
static bool followed(const struct update *update)
{
	switch (update_way(update->stack.status)) {
	case UPDATE_WAIT: return update->executed || update->continues;
	case UPDATE_IS_STUCK: return update->continues;
	case UPDATE_GO:
	case UPDATE_SETUP:
	case UPDATE_DELETE: break;
	}
	return false;
}

/* The stack's status decides first. */
static int find_way(struct update *update, struct error *err)
{
	const struct cloud_operation *operation = &update->cloud.operation;
	const struct stack *stack = &update->stack;
	const char *refusal;
	bool ours = text_equal(operation->kind, "update") && text_equal(operation->step, "execute") &&
		update_was_executed(stack, operation->undo);

	update->executed = ours;
	update->taken_back = update->options->continues && !update->continues &&
		text_equal(stack->status, "UPDATE_ROLLBACK_COMPLETE");
	if (update->options->continues && !update->continues && !update->taken_back &&
		refuse_to_continue(update, err) < 0)
		return -1;
	refusal = followed(update) ? NULL : update_way_refusal(update->run->arena, &update->cloud, stack);
	return refusal ? error_set(err, ERROR_CONFLICT, "%s", refusal) : 0;
}

/* Find the stack, and which template it was made with. */
static int look(struct update *update, struct error *err)
{
	struct arena *arena = update->run->arena;
	const json_t *reply;

	if (cloud_find_stack(update->aws, arena, &update->cloud, &update->stack, err) < 0)
		return -1;
	if (update->stack.phase == STACK_ABSENT)
		return error_set(err, ERROR_CONFLICT,
			"there is no stack %s in %s; see what is left: cloudctl verify %s",
			aws_cloud(&update->cloud)->stack_name, update->cloud.region, update->cloud.name);
	update->continues = find_rollback(update);
	if (find_way(update, err) < 0)
		return -1;
	if (update->continues || update->taken_back)
		return 0;
	reply = aws_call(update->aws, arena, &cloudformation_GetTemplate,
		json_pack("{s:s, s:s}", "StackName", update->stack.arn, "TemplateStage", "Original"), err);
	if (!reply)
		return error_wrap(err, "reading the template of the stack %s", update->stack.name);
	update->template = template_version_find(arena, tree_text(reply, "TemplateBody"));
	return 0;
}

/* --- what it would do --- */

static int print_plan(struct update *update)
{
	struct run *run = update->run;
	const struct update_consent what = update_consent_of(update);
	const char *refusal = update_refusal(run->arena, &what);
	const char *objection = update_objection(run->arena, &what);
	struct consent lines = update_consent_lines(run->arena, &what);

	run->result.document = update_consent_document(run->arena, &what);
	if (update->set.empty && !drift_is_open(&update->drift)) {
		run->result.lines = arena_printf(run->arena,
			"Cloud '%s' is up to date in account %s, region %s: nothing to do.\n",
			update->cloud.name, update->cloud.account, update->cloud.region);
		return drift_is_unknown(&update->drift) ? PLAN_UNKNOWN : PLAN_NOTHING;
	}
	run->result.plan = consent_keep(&lines);
	if (refusal)
		text_list_add(run->arena, &run->result.notes,
			arena_printf(run->arena, "it would be refused: %s", refusal));
	if (objection)
		text_list_add(run->arena, &run->result.notes,
			arena_printf(run->arena, "it would stop: %s", objection));
	return refusal ? PLAN_REFUSED : PLAN_SOMETHING;
}

/* --plan: as far as the question. The record is not written; the change set has a name of its own and goes again. */
static int show_plan(struct update *update, struct error *err)
{
	struct run *run = update->run;
	const char *token = world_token(run->world, run->arena, "cloudctl-plan-"), *arn;
	struct error ignored;
	int code;

	if (update->continues && update_is_stuck(update))
		return rollback_plan(update, err);
	if (update->taken_back) {
		run->result.lines = arena_printf(run->arena,
			"The last update of cloud '%s' was taken back: nothing to go on with.\n",
			update->cloud.name);
		return PLAN_NOTHING;
	}
	if (update->executed || update->continues) {
		run->result.lines = arena_printf(run->arena,
			"An update of cloud '%s' is under way (%s); to follow it: cloudctl update %s\n",
			update->cloud.name, update->stack.status, update->cloud.name);
		return PLAN_SOMETHING;
	}
	code = update_ask(update, token, token, &arn, err);
	if (code == 0)
		code = update_read(update, arn, err);
	if (update_withdraw(update, token, &ignored) < 0)
		event_step(run->stream, STEP_WARNING,
			"The change set %s of the stack could not be deleted (%s); it costs nothing.", token,
			error_text(run->arena, &ignored));
	return code < 0 ? -1 : print_plan(update);
}

/* --- doing it --- */

static int make(struct update *update, const struct steps *steps, struct error *err)
{
	struct operation operation = {
		.run = update->run,
		.steps = steps,
		.self = update,
		.cloud = &update->cloud,
		.recorded = true,
		.by = update->caller,
	};

	return steps_run(&operation, err);
}

static int carry_out(struct update *update, struct error *err)
{
	int code = 0;

	if (cloud_identity_check(update->run->arena, &update->cloud, err) < 0)
		return -1;
	update->caller = caller_of(update->aws, update->run->arena, &update->cloud, err);
	if (!update->caller || look(update, err) < 0)
		return -1;
	if (update->options->plan)
		return show_plan(update, err);
	if (update->taken_back)
		return update_verify_after(update, err);
	if (update->continues) {
		code = make(update, &rollback_steps, err);
		if (code == 0 && update->options->continues)
			return update_verify_after(update, err);
		if (code == 0)
			code = look(update, err);
	} else if (update->executed) {
		event_step(update->run->stream, STEP_PROGRESS,
			"An earlier update of cloud '%s' was begun: its stack is %s.", update->cloud.name,
			update->stack.status);
		code = make(update, &update_steps, err);
		if (code == 0)
			code = look(update, err);
	}
	if (code == 0)
		code = make(update, &update_steps, err);
	if (code != 0)
		return code;
	if (update->changed)
		return update_verify_after(update, err);
	event_step(update->run->stream, STEP_NOTE, "Cloud '%s' is up to date; nothing was changed.",
		update->cloud.name);
	return 0;
}

int cloud_update(struct run *run, const void *options, struct error *err)
{
	struct update *update = NEW(run->arena, struct update);
	struct cloud *cloud = &update->cloud;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	update->run = run;
	update->options = options;
	run->result.alone = update->options->plan;
	if (run_load_cloud(run, update->options->plan, &lock, cloud, err) < 0 ||
		check_record(cloud, err) < 0 ||
		update_options_check(run->arena, update->options, cloud->region, err) < 0)
		return -1;
	update->choice = drift_choose(update->options->drift, run->has_terminal && !update->options->yes);
	update->aws = cloud_session(run, cloud->region, false, err);
	if (!update->aws)
		return -1;
	run->begin(run, cloud);
	code = carry_out(update, err);
	if (code < 0)
		next_steps_denied("update", err);
	return code < 0 ? error_wrap(err, "updating cloud '%s'", cloud->name) : code;
}
