/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: any text as a configuration file, and what is looked up in it. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "providers/aws/credentials/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct profiles profiles = {.config_path = "c", .credentials_path = "k"};
	struct arena arena = {0};
	struct error err = {0};

	for (int credentials = 0; credentials <= 1; credentials++) {
		char *text = arena_strndup(&arena, (const char *)bytes, length);

		if (profiles_parse(&arena, &profiles, "f", text, credentials, &err) < 0 &&
			err.kind != ERROR_INPUT)
			abort();
	}
	profiles_names(&profiles, &arena);
	profiles_value(&profiles, "default", "region");
	profiles_section_value(&profiles, SECTION_SERVICES, "lab", "s3.endpoint_url");
	arena_free(&arena);
	return 0;
}
