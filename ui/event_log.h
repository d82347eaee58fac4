/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event stream as lines of JSON, and back: `--events FILE`, `cloudctl replay FILE`.
 *
 * The first line is {"schema": "cloudctl.events/1"}; each further line is one event. docs/events.md says what
 * every kind of event means, docs/events.schema.json what a line looks like. Members are added without a new
 * number; a change that breaks a reader gets a new one. A reader skips members and kinds it does not know.
 */
#ifndef CLOUDCTL_UI_EVENT_LOG_H
#define CLOUDCTL_UI_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "base/event.h"

struct arena;

/*
 * A sink that writes every event to file, flushed line by line, and hands it on to next (may be NULL). file
 * stays the caller's. The first failure to write goes to *lost (may be NULL); after it nothing more is
 * written. The sink lives as long as the arena.
 */
struct sink *event_log_new(struct arena *arena, FILE *file, struct sink *next, struct error *lost);

enum {
	EVENT_LOG_MAX = 64 << 20,      /* bytes of a whole log that is read */
	EVENT_LOG_LINE_MAX = 16 << 20, /* bytes of one line */
};

/* The text of a log while it is read. The text is the caller's and is not changed. */
struct event_log_reader {
	const char *at; /* of the next line */
	const char *end;
	int64_t at_ms; /* of the event read last */
	size_t line;   /* the number of the line read last */
	bool cut;      /* the last line has no end: its writer was killed; it was left out */
};

/* Take the first line. ERROR_INPUT when it is not a log of events, or one of another version. */
int event_log_begin(struct event_log_reader *reader, const char *text, size_t length, struct error *err);

/* The next event, strings in arena: 1; 0 at the end; -1: ERROR_INPUT with the line. Times never run backwards. */
int event_log_next(struct event_log_reader *reader, struct arena *arena, struct event *event,
	struct error *err);

#endif
