/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying again and again: --watch, and the keys r and R of the screen. What one round does is the caller's. */
#ifndef CLOUDCTL_CMD_VERIFY_ROUNDS_H
#define CLOUDCTL_CMD_VERIFY_ROUNDS_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "verify/verification.h"

struct arena;
struct cloud;
struct context;

/* "60s", "5m", "1h", "90" (seconds), from one second to a day, in milliseconds. -1: ERROR_USAGE. */
int verify_watch_ms(const char *text, int64_t *ms, struct error *err);

/* The ids of the checks of one group, by its id, that have a finding. */
struct text_list verify_checks_of(struct arena *arena, const struct verification *result, const char *group);

/*
 * One round; only.count == 0: of everything. Emits all events except EVENT_RUN and EVENT_END. What it makes belongs to
 * arena, which lives until the round after it has ended.
 */
struct verify_rounds {
	int (*round)(struct verify_rounds *self, struct arena *arena, struct text_list only,
		struct verification *result, struct error *err);
	struct context *context;
	const struct cloud *cloud;
	int64_t watch_ms; /* 0: only when the user asks for it */
};

/*
 * Rounds until there is no reason for another one; context_begin() was called. Returns what the last round gave, as
 * context_end() does.
 */
int verify_rounds(struct verify_rounds *rounds, struct error *err);

#endif
