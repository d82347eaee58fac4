/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A functional verification as steps:
 *
 *     left-over  take away what an earlier run left
 *     confirm    say what is launched and what it costs, ask the user
 *     launch     launch, and judge what the instance reports; undone: everything with the run's tag is taken away
 *     take-away  the same, and then the record no longer names the run
 *
 * The record names the run (operation.undo) before anything is launched, so that the next run finds what a killed one left.
 * Beyond that the instance ends itself: see instance.sh.
 */
#include "providers/aws/cloud/functional/functional_verify.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/event.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/functional/launch.h"
#include "providers/aws/cloud/functional/probes.h"
#include "providers/aws/cloud/functional/sweep.h"
#include "providers/aws/cloud/functional/watch.h"
#include "providers/aws/cloud/prices.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "verify/check.h"
#include "verify/verification.h"

/* To boot, to install Ray from PyPI, to start it, to end; a service needs some more. */
enum { WORKSPACE_MINUTES = 5, SERVICE_MINUTES = 8 };

/* How long AWS may take until a role, its trust policy and an instance profile are known everywhere. */
enum { PROPAGATION_MS = 60000 };

/* Exit codes. */
enum { CHECK_FAILED = 1, NOT_KNOWN = 3 };

static const char default_instance_type[] = "m5.xlarge";
static const char as_caller[] = "caller";

struct functional {
	struct run *run;
	const struct functional_options *options;
	bool yes;
	struct cloud *cloud;
	struct credentials *role; /* NULL: the caller launches */
	struct launch launch;
	const char *instance;
	struct verification *result;
};

/* --- who launches --- */

/* The sessions once more, such that signals do not stop them. */
static int uninterrupted(const struct functional *functional, struct launch *launch, struct error *err)
{
	*launch = functional->launch;
	launch->caller = cloud_session(functional->run, functional->cloud->region, true, err);
	if (!launch->caller)
		return -1;
	launch->launcher = functional->role ? aws_with_credentials(launch->caller, launch->arena,
						      functional->role, functional->cloud->region)
					    : launch->caller;
	return 0;
}

static int choose_launcher(struct functional *functional, struct error *err)
{
	struct launch *launch = &functional->launch;

	launch->launcher = text_equal(functional->options->as, as_caller)
		? launch->caller
		: launch_become_role(launch->caller, launch->arena, functional->cloud, &functional->role,
			  err);
	return launch->launcher ? 0 : -1;
}

/* Nobody here may launch as the control plane does, so nothing is known: every check is UNKNOWN, for this reason. */
static int judge_nothing(struct functional *functional, const struct error *why, struct error *err)
{
	struct run *run = functional->run;
	const struct verify_options choice = functional_choice(run->arena, functional->options->what);
	struct verify_input input = {
		.table = &functional_table,
		.facts = facts_new(run->arena, functional_table.plan, functional->cloud),
		.options = &choice,
		.stream = run->stream,
	};

	for (unsigned i = 0; i < PROBE_COUNT; i++)
		facts_lose(input.facts, i, "launching an instance", why);
	event_step(run->stream, STEP_NOTE,
		"Nothing was launched. Whoever may assume the control-plane role, an administrator of the account that it trusts, can run the same command; or launch with your own credentials, which proves less: --functional-as caller");
	return verify_run(&input, functional->result, err);
}

/* --- asking --- */

static double price_of(const char *type)
{
	for (size_t i = 0; i < price_count; i++)
		if (prices[i].unit == PRICE_NODE_HOUR && !prices[i].of_public_node &&
			strstr(prices[i].item, type))
			return prices[i].dollars;
	return 0;
}

static int expected_minutes(const struct functional *functional)
{
	return functional_wants(functional->options->what, FUNCTIONAL_SERVICE) ? SERVICE_MINUTES
									       : WORKSPACE_MINUTES;
}

static void tell_cost(struct consent *lines, const char *type, int minutes)
{
	double dollars = price_of(type);

	if (dollars > 0)
		consent_add(lines, "Costs", "about $%.2f: $%.3f an hour (list price of %s, %s)",
			dollars * minutes / 60 + 0.005, dollars, PRICES_REGION, PRICES_AS_OF);
	else
		consent_add(lines, "Costs", "%d minutes of a %s, whose price is not known here", minutes,
			type);
}

