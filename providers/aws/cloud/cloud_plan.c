/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan table and the inputs of its calls. Ids that one call can take together go together, as filters: a filter
 * on an id that does not exist finds less, an id argument would fail the whole call.
 */
#include "base/array.h"
#include "verify/plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/backup.h"
#include "providers/aws/cloud/checks/bucket_key.h"
#include "providers/aws/cloud/network/default_route.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "providers/aws/iam/arn.h"

/* {"Filter": [{"Name": name, "Value": [values]}]}; NULL values are left out. Nothing is asked without a value. */
static void ask_filter(struct ask *ask, const char *name, const char *const *values, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (values[i])
			json_array_append_new(list, json_string(values[i]));
	if (json_array_size(list) == 0) {
		json_decref(list);
		return;
	}
	ask_add(ask, NULL, json_pack("{s:[{s:s,s:o}]}", "Filter", "Name", name, "Value", list));
}

/* One text member; nothing is asked without its value. */
static void ask_one(struct ask *ask, const char *member, const char *value)
{
	if (value)
		ask_add(ask, NULL, json_pack("{s:s}", member, value));
}

static void ask_nothing(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, NULL);
}

static void ask_vpc_id(const struct facts *facts, struct ask *ask)
{
	ask_filter(ask, "vpc-id", &aws_cloud(facts->cloud)->resources.vpc_id, 1);
}

static void ask_vpc_attribute(const struct facts *facts, struct ask *ask, const char *attribute)
{
	const char *vpc_id = aws_cloud(facts->cloud)->resources.vpc_id;

	if (vpc_id)
		ask_add(ask, NULL, json_pack("{s:s,s:s}", "VpcId", vpc_id, "Attribute", attribute));
}

static void ask_dns_support(const struct facts *facts, struct ask *ask)
{
	ask_vpc_attribute(facts, ask, "enableDnsSupport");
}

static void ask_dns_hostnames(const struct facts *facts, struct ask *ask)
{
	ask_vpc_attribute(facts, ask, "enableDnsHostnames");
}

static void ask_subnets(const struct facts *facts, struct ask *ask)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.subnet_ids;

	ask_filter(ask, "subnet-id", ids->items, ids->count);
}

static void ask_groups(const struct facts *facts, struct ask *ask)
{
	const struct text_list *ids = &aws_cloud(facts->cloud)->resources.security_group_ids;

	ask_filter(ask, "group-id", ids->items, ids->count);
}

/* Only those that a private cloud's subnets lead to: in a direct cloud none of them is a way out anyway. */
static void ask_nat_gateways(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	struct text_list ids = {0};

	for (size_t i = 0; i < aws_cloud(cloud)->resources.subnet_ids.count; i++) {
		const char *id = way_out_nat_gateway(facts->arena, facts_tree(facts, FACT_ROUTE_TABLES),
			aws_cloud(cloud)->resources.subnet_ids.items[i]);

		if (id && cloud->networking == NETWORKING_PRIVATE && !text_list_has(&ids, id))
			text_list_add(facts->arena, &ids, id);
	}
	ask_filter(ask, "nat-gateway-id", ids.items, ids.count);
}

/* Groups that are not among the cloud's own, for those were asked for already. */
static void add_other_group(const struct facts *facts, struct text_list *others, const char *id)
{
	if (*id && !text_list_has(&aws_cloud(facts->cloud)->resources.security_group_ids, id) &&
		!text_list_has(others, id))
		text_list_add(facts->arena, others, id);
}

static void ask_control_plane_role(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "RoleName", arn_name(aws_cloud(facts->cloud)->resources.control_plane_role_arn));
}

static void ask_node_role(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "RoleName", arn_name(aws_cloud(facts->cloud)->resources.node_role_arn));
}

static void ask_policies(const char *role_arn, const json_t *policy_names, struct ask *ask)
{
	TREE_EACH (name, policy_names, "PolicyNames")
		ask_add(ask, json_string_value(name),
			json_pack("{s:s,s:s}", "RoleName", arn_name(role_arn), "PolicyName",
				tree_text(name, NULL)));
}

static void ask_control_plane_policies(const struct facts *facts, struct ask *ask)
{
	ask_policies(aws_cloud(facts->cloud)->resources.control_plane_role_arn,
		facts_tree(facts, FACT_CONTROL_PLANE_POLICY_NAMES), ask);
}

