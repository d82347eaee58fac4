/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operation rows. Names, paths, paging and result elements are those of AWS's service models; a test
 * compares every row with botocore's copy of them. IAM actions: AWS's Service Authorization Reference.
 */
#include "base/array.h"
#include "providers/aws/client/operation.h"

static const struct aws_service sts = {
	.name = "sts",
	.iam_prefix = "sts",
	.protocol = PROTOCOL_QUERY,
	.version = "2011-06-15",
	.host_prefix = "sts",
	.signing_name = "sts",
	.endpoint_key = "STS",
	.fips_as_usual = true,
};
static const struct aws_service sso = {
	.name = "sso",
	.iam_prefix = "sso",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2019-06-10",
	.host_prefix = "portal.sso",
	.signing_name = "awsssoportal",
	.endpoint_key = "SSO",
};
static const struct aws_service sso_oidc = {
	.name = "sso-oidc",
	.iam_prefix = "sso-oauth",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2019-06-10",
	.host_prefix = "oidc",
	.signing_name = "sso-oauth",
	.endpoint_key = "SSO_OIDC",
};
static const struct aws_service signin = {
	.name = "signin",
	.iam_prefix = "signin",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2023-01-01",
	.host_prefix = "signin",
	.signing_name = "signin",
	.endpoint_key = "SIGNIN",
	.console = true,
};
static const struct aws_service ec2 = {
	.name = "ec2",
	.iam_prefix = "ec2",
	.protocol = PROTOCOL_EC2,
	.version = "2016-11-15",
	.host_prefix = "ec2",
	.signing_name = "ec2",
	.endpoint_key = "EC2",
	.fips_as_usual = true,
};
/* One endpoint for all regions, with a low rate for the whole account. */
static const struct aws_service iam = {
	.name = "iam",
	.iam_prefix = "iam",
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-08",
	.host_prefix = "iam",
	.signing_name = "iam",
	.endpoint_key = "IAM",
	.global = true,
	.throttle_attempts = 5,
};
static const struct aws_service s3 = {
	.name = "s3",
	.iam_prefix = "s3",
	.protocol = PROTOCOL_REST_XML,
	.version = "2006-03-01",
	.host_prefix = "s3",
	.signing_name = "s3",
	.endpoint_key = "S3",
};
static const struct aws_service efs = {
	.name = "efs",
	.iam_prefix = "elasticfilesystem",
	.protocol = PROTOCOL_REST_JSON,
	.version = "2015-02-01",
	.host_prefix = "elasticfilesystem",
	.signing_name = "elasticfilesystem",
	.endpoint_key = "EFS",
};
static const struct aws_service memorydb = {
	.name = "memorydb",
	.iam_prefix = "memorydb",
	.protocol = PROTOCOL_JSON,
	.version = "2021-01-01",
	.target_prefix = "AmazonMemoryDB",
	.host_prefix = "memory-db",
	.signing_name = "memorydb",
	.endpoint_key = "MEMORYDB",
};
/*
 * Its API is shared by everything in an account that deploys: three attempts are too few
 * (docs/design.md, "Calls to AWS").
 */
static const struct aws_service cloudformation = {
	.name = "cloudformation",
	.iam_prefix = "cloudformation",
	.protocol = PROTOCOL_QUERY,
	.version = "2010-05-15",
	.host_prefix = "cloudformation",
	.signing_name = "cloudformation",
	.endpoint_key = "CLOUDFORMATION",
	.throttle_attempts = 8,
	.fips_as_usual = true,
};
static const struct aws_service servicequotas = {
	.name = "servicequotas",
	.iam_prefix = "servicequotas",
	.protocol = PROTOCOL_JSON,
	.version = "2019-06-24",
	.target_prefix = "ServiceQuotasV20190624",
	.host_prefix = "servicequotas",
	.signing_name = "servicequotas",
	.endpoint_key = "SERVICE_QUOTAS",
	.fips_as_usual = true,
};
static const struct aws_service kms = {
	.name = "kms",
	.iam_prefix = "kms",
	.protocol = PROTOCOL_JSON,
	.version = "2014-11-01",
	.target_prefix = "TrentService",
	.host_prefix = "kms",
	.signing_name = "kms",
	.endpoint_key = "KMS",
};

/* What every row has, from one word each. */
#define ROW(prefix, operation) .id = #prefix ":" #operation, .service = &prefix, .name = #operation

/* Operations whose IAM action has their own name, and that may be repeated freely. */
#define SAME(prefix, operation) ROW(prefix, operation), .actions = #prefix ":" #operation, .idempotent = true

/* The same in the query protocol, where a result has a wrapper. */
#define QUERY(prefix, operation) SAME(prefix, operation), .result = #operation "Result"

