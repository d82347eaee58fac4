/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `cloudctl delete`: remove a cloud. A managed cloud's stack is deleted and followed by its events; of a registered one
 * only the external id that `register` added is taken out again. Works on records in any state, and may be run again
 * at any point: what is gone already is not missed.
 */
#include "base/file.h"
#include "cmd/command.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/role_trust.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/iam/arn.h"

struct delete_options {
	bool yes;
};

struct deletion {
	struct context *context;
	const struct delete_options *options;
	struct aws *aws;
	struct cloud cloud;
	struct stack stack;
};

static int save_operation(struct deletion *deletion, const char *step, struct error *err)
{
	struct context *context = deletion->context;
	struct cloud *cloud = &deletion->cloud;
	const char *undo = cloud->operation.undo; /* of a registration that was not finished */

	cloud->state = CLOUD_DELETING;
	cloud->operation = (struct cloud_operation){.kind = "delete",
		.token = world_token(context->world, context->arena, "delete-"),
		.step = step,
		.undo = undo,
		.started = context_now(context)};
	return registry_update(&context->registry, cloud, err);
}

/* --- asking --- */

/* What is lost for good, in words; NULL when nothing is. */
static const char *lost_data(struct arena *arena, const struct cloud *cloud)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;

	if (cloud->deployment == DEPLOYMENT_REGISTERED)
		return NULL;
	return arena_printf(arena, "Deleted with its data: %s%s%s. The bucket stays.",
		resources->file_system_id ? resources->file_system_id : "(EFS)",
		resources->memorydb_cluster ? " and the MemoryDB cluster " : "",
		resources->memorydb_cluster ? resources->memorydb_cluster : "");
}

static int agree(struct deletion *deletion, struct error *err)
{
	struct context *context = deletion->context;
	const struct cloud *cloud = &deletion->cloud;
	const char *lost = lost_data(context->arena, cloud);

	event_step(&context->stream, STEP_NOTE,
		"Once cloud %s is deleted, clusters that still run in it can no longer be reached.",
		cloud->id);
	if (lost)
		event_step(&context->stream, STEP_WARNING, "%s", lost);
	else
		event_step(&context->stream, STEP_NOTE,
			"Its resources are yours and stay; only the external id that register added is taken away.");
	return context_confirm(context, deletion->options->yes,
		arena_printf(context->arena, "Delete cloud '%s' (%s)?", cloud->name,
			cloud_deployment_name(cloud->deployment)),
		err);
}

/* --- the stack --- */

static int report_failures(struct deletion *deletion, const struct stack_failures *failures,
	struct error *err)
{
	struct event_stream *stream = &deletion->context->stream;
	const char *name = deletion->cloud.name;

	for (size_t i = 0; i < failures->count; i++) {
		const struct stack_cause *failure = &failures->items[i];
		const struct resource_type *type = resource_type_find(failure->type);

		event_step(stream, STEP_ERROR, "%s %s could not be deleted: %s. What to do: %s.",
			failure->name, failure->physical_id, failure->reason,
			type && type->stuck ? type->stuck : "remove what uses it");
	}
	event_step(stream, STEP_NOTE, "Then run it again: cloudctl delete --name %s", name);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED, "%zu resources could not be deleted, first %s: %s",
			failures->count, failures->items[0].name, failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack is %s: %s",
		deletion->stack.status ? deletion->stack.status : "gone",
		deletion->stack.reason ? deletion->stack.reason : "AWS gives no reason");
}

