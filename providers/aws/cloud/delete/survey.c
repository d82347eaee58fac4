/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of the survey: the stack's resources first, and then everything else at once. */
#include "providers/aws/cloud/delete/survey.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/delete/interface_owner.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"
#include "verify/gather.h"

/* --- the stack's resources --- */

/* An earlier deletion left it in the account, and the stack will not delete it any more. The bucket is always left. */
static bool is_left(const json_t *resource)
{
	return text_equal(tree_text(resource, "ResourceStatus"), "DELETE_SKIPPED") &&
		!text_equal(tree_text(resource, "ResourceType"), "AWS::S3::Bucket");
}

static const json_t *resource_with(const struct facts *facts, const char *member, const char *value)
{
	const json_t *list = tree_get(facts_tree(facts, SURVEY_RESOURCES), "StackResourceSummaries");
	const json_t *found = tree_find(list, NULL, member, value);

	return text_equal(tree_text(found, "ResourceStatus"), "DELETE_COMPLETE") || is_left(found) ? NULL
												   : found;
}

const char *survey_physical_id(const struct facts *facts, const char *logical_id)
{
	const char *id = tree_text(resource_with(facts, "LogicalResourceId", logical_id),
		"PhysicalResourceId");

	return *id ? id : NULL;
}

const char *survey_logical_id(const struct facts *facts, const char *physical_id)
{
	const json_t *found = *physical_id ? resource_with(facts, "PhysicalResourceId", physical_id) : NULL;

	return found ? tree_text(found, "LogicalResourceId") : NULL;
}

bool survey_is_stacks(const struct facts *facts, const char *id, const json_t *tags)
{
	const json_t *tag = tree_find(tags, NULL, "key", "aws:cloudformation:stack-id");
	const char *arn = aws_cloud(facts->cloud)->stack_arn;
	const json_t *list = tree_get(facts_tree(facts, SURVEY_RESOURCES), "StackResourceSummaries");

	if (is_left(tree_find(list, NULL, "PhysicalResourceId", id)))
		return false;
	return survey_logical_id(facts, id) || (arn && text_equal(tree_text(tag, "value"), arn));
}

/* Those of a type that are there. */
static struct text_list ids_of_type(const struct facts *facts, const char *type)
{
	struct text_list ids = {0};

	TREE_EACH (resource, facts_tree(facts, SURVEY_RESOURCES), "StackResourceSummaries") {
		const char *id = tree_text(resource, "PhysicalResourceId");

		if (*id && text_equal(tree_text(resource, "ResourceType"), type) &&
			!text_equal(tree_text(resource, "ResourceStatus"), "DELETE_COMPLETE"))
			text_list_add(facts->arena, &ids, id);
	}
	return ids;
}

/* --- tags that are asked for separately --- */

const char *survey_balancer_arn(const struct facts *facts, const json_t *interface)
{
	const struct cloud *cloud = facts->cloud;
	const struct interface_owner *owner = interface_owner_find(interface);
	const char *id = owner && text_equal(owner->kind, "load balancer")
		? interface_owner_id(facts->arena, owner, interface)
		: NULL;
	size_t length = 0;
	const char *partition = arn_find(text_or(aws_cloud(cloud)->stack_arn, ""), ARN_PARTITION, &length);

	return id && partition
		? arena_printf(facts->arena, "arn:%.*s:elasticloadbalancing:%s:%s:loadbalancer/%s",
			  (int)length, partition, cloud->region, text_or(cloud->account, ""), id)
		: NULL;
}

const json_t *survey_tags(const struct facts *facts, enum survey_fact fact, const char *id)
{
	const json_t *replies = facts_tree(facts, fact);
	const char *key;
	json_t *reply;

	json_object_foreach ((json_t *)(uintptr_t)replies, key, reply) {
		const json_t *found = text_equal(key, id)
			? reply
			: tree_find(reply, "TagDescriptions", "ResourceArn", id);

		if (found)
			return tree_get(found, "Tags");
	}
	return NULL;
}

/* --- what is asked --- */

static void ask_resources(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "StackName", aws_cloud(facts->cloud)->stack_arn);
}

/* Rows that are asked by the VPC say by which filter. */
enum { BY_VPC, BY_ATTACHMENT, BY_REQUESTER, BY_ACCEPTER };
static const char *const filters[] = {"vpc-id", "attachment.vpc-id", "requester-vpc-info.vpc-id",
	"accepter-vpc-info.vpc-id"};

