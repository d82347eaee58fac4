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
