/* SPDX-License-Identifier: Apache-2.0 */
/* Required actions put to policies: hostile ones and none. The tables themselves. Whole roles: checks_test. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/cloud/permissions/permissions.h"
#include "providers/aws/cloud/permissions/required_actions.h"

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
static void hostile_policies_are_decided_in_time(void **state)
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
static void an_empty_record_is_allowed_nothing(void **state)
{
	static const struct required_list *const lists[] = {&required_clusters, &required_pass_role,
		&required_services, &required_spot, &required_ecr, &required_bucket, &required_key};
	struct arena arena = {0};
	struct access_policies none = {0};
	struct cloud cloud = {0};
	struct required_by by = {.cloud = &cloud, .role_arn = "app"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
		struct required_answers answers = required_decide(&arena, lists[i], &by, &none);

		assert_int_equal(answers.count, lists[i]->count);
		for (size_t k = 0; k < answers.count; k++)
			assert_int_equal(answers.items[k].access.decision.allowed, TRUTH_NO);
	}
	arena_free(&arena);
}

/* Rows of one action stand together, as counting them demands. */
static void rows_of_one_action_are_neighbours(void **state)
{
	(void)state;
	for (size_t i = 0; i < required_clusters.count; i++)
		for (size_t k = i + 2; k < required_clusters.count; k++)
			if (text_equal(required_clusters.rows[i].action, required_clusters.rows[k].action))
				assert_string_equal(required_clusters.rows[k - 1].action,
					required_clusters.rows[k].action);
}

static bool only_reads(const char *action)
{
	return text_glob("*:Describe*", action, false) || text_glob("*:Get*", action, false) ||
		text_glob("*:List*", action, false);
}

/* What changes a network or a file system that is there demands its tag; tagging is how it gets one, and launching changes none. */
static void changes_of_what_is_tagged_demand_the_tag(void **state)
{
	size_t count;
	const struct permission *rows = permissions(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *action = rows[i].action;
		bool tags = text_equal(action, "ec2:CreateTags") ||
			text_equal(action, "elasticfilesystem:TagResource") ||
			text_equal(action, "ec2:RunInstances");
		bool takes_tags = text_starts_with(action, "ec2:") ||
			text_starts_with(action, "elasticfilesystem:");

		if (rows[i].tagged != (takes_tags && rows[i].on.count > 0 && !only_reads(action) && !tags))
			fail_msg("%s", action);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_policies_are_decided_in_time),
		cmocka_unit_test(an_empty_record_is_allowed_nothing),
		cmocka_unit_test(rows_of_one_action_are_neighbours),
		cmocka_unit_test(changes_of_what_is_tagged_demand_the_tag),
	};

	return cmocka_run_group_tests_name("permissions", tests, NULL, NULL);
}