static void ask_in_vpc(const struct facts *facts, struct ask *ask)
{
	const char *vpc = survey_physical_id(facts, "Vpc");

	ask_filter(ask, filters[ask->row->which], &vpc, 1);
}

/* All of the account and region: what of it belongs to the VPC is in the reply. */
static void ask_if_vpc(const struct facts *facts, struct ask *ask)
{
	if (survey_physical_id(facts, "Vpc"))
		ask_add(ask, NULL, NULL);
}

static void ask_peerings(const struct facts *facts, struct ask *ask)
{
	const char *vpc = survey_physical_id(facts, "Vpc");

	for (int by = BY_REQUESTER; vpc && by <= BY_ACCEPTER; by++)
		ask_add(ask, by == BY_REQUESTER ? "requester" : "accepter",
			json_pack("{s:[{s:s, s:[s]}]}", "Filter", "Name", filters[by], "Value", vpc));
}

/* In a VPC of the user's, what has the cloud's security group; of_group is the filter for that. */
static json_t *where(const struct facts *facts, const char *of_group)
{
	const char *vpc = survey_physical_id(facts, "Vpc");
	const char *group = survey_physical_id(facts, "SecurityGroup");

	if (!vpc && !group)
		return NULL;
	return json_pack("{s:s, s:[s]}", "Name", vpc ? "vpc-id" : of_group, "Value", vpc ? vpc : group);
}

static void ask_instances(const struct facts *facts, struct ask *ask)
{
	json_t *filter = where(facts, "instance.group-id");

	if (filter)
		ask_add(ask, NULL,
			json_pack("{s:[o, {s:s, s:[s,s,s,s,s]}]}", "Filter", filter, "Name",
				"instance-state-name", "Value", "pending", "running", "shutting-down",
				"stopping", "stopped"));
}

static void ask_interfaces(const struct facts *facts, struct ask *ask)
{
	json_t *filter = where(facts, "group-id");

	if (filter)
		ask_add(ask, NULL, json_pack("{s:[o]}", "Filter", filter));
}

static void ask_reservations(const struct facts *facts, struct ask *ask)
{
	struct text_list subnets = ids_of_type(facts, "AWS::EC2::Subnet");

	for (size_t i = 0; i < subnets.count; i++)
		ask_add(ask, subnets.items[i], json_pack("{s:s}", "SubnetId", subnets.items[i]));
}

static void ask_references(const struct facts *facts, struct ask *ask)
{
	const char *group = survey_physical_id(facts, "SecurityGroup");

	if (!group)
		return;
	ask_add(ask, "in",
		json_pack("{s:[{s:s, s:[s]}]}", "Filter", "Name", "ip-permission.group-id", "Value", group));
	ask_add(ask, "out",
		json_pack("{s:[{s:s, s:[s]}]}", "Filter", "Name", "egress.ip-permission.group-id", "Value",
			group));
}

static void ask_file_system(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "FileSystemId", survey_physical_id(facts, "FileSystem"));
}

static void ask_roles(const struct facts *facts, struct ask *ask)
{
	struct text_list roles = ids_of_type(facts, "AWS::IAM::Role");

	for (size_t i = 0; i < roles.count; i++)
		ask_add(ask, roles.items[i], json_pack("{s:s}", "RoleName", roles.items[i]));
}

/* DescribeInstances does not say it. */
static void ask_termination(const struct facts *facts, struct ask *ask)
{
	TREE_EACH (reservation, facts_tree(facts, SURVEY_INSTANCES), "reservationSet")
		TREE_EACH (instance, reservation, "instancesSet") {
			const char *id = tree_text(instance, "instanceId");

			ask_add(ask, id,
				json_pack("{s:s, s:s}", "InstanceId", id, "Attribute",
					"disableApiTermination"));
		}
}

static void ask_memorydb(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "ClusterName", survey_physical_id(facts, "MemoryDBCluster"));
}

