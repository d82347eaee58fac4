/* SPDX-License-Identifier: Apache-2.0 */
/* A list of what is being worked on, and when to say so next. */
#include "ui/lines/plain_waiting.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"

enum { SILENCE_MS = 30000, SILENCE_MAX_MS = 300000, NAMED_MAX = 5 };

struct plain_waited {
	struct plain_waited *next;
	const char *id;
	const char *name;
	bool busy;
};

void plain_waiting_spoke(struct plain_waiting *waiting, int64_t at_ms)
{
	waiting->due_ms = at_ms + SILENCE_MS;
	waiting->next_ms = (int64_t)2 * SILENCE_MS;
}

static struct plain_waited *waited_of(struct plain_waiting *waiting, const char *id)
{
	struct plain_waited **at = &waiting->things;

	while (*at && !text_equal((*at)->id, id))
		at = &(*at)->next;
	if (!*at) {
		*at = NEW(waiting->arena, struct plain_waited);
		(*at)->id = arena_strdup(waiting->arena, id);
	}
	return *at;
}

static void note(struct plain_waiting *waiting, const char *id, const char *name, enum resource_state state)
{
	struct plain_waited *thing = waited_of(waiting, id);

	thing->busy = resource_is_busy(state);
	if (!text_equal(thing->name, name ? name : id))
		thing->name = arena_strdup(waiting->arena, name ? name : id);
}

void plain_waiting_event(struct plain_waiting *waiting, const struct event *event)
{
	struct plain_waited *thing;

	if (event->kind == EVENT_RUN || event->kind == EVENT_END) {
		for (thing = waiting->things; thing; thing = thing->next)
			thing->busy = false;
		waiting->running = event->kind == EVENT_RUN;
		if (waiting->running && !text_equal(waiting->provider, event->run.provider))
			waiting->provider = arena_strdup(waiting->arena, event->run.provider);
		plain_waiting_spoke(waiting, event->at_ms); /* silence before the run does not count */
	} else if (event->kind == EVENT_QUESTION) {         /* the user is waited for, and may take time */
		waiting->due_ms = event->question.answer ? event->at_ms + SILENCE_MS : INT64_MAX;
	} else if (event->kind == EVENT_GROUP) {
		note(waiting, event->group.id, event->group.name, event->group.state);
	} else if (event->kind == EVENT_RESOURCE) {
		note(waiting, event->resource.id, event->resource.name, event->resource.state);
	}
}

bool plain_waiting_due(struct plain_waiting *waiting, int64_t at_ms, int64_t *said_ms, struct str *out)
{
	size_t busy = 0, named = 0;

	for (const struct plain_waited *thing = waiting->things; thing; thing = thing->next)
		busy += thing->busy;
	if ((busy == 0 && !waiting->running) || waiting->due_ms == 0 || at_ms < waiting->due_ms)
		return false;
	*said_ms = waiting->due_ms;
	waiting->due_ms += waiting->next_ms;
	waiting->next_ms = waiting->next_ms * 2 < SILENCE_MAX_MS ? waiting->next_ms * 2 : SILENCE_MAX_MS;
	str_puts(out, "still waiting for: ");
	if (busy == 0)
		str_put_visible(out, waiting->provider ? waiting->provider : "a reply");
	for (const struct plain_waited *thing = waiting->things; thing; thing = thing->next) {
		if (!thing->busy || named == NAMED_MAX)
			continue;
		str_puts(out, named++ > 0 ? ", " : "");
		str_put_visible(out, thing->name);
	}
	if (busy > named)
		str_printf(out, " and %zu more", busy - named);
	return true;
}
