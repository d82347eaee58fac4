/* SPDX-License-Identifier: Apache-2.0 */
/* Going on with a rollback: what failed, what is skipped, the request, and what the stack has after it. */
#include "providers/aws/cloud/update/rollback_steps.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/update/rollback.h"
#include "providers/aws/cloud/update/update_steps.h"
#include "providers/aws/cloud/update/update_way.h"
#include "providers/run.h"
#include "providers/steps.h"

static const char step_id[] = "continue-rollback";

bool rollback_was_begun(const struct cloud *cloud)
{
	return text_equal(cloud->operation.kind, "update") && text_equal(cloud->operation.step, step_id);
}

static bool has_failed(const struct stack *stack)
{
	return text_equal(stack->status, "UPDATE_ROLLBACK_FAILED");
}

/* --- what there is to go on with --- */

/* The stack as it is now, what failed, and whether the request that the record names has arrived. */
static int look(struct update *update, struct error *err)
{
	struct arena *arena = update->run->arena;
	const char *arn = update->stack.arn, **token = &update->cloud.operation.token;
	const json_t *events;

	if (stack_describe(update->aws, arena, arn, &update->stack, err) < 0)
		return -1;
	if (!has_failed(&update->stack))
		return 0;
	events = aws_call(update->aws, arena, &cloudformation_DescribeStackEvents,
		json_pack("{s:s}", "StackName", arn), err);
	if (!events)
		return error_wrap(err, "reading the events of the stack %s", arn);
	update->stuck = rollback_failures(arena, arn, events);
	if (rollback_shows_token(arn, events, *token))
		*token = NULL;
	return 0;
}

static const struct stack_cause *failure_of(const struct stack_failures *stuck, const char *logical_id)
{
	for (size_t i = 0; i < stuck->count; i++)
		if (text_equal(stuck->items[i].logical_id, logical_id))
			return &stuck->items[i];
	return NULL;
}

static int check_skipped(const struct update *update, struct error *err)
{
	const struct text_list *skip = &update->options->skip;
	struct text_list failed = {0};

	for (size_t i = 0; i < update->stuck.count; i++)
		text_list_add(update->run->arena, &failed, update->stuck.items[i].logical_id);
	for (size_t i = 0; i < skip->count; i++)
		if (!text_list_has(&failed, skip->items[i]))
			return error_set(err, ERROR_USAGE,
				"--skip: '%s' is not one of what could not be taken back: %s", skip->items[i],
				failed.count > 0 ? text_join(update->run->arena, &failed, ", ") : "nothing");
	return 0;
}

static struct consent lines_of(const struct update *update)
{
	const struct cloud *cloud = &update->cloud;
	struct arena *arena = update->run->arena;
	struct consent lines = consent_new(arena,
		arena_printf(arena,
			"update is going on with taking an update of cloud '%s' back:", cloud->name));

	consent_add(&lines, "Where", "account %s, region %s, stack %s", cloud->account, cloud->region,
		update->stack.name);
	for (size_t i = 0; i < update->stuck.count; i++) {
		const struct stack_cause *one = &update->stuck.items[i];
		bool skipped = text_list_has(&update->options->skip, one->logical_id);

		consent_add(&lines, skipped ? "Skipped" : "Failed", "%s %s (%s): %s", one->name,
			one->physical_id, one->logical_id,
			skipped ? "stays as it is, and may differ from the stack's template then"
				: one->reason);
	}
	return lines;
}

static json_t *failures_document(const struct update *update)
{
	json_t *list = json_array();

	for (size_t i = 0; i < update->stuck.count; i++) {
		const struct stack_cause *one = &update->stuck.items[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "logical_id", one->logical_id, "type",
				one->type, "name", one->name, "physical_id", one->physical_id, "reason",
				one->reason, "skip", text_list_has(&update->options->skip, one->logical_id)));
	}
	return list;
}

int rollback_plan(struct update *update, struct error *err)
{
	struct run *run = update->run;
	const struct cloud *cloud = &update->cloud;
	struct consent lines;

	if (look(update, err) < 0 || check_skipped(update, err) < 0)
		return -1;
	lines = lines_of(update);
	run->result.plan = consent_keep(&lines);
	run->result.document = tree_defer(run->arena,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "schema", "cloudctl.plan/1", "command",
			"update", "action", "continue", "cloud", cloud->name, "account", cloud->account,
			"region", cloud->region, "stack", update->stack.name, "stuck",
			failures_document(update)));
	return PLAN_SOMETHING;
}

/* --- the step --- */

static int find(void *self, enum found *found, struct error *err)
{
	struct update *update = self;

	if (look(update, err) < 0)
		return -1;
	*found = has_failed(&update->stack) ? FOUND_NOTHING : FOUND_UNDER_WAY;
	return 0;
}

static int agree(void *self, struct error *err)
{
	struct update *update = self;
	struct run *run = update->run;
	const struct cloud *cloud = &update->cloud;
	const struct text_list *skip = &update->options->skip;
	struct aws_cloud *section = aws_cloud_edit(run->arena, &update->cloud);
	struct consent lines;

	if (check_skipped(update, err) < 0)
		return -1;
	lines = lines_of(update);
	consent_tell(run, &lines);
	if (run->confirm(run, update->options->yes,
		    arena_printf(run->arena,
			    "Go on with taking the update of cloud '%s' back in account %s, region %s?",
			    cloud->name, cloud->account, cloud->region),
		    err) < 0)
		return -1;
	for (size_t i = 0; i < skip->count; i++)
		if (!text_list_has(&section->skipped, skip->items[i]))
			text_list_add(run->arena, &section->skipped, skip->items[i]);
	return 0;
}

static int go_on(void *self, struct error *err)
{
	struct update *update = self;
	json_t *input = json_pack("{s:s, s:s}", "StackName", update->stack.arn, "ClientRequestToken",
		update->cloud.operation.token);

	event_step(update->run->stream, STEP_PROGRESS, "Going on with the rollback of the stack %s ...",
		update->stack.name);
	if (update->options->skip.count > 0)
		json_object_set_new(input, "ResourcesToSkip", tree_array(&update->options->skip));
	return aws_call(update->aws, update->run->arena, &cloudformation_ContinueUpdateRollback, input, err)
		? 0
		: error_wrap(err, "going on with the rollback");
}

static void tell_skipped(const struct update *update)
{
	const struct text_list *skip = &update->options->skip;

	for (size_t i = 0; i < skip->count; i++) {
		const struct stack_cause *one = failure_of(&update->stuck, skip->items[i]);

		event_step(update->run->stream, STEP_WARNING,
			"%s %s (%s) was skipped: it may differ from the stack's template. Make it as the template says before the next update.",
			one ? one->name : skip->items[i], one ? one->physical_id : "", skip->items[i]);
	}
}

static int follow(void *self, struct error *err)
{
	struct update *update = self;
	struct run *run = update->run;
	struct stack_operation operation = {update->stack.arn, update->cloud.operation.token};

	if (stack_follow(update->aws, run->arena, run->stream, &operation, err) < 0)
		return -1;
	update->stack = operation.stack;
	if (update_way(update->stack.status) != UPDATE_GO)
		return update_fail(update, &operation, err);
	tell_skipped(update);
	update->changed = true;
	return update_finish(update, err);
}

static const struct step rows[] = {
	{.id = step_id,
		.doing = "going on with taking the update back",
		.changes = true,
		.find = find,
		.prepare = agree,
		.perform = go_on,
		.wait = follow,
		.stuck = update_is_stuck},
};

const struct steps rollback_steps = {
	.kind = "update",
	.record = STEPS_CHANGE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};