static void ask_node_policies(const struct facts *facts, struct ask *ask)
{
	ask_policies(aws_cloud(facts->cloud)->resources.node_role_arn,
		facts_tree(facts, FACT_NODE_POLICY_NAMES), ask);
}

static void ask_attached(const json_t *attached, struct ask *ask)
{
	TREE_EACH (policy, attached, "AttachedPolicies")
		ask_add(ask, tree_text(policy, "PolicyArn"),
			json_pack("{s:s}", "PolicyArn", tree_text(policy, "PolicyArn")));
}

/* A permissions boundary is a managed policy like those attached, so its document comes with theirs. */
static void ask_boundary(const json_t *role, struct ask *ask)
{
	const char *arn = tree_text(role, "Role.PermissionsBoundary.PermissionsBoundaryArn");

	if (*arn)
		ask_add(ask, arn, json_pack("{s:s}", "PolicyArn", arn));
}

static void ask_control_plane_attached(const struct facts *facts, struct ask *ask)
{
	ask_attached(facts_tree(facts, FACT_CONTROL_PLANE_ATTACHED), ask);
	ask_boundary(facts_tree(facts, FACT_CONTROL_PLANE_ROLE), ask);
}

static void ask_node_attached(const struct facts *facts, struct ask *ask)
{
	ask_attached(facts_tree(facts, FACT_NODE_ATTACHED), ask);
	ask_boundary(facts_tree(facts, FACT_NODE_ROLE), ask);
}

static void ask_documents(const json_t *versions, struct ask *ask)
{
	const char *arn;
	json_t *reply;

	json_object_foreach ((json_t *)versions, arn, reply) {
		const char *version = tree_text(reply, "Policy.DefaultVersionId");

		if (*version)
			ask_add(ask, arn, json_pack("{s:s,s:s}", "PolicyArn", arn, "VersionId", version));
	}
}

static void ask_control_plane_documents(const struct facts *facts, struct ask *ask)
{
	ask_documents(facts_tree(facts, FACT_CONTROL_PLANE_ATTACHED_VERSIONS), ask);
}

static void ask_node_documents(const struct facts *facts, struct ask *ask)
{
	ask_documents(facts_tree(facts, FACT_NODE_ATTACHED_VERSIONS), ask);
}

/* The owner is named, so that a stranger's bucket of the same name answers 403 instead of being taken for ours. */
static void ask_bucket(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;
	json_t *input;

	if (!aws_cloud(cloud)->resources.bucket)
		return;
	input = json_pack("{s:s}", "Bucket", aws_cloud(cloud)->resources.bucket);
	if (cloud->account)
		json_object_set_new(input, "Header:x-amz-expected-bucket-owner", json_string(cloud->account));
	ask_add(ask, NULL, input);
}

/* A key is where its bucket is, which need not be where the cloud is. */
static const char *bucket_region(const struct facts *facts)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");

	return *region && !text_equal(region, facts->cloud->region) ? region : NULL;
}

static void ask_bucket_key(const struct facts *facts, struct ask *ask)
{
	const char *key = bucket_key_id(facts_tree(facts, FACT_BUCKET_ENCRYPTION));

	ask_one(ask, "KeyId", *key ? key : NULL);
}

/* By the key's ARN, for an alias has no policy; and only in the key's own account is there an answer. */
static void ask_bucket_key_policy(const struct facts *facts, struct ask *ask)
{
	const char *arn = bucket_key_arn(facts_tree(facts, FACT_BUCKET_KEY)),
		   *account = facts->cloud->account;

	if (arn && (!account || arn_is_in_account(arn, account)))
		ask_add(ask, NULL, json_pack("{s:s,s:s}", "KeyId", arn, "PolicyName", "default"));
}

static void ask_file_system(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "FileSystemId", aws_cloud(facts->cloud)->resources.file_system_id);
}

/* Where the file system's tag says it already, nothing is asked: see backup.h. */
static void ask_backup(const struct facts *facts, struct ask *ask)
{
	if (!backup_is_tagged(facts_tree(facts, FACT_FILE_SYSTEM)))
		ask_file_system(facts, ask);
}

static void ask_interfaces(const struct facts *facts, struct ask *ask)
{
	struct text_list ids = {0};

	TREE_EACH (target, facts_tree(facts, FACT_MOUNT_TARGETS), "MountTargets")
		if (*tree_text(target, "NetworkInterfaceId"))
			text_list_add(facts->arena, &ids, tree_text(target, "NetworkInterfaceId"));
	ask_filter(ask, "network-interface-id", ids.items, ids.count);
}

