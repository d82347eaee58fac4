/* SPDX-License-Identifier: Apache-2.0 */
/* The steps around the stack: what is in the way, the question, what is left. */
#include "providers/aws/cloud/delete/delete_steps.h"

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/delete/blockers.h"
#include "providers/aws/cloud/delete/clean.h"
#include "providers/aws/cloud/delete/delete_stack.h"
#include "providers/aws/cloud/delete/keep_file_system.h"
#include "providers/aws/cloud/delete/orphans.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/run.h"

/* --- what is in the way --- */

/*
 * Is there anything that a deletion could destroy by halves? While a stack is made or rolled back, nobody has launched
 * anything in it, and what it makes meanwhile would seem to be foreign; one that is being deleted is beyond help.
 */
static bool is_to_be_surveyed(const struct stack *stack)
{
	return stack->phase != STACK_ABSENT && stack->phase != STACK_DELETED &&
		!text_is_among(stack->status, "CREATE_IN_PROGRESS ROLLBACK_IN_PROGRESS DELETE_IN_PROGRESS");
}

int delete_survey(struct deletion *deletion, struct arena *arena, struct facts **facts, struct error *err)
{
	struct cloud *cloud = NEW(arena, struct cloud);

	*cloud = cloud_copy(arena, &deletion->cloud);
	aws_cloud_edit(arena, cloud)->stack_arn = deletion->stack.arn;
	if (survey(deletion->aws, arena, cloud, &deletion->stack, deletion->plan.cleans, facts, err) < 0)
		return error_wrap(err, "looking for what is in the way");
	return 0;
}

static const struct recovery_points *look_for_backups(struct deletion *deletion)
{
	if (!deletion->backups.file_system)
		deletion->backups = recovery_points_find(deletion->aws, deletion->run->arena,
			&deletion->cloud);
	return &deletion->backups;
}

int delete_look(struct deletion *deletion, struct error *err)
{
	struct facts *facts;

	if (deletion->options->with_bucket && !deletion->bucket.name &&
		bucket_look(deletion->aws, deletion->run->arena, &deletion->cloud, &deletion->bucket, err) <
			0)
		return error_wrap(err, "looking at the bucket");
	deletion->plan = (struct delete_plan){.cloud = &deletion->cloud,
		.stack = &deletion->stack,
		.retained = &deletion->options->retain,
		.forced = deletion->options->force_stack,
		.keeps = keep_is_wanted(deletion),
		.bucket = deletion->bucket.name ? &deletion->bucket : NULL,
		.cleans = deletion->options->clean && !deletion->cleaned};
	if (!is_to_be_surveyed(&deletion->stack))
		return 0;
	if (delete_survey(deletion, deletion->run->arena, &facts, err) < 0)
		return -1;
	deletion->plan.backups = look_for_backups(deletion);
	deletion->plan.facts = facts;
	deletion->plan.blockers = blockers_find(facts, deletion->plan.cleans);
	deletion->plan.unseen = blockers_unseen(facts);
	orphans_leave_out(deletion);
	return 0;
}

static bool stops(const struct deletion *deletion, const struct blocker *blocker)
{
	return !blocker->harmless && !(deletion->plan.cleans && blocker->cleans);
}

/* The first that stops; there is one. */
static const struct blocker *first_stop(const struct deletion *deletion)
{
	const struct blocker *blocker = deletion->plan.blockers.items;

	while (!stops(deletion, blocker))
		blocker++;
	return blocker;
}

static int refuse(const struct deletion *deletion, size_t stopping, struct error *err)
{
	struct event_stream *stream = deletion->run->stream;
	const struct blocker *first = first_stop(deletion);
	size_t cleanable = stopping - blockers_stopping(&deletion->plan.blockers, true);

	if (!deletion->plan.cleans && cleanable > 0)
		event_step(stream, STEP_NOTE,
			"%zu of %zu can be taken away by: cloudctl delete --name %s --clean", cleanable,
			stopping, deletion->cloud.name);
	event_step(stream, STEP_NOTE,
		"When they are gone, run the command again: cloudctl delete --name %s. To delete what can be deleted, data included, and leave the rest: --force",
		deletion->cloud.name);
	return error_set(err, ERROR_FAILED, "nothing was deleted: %zu thing%s in the way, the first is %s %s",
		stopping, stopping == 1 ? " is" : "s are", first->kind, first->id);
}

/* The first that could not be looked for is the error: it names the permission. */
static int refuse_unseen(const struct deletion *deletion, struct error *err)
{
	*err = *facts_error(deletion->plan.facts, deletion->plan.unseen.items[0].fact);
	event_step(deletion->run->stream, STEP_NOTE,
		"Nothing was deleted, because not everything that may be in the way could be looked for. To delete in spite of that: --force");
	return error_wrap(err, "%s", deletion->plan.unseen.items[0].doing);
}

