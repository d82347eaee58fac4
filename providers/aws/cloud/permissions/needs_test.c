/* SPDX-License-Identifier: Apache-2.0 */
/* What a command needs: collected, written as a policy, asked of IAM's simulator. */
#include "providers/aws/cloud/permissions/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_choices.h"

static const struct permission_scope anywhere = {.partition = "aws", .region = "*", .account = "*"};
static const struct permission_scope here = {
	.partition = "aws-cn",
	.region = "cn-north-1",
	.account = "123456789012",
	.managed = true,
};

static int begin(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static int end(void **state)
{
	arena_free(*state);
	free(*state);
	return 0;
}

/* "ec2:A, ec2:B(stack)" */
static const char *text_of(struct arena *arena, const struct needs *needs)
{
	struct text_list words = {0};

	for (size_t i = 0; i < needs->count; i++)
		text_list_add(arena, &words,
			arena_printf(arena, "%s%s", needs->items[i].permission->action,
				needs->items[i].by_stack ? "(stack)" : ""));
	return text_join(arena, &words, ", ");
}

static bool has(const struct needs *needs, const char *action)
{
	for (size_t i = 0; i < needs->count; i++)
		if (text_equal(needs->items[i].permission->action, action))
			return true;
	return false;
}

static void actions_are_in_order_and_once(void **state)
{
	struct arena *arena = *state;
	struct needs needs = {0};

	needs_add(arena, &needs, "ec2:DescribeVpcs ec2:CreateVpc ec2:DescribeVpcs", true);
	needs_add(arena, &needs, "", false);
	assert_string_equal(text_of(arena, &needs), "ec2:CreateVpc(stack), ec2:DescribeVpcs(stack)");
	/* Whoever does it himself may also let it be done. */
	needs_add(arena, &needs, "ec2:DescribeVpcs", false);
	needs_add(arena, &needs, "ec2:DescribeVpcs", true);
	assert_string_equal(text_of(arena, &needs), "ec2:CreateVpc(stack), ec2:DescribeVpcs");
}

static void operations_bring_their_actions(void **state)
{
	static const struct aws_operation *const operations[] = {
		&sts_GetCallerIdentity,
		&cloudformation_CreateStack,
		NULL,
	};
	struct arena *arena = *state;
	struct needs needs = {0};

	needs_add_operations(arena, &needs, operations);
	needs_add_operations(arena, &needs, NULL);
	assert_string_equal(text_of(arena, &needs), "cloudformation:CreateStack, cloudformation:TagResource");
}

static struct needs verify_of(struct arena *arena, const struct verified *verified)
{
	struct needs needs = {0};

	needs_add_verify(arena, &needs, verified);
	return needs;
}

static void verify_needs_what_its_checks_read(void **state)
{
	struct cloud cloud = {.deployment = DEPLOYMENT_REGISTERED};
	struct verified verified = {.cloud = &cloud};
	struct needs needs = verify_of(*state, &verified);

	assert_true(has(&needs, "ec2:DescribeVpcs"));
	assert_true(has(&needs, "iam:GetPolicyVersion"));
	assert_false(has(&needs, "ec2:DescribeNatGateways"));
	assert_false(has(&needs, "memorydb:DescribeClusters"));
	assert_false(has(&needs, "cloudformation:DescribeStacks"));
	assert_false(has(&needs, "iam:SimulatePrincipalPolicy"));
	/* Any key is described; only a customer's has a policy that says something. */
	assert_true(has(&needs, "kms:DescribeKey"));
	assert_false(has(&needs, "kms:GetKeyPolicy"));
	assert_true(has(&needs, "servicequotas:GetServiceQuota"));
}

static void parts_of_verify_need_more(void **state)
{
	struct cloud cloud = {
		.deployment = DEPLOYMENT_MANAGED,
		.networking = NETWORKING_PRIVATE,
		AWS_CLOUD(.resources = {.memorydb_cluster = "m"}),
	};
	struct verified verified = {.cloud = &cloud, .simulate = true, .key = true, .made_just_now = true};
	struct needs needs = verify_of(*state, &verified);

	assert_true(has(&needs, "ec2:DescribeNatGateways"));
	assert_true(has(&needs, "memorydb:DescribeClusters"));
	assert_true(has(&needs, "cloudformation:DescribeStacks"));
	assert_true(has(&needs, "iam:SimulatePrincipalPolicy"));
	assert_true(has(&needs, "kms:GetKeyPolicy"));
	assert_false(has(&needs, "iam:GetPolicy"));
}

static struct needs stack_of(struct arena *arena, unsigned work, unsigned parts)
{
	struct needs needs = {0};

	needs_add_stack(arena, &needs, work, parts);
	for (size_t i = 0; i < needs.count; i++)
		assert_true(needs.items[i].by_stack);
	return needs;
}

static void a_stack_needs_what_its_work_is(void **state)
{
	struct needs made = stack_of(*state, STACK_CREATES, PART_BASE | PART_NETWORK | PART_EFS);
	struct needs undone = stack_of(*state, STACK_UNDOES, PART_BASE | PART_NETWORK | PART_EFS);
	struct needs removed = stack_of(*state, STACK_REMOVES, PART_BASE | PART_NETWORK | PART_EFS);
	struct needs updated = stack_of(*state, STACK_UPDATES, PART_BASE | PART_NETWORK | PART_EFS);
	struct needs memorydb = stack_of(*state, STACK_CREATES | STACK_UNDOES, PART_MEMORYDB);

	assert_true(has(&made, "s3:CreateBucket"));
	assert_false(has(&made, "memorydb:CreateCluster"));
	assert_true(has(&undone, "s3:DeleteBucket"));
	assert_true(has(&undone, "ec2:DeleteVpc"));
	assert_false(has(&removed, "s3:DeleteBucket")); /* it is kept */
	assert_true(has(&removed, "s3:DeleteBucketPolicy"));
	assert_true(has(&updated, "iam:PutRolePolicy"));
	assert_false(has(&updated, "iam:CreateRole"));
	assert_true(has(&memorydb, "memorydb:DeleteCluster"));
	assert_false(has(&memorydb, "ec2:CreateVpc"));
}

static const char *policy_of(struct arena *arena, const char *own, const char *by_stack,
	const struct permission_scope *scope)
{
	struct needs needs = {0};
	json_t *policy;
	char *text;
	const char *kept;

	needs_add(arena, &needs, own, false);
	needs_add(arena, &needs, by_stack, true);
	policy = needs_policy(arena, &needs, scope);
	text = json_dumps(json_object_get(policy, "Statement"), JSON_COMPACT);
	kept = arena_strdup(arena, text);
	free(text);
	json_decref(policy);
	return kept;
}

static void a_policy_says_who_may_do_what_to_what(void **state)
{
	assert_string_equal(policy_of(*state, "ec2:DescribeVpcs ec2:DescribeSubnets", "", &anywhere),
		"[{\"Sid\":\"EC2All\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeSubnets\",\"ec2:DescribeVpcs\"],\"Resource\":[\"*\"]}]");
	assert_string_equal(policy_of(*state, "cloudformation:CreateStack", "", &here),
		"[{\"Sid\":\"CloudFormation\",\"Effect\":\"Allow\",\"Action\":[\"cloudformation:CreateStack\"],"
		"\"Resource\":[\"arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/cld-*/*\"]}]");
	assert_string_equal(policy_of(*state, "ec2:DescribeRegions ec2:DescribeVpcs", "", &here),
		"[{\"Sid\":\"EC2AllAnywhere\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeRegions\"],\"Resource\":"
		"[\"*\"]},{\"Sid\":\"EC2All\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeVpcs\"],\"Resource\":["
		"\"*\"],\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"cn-north-1\"}}}]");
	/* An action that no table knows is not narrowed. */
	assert_string_equal(policy_of(*state, "odd:Thing", "", &anywhere),
		"[{\"Sid\":\"OddAll\",\"Effect\":\"Allow\",\"Action\":[\"odd:Thing\"],\"Resource\":[\"*\"]}]");
}

static void what_a_stack_does_is_allowed_to_a_stack_only(void **state)
{
	struct permission_scope scope = here;
	struct cloud cloud = {.id = "cld_x",
		AWS_CLOUD(.stack_name = "cld-x", .resources = {.vpc_id = "vpc-1"})};

	assert_string_equal(policy_of(*state, "", "ec2:DeleteVpc", &here),
		"[{\"Sid\":\"StackEC2Tagged\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DeleteVpc\"],\"Resource\":["
		"\"arn:aws-cn:ec2:cn-north-1:123456789012:vpc/*\"],\"Condition\":{\"StringEquals\":{\"aws:"
		"CalledViaFirst\":\"cloudformation.amazonaws.com\"},\"StringLike\":{\"aws:ResourceTag/cloudctl-cloud-id\":\"cld_*\"}}}]");
	scope.cloud = &cloud;
	assert_string_equal(policy_of(*state, "", "ec2:DeleteVpc", &scope),
		"[{\"Sid\":\"StackEC2Tagged\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DeleteVpc\"],\"Resource\":[\"arn:aws-cn:ec2:cn-north-1:123456789012:vpc/"
		"vpc-1\"],\"Condition\":{\"StringEquals\":{\"aws:CalledViaFirst\":\"cloudformation.amazonaws.com\",\"aws:ResourceTag/cloudctl-cloud-id\":\"cld_x\"}}}]");
	assert_non_null(strstr(policy_of(*state, "", "kms:CreateGrant", &here),
		"\"kms:ViaService\":\"elasticfilesystem.cn-north-1.amazonaws.com*\""));
}

/* A VPC of the user's has no tag of ours; what is made in it has. */
static void a_users_vpc_carries_no_tag(void **state)
{
	struct permission_scope scope = here;
	const char *policy;

	scope.vpc_id = "vpc-1";
	policy = policy_of(*state, "", "ec2:CreateSecurityGroup ec2:DeleteSecurityGroup", &scope);
	assert_non_null(strstr(policy,
		"\"Action\":[\"ec2:CreateSecurityGroup\"],\"Resource\":[\"arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-1\"],\"Condition\":{\"StringEquals\":{\"aws:CalledViaFirst\":\"cloudformation.amazonaws.com\"}}"));
	assert_non_null(strstr(policy,
		"\"Sid\":\"StackEC2Tagged\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DeleteSecurityGroup\"]"));
}

/* What is made, and what it is made in, are not bound in the same way. */
static void what_is_made_carries_the_tag(void **state)
{
	const char *policy = policy_of(*state, "", "ec2:CreateSubnet memorydb:CreateSubnetGroup", &here);

	assert_non_null(strstr(policy,
		"{\"Sid\":\"StackEC2New\",\"Effect\":\"Allow\",\"Action\":[\"ec2:CreateSubnet\"],\"Resource\":[\"arn:aws-cn:ec2:cn-north-1:123456789012:subnet/*\"]"));
	assert_non_null(strstr(policy,
		"{\"Sid\":\"StackEC2Tagged\",\"Effect\":\"Allow\",\"Action\":[\"ec2:CreateSubnet\"],\"Resource\":[\"arn:aws-cn:ec2:cn-north-1:123456789012:vpc/*\"]"));
	assert_non_null(strstr(policy, "\"aws:RequestTag/cloudctl-cloud-id\":\"cld_*\""));
	assert_non_null(strstr(policy, "\"Sid\":\"StackMemoryDBAllNew\""));
}

/* Else one action would be allowed on the roles of another. */
static void roles_are_kept_apart(void **state)
{
	const char *policy = policy_of(*state, "", "iam:PassRole iam:CreateRole iam:CreateInstanceProfile",
		&here);

	assert_non_null(strstr(policy,
		"\"Action\":[\"iam:PassRole\"],\"Resource\":[\"arn:aws-cn:iam::123456789012:role/cld_*-cluster_node_role\"]"));
	assert_non_null(strstr(policy, "\"Sid\":\"StackIAMControlPlaneRoleNodeRole\""));
	assert_non_null(strstr(policy, "\"Sid\":\"StackIAM\""));
}

static void known_resources_are_named(void **state)
{
	struct cloud cloud = {
		AWS_CLOUD(.resources = {.control_plane_role_arn = "arn:aws:iam::1:role/p/cp",
				  .node_role_arn = "arn:aws:iam::1:role/node",
				  .bucket = "data",
				  .file_system_id = "fs-1",
				  .memorydb_cluster = "mem"}),
	};
	const struct index_list on = KINDS(KIND_CONTROL_PLANE_ROLE, KIND_NODE_ROLE, KIND_BUCKET,
		KIND_FILE_SYSTEM, KIND_MEMORYDB, KIND_BUCKET_KEY, KIND_VOLUME_KEY, KIND_FILE_SYSTEM_KEY,
		KIND_SPOT_ROLE, KIND_POLICY, KIND_ANY);
	struct permission_scope scope = anywhere;
	struct text_list found = {0};

	scope.cloud = &cloud;
	scope.key_arn = "arn:aws:kms:r:1:key/k";
	permission_resources(*state, &scope, &on, &found);
	assert_string_equal(text_join(*state, &found, " "),
		"arn:aws:iam::1:role/p/cp arn:aws:iam::1:role/node arn:aws:s3:::data arn:aws:elasticfilesystem:*:*:file-system/fs-1 arn:aws:memorydb:*:*:cluster/mem "
		"arn:aws:kms:r:1:key/k arn:aws:kms:*:*:key/* "
		"arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot arn:aws:iam::*:policy/* *");
}

static void a_long_policy_has_parts(void **state)
{
	struct needs needs = {0};
	json_t *policy, *parts, *part;
	size_t i, statements = 0;

	needs_add_stack(*state, &needs, STACK_CREATES | STACK_UNDOES, PART_BASE | PART_NETWORK | PART_EFS);
	needs_add_stack(*state, &needs, STACK_CREATES | STACK_UNDOES, PART_MEMORYDB);
	policy = needs_policy(*state, &needs, &here);
	parts = needs_policy_parts(policy);
	assert_true(needs_policy_size(policy) > NEEDS_POLICY_MAX);
	assert_true(json_array_size(parts) > 1);
	json_array_foreach (parts, i, part) {
		assert_true(needs_policy_size(part) <= NEEDS_POLICY_MAX);
		assert_string_equal(tree_text(part, "Version"), "2012-10-17");
		statements += json_array_size(json_object_get(part, "Statement"));
	}
	assert_int_equal(statements, json_array_size(json_object_get(policy, "Statement")));
	json_decref(policy);
	json_decref(parts);
}

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
		TEST(actions_are_in_order_and_once),
		TEST(operations_bring_their_actions),
		TEST(verify_needs_what_its_checks_read),
		TEST(parts_of_verify_need_more),
		TEST(a_stack_needs_what_its_work_is),
		TEST(a_policy_says_who_may_do_what_to_what),
		TEST(what_a_stack_does_is_allowed_to_a_stack_only),
		TEST(what_is_made_carries_the_tag),
		TEST(a_users_vpc_carries_no_tag),
		TEST(roles_are_kept_apart),
		TEST(known_resources_are_named),
		TEST(a_long_policy_has_parts),
		TEST(questions_are_asked_once_for_each_circumstance),
		TEST(questions_about_a_stack_say_so),
		TEST(questions_say_what_was_chosen),
		TEST(answers_are_read),
		TEST(each_resource_has_its_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