static int follow(struct deletion *deletion, struct error *err)
{
	struct context *context = deletion->context;
	struct cloud *cloud = &deletion->cloud;
	struct stack_operation operation = {aws_cloud(cloud)->stack_arn, cloud->operation.token};

	if (stack_follow(deletion->aws, context->arena, &context->stream, &operation, err) < 0) {
		event_step(&context->stream, STEP_NOTE,
			"The deletion of %s goes on in AWS. To come back to it: cloudctl delete --name %s",
			aws_cloud(cloud)->stack_name, cloud->name);
		return -1;
	}
	deletion->stack = operation.stack;
	if (deletion->stack.phase != STACK_DELETED && deletion->stack.phase != STACK_ABSENT)
		return report_failures(deletion, &operation.failures, err);
	event_step(&context->stream, STEP_PROGRESS, "The stack %s is deleted.", aws_cloud(cloud)->stack_name);
	return 0;
}

/* DeleteStack was refused (protection, a missing permission): the cloud is what it was. */
static int put_back(struct deletion *deletion, const struct cloud *before, struct error *err)
{
	struct cloud restored = *before;
	struct error ignored;

	restored.revision = deletion->cloud.revision;
	if (err->kind == ERROR_DENIED || err->kind == ERROR_REJECTED)
		registry_update(&deletion->context->registry, &restored, &ignored);
	return -1;
}

static int send_deletion(struct deletion *deletion, struct error *err)
{
	struct cloud before = cloud_copy(deletion->context->arena, &deletion->cloud);
	struct cloud *cloud = &deletion->cloud;

	aws_cloud_edit(deletion->context->arena, cloud)->stack_arn = deletion->stack.arn;
	if (save_operation(deletion, "delete-stack", err) < 0)
		return -1;
	event_step(&deletion->context->stream, STEP_PROGRESS, "Deleting the stack %s ...",
		aws_cloud(cloud)->stack_name);
	if (stack_delete(deletion->aws, deletion->context->arena, aws_cloud(cloud)->stack_arn,
		    cloud->operation.token, err) < 0)
		return put_back(deletion, &before, err);
	if (deletion->stack.phase == STACK_READY)
		stack_announce(deletion->context->arena, deletion->stack.parameters, true,
			&deletion->context->stream);
	return follow(deletion, err);
}

/* Is a deletion of ours under way, so that its token finds its events? */
static bool is_under_way(const struct deletion *deletion)
{
	return text_equal(deletion->stack.status, "DELETE_IN_PROGRESS") &&
		text_equal(deletion->cloud.operation.kind, "delete") &&
		aws_cloud(&deletion->cloud)->stack_arn;
}

/* The bucket outlives its stack, whatever became of the rest. */
static void note_bucket(struct deletion *deletion)
{
	struct context *context = deletion->context;
	const struct cloud *cloud = &deletion->cloud;
	const char *bucket = aws_cloud(cloud)->resources.bucket;
	struct error err;

	if (!bucket)
		bucket = arena_printf(context->arena, "cloudctl-data-%s", aws_cloud(cloud)->stack_name);
	if (!aws_call(deletion->aws, context->arena, &s3_HeadBucket, json_pack("{s:s}", "Bucket", bucket),
		    &err)) {
		if (err.kind == ERROR_DENIED)
			event_step(&context->stream, STEP_WARNING,
				"The S3 bucket %s, which a deletion leaves, may still exist and cost money; to see it needs %s",
				bucket, err.action);
		return;
	}
	event_step(&context->stream, STEP_NOTE,
		"The S3 bucket %s and what is in it still exist, and cost money.", bucket);
	event_step(&context->stream, STEP_NOTE,
		"When the data is no longer needed: aws s3 rb s3://%s --force (the bucket keeps old versions; if that is refused, choose 'Empty' in the S3 console first)",
		bucket);
}

static int delete_stack(struct deletion *deletion, struct error *err)
{
	struct arena *arena = deletion->context->arena;
	const struct cloud *cloud = &deletion->cloud;
	const char *which = aws_cloud(cloud)->stack_arn ? aws_cloud(cloud)->stack_arn
							: aws_cloud(cloud)->stack_name;
	const struct stack *stack = &deletion->stack;
	int result = 0;

	if (!which) /* the record was made before anything else was */
		return 0;
	if (stack_describe(deletion->aws, arena, which, &deletion->stack, err) < 0)
		return -1;
	if (is_under_way(deletion))
		result = follow(deletion, err);
	else if (stack->phase != STACK_ABSENT && stack->phase != STACK_DELETED)
		result = send_deletion(deletion, err);
	if (result == 0)
		note_bucket(deletion);
	return result;
}

