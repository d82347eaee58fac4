/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds of the same run as lines: what changed, and nothing else. */
#include "base/test.h"
#include "ui/capture.h"
#include "ui/lines/plain.h"

static void round_begins(struct capture *capture)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true}});
	capture_emit(capture,
		(struct event){.kind = EVENT_GROUP, .group = {.id = "vpc", .state = RESOURCE_WORKING}});
}

static void decided(struct capture *capture, const char *check, enum verdict verdict, int64_t at_ms)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_FINDING,
			.at_ms = at_ms,
			.finding = {.check = check, .group = "vpc", .verdict = verdict, .text = "as seen"}});
}

static void round_ends(struct capture *capture, int code)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_GROUP,
			.group = {.id = "vpc", .state = RESOURCE_DONE, .verdict = VERDICT_PASS}});
	capture_emit(capture,
		(struct event){.kind = EVENT_END, .end = {.exit_code = code, .judged = code < 2}});
}

static void begin(struct capture *capture)
{
	capture_open(capture);
	capture->sink = plain_new(&capture->arena, capture->results, capture->progress,
		(struct plain_options){0});
	round_begins(capture);
	decided(capture, "vpc.dns", VERDICT_PASS, 0);
	decided(capture, "vpc.exists", VERDICT_PASS, 0);
	round_ends(capture, 0);
	capture_progress(capture);
	capture_results(capture);
}

static void only_what_changed_is_said(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture);
	round_begins(&capture);
	decided(&capture, "vpc.dns", VERDICT_FAIL, 2100);
	decided(&capture, "vpc.exists", VERDICT_PASS, 2100);
	decided(&capture, "vpc.new", VERDICT_WARN, 2200);
	round_ends(&capture, 1);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +2.1s) vpc.dns: FAIL, was PASS: as seen\n"
		"(cloudctl +2.2s) vpc.new: WARN: as seen\n");
	round_begins(&capture);
	decided(&capture, "vpc.dns", VERDICT_FAIL, 4000);
	round_ends(&capture, 1);
	assert_string_equal(capture_progress(&capture), "");
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

/* Interrupted, or AWS out of reach: what nobody looked at has not changed, and the next round compares with the last whole one. */
static void a_round_that_is_broken_off_changes_nothing(void **state)
{
	static const int codes[] = {4, 130};
	struct capture capture;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
		begin(&capture);
		round_begins(&capture);
		decided(&capture, "vpc.dns", VERDICT_UNKNOWN, 2000);
		decided(&capture, "vpc.exists", VERDICT_UNKNOWN, 2000);
		round_ends(&capture, codes[i]);
		assert_string_equal(capture_progress(&capture), "");
		round_begins(&capture);
		decided(&capture, "vpc.dns", VERDICT_FAIL, 4000);
		decided(&capture, "vpc.exists", VERDICT_PASS, 4000);
		round_ends(&capture, 1);
		assert_string_equal(capture_progress(&capture),
			"(cloudctl +4.0s) vpc.dns: FAIL, was PASS: as seen\n");
		capture_close(&capture);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_changed_is_said),
		cmocka_unit_test(a_round_that_is_broken_off_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
