/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting until something that was begun has ended: a row says what to ask, what of the reply to look at, and which words
 * there mean that it is done or has failed. Between looks the source's loop is turned, so that other calls go on and a
 * signal is seen.
 */
#ifndef CLOUDCTL_PROVIDERS_WAITER_H
#define CLOUDCTL_PROVIDERS_WAITER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct arena;
struct source;
struct world;

struct waiter {
	const char *doing;     /* frame of its errors: "waiting for the mount targets" */
	const void *operation; /* of the source */
	const char *path; /* where the state is (base/tree.h), or a function that reads it off the reply */
	const char *(*state)(const void *self, const json_t *reply);
	const char *done, *failed; /* states, separated by spaces; any other state means that it goes on */
	int interval_ms, limit_ms; /* from one look to the next; in all */
};

/* What one wait is about. */
struct wait {
	struct source *source;
	struct world *world;
	const json_t *input; /* of the operation; borrowed */
	const void *self;    /* for state() */
};

enum waited {
	WAITED_DONE = 0,
	WAITED_IN_VAIN = 1, /* it goes on, and limit_ms have passed */
};

/* Of errors that pass by themselves: network, throttling, 5xx. */
bool waiter_passes(const struct error *err);

/*
 * Look at once and then every interval_ms. Returns an enum waited, or -1 with *err set: ERROR_FAILED names the state that
 * means failure; an error of the call, where those that pass are waited out up
 * to limit_ms; ERROR_INTERRUPTED.
 */
int waiter_wait(const struct waiter *waiter, const struct wait *wait, struct error *err);

#endif
