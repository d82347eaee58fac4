/* SPDX-License-Identifier: Apache-2.0 */
/* What an event of each kind consists of, as tables of base/member.h: for records on disk, and for copies that are kept. */
#ifndef CLOUDCTL_BASE_EVENT_MEMBERS_H
#define CLOUDCTL_BASE_EVENT_MEMBERS_H

#include "base/event.h"

struct arena;
struct member_table;

/* The members that events of this kind have, in struct event; an open table. Not among them: kind and at_ms. */
const struct member_table *event_members(enum event_kind kind);

/* A copy whose strings and arrays belong to arena. */
struct event event_copy(struct arena *arena, const struct event *event);

/* The same for what an event of that kind holds. */
struct event_run event_copy_run(struct arena *arena, const struct event_run *run);
struct event_resource event_copy_resource(struct arena *arena, const struct event_resource *resource);
struct event_finding event_copy_finding(struct arena *arena, const struct event_finding *finding);

struct event_kept {
	struct event_kept *next;
	struct event event;
};

/* A sink that keeps copies of all events, in their order. */
struct event_keeper {
	struct sink sink;
	struct arena *arena;
	struct event_kept *first, **last;
};

/* Copies belong to arena; the keeper must not be used after it was freed. */
void event_keeper_begin(struct event_keeper *keeper, struct arena *arena);

#endif
