/* SPDX-License-Identifier: Apache-2.0 */
/* Truth with a third value, and looking keys up. */
#include "providers/aws/iam/request_context.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/timestamp.h"
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

size_t request_context_time(struct arena *arena, int64_t now_ms,
	struct request_context_value values[REQUEST_CONTEXT_TIMES])
{
	char text[TIMESTAMP_SIZE];

	if (now_ms == 0)
		return 0;
	values[0] = (struct request_context_value){.key = "aws:CurrentTime"};
	text_list_add(arena, &values[0].values, timestamp_rfc3339(now_ms, text));
	values[1] = (struct request_context_value){.key = "aws:EpochTime"};
	text_list_add(arena, &values[1].values, arena_printf(arena, "%" PRId64, now_ms / 1000));
	return REQUEST_CONTEXT_TIMES;
}

bool request_context_value_absent(const struct request_context_value *value)
{
	return value->values.count == 0 && !value->more;
}
