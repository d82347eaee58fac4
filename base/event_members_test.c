/* SPDX-License-Identifier: Apache-2.0 */
/* A kept event is the event that was emitted, whatever becomes of the strings it was made of. */
#include "base/event_members.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"

static void every_string_is_a_copy(void **state)
{
	struct arena arena = {0};
	struct event_keeper keeper;
	char text[] = "text";
	const char *lines[] = {text, text};
	const struct event_about abouts[] = {{text, text}, {text, text}};
	const struct event events[] = {
		{.kind = EVENT_RUN, .run = {text, text, text, text, text, text, .leaving = text}},
		{.kind = EVENT_CALL, .call = {.operation = text, .request_id = text, .code = text}},
		{.kind = EVENT_RETRY, .call = {.operation = text, .request_id = text, .code = text}},
		{.kind = EVENT_GROUP,
			.group = {text, text, text, RESOURCE_DONE, .resources = abouts, .resource_count = 2}},
		{.kind = EVENT_RESOURCE,
			.resource = {text, text, text, text, text, text, text, .state = RESOURCE_DONE}},
		{.kind = EVENT_STEP, .step = {STEP_NOTE, text}},
		{.kind = EVENT_FINDING,
			.finding = {text, text, VERDICT_WARN, VERDICT_FAIL, text, text, text, text, text,
				text, text, lines, 2, abouts, 2, text}},
		{.kind = EVENT_QUESTION, .question = {text, text}},
		{.kind = EVENT_END, .at_ms = 7, .end = {.exit_code = 3, .calls = 9, .caller = text}},
	};
	const char *const *at;
	size_t count = 0;

	(void)state;
	event_keeper_begin(&keeper, &arena);
	for (size_t i = 0; i < ARRAY_LENGTH(events); i++)
		keeper.sink.emit(&keeper.sink, &events[i]);
	memset(text, 88, sizeof(text) - 1);
	lines[0] = NULL;
	for (const struct event_kept *kept = keeper.first; kept; kept = kept->next) {
		const struct event *event = &kept->event;

		assert_int_equal(event->kind, events[count++].kind);
		/* No pointer to the text that was changed is left anywhere in the event. */
		at = (const char *const *)(const void *)event;
		for (size_t i = 0; i < sizeof(*event) / sizeof(*at); i++)
			assert_true(at[i] != text && (const void *)at[i] != (const void *)lines);
	}
	assert_int_equal(count, ARRAY_LENGTH(events));
	arena_free(&arena);
}

static void what_is_missing_stays_missing(void **state)
{
	struct arena arena = {0};
	const struct event finding = {.kind = EVENT_FINDING, .finding = {.check = "vpc.dns", .text = "t"}};
	struct event copy = event_copy(&arena, &finding);

	(void)state;
	assert_string_equal(copy.finding.check, "vpc.dns");
	assert_null(copy.finding.ignored);
	assert_null(copy.finding.remedy);
	assert_int_equal(copy.finding.evidence_count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_string_is_a_copy),
		cmocka_unit_test(what_is_missing_stays_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
