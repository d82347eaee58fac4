/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about a request: three-valued truth, the action, the resource and the condition keys with their values.
 * Pure.
 *
 * A listed key has the values that are certain; a listed key without values is certainly absent. A key that is not
 * listed is absent when no such request carries it (condition_key.h); else it is not known, and what depends on it is
 * TRUTH_MAYBE.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_REQUEST_CONTEXT_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_REQUEST_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <stdint.h>

#include "base/text.h"

struct arena;

enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES }; /* ordered: "and" is the lesser, "or" the greater */

enum truth truth_not(enum truth truth);
enum truth truth_and(enum truth a, enum truth b);
enum truth truth_or(enum truth a, enum truth b);

struct request_context_value {
	/* compared without case; "*" at its end: all that begin so and are not listed before */
	const char *key;
	struct text_list values;
	bool open; /* each value is only the beginning of the true one: "AROAEXAMPLE:" and a session's name */
	bool more; /* the key has further values that are not known: tag keys other than the certain one */
};

/*
 * A text of a request: its resource, or the value of a context key. Open: it goes on in ways that are not known;
 * "arn:aws:s3:::b/" and open is every object of the bucket. A pattern that holds all of them matches, one that
 * holds some is TRUTH_MAYBE.
 */
struct request_text {
	const char *text;
	bool open;
};

struct request_context {
	const char *action;           /* "sts:AssumeRole" */
	struct request_text resource; /* text NULL: resources are not compared */
	const struct request_context_value *values;
	size_t count;
};

/* The key, whose name has length bytes; NULL when nothing is known about it. */
const struct request_context_value *request_context_find(const struct request_context *context,
	const char *key, size_t length);

/*
 * The keys that say when the request is made, into values, which has room for all. 0 when now_ms, since 1970, is 0: the
 * time is not known. Texts are in arena.
 */
enum { REQUEST_CONTEXT_TIMES = 2 };
size_t request_context_time(struct arena *arena, int64_t now_ms,
	struct request_context_value values[REQUEST_CONTEXT_TIMES]);

/* Certainly without a value. */
bool request_context_value_absent(const struct request_context_value *value);

#endif
