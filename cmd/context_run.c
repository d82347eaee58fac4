/* SPDX-License-Identifier: Apache-2.0 */
/* The event stream of a command: which renderer, its first event and its last. */
#include <unistd.h>

#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/command.h"
#include "cmd/terminal.h"
#include "ui/documents/renderer.h"
#include "ui/event_log.h"
#include "ui/lines/plain.h"
#include "ui/output.h"
#include "ui/screen/screen.h"

enum { LEAVING_MAX = 2000 };

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

static struct sink *choose_sink(struct context *context)
{
	const struct global_options *global = &context->global;
	bool text = !global->output || text_equal(global->output, "text");
	struct plain_options plain = {
		.colour_results = terminal_color(context->world, global->color, context->results_tty),
		.colour_progress = terminal_color(context->world, global->color, context->messages_tty),
		.verbose = global->debug && !*global->debug,
		.lost = &context->lost,
	};
	struct sink *lines;

	if (context_screen(context, &plain)) {
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

struct sink *context_sink(struct context *context)
{
	struct sink *shown = choose_sink(context);

	if (!context->events)
		return shown;
	(void)!ftruncate(fileno(context->events), 0); /* a pipe has nothing to take away */
	return event_log_new(context->arena, context->events, shown, &context->lost);
}

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

void context_round(struct context *context, const struct command *command, const struct cloud *cloud)
{
	struct world *world = context->stream.world;
	struct event event = {.kind = EVENT_RUN, .run = command_event(context->arena, command, cloud)};

	event.run.began_ms = world->wall_ms(world) - (world->steady_ms(world) - context->stream.began_ms);
	event_emit(&context->stream, &event);
}

void context_begin(struct context *context, const struct command *command, const struct cloud *cloud)
{
	event_begin(&context->stream, context_sink(context), context->world);
	context_round(context, command, cloud);
	if (text_equal(context->global.ui, "tui") && !context->screen)
		event_step(&context->stream, STEP_NOTE,
			"Showing lines: --ui tui needs --output text, a capable terminal, and no --debug on standard error.");
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
			.retries = context->stream.retries}};

	for (size_t i = 0; counts && i < VERDICTS; i++)
		event.end.counts[i] = counts[i];
	event.end.judged = exit_code == verdict_exit_code(event.end.counts, context->strict);
	event_emit(&context->stream, &event);
	if (exit_code >= 0 && context->lost.kind != ERROR_NONE) {
		*err = context->lost;
		return -1;
	}
	return exit_code;
}
