/* SPDX-License-Identifier: Apache-2.0 */
/* How what a stack left is removed: each type of the template has its own way. */
#include "providers/aws/cloud/delete/orphans.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/resource_types.h"

static const struct removal {
	const char *type, *id, *says;
} removals[] = {
	{"AWS::EC2::Subnet", "subnet-1", "aws ec2 delete-subnet --subnet-id subnet-1 --region us-west-2"},
	{"AWS::EC2::VPCGatewayAttachment", "IGW|vpc-1",
		"aws ec2 detach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1 --region us-west-2"},
	{"AWS::EC2::Route", "rtb-1|0.0.0.0/0", "it goes with its route table"},
	{"AWS::IAM::InstanceProfile", "a profile",
		"aws iam remove-role-from-instance-profile --instance-profile-name 'a profile' --role-name 'a profile'; aws iam delete-instance-profile --instance-profile-name 'a profile'"},
	{"AWS::IAM::Role", "node",
		"detach and delete its policies, then: aws iam delete-role --role-name node"},
	{"AWS::SQS::Queue", "https://q", "delete it as any AWS::SQS::Queue is deleted"},
};

static const json_t *stack(struct arena *arena)
{
	return tree_defer(arena,
		json_pack("{s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]}", "StackResourceSummaries",
			"LogicalResourceId", "Vpc", "PhysicalResourceId", "vpc-1", "LogicalResourceId",
			"InternetGateway", "PhysicalResourceId", "igw-1", "LogicalResourceId", "NodeRole",
			"PhysicalResourceId", "node"));
}

static const char *removal_of(struct arena *arena, const char *type, const char *id)
{
	const json_t *resource = tree_defer(arena,
		json_pack("{s:s, s:s}", "ResourceType", type, "PhysicalResourceId", id));

	return orphan_removal(arena, stack(arena), resource, "us-west-2");
}

static void a_removal_is_a_command_or_a_sentence(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(removals); i++)
		assert_string_equal(removal_of(&arena, removals[i].type, removals[i].id), removals[i].says);
	arena_free(&arena);
}

static void every_type_of_the_template_has_one(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < resource_type_count; i++) {
		const char *type = resource_types[i].type;
		const char *says = removal_of(&arena, type, "x-1");

		assert_non_null(says);
		if (strstr(says, "as any") && !text_equal(type, "AWS::S3::Bucket"))
			fail_msg("%s has no removal", type);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_removal_is_a_command_or_a_sentence),
		cmocka_unit_test(every_type_of_the_template_has_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
