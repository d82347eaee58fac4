/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `setup` as steps: make the stack of a managed cloud.
 *
 * The stack's name follows from the cloud's id, which is in the record before CreateStack is sent; so a later run finds the
 * stack, whatever became of it:
 *
 *     no stack          → make it
 *     being made        → follow it
 *     complete          → take its outputs into the record
 *     rolled back       → delete what is left of it, then make it
 *     being deleted     → follow that, then make it
 */
#include "providers/aws/cloud/setup_steps.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/console.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/setup_existing.h"
#include "providers/aws/cloud/setup_preflight.h"
#include "providers/aws/cloud/setup_tags.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/stack_protection.h"
#include "providers/aws/cloud/template_version.h"
#include "providers/run.h"
#include "providers/steps.h"

/*
 * IAM tells all regions of a new role within a minute (IAM User Guide, "Troubleshoot IAM": "Changes that I make are not
 * always immediately visible").
 */
enum { PROPAGATION_MS = 60000 };

static struct aws_cloud *section_of(struct setup *setup)
{
	return aws_cloud_edit(setup->run->arena, &setup->cloud);
}

static void name_cloud(struct arena *arena, struct cloud *cloud, const char *id)
{
	struct aws_cloud *section = aws_cloud_edit(arena, cloud);

	cloud->id = id;
	section->stack_name = cloud_stack_name(arena, id);
	section->external_id = id;
}

void setup_name_cloud(struct setup *setup)
{
	struct run *run = setup->run;

	name_cloud(run->arena, &setup->cloud, world_token(run->world, run->arena, "cld_"));
}

/* --- the stack --- */

int setup_look_at_stack(struct setup *setup, struct error *err)
{
	if (setup->stack_is_known)
		return 0;
	if (cloud_find_stack(setup->aws, setup->run->arena, &setup->cloud, &setup->stack, err) < 0)
		return -1;
	setup->stack_is_known = true;
	return 0;
}

/* Follow what goes on with the stack to its end. */
static int follow(struct setup *setup, struct stack_operation *operation, struct error *err)
{
	struct run *run = setup->run;

	*operation = (struct stack_operation){section_of(setup)->stack_arn, setup->cloud.operation.token};
	if (stack_follow(setup->aws, run->arena, run->stream, operation, err) < 0)
		return -1;
	setup->stack = operation->stack;
	setup->stack_is_known = true;
	return 0;
}

/* --- before anything is made --- */

int setup_look_ahead(struct setup *setup, struct error *err)
{
	struct cloud *planned = NEW(setup->run->arena, struct cloud);
	const struct setup_preflight what = {
		.cloud = planned,
		.identity = setup->identity,
		.resumed = setup->resumed,
		.skip = setup->options->skip_preflight,
		.must_differ = setup->options->check_cidr_overlap,
		.judged = &setup->prerequisites,
	};

	if (setup->preflight_is_done)
		return 0;
	setup->preflight_is_done = true;
	*planned = setup_plan_cloud(setup->run->arena, &setup->plan, &setup->cloud);
	if (setup->plan.network.vpc_id &&
		setup_existing_judge(setup->run, setup->aws, &what, &setup->plan, err) < 0)
		return -1;
	return setup_preflight(setup->run, setup->aws, &what, &setup->plan, err);
}

/* A list of check, verdict and text. */
static const json_t *list_prerequisites(const struct setup *setup)
{
	json_t *list = tree_defer(setup->run->arena, json_array());

	for (size_t i = 0; i < setup->prerequisites.count; i++) {
		const struct finding *finding = &setup->prerequisites.findings[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s*}", "check", finding->check->id, "verdict",
				verdict_name(finding->verdict), "text", text_or(finding->text, ""), "action",
				finding->action));
	}
	return list;
}

