/* SPDX-License-Identifier: Apache-2.0 */
/* Truth with a third value, and looking keys up. */
#include "providers/aws/iam/request_context.h"

#include <string.h>

#include "providers/aws/iam/condition_key.h"

enum truth truth_not(enum truth truth)
{
	return truth == TRUTH_MAYBE ? TRUTH_MAYBE : truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

enum truth truth_and(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

enum truth truth_or(enum truth a, enum truth b)
{
	return a > b ? a : b;
}

const struct request_context_value *request_context_find(const struct request_context *context,
	const char *key, size_t length)
{
	static const struct request_context_value absent = {0};

	for (size_t i = 0; i < context->count; i++)
		if (condition_key_is(context->values[i].key, strlen(context->values[i].key), key, length))
			return &context->values[i];
	return condition_key_ruled_out(context, key, length) ? &absent : NULL;
}

bool request_context_value_absent(const struct request_context_value *value)
{
	return value->values.count == 0 && !value->more;
}