static enum probe last_probe(const struct functional *functional)
{
	if (!functional_wants(functional->options->what, FUNCTIONAL_SERVICE))
		return PROBE_RAY_TASK;
	return aws_cloud(functional->cloud)->resources.memorydb_endpoint ? PROBE_CLEANUP : PROBE_HTTP;
}

static const char *words_of(const struct functional *functional)
{
	const char *what = functional->options->what;

	if (!functional_wants(what, FUNCTIONAL_SERVICE))
		return "a workspace";
	return functional_wants(what, FUNCTIONAL_WORKSPACE) ? "a workspace and a service" : "a service";
}

static int agree(void *self, struct error *err)
{
	struct functional *functional = self;
	struct run *run = functional->run;
	const struct launch *launch = &functional->launch;
	const struct aws_resources *resources = &aws_cloud(functional->cloud)->resources;
	struct consent lines = consent_new(run->arena,
		arena_printf(run->arena, "Functional verification of %s", words_of(functional)));

	consent_add(&lines, "Launches", "one %s from %s in %s, with the credentials of %s",
		launch->instance_type, launch->image, resources->subnet_ids.items[0],
		functional->role ? "the control-plane role" : "the caller");
	tell_cost(&lines, launch->instance_type, expected_minutes(functional));
	consent_add(&lines, "Takes", "about %d minutes", expected_minutes(functional));
	consent_add(&lines, "Writes", "a report and a probe to s3://%s/cloudctl/functional/%s",
		resources->bucket,
		functional_wants(functional->options->what, FUNCTIONAL_WORKSPACE) && resources->file_system_id
			? ", a file to the file system"
			: "");
	if (last_probe(functional) == PROBE_CLEANUP)
		consent_add(&lines, "Writes",
			"what Ray's head keeps, to MemoryDB, in a namespace of its own");
	consent_add(&lines, "Removes",
		"all of it, whatever happens; the instance also ends itself after %d minutes",
		LAUNCH_MINUTES);
	consent_tell(run, &lines);
	return run->confirm(run, functional->yes,
		arena_printf(run->arena, "Launch one %s in cloud '%s', account %s, region %s?",
			launch->instance_type, functional->cloud->name, functional->cloud->account,
			functional->cloud->region),
		err);
}

/* --- launching and taking away --- */

static int take_away(const struct functional *functional, const struct launch *launch, struct error *err)
{
	int count;

	if (launch_take_away(launch, &count, err) < 0) {
		event_step(functional->run->stream, STEP_ERROR,
			"What was launched for the run %s may still be there; it ends itself %d minutes after its start. To take it away: cloudctl verify %s --sweep",
			launch->run, LAUNCH_MINUTES, functional->cloud->name);
		return -1;
	}
	event_step(functional->run->stream, STEP_PROGRESS, "%s; its report is removed.",
		count > 0 ? "The instance is terminated" : "The instance has ended");
	return 0;
}

static int launch_one(void *self, struct error *err)
{
	struct functional *functional = self;

	event_step(functional->run->stream, STEP_PROGRESS, "Launching one %s in %s ...",
		functional->launch.instance_type,
		aws_cloud(functional->cloud)->resources.subnet_ids.items[0]);
	return launch_instance(&functional->launch, functional->cloud->operation.token, &functional->instance,
		err);
}

static int name_run(void *self, struct error *err)
{
	struct functional *functional = self;

	(void)err;
	functional->cloud->operation.undo = functional->launch.run;
	return 0;
}

static int judge(void *self, struct error *err)
{
	struct functional *functional = self;
	struct run *run = functional->run;
	const struct launch *launch = &functional->launch;
	const struct watched watched = {
		.caller = launch->caller,
		.launcher = launch->launcher,
		.run = launch->run,
		.instance = functional->instance,
		.bucket = aws_cloud(functional->cloud)->resources.bucket,
		.key = launch_report_key(launch),
		.last = last_probe(functional),
		.limit_ms = LAUNCH_MINUTES * 60000,
	};
	const struct verify_options choice = functional_choice(run->arena, functional->options->what);
	const struct verify_input input = {
		.table = &functional_table,
		.source = watch_source(run->arena, run->world, run->stream, &watched),
		.facts = facts_new(run->arena, functional_table.plan, functional->cloud),
		.options = &choice,
		.stream = run->stream,
	};

	event_step(run->stream, STEP_PROGRESS, "%s is launched; waiting for what it reports ...",
		functional->instance);
	return verify_run(&input, functional->result, err);
}

