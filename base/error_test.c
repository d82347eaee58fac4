/* SPDX-License-Identifier: Apache-2.0 */
/* Errors and events: frames, the line for the user, exit codes, verdicts, stamping. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/event.h"
#include "base/str.h"
#include "base/world.h"

static const char *line(struct arena *arena, const struct error *err)
{
	struct str out = {.arena = arena, .max = 8192};

	error_format(err, &out);
	assert_false(out.overflow);
	return str_text(&out);
}

static void frames_gather_outward(void **state)
{
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	assert_string_equal(line(&arena, &err), "");
	assert_int_equal(error_set(&err, ERROR_DENIED, "not authorized to perform %s", "it"), -1);
	snprintf(err.code, sizeof(err.code), "UnauthorizedOperation");
	snprintf(err.action, sizeof(err.action), "ec2:DescribeSubnets");
	snprintf(err.request_id, sizeof(err.request_id), "4f2c");
	assert_int_equal(error_wrap(&err, "describing subnets of %s", "vpc-1"), -1);
	error_wrap(&err, "registering cloud '%s'", "prod");
	assert_string_equal(line(&arena, &err),
		"registering cloud 'prod': describing subnets of vpc-1: UnauthorizedOperation: not authorized to perform it: needs ec2:DescribeSubnets (request 4f2c)");
	err.kind = ERROR_REJECTED;
	assert_null(strstr(line(&arena, &err), "needs"));
	error_set(&err, ERROR_IO, "again: %s", err.frame[0]);
	assert_string_equal(line(&arena, &err), "again: not authorized to perform it");
	error_clear(&err);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_string_equal(line(&arena, &err), "");
	arena_free(&arena);
}

/* It is no frame, and belongs to the error that it was given for. */
static void advice_goes_along(void **state)
{
	struct arena arena = {0};
	struct error err = {0}, first = {0};

	(void)state;
	error_set(&err, ERROR_DENIED, "not authorized");
	error_advise(&err, "ask %s", "the administrators");
	error_wrap(&err, "making it");
	error_keep(&first, &err);
	assert_string_equal(first.advice, "ask the administrators");
	assert_string_equal(line(&arena, &err), "making it: not authorized");
	error_set(&err, ERROR_IO, "another");
	assert_string_equal(err.advice, "");
	arena_free(&arena);
}

static void the_root_cause_survives_any_depth(void **state)
{
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	error_set(&err, ERROR_IO, "root");
	for (int i = 1; i <= 20; i++)
		error_wrap(&err, "frame %d", i);
	assert_int_equal(err.depth, ERROR_FRAMES);
	assert_string_equal(line(&arena, &err),
		"frame 20: frame 6: frame 5: frame 4: frame 3: frame 2: frame 1: root");
	arena_free(&arena);
}

/* Every length around the frame's size, with a character of three bytes at the edge. */
static void long_text_is_cut_between_characters(void **state)
{
	struct error err = {0};

	(void)state;
	for (int length = ERROR_FRAME_SIZE - 8; length < ERROR_FRAME_SIZE + 8; length++) {
		char text[ERROR_FRAME_SIZE + 16] = "";

		memset(text, 'x', (size_t)length - 3);
		memcpy(text + length - 3, "€", 3);
		error_set(&err, ERROR_IO, "%s", text);
		if (length < ERROR_FRAME_SIZE) {
			assert_string_equal(err.frame[0], text);
			continue;
		}
		assert_int_equal(err.frame[0][ERROR_FRAME_SIZE - 1], 0);
		assert_string_equal(err.frame[0] + strlen(err.frame[0]) - 3, "…");
		assert_null(strstr(err.frame[0], "€"));
		assert_true(strlen(err.frame[0]) >= ERROR_FRAME_SIZE - 4);
	}
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	error_set(&err, ERROR_REJECTED, "a\033[2Jb\nc");
	snprintf(err.code, sizeof(err.code), "X\a");
	error_wrap(&err, "with \xff");
	assert_string_equal(line(&arena, &err), "with ?: X?: a?[2Jb c");
	arena_free(&arena);
}

static void the_first_of_several_is_kept(void **state)
{
	struct error first = {0}, one = {0}, two = {0};

	(void)state;
	error_set(&one, ERROR_IO, "one");
	error_set(&two, ERROR_USAGE, "two");
	error_keep(NULL, &one);
	error_keep(&first, &one);
	error_keep(&first, &two);
	assert_int_equal(first.kind, ERROR_IO);
	assert_string_equal(first.frame[0], "one");
}

static void kinds_have_exit_codes(void **state)
{
	static const int codes[] = {
		[ERROR_NONE] = 0,
		[ERROR_USAGE] = 2,
		[ERROR_INPUT] = 4,
		[ERROR_CREDENTIALS] = 4,
		[ERROR_DENIED] = 4,
		[ERROR_NOT_FOUND] = 4,
		[ERROR_CONFLICT] = 4,
		[ERROR_REJECTED] = 4,
		[ERROR_THROTTLED] = 4,
		[ERROR_NETWORK] = 4,
		[ERROR_PROTOCOL] = 4,
		[ERROR_SERVICE] = 4,
		[ERROR_IO] = 4,
		[ERROR_FAILED] = 4,
		[ERROR_DECLINED] = 5,
		[ERROR_INTERRUPTED] = 4,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
		struct error err = {.kind = (enum error_kind)i};

		assert_int_equal(error_exit_code(&err), codes[i]);
	}
}

