/* SPDX-License-Identifier: Apache-2.0 */
/* What a command needs: collected, and written as a policy. */
#include "providers/aws/cloud/permissions/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/permissions/needs_scope_test.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_choices.h"

static const struct permission_scope anywhere = {.partition = "aws", .region = "*", .account = "*"};
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

/* The bucket's key and the file system's are the one that setup is asked for; MemoryDB uses it too. */
static void a_key_of_the_users_is_named(void **state)
{
	static const char key[] = "arn:aws:kms:cn-north-1:123456789012:key/k";
	const struct setup_choices choices = {.kms_key = key};
	const struct index_list on = KINDS(KIND_BUCKET_KEY, KIND_FILE_SYSTEM_KEY);
	struct permission_scope scope = here;
	struct text_list found = {0};

	scope.choices = &choices;
	scope.key_arn = key;
	permission_resources(*state, &scope, &on, &found);
	assert_string_equal(text_join(*state, &found, " "), key);
	assert_non_null(strstr(policy_of(*state, "", "kms:CreateGrant", &scope),
		"\"kms:ViaService\":\"elasticfilesystem.cn-north-1.amazonaws.com*\""));
	scope.parts |= PART_MEMORYDB;
	assert_non_null(strstr(policy_of(*state, "", "kms:CreateGrant", &scope),
		"\"kms:ViaService\":[\"elasticfilesystem.cn-north-1.amazonaws.com*\",\"memorydb.cn-north-1.amazonaws.com*\"]"));
	scope.parts &= ~(unsigned)PART_EFS;
	assert_non_null(strstr(policy_of(*state, "", "kms:CreateGrant", &scope),
		"\"kms:ViaService\":\"memorydb.cn-north-1.amazonaws.com*\""));
	scope.parts = here.parts | PART_MEMORYDB;
	scope.choices = NULL;
	assert_null(strstr(policy_of(*state, "", "kms:CreateGrant", &scope), "memorydb"));
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
		TEST(a_key_of_the_users_is_named),
		TEST(a_long_policy_has_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
