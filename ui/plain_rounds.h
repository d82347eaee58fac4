/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed in a round after the first, in lines. Changes are kept until the round has ended: only then is it known
 * whether they are changes, or whether the round was broken off and the rest of it counts for nothing.
 */
#ifndef CLOUDCTL_UI_PLAIN_ROUNDS_H
#define CLOUDCTL_UI_PLAIN_ROUNDS_H

#include <stdbool.h>

#include "base/event.h"

struct arena;
struct report;
struct report_finding;
struct str;

/* {.arena = …} is an empty list. Belongs to the arena, which grows with the changes alone. */
struct plain_rounds {
	struct arena *arena;
	struct plain_change *first, *last;
};

struct plain_change {
	struct plain_change *next;
	int64_t at_ms;
	struct report_finding *finding; /* its verdict is still that of the last round that counts */
	enum verdict verdict;
	const char *text; /* or NULL */
};

/* Take a finding of a later round: kept when its verdict is not what the report says, or the report has none. */
void plain_rounds_add(struct plain_rounds *rounds, struct report *report, const struct event_finding *finding,
	int64_t at_ms);

/* The next change, oldest first; false when there is none. */
bool plain_rounds_take(struct plain_rounds *rounds, struct plain_change *change);

/* "network.dns: FAIL, was PASS: it is off". The report takes the verdict over. */
void plain_change(struct str *out, const struct plain_change *change, bool colour);

#endif