static void ask_mount_target_groups(const struct facts *facts, struct ask *ask)
{
	struct text_list others = {0};

	TREE_EACH (interface, facts_tree(facts, FACT_MOUNT_TARGET_INTERFACES), "networkInterfaceSet")
		TREE_EACH (group, interface, "groupSet")
			add_other_group(facts, &others, tree_text(group, "groupId"));
	ask_filter(ask, "group-id", others.items, others.count);
}

static void ask_memorydb(const struct facts *facts, struct ask *ask)
{
	if (aws_cloud(facts->cloud)->resources.memorydb_cluster)
		ask_add(ask, NULL,
			json_pack("{s:s,s:b}", "ClusterName",
				aws_cloud(facts->cloud)->resources.memorydb_cluster, "ShowShardDetails", 1));
}

/* What the cluster names in one of its members; nothing is asked when it does not exist. */
static void ask_of_memorydb(const struct facts *facts, struct ask *ask, const char *member, const char *path)
{
	const char *name = tree_text(facts_tree(facts, FACT_MEMORYDB_CLUSTER), path);

	ask_one(ask, member, *name ? name : NULL);
}

static void ask_subnet_group(const struct facts *facts, struct ask *ask)
{
	ask_of_memorydb(facts, ask, "SubnetGroupName", "Clusters.0.SubnetGroupName");
}

static void ask_parameters(const struct facts *facts, struct ask *ask)
{
	ask_of_memorydb(facts, ask, "ParameterGroupName", "Clusters.0.ParameterGroupName");
}

static void ask_memorydb_groups(const struct facts *facts, struct ask *ask)
{
	struct text_list others = {0};

	TREE_EACH (group, facts_tree(facts, FACT_MEMORYDB_CLUSTER), "Clusters.0.SecurityGroups")
		add_other_group(facts, &others, tree_text(group, "SecurityGroupId"));
	ask_filter(ask, "group-id", others.items, others.count);
}

static void ask_stack(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;

	ask_one(ask, "StackName",
		aws_cloud(cloud)->stack_arn ? aws_cloud(cloud)->stack_arn : aws_cloud(cloud)->stack_name);
}

/* Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances. */
static void ask_vcpu_quota(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, json_pack("{s:s,s:s}", "ServiceCode", "ec2", "QuotaCode", "L-1216C47A"));
}

static void ask_control_plane_simulation(const struct facts *facts, struct ask *ask)
{
	simulation_ask(facts, ROLE_CONTROL_PLANE, ask);
}

static void ask_node_simulation(const struct facts *facts, struct ask *ask)
{
	simulation_ask(facts, ROLE_NODE, ask);
}

#define NO_ROLE "NoSuchEntity"
#define NO_BUCKET "404 NoSuchBucket"
#define NO_ENCRYPTION "ServerSideEncryptionConfigurationNotFoundError"
#define NO_FILE_SYSTEM "FileSystemNotFound"

