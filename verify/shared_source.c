/* SPDX-License-Identifier: Apache-2.0 */
/* Calls are kept with what they asked; a second one gets the first one's handle. */
#include "verify/shared_source.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"

struct asked_call {
	const void *operation;
	const char *place; /* or NULL */
	const json_t *input;
	void *call; /* of the source behind */
	struct asked_call *next;
};

struct shared {
	struct source source; /* first: the table is the object */
	struct source *behind;
	struct asked_call *calls;
};

static bool is_same(const struct asked_call *asked, const void *operation, const char *place,
	const json_t *input)
{
	if (asked->operation != operation || !text_equal(text_or(asked->place, ""), text_or(place, "")))
		return false;
	return asked->input == input || json_equal(asked->input, input);
}

static void *start(struct source *self, struct arena *arena, const void *operation, const char *place,
	json_t *input)
{
	struct shared *shared = (struct shared *)self;
	struct asked_call *asked = shared->calls;

	while (asked && !is_same(asked, operation, place, input))
		asked = asked->next;
	if (asked) {
		json_decref(input);
		return asked->call;
	}
	asked = NEW(arena, struct asked_call);
	*asked = (struct asked_call){
		.operation = operation,
		.place = place ? arena_strdup(arena, place) : NULL,
		.input = tree_defer(arena, json_deep_copy(input)),
		.call = shared->behind->start(shared->behind, arena, operation, place, input),
		.next = shared->calls,
	};
	shared->calls = asked;
	return asked->call;
}

static bool step(struct source *self, int wait_ms)
{
	struct source *behind = ((struct shared *)self)->behind;

	return behind->step(behind, wait_ms);
}

static bool done(const struct source *self, const void *call)
{
	const struct source *behind = ((const struct shared *)self)->behind;

	return behind->done(behind, call);
}

static const json_t *reply(const struct source *self, const void *call)
{
	const struct source *behind = ((const struct shared *)self)->behind;

	return behind->reply(behind, call);
}

static const struct error *error(const struct source *self, const void *call)
{
	const struct source *behind = ((const struct shared *)self)->behind;

	return behind->error(behind, call);
}

static const char *place_of(const struct source *self, const void *call)
{
	const struct source *behind = ((const struct shared *)self)->behind;

	return behind->place(behind, call);
}

struct source *shared_source(struct arena *arena, struct source *behind)
{
	struct shared *shared = NEW(arena, struct shared);

	*shared = (struct shared){
		.source = {.start = start,
			.step = step,
			.done = done,
			.reply = reply,
			.error = error,
			.place = place_of},
		.behind = behind,
	};
	return &shared->source;
}
