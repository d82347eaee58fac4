/* SPDX-License-Identifier: Apache-2.0 */
/* The table of permissions.h, and the ARNs of a scope. */
#include "providers/aws/cloud/permissions/permissions.h"

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/resource_types.h"

/* --- actions --- */

#define ON(...) KINDS(__VA_ARGS__)
#define ROLES ON(KIND_CONTROL_PLANE_ROLE, KIND_NODE_ROLE, KIND_RAY_ROLE)
#define PROFILES ON(KIND_INSTANCE_PROFILE, KIND_RAY_PROFILE)
#define MEMORYDB ON(KIND_MEMORYDB, KIND_MEMORYDB_PARAMETER_GROUP, KIND_MEMORYDB_SUBNET_GROUP)
#define NETWORK \
	ON(KIND_INTERNET_GATEWAY, KIND_ADDRESS, KIND_NAT_GATEWAY, KIND_NETWORK_ACL, KIND_ROUTE_TABLE, \
		KIND_SECURITY_GROUPS, KIND_SECURITY_GROUP_RULE, KIND_SUBNETS, KIND_VPC, KIND_VPC_ENDPOINT)

/* clang-format off */
/* In order of the names. What EC2 only describes cannot be narrowed. */
static const struct permission rows[] = {
	{"backup:ListRecoveryPointsByBackupVault", ON(KIND_BACKUP_VAULT)},
	{"backup:ListRecoveryPointsByResource"},

	{"cloudformation:ContinueUpdateRollback", ON(KIND_STACK)},
	{"cloudformation:CreateChangeSet", ON(KIND_STACK)},
	{"cloudformation:CreateStack", ON(KIND_STACK)},
	{"cloudformation:DeleteChangeSet", ON(KIND_STACK)},
	{"cloudformation:DeleteStack", ON(KIND_STACK)},
	{"cloudformation:DescribeChangeSet", ON(KIND_STACK)},
	{"cloudformation:DescribeEvents", ON(KIND_STACK)},
	{"cloudformation:DescribeStackDriftDetectionStatus"},
	{"cloudformation:DescribeStackEvents", ON(KIND_STACK)},
	{"cloudformation:DescribeStackResourceDrifts", ON(KIND_STACK)},
	{"cloudformation:DescribeStackResources", ON(KIND_STACK)},
	{"cloudformation:DescribeStacks", ON(KIND_STACK)},
	{"cloudformation:DetectStackDrift", ON(KIND_STACK)},
	{"cloudformation:ExecuteChangeSet", ON(KIND_STACK)},
	{"cloudformation:GetStackPolicy", ON(KIND_STACK)},
	{"cloudformation:GetTemplate", ON(KIND_STACK)},
	{"cloudformation:ListStackResources", ON(KIND_STACK)},
	{"cloudformation:ListStacks"},
	{"cloudformation:SetStackPolicy", ON(KIND_STACK)},
	{"cloudformation:TagResource", ON(KIND_STACK)},
	{"cloudformation:UpdateTerminationProtection", ON(KIND_STACK)},

	{"ec2:AllocateAddress", .makes = ON(KIND_ADDRESS)},
	{"ec2:AssociateRouteTable", ON(KIND_ROUTE_TABLE, KIND_SUBNETS), .tagged = true},
	{"ec2:AttachInternetGateway", ON(KIND_INTERNET_GATEWAY, KIND_VPC), .tagged = true},
	{"ec2:AuthorizeSecurityGroupEgress", ON(KIND_SECURITY_GROUPS), .tagged = true},
	{"ec2:AuthorizeSecurityGroupIngress", ON(KIND_SECURITY_GROUPS), .tagged = true},
	{"ec2:CancelSpotInstanceRequests", .cleans = ON(KIND_SPOT_REQUEST)},
	{"ec2:CreateInternetGateway", .makes = ON(KIND_INTERNET_GATEWAY)},
	{"ec2:CreateNatGateway", ON(KIND_ADDRESS, KIND_SUBNETS, KIND_VPC), .makes = ON(KIND_NAT_GATEWAY), .tagged = true},
	{"ec2:CreateRoute", ON(KIND_ROUTE_TABLE), .tagged = true},
	{"ec2:CreateRouteTable", ON(KIND_VPC), .makes = ON(KIND_ROUTE_TABLE), .tagged = true},
	{"ec2:CreateSecurityGroup", ON(KIND_VPC), .makes = ON(KIND_SECURITY_GROUPS), .tagged = true},
	{"ec2:CreateSubnet", ON(KIND_VPC), .makes = ON(KIND_SUBNETS), .tagged = true},
	{"ec2:CreateTags", NETWORK, .launches = ON(KIND_INSTANCE, KIND_VOLUME)},
	{"ec2:CreateVpc", .makes = ON(KIND_VPC)},
	{"ec2:CreateVpcEndpoint", ON(KIND_ROUTE_TABLE, KIND_VPC), .makes = ON(KIND_VPC_ENDPOINT), .tagged = true},
	{"ec2:DeleteInternetGateway", ON(KIND_INTERNET_GATEWAY), .tagged = true},
	{"ec2:DeleteNatGateway", ON(KIND_NAT_GATEWAY), .tagged = true, .cleans = ON(KIND_OTHER_NAT_GATEWAY)},
	{"ec2:DeleteNetworkInterface", .cleans = ON(KIND_NETWORK_INTERFACE)},
	{"ec2:DeleteRoute", ON(KIND_ROUTE_TABLE), .tagged = true},
	{"ec2:DeleteRouteTable", ON(KIND_ROUTE_TABLE), .tagged = true},
	{"ec2:DeleteSecurityGroup", ON(KIND_SECURITY_GROUPS), .tagged = true, .cleans = ON(KIND_SECURITY_GROUPS)},
	{"ec2:DeleteSubnet", ON(KIND_SUBNETS), .tagged = true},
	{"ec2:DeleteVolume", .cleans = ON(KIND_VOLUME)},
	{"ec2:DeleteVpc", ON(KIND_VPC), .tagged = true},
	{"ec2:DeleteVpcEndpoints", ON(KIND_VPC_ENDPOINT), .tagged = true, .cleans = ON(KIND_VPC_ENDPOINT)},
	{"ec2:DescribeAddresses"},
	{"ec2:DescribeAvailabilityZones"},
	{"ec2:DescribeDhcpOptions"},
	{"ec2:DescribeEgressOnlyInternetGateways"},
	{"ec2:DescribeImages"},
	{"ec2:DescribeInstanceAttribute", ON(KIND_INSTANCE)},
	{"ec2:DescribeInstanceTypes"},
	{"ec2:DescribeInstances"},
	{"ec2:DescribeInternetGateways"},
	{"ec2:DescribeNatGateways"},
	{"ec2:DescribeNetworkAcls"},
	{"ec2:DescribeNetworkInterfaces"},
	{"ec2:DescribeRegions", .anywhere = true},
	{"ec2:DescribeRouteTables"},
	{"ec2:DescribeSecurityGroupRules"},
	{"ec2:DescribeSecurityGroupVpcAssociations"},
	{"ec2:DescribeSecurityGroups"},
	{"ec2:DescribeSpotInstanceRequests"},
	{"ec2:DescribeSubnets"},
	{"ec2:DescribeTransitGatewayVpcAttachments"},
	{"ec2:DescribeVolumes"},
	{"ec2:DescribeVpcAttribute", ON(KIND_VPC)},
	{"ec2:DescribeVpcBlockPublicAccessExclusions"},
	{"ec2:DescribeVpcBlockPublicAccessOptions"},
	{"ec2:DescribeVpcEndpointServices"},
	{"ec2:DescribeVpcEndpoints"},
	{"ec2:DescribeVpcPeeringConnections"},
	{"ec2:DescribeVpcs"},
	{"ec2:DescribeVpnGateways"},
	{"ec2:DetachInternetGateway", ON(KIND_INTERNET_GATEWAY, KIND_VPC), .tagged = true},
	{"ec2:DisassociateRouteTable", ON(KIND_ROUTE_TABLE, KIND_SUBNETS), .tagged = true},
	{"ec2:GetConsoleOutput", .cleans = ON(KIND_INSTANCE)},
	{"ec2:GetEbsDefaultKmsKeyId"},
	{"ec2:GetEbsEncryptionByDefault"},
	{"ec2:GetManagedPrefixListEntries", ON(KIND_PREFIX_LIST)},
	{"ec2:GetSubnetCidrReservations"},
	{"ec2:ModifySubnetAttribute", ON(KIND_SUBNETS), .tagged = true},
	{"ec2:ModifyVpcAttribute", ON(KIND_VPC), .tagged = true},
	{"ec2:ReleaseAddress", ON(KIND_ADDRESS), .tagged = true, .cleans = ON(KIND_OTHER_ADDRESS)},
	{"ec2:RevokeSecurityGroupEgress", ON(KIND_SECURITY_GROUPS), .tagged = true},
	{"ec2:RevokeSecurityGroupIngress", ON(KIND_SECURITY_GROUPS), .tagged = true},
	{"ec2:RunInstances", ON(KIND_IMAGE, KIND_INSTANCE, KIND_NETWORK_INTERFACE, KIND_SECURITY_GROUPS, KIND_SUBNETS, KIND_VOLUME)},
	{"ec2:TerminateInstances", .cleans = ON(KIND_INSTANCE)},

	{"elasticfilesystem:CreateFileSystem", .makes = ON(KIND_ANY)},
	{"elasticfilesystem:CreateMountTarget", ON(KIND_FILE_SYSTEM), .tagged = true},
	{"elasticfilesystem:DeleteFileSystem", ON(KIND_FILE_SYSTEM), .tagged = true},
	{"elasticfilesystem:DeleteMountTarget", ON(KIND_FILE_SYSTEM), .tagged = true},
	{"elasticfilesystem:DescribeBackupPolicy", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeFileSystemPolicy", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeFileSystems", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeLifecycleConfiguration", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeMountTargetSecurityGroups", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeMountTargets", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:DescribeReplicationConfigurations", ON(KIND_FILE_SYSTEM)},
	{"elasticfilesystem:PutBackupPolicy", ON(KIND_FILE_SYSTEM), .tagged = true},
	{"elasticfilesystem:PutLifecycleConfiguration", ON(KIND_FILE_SYSTEM), .tagged = true},
	{"elasticfilesystem:TagResource", ON(KIND_FILE_SYSTEM)},

	{"elasticloadbalancing:DeleteLoadBalancer", .cleans = ON(KIND_LOAD_BALANCER)},
	{"elasticloadbalancing:DeleteTargetGroup", .cleans = ON(KIND_TARGET_GROUP)},
	{"elasticloadbalancing:DescribeTags"},
	{"elasticloadbalancing:DescribeTargetGroups"},

	{"iam:AddRoleToInstanceProfile", PROFILES},
	{"iam:CreateInstanceProfile", PROFILES},
	{"iam:CreateRole", ROLES},
	{"iam:CreateServiceLinkedRole", ON(KIND_SERVICE_ROLE)},
	{"iam:DeleteInstanceProfile", PROFILES},
	{"iam:DeleteRole", ROLES},
	{"iam:DeleteRolePolicy", ROLES},
	{"iam:DetachRolePolicy", ROLES},
	{"iam:GetInstanceProfile", PROFILES},
	{"iam:GetPolicy", ON(KIND_POLICY)},
	{"iam:GetPolicyVersion", ON(KIND_POLICY)},
	{"iam:GetRole", ON(KIND_CONTROL_PLANE_ROLE, KIND_NODE_ROLE, KIND_RAY_ROLE, KIND_SPOT_ROLE)},
	{"iam:GetRolePolicy", ROLES},
	{"iam:ListAccountAliases", .anywhere = true},
	{"iam:ListAttachedRolePolicies", ROLES},
	{"iam:ListInstanceProfileTags", ON(KIND_OTHER_INSTANCE_PROFILE)},
	{"iam:ListInstanceProfilesForRole", ROLES},
	{"iam:ListPolicyTags", ON(KIND_POLICY)},
	{"iam:ListRolePolicies", ROLES},
	{"iam:PassRole", ON(KIND_NODE_ROLE, KIND_RAY_ROLE)},
	{"iam:PutRolePolicy", ROLES},
	{"iam:RemoveRoleFromInstanceProfile", PROFILES, .cleans = ON(KIND_OTHER_INSTANCE_PROFILE)},
	{"iam:SimulatePrincipalPolicy", ON(KIND_PRINCIPAL)},
	{"iam:TagInstanceProfile", PROFILES},
	{"iam:TagRole", ROLES},
	{"iam:UpdateAssumeRolePolicy", ON(KIND_CONTROL_PLANE_ROLE, KIND_RAY_ROLE)},

	{"kms:CreateGrant", ON(KIND_FILE_SYSTEM_KEY)},
	{"kms:DescribeKey", ON(KIND_BUCKET_KEY, KIND_FILE_SYSTEM_KEY, KIND_VOLUME_KEY)},
	{"kms:GenerateDataKeyWithoutPlaintext", ON(KIND_FILE_SYSTEM_KEY)},
	{"kms:GetKeyPolicy", ON(KIND_BUCKET_KEY, KIND_VOLUME_KEY)},

	{"memorydb:CreateCluster", ON(KIND_MEMORYDB_ACL, KIND_MEMORYDB_PARAMETER_GROUP, KIND_MEMORYDB_SUBNET_GROUP)},
	{"memorydb:CreateParameterGroup", .makes = ON(KIND_ANY)},
	{"memorydb:CreateSubnetGroup", .makes = ON(KIND_ANY)},
	{"memorydb:DeleteCluster", ON(KIND_MEMORYDB)},
	{"memorydb:DeleteParameterGroup", ON(KIND_MEMORYDB_PARAMETER_GROUP)},
	{"memorydb:DeleteSubnetGroup", ON(KIND_MEMORYDB_SUBNET_GROUP)},
	{"memorydb:DescribeAcls", ON(KIND_MEMORYDB_ACLS)},
	{"memorydb:DescribeClusters", ON(KIND_MEMORYDB)},
	{"memorydb:DescribeParameterGroups", ON(KIND_MEMORYDB_PARAMETER_GROUP)},
	{"memorydb:DescribeParameters", ON(KIND_MEMORYDB_PARAMETER_GROUP)},
	{"memorydb:DescribeSubnetGroups", ON(KIND_MEMORYDB_SUBNET_GROUP)},
	{"memorydb:DescribeUsers", ON(KIND_MEMORYDB_USERS)},
	{"memorydb:ListTags", MEMORYDB},
	{"memorydb:TagResource", MEMORYDB},
	{"memorydb:UpdateParameterGroup", ON(KIND_MEMORYDB_PARAMETER_GROUP)},

	{"s3:AbortMultipartUpload", ON(KIND_OBJECTS)},
	{"s3:CreateBucket", ON(KIND_BUCKET)},
	{"s3:DeleteBucket", ON(KIND_BUCKET)},
	{"s3:DeleteBucketPolicy", ON(KIND_BUCKET)},
	{"s3:DeleteObject", ON(KIND_OBJECTS)},
	{"s3:DeleteObjectVersion", ON(KIND_OBJECTS), .launches = ON(KIND_RUN_OBJECTS)},
	{"s3:GetAccelerateConfiguration", ON(KIND_BUCKET)},
	{"s3:GetAccountPublicAccessBlock"},
	{"s3:GetBucketCORS", ON(KIND_BUCKET)},
	{"s3:GetBucketLogging", ON(KIND_BUCKET)},
	{"s3:GetBucketNotification", ON(KIND_BUCKET)},
	{"s3:GetBucketObjectLockConfiguration", ON(KIND_BUCKET)},
	{"s3:GetBucketOwnershipControls", ON(KIND_BUCKET)},
	{"s3:GetBucketPolicy", ON(KIND_BUCKET)},
	{"s3:GetBucketPublicAccessBlock", ON(KIND_BUCKET)},
	{"s3:GetBucketTagging", ON(KIND_BUCKET)},
	{"s3:GetBucketVersioning", ON(KIND_BUCKET)},
	{"s3:GetBucketWebsite", ON(KIND_BUCKET)},
	{"s3:GetEncryptionConfiguration", ON(KIND_BUCKET)},
	{"s3:GetLifecycleConfiguration", ON(KIND_BUCKET)},
	{"s3:GetObject", ON(KIND_RUN_OBJECTS)},
	{"s3:ListBucket", ON(KIND_BUCKET)},
	{"s3:ListBucketMultipartUploads", ON(KIND_BUCKET)},
	{"s3:ListBucketVersions", ON(KIND_BUCKET)},
	{"s3:PutBucketCORS", ON(KIND_BUCKET)},
	{"s3:PutBucketLogging", ON(KIND_BUCKET)},
	{"s3:PutBucketOwnershipControls", ON(KIND_BUCKET)},
	{"s3:PutBucketPolicy", ON(KIND_BUCKET)},
	{"s3:PutBucketPublicAccessBlock", ON(KIND_BUCKET)},
	{"s3:PutBucketTagging", ON(KIND_BUCKET)},
	{"s3:PutBucketVersioning", ON(KIND_BUCKET)},
	{"s3:PutEncryptionConfiguration", ON(KIND_BUCKET)},
	{"s3:PutLifecycleConfiguration", ON(KIND_BUCKET)},
	{"s3:PutObject", ON(KIND_RUN_OBJECTS)},

	{"servicequotas:GetAWSDefaultServiceQuota"},
	{"servicequotas:GetServiceQuota", ON(KIND_QUOTA)},

	{"ssm:GetParameter", ON(KIND_PUBLIC_PARAMETER)},

	{"sts:AssumeRole", ON(KIND_CONTROL_PLANE_ROLE)},
};
/* clang-format on */

