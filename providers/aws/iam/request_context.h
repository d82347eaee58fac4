/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about a request: three-valued truth and the condition keys with their values. Pure.
 *
 * A listed key has the values that are certain; a listed key without values is certainly absent; a key that is not
 * listed is not known, and what depends on it is TRUTH_MAYBE.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_REQUEST_CONTEXT_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_REQUEST_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES }; /* ordered: "and" is the lesser, "or" the greater */

enum truth truth_not(enum truth truth);
enum truth truth_and(enum truth a, enum truth b);
enum truth truth_or(enum truth a, enum truth b);

struct request_context_value {
	const char *key; /* compared without case */
	struct text_list values;
	bool open; /* each value is only the beginning of the true one: "AROAEXAMPLE:" and a session's name */
	bool more; /* the key has further values that are not known: tag keys other than the certain one */
};

struct request_context {
	const struct request_context_value *values;
	size_t count;
};

/* NULL when nothing is known about the key, whose name has length bytes. */
const struct request_context_value *request_context_find(const struct request_context *context,
	const char *key, size_t length);

/* Certainly without a value. */
bool request_context_value_absent(const struct request_context_value *value);

#endif
