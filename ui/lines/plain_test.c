/* SPDX-License-Identifier: Apache-2.0 */
/* Events in, exact lines out. */
#include "base/test.h"

#include <string.h>

#include "ui/capture.h"
#include "ui/lines/plain.h"

static void begin(struct capture *capture, struct plain_options options)
{
	capture_open(capture);
	capture->sink = plain_new(&capture->arena, capture->results, capture->progress, options);
}

static void a_verify_run(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_verify(&capture);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.4s) Verifying VPC ...\n"
		"(cloudctl +0.4s) Verifying subnets ...\n"
		"(cloudctl +0.8s) VPC vpc-1 verification succeeded with warnings.\n"
		"  WARN    vpc.cidr-size: 10.0.0.0/22 has 1024 addresses\n"
		"          fix: add a block:\n"
		"               aws ec2 associate-vpc-cidr-block --vpc-id vpc-1\n"
		"(cloudctl +1.2s) Subnets ['subnet-1', 'subnet-2'] verification FAILED.\n"
		"  FAIL    subnets.zones: all are in eu-west-1a\n"
		"          fix: add a subnet in eu-west-1b\n"
		"          subnet-1: eu-west-1a\n"
		"          subnet-2: eu-west-1a\n"
		"  UNKNOWN subnets.route: the route tables could not be read\n"
		"          needs: ec2:DescribeRouteTables\n"
		"(cloudctl +1.3s) CloudFormation stack verification skipped.\n"
		"  SKIP    stack.status: needs vpc\n");
	assert_string_equal(capture_results(&capture),
		"Verification result:\n"
		"vpc: PASSED (1 warning)\n"
		"  WARN    vpc.cidr-size: 10.0.0.0/22 has 1024 addresses\n"
		"          fix: add a block:\n"
		"               aws ec2 associate-vpc-cidr-block --vpc-id vpc-1\n"
		"subnets: FAILED\n"
		"  FAIL    subnets.zones: all are in eu-west-1a\n"
		"          fix: add a subnet in eu-west-1b\n"
		"  UNKNOWN subnets.route: the route tables could not be read\n"
		"          needs: ec2:DescribeRouteTables\n"
		"cloudformation stack: SKIPPED\n");
	capture_close(&capture);
}

static void what_is_ignored_is_shown_with_its_reason(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_ignored(&capture);
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.1s) EFS fs-1 verification succeeded with warnings.\n"
		"  FAIL    efs.exists: fs-1 is gone\n"
		"          ignored: moved to FSx\n"
		"  WARN    efs.backup: backups are off\n"
		"  UNKNOWN efs.policy: the policy could not be read\n"
		"          ignored: not ours to read\n");
	assert_string_equal(capture_results(&capture),
		"Verification result:\n"
		"efs: PASSED (1 warning, 2 ignored)\n"
		"  FAIL    efs.exists: fs-1 is gone\n"
		"          ignored: moved to FSx\n"
		"  WARN    efs.backup: backups are off\n"
		"  UNKNOWN efs.policy: the policy could not be read\n"
		"          ignored: not ours to read\n");
	capture_close(&capture);
}

static void colours_are_where_they_were_asked_for(void **state)
{
	static const struct plain_options rows[] = {{.colour_results = true}, {.colour_progress = true},
		{.verbose = true}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct capture capture;

		begin(&capture, rows[i]);
		capture_verify(&capture);
		assert_int_equal(strchr(capture_results(&capture), '\033') != NULL, rows[i].colour_results);
		assert_int_equal(strchr(capture_progress(&capture), '\033') != NULL, rows[i].colour_progress);
		capture_close(&capture);
	}
}

