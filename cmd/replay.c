/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl replay`: a run that was recorded with --events, shown again by any renderer. Talks to nobody. */
#include "base/file.h"
#include "cmd/context.h"
#include "cmd/presentation.h"
#include "ui/event_log.h"

enum { SPEED_MAX = 1000, TURN_MS = 100 };

struct replay_options {
	const char *file, *speed;
};

/* A world that is nothing but a clock, which runs through the recorded times. */
struct replay_world {
	struct world world; /* first: the table is the object */
	struct world *real;
	uint64_t speed;   /* recorded milliseconds in a real one; 0: no waiting */
	int64_t began_ms; /* real */
	int64_t at_ms;    /* recorded, when there is no waiting */
};

static int64_t replay_ms(struct world *self)
{
	const struct replay_world *replay = (const struct replay_world *)(const void *)self;

	if (replay->speed == 0)
		return replay->at_ms;
	return (replay->real->steady_ms(replay->real) - replay->began_ms) * (int64_t)replay->speed;
}

static int wait_until(struct replay_world *replay, int64_t at_ms, struct error *err)
{
	struct world *real = replay->real;
	int64_t left;

	replay->at_ms = at_ms;
	while ((left = at_ms - replay_ms(&replay->world)) > 0 && !real->interrupted(real)) {
		left = left / (int64_t)replay->speed + 1;
		world_wait(real, left < TURN_MS ? (int)left : TURN_MS);
	}
	if (real->interrupted(real))
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return 0;
}

/* A record of an older version does not say what its runs mean: its command does, as it is today. */
static void complete(struct arena *arena, struct event_run *run)
{
	bool all = text_equal(run->command, "verify-all");
	const struct cloud cloud = {.name = run->cloud};

	for (size_t i = 0; i < command_count && run->effect == EFFECT_UNKNOWN; i++) {
		struct event_run today;

		if (!text_equal(commands[i]->name, all ? "verify" : run->command))
			continue;
		today = command_event(arena, commands[i], all ? NULL : &cloud);
		run->provider = today.provider;
		run->effect = today.effect;
		run->judges = today.judges;
		run->outer = today.outer;
		run->leaving = today.leaving;
	}
}

static int show(struct context *context, struct replay_world *replay, struct event_log_reader *reader,
	struct error *err)
{
	struct sink *sink = context->stream.sink;
	struct event event;
	int got;

	while ((got = event_log_next(reader, context->arena, &event, err)) > 0) {
		if (wait_until(replay, event.at_ms, err) < 0)
			return -1;
		if (event.kind == EVENT_RUN)
			complete(context->arena, &event.run);
		sink->emit(sink, &event);
	}
	if (got == 0 && reader->cut)
		event_step(&context->stream, STEP_WARNING,
			"The record ends in the middle of a line: the run was killed.");
	return got;
}

static int replay_run(struct context *context, const void *data, struct error *err)
{
	const struct replay_options *options = data;
	struct replay_world *replay = NEW(context->arena,
		struct replay_world); /* a screen outlives the command */
	struct event_log_reader reader;
	size_t length;
	char *text;

	replay->world = (struct world){.steady_ms = replay_ms, .wake_fd = -1};
	replay->real = context->world;
	if (!options->file)
		return error_set(err, ERROR_USAGE, "which recorded run? Give the FILE that --events wrote");
	if (options->speed && !text_number(options->speed, 0, SPEED_MAX, &replay->speed))
		return error_set(err, ERROR_USAGE, "--speed: '%s' must be a number from 0 to %d",
			options->speed, SPEED_MAX);
	if (file_read(context->arena, options->file, EVENT_LOG_MAX, &text, &length, err) < 0)
		return -1;
	if (event_log_begin(&reader, text, length, err) < 0)
		return error_wrap(err, "reading %s", options->file);
	replay->began_ms = replay->real->steady_ms(replay->real);
	event_begin(&context->stream, context_sink(context, true), &replay->world);
	if (show(context, replay, &reader, err) < 0)
		return error_wrap(err, "replaying %s", options->file);
	return context_arrived(context, 0, err);
}

#define AT(member) offsetof(struct replay_options, member)

static const struct option replay_rows[] = {
	{"FILE", 0, OPTION_ARGUMENT, AT(file), NULL, "a file that --events wrote"},
	{"speed", 0, OPTION_TEXT, AT(speed), "N",
		"N times as fast as the run was, 0 to 1000; 0 (default) does not wait"},
	{NULL},
};

const struct command command_replay = {
	.name = "replay",
	.arguments = "FILE",
	.summary = "show again a run that was recorded with --events",
	.description =
		"Shows the run as it was shown then, as lines or in any format of --output. Contacts nobody and\n"
		"changes nothing; the file may come from another machine.\n"
		"\n"
		"  cloudctl verify prod --events prod.events\n"
		"  cloudctl replay prod.events\n"
		"\n"
		"The exit code is 0 if the run could be shown, whatever its result was.",
	.needs = WRITES_REPORTS,
	.options = replay_rows,
	.options_size = sizeof(struct replay_options),
	.run = replay_run,
};
