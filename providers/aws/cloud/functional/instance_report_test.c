/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/cloud/functional/instance_report.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"

#define RUN "run-abc"

static struct arena arena;

static int parse(const char *text, struct instance_report *report)
{
	struct error err = {0};

	return report_parse(&arena, text, strlen(text), RUN, report, &err);
}

static void a_report_is_taken_whole(void **state)
{
	struct instance_report report = {0};

	(void)state;
	assert_int_equal(
		parse("{\"run\":\"" RUN "\",\"steps\":["
		      "{\"id\":\"boot\",\"state\":\"ok\",\"at\":41,\"detail\":\"i-1 is up\"},"
		      "{\"id\":\"efs\",\"state\":\"failed\",\"at\":44,\"detail\":\"timed out\"},"
		      "{\"id\":\"ray-install\",\"state\":\"unknown\",\"at\":45,\"detail\":\"no index\"},"
		      "{\"id\":\"end\",\"state\":\"ok\",\"at\":46,\"detail\":\"\"}]}",
			&report),
		0);
	assert_int_equal(report.count, 3);
	assert_true(report.ended);
	assert_int_equal(report.probes[PROBE_BOOT].state, PROBE_OK);
	assert_int_equal(report.probes[PROBE_BOOT].at_s, 41);
	assert_string_equal(report.probes[PROBE_EFS].detail, "timed out");
	assert_int_equal(report.probes[PROBE_RAY_INSTALL].state, PROBE_UNKNOWN);
	assert_int_equal(report.probes[PROBE_RAY_TASK].state, PROBE_PENDING);
}

#define STEP(members) "{\"run\":\"" RUN "\",\"steps\":[{" members "}]}"

static void what_is_no_report_of_the_run_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"no JSON",
		"[]",
		"{\"run\":\"run-other\",\"steps\":[]}",
		"{\"run\":\"" RUN "\"}",
		"{\"run\":\"" RUN "\",\"steps\":{}}",
		"{\"run\":\"" RUN "\",\"run\":\"" RUN "\",\"steps\":[]}",
		STEP("\"id\":\"other\",\"state\":\"ok\",\"at\":1,\"detail\":\"\""),
		STEP("\"id\":\"boot\",\"state\":\"fine\",\"at\":1,\"detail\":\"\""),
		STEP("\"id\":\"boot\",\"state\":\"ok\",\"at\":-1,\"detail\":\"\""),
		STEP("\"id\":\"boot\",\"state\":\"ok\",\"at\":99999999999,\"detail\":\"\""),
		STEP("\"id\":\"boot\",\"state\":\"ok\",\"at\":\"1\",\"detail\":\"\""),
		STEP("\"id\":\"boot\",\"state\":\"ok\",\"at\":1,\"detail\":\"\\u001b[2J\""),
	};
	struct instance_report report = {.count = 7};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		if (parse(texts[i], &report) == 0)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(report.count, 7);
	}
}

static void what_is_too_long_is_refused(void **state)
{
	char *text = arena_array(&arena, REPORT_BYTES_MAX + 2, 1);
	struct instance_report report;

	(void)state;
	memset(text, ' ', REPORT_BYTES_MAX + 1);
	assert_int_equal(parse(text, &report), -1);
}

static void lines_of_a_console_are_found_among_others(void **state)
{
	static const char text[] = "[   12.5] cloud-init\r\n"
				   "CLOUDCTL-" RUN " 41 boot ok i-1 is up\r\n"
				   "noise CLOUDCTL-" RUN " 44 efs failed mounting: timed out\r\n"
				   "CLOUDCTL-run-other 1 s3 ok x\r\n"
				   "CLOUDCTL-" RUN " 45 nothing ok x\r\n"
				   "CLOUDCTL-" RUN " x s3 ok x\r\n"
				   "CLOUDCTL-" RUN " 46 end ok \r\n"
				   "CLOUDCTL-" RUN " 47 ray-task ok this line is cu";
	struct instance_report report = {0};

	(void)state;
	report_read_console(&arena, text, RUN, &report);
	assert_int_equal(report.count, 2);
	assert_string_equal(report.probes[PROBE_BOOT].detail, "i-1 is up");
	assert_string_equal(report.probes[PROBE_EFS].detail, "mounting: timed out");
	assert_int_equal(report.probes[PROBE_S3].state, PROBE_PENDING);
	assert_int_equal(report.probes[PROBE_RAY_TASK].state, PROBE_PENDING);
	assert_true(report.ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_is_taken_whole),
		cmocka_unit_test(what_is_no_report_of_the_run_is_refused),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(lines_of_a_console_are_found_among_others),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return failed;
}
