/* SPDX-License-Identifier: Apache-2.0 */
/* What a command needs, put to IAM's simulator, and its answers. */
#include "providers/aws/cloud/permissions/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/permissions/needs_scope_test.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_choices.h"

static json_t *questions_of(struct arena *arena, const char *own, const char *by_stack)
{
	struct needs needs = {0};

	needs_add(arena, &needs, own, false);
	needs_add(arena, &needs, by_stack, true);
	return needs_questions(arena, &needs, &here, "arn:aws-cn:iam::123456789012:user/u");
}

static const json_t *entry(const json_t *questions, size_t index, const char *key)
{
	return tree_find(tree_at(questions, index), "ContextEntries", "ContextKeyName", key);
}

static const char *first_action(const json_t *questions, size_t index)
{
	return tree_text(tree_at(questions, index), "ActionNames.0");
}

static void questions_are_asked_once_for_each_circumstance(void **state)
{
	json_t *questions = questions_of(*state,
		"ec2:DescribeVpcs ec2:DescribeSubnets iam:GetRole ec2:DescribeRegions", "ec2:DescribeVpcs");

	assert_int_equal(json_array_size(questions), 3);
	assert_string_equal(tree_text(questions, "0.PolicySourceArn"), "arn:aws-cn:iam::123456789012:user/u");
	assert_string_equal(first_action(questions, 0), "ec2:DescribeRegions");
	assert_int_equal(tree_count(tree_get(questions, "0.ContextEntries")), 0);
	assert_int_equal(tree_count(tree_get(questions, "1.ActionNames")), 2);
	assert_non_null(entry(questions, 1, "aws:RequestedRegion"));
	assert_null(entry(questions, 1, "aws:CalledViaFirst"));
	assert_string_equal(first_action(questions, 2), "iam:GetRole");
	assert_int_equal(tree_count(tree_get(questions, "2.ResourceArns")), 3);
	json_decref(questions);
	questions = questions_of(*state, "ec2:DescribeVpcs", "ec2:CreateVpc");
	assert_null(entry(questions, 0, "aws:CalledViaFirst"));
	assert_non_null(entry(questions, 1, "aws:CalledViaFirst"));
	json_decref(questions);
}

static void questions_about_a_stack_say_so(void **state)
{
	json_t *questions = questions_of(*state, "",
		"ec2:DeleteVpc kms:CreateGrant ec2:CreateSubnet elasticfilesystem:CreateFileSystem");

	/* The subnet to be made, the VPC that it is made in and the one to be deleted, the file system, the key. */
	assert_int_equal(json_array_size(questions), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(tree_text(entry(questions, i, "aws:CalledViaFirst"),
					    "ContextKeyValues.0"),
			"cloudformation.amazonaws.com");
	assert_non_null(entry(questions, 0, "aws:RequestTag/cloudctl-cloud-id"));
	assert_null(entry(questions, 0, "aws:ResourceTag/cloudctl-cloud-id"));
	assert_int_equal(tree_count(tree_get(questions, "1.ActionNames")), 2);
	assert_non_null(entry(questions, 1, "aws:ResourceTag/cloudctl-cloud-id"));
	assert_string_equal(tree_text(questions, "2.ResourceArns.0"), "*");
	assert_non_null(entry(questions, 2, "aws:RequestTag/cloudctl-cloud-id"));
	assert_non_null(entry(questions, 3, "kms:ViaService"));
	json_decref(questions);
}

/* Of a boundary only what IAM is asked for says something, and only in the name of a stack. */
static void questions_say_what_was_chosen(void **state)
{
	static const struct {
		const char *action;
		bool by_stack;
		const char *boundary;
	} rows[] = {
		{"iam:CreateRole", true, "arn:aws-cn:iam::123456789012:policy/edge"},
		{"iam:CreateRole", true, NULL},
		{"iam:CreateRole", false, NULL},
		{"ec2:CreateVpc", true, NULL},
	};
	const char *tags[] = {"team=ray"};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_choices choices = {.tags = {tags, 1},
			.permissions_boundary = i == 1 ? NULL : "arn:aws-cn:iam::123456789012:policy/edge"};
		struct permission_scope scope = here;
		struct needs needs = {0};
		json_t *questions;

		scope.choices = &choices;
		needs_add(*state, &needs, rows[i].action, rows[i].by_stack);
		questions = needs_questions(*state, &needs, &scope, "arn:aws-cn:iam::123456789012:user/u");
		assert_string_equal(tree_text(entry(questions, 0, "iam:PermissionsBoundary"),
					    "ContextKeyValues.0"),
			rows[i].boundary ? rows[i].boundary : "");
		assert_string_equal(tree_text(entry(questions, 0, "aws:RequestTag/team"),
					    "ContextKeyValues.0"),
			rows[i].by_stack ? "ray" : "");
		json_decref(questions);
	}
}

