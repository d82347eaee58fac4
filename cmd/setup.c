/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `cloudctl setup`: make a managed cloud with one CloudFormation stack and verify it.
 *
 * A run may be killed anywhere and be run again. The record with the token is written before CreateStack; the stack's
 * name follows from the cloud id, which is in the record; so a later run finds the stack, whatever became of it:
 *
 *     no stack          → make it
 *     being made        → follow it
 *     complete          → take its outputs into the record
 *     rolled back       → delete what is left of it, then make it anew
 *     being deleted     → follow that, then make it anew
 *
 * What is decided without asking anybody is in setup_plan.c.
 */
#include <string.h>

#include "base/file.h"
#include "cmd/command.h"
#include "cmd/print_record.h"
#include "cmd/setup_preflight.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_template.h"

/* IAM tells all regions of a new role within a minute (IAM User Guide, "Troubleshoot IAM": "Changes that I make are not
 * always immediately visible"). */
enum { PROPAGATION_MS = 60000 };

static const char step_create[] = "create-stack", step_delete[] = "delete-stack",
		  step_undone[] = "rolled-back";

struct setup {
	struct context *context;
	const struct setup_options *options;
	struct setup_plan plan;
	struct aws *aws;
	struct cloud cloud;
	bool recorded; /* the cloud is in the registry */
	bool resumed;  /* it was there when this run began */
	bool looked;   /* the preflight is done */
	struct stack stack;
	const json_t *identity;     /* the caller's */
	struct verification result; /* of the preflight when that stopped the run, else of the cloud */
};

static int save(struct setup *setup, struct error *err)
{
	const struct registry *registry = &setup->context->registry;
	int result = setup->recorded ? registry_update(registry, &setup->cloud, err)
				     : registry_create(registry, &setup->cloud, err);

	setup->recorded = setup->recorded || result == 0;
	return result;
}

/* Write down what is about to be done, before it is done. */
static int save_operation(struct setup *setup, const char *step, struct error *err)
{
	struct context *context = setup->context;

	setup->cloud.state = CLOUD_CREATING;
	setup->cloud.operation = (struct cloud_operation){.kind = "setup",
		.token = world_token(context->world, context->arena, "setup-"),
		.step = step,
		.started = context_now(context)};
	return save(setup, err);
}

/* --- before anything is made --- */

/* An earlier run's record that this one goes on with; or none, and a new cloud. */
static int find_record(struct setup *setup, struct error *err)
{
	struct context *context = setup->context;
	struct cloud *cloud = &setup->cloud;
	const char *name = setup->options->name;

	if (registry_load(&context->registry, name, cloud, err) < 0) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
		*cloud = (struct cloud){.name = name, .provider = "aws", .deployment = DEPLOYMENT_MANAGED};
		return 0;
	}
	if (cloud->state == CLOUD_DELETING)
		return error_set(err, ERROR_CONFLICT,
			"cloud '%s' is being deleted; finish that first: cloudctl delete --name %s", name,
			name);
	if (cloud->state == CLOUD_READY || cloud->deployment != DEPLOYMENT_MANAGED)
		return error_set(err, ERROR_CONFLICT,
			"there is a cloud '%s' already (%s, %s); choose another name", name,
			cloud_deployment_name(cloud->deployment), cloud_state_name(cloud->state));
	setup->recorded = setup->resumed = true;
	if (!setup->options->control_plane_account && aws_cloud(cloud)->control_plane_account)
		setup->plan.control_plane_account = aws_cloud(cloud)->control_plane_account;
	return 0;
}

static int open_session(struct setup *setup, struct error *err)
{
	struct context *context = setup->context;
	const char *asked = context->global.region;

	if (setup->resumed && asked && !text_equal(asked, setup->cloud.region))
		return error_set(err, ERROR_USAGE, "--region: cloud '%s' was begun in %s, not in %s",
			setup->cloud.name, setup->cloud.region, asked);
	setup->aws = context_aws(context, setup->cloud.region, err);
	if (!setup->aws || aws_need_region(setup->aws, err) < 0)
		return -1;
	setup->cloud.region = aws_region(setup->aws);
	return 0;
}

