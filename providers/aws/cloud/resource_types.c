/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of resource_types.h.
 *
 * Times of creation are averages over many stacks that AWS publishes with its tool rain; times of deletion of mount
 * targets and MemoryDB clusters are in the middle of what the user guides of EFS and MemoryDB say. What keeps a
 * resource from being deleted is from the user guides of VPC, IAM and EFS.
 *
 * The actions are those of the handlers in CloudFormation's resource type schemas, which list all that a handler may
 * ever do. Here is what it does for the properties that the template sets; of what it may read back, the rows have what
 * the documented policy for creating a cloud of this kind has too. A test compares them with the schemas, and gives for
 * each action that is left out, or added, the reason.
 */
#include "providers/aws/cloud/resource_types.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

/* clang-format off */
const struct resource_type resource_types[] = {
	{.type = "AWS::EC2::VPC",
	 .resources = {{"Vpc", "VPC", KIND_VPC, PART_NETWORK}},
	 .section = "Network", .level = 0, .create_ms = 12000, .remove_ms = 2000,
	 .stuck = "delete what was added to the VPC: instances, security groups, endpoints",
	 .removed_by = "ec2 delete-vpc --vpc-id",
	 .create = "ec2:CreateTags ec2:CreateVpc ec2:DescribeNetworkAcls ec2:DescribeSecurityGroups "
	   "ec2:DescribeVpcAttribute ec2:DescribeVpcs ec2:ModifyVpcAttribute",
	 .remove = "ec2:DeleteVpc ec2:DescribeVpcs"},
	{.type = "AWS::EC2::InternetGateway",
	 .resources = {{"InternetGateway", "Internet gateway", KIND_INTERNET_GATEWAY, PART_NETWORK}},
	 .section = "Network", .level = 0, .create_ms = 17000, .remove_ms = 2000,
	 .stuck = "release the public addresses of the VPC",
	 .removed_by = "ec2 delete-internet-gateway --internet-gateway-id",
	 .create = "ec2:CreateInternetGateway ec2:CreateTags ec2:DescribeInternetGateways",
	 .remove = "ec2:DeleteInternetGateway ec2:DescribeInternetGateways"},
	{.type = "AWS::EC2::VPCGatewayAttachment",
	 .resources = {{"InternetGatewayAttachment", "Internet gateway attachment", KIND_INTERNET_GATEWAY, PART_NETWORK}},
	 .section = "Network", .level = 1, .create_ms = 12000, .remove_ms = 12000,
	 .stuck = "release the public addresses of the VPC",
	 .create = "ec2:AttachInternetGateway ec2:DescribeInternetGateways",
	 .remove = "ec2:DescribeInternetGateways ec2:DetachInternetGateway"},
	{.type = "AWS::EC2::RouteTable",
	 .resources = {{"PublicRouteTable", "Route table", KIND_ROUTE_TABLE, PART_NETWORK},
		       {"PrivateRouteTable#", "Private route table #", KIND_ROUTE_TABLE, PART_NAT}},
	 .section = "Network", .level = 1, .create_ms = 12000, .remove_ms = 2000,
	 .stuck = "remove the subnets that were associated with it by hand",
	 .removed_by = "ec2 delete-route-table --route-table-id",
	 .create = "ec2:CreateRouteTable ec2:CreateTags ec2:DescribeRouteTables",
	 .remove = "ec2:DeleteRouteTable ec2:DescribeRouteTables"},
	{.type = "AWS::EC2::Route",
	 .resources = {{"PublicDefaultRoute", "Route to the internet", KIND_ROUTE_TABLE, PART_NETWORK},
		       {"PrivateDefaultRoute#", "Route to NAT gateway #", KIND_ROUTE_TABLE, PART_NAT}},
	 .section = "Network", .level = 3, .create_ms = 2000, .remove_ms = 2000,
	 .create = "ec2:CreateRoute ec2:DescribeRouteTables",
	 .remove = "ec2:DeleteRoute ec2:DescribeRouteTables"},
	{.type = "AWS::EC2::VPCEndpoint",
	 .resources = {{"S3Endpoint", "S3 endpoint", KIND_VPC_ENDPOINT, PART_NETWORK}},
	 .section = "Network", .level = 2, .create_ms = 20000, .remove_ms = 20000,
	 .removed_by = "ec2 delete-vpc-endpoints --vpc-endpoint-ids",
	 .create = "ec2:CreateTags ec2:CreateVpcEndpoint ec2:DescribeSecurityGroups ec2:DescribeSubnets "
	   "ec2:DescribeVpcEndpoints ec2:DescribeVpcs",
	 .remove = "ec2:DeleteVpcEndpoints ec2:DescribeSecurityGroups ec2:DescribeSubnets "
	   "ec2:DescribeVpcEndpoints ec2:DescribeVpcs"},
	{.type = "AWS::EC2::Subnet",
	 .resources = {{"Subnet#", "Subnet #", KIND_SUBNETS, PART_NETWORK},
		       {"NatSubnet#", "Subnet of NAT gateway #", KIND_SUBNETS, PART_NAT}},
	 .section = "Network", .level = 1, .create_ms = 4000, .remove_ms = 4000,
	 .stuck = "terminate the instances and delete the network interfaces in the subnet",
	 .removed_by = "ec2 delete-subnet --subnet-id",
	 .create = "ec2:CreateSubnet ec2:CreateTags ec2:DescribeNetworkAcls ec2:DescribeSubnets "
	   "ec2:ModifySubnetAttribute",
	 .remove = "ec2:DeleteSubnet ec2:DescribeSubnets"},
	{.type = "AWS::EC2::SubnetRouteTableAssociation",
	 .resources = {{"Subnet#RouteTableAssociation", "Route table association #", KIND_ROUTE_TABLE, PART_NETWORK},
		       {"NatSubnet#RouteTableAssociation", "Route table association of NAT gateway #", KIND_ROUTE_TABLE, PART_NAT}},
	 .section = "Network", .level = 2, .create_ms = 2000, .remove_ms = 2000,
	 .create = "ec2:AssociateRouteTable ec2:DescribeRouteTables ec2:DescribeSubnets",
	 .remove = "ec2:DescribeRouteTables ec2:DescribeSubnets ec2:DisassociateRouteTable"},
	{.type = "AWS::EC2::EIP",
	 .resources = {{"NatAddress#", "Address of NAT gateway #", KIND_ADDRESS, PART_NAT}},
	 .section = "Network", .level = 0, .create_ms = 17000, .remove_ms = 2000,
	 .stuck = "disassociate the address from what uses it",
	 .create = "ec2:AllocateAddress ec2:CreateTags ec2:DescribeAddresses",
	 .remove = "ec2:DescribeAddresses ec2:ReleaseAddress"},
	{.type = "AWS::EC2::NatGateway",
	 .resources = {{"NatGateway#", "NAT gateway #", KIND_NAT_GATEWAY, PART_NAT}},
	 .section = "Network", .level = 2, .create_ms = 106000, .remove_ms = 60000,
	 .removed_by = "ec2 delete-nat-gateway --nat-gateway-id",
	 .create = "ec2:CreateNatGateway ec2:CreateTags ec2:DescribeNatGateways",
	 .remove = "ec2:DeleteNatGateway ec2:DescribeNatGateways"},
	{.type = "AWS::EC2::SecurityGroup",
	 .resources = {{"SecurityGroup", "Security group", KIND_SECURITY_GROUPS, PART_BASE}},
	 .section = "Security", .level = 1, .create_ms = 6000, .remove_ms = 3000,
	 .stuck = "delete the network interfaces and the rules of other groups that use it",
	 .removed_by = "ec2 delete-security-group --group-id",
	 .create = "ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress "
	   "ec2:CreateSecurityGroup ec2:CreateTags ec2:DescribeSecurityGroups ec2:RevokeSecurityGroupEgress",
	 .update = "ec2:AuthorizeSecurityGroupIngress ec2:DescribeSecurityGroups ec2:RevokeSecurityGroupIngress",
	 .remove = "ec2:DeleteSecurityGroup ec2:DescribeSecurityGroups"},
	{.type = "AWS::EC2::SecurityGroupIngress",
	 .resources = {{"SecurityGroupSelfIngress", "Security group rule, in from itself", KIND_SECURITY_GROUPS, PART_BASE}},
	 .section = "Security", .level = 2, .create_ms = 3000, .remove_ms = 2000,
	 .create = "ec2:AuthorizeSecurityGroupIngress ec2:DescribeSecurityGroupRules "
	   "ec2:DescribeSecurityGroups",
	 .remove = "ec2:DescribeSecurityGroupRules ec2:RevokeSecurityGroupIngress"},
	{.type = "AWS::EC2::SecurityGroupEgress",
	 .resources = {{"SecurityGroupSelfEgress", "Security group rule, out to itself", KIND_SECURITY_GROUPS, PART_BASE}},
	 .section = "Security", .level = 2, .create_ms = 3000, .remove_ms = 2000,
	 .create = "ec2:AuthorizeSecurityGroupEgress ec2:DescribeSecurityGroupRules "
	   "ec2:RevokeSecurityGroupEgress",
	 .remove = "ec2:DescribeSecurityGroupRules ec2:RevokeSecurityGroupEgress"},
	{.type = "AWS::S3::Bucket",
	 .resources = {{"Bucket", "S3 bucket", KIND_BUCKET, PART_BASE}},
	 .section = "Storage", .level = 0, .create_ms = 30000, .remove_ms = 2000,
	 .removed_by = "s3api delete-bucket --bucket",
	 .create = "s3:CreateBucket s3:GetAccelerateConfiguration s3:GetBucketCORS s3:GetBucketLogging "
	   "s3:GetBucketNotification s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls "
	   "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite "
	   "s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:PutBucketCORS "
	   "s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutBucketTagging "
	   "s3:PutBucketVersioning s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration",
	 .update = "s3:GetAccelerateConfiguration s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketNotification "
	   "s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls s3:GetBucketPublicAccessBlock "
	   "s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetEncryptionConfiguration "
	   "s3:GetLifecycleConfiguration s3:PutBucketCORS s3:PutLifecycleConfiguration",
	 .remove = "", /* it outlives its stack */
	 .undo = "s3:DeleteBucket"},
	{.type = "AWS::S3::BucketPolicy",
	 .resources = {{"BucketPolicy", "S3 bucket policy", KIND_BUCKET, PART_BASE}},
	 .section = "Storage", .level = 2, .create_ms = 12000, .remove_ms = 2000,
	 .stuck = "look at who may change the bucket's policy",
	 .create = "s3:GetBucketPolicy s3:PutBucketPolicy",
	 .update = "s3:GetBucketPolicy s3:PutBucketPolicy",
	 .remove = "s3:DeleteBucketPolicy s3:GetBucketPolicy"},
	{.type = "AWS::EFS::FileSystem",
	 .resources = {{"FileSystem", "EFS file system", KIND_FILE_SYSTEM, PART_EFS}},
	 .section = "Storage", .level = 0, .create_ms = 5000, .remove_ms = 10000,
	 .stuck = "delete the mount targets and access points that were added by hand",
	 .removed_by = "efs delete-file-system --file-system-id",
	 .create = "elasticfilesystem:CreateFileSystem elasticfilesystem:DescribeBackupPolicy "
	   "elasticfilesystem:DescribeFileSystemPolicy elasticfilesystem:DescribeFileSystems "
	   "elasticfilesystem:DescribeLifecycleConfiguration "
	   "elasticfilesystem:DescribeReplicationConfigurations elasticfilesystem:PutBackupPolicy elasticfilesystem:PutLifecycleConfiguration "
	   "elasticfilesystem:TagResource iam:CreateServiceLinkedRole kms:CreateGrant kms:DescribeKey "
	   "kms:GenerateDataKeyWithoutPlaintext",
	 .update = "elasticfilesystem:DescribeBackupPolicy elasticfilesystem:DescribeFileSystemPolicy "
	   "elasticfilesystem:DescribeFileSystems elasticfilesystem:DescribeLifecycleConfiguration "
	   "elasticfilesystem:DescribeReplicationConfigurations elasticfilesystem:PutLifecycleConfiguration",
	 .remove = "elasticfilesystem:DeleteFileSystem elasticfilesystem:DescribeFileSystems "
	   "elasticfilesystem:DescribeReplicationConfigurations"},
	{.type = "AWS::EFS::MountTarget",
	 .resources = {{"MountTarget#", "Mount target #", KIND_MOUNT_TARGETS, PART_EFS}},
	 .section = "Storage", .level = 2, .create_ms = 93000, .remove_ms = 90000,
	 .removed_by = "efs delete-mount-target --mount-target-id",
	 .create = "ec2:DescribeSubnets elasticfilesystem:CreateMountTarget "
	   "elasticfilesystem:DescribeMountTargetSecurityGroups elasticfilesystem:DescribeMountTargets",
	 .remove = "elasticfilesystem:DeleteMountTarget elasticfilesystem:DescribeMountTargets"},
	{.type = "AWS::IAM::Role",
	 .resources = {{"ControlPlaneRole", "Control-plane role", KIND_CONTROL_PLANE_ROLE, PART_BASE},
		       {"NodeRole", "Node role", KIND_NODE_ROLE, PART_BASE},
		       {"RayHeadRole", "Ray head role", KIND_RAY_ROLE, PART_RAY},
		       {"RayWorkerRole", "Ray worker role", KIND_RAY_ROLE, PART_RAY},
		       {"RayLauncherRole", "Ray launcher role", KIND_RAY_ROLE, PART_RAY_LAUNCHER}},
	 .section = "Roles", .level = 1, .create_ms = 17000, .remove_ms = 4000,
	 .stuck = "detach the policies and instance profiles that were added by hand",
	 .removed_by = "iam delete-role --role-name",
	 .create = "iam:CreateRole iam:GetRole iam:GetRolePolicy iam:PutRolePolicy iam:TagRole",
	 .update = "iam:DeleteRolePolicy iam:GetRole iam:PutRolePolicy iam:UpdateAssumeRolePolicy",
	 .remove = "iam:DeleteRole iam:DeleteRolePolicy iam:GetRole"},
	{.type = "AWS::IAM::InstanceProfile",
	 .resources = {{"NodeInstanceProfile", "Node instance profile", KIND_INSTANCE_PROFILE, PART_BASE},
		       {"RayHeadProfile", "Ray head instance profile", KIND_RAY_PROFILE, PART_RAY},
		       {"RayWorkerProfile", "Ray worker instance profile", KIND_RAY_PROFILE, PART_RAY}},
	 .section = "Roles", .level = 2, .create_ms = 126000, .remove_ms = 4000,
	 .stuck = "remove the roles that were added by hand",
	 .removed_by = "iam delete-instance-profile --instance-profile-name",
	 .create = "iam:AddRoleToInstanceProfile iam:CreateInstanceProfile iam:GetInstanceProfile "
	   "iam:PassRole",
	 .remove = "iam:DeleteInstanceProfile iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile"},
	{.type = "AWS::IAM::Policy",
	 .resources = {{"RayLaunchPolicy", "Ray launch policy", KIND_RAY_ROLE, PART_RAY},
		       {"RayDataPolicy", "Ray data policy", KIND_RAY_ROLE, PART_RAY}},
	 .section = "Roles", .level = 2, .create_ms = 17000, .remove_ms = 4000,
	 .create = "iam:GetRolePolicy iam:PutRolePolicy",
	 .update = "iam:DeleteRolePolicy iam:PutRolePolicy",
	 .remove = "iam:DeleteRolePolicy"},
	{.type = "AWS::MemoryDB::SubnetGroup",
	 .resources = {{"MemoryDBSubnetGroup", "MemoryDB subnet group", KIND_MEMORYDB_SUBNET_GROUP, PART_MEMORYDB}},
	 .section = "MemoryDB", .level = 2, .create_ms = 2000, .remove_ms = 2000,
	 .stuck = "wait until it is available, or delete it by hand",
	 .removed_by = "memorydb delete-subnet-group --subnet-group-name",
	 .create = "iam:CreateServiceLinkedRole memorydb:ListTags memorydb:TagResource "
	   "memorydb:CreateSubnetGroup memorydb:DescribeSubnetGroups",
	 .remove = "memorydb:DeleteSubnetGroup memorydb:DescribeSubnetGroups"},
	{.type = "AWS::MemoryDB::ParameterGroup",
	 .resources = {{"MemoryDBParameterGroup", "MemoryDB parameter group", KIND_MEMORYDB_PARAMETER_GROUP, PART_MEMORYDB}},
	 .section = "MemoryDB", .level = 0, .create_ms = 1000, .remove_ms = 2000,
	 .stuck = "wait until it is available, or delete it by hand",
	 /* The API's creation takes no parameters: setting them is a change. */
	 .removed_by = "memorydb delete-parameter-group --parameter-group-name",
	 .create = "iam:CreateServiceLinkedRole memorydb:ListTags memorydb:TagResource "
	   "memorydb:CreateParameterGroup memorydb:DescribeParameterGroups memorydb:UpdateParameterGroup",
	 .remove = "memorydb:DeleteParameterGroup"},
	{.type = "AWS::MemoryDB::Cluster",
	 .resources = {{"MemoryDBCluster", "MemoryDB cluster", KIND_MEMORYDB, PART_MEMORYDB}},
	 .section = "MemoryDB", .level = 2, .create_ms = 1054000, .remove_ms = 600000,
	 .stuck = "wait until it is available, or delete it by hand",
	 .removed_by = "memorydb delete-cluster --cluster-name",
	 .create = "iam:CreateServiceLinkedRole memorydb:ListTags memorydb:TagResource memorydb:CreateCluster "
	   "memorydb:DescribeClusters",
	 .remove = "memorydb:DeleteCluster memorydb:DescribeClusters"},
};
/* clang-format on */

