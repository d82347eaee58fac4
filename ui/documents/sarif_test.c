/* SPDX-License-Identifier: Apache-2.0 */
/* Events in, SARIF out: the whole of a small log, and single objects. The schema is judged in testdata/outputs. */
#include "base/test.h"

#include <jansson.h>
#include <string.h>

#include "ui/capture.h"
#include "ui/documents/renderer.h"

enum { BEGAN_S = 1767323045 }; /* 2026-01-02T03:04:05Z */

static const char *rendered(struct capture *capture, void (*sample)(struct capture *))
{
	struct renderer_options options = {.began_ms = (int64_t)BEGAN_S * 1000};

	capture_open(capture);
	options.results = capture->results;
	capture->sink = renderer_new(&capture->arena, "sarif", &options);
	sample(capture);
	return capture_results(capture);
}

/* The log of a sample run; the caller's. */
static json_t *log_of(void (*sample)(struct capture *))
{
	struct capture capture;
	json_t *log = json_loads(rendered(&capture, sample), JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(log);
	capture_close(&capture);
	return log;
}

static json_t *run_of(json_t *log)
{
	return json_array_get(json_object_get(log, "runs"), 0);
}

static json_t *result_of(json_t *log, size_t i)
{
	return json_array_get(json_object_get(run_of(log), "results"), i);
}

static json_t *rule_of(json_t *log, size_t i)
{
	json_t *driver = json_object_get(json_object_get(run_of(log), "tool"), "driver");

	return json_array_get(json_object_get(driver, "rules"), i);
}

static const char *text_of(json_t *object)
{
	return json_string_value(json_object_get(object, "text"));
}

static void assert_tree(json_t *tree, const char *expected)
{
	json_t *wanted = json_loads(expected, 0, NULL);

	assert_non_null(wanted);
	if (!json_equal(tree, wanted)) {
		char *text = json_dumps(tree, JSON_INDENT(2));

		print_error("%s\n", text);
		fail();
	}
	json_decref(wanted);
}

static void a_whole_log(void **state)
{
	struct capture capture;

	(void)state;
	assert_string_equal(rendered(&capture, capture_empty),
		"{\n"
		"  \"version\": \"2.1.0\",\n"
		"  \"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n"
		"  \"runs\": [\n"
		"    {\n"
		"      \"tool\": {\n"
		"        \"driver\": {\n"
		"          \"name\": \"cloudctl\",\n"
		"          \"version\": \"" CLOUDCTL_VERSION "\",\n"
		"          \"rules\": []\n"
		"        }\n"
		"      },\n"
		"      \"automationDetails\": {\n"
		"        \"id\": \"prod/\"\n"
		"      },\n"
		"      \"invocations\": [\n"
		"        {\n"
		"          \"executionSuccessful\": true,\n"
		"          \"exitCode\": 0,\n"
		"          \"exitCodeDescription\": \"SKIP\",\n"
		"          \"startTimeUtc\": \"2026-01-02T03:04:05Z\",\n"
		"          \"endTimeUtc\": \"2026-01-02T03:04:05Z\"\n"
		"        }\n"
		"      ],\n"
		"      \"results\": []\n"
		"    }\n"
		"  ]\n"
		"}\n");
	capture_close(&capture);
}

static void a_failure_in_full(void **state)
{
	json_t *log = log_of(capture_verify);

	(void)state;
	assert_tree(rule_of(log, 2),
		"{\"id\": \"subnets.zones\", \"shortDescription\": {\"text\": \"the subnets are in two zones or more\"}, \"fullDescription\": {\"text\": \"a zone can fail\"},"
		" \"help\": {\"text\": \"Must hold: the subnets are in two zones or more\\nWhy: a zone can fail\\nFix: add a subnet in eu-west-1b\\nReference: https://example.com/guide#zones\","
		"  \"markdown\": \"**Must hold:** the subnets are in two zones or more\\n\\n**Why:** a zone can "
		"fail\\n\\n**Reference:** `https://example.com/guide#zones`\\n\\n**Fix:**\\n\\n```text\\nadd a subnet in eu-west-1b\\n```\\n\"}, \"defaultConfiguration\": {\"level\": \"error\"},"
		" \"properties\": {\"tags\": [\"subnets\"], \"requirement\": \"docs/requirements.md#availability-zones\"},"
		" \"helpUri\": \"https://example.com/guide#zones\"}");
	assert_tree(result_of(log, 2),
		"{\"ruleId\": \"subnets.zones\", \"ruleIndex\": 2, \"kind\": \"fail\", \"level\": \"error\","
		" \"message\": {\"text\": \"all are in eu-west-1a\\n- subnet-1: eu-west-1a\\n- subnet-2: eu-west-1a\"},"
		" \"locations\": ["
		"  {\"logicalLocations\": [{\"name\": \"subnet-1\", \"fullyQualifiedName\": \"prod/subnets/subnet-1\", \"kind\": \"resource\"}]},"
		"  {\"logicalLocations\": [{\"name\": \"subnet-2\", \"fullyQualifiedName\": \"prod/subnets/subnet-2\", \"kind\": \"resource\"}]}],"
		" \"partialFingerprints\": {\"cloudctlCheck/v1\": \"cld_abc/subnets.zones\"}, \"suppressions\": [],"
		" \"properties\": {\"group\": \"subnets\", \"verdict\": \"FAIL\", \"text\": \"all are in "
		"eu-west-1a\", \"evidence\": [\"subnet-1: eu-west-1a\", \"subnet-2: eu-west-1a\"],  \"remedy\": \"add a subnet in eu-west-1b\", \"remedy_kind\": \"fix\", \"action\": null}}");
	json_decref(log);
}

static void verdicts_have_a_kind_and_a_level(void **state)
{
	static const char *const rows[][3] = {
		{"vpc.exists", "pass", "none"},
		{"vpc.cidr-size", "fail", "warning"},
		{"subnets.zones", "fail", "error"},
		{"subnets.route", "open", "none"},
		{"stack.status", "notApplicable", "none"},
	};
	json_t *log = log_of(capture_verify);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *result = result_of(log, i);

		assert_string_equal(json_string_value(json_object_get(result, "ruleId")), rows[i][0]);
		assert_string_equal(json_string_value(json_object_get(result, "kind")), rows[i][1]);
		assert_string_equal(json_string_value(json_object_get(result, "level")), rows[i][2]);
	}
	json_decref(log);
}