int setup_consent_of(struct setup *setup, bool placeholder, struct setup_consent *what, struct error *err)
{
	struct arena *arena = setup->run->arena;
	struct cloud *cloud = NEW(arena, struct cloud);
	const json_t *aliases = aws_call(setup->aws, arena, &iam_ListAccountAliases, NULL, err);

	if (!aliases && err->kind == ERROR_INTERRUPTED)
		return -1;
	*cloud = cloud_copy(arena, &setup->cloud);
	if (placeholder)
		name_cloud(arena, cloud, "cld_<id>");
	*cloud = setup_plan_cloud(arena, &setup->plan, cloud);
	*what = (struct setup_consent){.plan = &setup->plan,
		.cloud = cloud,
		.identity = setup->identity,
		.aliases = tree_texts(arena, aliases, "AccountAliases", NULL),
		.needs = aliases ? NULL : arena_strdup(arena, err->action),
		.prerequisites = list_prerequisites(setup)};
	error_clear(err);
	return 0;
}

static int agree(struct setup *setup, struct error *err)
{
	struct run *run = setup->run;
	const struct cloud *cloud = &setup->cloud;
	struct setup_consent what;
	struct consent lines;

	if (setup_consent_of(setup, false, &what, err) < 0)
		return -1;
	lines = setup_consent_lines(run->arena, &what);
	consent_tell(run, &lines);
	return run->confirm(run, setup->options->yes,
		arena_printf(run->arena, "Create %s '%s' in account %s, region %s%s?",
			setup->resumed ? "the resources of cloud" : "cloud", cloud->name, cloud->account,
			cloud->region, setup->resumed ? " now" : ""),
		err);
}

/* --- a stack that did not come to be --- */

/* A bucket outlives its stack; normally not one that failed, but say so when it did. */
static void note_bucket(struct setup *setup)
{
	struct run *run = setup->run;
	const char *bucket = kind_default_id(run->arena, KIND_BUCKET, &setup->cloud);
	struct error err;

	if (aws_call(setup->aws, run->arena, &s3_HeadBucket, json_pack("{s:s}", "Bucket", bucket), &err))
		event_step(run->stream, STEP_NOTE,
			"The bucket %s still exists; delete it before the next attempt: aws s3 rb s3://%s",
			bucket, bucket);
	else if (err.kind == ERROR_DENIED)
		event_step(run->stream, STEP_WARNING,
			"The bucket %s may still exist and must then be deleted before the next attempt; to find out needs %s",
			bucket, err.action);
}

/* What is left in the account of a creation that failed. */
static void note_remains(struct setup *setup, size_t made)
{
	struct event_stream *stream = setup->run->stream;
	const struct stack *stack = &setup->stack;

	if (stack->phase == STACK_ROLLED_BACK && made == 0) {
		event_step(stream, STEP_NOTE,
			"Nothing was created; only the stack %s itself is there, which costs nothing.",
			stack->name);
		return;
	}
	note_bucket(setup);
	if (stack->phase == STACK_ROLLED_BACK && !text_equal(stack->status, "ROLLBACK_COMPLETE"))
		event_step(stream, STEP_WARNING, "Not everything could be rolled back (%s): %s",
			stack->status, stack->reason);
}

/* The cause is the error; what CloudFormation undid was told before. Always returns -1. */
static int fail(struct setup *setup, const struct stack_operation *operation, struct error *err)
{
	struct event_stream *stream = setup->run->stream;
	const char *name = setup->cloud.name;
	const struct stack *stack = &setup->stack;
	const struct stack_failures *failures = &operation->failures;

	setup->cloud.state = CLOUD_FAILED;
	setup->cloud.operation.step = "rolled-back"; /* no step of ours: nothing is under way */
	note_remains(setup, operation->made);
	if (failures->count > 0 && stack_reason_is_denial(failures->items[0].reason))
		event_step(stream, STEP_NOTE, "%s", stack_denial_advice(failures->items[0].reason));
	event_step(stream, STEP_NOTE,
		"To try again: cloudctl setup --name %s. To give up: cloudctl delete --name %s", name, name);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED, "%s failed: %s", failures->items[0].name,
			failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack ended as %s: %s",
		stack->status ? stack->status : "deleted", stack->reason);
}

/* --- the steps: what an earlier try left is deleted --- */