const size_t resource_type_count = ARRAY_LENGTH(resource_types);

size_t resource_name_count(const struct resource_type_name *row, size_t zones, size_t nat_gateways)
{
	if (!strchr(row->logical_id, '#'))
		return 1;
	return row->part == PART_NAT ? nat_gateways : zones;
}

const char *resource_name_logical_id(struct arena *arena, const struct resource_type_name *row, size_t number)
{
	char *logical_id = arena_strdup(arena, row->logical_id), *place = strchr(logical_id, '#');

	if (place)
		*place = (char)('0' + number);
	return logical_id;
}

unsigned resource_type_parts(const struct resource_type *type)
{
	unsigned parts = 0;

	for (size_t i = 0; i < RESOURCE_TYPE_NAMES; i++)
		parts |= type->resources[i].part;
	return parts;
}

unsigned stack_parts(const struct cloud *cloud)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	unsigned network = PART_NETWORK | (cloud->networking == NETWORKING_PRIVATE ? PART_NAT : 0);

	return PART_BASE | (section->network.vpc_id ? 0 : network) |
		(section->resources.memorydb_cluster ? PART_MEMORYDB : 0) |
		(section->setup.no_efs ? 0 : PART_EFS) | (section->setup.with_ray ? PART_RAY : 0) |
		(section->setup.launcher_principals.count > 0 ? PART_RAY_LAUNCHER : 0);
}

const struct resource_type *resource_type_find(const char *type)
{
	for (size_t i = 0; i < resource_type_count; i++)
		if (text_equal(resource_types[i].type, type))
			return &resource_types[i];
	return NULL;
}
