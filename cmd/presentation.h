/* SPDX-License-Identifier: Apache-2.0 */
/* How a run is shown: where its events go, its beginning, its rounds, its end, and what becomes of the screen. */
#ifndef CLOUDCTL_CMD_PRESENTATION_H
#define CLOUDCTL_CMD_PRESENTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/event.h"

struct arena;
struct cloud;
struct command;
struct context;

/* Open the file of --events, if there is one. What is in it stays until the first event is written. */
int context_events(struct context *context, struct error *err);

/*
 * The renderer that --output, --color, --ui and the terminals ask for, with the file of --events; it lives as long as the
 * context. screen: it may be the full screen. Lines look up by context->stream, which must begin next.
 */
struct sink *context_sink(struct context *context, bool screen);

/*
 * Begin the event stream of a long command: chooses the renderer from --output, --color and the terminals, and emits
 * EVENT_RUN (cloud NULL: of a run around one for each cloud). With any --output but text, `verify` prints its one document
 * at context_end(); of other commands nothing but what they write themselves goes to stdout then, and their lines all to
 * stderr. strict: a warning counts like a failure.
 */
void context_begin(struct context *context, const struct cloud *cloud, bool strict);

/*
 * Emit EVENT_END with counts (may be NULL) and return exit_code, or what context_arrived() says. exit_code -1
 * means that the command failed with *err, which stays as it is: the event carries the code that main will end with.
 */
int context_end(struct context *context, int exit_code, enum verdict verdict, const size_t counts[VERDICTS],
	struct error *err);

/*
 * Between rounds of a command that can run again, after context_end(). True: run again; *group is what alone is to be
 * run (the id of a group in the events), or NULL for everything. A screen lets the user decide, and decides by itself
 * when again_ms > 0 have passed; without one, true after again_ms > 0. False after a signal.
 */
bool context_again(struct context *context, int64_t again_ms, const char **group);

/* Begin another round in the same stream, or say more about a run that is under way: EVENT_RUN. */
void context_round(struct context *context, const struct cloud *cloud);

/*
 * An EVENT_RUN's content: the command's row and what is known of the cloud. cloud NULL: of a run around one for each
 * cloud. Strings are the command's, the cloud's and, what leaving means, the arena's.
 */
struct event_run command_event(struct arena *arena, const struct command *command, const struct cloud *cloud);

/* Show why the command failed on the screen, if there is one. */
void context_show_failure(struct context *context, const struct error *err);

/* code, or -1 with *err when the results, the events or the trace could not all be written. */
int context_arrived(const struct context *context, int code, struct error *err);

/*
 * The command has returned code (-1: *err): let the user look at the screen, then close it. Returns what main ends with:
 * code, or -1 with *err when not everything arrived (context_arrived()) or a signal came.
 */
int context_leave(struct context *context, int code, struct error *err);

#endif