/* Caller and region are asked for where AWS surely answers: a region that does not exist has no one to ask. */
static int check_caller_and_region(struct setup *setup, struct error *err)
{
	struct arena *arena = setup->context->arena;
	const char *region = setup->cloud.region;
	struct aws *home = aws_in_region(setup->aws, arena, endpoint_partition(region)->global_region, err);
	const json_t *regions;

	setup->identity = home ? caller_identity(home, arena, err) : NULL;
	if (!setup->identity || caller_fits(setup->identity, &setup->cloud, err) < 0)
		return -1;
	if (setup->resumed)
		return 0;
	regions = aws_call(home, arena, &ec2_DescribeRegions, json_pack("{s:b}", "AllRegions", 1), err);
	if (!regions)
		return error_wrap(err, "looking for the region %s", region);
	return setup_plan_region(arena, regions, region, err);
}

/* Whether it can be made, and in which zones. Once a run. */
static int look_ahead(struct setup *setup, struct error *err)
{
	struct cloud *planned = NEW(setup->context->arena, struct cloud);
	const struct setup_preflight what = {
		.cloud = planned,
		.identity = setup->identity,
		.resumed = setup->resumed,
		.skip = setup->options->skip_preflight,
		.must_differ = setup->options->check_cidr_overlap,
	};

	if (setup->looked)
		return 0;
	setup->looked = true;
	*planned = setup_plan_cloud(setup->context->arena, &setup->plan, &setup->cloud);
	return setup_preflight(setup->context, setup->aws, &what, &setup->plan, &setup->result, err);
}

static int agree(struct setup *setup, struct error *err)
{
	struct context *context = setup->context;
	struct event_stream *stream = &context->stream;
	const char *question = arena_printf(context->arena,
		setup->resumed ? "Make the resources of cloud '%s' now?" : "Make cloud '%s'?",
		setup->cloud.name);

	event_step(stream, STEP_NOTE, "%s", setup_plan_summary(context->arena, &setup->plan, &setup->cloud));
	event_step(stream, STEP_NOTE, "%s", setup_plan_cost(&setup->plan));
	if (setup->plan.small)
		event_step(stream, STEP_WARNING,
			"The VPC is smaller than recommended (/20): large clusters will not fit.");
	return context_confirm(context, setup->options->yes, question, err);
}

static void name_new_cloud(struct setup *setup)
{
	struct arena *arena = setup->context->arena;
	struct cloud *cloud = &setup->cloud;
	char *stack_name;

	cloud->id = world_token(setup->context->world, arena, "cld_");
	stack_name = arena_strdup(arena, cloud->id);
	stack_name[3] = '-'; /* a stack's name has no underscore */
	aws_cloud_edit(arena, cloud)->stack_name = stack_name;
	aws_cloud_edit(arena, cloud)->external_id = cloud->id;
	cloud->networking = NETWORKING_DIRECT;
}

/* --- making the stack --- */

/* CreateStack was refused for good. When that leaves nothing behind, no record of a new cloud is left either. */
static int give_up_creation(struct setup *setup, struct error *err)
{
	struct error ignored;

	if (setup->resumed || (err->kind != ERROR_DENIED && err->kind != ERROR_REJECTED))
		return -1;
	if (stack_describe(setup->aws, setup->context->arena, aws_cloud(&setup->cloud)->stack_name,
		    &setup->stack, &ignored) == 0 &&
		setup->stack.phase == STACK_ABSENT)
		registry_remove(&setup->context->registry, setup->cloud.name, &ignored);
	return -1;
}

static int send_creation(struct setup *setup, struct error *err)
{
	struct arena *arena = setup->context->arena;
	struct cloud *cloud = &setup->cloud;
	json_t *parameters = setup_plan_parameters(arena, &setup->plan, cloud);
	json_t *tags = json_pack("{s:s}", "cloudctl-cloud-id", cloud->id);
	const struct stack_template what = {.body = template_text(), .parameters = parameters, .tags = tags};
	int result = stack_create(setup->aws, arena, aws_cloud(cloud)->stack_name, cloud->operation.token,
		&what, &aws_cloud_edit(arena, cloud)->stack_arn, err);

	json_decref(parameters);
	json_decref(tags);
	if (result < 0 && err->kind == ERROR_CONFLICT) { /* an earlier run's request arrived after all */
		if (stack_describe(setup->aws, arena, aws_cloud(cloud)->stack_name, &setup->stack, err) < 0)
			return -1;
		aws_cloud_edit(arena, cloud)->stack_arn = setup->stack.arn;
		return 0;
	}
	return result;
}