static void a_colour_is_closed(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){.colour_progress = true});
	capture_emit(&capture,
		(struct event){.kind = EVENT_STEP, .step = {.level = STEP_WARNING, .text = "mind the gap"}});
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.0s) \033[33mwarning: \033[0mmind the gap\n");
	capture_close(&capture);
}

static void times_grow_units(void **state)
{
	static const struct {
		int64_t ms;
		const char *line;
	} rows[] = {
		{0, "(cloudctl +0.0s) x\n"},
		{-5, "(cloudctl +0.0s) x\n"},
		{449, "(cloudctl +0.4s) x\n"},
		{59999, "(cloudctl +59.9s) x\n"},
		{60000, "(cloudctl +1m0.0s) x\n"},
		{72400, "(cloudctl +1m12.4s) x\n"},
		{3600000, "(cloudctl +1h0m0.0s) x\n"},
		{3723400, "(cloudctl +1h2m3.4s) x\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct capture capture;

		begin(&capture, (struct plain_options){0});
		capture_emit(&capture,
			(struct event){.kind = EVENT_STEP, .at_ms = rows[i].ms, .step = {.text = "x"}});
		assert_string_equal(capture_progress(&capture), rows[i].line);
		capture_close(&capture);
	}
}

static void stack_resources_have_a_line_a_change(void **state)
{
	static const struct {
		struct event_resource resource;
		const char *line;
	} rows[] = {
		{{.id = "InternetGateway",
			 .name = "Internet gateway",
			 .status = "CREATE_IN_PROGRESS",
			 .state = RESOURCE_WORKING,
			 .reason = "Resource creation Initiated"},
			"Internet gateway: CREATE_IN_PROGRESS"},
		{{.id = "InternetGateway",
			 .name = "Internet gateway",
			 .status = "CREATE_COMPLETE",
			 .physical_id = "igw-123",
			 .state = RESOURCE_DONE},
			"Internet gateway: CREATE_COMPLETE (igw-123)"},
		{{.id = "MemoryDBCluster",
			 .name = "MemoryDB cluster",
			 .status = "CREATE_FAILED",
			 .reason = "no capacity",
			 .state = RESOURCE_FAILED},
			"MemoryDB cluster: CREATE_FAILED: no capacity"},
		{{.id = "Bucket", .state = RESOURCE_KEPT, .physical_id = "data"}, "Bucket: kept (data)"},
	};
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct event event = {.kind = EVENT_RESOURCE, .at_ms = 12400, .resource = rows[i].resource};

		event.resource.type = "AWS::Some::Type";
		capture_emit(&capture, event);
		capture_emit(&capture, event); /* nothing new: no second line */
		assert_string_equal(capture_progress(&capture),
			arena_printf(&capture.arena, "(cloudctl +12.4s) %s\n", rows[i].line));
	}
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	assert_string_equal(capture_progress(&capture), "");
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

static void steps_calls_and_retries(void **state)
{
	static const struct {
		struct event event;
		const char *quiet, *verbose; /* without the time; NULL: no line */
	} rows[] = {
		{{.kind = EVENT_STEP, .step = {STEP_PROGRESS, "Creating the stack"}}, "Creating the stack",
			"Creating the stack"},
		{{.kind = EVENT_STEP, .step = {STEP_NOTE, "a note"}}, "a note", "a note"},
		{{.kind = EVENT_STEP, .step = {STEP_WARNING, "the clock"}}, "warning: the clock",
			"warning: the clock"},
		{{.kind = EVENT_STEP, .step = {STEP_ERROR, "the cause"}}, "error: the cause",
			"error: the cause"},
		{{.kind = EVENT_CALL,
			 .call = {.operation = "ec2:DescribeVpcs",
				 .status = 200,
				 .attempt = 2,
				 .took_ms = 120,
				 .request_id = "4f2c"}},
			NULL, "ec2:DescribeVpcs: 200 in 120 ms, attempt 2 (request 4f2c)"},
		{{.kind = EVENT_CALL,
			 .call = {.operation = "iam:GetRole",
				 .status = 403,
				 .attempt = 1,
				 .took_ms = 7,
				 .code = "AccessDenied"}},
			NULL, "iam:GetRole: 403 AccessDenied in 7 ms"},
		{{.kind = EVENT_RETRY, .call = {.operation = "ec2:DescribeVpcs", .wait_ms = 999}}, NULL,
			"ec2:DescribeVpcs: no reply, trying again in 0.9s"},
		{{.kind = EVENT_RETRY,
			 .call = {.operation = "ec2:DescribeVpcs",
				 .wait_ms = 2345,
				 .code = "RequestLimitExceeded"}},
			"ec2:DescribeVpcs: RequestLimitExceeded, trying again in 2.3s",
			"ec2:DescribeVpcs: RequestLimitExceeded, trying again in 2.3s"},
		{{.kind = EVENT_QUESTION, .question = {"Continue?", NULL}}, NULL, NULL},
		{{.kind = EVENT_RUN,
			 .run = {.command = "setup",
				 .cloud = "prod",
				 .region = "eu-west-1",
				 .provider = "AWS"}},
			NULL, "setup: cloud prod, region eu-west-1, account -"},
		{{.kind = EVENT_END, .end = {.judged = true, .calls = 25, .retries = 1}}, NULL,
			"25 AWS requests, 1 of them retries."},
	};

	(void)state;
	for (int verbose = 0; verbose < 2; verbose++) {
		struct capture capture;

		begin(&capture, (struct plain_options){.verbose = verbose});
		for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
			const char *line = verbose ? rows[i].verbose : rows[i].quiet;

			capture_emit(&capture, rows[i].event);
			assert_string_equal(capture_progress(&capture),
				line ? arena_printf(&capture.arena, "(cloudctl +0.0s) %s\n", line) : "");
		}
		capture_close(&capture);
	}
}

static void nothing_from_outside_steers_the_terminal(void **state)
{
	static const char bad[] = "\033]0;x\a\n\xc2\x9b"
				  "2J\xff";
	static const char *const evidence[] = {bad};
	struct capture capture;
	const char *texts[2];

	(void)state;
	begin(&capture, (struct plain_options){.verbose = true});
	capture_emit(&capture,
		(struct event){.kind = EVENT_RUN, .run = {bad, bad, bad, bad, bad, bad, .leaving = bad}});
	capture_emit(&capture, (struct event){.kind = EVENT_CALL, .call = {bad, bad, bad}});
	capture_emit(&capture, (struct event){.kind = EVENT_RETRY, .call = {bad, bad, bad}});
	capture_emit(&capture, (struct event){.kind = EVENT_STEP, .step = {STEP_ERROR, bad}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_FINDING,
			.finding = {bad, bad, VERDICT_FAIL, VERDICT_FAIL, bad, bad, bad, bad, bad, bad, bad,
				evidence, 1}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_GROUP,
			.group = {bad, bad, bad, RESOURCE_FAILED, VERDICT_FAIL, 0}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_RESOURCE,
			.resource = {bad, bad, bad, bad, bad, bad, bad, .state = RESOURCE_FAILED,
				.verdict = VERDICT_FAIL}});
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	texts[0] = capture_progress(&capture);
	texts[1] = capture_results(&capture);
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		assert_non_null(strstr(texts[i], "?]0;x?"));
		for (const char *at = texts[i]; *at; at++)
			assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
	}
	capture_close(&capture);
}

