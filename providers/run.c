/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of every provider do with their run. */
#include "providers/run.h"

#include <string.h>

#include "base/arena.h"
#include "base/world.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"
#include "verify/verification.h"

int run_load_cloud(struct run *run, bool plan, struct registry_lock **lock, struct cloud *cloud,
	struct error *err)
{
	const struct registry *registry = run->registry(run, err);

	*lock = registry && !plan ? registry_lock(registry, run->cloud, 0, err) : NULL;
	if (!registry || (!*lock && !plan))
		return -1;
	return registry_load(registry, run->cloud, cloud, err);
}

const char *run_left_over(struct arena *arena, const struct cloud *cloud)
{
	if (!text_equal(cloud->operation.kind, "verify"))
		return NULL;
	return arena_printf(arena,
		"A functional verification of cloud '%s' began at %s and has not ended. Unless it is still running, take away what it left: cloudctl verify %s --sweep",
		cloud->name, text_or(cloud->operation.started, "an unknown time"), cloud->name);
}

int run_mistakes(struct run *run, const struct text_list *mistakes, struct error *err)
{
	if (mistakes->count == 0)
		return 0;
	if (mistakes->count == 1)
		return error_set(err, ERROR_USAGE, "%s", mistakes->items[0]);
	for (size_t i = 0; i < mistakes->count; i++)
		event_step(run->stream, STEP_ERROR, "%s", mistakes->items[i]);
	return error_set(err, ERROR_USAGE, "%zu mistakes, see above; no call was made", mistakes->count);
}

void run_judged(struct run *run, const struct verification *judged)
{
	run->result.verdict = judged->overall;
	memcpy(run->result.counts, judged->counts, sizeof(run->result.counts));
}

void cloud_summarize(struct arena *arena, const struct verification *result, const char *at,
	struct cloud *cloud)
{
	cloud->verification.at = arena_strdup(arena, at);
	cloud->verification.verdict = result->overall;
	memcpy(cloud->verification.counts, result->counts, sizeof(result->counts));
}

int run_verify(struct run *run, const struct verify_input *what, struct cloud *cloud,
	struct verification *result, struct error *err)
{
	struct verify_input input = *what;
	int status;

	input.facts = facts_new(run->arena, what->table->plan, cloud);
	input.stream = run->stream;
	status = verify_run(&input, result, err);
	run_judged(run, result);
	if (status < 0)
		return error_wrap(err, "verifying cloud '%s'", cloud->name);
	cloud_summarize(run->arena, result, world_now(run->world, run->arena), cloud);
	return 0;
}
