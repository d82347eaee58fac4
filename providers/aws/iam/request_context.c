/* SPDX-License-Identifier: Apache-2.0 */
/* Truth with a third value, and looking keys up. */
#include "providers/aws/iam/request_context.h"

#include <string.h>

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

static bool is_key(const char *key, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text_lower(key[i]) != text_lower(name[i]) || key[i] == '\0')
			return false;
	return key[length] == '\0';
}

const struct request_context_value *request_context_find(const struct request_context *context,
	const char *key, size_t length)
{
	for (size_t i = 0; i < context->count; i++)
		if (is_key(context->values[i].key, key, length))
			return &context->values[i];
	return NULL;
}

bool request_context_value_absent(const struct request_context_value *value)
{
	return value->values.count == 0 && !value->more;
}
