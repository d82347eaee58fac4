/* SPDX-License-Identifier: Apache-2.0 */
/* What may be left, and what was. */
#include "providers/aws/cloud/delete/orphans.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/delete/delete_steps.h"
#include "providers/aws/cloud/delete/keep_file_system.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/run.h"
#include "verify/facts.h"

/* --- may it be left? --- */

/* What an earlier deletion left may be named again, so that one command can be repeated. */
static bool may_be_left(const json_t *resource)
{
	return text_is_among(tree_text(resource, "ResourceStatus"), "DELETE_FAILED DELETE_SKIPPED") &&
		!text_equal(tree_text(resource, "ResourceType"), "AWS::S3::Bucket");
}

static const char *candidates(struct arena *arena, const json_t *resources)
{
	struct text_list list = {0};

	TREE_EACH (resource, resources, "StackResourceSummaries")
		if (may_be_left(resource))
			text_list_add(arena, &list, tree_text(resource, "LogicalResourceId"));
	return text_or(text_join(arena, &list, ", "), "none");
}

static int check_name(const struct deletion *deletion, const char *name, struct error *err)
{
	const json_t *resources = facts_tree(deletion->plan.facts, SURVEY_RESOURCES);
	const json_t *resource = tree_find(resources, "StackResourceSummaries", "LogicalResourceId", name);

	if (resource && may_be_left(resource))
		return 0;
	return error_set(err, ERROR_FAILED,
		"nothing was deleted: --retain %s: %s%s; only what could not be deleted can be retained: %s",
		name, resource ? "it is " : "the stack has no resource with this logical id",
		resource ? tree_text(resource, "ResourceStatus") : "",
		candidates(deletion->run->arena, resources));
}

int orphans_check(const struct deletion *deletion, struct error *err)
{
	const struct delete_options *options = deletion->options;
	const struct stack *stack = &deletion->stack;
	const struct facts *facts = deletion->plan.facts;

	if ((options->retain.count == 0 && !options->force_stack) || stack->phase == STACK_ABSENT ||
		stack->phase == STACK_DELETED || text_equal(stack->status, "DELETE_IN_PROGRESS"))
		return 0;
	if (stack->phase != STACK_DELETE_FAILED)
		return error_set(err, ERROR_FAILED,
			"nothing was deleted: --retain and --force-stack are for a stack that could not be deleted (DELETE_FAILED), and %s is %s; delete it without them first: cloudctl delete --name %s",
			stack->name, stack->status, deletion->cloud.name);
	if (facts_lost(facts, SURVEY_RESOURCES)) {
		*err = *facts_error(facts, SURVEY_RESOURCES);
		return error_wrap(err, "nothing was deleted: looking for what can be retained");
	}
	for (size_t i = 0; i < options->retain.count; i++)
		if (check_name(deletion, options->retain.items[i], err) < 0)
			return -1;
	return 0;
}

struct text_list orphans_to_retain(const struct deletion *deletion)
{
	const struct text_list *retain = &deletion->options->retain;
	const json_t *resources = deletion->plan.facts ? facts_tree(deletion->plan.facts, SURVEY_RESOURCES)
						       : NULL;
	struct text_list names = {0};

	for (size_t i = 0; i < retain->count; i++) {
		const json_t *resource = tree_find(resources, "StackResourceSummaries", "LogicalResourceId",
			retain->items[i]);

		if (!text_equal(tree_text(resource, "ResourceStatus"), "DELETE_SKIPPED"))
			text_list_add_once(deletion->run->arena, &names, retain->items[i]);
	}
	return names;
}

static bool holds_only(const struct blocker *blocker, const struct text_list *names)
{
	for (size_t i = 0; i < blocker->holds.count; i++)
		if (!text_list_has(names, blocker->holds.items[i]))
			return false;
	return blocker->holds.count > 0;
}

void orphans_leave_out(struct deletion *deletion)
{
	const struct text_list *retain = &deletion->options->retain;
	struct blockers *blockers = &deletion->plan.blockers;
	struct arena *arena = deletion->run->arena;
	struct text_list names = {0};
	size_t kept = 0;

	for (size_t i = 0; i < retain->count; i++)
		text_list_add(arena, &names, stack_resource_name(arena, retain->items[i]));
	if (keep_is_wanted(deletion))
		text_list_add(arena, &names, stack_resource_name(arena, FILE_SYSTEM));
	for (size_t i = 0; i < blockers->count; i++)
		if (!holds_only(&blockers->items[i], &names))
			blockers->items[kept++] = blockers->items[i];
	blockers->count = kept;
}

/* --- what was left --- */

/* clang-format off */
/*
 * In the order in which they are best removed. {vpc} and {gateway} are the stack's own; its instance profiles have the
 * names of their roles.
 */
