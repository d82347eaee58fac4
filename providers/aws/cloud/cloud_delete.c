/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `delete`: remove a cloud. A managed cloud's stack is deleted and followed by its events; of a registered one only the
 * external id that `register` added is taken out again. Works on records in any state.
 *
 * CloudFormation deletes data first and finds out later that a subnet is in use. So nothing is deleted while anything is
 * in the way: that is looked for before the question, and again right before the stack goes.
 */
#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/delete/blockers.h"
#include "providers/aws/cloud/delete/delete_plan.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/edit_steps.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_protection.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"

struct deletion {
	struct run *run;
	const struct delete_options *options;
	struct aws *aws;
	struct cloud cloud;
	struct stack stack;
	struct delete_plan plan;
	bool unseen_is_agreed; /* the user was told of what could not be looked for, and said yes */
};

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

static int look(struct deletion *deletion, struct error *err)
{
	struct arena *arena = deletion->run->arena;
	struct cloud *cloud = NEW(arena, struct cloud);
	struct facts *facts;

	deletion->plan = (struct delete_plan){.cloud = &deletion->cloud, .stack = &deletion->stack};
	if (!is_to_be_surveyed(&deletion->stack))
		return 0;
	*cloud = cloud_copy(arena, &deletion->cloud);
	aws_cloud_edit(arena, cloud)->stack_arn = deletion->stack.arn;
	if (survey(deletion->aws, arena, cloud, &deletion->stack, &facts, err) < 0)
		return error_wrap(err, "looking for what is in the way");
	deletion->plan.facts = facts;
	deletion->plan.blockers = blockers_find(facts);
	deletion->plan.unseen = blockers_unseen(facts);
	return 0;
}

static int refuse(const struct deletion *deletion, struct error *err)
{
	struct event_stream *stream = deletion->run->stream;
	const struct blockers *blockers = &deletion->plan.blockers;

	event_step(stream, STEP_NOTE,
		"When they are gone, run the command again: cloudctl delete --name %s. To delete what can be deleted, data included, and leave the rest: --force",
		deletion->cloud.name);
	return error_set(err, ERROR_FAILED, "nothing was deleted: %zu thing%s in the way, the first is %s %s",
		blockers->count, blockers->count == 1 ? " is" : "s are", blockers->items[0].kind,
		blockers->items[0].id);
}

/* The first that could not be looked for is the error: it names the permission. */
static int refuse_unseen(const struct deletion *deletion, struct error *err)
{
	*err = *facts_error(deletion->plan.facts, deletion->plan.unseen.items[0].fact);
	event_step(deletion->run->stream, STEP_NOTE,
		"Nothing was deleted, because not everything that may be in the way could be looked for. To delete in spite of that: --force");
	return error_wrap(err, "%s", deletion->plan.unseen.items[0].doing);
}

/* Told as they are found; what stops is an error unless the user insists. */
static int judge(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	const struct delete_options *options = deletion->options;
	const struct blockers *blockers = &deletion->plan.blockers;
	const struct unseens *unseen = &deletion->plan.unseen;
	bool asks = !options->yes && run->has_terminal;

	for (size_t i = 0; i < blockers->count; i++)
		event_step(run->stream, options->force ? STEP_WARNING : STEP_ERROR, "In the way: %s",
			blocker_text(run->arena, &blockers->items[i]));
	for (size_t i = 0; i < unseen->count; i++)
		event_step(run->stream, STEP_WARNING, "Not known: %s: %s", unseen->items[i].doing,
			unseen->items[i].why);
	if (options->force)
		return 0;
	if (blockers->count > 0)
		return refuse(deletion, err);
	return unseen->count > 0 && !asks && !deletion->unseen_is_agreed ? refuse_unseen(deletion, err) : 0;
}

static int look_first(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (cloud_find_stack(deletion->aws, deletion->run->arena, &deletion->cloud, &deletion->stack, err) <
		0)
		return -1;
	event_step(deletion->run->stream, STEP_PROGRESS, "Looking for what is in the way ...");
	return look(deletion, err) < 0 ? -1 : judge(deletion, err);
}

/* A launch may have slipped in since. */
static int look_again(void *self, struct error *err)
{
	struct deletion *deletion = self;

	if (deletion->options->force)
		return 0;
	return look(deletion, err) < 0 ? -1 : judge(deletion, err);
}

/* --- asking --- */

