/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `setup`: make a managed cloud with one CloudFormation stack and verify it. The steps are in setup_steps.c, what is
 * decided without asking anybody in setup_plan.c.
 */
#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/functional/functional_verify.h"
#include "providers/aws/cloud/next_steps.h"
#include "providers/aws/cloud/setup_steps.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "verify/verification.h"

/* --- what there is --- */

/* An earlier run's record, unfinished or ready; or none, and a new cloud. */
static int find_record(struct setup *setup, const struct registry *registry, struct error *err)
{
	struct cloud *cloud = &setup->cloud;
	const char *name = setup->plan.name;
	bool found;

	if (registry_find(registry, name, cloud, &found, err) < 0)
		return -1;
	if (!found) {
		*cloud = (struct cloud){.name = name, .provider = "aws", .deployment = DEPLOYMENT_MANAGED};
		return 0;
	}
	if (cloud->state == CLOUD_DELETING)
		return error_set(err, ERROR_CONFLICT,
			"cloud '%s' is being deleted; finish that first: cloudctl delete --name %s", name,
			name);
	if (cloud->deployment != DEPLOYMENT_MANAGED)
		return error_set(err, ERROR_CONFLICT,
			"there is a cloud '%s' already (%s, %s); choose another name", name,
			cloud_deployment_names[cloud->deployment], cloud_state_names[cloud->state]);
	if (cloud_identity_check(setup->run->arena, cloud, err) < 0)
		return -1;
	setup->resumed = true;
	return setup_plan_resume(setup->run->arena, setup->options, cloud, &setup->plan, err);
}

static int open_session(struct setup *setup, struct error *err)
{
	const char *asked = setup->run->region, *mistake;

	if (setup->resumed && asked && !text_equal(asked, setup->cloud.region))
		return error_set(err, setup->cloud.state == CLOUD_READY ? ERROR_CONFLICT : ERROR_USAGE,
			"--region: cloud '%s' was started in %s, not in %s", setup->cloud.name,
			setup->cloud.region, asked);
	setup->aws = cloud_session(setup->run, setup->cloud.region, false, err);
	if (!setup->aws || aws_need_region(setup->aws, err) < 0)
		return -1;
	setup->cloud.region = aws_region(setup->aws);
	mistake = control_plane_account_mistake(setup->run->arena, setup->plan.control_plane_account,
		setup->cloud.region);
	if (!mistake)
		mistake = setup_choices_mistake(setup->run->arena, &setup->plan.choices, setup->cloud.region);
	return mistake ? error_set(err, ERROR_USAGE, "%s", mistake) : 0;
}

/* Caller and region are asked for where AWS surely answers: a region that does not exist has no one to ask. */
static int check_caller_and_region(struct setup *setup, struct error *err)
{
	struct arena *arena = setup->run->arena;
	const char *region = setup->cloud.region;
	struct aws *home = aws_in_region(setup->aws, arena, endpoint_partition(region)->global_region, err);
	const json_t *regions;

	setup->identity = home ? caller_identity(home, arena, err) : NULL;
	if (!setup->identity || caller_fits(home, arena, setup->identity, &setup->cloud, err) < 0)
		return -1;
	if (setup->resumed)
		return 0;
	regions = aws_call(home, arena, &ec2_DescribeRegions, json_pack("{s:b}", "AllRegions", 1), err);
	if (!regions)
		return error_wrap(err, "looking up the region %s", region);
	return setup_plan_region(arena, regions, region, err);
}

/* --- the command --- */

static int make(struct setup *setup, struct error *err)
{
	struct run *run = setup->run;
	const struct cloud *cloud = &setup->cloud;
	struct operation operation = {
		.run = run,
		.steps = &setup_steps,
		.self = setup,
		.cloud = &setup->cloud,
		.recorded = setup->resumed,
	};

	if (check_caller_and_region(setup, err) < 0)
		return -1;
	operation.by = tree_text(setup->identity, "Arn");
	setup->stack_is_known = !setup->resumed;
	if (!setup->resumed)
		run->begin(run, cloud); /* the account is known now */
	else if (setup_look_at_stack(setup, err) < 0)
		return -1;
	else
		event_step(run->stream, STEP_PROGRESS, "Continuing with cloud '%s' (%s): its stack is %s.",
			cloud->name, cloud->id, setup->stack.status ? setup->stack.status : "not there yet");
	return steps_run(&operation, err);
}

static int verify(struct setup *setup, struct registry *registry, struct error *err)
{
	struct run *run = setup->run;
	struct cloud *cloud = &setup->cloud;
	struct verification result = {.overall = VERDICT_SKIP};
	const struct verify_input what = {.table = &cloud_checks,
		.source = aws_source(run->arena, setup->aws)};
	int code;

	if (run_verify(run, &what, cloud, &result, err) < 0 || registry_update(registry, cloud, err) < 0)
		return -1;
	event_step(run->stream, STEP_NOTE, "Cloud '%s' (%s) is ready in %s, account %s.", cloud->name,
		cloud->id, cloud->region, cloud->account);
	code = functional_verify_made(run, &setup->options->functional, setup->options->yes, cloud,
		verdict_exit_code(result.counts, false), err);
	if (code < 0)
		return -1;
	next_steps_tell(run, cloud);
	if (result.overall == VERDICT_FAIL)
		event_step(run->stream, STEP_WARNING, "%zu checks failed; see: cloudctl verify %s",
			result.counts[VERDICT_FAIL], cloud->name);
	run->result.cloud = cloud;
	return code;
}

