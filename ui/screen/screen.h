/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The full screen as a renderer: a sink that keeps the model and paints it, and a watcher of the world, so that keys, the
 * clock and the network turn in one loop.
 *
 * Until the first group or resource a command is shown as lines, where its questions are asked too; then the screen opens.
 * When it closes, what is worth keeping remains in the terminal as lines: notes, warnings and failures, then the result.
 */
#ifndef CLOUDCTL_UI_SCREEN_SCREEN_H
#define CLOUDCTL_UI_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/event.h"
#include "base/world.h"
#include "ui/lines/plain.h"

struct arena;

struct screen_options {
	/* what to wait with; its wake_fd and watcher are the screen's while it is open */
	struct world *world;
	const struct event_stream *stream; /* whose clock to show; begun before the first event */
	FILE *results, *progress;          /* where lines go before and after */
	struct plain_options lines;
	bool colour;
	bool ascii;              /* the locale has no UTF-8 */
	void (*interrupt)(void); /* do what SIGINT does */
	/* call restore, in a signal handler, before the process dies of a signal */
	void (*at_death)(void (*restore)(void));
};

struct screen;

/* Belongs to the arena, and is closed with it at the latest. Nothing happens to the terminal yet. */
struct screen *screen_new(struct arena *arena, const struct screen_options *options);
struct sink *screen_sink(struct screen *screen);

/* Does the user see the screen? False before the first group or resource, after the end, and when the terminal cannot do it. */
bool screen_is_open(const struct screen *screen);

/* After EVENT_QUESTION, while open: wait for the answer, typed if it has a word. 0: *yes is it. -1: ERROR_INTERRUPTED. */
int screen_ask(struct screen *screen, bool *yes, struct error *err);

/* The command failed as a whole: text is shown until the screen closes. */
void screen_failed(struct screen *screen, const char *text);

enum screen_wish {
	SCREEN_CLOSE, /* the user has seen enough */
	SCREEN_AGAIN, /* run again; *group is its id, or NULL: everything. Borrowed until the next event */
};

/* After EVENT_END: let the user look. again_ms > 0: SCREEN_AGAIN by itself then. Not open: SCREEN_CLOSE at once. */
enum screen_wish screen_stay(struct screen *screen, int64_t again_ms, const char **group);

/* Did screen_stay() end with SCREEN_CLOSE? Then it need not be shown again. */
bool screen_was_seen(const struct screen *screen);

/* A word to the user, until the next key; a literal. */
void screen_say(struct screen *screen, const char *text);

/* The lines that are shown while the screen is not: for plain_look(). */
struct sink *screen_lines(struct screen *screen);

/* Give the terminal back and print what is worth keeping. May be called again, and when it never was open. */
void screen_close(struct screen *screen);

#endif
