/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests: render_tool FORMAT SAMPLE [strict] writes one of the sample runs (capture.h) to standard output as
 * `verify --output FORMAT` would. Exit code 0 when all was written, 2 for a word it does not know.
 */
#include <string.h>

#include "base/array.h"
#include "ui/capture.h"
#include "ui/documents/renderer.h"
#include "ui/lines/plain.h"

static const struct {
	const char *name;
	void (*emit)(struct capture *capture);
} samples[] = {
	{"verify", capture_verify},
	{"ignored", capture_ignored},
	{"hostile", capture_hostile},
	{"broken-off", capture_broken_off},
	{"empty", capture_empty},
	{"many", capture_many},
};

static struct sink *sink_of(struct arena *arena, const char *format, const struct renderer_options *options)
{
	if (strcmp(format, "text") == 0)
		return plain_new(arena, options->results, stderr,
			(struct plain_options){.lost = options->lost});
	return renderer_new(arena, format, options);
}

int main(int argc, char **argv)
{
	struct error lost = {0};
	struct capture capture = {0};
	const struct renderer_options options = {
		.results = stdout,
		.lost = &lost,
		.strict = argc > 3 && strcmp(argv[3], "strict") == 0,
		.began_ms = INT64_C(1767323045000), /* 2026-01-02T03:04:05Z */
	};
	int status = 2;

	if (argc > 2)
		capture.sink = sink_of(&capture.arena, argv[1], &options);
	for (size_t i = 0; capture.sink && i < ARRAY_LENGTH(samples); i++) {
		if (strcmp(argv[2], samples[i].name) == 0) {
			samples[i].emit(&capture);
			status = lost.kind == ERROR_NONE ? 0 : 4;
		}
	}
	arena_free(&capture.arena);
	return status;
}