/* Each service that uses the key is asked about, for what it does with it. */
static void questions_about_a_key_name_each_service(void **state)
{
	const struct setup_choices choices = {.kms_key = "arn:aws-cn:kms:cn-north-1:123456789012:key/k"};
	struct permission_scope scope = here;
	struct needs needs = {0};
	json_t *questions;

	scope.choices = &choices;
	scope.parts |= PART_MEMORYDB;
	needs_add(*state, &needs, "kms:CreateGrant kms:GenerateDataKeyWithoutPlaintext", true);
	questions = needs_questions(*state, &needs, &scope, "arn:aws-cn:iam::123456789012:user/u");
	assert_int_equal(json_array_size(questions), 2);
	assert_string_equal(tree_text(entry(questions, 0, "kms:ViaService"), "ContextKeyValues.0"),
		"elasticfilesystem.cn-north-1.amazonaws.com");
	assert_int_equal(tree_count(tree_get(questions, "0.ActionNames")), 2);
	assert_string_equal(tree_text(entry(questions, 1, "kms:ViaService"), "ContextKeyValues.0"),
		"memorydb.cn-north-1.amazonaws.com");
	assert_int_equal(tree_count(tree_get(questions, "1.ActionNames")), 1);
	assert_string_equal(first_action(questions, 1), "kms:CreateGrant");
	json_decref(questions);
}

static json_t *json_of(const char *text)
{
	json_t *tree = json_loads(text, 0, NULL);

	assert_non_null(tree);
	return tree;
}

static struct missing_permissions missing_of(struct arena *arena, const char *actions, const char *results)
{
	json_t *questions = questions_of(arena, actions, "");
	json_t *reply = json_of(arena_printf(arena, "{\"EvaluationResults\": [%s]}", results));
	struct missing_permissions missing = {0};

	needs_read_answer(arena, json_array_get(questions, 0), reply, &missing);
	json_decref(questions);
	json_decref(reply);
	return missing;
}

#define REFUSED_WITHOUT(key) \
	"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": " \
	"\"implicitDeny\", \"MissingContextValues\": [\"" key "\"]}"

static void answers_are_read(void **state)
{
	static const struct {
		const char *result, *why; /* NULL: nothing is lacking */
	} rows[] = {
		{"{\"EvalActionName\": \"ec2:describevpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"allowed\"}",
			NULL},
		{"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"implicitDeny\"}",
			"no policy allows it"},
		{"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"explicitDeny\", \"MatchedStatements\": [{\"SourcePolicyId\": \"a\"}, "
		 "{\"SourcePolicyId\": \"a\"}, {\"SourcePolicyId\": \"b\"}]}",
			"denied by a, b"},
		{"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"explicitDeny\"}",
			"denied by a policy"},
		{"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": "
		 "\"implicitDeny\", \"OrganizationsDecisionDetail\": {\"AllowedByOrganizations\": \"false\"}}",
			"a policy of the organization does not allow it"},
		{"{\"EvalActionName\": \"ec2:DescribeVpcs\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"implicitDeny\", \"PermissionsBoundaryDecisionDetail\": "
		 "{\"AllowedByPermissionsBoundary\": \"false\"}}",
			"the permissions boundary does not allow it"},
		/* Whether the key is in a request is known to AWS alone, or, from the question, here. */
		{REFUSED_WITHOUT("aws:MultiFactorAuthPresent\", \"aws:CalledVia"),
			"it depends on aws:MultiFactorAuthPresent, which is not known here"},
		{REFUSED_WITHOUT("ec2:Region"), "it depends on ec2:Region, which is not known here"},
		{REFUSED_WITHOUT("kms:ViaService"), "no policy allows it"},
		{REFUSED_WITHOUT("aws:requesttag/team"), "no policy allows it"},
		/* Silence is no permission. */
		{"", "IAM did not answer"},
		{"{\"EvalActionName\": \"ec2:DescribeSubnets\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"allowed\"}",
			"IAM did not answer"},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct missing_permissions missing = missing_of(*state, "ec2:DescribeVpcs", rows[i].result);

		assert_int_equal(missing.count, rows[i].why ? 1 : 0);
		if (rows[i].why)
			assert_string_equal(missing.items[0].why, rows[i].why);
	}
}

static void each_resource_has_its_answer(void **state)
{
	struct missing_permissions missing = missing_of(*state, "iam:GetRole",
		"{\"EvalActionName\": \"iam:GetRole\", \"EvalResourceName\": \"*\", \"EvalDecision\": \"implicitDeny\", \"ResourceSpecificResults\": ["
		"{\"EvalResourceName\": \"arn:aws-cn:iam::123456789012:role/cloudctl-control-plane-cld_*\", \"EvalResourceDecision\": \"allowed\"}, "
		"{\"EvalResourceName\": \"arn:aws-cn:iam::123456789012:role/cld_*-cluster_node_role\", \"EvalResourceDecision\": \"implicitDeny\"}, "
		"{\"EvalResourceName\": \"arn:aws-cn:iam::123456789012:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot\", \"EvalResourceDecision\": \"allowed\"}]}");

	assert_int_equal(missing.count, 1);
	assert_string_equal(missing.items[0].resource,
		"arn:aws-cn:iam::123456789012:role/cld_*-cluster_node_role");
	assert_string_equal(missing.items[0].action, "iam:GetRole");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(questions_are_asked_once_for_each_circumstance),
		TEST(questions_about_a_stack_say_so),
		TEST(questions_say_what_was_chosen),
		TEST(questions_about_a_key_name_each_service),
		TEST(answers_are_read),
		TEST(each_resource_has_its_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