/* A bucket's configuration: the sub-resource is the query, and IAM has its own names for it. */
#define BUCKET(operation, subresource, action) \
	ROW(s3, operation), .method = "GET", .path = "/{Bucket}", .query = subresource, .actions = action, \
			    .idempotent = true

#define EFS(operation, uri) \
	ROW(efs, operation), .method = "GET", .path = "/2015-02-01/" uri, \
			     .actions = "elasticfilesystem:" #operation, .idempotent = true

#define EC2_PAGES(list) .paging = {"NextToken", "nextToken", NULL, list}
#define IAM_PAGES(list) .paging = {"Marker", "Marker", "IsTruncated", list}
#define EFS_PAGES(list) .paging = {"Marker", "NextMarker", NULL, list}
#define NEXT_TOKEN(list) .paging = {"NextToken", "NextToken", NULL, list}

const struct aws_operation sts_GetCallerIdentity = {
	ROW(sts, GetCallerIdentity), .result = "GetCallerIdentityResult", .idempotent = true,
	.holds = "Account", .actions = "", /* needs none: it answers even a caller who is denied everything */
};

/* How credentials come about. The policy of whoever runs cloudctl needs sts:AssumeRole for profiles with a role only. */
const struct aws_operation sts_AssumeRole = {QUERY(sts, AssumeRole), .secret = true};
const struct aws_operation sts_AssumeRoleWithWebIdentity = {
	ROW(sts, AssumeRoleWithWebIdentity),
	.result = "AssumeRoleWithWebIdentityResult",
	.actions = "",
	.idempotent = true,
	.anonymous = true,
	.secret = true,
};
const struct aws_operation sso_GetRoleCredentials = {
	ROW(sso, GetRoleCredentials),
	.method = "GET",
	.path = "/federation/credentials",
	.query = ",role_name,account_id",
	.actions = "",
	.idempotent = true,
	.anonymous = true,
	.secret = true,
};
/* Not to be sent twice: a refresh token is used up. */
const struct aws_operation sso_oidc_CreateToken = {
	.id = "sso-oidc:CreateToken",
	.service = &sso_oidc,
	.name = "CreateToken",
	.method = "POST",
	.path = "/token",
	.actions = "",
	.anonymous = true,
	.secret = true,
};
/* Nor this. */
const struct aws_operation signin_CreateOAuth2Token = {
	ROW(signin, CreateOAuth2Token),
	.method = "POST",
	.path = "/v1/token",
	.actions = "",
	.anonymous = true,
	.secret = true,
};

const struct aws_operation ec2_DescribeRegions = {SAME(ec2, DescribeRegions), .holds = "regionInfo"};
const struct aws_operation ec2_DescribeAvailabilityZones = {
	SAME(ec2, DescribeAvailabilityZones),
	.holds = "availabilityZoneInfo",
};
const struct aws_operation ec2_DescribeVpcs = {SAME(ec2, DescribeVpcs), EC2_PAGES("vpcSet")};
const struct aws_operation ec2_DescribeVpcAttribute = {SAME(ec2, DescribeVpcAttribute), .holds = "vpcId"};
const struct aws_operation ec2_DescribeSubnets = {SAME(ec2, DescribeSubnets), EC2_PAGES("subnetSet")};
const struct aws_operation ec2_DescribeRouteTables = {
	SAME(ec2, DescribeRouteTables),
	EC2_PAGES("routeTableSet"),
};
const struct aws_operation ec2_DescribeInternetGateways = {
	SAME(ec2, DescribeInternetGateways),
	EC2_PAGES("internetGatewaySet"),
};
const struct aws_operation ec2_DescribeNatGateways = {
	SAME(ec2, DescribeNatGateways),
	EC2_PAGES("natGatewaySet"),
};
const struct aws_operation ec2_DescribeVpcEndpoints = {
	SAME(ec2, DescribeVpcEndpoints),
	EC2_PAGES("vpcEndpointSet"),
};
const struct aws_operation ec2_DescribeVpcEndpointServices = {
	SAME(ec2, DescribeVpcEndpointServices),
	EC2_PAGES("serviceDetailSet"),
};
const struct aws_operation ec2_DescribeNetworkAcls = {
	SAME(ec2, DescribeNetworkAcls),
	EC2_PAGES("networkAclSet"),
};
const struct aws_operation ec2_DescribeSecurityGroups = {
	SAME(ec2, DescribeSecurityGroups),
	EC2_PAGES("securityGroupInfo"),
};
const struct aws_operation ec2_DescribeNetworkInterfaces = {
	SAME(ec2, DescribeNetworkInterfaces),
	EC2_PAGES("networkInterfaceSet"),
};
const struct aws_operation ec2_DescribeInstances = {SAME(ec2, DescribeInstances),
	EC2_PAGES("reservationSet")};