static void verdicts_have_names_and_an_order(void **state)
{
	static const enum verdict mildest_first[] = {VERDICT_SKIP, VERDICT_PASS, VERDICT_WARN,
		VERDICT_UNKNOWN, VERDICT_FAIL};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(mildest_first); i++) {
		assert_string_equal(verdict_name(mildest_first[i]), verdict_names[mildest_first[i]]);
		for (size_t j = 0; j < ARRAY_LENGTH(mildest_first); j++)
			assert_int_equal(verdict_worst(mildest_first[i], mildest_first[j]),
				mildest_first[i > j ? i : j]);
	}
	assert_string_equal(verdict_name(VERDICT_UNKNOWN), "UNKNOWN");
	assert_null(verdict_names[VERDICTS]);
}

/* Nobody knows whether a required check that was skipped holds, so its group did not pass. */
static void a_group_with_required_checks_skipped_has_not_passed(void **state)
{
	static const struct {
		size_t counts[VERDICTS]; /* PASS WARN FAIL UNKNOWN SKIP */
		size_t required_skipped;
		enum verdict verdict;
	} rows[] = {
		{{0, 0, 0, 0, 0}, 0, VERDICT_SKIP},
		{{3, 0, 0, 0, 0}, 0, VERDICT_PASS},
		{{3, 0, 0, 0, 1}, 0, VERDICT_PASS},
		{{3, 0, 0, 0, 1}, 1, VERDICT_SKIP},
		{{3, 1, 0, 0, 1}, 0, VERDICT_WARN},
		{{3, 1, 0, 0, 2}, 1, VERDICT_SKIP},
		{{3, 1, 0, 1, 2}, 1, VERDICT_UNKNOWN},
		{{3, 1, 1, 1, 2}, 2, VERDICT_FAIL},
		{{0, 0, 0, 0, 2}, 2, VERDICT_SKIP},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(verdict_of_group(rows[i].counts, rows[i].required_skipped), rows[i].verdict);
}

static void verdicts_have_exit_codes(void **state)
{
	static const struct {
		size_t counts[VERDICTS]; /* PASS WARN FAIL UNKNOWN SKIP */
		int code, strict;
	} rows[] = {
		{{0, 0, 0, 0, 0}, 0, 0},
		{{1, 0, 0, 0, 0}, 0, 0},
		{{1, 0, 0, 0, 9}, 3, 3},
		{{0, 0, 0, 0, 1}, 3, 3},
		{{1, 1, 0, 0, 1}, 3, 1},
		{{1, 1, 0, 0, 0}, 0, 1},
		{{1, 0, 0, 1, 0}, 3, 3},
		{{1, 1, 0, 1, 0}, 3, 1},
		{{1, 0, 1, 0, 0}, 1, 1},
		{{1, 1, 1, 1, 1}, 1, 1},
		{{0, 0, 1, 9, 0}, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_int_equal(verdict_exit_code(rows[i].counts, false), rows[i].code);
		assert_int_equal(verdict_exit_code(rows[i].counts, true), rows[i].strict);
	}
}

/* A clock that moves by 100 ms each time it is read, from a number that is not 0. */
struct clock {
	struct world world;
	int64_t now;
};

static int64_t tick(struct world *world)
{
	struct clock *clock = (struct clock *)world;

	clock->now += 100;
	return clock->now;
}

struct recorder {
	struct sink sink;
	int count;
	struct event last;
	char text[4096];
};

static void record(struct sink *self, const struct event *event)
{
	struct recorder *recorder = (struct recorder *)self;

	recorder->count++;
	recorder->last = *event;
	if (event->kind == EVENT_STEP)
		snprintf(recorder->text, sizeof(recorder->text), "%s", event->step.text);
}

static void events_are_stamped_and_counted(void **state)
{
	struct clock clock = {.world = {.steady_ms = tick}, .now = 5000};
	struct recorder recorder = {.sink = {.emit = record}};
	struct event_stream stream;
	struct event call = {.kind = EVENT_CALL, .call = {.operation = "ec2:DescribeVpcs"}};
	struct event retry = {.kind = EVENT_RETRY, .call = {.operation = "ec2:DescribeVpcs"}};

	(void)state;
	event_begin(&stream, &recorder.sink, &clock.world);
	event_emit(&stream, &call);
	assert_int_equal(recorder.last.at_ms, 100);
	event_emit(&stream, &retry);
	assert_int_equal(recorder.last.at_ms, 200);
	event_step(&stream, STEP_WARNING, "%d of %d", 1, 2);
	assert_int_equal(recorder.last.at_ms, 300);
	assert_int_equal(recorder.last.step.level, STEP_WARNING);
	assert_string_equal(recorder.text, "1 of 2");
	event_step(&stream, STEP_NOTE, "%3000d", 1);
	assert_string_equal(recorder.text + strlen(recorder.text) - 3, "…");
	assert_int_equal(recorder.count, 4);
	assert_int_equal(stream.calls, 2);
	assert_int_equal(stream.retries, 1);
}

static void a_stream_without_a_sink_counts_and_drops(void **state)
{
	struct clock clock = {.world = {.steady_ms = tick}};
	struct event_stream stream;
	struct event call = {.kind = EVENT_CALL};

	(void)state;
	event_begin(&stream, NULL, &clock.world);
	event_emit(&stream, &call);
	event_step(&stream, STEP_NOTE, "nothing");
	assert_int_equal(stream.calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_gather_outward),
		cmocka_unit_test(advice_goes_along),
		cmocka_unit_test(the_root_cause_survives_any_depth),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(control_characters_do_not_reach_the_terminal),
		cmocka_unit_test(the_first_of_several_is_kept),
		cmocka_unit_test(kinds_have_exit_codes),
		cmocka_unit_test(verdicts_have_names_and_an_order),
		cmocka_unit_test(a_group_with_required_checks_skipped_has_not_passed),
		cmocka_unit_test(verdicts_have_exit_codes),
		cmocka_unit_test(events_are_stamped_and_counted),
		cmocka_unit_test(a_stream_without_a_sink_counts_and_drops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
