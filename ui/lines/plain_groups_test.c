/* SPDX-License-Identifier: Apache-2.0 */
/* Groups and their findings in lines: in which order, and how many. */
#include "base/test.h"

#include <string.h>

#include "ui/capture.h"
#include "ui/finding_text.h"
#include "ui/lines/plain.h"

static void begin(struct capture *capture, struct plain_options options)
{
	capture_open(capture);
	capture->sink = plain_new(&capture->arena, capture->results, capture->progress, options);
}

/* Lines of a finding with so much evidence. */
static size_t lines_of(size_t evidence_count, bool whole)
{
	const char *evidence[100], *progress;
	struct capture capture;
	size_t lines = 0;

	for (size_t i = 0; i < evidence_count; i++)
		evidence[i] = "a line";
	begin(&capture, (struct plain_options){.whole = whole});
	capture_emit(&capture,
		(struct event){.kind = EVENT_GROUP, .group = {.id = "g", .state = RESOURCE_DONE}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_FINDING,
			.finding = {.check = "g.c",
				.group = "g",
				.verdict = VERDICT_FAIL,
				.remedy = "one\n\ntwo",
				.evidence = evidence,
				.evidence_count = evidence_count}});
	progress = capture_progress(&capture);
	for (const char *at = strstr(progress, "  FAIL"); at && *at; at = strchr(at, '\n') + 1)
		lines++;
	assert_int_equal(strstr(progress, "more lines: --verbose") != NULL, lines < 3 + evidence_count);
	capture_close(&capture);
	return lines;
}

static void a_finding_is_cut_unless_it_is_wanted_whole(void **state)
{
	(void)state;
	assert_int_equal(lines_of(0, false), 3);
	assert_int_equal(lines_of(9, false), FINDING_LINES);
	assert_int_equal(lines_of(10, false), FINDING_LINES);
	assert_int_equal(lines_of(99, false), FINDING_LINES);
	assert_int_equal(lines_of(99, true), 102);
}

static void emit_group(struct capture *capture, const char *id, enum resource_state state)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_GROUP, .group = {.id = id, .name = id, .state = state}});
}

/* Groups are told in the order in which they began, and those after one that never ended at the end. */
static void groups_are_told_in_their_order(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	for (size_t i = 0; i < 3; i++)
		emit_group(&capture, (const char *[]){"a", "b", "c"}[i], RESOURCE_WORKING);
	capture_progress(&capture);
	emit_group(&capture, "c", RESOURCE_DONE);
	assert_string_equal(capture_progress(&capture), "");
	emit_group(&capture, "a", RESOURCE_DONE);
	assert_string_equal(capture_progress(&capture), "(cloudctl +0.0s) A verification succeeded.\n");
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end = {.exit_code = 4}});
	assert_string_equal(capture_progress(&capture), "(cloudctl +0.0s) C verification succeeded.\n");
	capture_close(&capture);

	begin(&capture, (struct plain_options){0});
	emit_group(&capture, "a", RESOURCE_WORKING);
	emit_group(&capture, "b", RESOURCE_WORKING);
	emit_group(&capture, "b", RESOURCE_DONE);
	capture_progress(&capture);
	emit_group(&capture, "a", RESOURCE_DONE);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.0s) A verification succeeded.\n"
		"(cloudctl +0.0s) B verification succeeded.\n");
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_cut_unless_it_is_wanted_whole),
		cmocka_unit_test(groups_are_told_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
