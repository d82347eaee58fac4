/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: times from headers and files. What is read is written and read again the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "providers/aws/credentials/credentials_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void round_trip(int64_t ms)
{
	char text[TIMESTAMP_SIZE];
	int64_t again = -1;

	timestamp_rfc3339(ms, text);
	if (*text && (!timestamp_parse_rfc3339(text, &again) || again != ms - ms % 1000))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = {0};
	const char *text = arena_strndup(&arena, (const char *)bytes, length);
	int64_t ms;

	if (timestamp_parse_http(text, &ms) && ms >= 0)
		round_trip(ms);
	if (source_time(text, &ms) && ms >= 0)
		round_trip(ms);
	arena_free(&arena);
	return 0;
}
