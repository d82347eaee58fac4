/* SPDX-License-Identifier: Apache-2.0 */
/* How a run is shown: where its events go, its beginning, its rounds, its end, and what becomes of the screen. */
#include "cmd/presentation.h"

#include <errno.h>
#include <langinfo.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/output_file.h"
#include "cmd/real_world.h"
#include "cmd/terminal.h"
#include "ui/documents/renderer.h"
#include "ui/event_log.h"
#include "ui/lines/plain.h"
#include "ui/output.h"
#include "ui/screen/screen.h"

enum { LEAVING_MAX = 2000, TURN_MS = 1000 };

/* --- where events go --- */

int context_events(struct context *context, struct error *err)
{
	const char *path = context->global.events;

	if (!path)
		return 0;
	context->events = output_file_open(context, "--events", path, false, err);
	return context->events ? 0 : -1;
}

/* A screen wants a terminal on every stream, and one that can do it. */
static bool can_show(const struct context *context)
{
	const char *kind = context->world->environment(context->world, "TERM");

	return context->answers && context->results_tty && context->messages_tty && kind &&
		!text_equal(kind, "dumb");
}

static bool is_wanted(const struct context *context)
{
	const struct global_options *global = &context->global;
	bool text = !global->output || text_equal(global->output, "text");

	bool traced = global->debug && !*global->debug; /* on stderr, in the middle of the screen */
	/* Some build servers give their jobs a terminal; nobody is there to press a key. */
	bool asked = text_equal(global->ui, "tui") ||
		(!text_equal(global->ui, "plain") && !context->world->environment(context->world, "CI"));

	return text && !traced && asked && can_show(context);
}

/*
 * Did a person start this command, or a script that wants to go on? A shell with job control makes what was typed the
 * leader of its process group (POSIX, 2.11); a script's commands are in the script's group.
 */
static bool is_typed(void)
{
	return getpgrp() == getpid();
}

/* May the screen stay when the run has ended, until the user has seen it? */
static bool may_stay(const struct context *context)
{
	return !context->global.no_wait && (is_typed() || text_equal(context->global.ui, "tui"));
}

/* The full screen, if --ui and the terminals ask for one; else NULL. It opens by itself. */
static struct screen *make_screen(struct context *context, const struct plain_options *lines)
{
	const struct screen_options options = {
		.world = context->world,
		.stream = &context->stream,
		.results = context->results,
		.progress = context->messages,
		.lines = *lines,
		.colour = terminal_color(context->world, context->global.color, context->results_tty),
		.ascii = !text_equal(nl_langinfo(CODESET), "UTF-8"),
		.interrupt = world_interrupt,
		.at_death = world_at_death,
	};

	if (is_wanted(context))
		context->screen = screen_new(context->arena, &options);
	return context->screen;
}

/* Lets the lines say what is waited for. */
struct line_watcher {
	struct watcher watcher;
	struct sink *lines;
	const struct event_stream *stream;
};

static void look_at_lines(struct watcher *self)
{
	const struct line_watcher *watcher = (const struct line_watcher *)self;
	struct world *world = watcher->stream->world;

	plain_look(watcher->lines, world->steady_ms(world) - watcher->stream->began_ms);
}

static void watch_lines(struct context *context, struct sink *lines)
{
	struct line_watcher *watcher = NEW(context->arena, struct line_watcher);

	*watcher = (struct line_watcher){{look_at_lines}, lines, &context->stream};
	context->world->watcher = &watcher->watcher;
}

static struct sink *choose_renderer(struct context *context, struct sink *lines)
{
	const struct renderer_options options = {
		.results = context->results,
		.next = lines,
		.lost = &context->lost,
		.strict = context->strict,
		.began_ms = context->world->wall_ms(context->world),
	};

	return renderer_new(context->arena, context->global.output, &options);
}

static struct sink *choose_sink(struct context *context, bool screen)
{
	const struct global_options *global = &context->global;
	bool text = !global->output || text_equal(global->output, "text");
	struct plain_options plain = {
		.colour_results = terminal_color(context->world, global->color, context->results_tty),
		.colour_progress = terminal_color(context->world, global->color, context->messages_tty),
		.verbose = global->debug && !*global->debug,
		.whole = global->verbose || (global->debug && !*global->debug),
		.lost = &context->lost,
	};
	struct sink *lines;

	if (screen && make_screen(context, &plain)) {
		watch_lines(context, screen_lines(context->screen));
		return screen_sink(context->screen);
	}
	if (!text) /* stdout is the document's alone */
		plain.colour_results = plain.colour_progress;
	lines = plain_new(context->arena, text ? context->results : context->messages, context->messages,
		plain);
	watch_lines(context, lines);
	return text ? lines : choose_renderer(context, lines);
}

struct sink *context_sink(struct context *context, bool screen)
{
	struct sink *shown = choose_sink(context, screen);

	if (!context->events)
		return shown;
	/* EINVAL: a pipe or a device, which has nothing to take away. */
	if (ftruncate(fileno(context->events->file), 0) < 0 && errno != EINVAL)
		error_set(&context->events->lost, ERROR_IO, "%s", strerror(errno));
	return event_log_new(context->arena, context->events->file, shown, &context->events->lost);
}

/* --- the beginning and the end of a run --- */