/* Does the user insist? */
static bool is_forced(const struct deletion *deletion)
{
	return deletion->options->force || deletion->options->force_stack;
}

/* Told as they are found; what stops is an error unless the user insists. */
static int judge(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	const struct delete_options *options = deletion->options;
	const struct blockers *blockers = &deletion->plan.blockers;
	const struct unseens *unseen = &deletion->plan.unseen;
	size_t stopping = blockers_stopping(blockers, deletion->plan.cleans);
	bool asks = !options->yes && run->has_terminal;

	for (size_t i = 0; i < blockers->count; i++)
		if (stops(deletion, &blockers->items[i]))
			event_step(run->stream, is_forced(deletion) ? STEP_WARNING : STEP_ERROR,
				"In the way: %s", blocker_text(run->arena, &blockers->items[i]));
	for (size_t i = 0; i < unseen->count; i++)
		event_step(run->stream, STEP_WARNING, "Not known: %s: %s", unseen->items[i].doing,
			unseen->items[i].why);
	if (is_forced(deletion))
		return 0;
	if (stopping > 0)
		return refuse(deletion, stopping, err);
	return unseen->count > 0 && !asks && !deletion->unseen_is_agreed ? refuse_unseen(deletion, err) : 0;
}

static int look_first(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (cloud_find_stack(deletion->aws, deletion->run->arena, &deletion->cloud, &deletion->stack, err) <
			0 ||
		keep_settle(deletion, err) < 0)
		return -1;
	event_step(deletion->run->stream, STEP_PROGRESS, "Looking for what is in the way ...");
	return delete_look(deletion, err) < 0 || orphans_check(deletion, err) < 0 || judge(deletion, err) < 0
		? -1
		: keep_look(deletion, err);
}

/* --- cleaning --- */

static int find_what_to_clean(void *self, enum found *found, struct error *err)
{
	const struct deletion *deletion = self;
	const struct blockers *blockers = &deletion->plan.blockers;

	(void)err;
	*found = FOUND_DONE;
	for (size_t i = 0; deletion->plan.cleans && i < blockers->count; i++)
		if (blockers->items[i].cleans)
			*found = FOUND_NOTHING;
	return 0;
}

static int clean_up(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (clean(deletion->run, deletion->aws, deletion->plan.facts, &deletion->plan.blockers, err) < 0)
		return -1;
	deletion->cleaned = true;
	return 0;
}

/* A launch may have slipped in since. */
static int look_again(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (is_forced(deletion))
		return 0;
	return delete_look(deletion, err) < 0 ? -1 : judge(deletion, err);
}

/* --- asking --- */

static void tell_what_is_lost(struct event_stream *stream, const struct delete_plan *plan, const char *data)
{
	const char *kept = plan->bucket ? plan->keeps ? "The file system is" : NULL
		: plan->keeps           ? "The bucket and the file system are"
					: "The bucket is";

	if (data)
		event_step(stream, STEP_WARNING, "This deletes, with all data: %s.%s%s%s", data,
			kept ? " " : "", text_or(kept, ""), kept ? " kept." : "");
	else
		event_step(stream, STEP_NOTE, "%s kept; nothing else of the cloud holds data.",
			text_or(kept, "Nothing is"));
}

int delete_agree(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const struct consent lines = delete_plan_lines(run->arena, &deletion->plan);
	const char *data = delete_plan_data(run->arena, &deletion->plan);
	const char *question = arena_printf(run->arena, "Delete cloud '%s' (%s)%s in account %s, region %s?",
		cloud->name, cloud_deployment_names[cloud->deployment], data ? " and its data" : "",
		text_or(cloud->account, "(not recorded)"), cloud->region);

	consent_tell(run, &lines);
	event_step(run->stream, STEP_NOTE,
		"Once cloud %s is deleted, clusters that still run in it can no longer be reached.",
		cloud->id);
	if (cloud->deployment == DEPLOYMENT_MANAGED)
		tell_what_is_lost(run->stream, &deletion->plan, data);
	if (deletion->plan.backups && deletion->plan.backups->unknown)
		event_step(run->stream, STEP_WARNING,
			"Backups of %s outlive it; how many there are is not known: %s",
			deletion->plan.backups->file_system, deletion->plan.backups->unknown);
	if (aws_cloud(cloud)->network.vpc_id)
		event_step(run->stream, STEP_NOTE, "The VPC %s and its subnets are yours and are kept.",
			aws_cloud(cloud)->network.vpc_id);
	if (cloud->deployment != DEPLOYMENT_MANAGED)
		event_step(run->stream, STEP_NOTE,
			"Its resources are kept; only the external id that register added is removed.");
	if (data ? run->confirm_word(run, deletion->options->yes, question, cloud->name, err) < 0
		 : run->confirm(run, deletion->options->yes, question, err) < 0)
		return -1;
	deletion->unseen_is_agreed = !deletion->options->yes;
	return 0;
}

