/* SPDX-License-Identifier: Apache-2.0 */
/* Which permissions a command needs, for which clouds it is, and what it is refused for. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/permissions/command_needs.h"
#include "providers/aws/cloud/resource_types.h"

static struct command_subject subject_of(const char *command)
{
	return (struct command_subject){
		.command = command,
		.partition = "aws",
		.region = "us-west-2",
		.account = "999999999999",
	};
}

/* The need for an action, or NULL. */
static const struct need *need_of(const struct command_needs *made, const char *action)
{
	for (size_t i = 0; i < made->needs.count; i++)
		if (text_equal(made->needs.items[i].permission->action, action))
			return &made->needs.items[i];
	return NULL;
}

static struct command_needs make(struct arena *arena, const struct command_subject *subject)
{
	struct command_needs made;
	struct error err = {0};

	if (command_needs_make(arena, subject, &made, &err) < 0)
		fail_msg("%s", err.frame[0]);
	return made;
}

/* One action that only this command, for such a cloud, needs, and one that it must do without. */
static void each_command_needs_its_own(void **state)
{
	static const struct {
		const char *command, *deployment;
		const char *needed, *unneeded;
		bool by_stack, for_checks;
	} rows[] = {
		{"setup", NULL, "cloudformation:CreateStack", "iam:UpdateAssumeRolePolicy", false, false},
		{"setup", NULL, "ec2:CreateVpc", "memorydb:CreateCluster", true, false},
		{"setup", NULL, "ec2:DeleteVpc", "cloudformation:ExecuteChangeSet", true, false},
		{"setup", NULL, "ec2:DescribeInstances", "iam:GetPolicyVersion", false, true},
		{"setup", NULL, "iam:SimulatePrincipalPolicy", "kms:GetKeyPolicy", false, true},
		{"register", NULL, "iam:UpdateAssumeRolePolicy", "cloudformation:CreateStack", false, false},
		{"register", NULL, "iam:GetPolicyVersion", "memorydb:DescribeClusters", false, true},
		{"verify", NULL, "cloudformation:DescribeStacks", "ec2:CreateVpc", false, true},
		{"verify", "registered", "ec2:DescribeVpcs", "cloudformation:DescribeStacks", false, true},
		{"edit", NULL, "iam:UpdateAssumeRolePolicy", "cloudformation:DescribeStacks", false, false},
		{"edit", NULL, "ec2:DescribeInstances", "memorydb:DescribeClusters", false, true},
		{"update", NULL, "cloudformation:ExecuteChangeSet", "ec2:CreateVpc", false, false},
		{"delete", "managed", "ec2:DeleteVpc", "iam:UpdateAssumeRolePolicy", true, false},
		{"delete", "registered", "iam:UpdateAssumeRolePolicy", "ec2:DeleteVpc", false, false},
		{"import", NULL, "cloudformation:ListStacks", "cloudformation:DescribeStackEvents", false,
			false},
		{"policy", NULL, "iam:SimulatePrincipalPolicy", "ec2:DescribeVpcs", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct command_subject subject = subject_of(rows[i].command);
		struct arena arena = {0};
		struct command_needs made;
		const struct need *need;

		subject.deployment = rows[i].deployment;
		made = make(&arena, &subject);
		need = need_of(&made, rows[i].needed);
		if (!need)
			fail_msg("%s does not need %s", rows[i].command, rows[i].needed);
		if (need->by_stack != rows[i].by_stack || need->for_checks != rows[i].for_checks)
			fail_msg("%s needs %s otherwise", rows[i].command, rows[i].needed);
		if (need_of(&made, rows[i].unneeded))
			fail_msg("%s needs %s", rows[i].command, rows[i].unneeded);
		arena_free(&arena);
	}
}

/* What the subject has widens the needs, and nothing else does. */
static void options_widen_the_needs(void **state)
{
	static const struct {
		const char *command, *action;
		bool memorydb, private_network, simulate;
		const char *key_arn;
		bool for_checks;
	} rows[] = {
		{"setup", "memorydb:CreateCluster", .memorydb = true},
		{"register", "memorydb:DescribeClusters", .memorydb = true},
		{"edit", "memorydb:DescribeClusters", .memorydb = true},
		{"delete", "memorydb:DeleteCluster", .memorydb = true},
		{"verify", "memorydb:DescribeClusters", .memorydb = true, .for_checks = true},
		{"verify", "ec2:DescribeNatGateways", .private_network = true, .for_checks = true},
		{"verify", "iam:SimulatePrincipalPolicy", .simulate = true, .for_checks = true},
		{"verify", "kms:GetKeyPolicy", .key_arn = "arn:aws:kms:us-west-2:999999999999:key/1",
			.for_checks = true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct command_subject subject = subject_of(rows[i].command);
		struct arena arena = {0};
		struct command_needs made = make(&arena, &subject);
		const struct need *need;

		assert_null(need_of(&made, rows[i].action));
		assert_int_equal(made.scope.parts, PART_BASE | PART_NETWORK | PART_EFS);
		assert_null(made.scope.key_arn);
		subject.memorydb = rows[i].memorydb;
		subject.private_network = rows[i].private_network;
		subject.simulate = rows[i].simulate;
		subject.key_arn = rows[i].key_arn;
		made = make(&arena, &subject);
		need = need_of(&made, rows[i].action);
		if (!need || need->for_checks != rows[i].for_checks)
			fail_msg("%s does not need %s so", rows[i].command, rows[i].action);
		assert_int_equal(made.scope.parts & PART_MEMORYDB, rows[i].memorydb ? PART_MEMORYDB : 0);
		assert_ptr_equal(made.scope.key_arn, rows[i].key_arn);
		arena_free(&arena);
	}
}

/* Nothing of EFS, no key and no service-linked role; where MemoryDB is made, zones are still looked up. */
static void without_efs_none_of_it_is_needed(void **state)
{
	static const char *const left_out[] = {
		"elasticfilesystem:CreateFileSystem",
		"elasticfilesystem:DescribeFileSystems",
		"elasticfilesystem:DescribeMountTargets",
		"elasticfilesystem:DeleteMountTarget",
		"iam:CreateServiceLinkedRole",
		"kms:CreateGrant",
		"kms:GenerateDataKeyWithoutPlaintext",
		"ec2:DescribeVpcEndpointServices",
	};
	struct command_subject subject = subject_of("setup");
	struct arena arena = {0};
	struct command_needs whole = make(&arena, &subject), made;

	(void)state;
	subject.choices.no_efs = true;
	made = make(&arena, &subject);
	assert_int_equal(made.scope.parts, PART_BASE | PART_NETWORK);
	for (size_t i = 0; i < ARRAY_LENGTH(left_out); i++) {
		assert_non_null(need_of(&whole, left_out[i]));
		if (need_of(&made, left_out[i]))
			fail_msg("%s is needed", left_out[i]);
	}
	for (size_t i = 0; i < made.needs.count; i++)
		assert_false(text_starts_with(made.needs.items[i].permission->action, "elasticfilesystem:"));
	subject.command = "register";
	made = make(&arena, &subject);
	for (size_t i = 0; i < made.needs.count; i++)
		assert_false(text_starts_with(made.needs.items[i].permission->action, "elasticfilesystem:"));
	subject.command = "edit"; /* the cloud may get one */
	made = make(&arena, &subject);
	assert_non_null(need_of(&made, "elasticfilesystem:DescribeMountTargets"));
	assert_non_null(need_of(&made, "elasticfilesystem:DescribeFileSystems"));
	subject.command = "setup";
	subject.choices.kms_key = "arn:aws:kms:us-west-2:123456789012:key/k";
	made = make(&arena, &subject);
	assert_null(need_of(&made, "kms:CreateGrant"));
	subject.memorydb = true;
	made = make(&arena, &subject);
	assert_non_null(need_of(&made, "ec2:DescribeVpcEndpointServices"));
	assert_non_null(need_of(&made, "iam:CreateServiceLinkedRole"));
	assert_non_null(need_of(&made, "kms:CreateGrant"));
	assert_null(need_of(&made, "kms:GenerateDataKeyWithoutPlaintext"));
	arena_free(&arena);
}

/* The needs are those of the cloud itself; its names are certain only where it is managed and nothing else. */
static void the_scope_is_the_cloud(void **state)
{
	struct arena arena = {0};
	struct cloud cloud = {.name = "prod", .deployment = DEPLOYMENT_MANAGED};
	struct command_subject subject = subject_of("delete");
	struct command_needs made;

	(void)state;
	made = make(&arena, &subject);
	assert_false(made.scope.managed); /* it may be either */
	assert_non_null(need_of(&made, "iam:UpdateAssumeRolePolicy"));
	assert_string_equal(made.scope.region, "us-west-2");
	aws_cloud_edit(&arena, &cloud)->resources.memorydb_cluster = "cache";
	subject.cloud = &cloud;
	made = make(&arena, &subject);
	assert_true(made.scope.managed);
	assert_int_equal(made.scope.parts, PART_BASE | PART_NETWORK | PART_MEMORYDB | PART_EFS);
	assert_ptr_equal(made.scope.cloud, &cloud);
	assert_null(need_of(&made, "iam:UpdateAssumeRolePolicy"));
	assert_non_null(need_of(&made, "memorydb:DeleteCluster"));
	assert_int_equal(cloud.deployment, DEPLOYMENT_MANAGED);
	arena_free(&arena);
}

static void senseless_subjects_are_refused(void **state)
{
	static const struct cloud registered = {.name = "prod", .deployment = DEPLOYMENT_REGISTERED};
	static const struct {
		const char *command;
		const struct cloud *cloud;
		const char *deployment, *message;
	} rows[] = {
		{"setup", NULL, "registered", "'setup' is not for registered clouds"},
		{"setup", &registered, NULL, "'setup' is not for registered clouds"},
		{"register", NULL, "managed", "'register' is not for managed clouds"},
		{"update", NULL, "registered", "'update' is not for registered clouds"},
		{"verify", &registered, "managed", "--deployment: cloud 'prod' is registered"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct command_subject subject = subject_of(rows[i].command);
		struct arena arena = {0};
		struct command_needs made;
		struct error err = {0};

		subject.cloud = rows[i].cloud;
		subject.deployment = rows[i].deployment;
		assert_int_equal(command_needs_make(&arena, &subject, &made, &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		assert_string_equal(err.frame[0], rows[i].message);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_command_needs_its_own),
		cmocka_unit_test(options_widen_the_needs),
		cmocka_unit_test(without_efs_none_of_it_is_needed),
		cmocka_unit_test(the_scope_is_the_cloud),
		cmocka_unit_test(senseless_subjects_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
