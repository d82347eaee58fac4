/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan table, and the simple inputs of its calls. Ids that one call can take together go together, as filters: a
 * filter on an id that does not exist finds less, an id argument would fail the whole call.
 */
#include "providers/aws/cloud/cloud_plan.h"

#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "providers/aws/cloud/plan_parts.h"
#include "providers/aws/cloud/quotas.h"

void ask_filter(struct ask *ask, const char *name, const char *const *values, size_t count)
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

void ask_one(struct ask *ask, const char *member, const char *value)
{
	if (value)
		ask_add(ask, NULL, json_pack("{s:s}", member, value));
}

void ask_nothing(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, NULL);
}

static void ask_stack(const struct facts *facts, struct ask *ask)
{
	const struct cloud *cloud = facts->cloud;

	ask_one(ask, "StackName",
		aws_cloud(cloud)->stack_arn ? aws_cloud(cloud)->stack_arn : aws_cloud(cloud)->stack_name);
}

static void ask_vcpu_quota(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, json_pack("{s:s,s:s}", "ServiceCode", "ec2", "QuotaCode", QUOTA_VCPUS));
}

static void ask_spot_quota(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, json_pack("{s:s,s:s}", "ServiceCode", "ec2", "QuotaCode", QUOTA_SPOT_VCPUS));
}

#define NO_ROLE "NoSuchEntity"
#define NO_BUCKET "NoSuchBucket" /* a 404 without AWS's word may be anybody's */
#define NO_ENCRYPTION "ServerSideEncryptionConfigurationNotFoundError"
#define NO_FILE_SYSTEM "FileSystemNotFound"

/*
 * A value of a filter, or a member of the input itself. Case does not matter: MemoryDB keeps names in lower case, and IAM
 * does not tell names of roles apart by case.
 */
static bool input_asks_for(const json_t *input, const char *id)
{
	const char *name;
	json_t *member;

	TREE_EACH (filter, input, "Filter")
		TREE_EACH (value, filter, "Value")
			if (text_equal_nocase(tree_text(value, NULL), id))
				return true;
	json_object_foreach ((json_t *)input, name, member)
		if (text_equal_nocase(tree_text(member, NULL), id))
			return true;
	return false;
}

