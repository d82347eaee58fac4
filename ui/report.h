/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the events of a run have said so far about groups and findings, copied: the memory of the other
 * renderers.
 */
#ifndef CLOUDCTL_UI_REPORT_H
#define CLOUDCTL_UI_REPORT_H

#include <stdbool.h>

#include "base/event.h"

struct arena;

struct report_group {
	struct report_group *next; /* in the order of their first event */
	const char *id;
	const char *name;        /* the id until a name is known */
	const char *physical_id; /* or NULL */
	bool ended;
	enum verdict verdict; /* UNKNOWN until the group has ended */
	size_t counts[VERDICTS];
};

struct report_finding {
	struct report_finding *next; /* in the order of their events */
	struct report_group *group;
	bool shown; /* for the renderer's use */
	struct event_finding event;
};

/* {.arena = …} is an empty report; everything in it belongs to the arena. */
struct report {
	struct arena *arena;
	struct report_group *groups;
	struct report_finding *findings;
};

/*
 * Take an EVENT_RESOURCE that is about a group of checks (type NULL); others must not come here. A group that
 * begins again after its end loses its findings. Returns the group.
 */
struct report_group *report_resource(struct report *report, const struct event_resource *resource);

/* Take an EVENT_FINDING. A group never heard of is made. Returns the finding. */
struct report_finding *report_finding(struct report *report, const struct event_finding *finding);

#endif
