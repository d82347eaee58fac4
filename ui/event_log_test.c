/* SPDX-License-Identifier: Apache-2.0 */
/* Events written and read back, and logs that are broken or hostile. */
#include "ui/event_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "ui/capture.h"
#include "ui/lines/plain.h"

#define HEAD "{\"schema\":\"cloudctl.events/1\"}\n"

static const struct plain_options loud = {.verbose = true};

/* Replay a log as plain lines: progress and results together. */
static const char *replayed(struct capture *capture, const char *log)
{
	struct event_log_reader reader;
	struct event event;
	struct error err;

	capture_open(capture);
	capture->sink = plain_new(&capture->arena, capture->results, capture->progress, loud);
	assert_int_equal(event_log_begin(&reader, log, strlen(log), &err), 0);
	while (event_log_next(&reader, &capture->arena, &event, &err) > 0)
		capture->sink->emit(capture->sink, &event);
	assert_int_equal(err.kind, ERROR_NONE);
	return arena_printf(&capture->arena, "%s%s", capture_progress(capture), capture_results(capture));
}

static void same_lines(void (*run)(struct capture *))
{
	struct capture first, second;
	char *log = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&log, &size);
	const char *lines;

	capture_open(&first);
	first.sink = event_log_new(&first.arena, file,
		plain_new(&first.arena, first.results, first.progress, loud), NULL);
	run(&first);
	fflush(file);
	lines = arena_printf(&first.arena, "%s%s", capture_progress(&first), capture_results(&first));
	assert_string_equal(replayed(&second, log), lines);
	fclose(file);
	free(log);
	capture_close(&second);
	capture_close(&first);
}

static void everything(struct capture *capture)
{
	static const enum resource_state states[] = {RESOURCE_WAITING, RESOURCE_WORKING, RESOURCE_DONE,
		RESOURCE_FAILED, RESOURCE_UNDOING, RESOURCE_UNDONE, RESOURCE_KEPT};

	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.at_ms = 1,
			.run = {.command = "setup",
				.provider = "AWS",
				.effect = EFFECT_CREATES,
				.leaving = "it goes on"}});
	capture_emit(capture,
		(struct event){.kind = EVENT_CALL,
			.at_ms = 2,
			.call = {.operation = "ec2:A",
				.request_id = "r",
				.status = 200,
				.attempt = 2,
				.took_ms = 7}});
	capture_emit(capture,
		(struct event){.kind = EVENT_RETRY,
			.at_ms = 3,
			.call = {.operation = "ec2:B", .code = "Throttling", .attempt = 1, .wait_ms = 1234}});
	for (size_t i = 0; i < ARRAY_LENGTH(states); i++)
		capture_emit(capture,
			(struct event){.kind = EVENT_RESOURCE,
				.at_ms = 4,
				.resource = {.id = "Vpc",
					.name = "VPC",
					.type = "AWS::EC2::VPC",
					.reason = "why",
					.state = states[i],
					.elapsed_ms = 5}});
	for (int level = STEP_PROGRESS; level <= STEP_ERROR; level++)
		capture_emit(capture,
			(struct event){.kind = EVENT_STEP,
				.at_ms = 5,
				.step = {.level = (enum step_level)level, .text = "a \xff b\nc \"d\" é"}});
	capture_emit(capture,
		(struct event){.kind = EVENT_QUESTION,
			.at_ms = 6,
			.question = {.text = "so?", .word = "prod", .answer = "yes"}});
	capture_emit(capture,
		(struct event){.kind = EVENT_END,
			.at_ms = 7,
			.end = {.exit_code = 4, .calls = 3, .retries = 1}});
}

static void a_replay_gives_the_same_lines(void **state)
{
	(void)state;
	same_lines(capture_verify);
	same_lines(capture_ignored);
	same_lines(capture_hostile);
	same_lines(capture_broken_off);
	same_lines(capture_empty);
	same_lines(everything);
}

static void a_line_is_as_documented(void **state)
{
	struct capture capture;

	(void)state;
	capture_open(&capture);
	capture.sink = event_log_new(&capture.arena, capture.results, NULL, NULL);
	capture_emit(&capture,
		(struct event){.kind = EVENT_STEP,
			.at_ms = 12,
			.step = {.level = STEP_NOTE, .text = "x\ny"}});
	assert_string_equal(capture_results(&capture),
		HEAD "{\"at_ms\":12,\"kind\":\"step\",\"level\":\"note\",\"text\":\"x\\ny\"}\n");
	capture_close(&capture);
}

static void a_full_disk_is_told_once(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct capture capture;
	struct error lost = {0};

	(void)state;
	assert_non_null(full);
	capture_open(&capture);
	capture.sink = event_log_new(&capture.arena, full, NULL, &lost);
	capture_emit(&capture, (struct event){.kind = EVENT_STEP, .step = {.text = "x"}});
	assert_int_equal(lost.kind, ERROR_IO);
	fclose(full);
	capture_close(&capture);
}