static int find_leftover(void *self, enum found *found, struct error *err)
{
	struct setup *setup = self;
	const struct stack *stack = &setup->stack;

	if (setup_look_at_stack(setup, err) < 0)
		return -1;
	*found = FOUND_DONE;
	if (stack->phase == STACK_ROLLED_BACK || stack->phase == STACK_DELETE_FAILED)
		*found = FOUND_NOTHING;
	else if (text_equal(stack->status, "DELETE_IN_PROGRESS"))
		*found = FOUND_UNDER_WAY;
	if (*found != FOUND_DONE)
		section_of(setup)->stack_arn = stack->arn;
	if (stack->phase == STACK_DELETE_FAILED)
		setup->cloud.operation.token = NULL;
	return 0;
}

static int agree_to_delete(void *self, struct error *err)
{
	struct setup *setup = self;
	struct run *run = setup->run;
	const char *question = arena_printf(run->arena,
		"The stack of the last attempt still exists (%s). Delete it and try again?",
		setup->stack.status);

	/* Of this one only the name is left. Of any other resources are, which would be in their own way. */
	if (text_equal(setup->stack.status, "ROLLBACK_COMPLETE") && setup_look_ahead(setup, err) < 0)
		return -1;
	return run->confirm(run, setup->options->yes, question, err);
}

static int delete_leftover(void *self, struct error *err)
{
	struct setup *setup = self;

	event_step(setup->run->stream, STEP_PROGRESS, "Deleting the stack of the last attempt ...");
	setup->stack_is_known = false;
	const struct stack_removal removal = {section_of(setup)->stack_arn, setup->cloud.operation.token};

	return stack_delete(setup->aws, setup->run->arena, &removal, err);
}

static int follow_deletion(void *self, struct error *err)
{
	struct setup *setup = self;
	struct stack_operation operation;

	if (follow(setup, &operation, err) < 0)
		return -1;
	return setup->stack.phase == STACK_DELETE_FAILED ? fail(setup, &operation, err) : 0;
}

/* --- the steps: the stack is created --- */

/* The stack is complete. */
static int take_outputs(struct setup *setup, struct error *err)
{
	section_of(setup)->stack_arn = setup->stack.arn;
	return setup_plan_outputs(setup->run->arena, setup->stack.outputs, &setup->cloud, err);
}

static int find_stack(void *self, enum found *found, struct error *err)
{
	struct setup *setup = self;
	struct aws_cloud *section = section_of(setup);
	const struct stack *stack = &setup->stack;

	if (setup_look_at_stack(setup, err) < 0)
		return -1;
	if (stack->phase == STACK_ABSENT || stack->phase == STACK_DELETED) {
		*found = FOUND_NOTHING;
		if (section->stack_arn) /* the recorded request made one */
			setup->cloud.operation.token = NULL;
		section->stack_arn = NULL;
		return 0;
	}
	if (setup_plan_matches(setup->run->arena, setup->options, &setup->cloud, stack->parameters,
		    stack->description, err) < 0)
		return -1;
	*found = stack->phase == STACK_READY ? FOUND_DONE : FOUND_UNDER_WAY;
	section->stack_arn = stack->arn;
	return stack->phase == STACK_READY ? take_outputs(setup, err) : 0;
}

static int prepare_creation(void *self, struct error *err)
{
	struct setup *setup = self;

	if (!setup->cloud.id)
		setup_name_cloud(setup);
	if (setup_look_ahead(setup, err) < 0 || agree(setup, err) < 0)
		return -1;
	setup->cloud.networking = setup->plan.networking;
	section_of(setup)->control_plane_account = setup->plan.control_plane_account;
	section_of(setup)->setup = setup->plan.choices;
	section_of(setup)->network = setup->plan.network;
	section_of(setup)->cloud_tag = setup->plan.cloud_tag;
	return 0;
}

/* Of the stack and of everything in it. */
static const json_t *tags_of(struct setup *setup)
{
	struct arena *arena = setup->run->arena;
	json_t *tags = tree_defer(arena, json_pack("{s:s}", CLOUD_TAG, setup->cloud.id));

	setup_choices_tags(arena, &section_of(setup)->setup, tags);
	return tags;
}