/*
 * The record is ready already. A run that was killed while it verified left no summary, so that is made up for; otherwise
 * there is nothing to do, as for every command that is told what is so already.
 */
static int find_it_ready(struct setup *setup, struct registry *registry, struct error *err)
{
	const struct cloud *cloud = &setup->cloud;
	const struct stack *stack = &setup->stack;

	if (check_caller_and_region(setup, err) < 0 || setup_look_at_stack(setup, err) < 0)
		return -1;
	if (stack->phase == STACK_ABSENT || stack->phase == STACK_DELETED)
		return error_set(err, ERROR_CONFLICT,
			"its record says that it is ready, but there is no stack %s in %s; see what is left: cloudctl verify %s; or remove the record: cloudctl delete --name %s",
			aws_cloud(cloud)->stack_name, cloud->region, cloud->name, cloud->name);
	if (setup_plan_matches(setup->run->arena, setup->options, cloud, stack->parameters,
		    stack->description, err) < 0)
		return -1;
	if (!cloud->verification.at || setup->options->functional.what)
		return verify(setup, registry, err);
	functional_note_left_over(setup->run, cloud);
	event_step(setup->run->stream, STEP_NOTE,
		"Cloud '%s' (%s) is ready already in %s, account %s; nothing was changed. It was verified at %s: %s. To verify it again: cloudctl verify %s",
		cloud->name, cloud->id, cloud->region, cloud->account, cloud->verification.at,
		verdict_name(cloud->verification.verdict), cloud->name);
	setup->run->result.cloud = cloud;
	return 0;
}

/* --- what it would do --- */

/* There is a stack that is, or is becoming, the cloud's: nothing is created, so there is nothing to plan. */
static int plan_to_go_on(struct setup *setup)
{
	struct run *run = setup->run;
	const struct cloud *cloud = &setup->cloud;
	bool ready = setup->stack.phase == STACK_READY && cloud->state == CLOUD_READY;

	run->result.document = setup_consent_existing(run->arena, cloud, ready);
	run->result.lines = ready
		? arena_printf(run->arena, "Cloud '%s' is ready in account %s, region %s: nothing to do.\n",
			  cloud->name, cloud->account, cloud->region)
		: arena_printf(run->arena,
			  "The stack of cloud '%s' is %s: setup is going to follow it, and to verify the cloud.\n",
			  cloud->name, setup->stack.status);
	return ready ? PLAN_NOTHING : PLAN_SOMETHING;
}

/* --plan: as far as the question. Nothing is written, neither in AWS nor here. */
static int show_plan(struct setup *setup, struct error *err)
{
	struct run *run = setup->run;
	struct setup_consent what;
	struct consent lines;

	if (check_caller_and_region(setup, err) < 0)
		return -1;
	if (setup->resumed) {
		if (setup_look_at_stack(setup, err) < 0)
			return -1;
		if (setup->stack.phase == STACK_READY || setup->stack.phase == STACK_IN_PROGRESS)
			return setup_plan_matches(run->arena, setup->options, &setup->cloud,
				       setup->stack.parameters, setup->stack.description, err) < 0
				? -1
				: plan_to_go_on(setup);
	}
	run->begin(run, &setup->cloud); /* the account is known now */
	if (!setup->cloud.id)
		setup_name_cloud(setup);
	if (setup_look_ahead(setup, err) < 0 || setup_consent_of(setup, !setup->resumed, &what, err) < 0)
		return -1;
	lines = setup_consent_lines(run->arena, &what);
	run->result.plan = consent_keep(&lines);
	run->result.document = setup_consent_document(run->arena, &what);
	return setup->prerequisites.counts[VERDICT_UNKNOWN] > 0 ? PLAN_UNKNOWN : PLAN_SOMETHING;
}

/* --- all of it --- */

static int carry_out(struct setup *setup, struct registry *registry, struct error *err)
{
	int code;

	if (setup->options->plan)
		return show_plan(setup, err);
	if (setup->cloud.state == CLOUD_READY && setup->resumed)
		return find_it_ready(setup, registry, err);
	code = make(setup, err);
	return code == 0 ? verify(setup, registry, err) : code;
}

int cloud_setup(struct run *run, const void *options, struct error *err)
{
	struct setup *setup = NEW(run->arena, struct setup);
	struct registry *registry;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	setup->run = run;
	setup->options = options;
	if (functional_options_check(&setup->options->functional, setup->options->plan, err) < 0 ||
		setup_plan_options(run->arena, setup->options, &setup->plan, err) < 0)
		return -1;
	run->result.alone = setup->options->plan;
	registry = run->registry(run, err);
	if (!setup->options->plan) /* a plan writes nothing, and a lock is a file */
		lock = registry ? registry_lock(registry, setup->plan.name, 0, err) : NULL;
	if (!registry || (!lock && !setup->options->plan) || find_record(setup, registry, err) < 0 ||
		open_session(setup, err) < 0)
		return -1;
	run->begin(run, &setup->cloud);
	code = carry_out(setup, registry, err);
	if (code < 0)
		next_steps_denied("setup", err);
	return code < 0 ? error_wrap(err, "setting up cloud '%s'", setup->plan.name) : code;
}