static void what_is_no_log_is_refused(void **state)
{
	static const struct {
		const char *log, *error;
	} rows[] = {
		{"", "not a record of events"},
		{"{}\n", "not a record of events"},
		{"[1]\n", "not a record of events"},
		{"{\"schema\":\"cloudctl.events/1\"}", "not a record of events"},
		{"{\"schema\":\"cloudctl.events/2\"}\n", "another version"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct event_log_reader reader;
		struct error err;

		assert_int_equal(event_log_begin(&reader, rows[i].log, strlen(rows[i].log), &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_non_null(strstr(err.frame[0], rows[i].error));
	}
}

/* The last line read of a log that begins well: 1, 0 or -1. */
static int last_read(const char *lines, struct event_log_reader *reader, struct error *err)
{
	struct arena arena = {0};
	const char *log = arena_printf(&arena, HEAD "%s", lines);
	struct event event;
	int got;

	assert_int_equal(event_log_begin(reader, log, strlen(log), err), 0);
	while ((got = event_log_next(reader, &arena, &event, err)) > 0)
		;
	arena_free(&arena);
	return got;
}

#define STEP(at) "{\"at_ms\":" at ",\"kind\":\"step\",\"level\":\"note\",\"text\":\"x\"}\n"

static void broken_lines_are_told_by_number(void **state)
{
	static const char *const rows[] = {
		"x\n",
		"{}\n",
		"{\"kind\":\"step\",\"at_ms\":1,\"level\":\"note\"}\n",
		"{\"kind\":\"step\",\"at_ms\":1,\"level\":\"loud\",\"text\":\"x\"}\n",
		"{\"kind\":\"step\",\"at_ms\":1,\"level\":\"note\",\"text\":1}\n",
		"{\"kind\":\"step\",\"at_ms\":\"1\",\"level\":\"note\",\"text\":\"x\"}\n",
		"{\"kind\":\"step\",\"at_ms\":1,\"at_ms\":1,\"level\":\"note\",\"text\":\"x\"}\n",
		"{\"kind\":\"step\",\"at_ms\":1,\"level\":\"note\",\"text\":\"a\\u0000b\"}\n",
		"{\"kind\":\"call\",\"at_ms\":1,\"operation\":\"a\",\"status\":99999999999}\n",
		"{\"kind\":\"retry\",\"at_ms\":1,\"operation\":\"a\",\"wait_ms\":9007199254740993}\n",
		"{\"kind\":\"end\",\"at_ms\":1,\"verdict\":\"PASS\",\"counts\":{\"PASS\":-1}}\n",
		"{\"kind\":\"end\",\"at_ms\":1,\"verdict\":\"PASS\"}\n",
		"{\"kind\":\"finding\",\"at_ms\":1,\"check\":\"a\",\"group\":\"b\",\"verdict\":\"PASS\",\"severity\":\"FAIL\",\"evidence\":[1]}\n",
		STEP("0"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct event_log_reader reader;
		struct arena arena = {0};
		struct error err;

		assert_int_equal(last_read(arena_printf(&arena, STEP("1") "%s", rows[i]), &reader, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_true(strstr(err.frame[0], "line 3") || strstr(err.frame[1], "line 3"));
		arena_free(&arena);
	}
}

static void what_a_later_version_adds_is_skipped(void **state)
{
	struct event_log_reader reader;
	struct error err;

	(void)state;
	assert_int_equal(last_read("{\"at_ms\":1,\"kind\":\"weather\",\"sun\":true}\n" STEP("2"), &reader,
				 &err),
		0);
	assert_int_equal(reader.line, 3);
	assert_false(reader.cut);
}

/* One kind in the log: a resource says its type, a group of checks has none. */
static void a_group_is_told_from_a_resource(void **state)
{
	static const char log[] = HEAD
		"{\"at_ms\":1,\"kind\":\"resource\",\"id\":\"g\",\"physical_id\":\"x\",\"state\":\"done\",\"verdict\":\"WARN\"}\n"
		"{\"at_ms\":1,\"kind\":\"resource\",\"id\":\"r\",\"type\":\"T\",\"state\":\"done\",\"verdict\":\"PASS\"}\n";
	struct event_log_reader reader;
	struct arena arena = {0};
	struct event event;
	struct error err;

	(void)state;
	assert_int_equal(event_log_begin(&reader, log, strlen(log), &err), 0);
	assert_int_equal(event_log_next(&reader, &arena, &event, &err), 1);
	assert_int_equal(event.kind, EVENT_GROUP);
	assert_string_equal(event.group.subject, "x");
	assert_int_equal(event.group.verdict, VERDICT_WARN);
	assert_int_equal(event_log_next(&reader, &arena, &event, &err), 1);
	assert_int_equal(event.kind, EVENT_RESOURCE);
	assert_string_equal(event.resource.type, "T");
	arena_free(&arena);
}

static void a_log_whose_writer_died_ends_before_its_last_line(void **state)
{
	struct event_log_reader reader;
	struct error err;

	(void)state;
	assert_int_equal(last_read(STEP("1") "{\"at_ms\":2,\"ki", &reader, &err), 0);
	assert_true(reader.cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_replay_gives_the_same_lines),
		cmocka_unit_test(a_line_is_as_documented),
		cmocka_unit_test(a_full_disk_is_told_once),
		cmocka_unit_test(what_is_no_log_is_refused),
		cmocka_unit_test(broken_lines_are_told_by_number),
		cmocka_unit_test(what_a_later_version_adds_is_skipped),
		cmocka_unit_test(a_group_is_told_from_a_resource),
		cmocka_unit_test(a_log_whose_writer_died_ends_before_its_last_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