static int create_stack(void *self, struct error *err)
{
	struct setup *setup = self;
	struct arena *arena = setup->run->arena;
	const struct cloud *cloud = &setup->cloud;
	struct aws_cloud *section = section_of(setup);
	const struct stack_template what = {
		.body = template_body(arena, template_text()),
		.parameters = tree_defer(arena, setup_plan_parameters(arena, &setup->plan, cloud)),
		.tags = tags_of(setup),
	};

	event_step(setup->run->stream, STEP_PROGRESS, "Creating the stack %s for cloud '%s' (%s) ...",
		section->stack_name, cloud->name, cloud->id);
	setup->stack_is_known = false;
	if (stack_create(setup->aws, arena, section->stack_name, cloud->operation.token, &what,
		    &section->stack_arn, err) == 0) {
		event_step(setup->run->stream, STEP_NOTE, "In the console: %s",
			console_stack(arena, cloud->region, section->stack_arn));
		return 0;
	}
	if (strstr(error_text(arena, err), "Unrecognized resource types"))
		return error_wrap(err,
			"%s does not offer everything that the stack needs; choose another region%s",
			cloud->region,
			setup->plan.memorydb ? ", or leave --enable-head-node-fault-tolerance out" : "");
	if (err->kind != ERROR_CONFLICT || setup_look_at_stack(setup, err) < 0)
		return -1;
	/* an earlier run's request arrived after all */
	section->stack_arn = setup->stack.arn;
	return 0;
}

static int follow_creation(void *self, struct error *err)
{
	struct setup *setup = self;
	struct stack_operation operation;

	if (follow(setup, &operation, err) < 0)
		return -1;
	if (setup->stack.phase != STACK_READY)
		return fail(setup, &operation, err);
	aws_expect_propagation(setup->aws, PROPAGATION_MS);
	return take_outputs(setup, err);
}

/* --- the steps: what the stack's tags did not reach --- */

static int find_untagged(void *self, enum found *found, struct error *err)
{
	struct setup *setup = self;

	(void)err;
	*found = section_of(setup)->setup.tags.count > 0 ? FOUND_NOTHING : FOUND_DONE;
	return 0;
}

static int tag_rest(void *self, struct error *err)
{
	struct setup *setup = self;

	return setup_tag_rest(setup->aws, setup->run->arena, &setup->cloud, tags_of(setup), err);
}

/* --- the steps: the stack is protected --- */

static int find_protection(void *self, enum found *found, struct error *err)
{
	struct setup *setup = self;

	if (setup_look_at_stack(setup, err) < 0)
		return -1;
	*found = section_of(setup)->stack_protected && stack_is_protected(&setup->stack) ? FOUND_DONE
											 : FOUND_NOTHING;
	return 0;
}

/* In the record before it is so: delete has to know of a protection whose reply never came. */
static int note_protection(void *self, struct error *err)
{
	struct setup *setup = self;

	(void)err;
	section_of(setup)->stack_protected = true;
	return 0;
}

static int protect(void *self, struct error *err)
{
	struct setup *setup = self;

	setup->stack_is_known = false;
	return stack_protect(setup->aws, setup->run->arena, section_of(setup)->stack_arn, err);
}

static const struct step rows[] = {
	{.id = "delete-stack",
		.doing = "deleting the stack of the last attempt",
		.changes = true,
		.find = find_leftover,
		.prepare = agree_to_delete,
		.perform = delete_leftover,
		.wait = follow_deletion},
	{.id = "create-stack",
		.doing = "creating the stack",
		.changes = true,
		.find = find_stack,
		.prepare = prepare_creation,
		.perform = create_stack,
		.wait = follow_creation},
	{.id = "tag",
		.doing = "tagging what CloudFormation does not tag",
		.changes = true,
		.find = find_untagged,
		.perform = tag_rest},
	{.id = "protect",
		.doing = "protecting the stack",
		.changes = true,
		.find = find_protection,
		.prepare = note_protection,
		.perform = protect},
};

const struct steps setup_steps = {
	.kind = "setup",
	.record = STEPS_MAKE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};
