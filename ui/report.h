/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of the renderers: what a run has said so far, copied. Times are ms since the command began. */
#ifndef CLOUDCTL_UI_REPORT_H
#define CLOUDCTL_UI_REPORT_H

#include <stdbool.h>

#include "base/event.h"

struct arena;

struct report_group {
	struct report_group *next; /* in the order of their first event */
	const char *id;
	const char *name;    /* the id until a name is known */
	const char *subject; /* what it is about, or NULL */
	const struct event_about *resources;
	size_t resource_count;
	bool ended;
	bool shown;              /* for the renderer's use; false again when the group begins again */
	enum verdict verdict;    /* UNKNOWN until the group has ended */
	size_t counts[VERDICTS]; /* of findings that are not ignored */
	size_t ignored;
	int64_t began_ms; /* of its first event */
	int64_t last_ms;  /* of its last event */
};

struct report_finding {
	struct report_finding *next; /* in the order of the groups, and within one of their events */
	struct report_group *group;
	bool shown;      /* for the renderer's use */
	int64_t took_ms; /* since the decision before it in its group, or the group's beginning */
	struct event_finding event;
};

/* {.arena = …} is an empty report; everything in it belongs to the arena. */
struct report {
	struct arena *arena;
	struct report_group *groups;
	struct report_finding *findings;
	struct event_run run;
	struct event_end end;
	int64_t took_ms;   /* until EVENT_END */
	const char *error; /* the last STEP_ERROR, when a renderer takes it; or NULL */
	/* Set after report_begin() for one of many clouds: events come at once, so times are the groups' elapsed_ms. */
	bool afterwards;
};

/* Take an EVENT_RUN: empties the report. */
void report_begin(struct report *report, const struct event_run *run);

/* Take an EVENT_GROUP. A group that begins again after its end loses its findings. Returns the group. */
struct report_group *report_group(struct report *report, const struct event_group *event, int64_t at_ms);

/* Take an EVENT_FINDING. A group that is not known yet is added. Returns the finding. */
struct report_finding *report_finding(struct report *report, const struct event_finding *finding,
	int64_t at_ms);

/* How many findings are ignored. */
size_t report_ignored(const struct report *report);

/* Take the text of a STEP_ERROR. */
void report_error(struct report *report, const char *text);

/*
 * Take the EVENT_END. A run that broke off says nothing of what it did not look at: unless something failed, its
 * verdict in the report is UNKNOWN, whatever the event says.
 */
void report_end(struct report *report, const struct event_end *end, int64_t at_ms);

#endif