static int undo_launch(void *self, struct error *err)
{
	struct functional *functional = self;
	struct launch launch;

	if (uninterrupted(functional, &launch, err) < 0)
		return -1;
	launch.run = text_or(functional->cloud->operation.undo, launch.run);
	return take_away(functional, &launch, err);
}

static int end(void *self, struct error *err)
{
	struct functional *functional = self;

	return take_away(functional, &functional->launch, err);
}

static const struct step rows[] = {
	{.id = "confirm", .doing = "asking for confirmation", .perform = agree},
	{.id = "launch",
		.doing = "launching an instance",
		.changes = true,
		.prepare = name_run,
		.perform = launch_one,
		.wait = judge,
		.undo = undo_launch},
	{.id = "take-away",
		.doing = "taking away what was launched",
		.changes = true,
		.perform = end,
		.undo = undo_launch},
};

static const struct steps steps = {
	.kind = "verify",
	.record = STEPS_CHANGE_RECORD,
	.rows = rows,
	.count = ARRAY_LENGTH(rows),
	.place = "AWS",
};

/* --- one verification --- */

static struct operation operation_of(struct functional *functional, const char *by)
{
	return (struct operation){
		.run = functional->run,
		.steps = &steps,
		.self = functional,
		.cloud = functional->cloud,
		.recorded = true,
		.by = by,
	};
}

/* What a run that was killed left is taken away first: a new instance would not be the old one. */
static int take_away_left_over(struct functional *functional, const char *by, struct error *err)
{
	const struct cloud_operation *recorded = &functional->cloud->operation;
	struct operation operation = operation_of(functional, by);

	if (!text_equal(recorded->kind, steps.kind))
		return 0;
	event_step(functional->run->stream, STEP_NOTE,
		"A functional verification that began at %s was not ended; what it left is taken away first.",
		recorded->started);
	return steps_undo(&operation, err);
}

static int check_cloud(const struct cloud *cloud, struct error *err)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;

	if (cloud->state != CLOUD_READY)
		return error_set(err, ERROR_CONFLICT, "cloud '%s' is %s; nothing is launched in it",
			cloud->name, cloud_state_names[cloud->state]);
	if (resources->subnet_ids.count == 0 || resources->security_group_ids.count == 0 ||
		!resources->node_role_arn || !resources->control_plane_role_arn || !resources->bucket)
		return error_set(err, ERROR_INPUT,
			"the record of cloud '%s' lacks what an instance is launched with: subnets, security groups, both roles and the bucket",
			cloud->name);
	return 0;
}

static int carry_out(struct functional *functional, struct error *err)
{
	struct launch *launch = &functional->launch;
	const char *by = caller_of(launch->caller, launch->arena, functional->cloud, err);
	struct operation operation = operation_of(functional, by);

	if (!by)
		return -1;
	if (choose_launcher(functional, err) < 0) {
		const struct error why = *err;

		if (why.kind != ERROR_DENIED)
			return -1;
		error_clear(err);
		return judge_nothing(functional, &why, err);
	}
	if (take_away_left_over(functional, by, err) < 0 ||
		launch_choose_image(launch, functional->options->image, err) < 0)
		return -1;
	launch->run = world_token(functional->run->world, launch->arena, "run-");
	return steps_run(&operation, err);
}

/* A cloud of which a check failed is launched into only when that was asked for. */
static bool is_refused(const struct run *run, const struct functional_options *options,
	const struct verification *whole)
{
	size_t failed = whole->counts[VERDICT_FAIL];

	if (failed == 0 || options->anyway)
		return false;
	event_step(run->stream, STEP_NOTE,
		"Nothing was launched, because %zu check%s failed. To launch all the same: --functional-anyway",
		failed, failed == 1 ? "" : "s");
	return true;
}