static int create(struct setup *setup, struct error *err)
{
	struct cloud *cloud = &setup->cloud;
	struct aws_cloud *section;

	if (!cloud->id)
		name_new_cloud(setup);
	if (look_ahead(setup, err) < 0 || agree(setup, err) < 0)
		return -1;
	section = aws_cloud_edit(setup->context->arena, cloud);
	section->control_plane_account = setup->plan.control_plane_account;
	/* The token of a request whose fate is not known is used again; one that made a stack once is not. */
	if (!cloud->operation.token || section->stack_arn ||
		!text_equal(cloud->operation.step, step_create)) {
		section->stack_arn = NULL;
		if (save_operation(setup, step_create, err) < 0)
			return -1;
	}
	event_step(&setup->context->stream, STEP_PROGRESS, "Creating the stack %s for cloud '%s' (%s) ...",
		aws_cloud(cloud)->stack_name, cloud->name, cloud->id);
	if (send_creation(setup, err) < 0)
		return give_up_creation(setup, err);
	return save(setup, err);
}

/* Follow whatever is going on with the stack. When we cannot, it goes on without us: say how to come back. */
static int follow(struct setup *setup, struct stack_failures *failures, struct error *err)
{
	struct context *context = setup->context;
	const struct cloud *cloud = &setup->cloud;
	struct stack_operation operation = {aws_cloud(cloud)->stack_arn, cloud->operation.token};

	if (stack_follow(setup->aws, context->arena, &context->stream, &operation, err) == 0) {
		setup->stack = operation.stack;
		*failures = operation.failures;
		return 0;
	}
	event_step(&context->stream, STEP_NOTE,
		"The stack %s goes on in AWS. To come back to it: cloudctl setup --name %s. To take it away: cloudctl delete --name %s",
		aws_cloud(cloud)->stack_name, cloud->name, cloud->name);
	return -1;
}

/* A bucket outlives its stack; normally not one that failed, but say so when it did. */
static void note_bucket(struct setup *setup)
{
	struct context *context = setup->context;
	const struct cloud planned = setup_plan_cloud(context->arena, &setup->plan, &setup->cloud);
	const char *bucket = aws_cloud(&planned)->resources.bucket;
	struct error err;

	if (aws_call(setup->aws, context->arena, &s3_HeadBucket, json_pack("{s:s}", "Bucket", bucket), &err))
		event_step(&context->stream, STEP_NOTE,
			"The bucket %s is still there and in the way of the next try: aws s3 rb s3://%s",
			bucket, bucket);
	else if (err.kind == ERROR_DENIED)
		event_step(&context->stream, STEP_WARNING,
			"Whether the bucket %s is still there, and in the way of the next try, is not known: needs %s",
			bucket, err.action);
}

/* The stack did not come to be. The cause is the error; what was undone stands in the lines before it. */
static int fail(struct setup *setup, const struct stack_failures *failures, struct error *err)
{
	struct context *context = setup->context;
	const char *name = setup->cloud.name;
	const struct stack *stack = &setup->stack;

	setup->cloud.state = CLOUD_FAILED;
	setup->cloud.operation.step = step_undone;
	if (save(setup, err) < 0)
		return -1;
	note_bucket(setup);
	if (stack->phase == STACK_ROLLED_BACK && !text_equal(stack->status, "ROLLBACK_COMPLETE"))
		event_step(&context->stream, STEP_WARNING, "Not everything could be undone (%s): %s",
			stack->status, stack->reason ? stack->reason : "AWS gives no reason");
	if (failures->count > 0 && strstr(failures->items[0].reason, "not authorized to perform"))
		event_step(&context->stream, STEP_NOTE,
			"To see which permissions are lacking: cloudctl policy setup --check");
	event_step(&context->stream, STEP_NOTE,
		"When the cause is gone: cloudctl setup --name %s. To give up: cloudctl delete --name %s",
		name, name);
	if (failures->count > 0)
		return error_set(err, ERROR_FAILED, "%s failed: %s", failures->items[0].name,
			failures->items[0].reason);
	return error_set(err, ERROR_FAILED, "the stack ended as %s: %s",
		stack->status ? stack->status : "deleted",
		stack->reason ? stack->reason : "AWS gives no reason");
}

