/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: a source that answers from rows, operation → reply or error. Calls fly until a step finishes them, in an
 * order that the test chooses. fake_source_open() before anything else.
 */
#ifndef CLOUDCTL_VERIFY_FAKE_SOURCE_H
#define CLOUDCTL_VERIFY_FAKE_SOURCE_H

#include "base/error.h"
#include "verify/plan.h"
#include "verify/source.h"

enum { FAKE_CALLS = 256 };

/* What answers the calls of one operation: the first row that matches does. */
struct fake_answer {
	const void *operation;
	const char *input;       /* the input's JSON text holds this; NULL: any input */
	const json_t *the_input; /* or the input is this; NULL */
	const json_t *reply;     /* borrowed */
	struct error error;      /* kind set: the call fails */
	struct fake_answer *next;
};

struct fake_call;

struct fake_source {
	struct source source; /* first: the table is the object */
	struct arena *arena;  /* of the rows */
	const char *place;    /* that answers */
	/* the action that ERROR_DENIED of an operation names; NULL: none */
	const char *(*action)(const void *operation);
	size_t per_step;                        /* calls that a step finishes; 0: all */
	bool newest_first;                      /* which ones first */
	size_t interrupt_after;                 /* steps; 0: never */
	struct fake_answer *answers, *of_facts; /* those of facts come last */

	/* What was asked. */
	struct fake_call *calls[FAKE_CALLS]; /* in the order in which they were started */
	size_t count;
	size_t at_first_step; /* calls started before anything was answered */
	size_t steps;
	const char *elsewhere; /* the place of the last call that named one */
};

/* per_step, newest_first and interrupt_after are zero. A call that no row answers fails with ERROR_NOT_FOUND. */
void fake_source_open(struct fake_source *fake, struct arena *arena, const char *place);

/* Add a row after those added before. */
void fake_reply(struct fake_source *fake, const void *operation, const char *input, const json_t *reply);
void fake_error(struct fake_source *fake, const void *operation, const char *input, enum error_kind kind,
	const char *code, const char *message);

/*
 * Rows for all that the facts' plan asks about their cloud, which answer with the known facts: an absent one with the plan
 * row's code for that, or an empty reply. They come after those of fake_reply() and fake_error(), whenever these are
 * added. The facts must live as long.
 */
void fake_facts(struct fake_source *fake, const struct facts *facts);

/* How many calls of an operation were started (NULL: of any). */
size_t fake_count(const struct fake_source *fake, const void *operation);

/* No two calls with the same operation and input. */
bool fake_all_differ(const struct fake_source *fake);

const void *fake_operation(const struct fake_source *fake, size_t index);
const json_t *fake_input(const struct fake_source *fake, size_t index);

#endif
