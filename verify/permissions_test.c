/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The permission checks on whole roles: testdata/permissions holds the facts of five kinds of cloud (our template, the
 * documented policies, the same attached, the documented restricted ones, a bucket with a key of its own) and
 * cases.json changes to them, each with the findings that are not PASS and what one of their lines says.
 */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "providers/tree.h"
#include "verify/check_permissions.h"
#include "verify/facts_test.h"
#include "verify/required_actions.h"

enum { CASES_ROOM = 200 };

static const char *const verdicts[VERDICTS] = {"PASS", "WARN", "FAIL", "UNKNOWN", "SKIP"};

static bool says(const struct finding *finding, const char *words)
{
	bool found = strstr(finding->text, words) != NULL;

	for (size_t i = 0; i < finding->evidence.count && !found; i++)
		found = strstr(finding->evidence.items[i], words) != NULL;
	return found;
}

static void complain(const struct finding *finding, const char *wanted)
{
	print_error("%s: %s: %s\n", finding->check->id, verdicts[finding->verdict], finding->text);
	for (size_t i = 0; i < finding->evidence.count; i++)
		print_error("    %s\n", finding->evidence.items[i]);
	fail_msg("wanted: %s", wanted);
}

static void judge_case(const json_t *item, const struct facts *facts)
{
	for (size_t i = 0; i < permission_check_count; i++) {
		struct finding finding = check_judge(&permission_checks[i], facts);
		const char *id = permission_checks[i].id;
		const char *wanted = json_string_value(json_object_get(json_object_get(item, "expect"), id));
		const char *words = json_string_value(json_object_get(json_object_get(item, "says"), id));

		finding.check = &permission_checks[i];
		wanted = wanted ? wanted : "PASS";
		if (strcmp(verdicts[finding.verdict], wanted) != 0)
			complain(&finding, wanted);
		if (words && !says(&finding, words))
			complain(&finding, words);
	}
}

static json_t *document_of(struct arena *arena, const char *base)
{
	json_t *document = facts_test_read(arena, "good-direct.json");
	json_t *more = facts_test_read(arena, arena_printf(arena, "../permissions/%s.json", base));

	assert_int_equal(json_object_update(json_object_get(document, "facts"), more), 0);
	return document;
}

static void run_case(void **state)
{
	const json_t *item = *state;
	struct arena arena = {0};
	json_t *document = document_of(&arena, tree_text(item, "base"));
	struct facts facts;
	struct cloud cloud;
	struct error err;

	facts_test_change(document, json_object_get(item, "change"));
	if (facts_load(&arena, document, &facts, &cloud, &err) < 0)
		fail_msg("facts: %s", err.frame[0]);
	judge_case(item, &facts);
	arena_free(&arena);
}

/* An identity policy of statements that each name many actions and resources, none of which helps. */
static json_t *hostile_policy(size_t statements)
{
	json_t *list = json_array();
	char stars[2001];

	for (size_t i = 0; i < sizeof(stars) - 1; i++)
		stars[i] = i % 2 ? 'a' : '*';
	stars[sizeof(stars) - 1] = '\0';
	for (size_t i = 0; i < statements; i++)
		json_array_append_new(list,
			json_pack("{s:s,s:[s,s,s],s:[s,s],s:{s:{s:s}}}", "Effect", i % 2 ? "Allow" : "Deny",
				"Action", stars, "*e*c*2*:*x", "ec2:*?*?*?*?*?*b", "Resource", stars,
				"arn:*:*:*:*:*a*a*a*a*b", "Condition", "StringLike", "aws:PrincipalArn",
				stars));
	return json_pack("{s:s,s:o}", "Version", "2012-10-17", "Statement", list);
}

/* Patterns that make careless matchers take forever, in more statements than AWS would store. */
static void test_hostile_policies(void **state)
{
	struct arena arena = {0};
	json_t *document = hostile_policy(3000);
	struct access_policy policy = access_policy_read(&arena, ACCESS_IDENTITY, "hostile", document);
	struct access_policies policies = {.identity = &policy, .identity_count = 1};
	struct cloud cloud = {.id = "cld_1", .region = "us-west-2", .account = "111122223333"};
	struct required_by by = {.cloud = &cloud,
		.role_arn = "arn:aws:iam::111122223333:role/aaaaaaaaaaaaaaaaaaaa"};
	struct required_answers answers = required_decide(&arena, &required_clusters, &by, &policies);

	(void)state;
	assert_null(policy.wrong);
	assert_true(answers.count >= 40);
	for (size_t i = 0; i < answers.count; i++)
		assert_int_equal(answers.items[i].access.decision.allowed, TRUTH_NO);
	json_decref(document);
	arena_free(&arena);
}

/* A record that knows nothing but the role: every question can still be put. */
static void test_empty_record(void **state)
{
	static const struct required_list *const lists[] = {&required_clusters, &required_pass_role,
		&required_services, &required_spot, &required_ecr, &required_bucket, &required_key};
	struct arena arena = {0};
	struct access_policies none = {0};
	struct cloud cloud = {0};
	struct required_by by = {.cloud = &cloud, .role_arn = "app"};

	(void)state;
	for (size_t i = 0; i < LENGTH(lists); i++) {
		struct required_answers answers = required_decide(&arena, lists[i], &by, &none);

		assert_int_equal(answers.count, lists[i]->count);
		for (size_t k = 0; k < answers.count; k++)
			assert_int_equal(answers.items[k].access.decision.allowed, TRUTH_NO);
	}
	arena_free(&arena);
}

/* The rows are complete, and rows of one action stand together, as counting them demands. */
static void test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < permission_check_count; i++) {
		const struct check *row = &permission_checks[i];

		assert_true(
			row->id && row->decide && row->holds && row->why && row->remedy && row->reference);
		assert_true(row->severity == VERDICT_FAIL || row->severity == VERDICT_WARN);
		assert_true(row->needs != 0 && row->about != 0);
	}
	for (size_t i = 0; i < required_clusters.count; i++)
		for (size_t k = i + 2; k < required_clusters.count; k++)
			if (text_equal(required_clusters.rows[i].action, required_clusters.rows[k].action))
				assert_string_equal(required_clusters.rows[k - 1].action,
					required_clusters.rows[k].action);
}

int main(void)
{
	static struct CMUnitTest tests[CASES_ROOM] = {
		cmocka_unit_test(test_hostile_policies),
		cmocka_unit_test(test_empty_record),
		cmocka_unit_test(test_tables),
	};
	json_error_t problem;
	json_t *cases = json_load_file("testdata/permissions/cases.json", JSON_REJECT_DUPLICATES, &problem);
	size_t count = 3;
	int failed;

	if (!cases || json_array_size(cases) > CASES_ROOM - count) {
		fprintf(stderr, "cases.json:%d: %s\n", problem.line, problem.text);
		return 1;
	}
	for (size_t i = 0; i < json_array_size(cases); i++) {
		json_t *item = json_array_get(cases, i);

		tests[count++] = (struct CMUnitTest){.name = tree_text(item, "name"),
			.test_func = run_case,
			.initial_state = item};
	}
	failed = _cmocka_run_group_tests("permissions", tests, count, NULL, NULL);
	json_decref(cases);
	return failed;
}