/* DescribeTags takes twenty ARNs (Elastic Load Balancing API, version 2015-12-01). */
static void ask_balancing_tags(const struct text_list *arns, struct ask *ask)
{
	enum { AT_ONCE = 20 };
	static const char *const keys[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

	for (size_t i = 0; i < ARRAY_LENGTH(keys) && i * AT_ONCE < arns->count; i++) {
		json_t *list = json_array();

		for (size_t k = i * AT_ONCE; k < arns->count && k < (i + 1) * AT_ONCE; k++)
			json_array_append_new(list, json_string(arns->items[k]));
		ask_add(ask, keys[i], json_pack("{s:o}", "ResourceArns", list));
	}
}

static void ask_balancer_tags(const struct facts *facts, struct ask *ask)
{
	struct text_list arns = {0};

	TREE_EACH (interface, facts_tree(facts, SURVEY_INTERFACES), "networkInterfaceSet") {
		const char *arn = survey_balancer_arn(facts, interface);

		if (arn)
			text_list_add_once(facts->arena, &arns, arn);
	}
	ask_balancing_tags(&arns, ask);
}

/* The VPC of the stack's, or the user's in which it is. */
static void ask_target_group_tags(const struct facts *facts, struct ask *ask)
{
	const char *vpc = text_or(survey_physical_id(facts, "Vpc"),
		text_or(aws_cloud(facts->cloud)->network.vpc_id, ""));
	struct text_list arns = {0};

	TREE_EACH (group, facts_tree(facts, SURVEY_TARGET_GROUPS), "TargetGroups")
		if (text_equal(tree_text(group, "VpcId"), vpc))
			text_list_add(facts->arena, &arns, tree_text(group, "TargetGroupArn"));
	ask_balancing_tags(&arns, ask);
}

static void ask_spot_requests(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	const char *const keys[] = {cloud_tag_sent(cloud), cloud_tag(cloud) ? NULL : ANYSCALE_TAG};

	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		if (keys[i])
			ask_add(ask, keys[i],
				json_pack("{s:[{s:o, s:[s]}, {s:s, s:[s,s]}]}", "Filter", "Name",
					json_sprintf("tag:%s", keys[i]), "Value", cloud->id, "Name", "state",
					"Value", "open", "active"));
}

/* AWS's own policies have no tags. */
static void ask_policy_tags(const struct facts *facts, struct ask *ask)
{
	const char *role;
	json_t *reply;

	json_object_foreach ((json_t *)(uintptr_t)facts_tree(facts, SURVEY_ATTACHED_POLICIES), role, reply)
		TREE_EACH (policy, reply, "AttachedPolicies") {
			const char *arn = tree_text(policy, "PolicyArn");

			if (!survey_logical_id(facts, arn) && !arn_field_is(arn, ARN_ACCOUNT, "aws"))
				ask_add(ask, arn, json_pack("{s:s}", "PolicyArn", arn));
		}
}

static void ask_profile_tags(const struct facts *facts, struct ask *ask)
{
	const char *role;
	json_t *reply;

	json_object_foreach ((json_t *)(uintptr_t)facts_tree(facts, SURVEY_INSTANCE_PROFILES), role, reply)
		TREE_EACH (profile, reply, "InstanceProfiles") {
			const char *name = tree_text(profile, "InstanceProfileName");

			if (!survey_logical_id(facts, name))
				ask_add(ask, name, json_pack("{s:s}", "InstanceProfileName", name));
		}
}

/* clang-format off */
#define AFTER_RESOURCES .after = FACTS(SURVEY_RESOURCES)
static const struct plan_row rows[SURVEY_FACT_COUNT] = {
	[SURVEY_STACK] = {.name = "stack"},
	[SURVEY_RESOURCES] = {.name = "resources", .operation = &cloudformation_ListStackResources, .ask = ask_resources,
	 .doing = "listing the stack's resources"},
	[SURVEY_INSTANCES] = {.name = "instances", AFTER_RESOURCES, .operation = &ec2_DescribeInstances,
	 .ask = ask_instances, .doing = "looking for instances"},
	[SURVEY_NAT_GATEWAYS] = {.name = "nat-gateways", AFTER_RESOURCES, .operation = &ec2_DescribeNatGateways,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for NAT gateways"},
	[SURVEY_ENDPOINTS] = {.name = "endpoints", AFTER_RESOURCES, .operation = &ec2_DescribeVpcEndpoints,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for VPC endpoints"},
	[SURVEY_SUBNETS] = {.name = "subnets", AFTER_RESOURCES, .operation = &ec2_DescribeSubnets,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for subnets"},
	[SURVEY_RESERVATIONS] = {.name = "reservations", AFTER_RESOURCES, .operation = &ec2_GetSubnetCidrReservations,
	 .ask = ask_reservations, .doing = "looking for addresses that are reserved in the subnets",
	 .absent = "InvalidSubnetID.NotFound"},
	[SURVEY_GROUPS] = {.name = "groups", AFTER_RESOURCES, .operation = &ec2_DescribeSecurityGroups,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for security groups"},
	[SURVEY_REFERENCES] = {.name = "references", AFTER_RESOURCES, .operation = &ec2_DescribeSecurityGroups,
	 .ask = ask_references, .doing = "looking for rules that name the security group"},
	[SURVEY_ADDRESSES] = {.name = "addresses", AFTER_RESOURCES, .operation = &ec2_DescribeAddresses,
	 .ask = ask_if_vpc, .doing = "looking for elastic IP addresses"},
	[SURVEY_ROUTE_TABLES] = {.name = "route-tables", AFTER_RESOURCES, .operation = &ec2_DescribeRouteTables,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for route tables"},
	[SURVEY_NETWORK_ACLS] = {.name = "network-acls", AFTER_RESOURCES, .operation = &ec2_DescribeNetworkAcls,
	 .which = BY_VPC, .ask = ask_in_vpc, .doing = "looking for network ACLs"},
	[SURVEY_PEERINGS] = {.name = "peerings", AFTER_RESOURCES, .operation = &ec2_DescribeVpcPeeringConnections,
	 .ask = ask_peerings, .doing = "looking for VPC peering connections"},
	[SURVEY_VPN_GATEWAYS] = {.name = "vpn-gateways", AFTER_RESOURCES, .operation = &ec2_DescribeVpnGateways,
	 .which = BY_ATTACHMENT, .ask = ask_in_vpc, .doing = "looking for virtual private gateways"},
	[SURVEY_TRANSIT_ATTACHMENTS] = {.name = "transit-attachments", AFTER_RESOURCES,
	 .operation = &ec2_DescribeTransitGatewayVpcAttachments, .which = BY_VPC, .ask = ask_in_vpc,
	 .doing = "looking for attachments to transit gateways"},
	[SURVEY_EGRESS_GATEWAYS] = {.name = "egress-gateways", AFTER_RESOURCES,
	 .operation = &ec2_DescribeEgressOnlyInternetGateways, .ask = ask_if_vpc,
	 .doing = "looking for egress-only internet gateways"},
	[SURVEY_INTERNET_GATEWAYS] = {.name = "internet-gateways", AFTER_RESOURCES,
	 .operation = &ec2_DescribeInternetGateways, .which = BY_ATTACHMENT, .ask = ask_in_vpc,
	 .doing = "looking for internet gateways"},
	[SURVEY_MOUNT_TARGETS] = {.name = "mount-targets", AFTER_RESOURCES, .operation = &efs_DescribeMountTargets,
	 .ask = ask_file_system, .doing = "looking for mount targets", .absent = "FileSystemNotFound"},
	[SURVEY_REPLICATION] = {.name = "replication", AFTER_RESOURCES, .operation = &efs_DescribeReplicationConfigurations,
	 .ask = ask_file_system, .doing = "looking for a replication of the file system",
	 .absent = "ReplicationNotFound FileSystemNotFound"},
	[SURVEY_INTERFACES] = {.name = "interfaces", AFTER_RESOURCES, .operation = &ec2_DescribeNetworkInterfaces,
	 .ask = ask_interfaces, .doing = "looking for network interfaces"},
	[SURVEY_ATTACHED_POLICIES] = {.name = "attached-policies", AFTER_RESOURCES,
	 .operation = &iam_ListAttachedRolePolicies, .ask = ask_roles, .doing = "looking for policies attached to the roles",
	 .absent = "NoSuchEntity"},
	[SURVEY_POLICIES] = {.name = "policies", AFTER_RESOURCES, .operation = &iam_ListRolePolicies, .ask = ask_roles,
	 .doing = "looking for policies of the roles", .absent = "NoSuchEntity"},
	[SURVEY_INSTANCE_PROFILES] = {.name = "instance-profiles", AFTER_RESOURCES,
	 .operation = &iam_ListInstanceProfilesForRole, .ask = ask_roles,
	 .doing = "looking for instance profiles of the roles", .absent = "NoSuchEntity"},
	[SURVEY_MEMORYDB] = {.name = "memorydb", AFTER_RESOURCES, .operation = &memorydb_DescribeClusters,
	 .ask = ask_memorydb, .doing = "looking at the MemoryDB cluster", .absent = "ClusterNotFoundFault"},
	[SURVEY_BALANCER_TAGS] = {.name = "balancer-tags", .after = FACTS(SURVEY_INTERFACES), .operation = &elbv2_DescribeTags,
	 .ask = ask_balancer_tags, .doing = "looking at tags of load balancers", .absent = "LoadBalancerNotFound"},
	[SURVEY_POLICY_TAGS] = {.name = "policy-tags", .after = FACTS(SURVEY_ATTACHED_POLICIES), .operation = &iam_ListPolicyTags,
	 .ask = ask_policy_tags, .doing = "looking at tags of attached policies", .absent = "NoSuchEntity"},
	[SURVEY_PROFILE_TAGS] = {.name = "profile-tags", .after = FACTS(SURVEY_INSTANCE_PROFILES),
	 .operation = &iam_ListInstanceProfileTags, .ask = ask_profile_tags,
	 .doing = "looking at tags of instance profiles", .absent = "NoSuchEntity"},
	[SURVEY_TERMINATION] = {.name = "termination", .after = FACTS(SURVEY_INSTANCES), .operation = &ec2_DescribeInstanceAttribute,
	 .ask = ask_termination, .doing = "looking at the termination protection of instances",
	 .absent = "InvalidInstanceID.NotFound"},
	[SURVEY_TARGET_GROUPS] = {.name = "target-groups", AFTER_RESOURCES, .operation = &elbv2_DescribeTargetGroups,
	 .ask = ask_nothing, .doing = "looking for target groups"},
	[SURVEY_TARGET_GROUP_TAGS] = {.name = "target-group-tags", .after = FACTS(SURVEY_TARGET_GROUPS),
	 .operation = &elbv2_DescribeTags, .ask = ask_target_group_tags, .doing = "looking at tags of target groups",
	 .absent = "TargetGroupNotFound"},
	[SURVEY_SPOT_REQUESTS] = {.name = "spot-requests", AFTER_RESOURCES, .operation = &ec2_DescribeSpotInstanceRequests,
	 .ask = ask_spot_requests, .doing = "looking for requests for spot instances"},
};
/* clang-format on */

const struct plan survey_plan = {rows, SURVEY_FACT_COUNT};

/* An ask that keeps the request. */
struct kept_ask {
	struct ask ask;
	json_t *input;
};

static void keep(struct ask *ask, const char *key, json_t *input)
{
	struct kept_ask *kept = (struct kept_ask *)ask;

	(void)key;
	json_decref(kept->input);
	kept->input = input ? input : json_object();
}

json_t *survey_input(const struct facts *facts, enum survey_fact fact)
{
	struct kept_ask kept = {.ask = {.row = &rows[fact], .add = keep}};

	rows[fact].ask(facts, &kept.ask);
	return kept.input;
}

/* Is the fact asked for of a cloud without this part? */
static bool is_asked(unsigned parts, enum survey_fact fact)
{
	if (fact == SURVEY_MEMORYDB)
		return parts & PART_MEMORYDB;
	if (rows[fact].ask == ask_file_system)
		return parts & PART_EFS;
	if (rows[fact].ask == ask_in_vpc || rows[fact].ask == ask_if_vpc || rows[fact].ask == ask_peerings ||
		rows[fact].ask == ask_reservations)
		return parts & PART_NETWORK;
	return rows[fact].operation != NULL;
}

const struct aws_operation *const *survey_operations(struct arena *arena, const struct cloud *cloud,
	bool cleans)
{
	const struct aws_operation **list = NEW_ARRAY(arena, const struct aws_operation *,
		SURVEY_FACT_COUNT + 1);
	size_t count = 0;

	for (unsigned fact = 0; fact < SURVEY_FACT_COUNT; fact++)
		if (is_asked(stack_parts(cloud), fact) && (fact >= SURVEY_BALANCER_TAGS) == cleans)
			list[count++] = rows[fact].operation;
	return list;
}

int survey(struct aws *aws, struct arena *arena, const struct cloud *cloud, const struct stack *stack,
	bool cleans, struct facts **facts, struct error *err)
{
	bool wanted[SURVEY_FACT_COUNT];

	*facts = facts_new(arena, &survey_plan, cloud);
	facts_learn(*facts, SURVEY_STACK, stack->description);
	for (unsigned fact = 0; fact < SURVEY_FACT_COUNT; fact++)
		wanted[fact] = cleans || fact < SURVEY_TARGET_GROUPS;
	return gather(aws_source(arena, aws), *facts, wanted, NULL, NULL, NULL, err);
}
