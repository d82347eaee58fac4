/* SPDX-License-Identifier: Apache-2.0 */
/* One look, and the loop around it. */
#include "providers/waiter.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "verify/source.h"

enum { TURN_MS = 1000, GOES_ON = 1 };

/* 0: done; GOES_ON; -1: ERROR_FAILED. */
static int judge(const struct waiter *waiter, const char *state, struct error *err)
{
	if (text_is_among(state, waiter->done))
		return 0;
	if (text_is_among(state, waiter->failed))
		return error_set(err, ERROR_FAILED, "the state is %s", state);
	return GOES_ON;
}

bool waiter_passes(const struct error *err)
{
	return err->kind == ERROR_NETWORK || err->kind == ERROR_THROTTLED || err->kind == ERROR_SERVICE;
}

/* One call, in memory of its own. passing: the error is one that may go away. */
static int look(const struct waiter *waiter, const struct wait *wait, bool *passing, struct error *err)
{
	struct source *source = wait->source;
	struct arena arena = {0};
	void *call = source->start(source, &arena, waiter->operation, NULL, json_deep_copy(wait->input));
	int result;

	while (!source->done(source, call) && source->step(source, TURN_MS))
		;
	*passing = waiter_passes(source->error(source, call));
	if (source->reply(source, call)) {
		const json_t *reply = source->reply(source, call);

		result = judge(waiter,
			waiter->state ? waiter->state(wait->self, reply) : tree_text(reply, waiter->path),
			err);
	} else {
		*err = *source->error(source, call);
		result = -1;
	}
	arena_free(&arena);
	return result;
}

static int sleep_until(const struct wait *wait, int64_t until_ms, struct error *err)
{
	struct world *world = wait->world;
	int64_t left_ms;

	while ((left_ms = until_ms - world->steady_ms(world)) > 0)
		if (!wait->source->step(wait->source, left_ms < TURN_MS ? (int)left_ms : TURN_MS))
			return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return 0;
}

int waiter_wait(const struct waiter *waiter, const struct wait *wait, struct error *err)
{
	struct world *world = wait->world;
	int64_t began_ms = world->steady_ms(world), next_ms = began_ms;
	bool passing;
	int result;

	for (;;) {
		result = look(waiter, wait, &passing, err);
		next_ms += waiter->interval_ms;
		if (result == 0 || (result < 0 && !passing) || next_ms - began_ms >= waiter->limit_ms)
			break;
		error_clear(err);
		if (sleep_until(wait, next_ms, err) < 0) {
			result = -1;
			break;
		}
	}
	return result < 0 ? error_wrap(err, "%s", waiter->doing) : result == 0 ? WAITED_DONE : WAITED_IN_VAIN;
}
