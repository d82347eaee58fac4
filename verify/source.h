/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the engine asks: a few questions that a provider's client answers. Calls fly at once on one thread:
 *
 *     call = source->start(source, arena, &operation, NULL, input);
 *     while (!source->done(source, call) && source->step(source, wait_ms))
 *             ;
 *     reply = source->reply(source, call);
 *
 * An operation and a call are the provider's own; here an operation is compared by its address, and a call is handed
 * back. A test's source answers from a table.
 */
#ifndef CLOUDCTL_VERIFY_SOURCE_H
#define CLOUDCTL_VERIFY_SOURCE_H

#include <jansson.h>
#include <stdbool.h>

struct arena;
struct error;

struct source {
	/*
	 * Queue a call. input is an object whose reference is taken over. place is where to ask (a region, a context), or
	 * NULL: the source's own. The call and its reply belong to arena. Never fails: what goes wrong shows in error().
	 */
	void *(*start)(struct source *self, struct arena *arena, const void *operation, const char *place,
		json_t *input);

	/*
	 * Move all calls forward, waiting at most wait_ms for something to happen. False when the user interrupted: calls
	 * not done are then done, with ERROR_INTERRUPTED.
	 */
	bool (*step)(struct source *self, int wait_ms);

	bool (*done)(const struct source *self, const void *call);

	/* Of a call that is done: the whole reply, all pages of it; NULL when it failed. */
	const json_t *(*reply)(const struct source *self, const void *call);

	/* Of a call that is done: kind ERROR_NONE when it succeeded. Never NULL. */
	const struct error *(*error)(const struct source *self, const void *call);

	/* Of a call that is done: the place that answered, which need not be where it was asked; "" when there is none. */
	const char *(*place)(const struct source *self, const void *call);
};

#endif