static int finish(struct setup *setup, struct error *err)
{
	struct cloud *cloud = &setup->cloud;

	if (setup_plan_outputs(setup->context->arena, setup->stack.outputs, cloud, err) < 0)
		return -1;
	aws_cloud_edit(setup->context->arena, cloud)->stack_arn = setup->stack.arn;
	cloud->state = CLOUD_READY;
	cloud->operation = (struct cloud_operation){0};
	return save(setup, err);
}

static int follow_to_the_end(struct setup *setup, struct error *err)
{
	struct stack_failures failures;

	if (follow(setup, &failures, err) < 0)
		return -1;
	if (setup->stack.phase != STACK_READY)
		return fail(setup, &failures, err);
	aws_expect_propagation(setup->aws, PROPAGATION_MS);
	return finish(setup, err);
}

static int create_and_follow(struct setup *setup, struct error *err)
{
	return create(setup, err) < 0 ? -1 : follow_to_the_end(setup, err);
}

/* --- going on with an earlier run's stack --- */

/* Follow a deletion to its end, then make the stack anew. */
static int replace_deleted(struct setup *setup, struct error *err)
{
	struct stack_failures failures;

	if (follow(setup, &failures, err) < 0)
		return -1;
	if (setup->stack.phase == STACK_DELETE_FAILED)
		return fail(setup, &failures, err);
	return create_and_follow(setup, err);
}

static int replace_failed(struct setup *setup, struct error *err)
{
	struct context *context = setup->context;
	struct cloud *cloud = &setup->cloud;
	const char *question = arena_printf(context->arena,
		"The stack of the last try is still there (%s). Delete it and try again?",
		setup->stack.status);

	/* Of this one only the name is left. Of any other resources are, which would be in their own way. */
	if (text_equal(setup->stack.status, "ROLLBACK_COMPLETE") && look_ahead(setup, err) < 0)
		return -1;
	if (context_confirm(context, setup->options->yes, question, err) < 0)
		return -1;
	aws_cloud_edit(context->arena, cloud)->stack_arn = setup->stack.arn;
	if (save_operation(setup, step_delete, err) < 0)
		return -1;
	event_step(&context->stream, STEP_PROGRESS, "Deleting the stack of the last try ...");
	if (stack_delete(setup->aws, context->arena, aws_cloud(cloud)->stack_arn, cloud->operation.token,
		    err) < 0)
		return -1;
	return replace_deleted(setup, err);
}

/* Take the stack up where it is. */
static int resume(struct setup *setup, struct error *err)
{
	struct cloud *cloud = &setup->cloud;
	const char *which = aws_cloud(cloud)->stack_arn ? aws_cloud(cloud)->stack_arn
							: aws_cloud(cloud)->stack_name;
	const struct stack *stack = &setup->stack;

	if (stack_describe(setup->aws, setup->context->arena, which, &setup->stack, err) < 0)
		return -1;
	event_step(&setup->context->stream, STEP_PROGRESS, "Going on with cloud '%s' (%s): its stack is %s.",
		cloud->name, cloud->id, stack->status ? stack->status : "not there yet");
	if (stack->phase == STACK_ABSENT || stack->phase == STACK_DELETED)
		return create_and_follow(setup, err);
	if (stack->phase == STACK_ROLLED_BACK || stack->phase == STACK_DELETE_FAILED)
		return replace_failed(setup, err);
	aws_cloud_edit(setup->context->arena, cloud)->stack_arn = stack->arn;
	if (text_equal(stack->status, "DELETE_IN_PROGRESS"))
		return replace_deleted(setup, err);
	if (setup_plan_matches(setup->options, stack->parameters, err) < 0)
		return -1;
	return stack->phase == STACK_READY ? finish(setup, err) : follow_to_the_end(setup, err);
}

static int make(struct setup *setup, struct error *err)
{
	if (check_caller_and_region(setup, err) < 0)
		return -1;
	if (!setup->resumed)
		context_round(setup->context, &command_setup, &setup->cloud); /* the account is known now */
	return setup->resumed ? resume(setup, err) : create_and_follow(setup, err);
}

/* --- the command --- */

