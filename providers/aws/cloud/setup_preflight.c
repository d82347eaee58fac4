/* SPDX-License-Identifier: Apache-2.0 */
/* The preflight inside `setup`. What is asked and judged is in preflight/preflight.h. */
#include "providers/aws/cloud/setup_preflight.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/permissions/command_needs.h"
#include "providers/aws/cloud/preflight/preflight.h"
#include "providers/aws/cloud/stack.h"
#include "providers/run.h"
#include "verify/verification.h"

/* What is known before anything is asked. */
static struct facts *given_facts(struct arena *arena, const struct setup_preflight *what,
	const struct setup_plan *plan)
{
	struct facts *facts = facts_new(arena, preflight_table.plan, what->cloud);

	facts_learn(facts, PREFLIGHT_REQUEST,
		tree_defer(arena, preflight_request(plan->vpc_cidr, what->must_differ, &plan->zones)));
	facts_learn(facts, PREFLIGHT_IDENTITY, what->identity);
	return facts;
}

/* Who is to have which permissions. For the session of a role one call, which the others wait for. */
static int give_permissions(struct aws *aws, struct facts *facts, struct error *err)
{
	const struct cloud *cloud = facts->cloud;
	const struct command_subject subject = {
		.command = "setup",
		.cloud = cloud,
		.partition = aws_partition(aws),
		.region = cloud->region,
		.account = cloud->account,
	};
	const struct caller_principal caller = caller_principal(aws, facts->arena,
		facts_tree(facts, PREFLIGHT_IDENTITY));
	struct command_needs policy;

	if (command_needs_make(facts->arena, &subject, &policy, err) < 0)
		return -1;
	facts_learn(facts, PREFLIGHT_PERMISSIONS,
		tree_defer(facts->arena,
			preflight_permissions(facts->arena, &caller, &policy.needs, &policy.scope)));
	return 0;
}

/* Zones alone, where nothing else is to be looked at. */
static int choose_zones(struct aws *aws, struct facts *facts, struct error *err)
{
	const bool wanted[PREFLIGHT_FACT_COUNT] = {[PREFLIGHT_ZONES] = true};
	struct finding finding;

	if (gather(aws_source(facts->arena, aws), facts, wanted, NULL, NULL, NULL, err) < 0)
		return -1;
	finding = check_judge(&preflight_table, check_find(&preflight_table, "preflight.zones", NULL), facts);
	return finding.verdict == VERDICT_FAIL ? error_set(err, ERROR_FAILED, "%s", finding.text) : 0;
}

static int take_zones(const struct facts *facts, struct setup_plan *plan, struct error *err)
{
	plan->zones = preflight_zones(facts);
	if (facts_tree(facts, PREFLIGHT_ZONES))
		return 0;
	*err = *facts_error(facts, PREFLIGHT_ZONES);
	return error_wrap(err, "listing the availability zones of %s", facts->cloud->region);
}

static int refuse(struct arena *arena, const struct verification *result, struct error *err)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < result->count; i++)
		if (result->findings[i].verdict == VERDICT_FAIL)
			text_list_add(arena, &ids, result->findings[i].check->id);
	return error_set(err, ERROR_FAILED, "nothing was created because of %s",
		text_join(arena, &ids, ", "));
}

/* What passed and yet has something to tell says so; what is not known is one warning. */
static void say(struct run *run, const struct verification *result)
{
	struct arena *arena = run->arena;
	struct text_list actions = {0};

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];

		if (finding->verdict == VERDICT_PASS && finding->evidence.count > 0)
			event_step(run->stream, STEP_NOTE, "%s: %s.", finding->check->id, finding->text);
		if (finding->action)
			text_list_add_once(arena, &actions, finding->action);
	}
	if (result->counts[VERDICT_UNKNOWN] > 0)
		event_step(run->stream, STEP_WARNING,
			"Not everything could be checked first%s%s. Setup goes on and fails later if something is missing.",
			actions.count > 0 ? ": the caller needs " : "", text_join(arena, &actions, ", "));
}

/*
 * The CreateStack of a run that was killed may arrive while this run looks. What the stack made would then seem to be in
 * the way; so everything is asked first, and the stack after it.
 */
static int look_for_stack(struct aws *aws, struct facts *facts, bool *there, struct error *err)
{
	bool wanted[PREFLIGHT_FACT_COUNT];
	struct stack stack;

	memset(wanted, true, sizeof(wanted));
	if (gather(aws_source(facts->arena, aws), facts, wanted, NULL, NULL, NULL, err) < 0 ||
		stack_describe(aws, facts->arena, aws_cloud(facts->cloud)->stack_name, &stack, err) < 0)
		return -1;
	*there = stack.phase == STACK_IN_PROGRESS || stack.phase == STACK_READY;
	return 0;
}

int setup_preflight(struct run *run, struct aws *aws, const struct setup_preflight *what,
	struct setup_plan *plan, struct error *err)
{
	struct arena *arena = run->arena;
	struct verification *judged = what->judged;
	struct verify_options options = {0};
	struct facts *facts = given_facts(arena, what, plan);
	const struct verify_input input = {
		.table = &preflight_table,
		.source = aws_source(arena, aws),
		.facts = facts,
		.options = &options,
		.stream = run->stream,
	};
	bool has_stack = false;

	if (what->skip) {
		event_step(run->stream, STEP_NOTE, "Prerequisites are not checked (--skip-preflight).");
		return choose_zones(aws, facts, err) < 0 ? -1 : take_zones(facts, plan, err);
	}
	if (give_permissions(aws, facts, err) < 0)
		return -1;
	if (!what->resumed)
		text_list_add(arena, &options.skip, preflight_names_glob);
	else if (look_for_stack(aws, facts, &has_stack, err) < 0)
		return error_wrap(err, "checking the prerequisites");
	if (has_stack) {
		event_step(run->stream, STEP_NOTE, "The stack that the last attempt asked for is there now.");
		return take_zones(facts, plan, err);
	}
	if (verify_run(&input, judged, err) < 0)
		return error_wrap(err, "checking the prerequisites");
	if (judged->overall == VERDICT_FAIL) {
		run_judged(run, judged);
		return refuse(arena, judged, err);
	}
	say(run, judged);
	return take_zones(facts, plan, err);
}
