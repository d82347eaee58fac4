/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: replies, good and bad, of every protocol. The first byte chooses the operation, the second the
 * status; headers end at the first empty line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/client/fault.h"
#include "providers/aws/client/reply.h"
#include "providers/net/transport.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct aws_operation *const operations[] = {&ec2_DescribeVpcs, &iam_GetRole, &s3_GetBucketPolicy,
	&s3_GetBucketCors, &s3_HeadBucket, &efs_DescribeFileSystems, &memorydb_DescribeClusters,
	&cloudformation_DescribeStacks};
static const int statuses[] = {200, 200, 301, 400, 403, 404, 429, 500, 503, 999};

static void read_exchange(struct arena *arena, const uint8_t *bytes, size_t length, struct exchange *x)
{
	const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
	size_t headers = end ? (size_t)(end - bytes) + 2 : 0, skip = end ? headers + 2 : 0;

	x->reply_headers = (struct str){.arena = arena, .max = 64 << 10};
	x->reply_body = (struct str){.arena = arena, .max = 8 << 20};
	str_add(&x->reply_headers, (const char *)bytes, headers);
	str_add(&x->reply_body, (const char *)bytes + skip, length - skip);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct exchange x = {0};
	struct arena arena = {0};
	struct error err = {0};
	const struct aws_operation *operation;

	if (length < 2)
		return 0;
	operation = operations[bytes[0] % (ARRAY_LENGTH(operations))];
	x.status = statuses[bytes[1] % (ARRAY_LENGTH(statuses))];
	read_exchange(&arena, bytes + 2, length - 2, &x);
	if (fault_is(operation, &x)) {
		fault_read(&arena, operation, &x, NULL, &err);
		if (err.kind == ERROR_NONE || err.depth < 1)
			abort();
	} else {
		json_decref(reply_read(&arena, operation, &x, &err));
	}
	arena_free(&arena);
	return 0;
}
