/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any bytes as a record of events, as `replay` reads it. What is accepted is written so that it reads as the
 * same events, and every output shows it without a character that steers a terminal.
 */
#include "ui/event_log.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "ui/capture.h"
#include "ui/documents/renderer.h"
#include "ui/lines/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Emit every event to the capture's sink, and close what it writes to; false where the record cannot be read. */
static bool replay(struct capture *capture, const char *text, size_t length)
{
	struct event_log_reader reader;
	struct event event;
	struct error err = {0};
	int64_t at_ms = 0;
	int got;

	if (event_log_begin(&reader, text, length, &err) < 0)
		return false;
	while ((got = event_log_next(&reader, &capture->arena, &event, &err)) > 0) {
		if (event.at_ms < at_ms)
			abort();
		at_ms = event.at_ms;
		capture->sink->emit(capture->sink, &event);
	}
	if (got < 0 && err.kind != ERROR_INPUT)
		abort();
	return got == 0;
}

/* Its events as a new record; what is written is in the capture, which the caller closes. */
static bool rewrite(struct capture *capture, const char *text, size_t length)
{
	bool whole;

	capture_open(capture);
	capture->sink = event_log_new(&capture->arena, capture->results, NULL, NULL);
	whole = replay(capture, text, length);
	fflush(capture->results);
	return whole;
}

static void must_be_harmless(const char *text, size_t length)
{
	uint32_t point = 0;

	for (size_t i = 0, step; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &point);
		if (step == 0 || (utf8_is_control(point) && point != '\n' && point != '\t'))
			abort();
	}
}

/* format: a name of RENDERER_NAMES, NULL for lines. */
static void show(const char *format, const char *text, size_t length)
{
	struct capture capture;
	struct sink *lines;

	capture_open(&capture);
	lines = plain_new(&capture.arena, format ? capture.progress : capture.results, capture.progress,
		(struct plain_options){.verbose = true, .whole = true});
	capture.sink = format ? renderer_new(&capture.arena, format,
					&(struct renderer_options){.results = capture.results, .next = lines})
			      : lines;
	replay(&capture, text, length);
	fflush(capture.results);
	fflush(capture.progress);
	must_be_harmless(capture.results_text, capture.results_size);
	must_be_harmless(capture.progress_text, capture.progress_size);
	capture_close(&capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const formats[] = {NULL, "json", "yaml", "junit", "sarif", "markdown"};
	const char *text = (const char *)bytes;
	struct capture first, second;

	for (size_t i = 0; i < ARRAY_LENGTH(formats); i++)
		show(formats[i], text, length);
	if (rewrite(&first, text, length)) {
		if (!rewrite(&second, first.results_text, first.results_size) ||
			first.results_size != second.results_size ||
			memcmp(first.results_text, second.results_text, first.results_size) != 0)
			abort();
		capture_close(&second);
	}
	capture_close(&first);
	return 0;
}
