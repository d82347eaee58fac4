/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: JSON that holds credentials, command lines of credential_process, and texts in a trace. What is
 * taken for credentials can be put into a header.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/credentials/credentials_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must_be_plain(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
			abort();
}

static void take(struct arena *arena, const char *bytes, size_t length)
{
	static const struct source_names names = {"AccessKeyId", "SecretAccessKey", "SessionToken",
		"Expiration"};
	struct credentials_search search = {.arena = arena, .scratch = arena};
	struct credentials found = {0};
	struct error err = {0};
	json_t *tree = source_parse(&search, bytes, length, "w", &err);

	if (tree && source_take_tree(&search, "w", tree, &names, &found, &err) == SOURCE_FOUND) {
		must_be_plain(found.access_key);
		must_be_plain(found.secret_key);
		must_be_plain(found.session_token);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena = {0};
	struct str shown = {.arena = &arena, .max = 1 << 20};
	struct error err = {0};

	take(&arena, (const char *)bytes, length);
	process_split(&arena, arena_strndup(&arena, (const char *)bytes, length), &err);
	trace_put(&shown, (const char *)bytes, length);
	arena_free(&arena);
	return 0;
}
