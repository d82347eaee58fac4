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
#include "providers/aws/cloud/setup_steps.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "verify/verification.h"

/* --- what there is --- */

/* An earlier run's record that this one goes on with; or none, and a new cloud. */
static int find_record(struct setup *setup, const struct registry *registry, struct error *err)
{
	struct cloud *cloud = &setup->cloud;
	const char *name = setup->options->name;

	if (registry_load(registry, name, cloud, err) < 0) {
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
			cloud_deployment_names[cloud->deployment], cloud_state_names[cloud->state]);
	if (cloud_identity_check(setup->run->arena, cloud, err) < 0)
		return -1;
	setup->resumed = true;
	if (!setup->options->control_plane_account && aws_cloud(cloud)->control_plane_account)
		setup->plan.control_plane_account = aws_cloud(cloud)->control_plane_account;
	return 0;
}

static int open_session(struct setup *setup, struct error *err)
{
	const char *asked = setup->run->region;

	if (setup->resumed && asked && !text_equal(asked, setup->cloud.region))
		return error_set(err, ERROR_USAGE, "--region: cloud '%s' was started in %s, not in %s",
			setup->cloud.name, setup->cloud.region, asked);
	setup->aws = cloud_session(setup->run, setup->cloud.region, false, err);
	if (!setup->aws || aws_need_region(setup->aws, err) < 0)
		return -1;
	setup->cloud.region = aws_region(setup->aws);
	return 0;
}

/* Caller and region are asked for where AWS surely answers: a region that does not exist has no one to ask. */
static int check_caller_and_region(struct setup *setup, struct error *err)
{
	struct arena *arena = setup->run->arena;
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

	if (run_verify(run, &what, cloud, &result, err) < 0 || registry_update(registry, cloud, err) < 0)
		return -1;
	event_step(run->stream, STEP_NOTE, "Cloud '%s' (%s) is ready in %s, account %s.", cloud->name,
		cloud->id, cloud->region, cloud->account);
	if (result.overall == VERDICT_FAIL)
		event_step(run->stream, STEP_WARNING, "%zu checks failed; see: cloudctl verify %s",
			result.counts[VERDICT_FAIL], cloud->name);
	run->result.cloud = cloud;
	return verdict_exit_code(result.counts, false);
}

int cloud_setup(struct run *run, const void *options, struct error *err)
{
	struct setup *setup = NEW(run->arena, struct setup);
	struct registry *registry;
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	int code;

	setup->run = run;
	setup->options = options;
	if (setup_plan_options(run->arena, setup->options, &setup->plan, err) < 0)
		return -1;
	registry = run->registry(run, err);
	lock = registry ? registry_lock(registry, setup->options->name, 0, err) : NULL;
	if (!lock || find_record(setup, registry, err) < 0 || open_session(setup, err) < 0)
		return -1;
	run->begin(run, &setup->cloud);
	code = make(setup, err);
	if (code == 0)
		code = verify(setup, registry, err);
	return code < 0 ? error_wrap(err, "setting up cloud '%s'", setup->options->name) : code;
}
