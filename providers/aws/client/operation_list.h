/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations, each declared here and nowhere else: AWS_OPERATION(prefix, service, operation, members …), defined by
 * the including file, with the members of struct aws_operation other than id, service and name. Names, paths, paging
 * and result elements are those of AWS's service models; a test compares every row with botocore's copy of them. IAM
 * actions: AWS's Service Authorization Reference.
 */

#define PLAIN(service, operation, ...) AWS_OPERATION(#service, service, operation, __VA_ARGS__)

/* Operations whose IAM action has their own name, and that may be repeated freely. */
#define SAME(service, operation, ...) \
	PLAIN(service, operation, .actions = #service ":" #operation, .idempotent = true, __VA_ARGS__)

/* The same in the query protocol, where a result has a wrapper. */
#define QUERY(service, operation, ...) SAME(service, operation, .result = #operation "Result", __VA_ARGS__)

/* A bucket's configuration: the sub-resource is the query, and IAM has its own names for it. */
#define BUCKET(operation, subresource, action, ...) \
	PLAIN(s3, operation, .method = "GET", .path = "/{Bucket}", .query = subresource, .actions = action, \
		.idempotent = true, __VA_ARGS__)

#define EFS(operation, uri, ...) \
	PLAIN(efs, operation, .method = "GET", .path = "/2015-02-01/" uri, \
		.actions = "elasticfilesystem:" #operation, .idempotent = true, __VA_ARGS__)

#define BALANCING(operation, ...) \
	PLAIN(elbv2, operation, .result = #operation "Result", \
		.actions = "elasticloadbalancing:" #operation, .idempotent = true, __VA_ARGS__)

#define EC2_PAGES(list) .paging = {.ask = "NextToken", .got = "nextToken", .items = list}
#define IAM_PAGES(list) .paging = {.ask = "Marker", .got = "Marker", .more = "IsTruncated", .items = list}
#define EFS_PAGES(list) .paging = {.ask = "Marker", .got = "NextMarker", .items = list}
#define NEXT_TOKEN(list) .paging = {.ask = "NextToken", .got = "NextToken", .items = list}

/* It answers even a caller who is denied everything. */
PLAIN(sts, GetCallerIdentity, .result = "GetCallerIdentityResult", .idempotent = true, .says = "Account",
	.actions = "")

/* How credentials are got. Callers need sts:AssumeRole only where their profile names a role. */
QUERY(sts, AssumeRole, .secret = true)
PLAIN(sts, AssumeRoleWithWebIdentity, .result = "AssumeRoleWithWebIdentityResult", .actions = "",
	.idempotent = true, .anonymous = true, .secret = true)
PLAIN(sso, GetRoleCredentials, .method = "GET", .path = "/federation/credentials",
	.query = ",role_name,account_id", .actions = "", .idempotent = true, .anonymous = true,
	.secret = true)
/* Not to be repeated: they use up a refresh token. */
AWS_OPERATION("sso-oidc", sso_oidc, CreateToken, .method = "POST", .path = "/token", .actions = "",
	.anonymous = true, .secret = true)
PLAIN(signin, CreateOAuth2Token, .method = "POST", .path = "/v1/token", .actions = "", .anonymous = true,
	.secret = true)

SAME(ec2, DescribeRegions, .lists = "regionInfo")
SAME(ec2, DescribeAvailabilityZones, .lists = "availabilityZoneInfo")
SAME(ec2, DescribeVpcs, EC2_PAGES("vpcSet"))
SAME(ec2, DescribeVpcAttribute, .says = "vpcId")
SAME(ec2, DescribeDhcpOptions, EC2_PAGES("dhcpOptionsSet"))
SAME(ec2, DescribeVpcBlockPublicAccessExclusions, .lists = "vpcBlockPublicAccessExclusionSet")
SAME(ec2, DescribeVpcBlockPublicAccessOptions, .holds = "vpcBlockPublicAccessOptions")
SAME(ec2, DescribeSubnets, EC2_PAGES("subnetSet"))
SAME(ec2, DescribeRouteTables, EC2_PAGES("routeTableSet"))
SAME(ec2, DescribeInternetGateways, EC2_PAGES("internetGatewaySet"))
SAME(ec2, DescribeAddresses, .lists = "addressesSet")
SAME(ec2, DescribeNatGateways, EC2_PAGES("natGatewaySet"))
SAME(ec2, DescribeVpcEndpoints, EC2_PAGES("vpcEndpointSet"))
SAME(ec2, DescribeVpcEndpointServices, EC2_PAGES("serviceDetailSet"))
SAME(ec2, DescribeNetworkAcls, EC2_PAGES("networkAclSet"))
SAME(ec2, DescribeSecurityGroups, EC2_PAGES("securityGroupInfo"))
SAME(ec2, DescribeSecurityGroupVpcAssociations, EC2_PAGES("securityGroupVpcAssociationSet"))
SAME(ec2, DescribeSecurityGroupRules, EC2_PAGES("securityGroupRuleSet"))
SAME(ec2, GetManagedPrefixListEntries, EC2_PAGES("entrySet"))
SAME(ec2, DescribeNetworkInterfaces, EC2_PAGES("networkInterfaceSet"))
SAME(ec2, DescribeInstances, EC2_PAGES("reservationSet"))
SAME(ec2, DescribeInstanceAttribute, .says = "instanceId")
SAME(ec2, GetSubnetCidrReservations, EC2_PAGES("subnetIpv4CidrReservationSet,subnetIpv6CidrReservationSet"))
SAME(ec2, DescribeVpcPeeringConnections, EC2_PAGES("vpcPeeringConnectionSet"))
SAME(ec2, DescribeVpnGateways, .lists = "vpnGatewaySet")
SAME(ec2, DescribeTransitGatewayVpcAttachments, EC2_PAGES("transitGatewayVpcAttachments"))
SAME(ec2, DescribeEgressOnlyInternetGateways, EC2_PAGES("egressOnlyInternetGatewaySet"))
SAME(ec2, GetEbsEncryptionByDefault, .says = "ebsEncryptionByDefault")
SAME(ec2, GetEbsDefaultKmsKeyId, .says = "kmsKeyId")
SAME(ec2, CreateTags)
SAME(ec2, DescribeSpotInstanceRequests, EC2_PAGES("spotInstanceRequestSet"))
SAME(ec2, CancelSpotInstanceRequests, .lists = "spotInstanceRequestSet")
SAME(ec2, DeleteNatGateway)
SAME(ec2, DeleteVpcEndpoints)
SAME(ec2, DeleteNetworkInterface)
SAME(ec2, DeleteSecurityGroup)
SAME(ec2, ReleaseAddress)

/*
 * Launching: the ClientToken makes it idempotent. User data may hold a URL with a signature. PassRole is asked for by EC2, of
 * whoever launches with an instance profile.
 */
PLAIN(ec2, RunInstances, .actions = "ec2:RunInstances ec2:CreateTags iam:PassRole", .idempotent = true,
	.secret = true, .says = "reservationId", .lists = "instancesSet")
SAME(ec2, DescribeImages, EC2_PAGES("imagesSet"))
SAME(ec2, DescribeInstanceTypes, EC2_PAGES("instanceTypeSet"))
SAME(ec2, TerminateInstances, .lists = "instancesSet")
SAME(ec2, GetConsoleOutput, .says = "instanceId")
SAME(ec2, DescribeVolumes, EC2_PAGES("volumeSet"))
SAME(ec2, DeleteVolume)
SAME(ssm, GetParameter, .holds = "Parameter")

QUERY(iam, GetRole, .holds = "Role", .documents = "Role.AssumeRolePolicyDocument")
QUERY(iam, ListRolePolicies, IAM_PAGES("PolicyNames"))
QUERY(iam, GetRolePolicy, .says = "PolicyDocument", .documents = "PolicyDocument")
QUERY(iam, ListAttachedRolePolicies, IAM_PAGES("AttachedPolicies"))
QUERY(iam, GetPolicy, .holds = "Policy")
QUERY(iam, GetPolicyVersion, .holds = "PolicyVersion", .documents = "PolicyVersion.Document")
QUERY(iam, ListInstanceProfilesForRole, IAM_PAGES("InstanceProfiles"),
	.documents = "InstanceProfiles.*.Roles.*.AssumeRolePolicyDocument")
QUERY(iam, GetInstanceProfile, .holds = "InstanceProfile",
	.documents = "InstanceProfile.Roles.*.AssumeRolePolicyDocument")
QUERY(iam, ListAccountAliases, IAM_PAGES("AccountAliases"))
QUERY(iam, SimulatePrincipalPolicy, IAM_PAGES("EvaluationResults"))
SAME(iam, UpdateAssumeRolePolicy)
SAME(iam, TagInstanceProfile)
QUERY(iam, ListPolicyTags, IAM_PAGES("Tags"))
QUERY(iam, ListInstanceProfileTags, IAM_PAGES("Tags"))
SAME(iam, DetachRolePolicy)
SAME(iam, DeleteRolePolicy)
SAME(iam, RemoveRoleFromInstanceProfile)

PLAIN(s3, HeadBucket, .method = "HEAD", .path = "/{Bucket}", .actions = "s3:ListBucket", .idempotent = true,
	.says = "BucketRegion",
	.reply_headers = "BucketRegion=x-amz-bucket-region,BucketArn=x-amz-bucket-arn")
PLAIN(s3, ListObjectsV2, .method = "GET", .path = "/{Bucket}", .query = "list-type=2,max-keys",
	.actions = "s3:ListBucket", .idempotent = true, .root = "ListBucketResult", .says = "Name")
/* What an instance that looks at its cloud writes: sent by the instance, with a URL that is signed here. */
PLAIN(s3, PutObject, .method = "PUT", .path = "/{Bucket}/{Key+}", .actions = "s3:PutObject",
	.idempotent = true)
PLAIN(s3, GetObject, .method = "GET", .path = "/{Bucket}/{Key+}", .actions = "s3:GetObject",
	.idempotent = true, .payload = "Body")
PLAIN(s3, DeleteObject, .method = "DELETE", .path = "/{Bucket}/{Key+}", .query = ",versionId",
	.actions = "s3:DeleteObject", .idempotent = true)
BUCKET(GetBucketPolicy, "policy", "s3:GetBucketPolicy", .payload = "Policy")
BUCKET(GetBucketCors, "cors", "s3:GetBucketCORS", .root = "CORSConfiguration")
BUCKET(GetBucketEncryption, "encryption", "s3:GetEncryptionConfiguration",
	.root = "ServerSideEncryptionConfiguration")
BUCKET(GetPublicAccessBlock, "publicAccessBlock", "s3:GetBucketPublicAccessBlock",
	.root = "PublicAccessBlockConfiguration")
BUCKET(GetBucketVersioning, "versioning", "s3:GetBucketVersioning", .root = "VersioningConfiguration")
BUCKET(GetBucketLifecycleConfiguration, "lifecycle", "s3:GetLifecycleConfiguration",
	.root = "LifecycleConfiguration")

BUCKET(GetBucketTagging, "tagging", "s3:GetBucketTagging", .root = "Tagging")
BUCKET(GetObjectLockConfiguration, "object-lock", "s3:GetBucketObjectLockConfiguration",
	.root = "ObjectLockConfiguration")
/* Their pages have two tokens, so who needs more than one asks for it. */
BUCKET(ListObjectVersions, "versions,prefix,encoding-type,key-marker,version-id-marker",
	"s3:ListBucketVersions", .root = "ListVersionsResult", .says = "Name")
BUCKET(ListMultipartUploads, "uploads,encoding-type", "s3:ListBucketMultipartUploads",
	.root = "ListMultipartUploadsResult", .says = "Bucket")
/* Of versions: whoever calls it names them. */
PLAIN(s3, DeleteObjects, .method = "POST", .path = "/{Bucket}", .query = "delete",
	.actions = "s3:DeleteObjectVersion", .idempotent = true, .root = "DeleteResult")
PLAIN(s3, AbortMultipartUpload, .method = "DELETE", .path = "/{Bucket}/{Key+}", .query = ",uploadId",
	.actions = "s3:AbortMultipartUpload", .idempotent = true)
PLAIN(s3, DeleteBucket, .method = "DELETE", .path = "/{Bucket}", .actions = "s3:DeleteBucket",
	.idempotent = true)

PLAIN(s3control, GetPublicAccessBlock, .method = "GET", .path = "/v20180820/configuration/publicAccessBlock",
	.actions = "s3:GetAccountPublicAccessBlock", .idempotent = true,
	.root = "PublicAccessBlockConfiguration")

EFS(DescribeFileSystems, "file-systems", .query = ",FileSystemId,CreationToken,MaxItems,Marker",
	EFS_PAGES("FileSystems"))
EFS(DescribeMountTargets, "mount-targets",
	.query = ",FileSystemId,MountTargetId,AccessPointId,MaxItems,Marker", EFS_PAGES("MountTargets"))
EFS(DescribeReplicationConfigurations, "file-systems/replication-configurations",
	.query = ",FileSystemId,NextToken,MaxResults", NEXT_TOKEN("Replications"))
EFS(DescribeFileSystemPolicy, "file-systems/{FileSystemId}/policy", .says = "Policy")
EFS(DescribeBackupPolicy, "file-systems/{FileSystemId}/backup-policy", .holds = "BackupPolicy")
PLAIN(efs, DeleteMountTarget, .method = "DELETE", .path = "/2015-02-01/mount-targets/{MountTargetId}",
	.actions = "elasticfilesystem:DeleteMountTarget", .idempotent = true)

SAME(memorydb, DescribeClusters, NEXT_TOKEN("Clusters"))
SAME(memorydb, DescribeSubnetGroups, NEXT_TOKEN("SubnetGroups"))
SAME(memorydb, DescribeParameterGroups, NEXT_TOKEN("ParameterGroups"))
SAME(memorydb, DescribeParameters, NEXT_TOKEN("Parameters"))
PLAIN(memorydb, DescribeACLs, .actions = "memorydb:DescribeAcls", .idempotent = true, NEXT_TOKEN("ACLs"))
SAME(memorydb, DescribeUsers, NEXT_TOKEN("Users"))

/* May be repeated: callers pass ClientRequestToken, and a name belongs to one stack. TagResource: for its tags. */
PLAIN(cloudformation, CreateStack, .result = "CreateStackResult",
	.actions = "cloudformation:CreateStack cloudformation:TagResource", .idempotent = true,
	.says = "StackId")
SAME(cloudformation, DeleteStack)
SAME(cloudformation, SetStackPolicy)
QUERY(cloudformation, GetStackPolicy)
QUERY(cloudformation, GetTemplate, .says = "TemplateBody")
/* May be repeated: callers pass ClientToken, and a name belongs to one change set. TagResource: for the stack's tags. */
QUERY(cloudformation, CreateChangeSet, .says = "Id")
QUERY(cloudformation, DescribeChangeSet, NEXT_TOKEN("Changes"), .says = "Status")
QUERY(cloudformation, DeleteChangeSet)
/* May be repeated: a change set is executed once. */
QUERY(cloudformation, ExecuteChangeSet)
QUERY(cloudformation, ContinueUpdateRollback)
QUERY(cloudformation, UpdateTerminationProtection)
QUERY(cloudformation, DetectStackDrift, .says = "StackDriftDetectionId")
QUERY(cloudformation, DescribeStackDriftDetectionStatus, .says = "DetectionStatus")
QUERY(cloudformation, DescribeStackResourceDrifts, NEXT_TOKEN("StackResourceDrifts"))
QUERY(cloudformation, DescribeStacks, NEXT_TOKEN("Stacks"))
QUERY(cloudformation, ListStackResources, NEXT_TOKEN("StackResourceSummaries"))
QUERY(cloudformation, ListStacks, NEXT_TOKEN("StackSummaries"))
QUERY(cloudformation, DescribeStackEvents, NEXT_TOKEN("StackEvents"))
QUERY(cloudformation, DescribeEvents, NEXT_TOKEN("OperationEvents"))

SAME(servicequotas, GetServiceQuota, .holds = "Quota")
SAME(servicequotas, GetAWSDefaultServiceQuota, .holds = "Quota")
SAME(kms, DescribeKey, .holds = "KeyMetadata")
SAME(kms, GetKeyPolicy, .says = "Policy")

PLAIN(backup, ListRecoveryPointsByResource, .method = "GET",
	.path = "/resources/{resourceArn}/recovery-points/", .query = ",nextToken,maxResults",
	.actions = "backup:ListRecoveryPointsByResource", .idempotent = true,
	.paging = {.ask = "nextToken", .got = "NextToken", .items = "RecoveryPoints"})
PLAIN(backup, ListRecoveryPointsByBackupVault, .method = "GET",
	.path = "/backup-vaults/{backupVaultName}/recovery-points/",
	.query = ",resourceArn,nextToken,maxResults", .actions = "backup:ListRecoveryPointsByBackupVault",
	.idempotent = true, .paging = {.ask = "nextToken", .got = "NextToken", .items = "RecoveryPoints"})

BALANCING(DescribeTags, .lists = "TagDescriptions")
BALANCING(DescribeTargetGroups, .paging = {.ask = "Marker", .got = "NextMarker", .items = "TargetGroups"})
BALANCING(DeleteLoadBalancer)
BALANCING(DeleteTargetGroup)

#undef PLAIN
#undef SAME
#undef QUERY
#undef BUCKET
#undef EFS
#undef BALANCING
#undef EC2_PAGES
#undef IAM_PAGES
#undef EFS_PAGES
#undef NEXT_TOKEN
#undef AWS_OPERATION