/* words with the cloud's name in the place of each %s. */
static const char *leaving_words(struct arena *arena, const char *words, const char *cloud)
{
	struct str text = {.arena = arena, .max = LEAVING_MAX};

	for (const char *at = words; *at; at++) {
		if (at[0] == '%' && at[1] == 's')
			str_puts(&text, cloud), at++;
		else
			str_putc(&text, *at);
	}
	return str_text(&text);
}

struct event_run command_event(struct arena *arena, const struct command *command, const struct cloud *cloud)
{
	static const struct cloud every = {0};
	static const char leaving[] =
		"Leaving stops the command. The record of cloud '%s' says what was started in AWS; the same command continues there.";
	const struct cloud *about = cloud ? cloud : &every;

	return (struct event_run){
		.command = cloud ? command->name : arena_printf(arena, "%s-all", command->name),
		.cloud = about->name,
		.cloud_id = about->id,
		.region = about->region,
		.account = about->account,
		.provider = PROVIDER.title,
		.effect = command->effect,
		.judges = command->judges,
		.outer = !cloud,
		.leaving = command->effect == EFFECT_NONE
			? NULL
			: leaving_words(arena, command->leaving ? command->leaving : leaving,
				  about->name ? about->name : "NAME"),
	};
}

void context_round(struct context *context, const struct cloud *cloud)
{
	struct world *world = context->stream.world;
	struct event event = {.kind = EVENT_RUN,
		.run = command_event(context->arena, context->command, cloud)};

	event.run.began_ms = world->wall_ms(world) - (world->steady_ms(world) - context->stream.began_ms);
	event_emit(&context->stream, &event);
}

void context_begin(struct context *context, const struct cloud *cloud, bool strict)
{
	context->strict = strict;
	/* the screen shows one cloud */
	event_begin(&context->stream, context_sink(context, cloud && !context->no_screen), context->world);
	context_round(context, cloud);
	if (text_equal(context->global.ui, "tui") && !context->screen)
		event_step(&context->stream, STEP_NOTE,
			"Showing lines: --ui tui needs --output text, a capable terminal, and no --debug on standard error.");
}

int context_arrived(const struct context *context, int code, struct error *err)
{
	if (context->lost.kind != ERROR_NONE) {
		*err = context->lost;
		return -1;
	}
	if (output_file_check(context->events, err) < 0 || output_file_check(context->trace, err) < 0)
		return -1;
	return code;
}

/* The code that main ends with after this error. */
static int failure_code(struct context *context, const struct error *err)
{
	if (err->kind == ERROR_INTERRUPTED && context->world->interrupted(context->world))
		return 128 + context->world->interrupted(context->world);
	return error_exit_code(err);
}

int context_end(struct context *context, int exit_code, enum verdict verdict, const size_t counts[VERDICTS],
	struct error *err)
{
	struct event event = {.kind = EVENT_END,
		.end = {.exit_code = exit_code < 0 ? failure_code(context, err) : exit_code,
			.verdict = verdict,
			.calls = context->stream.calls,
			.retries = context->stream.retries,
			.caller = context->caller}};

	for (size_t i = 0; counts && i < VERDICTS; i++)
		event.end.counts[i] = counts[i];
	event.end.judged = exit_code == verdict_exit_code(event.end.counts, context->strict);
	event_emit(&context->stream, &event);
	return exit_code < 0 ? -1 : context_arrived(context, exit_code, err);
}

/* --- rounds, and leaving --- */

/* Wait where there is no screen. False when a signal came. */
static bool wait_for_round(struct context *context, int64_t again_ms)
{
	struct world *world = context->world;
	int64_t until_ms = world->steady_ms(world) + again_ms, left_ms;

	while ((left_ms = until_ms - world->steady_ms(world)) > 0 && !world->interrupted(world))
		world_wait(world, left_ms < TURN_MS ? (int)left_ms : TURN_MS);
	return !world->interrupted(world);
}

bool context_again(struct context *context, int64_t again_ms, const char **group)
{
	*group = NULL;
	if (context->world->interrupted(context->world))
		return false;
	if (!screen_is_open(context->screen))
		return again_ms > 0 && wait_for_round(context, again_ms);
	if (!may_stay(context) && again_ms == 0)
		return false;
	return screen_stay(context->screen, again_ms, group) == SCREEN_AGAIN;
}

void context_show_failure(struct context *context, const struct error *err)
{
	struct arena arena = {0};
	const char *text = error_text(&arena, err);

	if (*err->advice)
		text = arena_printf(&arena, "%s. %s", text, err->advice);
	if (context->screen)
		screen_failed(context->screen, text);
	arena_free(&arena);
}

int context_leave(struct context *context, int code, struct error *err)
{
	struct screen *screen = context->screen;
	struct world *world = context->world;
	const char *group;

	if (!screen)
		return code < 0 ? code : context_arrived(context, code, err);
	if (code < 0)
		context_show_failure(context, err);
	while (screen_is_open(screen) && !screen_was_seen(screen) && may_stay(context) &&
		!world->interrupted(world) && screen_stay(screen, 0, &group) == SCREEN_AGAIN)
		screen_say(screen, "a recorded run cannot be run again");
	screen_close(screen);
	if (code < 0 || context_arrived(context, code, err) < 0)
		return -1;
	if (world->interrupted(world))
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return code;
}
