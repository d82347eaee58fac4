/* SPDX-License-Identifier: Apache-2.0 */
/* Reading policy documents, deciding conditions. Expected answers: AWS IAM User Guide, policy evaluation. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/condition.h"
#include "providers/aws/iam/decision.h"
#include "providers/aws/iam/policy_test.h"

static struct arena arena;

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void statements_are_read(void **state)
{
	struct iam_policy policy = policy_test_read(&arena,
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"One\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"1\",\"2\"],\"Service\":\"s\"},"
		"\"Action\":\"a:*\",\"Resource\":[\"r1\",\"r2\"],\"Condition\":{\"StringEquals\":{\"k1\":\"v\",\"k2\":[\"v\",\"w\"]},\"Bool\":{\"k3\":true},"
		"\"NumericLessThan\":{\"k4\":5}}},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"3\"},\"NotAction\":[\"b\"],\"NotResource\":\"x\"}]}");
	const struct iam_statement *one = &policy.statements[0], *two = &policy.statements[1];

	(void)state;
	assert_int_equal(policy.count, 2);
	assert_true(policy.variables);
	assert_true(one->allow && !one->not_action && !one->not_principal);
	assert_int_equal(one->principal_count, 3);
	assert_int_equal(one->principals[2].kind, PRINCIPAL_SERVICE);
	assert_string_equal(one->resources.items[1], "r2");
	assert_int_equal(one->condition_count, 4);
	assert_string_equal(condition_text(&arena, &one->conditions[1]), "StringEquals k2 [v, w]");
	assert_string_equal(condition_text(&arena, &one->conditions[2]), "Bool k3 [true]");
	assert_string_equal(condition_text(&arena, &one->conditions[3]), "NumericLessThan k4 [5]");
	assert_string_equal(statement_name(&arena, one), "statement 1 (One)");
	assert_true(!two->allow && two->not_action && two->not_principal && two->not_resource);
	assert_string_equal(statement_name(&arena, two), "statement 2");
}

static void single_values_count_as_lists_of_one(void **state)
{
	struct iam_policy policy = policy_test_read(&arena,
		"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Condition\":{}}}");

	(void)state;
	assert_int_equal(policy.count, 1);
	assert_false(policy.variables);
	assert_int_equal(policy.statements[0].principals[0].kind, PRINCIPAL_EVERYONE);
	assert_int_equal(policy.statements[0].condition_count, 0);
}

static void documents_that_are_not_policies_are_refused(void **state)
{
	static const struct {
		const char *text, *wrong;
	} rows[] = {
		{"", "it is not a JSON object"},
		{"[]", "it is not a JSON object"},
		{"{\"Statement\":1,\"Statement\":2}", "it is not a JSON object"},
		{"{}", "it has no Statement"},
		{"{\"Statement\":[1]}", "statement 1 is not an object"},
		{"{\"Statement\":[{\"Action\":\"a\"}]}", "statement 1 has no Effect"},
		{"{\"Statement\":[{\"Effect\":\"allow\",\"Action\":\"a\"}]}", "statement 1 has no Effect"},
		{"{\"Statement\":[{\"Effect\":\"Allow\"}]}", "statement 1 has no Action"},
		{"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"a\"},{\"Effect\":\"Deny\"}]}",
			"statement 2 has no Action"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"NotAction\":\"b\"}]}",
			"statement 1 has both Action and NotAction"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[{}]}]}",
			"statement 1 has Action that is not text"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"Principal\":\"x\"}]}",
			"statement 1 has a Principal that is neither \"*\" nor an object"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"Principal\":{\"Aws\":\"x\"}}]}",
			"statement 1 has a Principal of the unknown kind Aws"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"Condition\":{\"Bool\":[]}}]}",
			"statement 1 has a Condition whose Bool is not an object"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"Condition\":\"x\"}]}",
			"statement 1 has a Condition that is not an object"},
		{"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"a\",\"Condition\":{\"Bool\":{\"k\":null}}}]}",
			"statement 1 has a condition value that is not text"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *document = json_string(rows[i].text);
		struct iam_policy policy;
		const char *wrong = NULL;

		assert_false(policy_read(&arena, document, &policy, &wrong));
		assert_string_equal(wrong, rows[i].wrong);
		json_decref(document);
	}
	assert_false(policy_read(&arena, NULL, &(struct iam_policy){0}, &(const char *){NULL}));
}

/* Key k has the values "v" and "w", key one has "v", key absent has none; anything else is not known. */
static enum truth decide_condition(const char *op, const char *key, const char *values)
{
	const char *two[] = {"v", "w"}, *arn = "arn:aws:iam::1:role/a/b";
	const struct request_context_value known[] = {
		{"k", {two, 2}},
		{"one", {two, 1}},
		{"absent", {NULL, 0}},
		{"arn", {&arn, 1}},
		{"flag", {(const char *[]){"true"}, 1}},
	};
	struct request_context context = {.values = known, .count = ARRAY_LENGTH(known)};
	struct condition condition = {op, key, text_split(&arena, values, ' ')};

