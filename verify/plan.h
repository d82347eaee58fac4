/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan: which fact, built from which other facts, by which operation. The only place in verify/ that names AWS
 * operations. Adding a fact is a word in FACT_LIST and a row here.
 */
#ifndef CLOUDCTL_VERIFY_PLAN_H
#define CLOUDCTL_VERIFY_PLAN_H

#include <jansson.h>
#include <stddef.h>

#include "providers/aws/operation.h"
#include "verify/facts.h"

/* Collects the requests of one row; made by gather. */
struct ask;

/*
 * Add one request: input in wire names (reference taken over). key NULL: the reply is the fact; otherwise the fact is an
 * object and the reply stands under key. A row that adds nothing makes the fact absent without a call.
 */
void ask_add(struct ask *ask, const char *key, json_t *input);

struct plan_row {
	enum fact fact;
	fact_set after;             /* facts whose trees ask() reads; one lost loses this fact too */
	const struct aws_operation *operation;
	void (*ask)(const struct facts *facts, struct ask *ask);
	const char *absent;         /* error codes that mean "does not exist", space separated; "" none */
	const char *doing;          /* "describing subnets" */
};

extern const struct plan_row plan[];
extern const size_t plan_count;

/* The facts needed, with everything they are built from. */
fact_set plan_closure(fact_set wanted);

/* Length of the longest chain of dependent calls in a run, for the benchmark: follows the calls really made. */
struct aws;
struct gather_figures {
	int calls;
	int longest_chain;
};

/* Gather the wanted facts; settled(self, facts) is called after each change so that checks are judged early. */
int gather(struct aws *aws, struct facts *facts, fact_set wanted, void (*settled)(void *self, const struct facts *facts),
	   void *self, struct gather_figures *figures, struct error *err);

#endif
