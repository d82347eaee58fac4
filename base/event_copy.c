/* SPDX-License-Identifier: Apache-2.0 */
/* Copies by the tables of event_members.h. */
#include "base/event_copy.h"

#include "base/arena.h"
#include "base/event_members.h"
#include "base/member.h"

struct event event_copy(struct arena *arena, const struct event *event)
{
	struct event copy = *event;

	member_copy(arena, event_members(event->kind), &copy);
	return copy;
}

struct event_run event_copy_run(struct arena *arena, const struct event_run *run)
{
	return event_copy(arena, &(struct event){.kind = EVENT_RUN, .run = *run}).run;
}

struct event_resource event_copy_resource(struct arena *arena, const struct event_resource *resource)
{
	return event_copy(arena, &(struct event){.kind = EVENT_RESOURCE, .resource = *resource}).resource;
}

struct event_finding event_copy_finding(struct arena *arena, const struct event_finding *finding)
{
	return event_copy(arena, &(struct event){.kind = EVENT_FINDING, .finding = *finding}).finding;
}

static void keep(struct sink *self, const struct event *event)
{
	struct event_keeper *keeper = (struct event_keeper *)self;
	struct event_kept *kept = NEW(keeper->arena, struct event_kept);

	kept->event = event_copy(keeper->arena, event);
	*keeper->last = kept;
	keeper->last = &kept->next;
}

void event_keeper_begin(struct event_keeper *keeper, struct arena *arena)
{
	*keeper = (struct event_keeper){.sink = {keep}, .arena = arena};
	keeper->last = &keeper->first;
}