const struct aws_operation iam_GetRole = {
	QUERY(iam, GetRole),
	.holds = "Role",
	.documents = "Role.AssumeRolePolicyDocument",
};
const struct aws_operation iam_ListRolePolicies = {QUERY(iam, ListRolePolicies), IAM_PAGES("PolicyNames")};
const struct aws_operation iam_GetRolePolicy = {
	QUERY(iam, GetRolePolicy),
	.holds = "PolicyDocument",
	.documents = "PolicyDocument",
};
const struct aws_operation iam_ListAttachedRolePolicies = {
	QUERY(iam, ListAttachedRolePolicies),
	IAM_PAGES("AttachedPolicies"),
};
const struct aws_operation iam_GetPolicy = {QUERY(iam, GetPolicy), .holds = "Policy"};
const struct aws_operation iam_GetPolicyVersion = {
	QUERY(iam, GetPolicyVersion),
	.holds = "PolicyVersion",
	.documents = "PolicyVersion.Document",
};
const struct aws_operation iam_ListInstanceProfilesForRole = {
	QUERY(iam, ListInstanceProfilesForRole),
	IAM_PAGES("InstanceProfiles"),
	.documents = "InstanceProfiles.*.Roles.*.AssumeRolePolicyDocument",
};
const struct aws_operation iam_GetInstanceProfile = {
	QUERY(iam, GetInstanceProfile),
	.holds = "InstanceProfile",
	.documents = "InstanceProfile.Roles.*.AssumeRolePolicyDocument",
};
const struct aws_operation iam_SimulatePrincipalPolicy = {
	QUERY(iam, SimulatePrincipalPolicy),
	IAM_PAGES("EvaluationResults"),
};
/* The same document twice is the same trust. */
const struct aws_operation iam_UpdateAssumeRolePolicy = {SAME(iam, UpdateAssumeRolePolicy)};