/* The parts whose data goes with them. */
static void tell_what_is_lost(struct event_stream *stream, const struct cloud *cloud)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;
	bool efs = stack_parts(cloud) & PART_EFS, memorydb = stack_parts(cloud) & PART_MEMORYDB;

	if (!efs && !memorydb)
		event_step(stream, STEP_NOTE, "The bucket is kept; nothing else of the cloud holds data.");
	else
		event_step(stream, STEP_WARNING, "This deletes, with all data: %s%s%s%s. The bucket is kept.",
			efs ? text_or(resources->file_system_id, "(EFS)") : "",
			efs && memorydb ? " and " : "", memorydb ? "the MemoryDB cluster " : "",
			memorydb ? resources->memorydb_cluster : "");
}

static int agree(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const struct consent lines = delete_plan_lines(run->arena, &deletion->plan);

	consent_tell(run, &lines);
	event_step(run->stream, STEP_NOTE,
		"Once cloud %s is deleted, clusters that still run in it can no longer be reached.",
		cloud->id);
	if (cloud->deployment == DEPLOYMENT_MANAGED)
		tell_what_is_lost(run->stream, cloud);
	if (aws_cloud(cloud)->network.vpc_id)
		event_step(run->stream, STEP_NOTE, "The VPC %s and its subnets are yours and are kept.",
			aws_cloud(cloud)->network.vpc_id);
	if (cloud->deployment != DEPLOYMENT_MANAGED)
		event_step(run->stream, STEP_NOTE,
			"Its resources are kept; only the external id that register added is removed.");
	if (run->confirm(run, deletion->options->yes,
		    arena_printf(run->arena, "Delete cloud '%s' (%s) in account %s, region %s?", cloud->name,
			    cloud_deployment_names[cloud->deployment],
			    text_or(cloud->account, "(not recorded)"), cloud->region),
		    err) < 0)
		return -1;
	deletion->unseen_is_agreed = !deletion->options->yes;
	return 0;
}

/* --- the stack --- */

static int find_stack(void *self, enum found *found, struct error *err)
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
static int send_deletion(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const struct aws_cloud *section = aws_cloud(cloud);

	event_step(run->stream, STEP_PROGRESS, "Deleting the stack %s ...", section->stack_name);
	event_step(run->stream, STEP_NOTE, "In the console: %s",
		console_stack(run->arena, cloud->region, section->stack_arn));
	if (section->stack_protected &&
		stack_unprotect(deletion->aws, run->arena, section->stack_arn, err) < 0)
		return -1;
	if (stack_delete(deletion->aws, run->arena, section->stack_arn, cloud->operation.token, err) < 0) {
		if (err->kind == ERROR_DENIED || err->kind == ERROR_REJECTED)
			protect_again(deletion);
		return -1;
	}
	if (deletion->stack.phase == STACK_READY)
		stack_announce(run->arena, deletion->stack.parameters, true, run->stream);
	return 0;
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
	event_step(stream, STEP_NOTE, "Then run the command again: cloudctl delete --name %s",
		deletion->cloud.name);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED, "%zu resources could not be deleted, the first is %s: %s",
			failures->count, failures->items[0].name, failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack is %s: %s", stack->status ? stack->status : "gone",
		stack->reason);
}

static int follow_deletion(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	struct stack_operation operation = {aws_cloud(cloud)->stack_arn, cloud->operation.token};

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
	if (section->resources.file_system_id)
		event_step(run->stream, STEP_NOTE,
			"Backups of %s, which AWS Backup made daily, are kept for 35 days and cost money until then. To see them: aws backup list-recovery-points-by-resource --resource-arn arn:%s:elasticfilesystem:%s:%s:file-system/%s --region %s",
			section->resources.file_system_id, aws_partition(deletion->aws),
			deletion->cloud.region, deletion->cloud.account, section->resources.file_system_id,
			deletion->cloud.region);
	return 0;
}

static const struct step managed_rows[] = {
	{.id = "survey", .doing = "looking for what is in the way", .perform = look_first},
	{.id = "confirm", .doing = "asking for confirmation", .perform = agree},
	{.id = "delete-stack",
		.doing = "deleting the stack",
		.changes = true,
		.find = find_stack,
		.prepare = look_again,
		.perform = send_deletion,
		.wait = follow_deletion},
	{.id = "bucket", .doing = "looking for the bucket", .perform = note_bucket},
};

static const struct steps managed_steps = {
	.kind = "delete",
	.record = STEPS_REMOVE_RECORD,
	.rows = managed_rows,
	.count = ARRAY_LENGTH(managed_rows),
	.place = "AWS",
};

/* --- a registered cloud --- */

