/* SPDX-License-Identifier: Apache-2.0 */
/* Whether there is a full screen, and what becomes of it when the command has ended. */
#include <langinfo.h>
#include <unistd.h>

#include "base/str.h"
#include "cmd/command.h"
#include "cmd/real_world.h"
#include "cmd/terminal.h"
#include "ui/screen/screen.h"

enum { ERROR_TEXT_MAX = 8 << 10, TURN_MS = 1000 };

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

struct screen *context_screen(struct context *context, const struct plain_options *lines)
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
	struct str text = {.arena = &arena, .max = ERROR_TEXT_MAX};

	error_format(err, &text);
	if (context->screen)
		screen_failed(context->screen, str_text(&text));
	arena_free(&arena);
}

int context_leave(struct context *context, int code, struct error *err)
{
	struct screen *screen = context->screen;
	struct world *world = context->world;
	const char *group;

	if (!screen)
		return code;
	if (code < 0)
		context_show_failure(context, err);
	while (screen_is_open(screen) && !screen_was_seen(screen) && may_stay(context) &&
		!world->interrupted(world) && screen_stay(screen, 0, &group) == SCREEN_AGAIN)
		screen_say(screen, "a recorded run cannot be run again");
	screen_close(screen);
	if (code >= 0 && context->lost.kind != ERROR_NONE)
		*err = context->lost;
	else if (code >= 0 && world->interrupted(world))
		error_set(err, ERROR_INTERRUPTED, "interrupted");
	else
		return code;
	return -1;
}