static const struct {
	const char *type, *removal;
} rows[] = {
	{"AWS::S3::BucketPolicy", "aws s3api delete-bucket-policy --bucket {id} --region {region}"},
	{"AWS::EFS::MountTarget", "aws efs delete-mount-target --mount-target-id {id} --region {region}"},
	{"AWS::EFS::FileSystem", "aws efs delete-file-system --file-system-id {id} --region {region}"},
	{"AWS::MemoryDB::Cluster", "aws memorydb delete-cluster --cluster-name {id} --region {region}"},
	{"AWS::MemoryDB::ParameterGroup",
	 "aws memorydb delete-parameter-group --parameter-group-name {id} --region {region}"},
	{"AWS::MemoryDB::SubnetGroup", "aws memorydb delete-subnet-group --subnet-group-name {id} --region {region}"},
	{"AWS::IAM::InstanceProfile",
	 "aws iam remove-role-from-instance-profile --instance-profile-name {id} --role-name {id}; aws iam delete-instance-profile --instance-profile-name {id}"},
	{"AWS::IAM::Policy", "it goes with the policies of its roles"},
	{"AWS::IAM::Role", "detach and delete its policies, then: aws iam delete-role --role-name {id}"},
	{"AWS::EC2::NatGateway", "aws ec2 delete-nat-gateway --nat-gateway-id {id} --region {region}"},
	{"AWS::EC2::EIP",
	 "aws ec2 release-address --region {region} --allocation-id \"$(aws ec2 describe-addresses --public-ips {id} --region {region} --query 'Addresses[0].AllocationId' --output text)\""},
	{"AWS::EC2::VPCEndpoint", "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id} --region {region}"},
	{"AWS::EC2::SecurityGroupIngress", "it goes with its security group"},
	{"AWS::EC2::SecurityGroupEgress", "it goes with its security group"},
	{"AWS::EC2::SecurityGroup", "aws ec2 delete-security-group --group-id {id} --region {region}"},
	{"AWS::EC2::Route", "it goes with its route table"},
	{"AWS::EC2::SubnetRouteTableAssociation",
	 "aws ec2 disassociate-route-table --association-id {id} --region {region}"},
	{"AWS::EC2::RouteTable", "aws ec2 delete-route-table --route-table-id {id} --region {region}"},
	{"AWS::EC2::Subnet", "aws ec2 delete-subnet --subnet-id {id} --region {region}"},
	{"AWS::EC2::VPCGatewayAttachment",
	 "aws ec2 detach-internet-gateway --internet-gateway-id {gateway} --vpc-id {vpc} --region {region}"},
	{"AWS::EC2::InternetGateway",
	 "aws ec2 delete-internet-gateway --internet-gateway-id {id} --region {region}"},
	{"AWS::EC2::VPC", "aws ec2 delete-vpc --vpc-id {id} --region {region}"},
};
/* clang-format on */

static const char *id_word(struct arena *arena, const json_t *resources, const char *logical_id)
{
	const json_t *resource = tree_find(resources, "StackResourceSummaries", "LogicalResourceId",
		logical_id);

	return shell_word(arena, tree_text(resource, "PhysicalResourceId"));
}

const char *orphan_removal(struct arena *arena, const json_t *resources, const json_t *resource,
	const char *region)
{
	const char *type = tree_text(resource, "ResourceType");
	const struct kind_value values[] = {
		{"id", shell_word(arena, tree_text(resource, "PhysicalResourceId"))},
		{"vpc", id_word(arena, resources, "Vpc")},
		{"gateway", id_word(arena, resources, "InternetGateway")},
		{"region", shell_word(arena, region)},
		{NULL},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(rows[i].type, type))
			return kind_fill_in(arena, rows[i].removal, values);
	return arena_printf(arena, "delete it as any %s is deleted", type);
}

/* The bucket is meant to stay, and another step tells of it. */
static bool is_orphan(const json_t *resource)
{
	return *tree_text(resource, "PhysicalResourceId") &&
		!text_equal(tree_text(resource, "ResourceStatus"), "DELETE_COMPLETE") &&
		!text_equal(tree_text(resource, "ResourceType"), "AWS::S3::Bucket");
}

/* Where a type is in the table; unknown ones are last. */
static size_t place_of(const json_t *resource)
{
	size_t place = 0;

	while (place < ARRAY_LENGTH(rows) &&
		!text_equal(rows[place].type, tree_text(resource, "ResourceType")))
		place++;
	return place;
}

static void tell_of(const struct deletion *deletion, const json_t *resources, const json_t *resource)
{
	struct run *run = deletion->run;
	const char *logical_id = tree_text(resource, "LogicalResourceId");
	const char *id = tree_text(resource, "PhysicalResourceId");

	if (text_equal(logical_id, FILE_SYSTEM) && keep_is_wanted(deletion))
		keep_tell(deletion, id);
	else
		event_step(run->stream, STEP_WARNING, "Left in the account: %s %s. To remove it: %s",
			stack_resource_name(run->arena, logical_id), id,
			orphan_removal(run->arena, resources, resource, deletion->cloud.region));
}

static void tell(const struct deletion *deletion, const json_t *resources)
{
	for (size_t place = 0; place <= ARRAY_LENGTH(rows); place++)
		TREE_EACH (resource, resources, "StackResourceSummaries")
			if (is_orphan(resource) && place_of(resource) == place)
				tell_of(deletion, resources, resource);
}

int orphans_tell(void *self, struct error *err)
{
	const struct deletion *deletion = self;
	struct run *run = deletion->run;
	const char *arn = aws_cloud(&deletion->cloud)->stack_arn;
	const json_t *resources;

	if (!arn)
		return 0;
	resources = aws_call(deletion->aws, run->arena, &cloudformation_ListStackResources,
		json_pack("{s:s}", "StackName", arn), err);
	if (resources)
		tell(deletion, resources);
	else if (err->kind != ERROR_NOT_FOUND)
		event_step(run->stream, STEP_WARNING,
			"What the stack may have left in the account could not be looked for: %s",
			error_text(run->arena, err));
	error_clear(err); /* the stack is gone, whatever can be said about it */
	return 0;
}