static void what_is_ignored_is_suppressed(void **state)
{
	json_t *log = log_of(capture_ignored);

	(void)state;
	assert_tree(json_object_get(result_of(log, 0), "suppressions"),
		"[{\"kind\": \"external\", \"status\": \"accepted\", \"justification\": \"moved to FSx\"}]");
	assert_tree(json_object_get(result_of(log, 1), "suppressions"), "[]");
	assert_string_equal(json_string_value(json_object_get(result_of(log, 0), "level")), "error");
	json_decref(log);
}

static void a_run_that_broke_off_was_not_successful(void **state)
{
	json_t *log = log_of(capture_broken_off);

	(void)state;
	assert_tree(json_object_get(run_of(log), "invocations"),
		"[{\"executionSuccessful\": false, \"exitCode\": 4, \"exitCodeDescription\": \"not every check was decided\","
		" \"startTimeUtc\": \"2026-01-02T03:04:05Z\", \"endTimeUtc\": \"2026-01-02T03:04:06Z\"}]");
	json_decref(log);
}

static void messages_have_no_placeholders_and_no_links(void **state)
{
	json_t *log = log_of(capture_hostile);
	const char *text = text_of(json_object_get(result_of(log, 0), "message"));

	(void)state;
	assert_non_null(strstr(text, "{{0}} [x] (evil)"));
	assert_null(strstr(text, "]("));
	/* Two findings of each check, one rule. */
	assert_null(rule_of(log, VERDICTS));
	assert_int_equal(json_integer_value(json_object_get(result_of(log, VERDICTS + 1), "ruleIndex")), 1);
	json_decref(log);
}

static void only_a_url_is_a_help_uri(void **state)
{
	json_t *log = log_of(capture_hostile);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(rule_of(log, 0), "helpUri")),
		"https://example.com/checks#dns");
	assert_null(json_object_get(rule_of(log, 3), "helpUri"));
	json_decref(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_log),
		cmocka_unit_test(a_failure_in_full),
		cmocka_unit_test(verdicts_have_a_kind_and_a_level),
		cmocka_unit_test(what_is_ignored_is_suppressed),
		cmocka_unit_test(a_run_that_broke_off_was_not_successful),
		cmocka_unit_test(messages_have_no_placeholders_and_no_links),
		cmocka_unit_test(only_a_url_is_a_help_uri),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
