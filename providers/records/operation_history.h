/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was done with a cloud: the last operations of its record, the oldest first. An entry is written with the record that
 * says what is about to be done, so there is no second write that could fail. Pure; lists are copied before they are
 * changed, because copies of a record share them.
 */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_OPERATION_HISTORY_H
#define CLOUDCTL_PROVIDERS_RECORDS_OPERATION_HISTORY_H

#include <stddef.h>

#include "base/text.h"

struct arena;
struct member_table;

enum { HISTORY_MAX = 20 }; /* operations; older ones are forgotten */

enum history_result {
	HISTORY_UNFINISHED, /* it is under way, or its run was killed or cut off */
	HISTORY_DONE,
	HISTORY_UNDONE,  /* what it did was taken back */
	HISTORY_REFUSED, /* its first request was, so nothing was changed */
	HISTORY_FAILED,
};

struct past_operation {
	const char *kind;    /* "setup", and so on: as the record's operation says it */
	const char *started; /* RFC 3339 */
	const char *ended;   /* NULL: unfinished */
	const char *by;      /* who, as the provider calls them: the ARN of the caller; NULL: not known */
	enum history_result result;
	struct text_list steps; /* those that were begun, each once, in their order */
};

struct history {
	struct past_operation *items;
	size_t count;
};

/* How an entry is read and written: the keys are the members' names. */
extern const struct member_table history_table;

/*
 * An operation begins a step (NULL: it has none of its own). It is a new entry, with kind, started and by, unless the last entry is unfinished and of this
 * kind: then that one is gone on with, by whoever began it.
 */
void history_step(struct arena *arena, struct history *history, const struct past_operation *operation,
	const char *step);

/* The last operation, when it is unfinished and of this kind, ended so at this time. */
void history_end(struct arena *arena, struct history *history, const char *kind, enum history_result result,
	const char *at);

#endif
