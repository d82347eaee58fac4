/* SPDX-License-Identifier: Apache-2.0 */
/* Many verifications on one loop. What one of them is, verify/ knows; what is shown of it, ui/ does. */
#include "base/event_members.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/verify.h"
#include "providers/run.h"
#include "verify/source.h"

/*
 * Sixteen clouds keep the engine's 32 calls busy: a cloud waits for one chain of calls, seldom for more than a few at a
 * time. A slow cloud holds back what is told after it, so that no more than so many wait for it, in memory.
 */
enum { CLOUDS_FLYING = 16, CLOUDS_AHEAD = 64 };

/* One cloud under way, or done and not yet told. */
struct cloud_flight {
	struct arena work;        /* the verification's; goes when it is done */
	struct arena kept;        /* what is to be told; goes when it was */
	struct registry registry; /* the context's, with its memory in work */
	const char *name;
	struct cloud cloud;
	struct event_stream stream;
	struct event_keeper keeper;
	struct verification *result;
	struct verify_job *job; /* NULL when it is done */
	struct event_end end;
	bool left_out; /* of another region than --region */
};

struct all {
	struct context *context;
	struct verify_options options;
	struct source *source; /* of the cloud that began last; a step of it is one of all */
	struct text_list names;
	const json_t *directory;      /* of the registry's clouds */
	struct cloud_flight *flights; /* CLOUDS_AHEAD of them; number n is at n % CLOUDS_AHEAD */
	size_t started, flying, told; /* told ≤ started ≤ told + CLOUDS_AHEAD */
	size_t most;                  /* that may fly now: 1 to CLOUDS_FLYING */
	int retries;                  /* of the session when most was last looked at */
	size_t counts[VERDICTS];
	size_t broken, verified;
	bool denied; /* for lack of a permission, of any cloud */
};

/* broken: clouds that could not be looked at. */
static int exit_code(const size_t counts[VERDICTS], size_t broken, bool strict)
{
	int code = verdict_exit_code(counts, strict);

	return code != 1 && broken > 0 ? 4 : code;
}

static void keep_run(struct cloud_flight *flight)
{
	struct event event = {.kind = EVENT_RUN,
		.run = command_event(&flight->work, &command_verify, &flight->cloud)};

	event.run.cloud = flight->name; /* also where the record could not be read */
	event_emit(&flight->stream, &event);
}

/* The cloud is done: its calls are over, and of its memory only what is to be told stays. */
static void land(struct all *all, struct cloud_flight *flight)
{
	flight->job = NULL;
	flight->result = NULL;
	flight->cloud = (struct cloud){0};
	arena_free(&flight->work);
	all->flying--;
}

static void fail(struct cloud_flight *flight, const struct error *err)
{
	event_step(&flight->stream, STEP_ERROR, "%s", error_text(&flight->work, err));
	flight->end = (struct event_end){.exit_code = error_exit_code(err), .verdict = VERDICT_UNKNOWN};
}

static void conclude(struct all *all, struct cloud_flight *flight)
{
	struct context *context = all->context;
	const struct verify_options *options = &all->options;
	const struct verification *result = flight->result;

	flight->end = (struct event_end){.exit_code = verdict_exit_code(result->counts, context->strict),
		.judged = true,
		.verdict = result->overall,
		.calls = result->figures.calls};
	flight->end.caller = arena_strdup(&flight->kept, result->caller);
	for (size_t i = 0; i < VERDICTS; i++)
		flight->end.counts[i] = result->counts[i];
	cloud_summarize(&flight->work, result, world_now(context->world, &flight->work), &flight->cloud);
	if (verify_is_about_cloud(options, result))
		verify_record_store(&flight->registry, &flight->stream, &flight->cloud, 0);
	verify_ignore_notes(&flight->work, &flight->stream, &flight->cloud, result);
	all->denied = all->denied || verify_was_denied(result);
}

/* Read the record and begin; 0, also for a cloud that could not be looked at. -1: no cloud could. */
static int start(struct all *all, struct cloud_flight *flight, const char *name, struct error *err)
{
	struct context *context = all->context;
	const char *region = context->global.region;
	struct verify_input input;
	struct error why;

	*flight = (struct cloud_flight){.name = name};
	event_keeper_begin(&flight->keeper, &flight->kept);
	event_begin(&flight->stream, &flight->keeper.sink, context->world);
	all->flying++;
	flight->registry = registry_within(context->registry, &flight->work);
	if (registry_load(&flight->registry, name, &flight->cloud, &why) < 0) {
		flight->cloud = (struct cloud){0};
		flight->left_out = why.kind == ERROR_NOT_FOUND; /* removed since the names were read */
		if (!flight->left_out) {
			keep_run(flight);
			fail(flight, &why);
		}
		land(all, flight);
		return 0;
	}
	flight->left_out = region && !text_equal(region, flight->cloud.region);
	if (flight->left_out) {
		land(all, flight);
		return 0;
	}
	keep_run(flight);
	verify_record_note(&flight->stream, &flight->cloud);
	verify_left_over_note(&flight->work, &flight->stream, &flight->cloud);
	all->source = PROVIDER.source(context_run(context), flight->cloud.region, err);
	if (!all->source)
		return -1;
	flight->result = NEW(&flight->work, struct verification);
	input = (struct verify_input){
		.table = PROVIDER.checks,
		.source = all->source,
		.facts = facts_new(&flight->work, PROVIDER.checks->plan, &flight->cloud),
		.options = &all->options,
		.stream = &flight->stream,
	};
	PROVIDER.know_others(input.facts, all->directory);
	flight->job = verify_begin(&input, flight->result, err);
	return flight->job ? 0 : error_wrap(err, "verifying cloud '%s'", flight->name);
}