/* clang-format off */
#define ROLE_ROWS(ROLE, word) \
	[FACT_##ROLE##_ROLE] = {.name = word "-role", .which = ROLE_##ROLE, .operation = &iam_GetRole, \
	 .ask = ask_role, .doing = "reading the " word " role", .absent = NO_ROLE, .id = "Role.RoleName"}, \
	[FACT_##ROLE##_POLICY_NAMES] = {.name = word "-policy-names", .which = ROLE_##ROLE, \
	 .operation = &iam_ListRolePolicies, .ask = ask_role, \
	 .doing = "listing the " word " role's policies", .absent = NO_ROLE}, \
	[FACT_##ROLE##_POLICIES] = {.name = word "-policies", .which = ROLE_##ROLE, \
	 .after = FACTS(FACT_##ROLE##_POLICY_NAMES), .operation = &iam_GetRolePolicy, .ask = ask_role_policies, \
	 .doing = "reading the " word " role's policies", .absent = NO_ROLE, .id = "PolicyName"}, \
	[FACT_##ROLE##_ATTACHED] = {.name = word "-attached-policies", .which = ROLE_##ROLE, \
	 .operation = &iam_ListAttachedRolePolicies, .ask = ask_role, \
	 .doing = "listing the " word " role's attached policies", .absent = NO_ROLE}, \
	[FACT_##ROLE##_ATTACHED_VERSIONS] = {.name = word "-attached-versions", .which = ROLE_##ROLE, \
	 .after = FACTS(FACT_##ROLE##_ROLE, FACT_##ROLE##_ATTACHED), .operation = &iam_GetPolicy, \
	 .ask = ask_role_attached, .doing = "finding the " word " role's attached policies", .absent = NO_ROLE, \
	 .id = "Policy.Arn"}, \
	[FACT_##ROLE##_ATTACHED_DOCUMENTS] = {.name = word "-attached-documents", .which = ROLE_##ROLE, \
	 .after = FACTS(FACT_##ROLE##_ATTACHED_VERSIONS), .operation = &iam_GetPolicyVersion, \
	 .ask = ask_role_documents, .doing = "reading the " word " role's attached policies", .absent = NO_ROLE}

static const struct plan_row rows[FACT_COUNT] = {
	[FACT_IDENTITY] = {.name = "identity", .operation = &sts_GetCallerIdentity, .ask = ask_nothing,
	 .doing = "asking who the caller is"},

	[FACT_VPC] = {.name = "vpc", .operation = &ec2_DescribeVpcs, .ask = ask_vpc_id, .doing = "describing the VPC",
	 .list = "vpcSet",
	 .elements = "vpcSet", .id = "vpcId"},
	[FACT_VPC_DNS_SUPPORT] = {.name = "vpc-dns-support", .operation = &ec2_DescribeVpcAttribute,
	 .ask = ask_vpc_attribute, .which = VPC_DNS_SUPPORT, .doing = "reading the VPC's DNS support", .absent = "InvalidVpcID.NotFound",
	 .id = "vpcId"},
	[FACT_VPC_DNS_HOSTNAMES] = {.name = "vpc-dns-hostnames", .operation = &ec2_DescribeVpcAttribute,
	 .ask = ask_vpc_attribute, .which = VPC_DNS_HOSTNAMES, .doing = "reading the VPC's DNS host names",
	 .absent = "InvalidVpcID.NotFound",
	 .id = "vpcId"},
	[FACT_DHCP_OPTIONS] = {.name = "dhcp-options", .after = FACTS(FACT_VPC), .operation = &ec2_DescribeDhcpOptions,
	 .ask = ask_dhcp_options, .doing = "describing the VPC's DHCP options",
	 .elements = "dhcpOptionsSet", .id = "dhcpOptionsId"},
	[FACT_SUBNETS] = {.name = "subnets", .operation = &ec2_DescribeSubnets, .ask = ask_subnets,
	 .doing = "describing subnets", .list = "subnetSet",
	 .elements = "subnetSet", .id = "subnetId"},
	[FACT_PUBLIC_ACCESS_EXCLUSIONS] = {.name = "public-access-exclusions", .after = FACTS(FACT_VPC, FACT_SUBNETS),
	 .operation = &ec2_DescribeVpcBlockPublicAccessExclusions, .ask = ask_exclusions,
	 .doing = "listing exclusions from VPC Block Public Access"},
	[FACT_ROUTE_TABLES] = {.name = "route-tables", .operation = &ec2_DescribeRouteTables, .ask = ask_vpc_id,
	 .doing = "describing route tables",
	 .elements = "routeTableSet", .id = "vpcId"},
	[FACT_NAT_GATEWAYS] = {.name = "nat-gateways", .after = FACTS(FACT_ROUTE_TABLES), .operation = &ec2_DescribeNatGateways,
	 .ask = ask_nat_gateways, .doing = "describing NAT gateways",
	 .elements = "natGatewaySet", .id = "natGatewayId"},
	[FACT_VPC_ENDPOINTS] = {.name = "vpc-endpoints", .operation = &ec2_DescribeVpcEndpoints, .ask = ask_vpc_id,
	 .doing = "describing VPC endpoints",
	 .elements = "vpcEndpointSet", .id = "vpcId"},
	[FACT_ENDPOINT_GROUPS] = {.name = "endpoint-security-groups", .after = FACTS(FACT_VPC_ENDPOINTS),
	 .operation = &ec2_DescribeSecurityGroups, .ask = ask_endpoint_groups,
	 .doing = "describing the security groups of interface endpoints",
	 .elements = "securityGroupInfo", .id = "groupId"},
	[FACT_NETWORK_ACLS] = {.name = "network-acls", .operation = &ec2_DescribeNetworkAcls, .ask = ask_vpc_id,
	 .doing = "describing network ACLs",
	 .elements = "networkAclSet", .id = "vpcId"},
	[FACT_SECURITY_GROUPS] = {.name = "security-groups", .operation = &ec2_DescribeSecurityGroups,
	 .ask = ask_groups, .doing = "describing security groups", .list = "securityGroupInfo",
	 .elements = "securityGroupInfo", .id = "groupId"},
	[FACT_GROUP_ASSOCIATIONS] = {.name = "security-group-associations", .after = FACTS(FACT_SECURITY_GROUPS),
	 .operation = &ec2_DescribeSecurityGroupVpcAssociations, .ask = ask_associations,
	 .doing = "listing the VPCs that security groups are associated with",
	 .elements = "securityGroupVpcAssociationSet", .id = "groupId"},
	[FACT_GROUP_QUOTA] = {.name = "security-group-quota", .after = FACTS(FACT_SECURITY_GROUPS),
	 .operation = &servicequotas_GetServiceQuota,
	 .ask = ask_group_quota, .doing = "reading the quota of security groups for each network interface",
	 .absent = "NoSuchResourceException",
	 .id = "Quota.QuotaCode"},
	[FACT_PREFIX_LISTS] = {.name = "prefix-lists", .after = FACTS(FACT_SECURITY_GROUPS),
	 .operation = &ec2_GetManagedPrefixListEntries, .ask = ask_prefix_lists, .doing = "reading prefix lists",
	 .absent = "InvalidPrefixListID.NotFound"},

	ROLE_ROWS(CONTROL_PLANE, "control-plane"),
	ROLE_ROWS(NODE, "node"),
	[FACT_NODE_INSTANCE_PROFILES] = {.name = "node-instance-profiles", .which = ROLE_NODE,
	 .operation = &iam_ListInstanceProfilesForRole, .ask = ask_role,
	 .doing = "listing the node role's instance profiles", .absent = NO_ROLE,
	 .elements = "InstanceProfiles", .id = "Roles.0.RoleName"},

	/* A question that is asked anyway: who gets an answer to it has found the bucket, and knows where. */
	[FACT_BUCKET] = {.name = "bucket", .operation = &s3_GetBucketEncryption, .ask = ask_bucket,
	 .doing = "looking at the bucket", .absent = NO_BUCKET, .present = NO_ENCRYPTION,
	 .place = "BucketRegion"},
	[FACT_BUCKET_POLICY] = {.name = "bucket-policy", .operation = &s3_GetBucketPolicy, .ask = ask_bucket,
	 .doing = "reading the bucket's policy", .absent = NO_BUCKET " NoSuchBucketPolicy"},
	[FACT_BUCKET_CORS] = {.name = "bucket-cors", .operation = &s3_GetBucketCors, .ask = ask_bucket,
	 .doing = "reading the bucket's CORS rules", .absent = NO_BUCKET " NoSuchCORSConfiguration"},
	[FACT_BUCKET_PUBLIC_ACCESS] = {.name = "bucket-public-access", .operation = &s3_GetPublicAccessBlock,
	 .ask = ask_bucket, .doing = "reading the bucket's public access block",
	 .absent = NO_BUCKET " NoSuchPublicAccessBlockConfiguration"},
	[FACT_BUCKET_VERSIONING] = {.name = "bucket-versioning", .operation = &s3_GetBucketVersioning, .ask = ask_bucket,
	 .doing = "reading the bucket's versioning", .absent = NO_BUCKET},
	[FACT_BUCKET_LIFECYCLE] = {.name = "bucket-lifecycle", .operation = &s3_GetBucketLifecycleConfiguration,
	 .ask = ask_bucket, .doing = "reading the bucket's lifecycle rules",
	 .absent = NO_BUCKET " NoSuchLifecycleConfiguration"},
	[FACT_BUCKET_ENCRYPTION] = {.name = "bucket-encryption", .operation = &s3_GetBucketEncryption,
	 .ask = ask_bucket, .doing = "reading the bucket's encryption", .absent = NO_BUCKET " " NO_ENCRYPTION},
	[FACT_BUCKET_KEY] = {.name = "bucket-key", .after = FACTS(FACT_BUCKET, FACT_BUCKET_ENCRYPTION),
	 .operation = &kms_DescribeKey, .ask = ask_bucket_key, .doing = "describing the bucket's key",
	 .absent = "NotFoundException", .where = bucket_region},
	[FACT_BUCKET_KEY_POLICY] = {.name = "bucket-key-policy", .after = FACTS(FACT_BUCKET, FACT_BUCKET_KEY),
	 .operation = &kms_GetKeyPolicy, .ask = ask_bucket_key_policy,
	 .doing = "reading the policy of the bucket's key", .absent = "NotFoundException",
	 .where = bucket_region},
	[FACT_ACCOUNT_PUBLIC_ACCESS] = {.name = "account-public-access", .after = FACTS(FACT_BUCKET_PUBLIC_ACCESS),
	 .operation = &s3control_GetPublicAccessBlock, .ask = ask_account_public_access,
	 .doing = "reading the account's public access block", .absent = "NoSuchPublicAccessBlockConfiguration"},

	[FACT_FILE_SYSTEM] = {.name = "file-system", .operation = &efs_DescribeFileSystems, .ask = ask_file_system,
	 .doing = "describing the file system", .list = "FileSystems", .absent = NO_FILE_SYSTEM,
	 .elements = "FileSystems", .id = "FileSystemId"},
	[FACT_FILE_SYSTEM_KEY] = {.name = "file-system-key", .after = FACTS(FACT_FILE_SYSTEM), .operation = &kms_DescribeKey,
	 .ask = ask_file_system_key, .doing = "describing the file system's key", .absent = "NotFoundException"},
	[FACT_MOUNT_TARGETS] = {.name = "mount-targets", .operation = &efs_DescribeMountTargets,
	 .ask = ask_file_system, .doing = "describing mount targets", .list = "MountTargets",
	 .absent = NO_FILE_SYSTEM,
	 .elements = "MountTargets", .id = "FileSystemId"},
	[FACT_MOUNT_TARGET_INTERFACES] = {.name = "mount-target-interfaces", .after = FACTS(FACT_MOUNT_TARGETS),
	 .operation = &ec2_DescribeNetworkInterfaces, .ask = ask_interfaces,
	 .doing = "describing the mount targets' network interfaces",
	 .elements = "networkInterfaceSet", .id = "networkInterfaceId"},
	[FACT_MOUNT_TARGET_GROUPS] = {.name = "mount-target-security-groups", .after = FACTS(FACT_MOUNT_TARGET_INTERFACES),
	 .operation = &ec2_DescribeSecurityGroups, .ask = ask_mount_target_groups,
	 .doing = "describing the mount targets' security groups",
	 .elements = "securityGroupInfo", .id = "groupId"},
	[FACT_FILE_SYSTEM_POLICY] = {.name = "file-system-policy", .operation = &efs_DescribeFileSystemPolicy,
	 .ask = ask_file_system, .doing = "reading the file system's policy",
	 .absent = NO_FILE_SYSTEM " PolicyNotFound",
	 .id = "FileSystemId"},
	[FACT_FILE_SYSTEM_BACKUP] = {.name = "file-system-backup", .after = FACTS(FACT_FILE_SYSTEM),
	 .operation = &efs_DescribeBackupPolicy, .ask = ask_backup,
	 .doing = "reading the file system's backup policy", .absent = NO_FILE_SYSTEM " PolicyNotFound"},

	[FACT_MEMORYDB_CLUSTER] = {.name = "memorydb-cluster", .operation = &memorydb_DescribeClusters,
	 .ask = ask_memorydb, .doing = "describing the MemoryDB cluster", .list = "Clusters",
	 .absent = "ClusterNotFoundFault",
	 .elements = "Clusters", .id = "Name"},
	[FACT_MEMORYDB_SUBNET_GROUP] = {.name = "memorydb-subnet-group", .after = FACTS(FACT_MEMORYDB_CLUSTER),
	 .operation = &memorydb_DescribeSubnetGroups, .ask = ask_subnet_group,
	 .doing = "describing MemoryDB's subnet group", .list = "SubnetGroups",
	 .absent = "SubnetGroupNotFoundFault",
	 .elements = "SubnetGroups", .id = "Name"},
	[FACT_MEMORYDB_GROUPS] = {.name = "memorydb-security-groups", .after = FACTS(FACT_MEMORYDB_CLUSTER),
	 .operation = &ec2_DescribeSecurityGroups, .ask = ask_memorydb_groups,
	 .doing = "describing MemoryDB's security groups",
	 .elements = "securityGroupInfo", .id = "groupId"},
	[FACT_MEMORYDB_PARAMETERS] = {.name = "memorydb-parameters", .after = FACTS(FACT_MEMORYDB_CLUSTER),
	 .operation = &memorydb_DescribeParameters, .ask = ask_parameters,
	 .doing = "reading MemoryDB's parameters", .absent = "ParameterGroupNotFoundFault"},

	[FACT_MEMORYDB_ACL] = {.name = "memorydb-acl", .after = FACTS(FACT_MEMORYDB_CLUSTER),
	 .operation = &memorydb_DescribeACLs, .ask = ask_memorydb_acl, .doing = "describing MemoryDB's ACL",
	 .list = "ACLs", .absent = "ACLNotFoundFault",
	 .elements = "ACLs", .id = "Name"},
	[FACT_MEMORYDB_USERS] = {.name = "memorydb-users", .after = FACTS(FACT_MEMORYDB_CLUSTER),
	 .operation = &memorydb_DescribeUsers, .ask = ask_memorydb_users, .doing = "describing MemoryDB's users",
	 .absent = "UserNotFoundFault"},

	[FACT_EBS_ENCRYPTION] = {.name = "ebs-encryption", .operation = &ec2_GetEbsEncryptionByDefault, .ask = ask_nothing,
	 .doing = "asking whether volumes are encrypted by default"},
	[FACT_EBS_KEY_ID] = {.name = "ebs-key-id", .after = FACTS(FACT_EBS_ENCRYPTION),
	 .operation = &ec2_GetEbsDefaultKmsKeyId, .ask = ask_ebs_key_id, .doing = "asking for the default key of volumes"},
	[FACT_EBS_KEY] = {.name = "ebs-key", .after = FACTS(FACT_EBS_KEY_ID), .operation = &kms_DescribeKey,
	 .ask = ask_ebs_key, .doing = "describing the default key of volumes", .absent = "NotFoundException"},
	[FACT_EBS_KEY_POLICY] = {.name = "ebs-key-policy", .after = FACTS(FACT_EBS_KEY), .operation = &kms_GetKeyPolicy,
	 .ask = ask_ebs_key_policy, .doing = "reading the policy of the default key of volumes",
	 .absent = "NotFoundException"},
	[FACT_SPOT_ROLE] = {.name = "spot-role", .operation = &iam_GetRole, .ask = ask_spot_role,
	 .doing = "looking for the service-linked role of spot instances", .absent = NO_ROLE,
	 .id = "Role.RoleName"},

	/* Other validation errors have the same code, so the message decides. */
	[FACT_STACK] = {.name = "stack", .operation = &cloudformation_DescribeStacks, .ask = ask_stack,
	 .doing = "describing the stack", .list = "Stacks", .absent = "ValidationError",
	 .absent_text = "does not exist",
	 .elements = "Stacks", .id = "StackId StackName"},

	[FACT_VCPU_QUOTA] = {.name = "vcpu-quota", .operation = &servicequotas_GetServiceQuota, .ask = ask_vcpu_quota,
	 .doing = "reading the quota of on-demand vCPUs", .absent = "NoSuchResourceException",
	 .id = "Quota.QuotaCode"},
	[FACT_SPOT_VCPU_QUOTA] = {.name = "spot-vcpu-quota", .operation = &servicequotas_GetServiceQuota,
	 .ask = ask_spot_quota, .doing = "reading the quota of spot vCPUs", .absent = "NoSuchResourceException",
	 .id = "Quota.QuotaCode"},

	[FACT_CONTROL_PLANE_SIMULATION] = {.name = "control-plane-simulation",
	 .after = FACTS(ROLE_FACTS(CONTROL_PLANE), FACT_NODE_INSTANCE_PROFILES),
	 .operation = &iam_SimulatePrincipalPolicy, .ask = simulation_ask, .which = ROLE_CONTROL_PLANE,
	 .doing = "simulating the control-plane role's policies", .absent = NO_ROLE},
	[FACT_NODE_SIMULATION] = {.name = "node-simulation", .after = FACTS(ROLE_FACTS(NODE)),
	 .operation = &iam_SimulatePrincipalPolicy, .ask = simulation_ask, .which = ROLE_NODE,
	 .doing = "simulating the node role's policies", .absent = NO_ROLE},

	[FACT_OTHER_CLOUDS] = {.name = "other-clouds"},
	[FACT_PROFILES] = {.name = "profiles"},
};
/* clang-format on */

const struct plan cloud_plan = {rows, FACT_COUNT, input_asks_for};