	return condition_holds(&condition, true, &context);
}

static void conditions_are_decided(void **state)
{
	static const struct {
		const char *op, *key, *values;
		enum truth truth;
	} rows[] = {
		{"StringEquals", "one", "v", TRUTH_YES},
		{"StringEquals", "ONE", "x v", TRUTH_YES},
		{"StringEquals", "one", "V", TRUTH_NO},
		{"StringEquals", "absent", "v", TRUTH_NO},
		{"StringEquals", "unknown", "v", TRUTH_MAYBE},
		{"StringEquals", "one", "${aws:userid}", TRUTH_MAYBE},
		{"StringEquals", "one", "${aws:userid} v", TRUTH_YES},
		{"StringEqualsIgnoreCase", "one", "V", TRUTH_YES},
		{"StringNotEquals", "one", "v x", TRUTH_NO},
		{"StringNotEquals", "one", "x y", TRUTH_YES},
		{"StringNotEquals", "absent", "v", TRUTH_YES},
		{"StringNotEqualsIgnoreCase", "one", "V", TRUTH_NO},
		{"StringEqualsIfExists", "absent", "v", TRUTH_YES},
		{"StringEqualsIfExists", "one", "x", TRUTH_NO},
		{"StringLike", "one", "?", TRUTH_YES},
		{"StringLike", "one", "x*", TRUTH_NO},
		{"StringNotLike", "one", "*", TRUTH_NO},
		{"ForAnyValue:StringEquals", "k", "w", TRUTH_YES},
		{"ForAnyValue:StringEquals", "k", "x", TRUTH_NO},
		{"ForAnyValue:StringEquals", "absent", "w", TRUTH_NO},
		{"ForAllValues:StringEquals", "k", "v w x", TRUTH_YES},
		{"ForAllValues:StringEquals", "k", "v", TRUTH_NO},
		{"ForAllValues:StringEquals", "absent", "v", TRUTH_YES},
		{"ForAllValues:StringEquals", "unknown", "v", TRUTH_MAYBE},
		{"ArnLike", "arn", "arn:aws:iam::*:role/*", TRUTH_YES},
		{"ArnEquals", "arn", "arn:aws:iam::1:role/a/b", TRUTH_YES},
		{"ArnLike", "arn", "arn:*", TRUTH_NO},
		{"ArnNotLike", "arn", "arn:aws:iam::2:*", TRUTH_YES},
		{"Bool", "flag", "True", TRUTH_YES},
		{"Bool", "flag", "false", TRUTH_NO},
		{"BoolIfExists", "absent", "false", TRUTH_YES},
		{"Null", "absent", "true", TRUTH_YES},
		{"Null", "one", "true", TRUTH_NO},
		{"Null", "one", "false", TRUTH_YES},
		{"Null", "unknown", "true", TRUTH_MAYBE},
		{"IpAddress", "one", "10.0.0.0/8", TRUTH_MAYBE},
		{"IpAddress", "absent", "10.0.0.0/8", TRUTH_NO},
		{"NotIpAddress", "absent", "10.0.0.0/8", TRUTH_YES},
		{"NoSuchOperator", "one", "v", TRUTH_MAYBE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		enum truth truth = decide_condition(rows[i].op, rows[i].key, rows[i].values);

		if (truth != rows[i].truth)
			fail_msg("%s %s [%s]: %d", rows[i].op, rows[i].key, rows[i].values, (int)truth);
	}
}

static void variables_are_text_in_old_versions(void **state)
{
	const char *literal = "${aws:userid}";
	const struct request_context_value known = {"k", {&literal, 1}};
	struct condition condition = {"StringEquals", "k", {&literal, 1}};

	(void)state;
	assert_int_equal(condition_holds(&condition, false,
				 &(struct request_context){.values = &known, .count = 1}),
		TRUTH_YES);
	assert_int_equal(condition_holds(&condition, true,
				 &(struct request_context){.values = &known, .count = 1}),
		TRUTH_MAYBE);
}

static void values_end_where_the_list_does(void **state)
{
	const char *items[] = {"true", "false"};
	const struct request_context_value known = {"k", {items, 1}};
	const struct request_context context = {.values = &known, .count = 1};
	const struct condition presence = {"Null", "k", {items, 1}},
			       equal = {"StringEquals", "k", {items + 1, 0}};

	(void)state;
	assert_int_equal(condition_holds(&presence, true, &context), TRUTH_NO);
	assert_int_equal(condition_holds(&equal, true, &context), TRUTH_NO);
}

/* The time of a judgement as keys; 0 is no time. */
static void a_time_has_two_keys(void **state)
{
	struct request_context_value values[REQUEST_CONTEXT_TIMES] = {{0}};

	(void)state;
	assert_int_equal(request_context_time(&arena, 0, values), 0);
	assert_int_equal(request_context_time(&arena, 1, values), REQUEST_CONTEXT_TIMES);
	assert_int_equal(request_context_time(&arena, 86400000, values), REQUEST_CONTEXT_TIMES);
	assert_string_equal(values[0].key, "aws:CurrentTime");
	assert_int_equal(strncmp(values[0].values.items[0], "1970-01-02T00:00:00", 19), 0);
	assert_string_equal(values[1].key, "aws:EpochTime");
	assert_string_equal(values[1].values.items[0], "86400");
}

static void principals_are_classified(void **state)
{
	static const struct {
		enum principal_kind kind;
		const char *value;
		enum truth account, role, service;
	} rows[] = {
		{PRINCIPAL_EVERYONE, "*", TRUTH_YES, TRUTH_YES, TRUTH_MAYBE},
		{PRINCIPAL_AWS, "*", TRUTH_YES, TRUTH_YES, TRUTH_MAYBE},
		{PRINCIPAL_AWS, "111122223333", TRUTH_YES, TRUTH_MAYBE, TRUTH_NO},
		{PRINCIPAL_AWS, "arn:aws:iam::111122223333:root", TRUTH_YES, TRUTH_MAYBE, TRUTH_NO},
		{PRINCIPAL_AWS, "arn:aws:iam::111122223333:role/p/R", TRUTH_MAYBE, TRUTH_YES, TRUTH_NO},
		{PRINCIPAL_AWS, "arn:aws:sts::111122223333:assumed-role/R/s", TRUTH_MAYBE, TRUTH_NO,
			TRUTH_NO},
		{PRINCIPAL_AWS, "arn:aws:iam::1111222233334:root", TRUTH_NO, TRUTH_NO, TRUTH_NO},
		{PRINCIPAL_AWS, "AROAEXAMPLEOFADELETED", TRUTH_NO, TRUTH_NO, TRUTH_NO},
		{PRINCIPAL_SERVICE, "ec2.amazonaws.com", TRUTH_NO, TRUTH_NO, TRUTH_YES},
		{PRINCIPAL_SERVICE, "ecs.amazonaws.com", TRUTH_NO, TRUTH_NO, TRUTH_NO},
		{PRINCIPAL_FEDERATED, "arn:aws:iam::111122223333:oidc-provider/x", TRUTH_NO, TRUTH_NO,
			TRUTH_NO},
		{PRINCIPAL_CANONICAL_USER, "79a5", TRUTH_NO, TRUTH_NO, TRUTH_NO},
	};
	const struct caller account = {.account = "111122223333"};
	const struct caller role = {.account = "111122223333", .arn = "arn:aws:iam::111122223333:role/p/R"};
	const struct caller service = {.service = "ec2.amazonaws.com"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct principal principal = {rows[i].kind, rows[i].value};

		assert_int_equal(principal_matches(&principal, &account), rows[i].account);
		assert_int_equal(principal_matches(&principal, &role), rows[i].role);
		assert_int_equal(principal_matches(&principal, &service), rows[i].service);
	}
}

static void arns_are_taken_apart(void **state)
{
	(void)state;
	assert_string_equal(arn_name("arn:aws:iam::1:role/path/to/name"), "name");
	assert_string_equal(arn_name("name"), "name");
	assert_null(arn_name(NULL));
	assert_string_equal(arn_account(&arena, "arn:aws:iam::123456789012:role/x"), "123456789012");
	assert_string_equal(arn_account(&arena, "arn:aws:iam"), "");
	assert_string_equal(arn_account(&arena, NULL), "");
	assert_true(arn_field_is("arn:aws:iam::1:root", ARN_ACCOUNT, "1"));
	assert_false(arn_field_is("arn:aws:iam::12:root", ARN_ACCOUNT, "1"));
	assert_false(arn_field_is("1", ARN_ACCOUNT, "1"));
	assert_false(arn_field_is("arn:aws:iam::1", ARN_ACCOUNT, "1"));
	assert_true(arn_field_is("arn:aws:s3:::bucket/key:1", ARN_RESOURCE, "bucket/key:1"));
	assert_true(arn_field_is("arn:aws:s3:::bucket", ARN_REGION, ""));
	assert_true(arn_field_is("arn:aws-cn:kms:cn-north-1:1:key/k", ARN_REGION, "cn-north-1"));
	assert_string_equal(arn_partition(&arena, "arn:aws-cn:kms:cn-north-1:1:key/k"), "aws-cn");
	assert_string_equal(arn_partition(&arena, "arn:a:kms:cn-north-1:1:key/k"), "a");
	assert_string_equal(arn_partition(&arena, "arn::kms:cn-north-1:1:key/k"), "aws");
	assert_string_equal(arn_partition(&arena, "arn"), "aws");
	assert_string_equal(arn_partition(&arena, NULL), "aws");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_are_read),
		cmocka_unit_test(single_values_count_as_lists_of_one),
		cmocka_unit_test(documents_that_are_not_policies_are_refused),
		cmocka_unit_test(conditions_are_decided),
		cmocka_unit_test(variables_are_text_in_old_versions),
		cmocka_unit_test(values_end_where_the_list_does),
		cmocka_unit_test(a_time_has_two_keys),
		cmocka_unit_test(principals_are_classified),
		cmocka_unit_test(arns_are_taken_apart),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, close_arena);
}