/* Half as many at a time after a retry, one more after each cloud (additive increase, multiplicative decrease). */
static void adapt(struct all *all)
{
	int retries = all->context->stream.retries;

	if (retries > all->retries)
		all->most = all->most > 1 ? all->most / 2 : 1;
	else if (all->most < CLOUDS_FLYING)
		all->most++;
	all->retries = retries;
}

static int start_some(struct all *all, struct error *err)
{
	while (all->flying < all->most && all->started < all->names.count &&
		all->started < all->told + CLOUDS_AHEAD) {
		struct cloud_flight *flight = &all->flights[all->started % CLOUDS_AHEAD];

		if (start(all, flight, all->names.items[all->started], err) < 0)
			return -1;
		all->started++;
	}
	return 0;
}

static void advance_all(struct all *all)
{
	for (size_t i = all->told; i < all->started; i++) {
		struct cloud_flight *flight = &all->flights[i % CLOUDS_AHEAD];
		struct error err;

		if (!flight->job || verify_advance(flight->job))
			continue;
		if (verify_end(flight->job, false, &err) < 0) {
			error_wrap(&err, "verifying cloud '%s'", flight->name);
			fail(flight, &err);
		} else {
			conclude(all, flight);
		}
		land(all, flight);
		adapt(all);
	}
}

static void count(struct all *all, const struct event_end *end)
{
	all->verified++;
	all->broken += !end->judged;
	for (size_t i = 0; i < VERDICTS; i++)
		all->counts[i] += end->counts[i];
}

/* A step says which cloud it is about. */
static void tell_event(struct all *all, struct cloud_flight *flight, struct event event)
{
	if (event.kind == EVENT_STEP)
		event.step.text = arena_printf(&flight->kept, "%s: %s", flight->name, event.step.text);
	event_emit(&all->context->stream, &event);
}

static void tell(struct all *all, struct cloud_flight *flight)
{
	if (!flight->left_out) {
		for (const struct event_kept *kept = flight->keeper.first; kept; kept = kept->next)
			tell_event(all, flight, kept->event);
		tell_event(all, flight, (struct event){.kind = EVENT_END, .end = flight->end});
		count(all, &flight->end);
	}
	arena_free(&flight->kept);
}

static void tell_some(struct all *all)
{
	while (all->told < all->started && !all->flights[all->told % CLOUDS_AHEAD].job) {
		tell(all, &all->flights[all->told % CLOUDS_AHEAD]);
		all->told++;
	}
}

static int turn(struct all *all, struct error *err)
{
	while (all->told < all->names.count) {
		if (start_some(all, err) < 0)
			return -1;
		advance_all(all);
		tell_some(all);
		if (all->flying > 0 && !all->source->step(all->source, GATHER_TURN_MS))
			return error_set(err, ERROR_INTERRUPTED, "interrupted after %zu of %zu clouds",
				all->told, all->names.count);
	}
	return 0;
}

/* Also what an interruption or an error left. */
static void release(void *self)
{
	struct all *all = self;

	for (size_t i = 0; i < CLOUDS_AHEAD; i++) {
		arena_free(&all->flights[i].work);
		arena_free(&all->flights[i].kept);
	}
}

static int none(const struct context *context, struct error *err)
{
	if (context->global.region)
		return error_set(err, ERROR_USAGE, "--all: there is no cloud in %s in %s",
			context->global.region, registry_location(context->registry));
	return error_set(err, ERROR_USAGE,
		"--all: there are no clouds in %s yet: create one with 'cloudctl setup' or 'cloudctl register'",
		registry_location(context->registry));
}

int verify_all(struct context *context, const struct verify_command_options *options, struct error *err)
{
	struct all *all = NEW(context->arena, struct all);
	enum verdict overall;
	int code;

	*all = (struct all){.context = context, .options = verify_choice(options), .most = CLOUDS_FLYING};
	if (!context_registry(context, err) || registry_names(context->registry, &all->names, err) < 0)
		return -1;
	all->directory = verify_directory(context, NULL);
	if (all->names.count == 0)
		return none(context, err);
	all->flights = NEW_ARRAY(context->arena, struct cloud_flight, CLOUDS_AHEAD);
	arena_defer(context->arena, release, all);
	context_begin(context, NULL, options->strict);
	code = turn(all, err);
	if (code == 0 && all->verified == 0)
		code = none(context, err);
	if (code == 0)
		code = exit_code(all->counts, all->broken, context->strict);
	if (all->denied)
		verify_denied_note(context->arena, &context->stream, NULL);
	overall = verdict_of_group(all->counts, all->counts[VERDICT_SKIP]);
	if (all->broken > 0)
		overall = verdict_worst(overall, VERDICT_UNKNOWN);
	return context_end(context, code, overall, all->counts, err);
}