static int find_external_id(void *self, enum found *found, struct error *err)
{
	const struct deletion *deletion = self;

	(void)err;
	*found = aws_cloud(&deletion->cloud)->external_id_added ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int withdraw_external_id(void *self, struct error *err)
{
	struct deletion *deletion = self;
	struct run *run = deletion->run;
	const struct cloud *cloud = &deletion->cloud;
	const char *role = aws_cloud(cloud)->resources.control_plane_role_arn;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	bool changed;

	if (role_trust_lock(run, deletion->aws, role, &lock, err) < 0 ||
		role_trust_restore(run, deletion->aws, cloud, &changed, err) < 0)
		return -1;
	if (changed)
		event_step(run->stream, STEP_PROGRESS,
			"The external id was removed from the trust policy of the role %s.",
			arn_name(aws_cloud(cloud)->resources.control_plane_role_arn));
	return 0;
}

static const struct step registered_rows[] = {
	{.id = "confirm", .doing = "asking for confirmation", .perform = agree},
	{.id = "trust-policy",
		.doing = "taking the external id out of the trust policy",
		.changes = true,
		.find = find_external_id,
		.perform = withdraw_external_id},
};

static const struct steps registered_steps = {
	.kind = "delete",
	.record = STEPS_REMOVE_RECORD,
	.rows = registered_rows,
	.count = ARRAY_LENGTH(registered_rows),
	.place = "AWS",
};

/* --- the command --- */

/* --plan: as far as the question. Nothing is written, neither in AWS nor here. */
static int show_plan(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	struct consent lines;

	if (deletion->cloud.deployment == DEPLOYMENT_MANAGED) {
		if (cloud_find_stack(deletion->aws, run->arena, &deletion->cloud, &deletion->stack, err) <
				0 ||
			look(deletion, err) < 0)
			return -1;
	}
	lines = delete_plan_lines(run->arena, &deletion->plan);
	run->result.plan = consent_keep(&lines);
	run->result.lines = delete_plan_commands(run->arena, &deletion->plan);
	run->result.document = delete_plan_document(run->arena, &deletion->plan);
	if (deletion->plan.blockers.count > 0)
		return PLAN_REFUSED;
	return deletion->plan.unseen.count > 0 ? PLAN_UNKNOWN : PLAN_SOMETHING;
}

static int delete_cloud(struct deletion *deletion, struct error *err)
{
	struct run *run = deletion->run;
	struct cloud *cloud = &deletion->cloud;
	bool managed = cloud->deployment == DEPLOYMENT_MANAGED;
	struct operation operation = {
		.run = run,
		.steps = managed ? &managed_steps : &registered_steps,
		.self = deletion,
		.cloud = cloud,
		.recorded = true,
	};
	int code = cloud_identity_check(run->arena, cloud, err);

	if (code == 0 && (managed || aws_cloud(cloud)->external_id_added || edit_is_unfinished(cloud))) {
		operation.by = caller_of(deletion->aws, run->arena, cloud, err);
		code = operation.by ? 0 : -1;
	}
	deletion->plan.cloud = cloud;
	if (code == 0 && deletion->options->plan)
		return show_plan(deletion, err);
	if (code == 0)
		code = edit_end(run, deletion->aws, cloud, err);
	if (code == 0)
		code = steps_run(&operation, err);
	if (code == 0)
		event_step(run->stream, STEP_NOTE, "Cloud '%s' is deleted.", cloud->name);
	return code;
}

int cloud_delete(struct run *run, const void *options, struct error *err)
{
	struct deletion *deletion = NEW(run->arena, struct deletion);
	struct cloud *cloud = &deletion->cloud;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	deletion->run = run;
	deletion->options = options;
	run->result.alone = deletion->options->plan;
	if (run_load_cloud(run, deletion->options->plan, &lock, cloud, err) < 0)
		return -1;
	deletion->aws = cloud_session(run, cloud->region, false, err);
	if (!deletion->aws)
		return -1;
	run->begin(run, cloud);
	code = delete_cloud(deletion, err);
	if (code >= 0)
		return code;
	next_steps_denied("delete", err);
	return error_wrap(err, "deleting cloud '%s'", cloud->name);
}

const struct option delete_option_rows[] = {
	{"plan", 0, OPTION_FLAG, offsetof(struct delete_options, plan), NULL,
		"say what would be deleted and what is in the way, and delete nothing"},
	{"force", 0, OPTION_FLAG, offsetof(struct delete_options, force), NULL,
		"delete although something is in the way, or was not to be seen"},
	{"yes", 'y', OPTION_FLAG, offsetof(struct delete_options, yes), NULL, "agree to the question"},
	{NULL},
};
