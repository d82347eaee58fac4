/* SPDX-License-Identifier: Apache-2.0 */
/* The plan: which fact, built from which other facts, by which operation. Adding a fact is a word in its enum and a row. */
#ifndef CLOUDCTL_VERIFY_PLAN_H
#define CLOUDCTL_VERIFY_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "verify/facts.h"

struct plan_row;

/* Collects the requests of one row: gather makes them, a test may keep them. */
struct ask {
	const struct plan_row *row;
	void (*add)(struct ask *self, const char *key, json_t *input);
};

/*
 * Add one request: input in wire names (reference taken over). key NULL: the reply is the fact; otherwise the fact is
 * an object and the reply stands under key (copied). A row that adds nothing makes the fact absent without a call.
 * A request that was made already (same operation, same input) is not made again: its reply serves both.
 */
void ask_add(struct ask *ask, const char *key, json_t *input);

/* Adds the requests of a row. Called once, when the facts that the row is built from are settled and none is lost. */
typedef void ask_fn(const struct facts *facts, struct ask *ask);

struct plan_row {
	const char *name; /* of the fact, in files and messages */
	/* facts whose trees ask() reads; one lost loses this fact too, for the same reason */
	struct index_list after;
	const void *operation; /* of the source (source.h) */
	ask_fn *ask;
	unsigned which;    /* of several alike: the provider's number, for ask() to find in its row */
	const char *doing; /* "describing disks" */
	const char *list;  /* a list of the reply that, when empty, means "does not exist"; NULL */
	/*
	 * Where an element of the reply's list elements holds an id that was asked for; elements NULL: where the reply
	 * itself does. Several places where one is enough, space separated. What holds none is left out (asked.h). NULL:
	 * nothing in the reply tells.
	 */
	const char *elements, *id;
	const char *absent; /* error codes that mean "does not exist", space separated; NULL */
	/* and the message must hold this, where the code alone says too little; NULL */
	const char *absent_text;
	/* codes that mean "exists, only without what was asked for": an empty reply; NULL */
	const char *present;
	/* where to ask (source.h); NULL, or its NULL: the source's own place */
	const char *(*where)(const struct facts *facts);
	const char *place; /* the fact is this one member, the place that answered; NULL: it is the reply */
};

/*
 * A row for each fact, whose number is the fact's: [FACT_DISK] = {.name = "disk", …}. A row comes after those that it is
 * built from. One without an operation is never asked: the fact is given, see facts_learn(), or absent.
 */
struct plan {
	const struct plan_row *rows;
	size_t count;
	/* Does a row's request ask for this id? NULL: no row has an id. */
	bool (*asks_for)(const json_t *input, const char *id);
};

/* To the wanted facts, a flag for each of the plan, add everything that they are built from. */
void plan_close(const struct plan *plan, bool *wanted);

#endif
