/* SPDX-License-Identifier: Apache-2.0 */
/* A VPC that is there, judged before the rest is made in it. */
#include "providers/aws/cloud/setup_existing.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/run.h"
#include "verify/verification.h"

/* Those whose facts are the VPC's and the subnets' alone; those that need what is not there yet skip themselves. */
static const char all[] = "vpc.*,subnets.*",
		  necessary[] = "vpc.exists,subnets.exist,subnets.vpc,subnets.zones";

static const char *zone_of(const struct facts *facts, const char *subnet_id)
{
	return tree_text(tree_find(facts_tree(facts, FACT_SUBNETS), "subnetSet", "subnetId", subnet_id),
		"availabilityZone");
}

/* One of each zone first: a file system has one mount target in a zone. */
static void order_subnets(const struct facts *facts, struct setup_plan *plan)
{
	struct text_list first = {0}, others = {0}, zones = {0};
	const struct text_list *ids = &plan->network.subnet_ids;
	struct arena *arena = facts->arena;

	for (size_t i = 0; i < ids->count; i++) {
		const char *zone = zone_of(facts, ids->items[i]);
		bool known = text_list_has(&zones, zone);

		text_list_add(arena, known ? &others : &first, ids->items[i]);
		if (!known)
			text_list_add(arena, &zones, zone);
	}
	for (size_t i = 0; i < others.count; i++)
		text_list_add(arena, &first, others.items[i]);
	plan->network.subnet_ids = first;
	plan->zones = zones;
}

static int refuse(struct arena *arena, const struct verification *judged, struct error *err)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < judged->count; i++)
		if (judged->findings[i].verdict == VERDICT_FAIL)
			text_list_add(arena, &ids, judged->findings[i].check->id);
	return error_set(err, ERROR_FAILED, "nothing was created because of %s",
		text_join(arena, &ids, ", "));
}

int setup_existing_judge(struct run *run, struct aws *aws, const struct setup_preflight *what,
	struct setup_plan *plan, struct error *err)
{
	struct arena *arena = run->arena;
	struct verification *judged = NEW(arena, struct verification);
	const struct verify_options options = {.only = text_split(arena, what->skip ? necessary : all, ',')};
	const struct verify_input input = {
		.table = &cloud_checks,
		.source = aws_source(arena, aws),
		.facts = facts_new(arena, cloud_checks.plan, what->cloud),
		.options = &options,
		.stream = run->stream,
	};

	facts_learn(input.facts, FACT_IDENTITY, what->identity);
	if (verify_run(&input, judged, err) < 0)
		return error_wrap(err, "checking %s", plan->network.vpc_id);
	if (judged->counts[VERDICT_FAIL] > 0) {
		run_judged(run, judged);
		return refuse(arena, judged, err);
	}
	if (!facts_has(input.facts, FACT_SUBNETS)) {
		*err = *facts_error(input.facts, FACT_SUBNETS);
		return error_wrap(err, "looking at the subnets of %s", plan->network.vpc_id);
	}
	order_subnets(input.facts, plan);
	return 0;
}