const struct permission *permissions(size_t *count)
{
	*count = ARRAY_LENGTH(rows);
	return rows;
}

const struct permission *permission_find(const char *action)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal_nocase(rows[i].action, action))
			return &rows[i];
	return NULL;
}

/* --- resources --- */

/* The one resource of the kind that the scope knows; NULL: it may be any. */
static const char *known_id(struct arena *arena, const struct permission_scope *scope, enum kind kind)
{
	struct text_list ids = {0};

	if (kind == KIND_BUCKET_KEY)
		return scope->key_arn;
	if (kind == KIND_FILE_SYSTEM_KEY && scope->choices)
		return scope->choices->kms_key;
	if (kind == KIND_VPC && scope->vpc_id)
		return scope->vpc_id;
	if (scope->cloud && kinds[kind].form == KIND_TEXT)
		ids = kind_ids(arena, &kinds[kind], aws_cloud(scope->cloud));
	return ids.count > 0 ? ids.items[0] : NULL;
}

/* Does a pattern of the list hold it already? */
static bool is_covered(const struct text_list *resources, const char *arn)
{
	for (size_t i = 0; i < resources->count; i++)
		if (text_glob(resources->items[i], arn, false))
			return true;
	return false;
}

/* A cloud that is not known has an id that begins with cld_, and a stack whose name begins with cld-. */
static void add_kind(struct arena *arena, const struct permission_scope *scope, enum kind kind,
	struct text_list *resources)
{
	static const struct setup_choices none = {0};
	const struct setup_choices *choices = scope->choices ? scope->choices : &none;
	const struct cloud *cloud = scope->cloud;
	const char *id = known_id(arena, scope, kind), *default_name = kinds[kind].default_name;
	const char *stack = scope->stack || !cloud ? scope->stack : aws_cloud(cloud)->stack_name;
	struct kind_value values[] = {
		{"name", id ? id : "*"},
		{"partition", scope->partition},
		{"region", scope->region},
		{"account", scope->account},
		{"id", cloud && cloud->id ? cloud->id : "cld_*"},
		{"stack", stack ? stack : "cld-*"},
		{"path", text_or(choices->role_path, "/")},
		{scope->parts & PART_NAT ? "nat" : "", ""},
		{scope->parts & PART_EFS ? "efs" : "", "elasticfilesystem"},
		{scope->parts & PART_MEMORYDB ? "memorydb" : "", "memorydb"},
		{scope->parts & PART_RAY ? "ray" : "", "*"},
		{choices->tags.count > 0 ? "tagged" : "", "*"},
		{NULL},
	};
	struct text_list patterns = text_split(arena, kinds[kind].identifier, ' ');

	if (!id && scope->managed && default_name)
		values[0].value = kind_fill_in(arena, default_name, values);
	for (size_t i = 0; i < patterns.count; i++) {
		const char *arn = id && kinds[kind].ids_are_identifiers
			? id
			: kind_fill_in(arena, patterns.items[i], values);

		if (arn && !is_covered(resources, arn))
			text_list_add(arena, resources, arn);
	}
}

void permission_resources(struct arena *arena, const struct permission_scope *scope,
	const struct index_list *on, struct text_list *resources)
{
	if (on->count == 0)
		text_list_add_once(arena, resources, "*");
	for (size_t i = 0; i < on->count; i++)
		add_kind(arena, scope, on->items[i], resources);
}