const struct aws_operation s3_HeadBucket = {
	ROW(s3, HeadBucket),
	.method = "HEAD",
	.path = "/{Bucket}",
	.actions = "s3:ListBucket",
	.idempotent = true,
	.holds = "BucketRegion",
	.reply_headers = "BucketRegion=x-amz-bucket-region,BucketArn=x-amz-bucket-arn",
};
const struct aws_operation s3_GetBucketPolicy = {
	BUCKET(GetBucketPolicy, "policy", "s3:GetBucketPolicy"),
	.payload = "Policy",
};
const struct aws_operation s3_GetBucketCors = {
	BUCKET(GetBucketCors, "cors", "s3:GetBucketCORS"),
	.root = "CORSConfiguration",
};
const struct aws_operation s3_GetBucketEncryption = {
	BUCKET(GetBucketEncryption, "encryption", "s3:GetEncryptionConfiguration"),
	.root = "ServerSideEncryptionConfiguration",
};
const struct aws_operation s3_GetPublicAccessBlock = {
	BUCKET(GetPublicAccessBlock, "publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
	.root = "PublicAccessBlockConfiguration",
};
const struct aws_operation s3_GetBucketVersioning = {
	BUCKET(GetBucketVersioning, "versioning", "s3:GetBucketVersioning"),
	.root = "VersioningConfiguration",
};
const struct aws_operation s3_GetBucketLifecycleConfiguration = {
	BUCKET(GetBucketLifecycleConfiguration, "lifecycle", "s3:GetLifecycleConfiguration"),
	.root = "LifecycleConfiguration",
};
const struct aws_operation s3_ListObjectsV2 = {
	ROW(s3, ListObjectsV2),
	.method = "GET",
	.path = "/{Bucket}",
	.actions = "s3:ListBucket",
	.root = "ListBucketResult",
	.query = "list-type=2,prefix,delimiter,continuation-token,max-keys,start-after,encoding-type",
	.paging = {"continuation-token", "NextContinuationToken", "IsTruncated", "Contents,CommonPrefixes"},
	.idempotent = true,
};

const struct aws_operation efs_DescribeFileSystems = {
	EFS(DescribeFileSystems, "file-systems"),
	.query = ",FileSystemId,CreationToken,MaxItems,Marker",
	EFS_PAGES("FileSystems"),
};
const struct aws_operation efs_DescribeMountTargets = {
	EFS(DescribeMountTargets, "mount-targets"),
	.query = ",FileSystemId,MountTargetId,AccessPointId,MaxItems,Marker",
	EFS_PAGES("MountTargets"),
};
const struct aws_operation efs_DescribeFileSystemPolicy = {
	EFS(DescribeFileSystemPolicy, "file-systems/{FileSystemId}/policy"),
	.holds = "Policy",
};
const struct aws_operation efs_DescribeBackupPolicy = {
	EFS(DescribeBackupPolicy, "file-systems/{FileSystemId}/backup-policy"),
	.holds = "BackupPolicy",
};

const struct aws_operation memorydb_DescribeClusters = {
	SAME(memorydb, DescribeClusters),
	NEXT_TOKEN("Clusters"),
};
const struct aws_operation memorydb_DescribeSubnetGroups = {
	SAME(memorydb, DescribeSubnetGroups),
	NEXT_TOKEN("SubnetGroups"),
};
const struct aws_operation memorydb_DescribeParameterGroups = {
	SAME(memorydb, DescribeParameterGroups),
	NEXT_TOKEN("ParameterGroups"),
};
const struct aws_operation memorydb_DescribeParameters = {
	SAME(memorydb, DescribeParameters),
	NEXT_TOKEN("Parameters"),
};

/* Creating twice is safe: callers pass ClientRequestToken, and a name belongs to one stack. */
const struct aws_operation cloudformation_CreateStack = {
	ROW(cloudformation, CreateStack),
	.result = "CreateStackResult",
	/* The second for the stack's tags. */
	.actions = "cloudformation:CreateStack cloudformation:TagResource",
	.idempotent = true,
	.holds = "StackId",
};
const struct aws_operation cloudformation_DeleteStack = {SAME(cloudformation, DeleteStack)};
const struct aws_operation cloudformation_DescribeStacks = {
	QUERY(cloudformation, DescribeStacks),
	NEXT_TOKEN("Stacks"),
};
const struct aws_operation cloudformation_DescribeStackEvents = {
	QUERY(cloudformation, DescribeStackEvents),
	NEXT_TOKEN("StackEvents"),
};
const struct aws_operation cloudformation_DescribeStackResources = {
	QUERY(cloudformation, DescribeStackResources),
	.holds = "StackResources",
};

const struct aws_operation servicequotas_GetServiceQuota = {SAME(servicequotas, GetServiceQuota),
	.holds = "Quota"};
const struct aws_operation servicequotas_GetAWSDefaultServiceQuota = {
	SAME(servicequotas, GetAWSDefaultServiceQuota),
	.holds = "Quota",
};
const struct aws_operation kms_DescribeKey = {SAME(kms, DescribeKey), .holds = "KeyMetadata"};
const struct aws_operation kms_GetKeyPolicy = {SAME(kms, GetKeyPolicy), .holds = "Policy"};

static const struct aws_operation *const rows[] = {
	&sts_GetCallerIdentity,
	&sts_AssumeRole,
	&sts_AssumeRoleWithWebIdentity,
	&sso_GetRoleCredentials,
	&sso_oidc_CreateToken,
	&signin_CreateOAuth2Token,

	&ec2_DescribeRegions,
	&ec2_DescribeAvailabilityZones,
	&ec2_DescribeVpcs,
	&ec2_DescribeVpcAttribute,
	&ec2_DescribeSubnets,
	&ec2_DescribeRouteTables,
	&ec2_DescribeInternetGateways,
	&ec2_DescribeNatGateways,
	&ec2_DescribeVpcEndpoints,
	&ec2_DescribeNetworkAcls,
	&ec2_DescribeSecurityGroups,
	&ec2_DescribeNetworkInterfaces,
	&ec2_DescribeInstances,
	&ec2_DescribeVpcEndpointServices,

	&iam_GetRole,
	&iam_ListRolePolicies,
	&iam_GetRolePolicy,
	&iam_ListAttachedRolePolicies,
	&iam_GetPolicy,
	&iam_GetPolicyVersion,
	&iam_ListInstanceProfilesForRole,
	&iam_GetInstanceProfile,
	&iam_SimulatePrincipalPolicy,
	&iam_UpdateAssumeRolePolicy,

	&s3_HeadBucket,
	&s3_GetBucketPolicy,
	&s3_GetBucketCors,
	&s3_GetBucketEncryption,
	&s3_GetPublicAccessBlock,
	&s3_GetBucketVersioning,
	&s3_GetBucketLifecycleConfiguration,
	&s3_ListObjectsV2,

	&efs_DescribeFileSystems,
	&efs_DescribeMountTargets,
	&efs_DescribeFileSystemPolicy,
	&efs_DescribeBackupPolicy,

	&memorydb_DescribeClusters,
	&memorydb_DescribeSubnetGroups,
	&memorydb_DescribeParameterGroups,
	&memorydb_DescribeParameters,

	&cloudformation_CreateStack,
	&cloudformation_DeleteStack,
	&cloudformation_DescribeStacks,
	&cloudformation_DescribeStackEvents,
	&cloudformation_DescribeStackResources,

	&servicequotas_GetServiceQuota,
	&servicequotas_GetAWSDefaultServiceQuota,
	&kms_DescribeKey,
	&kms_GetKeyPolicy,
};

const struct aws_operation *const *aws_operations(size_t *count)
{
	*count = ARRAY_LENGTH(rows);
	return rows;
}