/* clang-format off */
static const struct plan_row rows[] = {
	{FACT_IDENTITY, 0, &sts_GetCallerIdentity, ask_nothing, "asking who the caller is"},

	{FACT_VPC, 0, &ec2_DescribeVpcs, ask_vpc_id, "describing the VPC", .list = "vpcSet"},
	{FACT_VPC_DNS_SUPPORT, 0, &ec2_DescribeVpcAttribute, ask_dns_support, "reading the VPC's DNS support",
	 .absent = "InvalidVpcID.NotFound"},
	{FACT_VPC_DNS_HOSTNAMES, 0, &ec2_DescribeVpcAttribute, ask_dns_hostnames, "reading the VPC's DNS host names",
	 .absent = "InvalidVpcID.NotFound"},
	{FACT_SUBNETS, 0, &ec2_DescribeSubnets, ask_subnets, "describing subnets", .list = "subnetSet"},
	{FACT_ROUTE_TABLES, 0, &ec2_DescribeRouteTables, ask_vpc_id, "describing route tables"},
	{FACT_NAT_GATEWAYS, F(ROUTE_TABLES), &ec2_DescribeNatGateways, ask_nat_gateways, "describing NAT gateways"},
	{FACT_VPC_ENDPOINTS, 0, &ec2_DescribeVpcEndpoints, ask_vpc_id, "describing VPC endpoints"},
	{FACT_NETWORK_ACLS, 0, &ec2_DescribeNetworkAcls, ask_vpc_id, "describing network ACLs"},
	{FACT_SECURITY_GROUPS, 0, &ec2_DescribeSecurityGroups, ask_groups, "describing security groups",
	 .list = "securityGroupInfo"},

	{FACT_CONTROL_PLANE_ROLE, 0, &iam_GetRole, ask_control_plane_role, "reading the control-plane role",
	 .absent = NO_ROLE},
	{FACT_CONTROL_PLANE_POLICY_NAMES, 0, &iam_ListRolePolicies, ask_control_plane_role,
	 "listing the control-plane role's policies", .absent = NO_ROLE},
	{FACT_CONTROL_PLANE_POLICIES, F(CONTROL_PLANE_POLICY_NAMES), &iam_GetRolePolicy, ask_control_plane_policies,
	 "reading the control-plane role's policies", .absent = NO_ROLE},
	{FACT_CONTROL_PLANE_ATTACHED, 0, &iam_ListAttachedRolePolicies, ask_control_plane_role,
	 "listing the control-plane role's attached policies", .absent = NO_ROLE},
	{FACT_CONTROL_PLANE_ATTACHED_VERSIONS, F(CONTROL_PLANE_ATTACHED) | F(CONTROL_PLANE_ROLE), &iam_GetPolicy,
	 ask_control_plane_attached, "finding the control-plane role's attached policies", .absent = NO_ROLE},
	{FACT_CONTROL_PLANE_ATTACHED_DOCUMENTS, F(CONTROL_PLANE_ATTACHED_VERSIONS), &iam_GetPolicyVersion,
	 ask_control_plane_documents, "reading the control-plane role's attached policies", .absent = NO_ROLE},
	{FACT_NODE_ROLE, 0, &iam_GetRole, ask_node_role, "reading the node role", .absent = NO_ROLE},
	{FACT_NODE_INSTANCE_PROFILES, 0, &iam_ListInstanceProfilesForRole, ask_node_role,
	 "listing the node role's instance profiles", .absent = NO_ROLE},
	{FACT_NODE_POLICY_NAMES, 0, &iam_ListRolePolicies, ask_node_role, "listing the node role's policies",
	 .absent = NO_ROLE},
	{FACT_NODE_POLICIES, F(NODE_POLICY_NAMES), &iam_GetRolePolicy, ask_node_policies,
	 "reading the node role's policies", .absent = NO_ROLE},
	{FACT_NODE_ATTACHED, 0, &iam_ListAttachedRolePolicies, ask_node_role,
	 "listing the node role's attached policies", .absent = NO_ROLE},
	{FACT_NODE_ATTACHED_VERSIONS, F(NODE_ATTACHED) | F(NODE_ROLE), &iam_GetPolicy,
	 ask_node_attached, "finding the node role's attached policies", .absent = NO_ROLE},
	{FACT_NODE_ATTACHED_DOCUMENTS, F(NODE_ATTACHED_VERSIONS), &iam_GetPolicyVersion, ask_node_documents,
	 "reading the node role's attached policies", .absent = NO_ROLE},

	/* A question that is asked anyway: who gets an answer to it has found the bucket, and knows where. */
	{FACT_BUCKET, 0, &s3_GetBucketEncryption, ask_bucket, "looking at the bucket", .absent = NO_BUCKET,
	 .present = NO_ENCRYPTION, .place = "BucketRegion"},
	{FACT_BUCKET_POLICY, 0, &s3_GetBucketPolicy, ask_bucket, "reading the bucket's policy",
	 .absent = NO_BUCKET " NoSuchBucketPolicy"},
	{FACT_BUCKET_CORS, 0, &s3_GetBucketCors, ask_bucket, "reading the bucket's CORS rules",
	 .absent = NO_BUCKET " NoSuchCORSConfiguration"},
	{FACT_BUCKET_PUBLIC_ACCESS, 0, &s3_GetPublicAccessBlock, ask_bucket,
	 "reading the bucket's public access block", .absent = NO_BUCKET " NoSuchPublicAccessBlockConfiguration"},
	{FACT_BUCKET_ENCRYPTION, 0, &s3_GetBucketEncryption, ask_bucket, "reading the bucket's encryption",
	 .absent = NO_BUCKET " " NO_ENCRYPTION},
	{FACT_BUCKET_KEY, F(BUCKET_ENCRYPTION) | F(BUCKET), &kms_DescribeKey, ask_bucket_key,
	 "describing the bucket's key", .absent = "NotFoundException", .where = bucket_region},
	{FACT_BUCKET_KEY_POLICY, F(BUCKET_KEY) | F(BUCKET), &kms_GetKeyPolicy, ask_bucket_key_policy,
	 "reading the policy of the bucket's key", .absent = "NotFoundException", .where = bucket_region},

	{FACT_FILE_SYSTEM, 0, &efs_DescribeFileSystems, ask_file_system, "describing the file system",
	 .list = "FileSystems", .absent = NO_FILE_SYSTEM},
	{FACT_MOUNT_TARGETS, 0, &efs_DescribeMountTargets, ask_file_system, "describing mount targets",
	 .list = "MountTargets", .absent = NO_FILE_SYSTEM},
	{FACT_MOUNT_TARGET_INTERFACES, F(MOUNT_TARGETS), &ec2_DescribeNetworkInterfaces, ask_interfaces,
	 "describing the mount targets' network interfaces"},
	{FACT_MOUNT_TARGET_GROUPS, F(MOUNT_TARGET_INTERFACES), &ec2_DescribeSecurityGroups, ask_mount_target_groups,
	 "describing the mount targets' security groups"},
	{FACT_FILE_SYSTEM_POLICY, 0, &efs_DescribeFileSystemPolicy, ask_file_system, "reading the file system's policy",
	 .absent = NO_FILE_SYSTEM " PolicyNotFound"},
	{FACT_FILE_SYSTEM_BACKUP, F(FILE_SYSTEM), &efs_DescribeBackupPolicy, ask_backup,
	 "reading the file system's backup policy", .absent = NO_FILE_SYSTEM " PolicyNotFound"},

	{FACT_MEMORYDB_CLUSTER, 0, &memorydb_DescribeClusters, ask_memorydb, "describing the MemoryDB cluster",
	 .list = "Clusters", .absent = "ClusterNotFoundFault"},
	{FACT_MEMORYDB_SUBNET_GROUP, F(MEMORYDB_CLUSTER), &memorydb_DescribeSubnetGroups, ask_subnet_group,
	 "describing MemoryDB's subnet group", .list = "SubnetGroups", .absent = "SubnetGroupNotFoundFault"},
	{FACT_MEMORYDB_GROUPS, F(MEMORYDB_CLUSTER), &ec2_DescribeSecurityGroups, ask_memorydb_groups,
	 "describing MemoryDB's security groups"},
	{FACT_MEMORYDB_PARAMETERS, F(MEMORYDB_CLUSTER), &memorydb_DescribeParameters, ask_parameters,
	 "reading MemoryDB's parameters", .absent = "ParameterGroupNotFoundFault"},

	/* Other validation errors have the same code, so the message decides. */
	{FACT_STACK, 0, &cloudformation_DescribeStacks, ask_stack, "describing the stack", .list = "Stacks",
	 .absent = "ValidationError", .absent_text = "does not exist"},

	{FACT_VCPU_QUOTA, 0, &servicequotas_GetServiceQuota, ask_vcpu_quota, "reading the quota of vCPUs",
	 .absent = "NoSuchResourceException"},

	{FACT_CONTROL_PLANE_SIMULATION, ROLE_FACTS(CONTROL_PLANE) | F(NODE_INSTANCE_PROFILES), &iam_SimulatePrincipalPolicy,
	 ask_control_plane_simulation, "simulating the control-plane role's policies", .absent = NO_ROLE},
	{FACT_NODE_SIMULATION, ROLE_FACTS(NODE), &iam_SimulatePrincipalPolicy, ask_node_simulation,
	 "simulating the node role's policies", .absent = NO_ROLE},
};
/* clang-format on */

const struct plan verify_plan = {rows, ARRAY_LENGTH(rows)};

const struct plan_row *plan_row_of(const struct plan *plan, unsigned fact)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].fact == fact)
			return &plan->rows[i];
	return NULL;
}

fact_set plan_closure(const struct plan *plan, fact_set wanted)
{
	fact_set before;

	do {
		before = wanted;
		for (size_t i = 0; i < plan->count; i++)
			if (wanted & ((fact_set)1 << plan->rows[i].fact))
				wanted |= plan->rows[i].after;
	} while (wanted != before);
	return wanted;
}