/* --- the bucket --- */

static int find_bucket(void *self, enum found *found, struct error *err)
{
	const struct deletion *deletion = self;

	(void)err;
	*found = deletion->options->with_bucket ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int remove_bucket(void *self, struct error *err)
{
	struct deletion *deletion = self;

	return bucket_remove(deletion->run, deletion->aws, &deletion->cloud, err);
}

/* --- what is left --- */

static int note_bucket(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct aws_cloud *section = aws_cloud(&deletion->cloud);
	const char *bucket = section->resources.bucket;

	if (!section->stack_name)
		return 0;
	if (!bucket)
		bucket = kind_default_id(run->arena, KIND_BUCKET, &deletion->cloud);
	if (aws_call(deletion->aws, run->arena, &s3_HeadBucket, json_pack("{s:s}", "Bucket", bucket), err)) {
		event_step(run->stream, STEP_NOTE,
			"The S3 bucket %s and its contents still exist and cost money.", bucket);
		event_step(run->stream, STEP_NOTE,
			"When you no longer need the data, empty it, old versions included: %s; then: aws s3 rb s3://%s",
			console_empty_bucket(run->arena, deletion->cloud.region, bucket), bucket);
	} else if (err->kind == ERROR_DENIED) {
		event_step(run->stream, STEP_WARNING,
			"The S3 bucket %s, which is not deleted, may still exist and cost money; to find out needs %s",
			bucket, err->action);
	} else if (err->kind != ERROR_NOT_FOUND) {
		event_step(run->stream, STEP_WARNING,
			"The S3 bucket %s, which is not deleted, may still exist and cost money; whether it does could not be found out: %s",
			bucket, error_text(run->arena, err));
	}
	error_clear(err); /* what cannot be said about the bucket fails no deletion */
	return 0;
}

static int note_backups(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct arena *arena = deletion->run->arena;
	struct event_stream *stream = deletion->run->stream;
	const struct recovery_points *backups = look_for_backups(deletion);
	const char *text = recovery_points_text(arena, backups);

	(void)err;
	if (text)
		event_step(stream, STEP_NOTE,
			"There %s %s. They stay, and cost money as long. To see them: %s",
			backups->count == 1 ? "is" : "are", text,
			recovery_points_command(arena, &deletion->cloud));
	else if (backups->unknown)
		event_step(stream, STEP_NOTE,
			"Backups of %s, which AWS Backup made daily, are kept for 35 days and cost money until then; how many there are is not known (%s). To see them: %s",
			backups->file_system, backups->unknown,
			recovery_points_command(arena, &deletion->cloud));
	return 0;
}

/* --- the table --- */

static const struct step managed_rows[] = {
	{.id = "survey", .doing = "looking for what is in the way", .perform = look_first},
	{.id = "confirm", .doing = "asking for confirmation", .perform = delete_agree},
	{.id = "keep-file-system",
		.doing = "changing the stack so that the file system stays",
		.changes = true,
		.find = keep_find,
		.prepare = keep_prepare,
		.perform = keep_perform,
		.wait = keep_follow,
		.undo = keep_undo,
		.undoable = keep_is_undoable},
	{.id = "clean",
		.doing = "removing what the control plane made",
		.changes = true,
		.find = find_what_to_clean,
		.perform = clean_up},
	{.id = "delete-stack",
		.doing = "deleting the stack",
		.changes = true,
		.find = delete_stack_find,
		.prepare = look_again,
		.perform = delete_stack_send,
		.wait = delete_stack_follow},
	{.id = "delete-bucket",
		.doing = "deleting the bucket",
		.changes = true,
		.no_return = true,
		.find = find_bucket,
		.perform = remove_bucket},
	{.id = "orphans", .doing = "looking for what the stack left", .perform = orphans_tell},
	{.id = "bucket", .doing = "looking for the bucket", .perform = note_bucket},
	{.id = "backups", .doing = "looking for backups", .perform = note_backups},
};

const struct steps delete_managed_steps = {
	.kind = "delete",
	.record = STEPS_REMOVE_RECORD,
	.rows = managed_rows,
	.count = ARRAY_LENGTH(managed_rows),
	.place = "AWS",
};
