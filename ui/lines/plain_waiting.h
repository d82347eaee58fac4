/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When lines have been silent for long, what is being waited for. Pure: times come in, a text goes out; so a run that
 * is shown again says the same at the same times, however often anybody looked.
 */
#ifndef CLOUDCTL_UI_LINES_PLAIN_WAITING_H
#define CLOUDCTL_UI_LINES_PLAIN_WAITING_H

#include <stdbool.h>

#include "base/event.h"

struct arena;
struct str;

/* {.arena = …} waits for nothing. */
struct plain_waiting {
	struct arena *arena;
	struct plain_waited *things;
	bool running; /* between EVENT_RUN and EVENT_END; then the provider is waited for where nothing else is */
	const char *provider;
	int64_t due_ms;  /* when it is to be said next; 0 while nothing was said or heard */
	int64_t next_ms; /* the silence after that */
};

/* A line was printed at at_ms: the silence begins again. */
void plain_waiting_spoke(struct plain_waiting *waiting, int64_t at_ms);

/* Take an event: groups and resources that begin and end; the run's end, and a question, after which nothing is waited for. */
void plain_waiting_event(struct plain_waiting *waiting, const struct event *event);

/*
 * Has it been silent for 30 s by at_ms (then 1, 2, 4 and every 5 minutes) while something is worked on, or a run has not ended?
 * Then *said_ms is when that was due and out holds "still waiting for: this, that", else the provider; call again until it is
 * false, for more than one may be due.
 */
bool plain_waiting_due(struct plain_waiting *waiting, int64_t at_ms, int64_t *said_ms, struct str *out);

#endif
