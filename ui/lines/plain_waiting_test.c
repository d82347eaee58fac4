/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in silence, quiet lines, and lines of a round after another. */
#include <string.h>

#include "base/test.h"
#include "ui/capture.h"
#include "ui/lines/plain.h"

static void begin(struct capture *capture, struct plain_options options)
{
	capture_open(capture);
	capture->sink = plain_new(&capture->arena, capture->results, capture->progress, options);
}

static void working(struct capture *capture, int64_t at_ms, const char *name, enum resource_state state)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RESOURCE,
			.at_ms = at_ms,
			.resource = {.id = name, .name = name, .type = "AWS::X::Y", .state = state}});
}

static void silence_is_explained(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	plain_look(capture.sink, 100000); /* nothing is worked on yet */
	working(&capture, 100000, "VPC", RESOURCE_WORKING);
	working(&capture, 101000, "Bucket", RESOURCE_WORKING);
	plain_look(capture.sink, 130999);
	assert_null(strstr(capture_progress(&capture), "still"));
	plain_look(capture.sink, 131017);
	plain_look(capture.sink, 190000);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +2m11.0s) still waiting for: VPC, Bucket\n");
	working(&capture, 400000, "VPC", RESOURCE_DONE); /* nobody looked for long: it is said all the same */
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +3m11.0s) still waiting for: VPC, Bucket\n"
		"(cloudctl +5m11.0s) still waiting for: VPC, Bucket\n"
		"(cloudctl +6m40.0s) VPC: done\n");
	for (int i = 0; i < 6; i++)
		working(&capture, 400000, arena_printf(&capture.arena, "Subnet %d", i), RESOURCE_WORKING);
	capture_progress(&capture);
	plain_look(capture.sink, 430000);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +7m10.0s) still waiting for: Bucket, Subnet 0, Subnet 1, Subnet 2, Subnet 3 and 2 more\n");
	capture_close(&capture);
}

/* E.g. the first call of a run, which nothing was said about yet. */
static void where_nothing_has_begun_aws_is_waited_for(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_emit(&capture,
		(struct event){.kind = EVENT_RUN,
			.at_ms = 10,
			.run = {.command = "setup", .provider = "AWS"}});
	plain_look(capture.sink, 30009);
	assert_string_equal(capture_progress(&capture), "");
	plain_look(capture.sink, 30010);
	assert_string_equal(capture_progress(&capture), "(cloudctl +30.0s) still waiting for: AWS\n");
	capture_emit(&capture, (struct event){.kind = EVENT_END, .at_ms = 40000});
	plain_look(capture.sink, 999999);
	assert_string_equal(capture_progress(&capture), "");
	capture_close(&capture);
}

static void quiet_keeps_what_matters(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){.quiet = true});
	working(&capture, 0, "VPC", RESOURCE_WORKING);
	working(&capture, 1000, "VPC", RESOURCE_FAILED);
	for (int level = STEP_PROGRESS; level <= STEP_ERROR; level++)
		capture_emit(&capture,
			(struct event){.kind = EVENT_STEP,
				.at_ms = 100000,
				.step = {.level = (enum step_level)level, .text = "x"}});
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +1.0s) VPC: failed\n"
		"(cloudctl +1m40.0s) x\n"
		"(cloudctl +1m40.0s) warning: x\n"
		"(cloudctl +1m40.0s) error: x\n");
	capture_verify(&capture);
	assert_string_equal(capture_progress(&capture), "");
	assert_non_null(strstr(capture_results(&capture), "subnets: FAILED"));
	capture_close(&capture);
}

static void another_round_says_nothing_by_itself(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_verify(&capture);
	capture_results(&capture);
	capture_progress(&capture);
	capture_verify(&capture);
	assert_string_equal(capture_progress(&capture), "");
	capture_emit(&capture,
		(struct event){.kind = EVENT_FINDING,
			.at_ms = 61000,
			.finding = {.check = "subnets.zones", .group = "subnets", .text = "two zones"}});
	capture_emit(&capture, (struct event){.kind = EVENT_END, .at_ms = 61000, .end.judged = true});
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +1m1.0s) subnets.zones: PASS, was FAIL: two zones\n");
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

/* The time between rounds is no silence; a round that does not come to its end is one. */
static void a_later_round_says_what_it_waits_for(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_verify(&capture);
	capture_emit(&capture,
		(struct event){.kind = EVENT_RUN,
			.at_ms = 600000,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true}});
	working(&capture, 600000, "VPC", RESOURCE_WORKING);
	capture_progress(&capture);
	plain_look(capture.sink, 629999);
	assert_string_equal(capture_progress(&capture), "");
	plain_look(capture.sink, 630000);
	assert_string_equal(capture_progress(&capture), "(cloudctl +10m30.0s) still waiting for: VPC\n");
	capture_close(&capture);
}

static void nobody_is_hurried(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	working(&capture, 0, "VPC", RESOURCE_WORKING);
	capture_emit(&capture,
		(struct event){.kind = EVENT_QUESTION, .at_ms = 1000, .question = {.text = "so?"}});
	capture_progress(&capture);
	plain_look(capture.sink, 600000);
	capture_emit(&capture,
		(struct event){.kind = EVENT_QUESTION,
			.at_ms = 600000,
			.question = {.text = "so?", .answer = "yes"}});
	plain_look(capture.sink, 629999);
	assert_string_equal(capture_progress(&capture), "");
	plain_look(capture.sink, 630000);
	assert_string_equal(capture_progress(&capture), "(cloudctl +10m30.0s) still waiting for: VPC\n");
	capture_emit(&capture, (struct event){.kind = EVENT_END, .at_ms = 631000});
	plain_look(capture.sink, 900000);
	assert_string_equal(capture_progress(&capture), "");
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_explained),
		cmocka_unit_test(where_nothing_has_begun_aws_is_waited_for),
		cmocka_unit_test(nobody_is_hurried),
		cmocka_unit_test(a_later_round_says_what_it_waits_for),
		cmocka_unit_test(quiet_keeps_what_matters),
		cmocka_unit_test(another_round_says_nothing_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
