/* SPDX-License-Identifier: Apache-2.0 */
/* What the caller may do, by IAM's answers, and whom IAM is asked about. */
#include "base/test.h"

#include <string.h>

#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

#define OPEN(key) \
	"{\"EvaluationResults\":[{\"EvalActionName\":\"cloudformation:CreateStack\",\"EvalResourceName\":" \
	"\"*\"," \
	"\"EvalDecision\":\"implicitDeny\",\"MissingContextValues\":[\"" key \
	"\"]}," DECIDED("ec2:DescribeVpcs", "allowed") "]}"

static void judges_what_the_caller_may_do(void **state)
{
	static const struct {
		const char *answer;
		enum verdict verdict;
		const char *text;
		size_t evidence;
	} rows[] = {
		{MAY("allowed", "allowed"), VERDICT_PASS, "user/ann may do everything that setup does", 0},
		{MAY("implicitDeny", "allowed"), VERDICT_FAIL,
			"user/ann may not do cloudformation:CreateStack", 1},
		{MAY("explicitDeny", "explicitDeny"), VERDICT_FAIL,
			"may not do cloudformation:CreateStack; may not read with ec2:DescribeVpcs", 2},
		{MAY("allowed", "implicitDeny"), VERDICT_WARN, "may not read with ec2:DescribeVpcs", 1},
		/* Whether a second factor was used is known to AWS only; a tag that is not asked for is not there. */
		{OPEN("aws:MultiFactorAuthPresent"), VERDICT_WARN,
			"user/ann may or may not do cloudformation:CreateStack", 1},
		{OPEN("aws:RequestTag/team"), VERDICT_FAIL, "may not do cloudformation:CreateStack", 1},
		{OPEN("aws:RequestTag/cost/center"), VERDICT_FAIL, "may not do cloudformation:CreateStack",
			1},
		{OPEN("iam:PermissionsBoundary"), VERDICT_FAIL, "may not do cloudformation:CreateStack", 1},
		{OPEN("aws:RequestTag/cloudctl-cloud-id"), VERDICT_FAIL,
			"may not do cloudformation:CreateStack", 1},
		{"{}", VERDICT_FAIL,
			"may not do cloudformation:CreateStack; may not read with ec2:DescribeVpcs", 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		fixture_open(&fixture);
		fixture_learn(&fixture, PREFLIGHT_SIMULATION,
			arena_printf(&fixture.arena, "{\"0\":%s}", rows[i].answer));
		finding = fixture_judge(&fixture, "preflight.permissions");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		assert_int_equal(finding.evidence.count, rows[i].evidence);
		if (strstr(rows[i].answer, "RequestTag/team"))
			assert_non_null(strstr(finding.remedy, "the tag team ("));
		else if (strstr(rows[i].answer, "RequestTag/cost/center"))
			assert_non_null(strstr(finding.remedy,
				"the tag cost/center (cloudctl setup --tag cost/center=VALUE)"));
		else if (strstr(rows[i].answer, "PermissionsBoundary"))
			assert_non_null(strstr(finding.remedy, "a permissions boundary for the roles ("));
		else if (rows[i].evidence > 0)
			assert_non_null(strstr(finding.remedy,
				strstr(rows[i].answer, "explicitDeny")
					? "change what stands against cloudformation:CreateStack"
					: "--enable-head-node-fault-tolerance"));
		arena_free(&fixture.arena);
	}
}

/* The root user need not be asked about, and nobody can be who is neither user nor role. */
static void asks_about_users_and_roles(void **state)
{
	static const struct {
		struct caller_principal caller;
		size_t questions;
		const char *answers;
		enum verdict verdict;
		const char *text;
	} rows[] = {
		{{"arn:aws:iam::1:root", NULL, NULL, true}, 0, "{}", VERDICT_PASS, "is the root user"},
		{{"arn:aws:sts::1:federated-user/ann", NULL, NULL, false}, 0, "{}", VERDICT_UNKNOWN,
			"works for users and roles, not for arn:aws:sts::1:federated-user/ann"},
		{{"arn:aws:iam::1:user/ann", "arn:aws:iam::1:user/ann", NULL, false}, 2, "{}", VERDICT_FAIL,
			"may not do ec2:CreateVpc; may not read with ec2:DescribeVpcs"},
		{{"arn:aws:sts::1:assumed-role/op/s", "arn:aws:iam::1:role/op", "it is denied", false}, 2,
			"{\"0\":null}", VERDICT_UNKNOWN,
			"IAM cannot find the role of arn:aws:sts::1:assumed-role/op/s, whose path could not be read: it is denied"},
	};
	const struct permission_scope scope = {"aws", "us-west-2", "1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;
		struct needs needs = {0};
		bool others[PREFLIGHT_FACT_COUNT];

		fixture_open(&fixture);
		memset(others, true, sizeof(others));
		others[PREFLIGHT_VPCS] = false;
		needs_add_checks(&fixture.arena, &needs, &preflight_table, &fixture.cloud, others);
		needs_add(&fixture.arena, &needs, "ec2:CreateVpc", true);
		fixture_give(&fixture, PREFLIGHT_PERMISSIONS,
			preflight_permissions(&fixture.arena, &rows[i].caller, &needs, &scope));
		assert_int_equal(json_array_size(
					 json_object_get(facts_tree(fixture.facts, PREFLIGHT_PERMISSIONS),
						 "questions")),
			rows[i].questions);
		fixture_learn(&fixture, PREFLIGHT_SIMULATION, rows[i].answers);
		finding = fixture_judge(&fixture, "preflight.permissions");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		arena_free(&fixture.arena);
	}
}

/* First a line that names whatever is missing, then what was said of each, of forty at most. */
static void forty_answers_are_evidence_enough(void **state)
{
	static const struct {
		size_t missing, shown;
	} rows[] = {{39, 39}, {40, 40}, {41, 40}, {60, 40}};
	const struct caller_principal caller = {"arn:aws:iam::1:user/a", "arn:aws:iam::1:user/a", NULL,
		false};
	const struct permission_scope scope = {"aws", "us-west-2", "1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct needs needs = {0};
		struct fixture fixture;
		struct finding finding;
		const char *last = NULL;

		fixture_open(&fixture);
		for (size_t k = 1; k <= rows[i].missing; k++) {
			last = arena_printf(&fixture.arena, "s3:A%02zu", k);
			needs_add(&fixture.arena, &needs, last, false);
		}
		fixture_give(&fixture, PREFLIGHT_PERMISSIONS,
			preflight_permissions(&fixture.arena, &caller, &needs, &scope));
		fixture_learn(&fixture, PREFLIGHT_SIMULATION, "{}");
		finding = fixture_judge(&fixture, "preflight.permissions");
		assert_finding(&finding, VERDICT_FAIL, "user/a may not do s3:A01, s3:A02");
		assert_int_equal(finding.evidence.count, 1 + rows[i].shown);
		assert_true(text_ends_with(finding.evidence.items[0], last));
		assert_string_equal(finding.evidence.items[39], "s3:A39 on *: IAM did not answer");
		arena_free(&fixture.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_what_the_caller_may_do),
		cmocka_unit_test(asks_about_users_and_roles),
		cmocka_unit_test(forty_answers_are_evidence_enough),
	};

	return cmocka_run_group_tests_name("preflight permissions", tests, NULL, NULL);
}