static int verify(struct setup *setup, struct error *err)
{
	struct verification *result = &setup->result;
	struct context *context = setup->context;
	const struct cloud *cloud = &setup->cloud;

	if (context_verify(context, setup->aws, &setup->cloud, NULL, result, err) < 0)
		return -1;
	if (save(setup, err) < 0)
		return -1;
	event_step(&context->stream, STEP_NOTE, "Cloud '%s' (%s) is ready in %s, account %s.", cloud->name,
		cloud->id, cloud->region, cloud->account);
	if (result->overall == VERDICT_FAIL)
		event_step(&context->stream, STEP_WARNING, "%zu checks failed; see: cloudctl verify %s",
			result->counts[VERDICT_FAIL], cloud->name);
	return verdict_exit_code(result->counts, false);
}

static int setup_run(struct context *context, const void *data, struct error *err)
{
	struct setup setup = {.context = context, .options = data, .result.overall = VERDICT_SKIP};
	_cleanup_close_ int lock = -1;
	int code;

	if (setup_plan_options(context->arena, setup.options, &setup.plan, err) < 0)
		return -1;
	lock = registry_lock(&context->registry, setup.options->name, 0, err);
	if (lock < 0 || find_record(&setup, err) < 0 || open_session(&setup, err) < 0)
		return -1;
	context_begin(context, &command_setup, &setup.cloud);
	code = make(&setup, err);
	if (code == 0)
		code = verify(&setup, err);
	if (code >= 0 && print_record(context, &setup.cloud, err) < 0)
		code = -1;
	if (code < 0)
		error_wrap(err, "setting up cloud '%s'", setup.options->name);
	return context_end(context, code, setup.result.overall, setup.result.counts, err);
}

#define AT(member) offsetof(struct setup_options, member)

static const struct option setup_rows[] = {
	{"name", 'n', OPTION_TEXT, AT(name), "NAME", "name of the new cloud"},
	{"provider", 0, OPTION_TEXT, AT(provider), "PROVIDER", "where to make it; only aws"},
	{"enable-head-node-fault-tolerance", 0, OPTION_FLAG, AT(memorydb), NULL,
		"also make a MemoryDB cluster, which takes about 20 minutes"},
	{"vpc-cidr", 0, OPTION_TEXT, AT(vpc_cidr), "CIDR", "IPv4 block of the VPC, /16 to /24; 10.0.0.0/16"},
	{"https-cidr", 0, OPTION_TEXT, AT(https_cidr), "CIDR", "who may reach clusters by HTTPS; 0.0.0.0/0"},
	{"ssh-cidr", 0, OPTION_TEXT, AT(ssh_cidr), "CIDR", "who may reach clusters by SSH; nobody"},
	{"control-plane-account", 0, OPTION_TEXT, AT(control_plane_account), "ID",
		"account that may assume the control-plane role; 525325868955"},
	{"check-cidr-overlap", 0, OPTION_FLAG, AT(check_cidr_overlap), NULL,
		"make nothing when a VPC of the region has addresses of the new VPC's block"},
	{"skip-preflight", 0, OPTION_FLAG, AT(skip_preflight), NULL,
		"do not look beforehand whether everything can be made"},
	{"yes", 'y', OPTION_FLAG, AT(yes), NULL, "agree to every question"},
	{NULL},
};

const struct command command_setup = {
	.name = "setup",
	.summary = "create a cloud: all its resources with one CloudFormation stack",
	.description =
		"Makes VPC, subnets, security group, IAM roles, S3 bucket, EFS file system and, with\n"
		"--enable-head-node-fault-tolerance, MemoryDB, in one CloudFormation stack; then verifies them.\n"
		"Before anything is made, quotas, zones, names and what else is needed are looked at; all that\n"
		"is in the way is said in one list.\n"
		"A run that ended early is taken up by running it again: nothing is made twice.\n"
		"\n"
		"  cloudctl setup --name prod --region us-west-2\n"
		"\n"
		"Exit codes: 0 made and verified, 1 made but a check failed, 3 made but something could not\n"
		"be determined, 4 not made, 5 not confirmed.",
	.options = setup_rows,
	.options_size = sizeof(struct setup_options),
	.effect = EFFECT_CREATES,
	.leaving = "The stack goes on in AWS without this program; nothing stops by leaving.\n"
		   "To come back to it: cloudctl setup --name %s\n"
		   "To undo everything: cloudctl delete --name %s",
	.run = setup_run,
};
