/* SPDX-License-Identifier: Apache-2.0 */
/* One cloud with a record, verified again and again, and what of an earlier round still holds. */
#include <string.h>

#include "base/array.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "cmd/verify.h"
#include "providers/run.h"

/* Two runs of verify that end together both keep their result; a long operation is not waited for. */
enum { WATCH_MAX_S = 24 * 3600, STORE_WAIT_MS = 500 };

struct rounds {
	struct context *context;
	const struct verify_command_options *options;
	struct source *source;
	struct cloud cloud;
	const json_t *directory; /* of the registry's clouds */
	int64_t watch_ms;        /* 0: another round only when the user asks for it */
	bool denial_told;        /* how to see the permissions that are missing */
	/* A whole round takes the place of the one before the last; one of a group stays with its whole. */
	struct arena arenas[2];
	int which;
	struct verification whole;
};

/* "60s", "5m", "1h", "90" (seconds), from one second to a day, in milliseconds. -1: ERROR_USAGE. */
static int read_watch(const char *text, int64_t *ms, struct error *err)
{
	static const struct {
		char letter;
		int seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
	char digits[16] = "";
	size_t length = strlen(text);
	uint64_t number = 0, seconds = 1;

	for (size_t i = 0; length > 1 && i < ARRAY_LENGTH(units); i++) {
		if (text[length - 1] == units[i].letter) {
			seconds = (uint64_t)units[i].seconds;
			length--;
			break;
		}
	}
	if (length < sizeof(digits))
		memcpy(digits, text, length);
	if (!text_number(digits, 1, WATCH_MAX_S, &number) || number * seconds > WATCH_MAX_S)
		return error_set(err, ERROR_USAGE,
			"--watch: invalid time '%s'; give one from 1s to 24h (60s, 5m, 1h)", text);
	*ms = (int64_t)(number * seconds) * 1000;
	return 0;
}

/* The ids of the checks of one group, by its id, that have a finding. */
static struct text_list checks_of(struct arena *arena, const struct verification *result, const char *group)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < result->count; i++)
		if (text_equal(result->findings[i].group->id, group))
			text_list_add(arena, &ids, result->findings[i].check->id);
	return ids;
}

static int verify_some(struct rounds *rounds, struct arena *arena, const struct verify_options *choice,
	struct verification *result, struct error *err)
{
	struct context *context = rounds->context;
	struct cloud *cloud = &rounds->cloud;
	const struct verify_input input = {
		.table = PROVIDER.checks,
		.source = rounds->source,
		.facts = facts_new(arena, PROVIDER.checks->plan, cloud),
		.options = choice,
		.stream = &context->stream,
	};

	PROVIDER.know_others(input.facts, rounds->directory);
	if (verify_run(&input, result, err) < 0)
		return error_wrap(err, "verifying cloud '%s'", cloud->name);
	context->caller = arena_strdup(context->arena, result->caller);
	cloud_summarize(arena, result, world_now(context->world, arena), cloud);
	return 0;
}

/* All that the options choose. */
static int whole_round(struct rounds *rounds, struct error *err)
{
	struct context *context = rounds->context;
	const struct verify_command_options *options = rounds->options;
	const struct verify_options choice = verify_choice(options);
	struct event_stream *stream = &context->stream;
	struct arena *arena;

	rounds->which = !rounds->which;
	arena = &rounds->arenas[rounds->which];
	arena_free(arena);
	rounds->whole = (struct verification){0};
	verify_record_note(stream, &rounds->cloud);
	if (!options->functional.what) /* which says what it does about that */
		verify_left_over_note(arena, stream, &rounds->cloud);
	if (verify_some(rounds, arena, &choice, &rounds->whole, err) < 0)
		return -1;
	if (verify_is_about_cloud(&choice, &rounds->whole))
		verify_record_store(context->registry, stream, &rounds->cloud, STORE_WAIT_MS);
	verify_ignore_notes(arena, stream, &rounds->cloud, &rounds->whole);
	if (verify_was_denied(&rounds->whole) && !rounds->denial_told) {
		rounds->denial_told = true;
		verify_denied_note(arena, stream, rounds->cloud.name);
	}
	return options->save_facts ? verify_save(options->save_facts, rounds->whole.facts, err) : 0;
}

/* Of the whole round before, the checks of one group again. */
static int group_round(struct rounds *rounds, const char *group, struct error *err)
{
	struct arena *arena = &rounds->arenas[rounds->which];
	const struct verify_options choice = {
		.only = checks_of(arena, &rounds->whole, group),
		.optional = rounds->options->simulate,
	};
	struct verification part = {0};

	if (verify_some(rounds, arena, &choice, &part, err) < 0)
		return -1;
	verify_merge(&rounds->whole, &part);
	return 0;
}

/* A round of many that failed is told; the next one may succeed. */
static void tell_failure(struct rounds *rounds, const struct error *err)
{
	struct arena arena = {0};

	context_show_failure(rounds->context, err);
	if (rounds->watch_ms > 0 && err->kind != ERROR_INTERRUPTED)
		event_step(&rounds->context->stream, STEP_WARNING, "%s", error_text(&arena, err));
	arena_free(&arena);
}

static void free_rounds(void *self)
{
	struct rounds *rounds = self;

	arena_free(&rounds->arenas[0]);
	arena_free(&rounds->arenas[1]);
}

static int run_rounds(struct rounds *rounds, struct error *err)
{
	struct context *context = rounds->context;
	const struct verification *whole = &rounds->whole;
	const char *group = NULL;
	int code;

	for (;;) {
		code = group ? group_round(rounds, group, err) : whole_round(rounds, err);
		if (code == 0 && rounds->options->functional.what && !group)
			code = verify_functionally(context, rounds->options, &rounds->cloud, &rounds->whole,
				err);
		if (code == 0)
			code = verdict_exit_code(whole->counts, context->strict);
		code = context_end(context, code, whole->overall, whole->counts, err);
		if (code < 0)
			tell_failure(rounds, err);
		if (!context_again(context, rounds->watch_ms, &group))
			break;
		if (code < 0)
			group = NULL; /* nothing of a round that failed can be kept */
		group = arena_strdup(context->arena, group);
		context_round(context, &rounds->cloud);
	}
	if (rounds->watch_ms > 0 && code >= 0 && context->world->interrupted(context->world))
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return code;
}

int verify_recorded(struct context *context, const struct verify_command_options *options, struct error *err)
{
	struct rounds *rounds = NEW(context->arena, struct rounds);
	struct cloud *cloud = &rounds->cloud;

	rounds->context = context;
	rounds->options = options;
	if (options->watch && read_watch(options->watch, &rounds->watch_ms, err) < 0)
		return -1;
	if (options->watch && context->global.output && !text_equal(context->global.output, "text"))
		return error_set(err, ERROR_USAGE, "--watch: --output must be text");
	if (context_cloud(context, &context->selector, cloud, err) < 0)
		return -1;
	if (verify_ignore_asked(&options->ignore) &&
		verify_ignore_apply(context, &options->ignore, cloud, err) < 0)
		return -1;
	rounds->source = PROVIDER.source(context_run(context), cloud->region, err);
	if (!rounds->source)
		return -1;
	arena_defer(context->arena, free_rounds, rounds);
	context_begin(context, cloud, options->strict);
	rounds->directory = verify_directory(context, &context->stream);
	return run_rounds(rounds, err);
}
