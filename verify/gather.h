/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering facts by their plan: all calls that can be made at once are, and what depends on a lost fact is lost too. */
#ifndef CLOUDCTL_VERIFY_GATHER_H
#define CLOUDCTL_VERIFY_GATHER_H

#include <stdbool.h>

#include "verify/facts.h"

struct source;

struct gather_figures {
	int calls;         /* requests made, each once */
	int longest_chain; /* of calls that had to wait for each other, as really made */
};

/* How long a turn of the loop waits at most, in ms; it ends when anything happens. */
enum { GATHER_TURN_MS = 1000 };

/* One gathering under way; several may be, on one source. */
struct gather;

/*
 * Begin to gather the wanted facts (a flag for each of the plan, copied) and those they are built from; nothing is asked
 * before gather_advance(). Facts that are settled already are not asked for. settled(self, facts) is called after each
 * change, so that checks can be judged early; it must not ask the source. figures may be NULL. Everything belongs to
 * facts->arena, and what is passed here must live until the gathering has ended.
 *
 * A failed call never fails this: its fact is lost.
 */
struct gather *gather_begin(struct source *source, struct facts *facts, const bool *wanted,
	void (*settled)(void *self, const struct facts *facts), void *self, struct gather_figures *figures);

/*
 * Land what has arrived and start what that made ready, every call that can fly at once. True while calls are under
 * way: step the source and come again. False: everything wanted is settled.
 */
bool gather_advance(struct gather *gather);

/* What is not known yet is lost, for this reason; replies that come later are not looked at. */
void gather_stop(struct gather *gather, const struct error *why);

/* step() said that the user interrupted: what is not known is lost with ERROR_INTERRUPTED. -1 with *err set. */
int gather_give_up(struct gather *gather, struct error *err);

/* All of that for one gathering alone: 0, or -1 when it was interrupted. */
int gather(struct source *source, struct facts *facts, const bool *wanted,
	void (*settled)(void *self, const struct facts *facts), void *self, struct gather_figures *figures,
	struct error *err);

#endif
