/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks, environment, randomness and interruption as a parameter, which tests replace; cmd/ fills the real one. */
#ifndef CLOUDCTL_BASE_WORLD_H
#define CLOUDCTL_BASE_WORLD_H

#include <stddef.h>
#include <stdint.h>

/* Looks around whenever the program waits: a screen that reads keys, lines that say what it waits for. */
struct watcher {
	void (*look)(struct watcher *self); /* must neither wait nor make calls */
};

struct world {
	int64_t (*wall_ms)(struct world *);   /* milliseconds since 1970, for signatures and records */
	int64_t (*steady_ms)(struct world *); /* milliseconds that never jump, for waiting and elapsed time */
	const char *(*environment)(struct world *, const char *name); /* NULL when unset or empty */
	void (*random)(struct world *, void *bytes, size_t length);   /* cryptographic quality */
	int (*interrupted)(struct world *); /* the signal number that asks us to stop, 0 when none did */
	int wake_fd; /* readable when a signal arrived or the watcher has something to do; -1 when there is none */
	struct watcher *watcher; /* or NULL; code that waits calls world_look() after each wait */
};

/* Let the watcher look. While something runs it is called ten times a second or more. */
void world_look(struct world *world);

/* Wait for time (ms, -1: no limit) or wake_fd, then world_look(). Where calls are under way, run their loop instead. */
void world_wait(struct world *world, int ms);

struct arena;

/* Now, RFC 3339, in arena. */
char *world_now(struct world *world, struct arena *arena);

/* Random text for ids and for tokens that make a request safe to repeat: prefix + 26 of a-z2-7 (130 bits), in arena. */
char *world_token(struct world *world, struct arena *arena, const char *prefix);

#endif
