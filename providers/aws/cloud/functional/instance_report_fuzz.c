/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: a report and a console that an instance, or whoever can write the bucket, has written. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "providers/aws/cloud/functional/instance_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct instance_report report = {0};
	struct error err;

	report_parse(&arena, (const char *)data, size, "run-abc", &report, &err);
	report_read_console(&arena, arena_strndup(&arena, (const char *)data, size), "run-abc", &report);
	arena_free(&arena);
	return 0;
}