/* --- a registered cloud --- */

static int withdraw_external_id(struct deletion *deletion, struct error *err)
{
	struct context *context = deletion->context;
	const struct cloud *cloud = &deletion->cloud;
	bool changed;

	if (!aws_cloud(cloud)->external_id_added)
		return 0;
	if (save_operation(deletion, "trust-policy", err) < 0 ||
		role_trust_restore(deletion->aws, context->arena, cloud, &changed, err) < 0)
		return -1;
	if (changed)
		event_step(&context->stream, STEP_PROGRESS,
			"The external id was taken out of the trust policy of the role %s.",
			arn_name(aws_cloud(cloud)->resources.control_plane_role_arn));
	return 0;
}

/* --- the command --- */

static int delete_cloud(struct deletion *deletion, struct error *err)
{
	struct context *context = deletion->context;
	const struct cloud *cloud = &deletion->cloud;
	bool managed = cloud->deployment == DEPLOYMENT_MANAGED;

	if (managed || aws_cloud(cloud)->external_id_added) {
		if (caller_check(deletion->aws, context->arena, cloud, err) < 0)
			return -1;
	}
	if (agree(deletion, err) < 0)
		return -1;
	if ((managed ? delete_stack(deletion, err) : withdraw_external_id(deletion, err)) < 0 ||
		registry_remove(&context->registry, cloud->name, err) < 0)
		return -1;
	event_step(&context->stream, STEP_NOTE, "Cloud '%s' is deleted.", cloud->name);
	return 0;
}

static int delete_run(struct context *context, const void *data, struct error *err)
{
	struct deletion deletion = {.context = context, .options = data};
	struct cloud *cloud = &deletion.cloud;
	_cleanup_close_ int lock = -1;
	int code;

	if (context_cloud(context, &context->selector, cloud, err) < 0)
		return -1;
	lock = registry_lock(&context->registry, cloud->name, 0, err);
	/* Again, under the lock: another process may just have finished with it. */
	if (lock < 0 || registry_load(&context->registry, cloud->name, cloud, err) < 0)
		return -1;
	deletion.aws = context_aws(context, cloud->region, err);
	if (!deletion.aws)
		return -1;
	context_begin(context, &command_delete, cloud);
	code = delete_cloud(&deletion, err);
	if (code < 0)
		error_wrap(err, "deleting cloud '%s'", cloud->name);
	return context_end(context, code, VERDICT_SKIP, NULL, err);
}

#define AT(member) offsetof(struct delete_options, member)

static const struct option delete_rows[] = {
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to the question"},
	{NULL},
};

const struct command command_delete = {
	.name = "delete",
	.arguments = "[CLOUD]",
	.summary = "remove a cloud",
	.description =
		"A managed cloud: deletes its CloudFormation stack with all resources but the S3 bucket, which it\n"
		"names at the end. A registered one: takes the external id that register added out of the\n"
		"control-plane role's trust policy, forgets the record, and touches nothing else.\n"
		"\n"
		"  cloudctl delete prod\n"
		"\n"
		"Exit codes: 0 deleted, 4 not, or not everything; 5 not confirmed. It can be run again.",
	.needs = NEEDS_CLOUD,
	.options = delete_rows,
	.options_size = sizeof(struct delete_options),
	.effect = EFFECT_REMOVES,
	.leaving = "The deletion goes on in AWS without this program; nothing stops by leaving.\n"
		   "To come back to it: cloudctl delete --name %s",
	.run = delete_run,
};
