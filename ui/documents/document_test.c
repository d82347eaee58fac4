/* SPDX-License-Identifier: Apache-2.0 */
/* The document of a verify run: its text, what passes it by, what other commands see. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "ui/capture.h"
#include "ui/documents/document.h"
#include "ui/lines/plain.h"

static struct sink *document(struct arena *arena, FILE *results, enum output_format format, struct sink *next,
	struct error *lost)
{
	const struct renderer_options options = {.results = results, .next = next, .lost = lost};

	return renderer_new(arena, format == OUTPUT_YAML ? "yaml" : "json", &options);
}

static void begin(struct capture *capture, enum output_format format)
{
	struct sink *next;

	capture_open(capture);
	next = plain_new(&capture->arena, capture->progress, capture->progress, (struct plain_options){0});
	capture->sink = document(&capture->arena, capture->results, format, next, NULL);
}

static void the_document(void **state)
{
	struct capture capture;
	json_t *tree, *expected;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_verify(&capture);
	tree = json_loads(capture_results(&capture), JSON_REJECT_DUPLICATES, NULL);
	expected = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:n}, s:s, s:i, s:{s:i, s:i, s:i, s:i, s:i}, s:i, s:i, s:i, s:O, s:O}",
		"schema", "cloudctl.verify/1", "command", "verify", "version", CLOUDCTL_VERSION, "at",
		"1970-01-01T00:00:00Z", "caller", "arn:aws:iam::111122223333:user/ci", "cloud", "name",
		"prod", "id", "cld_abc", "region", "eu-west-1", "account", "verdict", "FAIL", "exit_code", 1,
		"counts", "pass", 1, "warn", 1, "fail", 1, "unknown", 1, "skip", 1, "calls", 9, "retries", 2,
		"elapsed_ms", 1400, "groups", json_object_get(tree, "groups"), "findings",
		json_object_get(tree, "findings"));
	assert_true(json_equal(tree, expected));
	assert_string_equal(capture_progress(&capture), "");
	json_decref(tree);
	json_decref(expected);
	capture_close(&capture);
}

static void groups_and_findings_keep_their_order(void **state)
{
	static const char *const groups[][4] = {
		{"vpc", "VPC", "vpc-1", "WARN"},
		{"subnets", "subnets", "['subnet-1', 'subnet-2']", "FAIL"},
		{"stack", "CloudFormation stack", NULL, "SKIP"},
	};
	static const char *const checks[] = {"vpc.exists", "vpc.cidr-size", "subnets.zones", "subnets.route",
		"stack.status"};
	struct capture capture;
	json_t *tree, *list;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_verify(&capture);
	tree = json_loads(capture_results(&capture), 0, NULL);
	list = json_object_get(tree, "groups");
	assert_int_equal(json_array_size(list), ARRAY_LENGTH(groups));
	for (size_t i = 0; i < ARRAY_LENGTH(groups); i++) {
		json_t *expected = json_pack("{s:s, s:s, s:s?, s:O, s:s}", "id", groups[i][0], "name",
			groups[i][1], "resource", groups[i][2], "resources",
			json_object_get(json_array_get(list, i), "resources"), "verdict", groups[i][3]);

		assert_true(json_equal(json_array_get(list, i), expected));
		json_decref(expected);
	}
	list = json_object_get(tree, "findings");
	assert_int_equal(json_array_size(list), ARRAY_LENGTH(checks));
	for (size_t i = 0; i < ARRAY_LENGTH(checks); i++)
		assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "check")),
			checks[i]);
	json_decref(tree);
	capture_close(&capture);
}

static void a_finding_has_every_member(void **state)
{
	struct capture capture;
	json_t *tree, *expected;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_verify(&capture);
	tree = json_loads(capture_results(&capture), 0, NULL);
	expected = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:[s, s], s:[{s:s, s:s}, {s:s, s:s}], s:n}",
		"check", "subnets.zones", "group", "subnets", "verdict", "FAIL", "severity", "FAIL", "holds",
		"the subnets are in two zones or more", "text", "all are in eu-west-1a", "why",
		"a zone can fail", "remedy", "add a subnet in eu-west-1b", "remedy_kind", "fix",
		"requirement", "docs/requirements.md#availability-zones", "reference",
		"https://example.com/guide#zones", "action", "evidence", "subnet-1: eu-west-1a",
		"subnet-2: eu-west-1a", "resources", "kind", "subnet", "id", "subnet-1", "kind", "subnet",
		"id", "subnet-2", "ignored");
	assert_true(json_equal(json_array_get(json_object_get(tree, "findings"), 2), expected));
	json_decref(expected);
	json_decref(tree);
	capture_close(&capture);
}

static void what_is_ignored_has_its_reason(void **state)
{
	static const char *const reasons[] = {"moved to FSx", NULL, "not ours to read"};
	struct capture capture;
	json_t *tree, *list;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_ignored(&capture);
	tree = json_loads(capture_results(&capture), 0, NULL);
	list = json_object_get(tree, "findings");
	assert_int_equal(json_array_size(list), ARRAY_LENGTH(reasons));
	for (size_t i = 0; i < ARRAY_LENGTH(reasons); i++) {
		json_t *ignored = json_object_get(json_array_get(list, i), "ignored");

		assert_non_null(ignored);
		assert_true(reasons[i] ? text_equal(json_string_value(ignored), reasons[i])
				       : json_is_null(ignored));
	}
	json_decref(tree);
	capture_close(&capture);
}

static void a_run_that_broke_off_vouches_for_nothing(void **state)
{
	struct capture capture;
	json_t *tree;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_broken_off(&capture);
	tree = json_loads(capture_results(&capture), 0, NULL);
	assert_string_equal(json_string_value(json_object_get(tree, "verdict")), "UNKNOWN");
	assert_int_equal(json_integer_value(json_object_get(tree, "exit_code")), 4);
	json_decref(tree);
	capture_close(&capture);
}

static void yaml_says_the_same(void **state)
{
	static const char beginning[] = "schema: cloudctl.verify/1\n"
					"command: verify\n"
					"version: '" CLOUDCTL_VERSION "'\n"
					"at: '1970-01-01T00:00:00Z'\n"
					"cloud:\n"
					"  name: prod\n"
					"  id: cld_abc\n"
					"  region: eu-west-1\n"
					"  account: null\n"
					"caller: arn:aws:iam::111122223333:user/ci\n"
					"verdict: FAIL\n"
					"exit_code: 1\n"
					"groups:\n"
					"- id: vpc\n"
					"  name: VPC\n"
					"  resource: vpc-1\n"
					"  resources: []\n"
					"  verdict: WARN\n";
	struct capture capture;
	const char *text;

	(void)state;
	begin(&capture, OUTPUT_YAML);
	capture_verify(&capture);
	text = capture_results(&capture);
	assert_memory_equal(text, beginning, sizeof(beginning) - 1);
	assert_non_null(strstr(text, "\nelapsed_ms: 1400\n"));
	capture_close(&capture);
}

static void what_is_not_in_the_document_goes_on(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_emit(&capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_STEP,
			.step = {.level = STEP_WARNING, .text = "the clock is off"}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_RETRY,
			.call = {.operation = "ec2:DescribeVpcs", .wait_ms = 3000}});
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.0s) warning: the clock is off\n"
		"(cloudctl +0.0s) ec2:DescribeVpcs: no reply, trying again in 3.0s\n");
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

static void other_commands_pass_through(void **state)
{
	struct capture capture;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_emit(&capture, (struct event){.kind = EVENT_RUN, .run = {.command = "setup"}});
	capture_emit(&capture,
		(struct event){.kind = EVENT_GROUP,
			.group = {.id = "vpc", .name = "VPC", .state = RESOURCE_DONE}});
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	assert_string_equal(capture_progress(&capture),
		"(cloudctl +0.0s) VPC verification succeeded.\nVerification result:\nvpc: PASSED\n");
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

static void bytes_that_are_no_text_do_not_break_it(void **state)
{
	struct capture capture;
	json_t *tree;

	(void)state;
	begin(&capture, OUTPUT_JSON);
	capture_emit(&capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true,
				.cloud = "a\xff"
					 "b"}});
	capture_emit(&capture, (struct event){.kind = EVENT_END, .end.judged = true});
	tree = json_loads(capture_results(&capture), 0, NULL);
	assert_string_equal(json_string_value(json_object_get(json_object_get(tree, "cloud"), "name")),
		"a?b");
	json_decref(tree);
	capture_close(&capture);
}

static void a_document_that_was_lost_is_told(void **state)
{
	static const enum output_format formats[] = {OUTPUT_JSON, OUTPUT_YAML};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(formats); i++) {
		struct capture capture;
		struct error lost = {0};
		FILE *full = fopen("/dev/full", "w");

		assert_non_null(full);
		capture_open(&capture);
		capture.sink = document(&capture.arena, full, formats[i], NULL, &lost);
		capture_verify(&capture);
		assert_int_equal(lost.kind, ERROR_IO);
		fclose(full);
		capture_close(&capture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document),
		cmocka_unit_test(groups_and_findings_keep_their_order),
		cmocka_unit_test(a_finding_has_every_member),
		cmocka_unit_test(what_is_ignored_has_its_reason),
		cmocka_unit_test(a_run_that_broke_off_vouches_for_nothing),
		cmocka_unit_test(yaml_says_the_same),
		cmocka_unit_test(what_is_not_in_the_document_goes_on),
		cmocka_unit_test(other_commands_pass_through),
		cmocka_unit_test(bytes_that_are_no_text_do_not_break_it),
		cmocka_unit_test(a_document_that_was_lost_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
