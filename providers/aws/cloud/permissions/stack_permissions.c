/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What CloudFormation does for each resource type of our template, with the permissions of whoever made the stack.
 *
 * Taken from the permissions of the handlers in CloudFormation's resource type schemas, which list all that a handler may
 * ever do: here is what it does for the properties that the template sets, and of what it may read back, what the
 * documented policy for creating a cloud of this kind has too. A test compares the rows with the schemas and says for each
 * action that is left out, or added, why.
 */
#include "providers/aws/cloud/permissions/permissions.h"

#define MEMORYDB "iam:CreateServiceLinkedRole memorydb:ListTags memorydb:TagResource "

static const struct stack_handler rows[] = {
	{
		.type = "AWS::EC2::InternetGateway",
		.create = "ec2:CreateInternetGateway ec2:CreateTags ec2:DescribeInternetGateways",
		.remove = "ec2:DeleteInternetGateway ec2:DescribeInternetGateways",
	},
	{
		.type = "AWS::EC2::Route",
		.create = "ec2:CreateRoute ec2:DescribeRouteTables",
		.remove = "ec2:DeleteRoute ec2:DescribeRouteTables",
	},
	{
		.type = "AWS::EC2::RouteTable",
		.create = "ec2:CreateRouteTable ec2:CreateTags ec2:DescribeRouteTables",
		.remove = "ec2:DeleteRouteTable ec2:DescribeRouteTables",
	},
	{
		.type = "AWS::EC2::SecurityGroup",
		.create =
			"ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:CreateSecurityGroup ec2:CreateTags ec2:DescribeSecurityGroups "
			"ec2:RevokeSecurityGroupEgress",
		.remove = "ec2:DeleteSecurityGroup ec2:DescribeSecurityGroups",
	},
	{
		.type = "AWS::EC2::SecurityGroupEgress",
		.create =
			"ec2:AuthorizeSecurityGroupEgress ec2:DescribeSecurityGroupRules ec2:RevokeSecurityGroupEgress",
		.remove = "ec2:DescribeSecurityGroupRules ec2:RevokeSecurityGroupEgress",
	},
	{
		.type = "AWS::EC2::SecurityGroupIngress",
		.create =
			"ec2:AuthorizeSecurityGroupIngress ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups",
		.remove = "ec2:DescribeSecurityGroupRules ec2:RevokeSecurityGroupIngress",
	},
	{
		.type = "AWS::EC2::Subnet",
		.create =
			"ec2:CreateSubnet ec2:CreateTags ec2:DescribeNetworkAcls ec2:DescribeSubnets ec2:ModifySubnetAttribute",
		.remove = "ec2:DeleteSubnet ec2:DescribeSubnets",
	},
	{
		.type = "AWS::EC2::SubnetRouteTableAssociation",
		.create = "ec2:AssociateRouteTable ec2:DescribeRouteTables ec2:DescribeSubnets",
		.remove = "ec2:DescribeRouteTables ec2:DescribeSubnets ec2:DisassociateRouteTable",
	},
	{
		.type = "AWS::EC2::VPC",
		.create =
			"ec2:CreateTags ec2:CreateVpc ec2:DescribeNetworkAcls ec2:DescribeSecurityGroups ec2:DescribeVpcAttribute ec2:DescribeVpcs ec2:ModifyVpcAttribute",
		.remove = "ec2:DeleteVpc ec2:DescribeVpcs",
	},
	{
		.type = "AWS::EC2::VPCEndpoint",
		.create =
			"ec2:CreateTags ec2:CreateVpcEndpoint ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs",
		.remove =
			"ec2:DeleteVpcEndpoints ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs",
	},
	{
		.type = "AWS::EC2::VPCGatewayAttachment",
		.create = "ec2:AttachInternetGateway ec2:DescribeInternetGateways",
		.remove = "ec2:DescribeInternetGateways ec2:DetachInternetGateway",
	},
	{
		.type = "AWS::EFS::FileSystem",
		.create =
			"elasticfilesystem:CreateFileSystem elasticfilesystem:DescribeBackupPolicy elasticfilesystem:DescribeFileSystemPolicy elasticfilesystem:DescribeFileSystems "
			"elasticfilesystem:DescribeLifecycleConfiguration elasticfilesystem:DescribeReplicationConfigurations "
			"elasticfilesystem:PutBackupPolicy elasticfilesystem:TagResource iam:CreateServiceLinkedRole kms:CreateGrant kms:DescribeKey "
			"kms:GenerateDataKeyWithoutPlaintext",
		.remove =
			"elasticfilesystem:DeleteFileSystem elasticfilesystem:DescribeFileSystems elasticfilesystem:DescribeReplicationConfigurations",
	},
	{
		.type = "AWS::EFS::MountTarget",
		.create =
			"ec2:DescribeSubnets elasticfilesystem:CreateMountTarget elasticfilesystem:DescribeMountTargetSecurityGroups elasticfilesystem:DescribeMountTargets",
		.remove = "elasticfilesystem:DeleteMountTarget elasticfilesystem:DescribeMountTargets",
	},
	{
		.type = "AWS::IAM::InstanceProfile",
		.create =
			"iam:AddRoleToInstanceProfile iam:CreateInstanceProfile iam:GetInstanceProfile iam:PassRole",
		.remove =
			"iam:DeleteInstanceProfile iam:GetInstanceProfile iam:RemoveRoleFromInstanceProfile",
	},
	{
		.type = "AWS::IAM::Role",
		.create = "iam:CreateRole iam:GetRole iam:GetRolePolicy iam:PutRolePolicy iam:TagRole",
		.update = "iam:DeleteRolePolicy iam:GetRole iam:PutRolePolicy iam:UpdateAssumeRolePolicy",
		.remove = "iam:DeleteRole iam:DeleteRolePolicy iam:GetRole",
	},
	{
		.type = "AWS::MemoryDB::Cluster",
		.create = MEMORYDB "memorydb:CreateCluster memorydb:DescribeClusters",
		.remove = "memorydb:DeleteCluster memorydb:DescribeClusters",
		.memorydb = true,
	},
	{
		.type = "AWS::MemoryDB::ParameterGroup",
		/* The API's creation takes no parameters: setting them is a change. */
		.create = MEMORYDB
		"memorydb:CreateParameterGroup memorydb:DescribeParameterGroups memorydb:UpdateParameterGroup",
		.remove = "memorydb:DeleteParameterGroup",
		.memorydb = true,
	},
	{
		.type = "AWS::MemoryDB::SubnetGroup",
		.create = MEMORYDB "memorydb:CreateSubnetGroup memorydb:DescribeSubnetGroups",
		.remove = "memorydb:DeleteSubnetGroup memorydb:DescribeSubnetGroups",
		.memorydb = true,
	},
	{
		.type = "AWS::S3::Bucket",
		.create =
			"s3:CreateBucket s3:GetAccelerateConfiguration s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketNotification s3:GetBucketObjectLockConfiguration "
			"s3:GetBucketOwnershipControls s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:GetEncryptionConfiguration "
			"s3:GetLifecycleConfiguration s3:PutBucketCORS s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock "
			"s3:PutBucketTagging s3:PutBucketVersioning s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration",
		.remove = "", /* it outlives its stack */
		.undo = "s3:DeleteBucket",
	},
	{
		.type = "AWS::S3::BucketPolicy",
		.create = "s3:GetBucketPolicy s3:PutBucketPolicy",
		.remove = "s3:DeleteBucketPolicy s3:GetBucketPolicy",
	},
};

const struct stack_handler *stack_handlers(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