static struct event a_group(enum resource_state state, enum verdict verdict)
{
	return (struct event){.kind = EVENT_GROUP,
		.group = {.id = "efs", .name = "EFS", .state = state, .verdict = verdict}};
}

static struct event a_finding(enum verdict verdict, const char *text)
{
	return (struct event){.kind = EVENT_FINDING,
		.finding = {.check = "efs.backup", .group = "efs", .verdict = verdict, .text = text}};
}

static void a_late_finding_is_printed_at_once(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_emit(&capture, a_group(RESOURCE_DONE, VERDICT_WARN));
	capture_emit(&capture, a_finding(VERDICT_WARN, "backups are off"));
	capture_emit(&capture, a_finding(VERDICT_PASS, "a pass says nothing"));
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.0s) EFS verification succeeded with warnings.\n"
		"  WARN    efs.backup: backups are off\n");
	capture_close(&capture);
}

static void a_group_verified_again_begins_anew(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_emit(&capture, a_finding(VERDICT_WARN, "first time"));
	capture_emit(&capture, a_group(RESOURCE_DONE, VERDICT_WARN));
	capture_emit(&capture, a_group(RESOURCE_WORKING, VERDICT_PASS));
	capture_emit(&capture, a_finding(VERDICT_PASS, "second time"));
	capture_emit(&capture, a_group(RESOURCE_DONE, VERDICT_PASS));
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	assert_string_equal(capture_results(&capture), "Verification result:\nefs: PASSED\n");
	capture_close(&capture);
}

