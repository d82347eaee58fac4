/* SPDX-License-Identifier: Apache-2.0 */
/* Stamping and counting events on their way to the sink, and the arithmetic of verdicts. */
#include "base/event.h"

#include <stdarg.h>

#include "base/text.h"
#include "base/world.h"

enum { STEP_TEXT_SIZE = 2048 };

void event_begin(struct event_stream *stream, struct sink *sink, struct world *world)
{
	*stream = (struct event_stream){.sink = sink, .world = world};
	stream->began_ms = world->steady_ms(world);
}

void event_emit(struct event_stream *stream, struct event *event)
{
	if (event->kind == EVENT_CALL || event->kind == EVENT_RETRY)
		stream->calls++;
	if (event->kind == EVENT_RETRY)
		stream->retries++;
	if (!stream->sink)
		return;
	event->at_ms = stream->world->steady_ms(stream->world) - stream->began_ms;
	stream->sink->emit(stream->sink, event);
}

void event_step(struct event_stream *stream, enum step_level level, const char *format, ...)
{
	char text[STEP_TEXT_SIZE];
	struct event event = {.kind = EVENT_STEP, .step = {.level = level, .text = text}};
	va_list arguments;

	va_start(arguments, format);
	text_vformat(text, sizeof(text), format, arguments);
	va_end(arguments);
	event_emit(stream, &event);
}

bool resource_is_busy(enum resource_state state)
{
	return state == RESOURCE_WORKING || state == RESOURCE_UNDOING;
}

const char *const remedy_kind_names[] = {
	[REMEDY_FIX] = "fix",
	[REMEDY_LOOK] = "look",
	[REMEDY_DO] = "do",
	NULL,
};

const char *const verdict_names[] = {
	[VERDICT_PASS] = "PASS",
	[VERDICT_WARN] = "WARN",
	[VERDICT_FAIL] = "FAIL",
	[VERDICT_UNKNOWN] = "UNKNOWN",
	[VERDICT_SKIP] = "SKIP",
	[VERDICTS] = NULL,
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

enum verdict verdict_worst(enum verdict a, enum verdict b)
{
	static const int rank[VERDICTS] = {
		[VERDICT_SKIP] = 0,
		[VERDICT_PASS] = 1,
		[VERDICT_WARN] = 2,
		[VERDICT_UNKNOWN] = 3,
		[VERDICT_FAIL] = 4,
	};

	return rank[a] >= rank[b] ? a : b;
}

enum verdict verdict_of_group(const size_t counts[VERDICTS], size_t required_skipped)
{
	enum verdict worst = VERDICT_SKIP;

	for (size_t i = 0; i < VERDICTS; i++)
		if (counts[i] > 0)
			worst = verdict_worst(worst, (enum verdict)i);
	if (required_skipped > 0 && (worst == VERDICT_PASS || worst == VERDICT_WARN))
		return VERDICT_SKIP;
	return worst;
}

int verdict_exit_code(const size_t counts[VERDICTS], bool strict)
{
	if (counts[VERDICT_FAIL] > 0 || (strict && counts[VERDICT_WARN] > 0))
		return 1;
	return counts[VERDICT_UNKNOWN] + counts[VERDICT_SKIP] > 0 ? 3 : 0;
}