/* Findings that count, of both together. */
static void add_counts(const struct verification *from, struct verification *to)
{
	static const enum verdict worst[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_SKIP, VERDICT_WARN,
		VERDICT_PASS};

	for (size_t i = 0; i < VERDICTS; i++)
		to->counts[i] += from->counts[i];
	for (size_t i = 0; i < ARRAY_LENGTH(worst); i++) {
		if (to->counts[worst[i]] > 0) {
			to->overall = worst[i];
			return;
		}
	}
}

/* The cloud's record is locked. made: what it consists of may be so new that not all of AWS knows it. */
static int verify_locked(struct run *run, const struct functional_options *options, bool yes,
	struct cloud *cloud, bool made, struct verification *whole, struct error *err)
{
	struct verification launched = {0};
	struct functional functional = {
		.run = run,
		.options = options,
		.yes = yes,
		.cloud = cloud,
		.result = &launched,
		.launch = {.arena = run->arena,
			.world = run->world,
			.cloud = cloud,
			.what = options->what,
			.instance_type = text_or(options->instance_type, default_instance_type)},
	};

	if (check_cloud(cloud, err) < 0)
		return -1;
	functional.launch.caller = cloud_session(run, cloud->region, false, err);
	if (!functional.launch.caller)
		return -1;
	if (made && text_equal(aws_cloud(cloud)->control_plane_account, cloud->account))
		aws_expect_propagation(functional.launch.caller, PROPAGATION_MS);
	if (carry_out(&functional, err) < 0)
		return error_wrap(err, "verifying cloud '%s' functionally", cloud->name);
	add_counts(&launched, whole);
	return 0;
}

static int verify(struct run *run, const struct functional_options *options, bool yes, struct cloud *cloud,
	struct verification *whole, struct error *err)
{
	const struct registry *registry = run->registry(run, err);
	_cleanup_unlock_ struct registry_lock *lock = NULL;

	if (is_refused(run, options, whole))
		return 0;
	if (registry)
		lock = registry_lock(registry, cloud->name, 0, err);
	if (!lock || registry_load(registry, cloud->name, cloud, err) < 0)
		return -1;
	return verify_locked(run, options, yes, cloud, false, whole, err);
}

/* --- after another command --- */

int functional_verify_made(struct run *run, const struct functional_options *options, bool yes,
	struct cloud *cloud, int code, struct error *err)
{
	struct verification whole = {.overall = run->result.verdict};
	int both;

	if (!options->what)
		return code;
	memcpy(whole.counts, run->result.counts, sizeof(whole.counts));
	if (is_refused(run, options, &whole))
		return code == CHECK_FAILED ? code : NOT_KNOWN;
	if (verify_locked(run, options, yes, cloud, true, &whole, err) < 0) {
		if (err->kind == ERROR_INTERRUPTED)
			return -1;
		event_step(run->stream, err->kind == ERROR_DECLINED ? STEP_NOTE : STEP_ERROR,
			"%s. Cloud '%s' is there all the same; to try that again: cloudctl verify %s --functional-verify",
			error_text(run->arena, err), cloud->name, cloud->name);
		error_clear(err);
		return code == CHECK_FAILED ? code : NOT_KNOWN;
	}
	run_judged(run, &whole);
	both = verdict_exit_code(whole.counts, false);
	return both == 0 ? code : both;
}

int functional_verify_again(struct run *run, struct aws *aws, const struct functional_options *options,
	bool yes, struct cloud *cloud, struct error *err)
{
	struct registry *registry = run->registry(run, err);
	struct verification result = {0};
	const struct verify_input what = {.table = &cloud_checks, .source = aws_source(run->arena, aws)};

	if (!options->what)
		return 0;
	if (!registry || run_verify(run, &what, cloud, &result, err) < 0 ||
		registry_update(registry, cloud, err) < 0)
		return -1;
	return functional_verify_made(run, options, yes, cloud, verdict_exit_code(result.counts, false), err);
}

void functional_note_left_over(struct run *run, const struct cloud *cloud)
{
	const char *note = run_left_over(run->arena, cloud);

	if (note)
		event_step(run->stream, STEP_NOTE, "%s", note);
}

const struct functional_provider functional_on_aws = {
	.checks = &functional_table,
	.options = functional_option_rows,
	.check = functional_options_check,
	.verify = verify,
	.sweep = functional_sweep,
};