static void a_group_that_never_ended_is_unknown(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, (struct plain_options){0});
	capture_emit(&capture, a_group(RESOURCE_WORKING, VERDICT_PASS));
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	assert_string_equal(capture_results(&capture), "Verification result:\nefs: UNKNOWN\n");
	capture_close(&capture);
}

static void a_reason_is_said_once_in_a_group(void **state)
{
	struct event again = a_finding(VERDICT_UNKNOWN, "AccessDenied"), other = again;
	struct capture capture;

	(void)state;
	again.finding.check = "efs.again";
	other.finding.check = "efs.other";
	other.finding.text = "Throttling";
	begin(&capture, (struct plain_options){0});
	capture_emit(&capture, a_finding(VERDICT_UNKNOWN, "AccessDenied"));
	capture_emit(&capture, again);
	capture_emit(&capture, other);
	capture_emit(&capture, a_group(RESOURCE_DONE, VERDICT_UNKNOWN));
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	assert_string_equal(capture_results(&capture),
		"Verification result:\n"
		"efs: UNKNOWN\n"
		"  UNKNOWN efs.backup: AccessDenied\n"
		"  UNKNOWN efs.again: as efs.backup\n"
		"  UNKNOWN efs.other: Throttling\n");
	capture_close(&capture);
}

static void a_preflight_is_the_result_when_it_stops_the_run(void **state)
{
	static const struct {
		enum verdict verdict;
		int exit_code;
		const char *results;
	} rows[] = {
		{VERDICT_PASS, 4, ""},
		{VERDICT_UNKNOWN, 5, ""},
		{VERDICT_FAIL, 4,
			"Verification result:\nprerequisites: FAILED\n  FAIL    preflight.x: too few\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct capture capture;
		struct event group = {.kind = EVENT_GROUP,
			.group = {.id = EVENT_GROUP_PREFLIGHT,
				.name = "prerequisites",
				.state = RESOURCE_DONE,
				.verdict = rows[i].verdict}};
		struct event finding = {.kind = EVENT_FINDING,
			.finding = {.check = "preflight.x",
				.group = EVENT_GROUP_PREFLIGHT,
				.verdict = rows[i].verdict,
				.text = "too few"}};
		struct event end = {.kind = EVENT_END, .end.exit_code = rows[i].exit_code};

		begin(&capture, (struct plain_options){0});
		capture.sink->emit(capture.sink, &finding);
		capture.sink->emit(capture.sink, &group);
		capture.sink->emit(capture.sink, &end);
		assert_string_equal(capture_results(&capture), rows[i].results);
		capture_close(&capture);
	}
}

static void results_that_were_lost_are_told(void **state)
{
	struct capture capture;
	struct error lost = {0};
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	capture_open(&capture);
	capture.sink = plain_new(&capture.arena, full, capture.progress,
		(struct plain_options){.lost = &lost});
	capture_verify(&capture);
	assert_int_equal(lost.kind, ERROR_IO);
	assert_non_null(strstr(lost.frame[0], "No space left on device"));
	fclose(full);
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verify_run),
		cmocka_unit_test(what_is_ignored_is_shown_with_its_reason),
		cmocka_unit_test(colours_are_where_they_were_asked_for),
		cmocka_unit_test(a_colour_is_closed),
		cmocka_unit_test(times_grow_units),
		cmocka_unit_test(stack_resources_have_a_line_a_change),
		cmocka_unit_test(steps_calls_and_retries),
		cmocka_unit_test(nothing_from_outside_steers_the_terminal),
		cmocka_unit_test(a_late_finding_is_printed_at_once),
		cmocka_unit_test(a_group_verified_again_begins_anew),
		cmocka_unit_test(a_group_that_never_ended_is_unknown),
		cmocka_unit_test(a_reason_is_said_once_in_a_group),
		cmocka_unit_test(a_preflight_is_the_result_when_it_stops_the_run),
		cmocka_unit_test(results_that_were_lost_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
