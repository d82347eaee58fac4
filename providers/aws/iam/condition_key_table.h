/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Service Authorization Reference, edition of 2026-10-27: the condition keys of the actions that are put to
 * policies. Made by testdata/iam/condition_keys.py; do not edit. condition_key.c reads it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_TABLE_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_KEY_TABLE_H

/* Each word of a list has a space before and after it. A key that ends with '*' is a family. */
/* clang-format off */
static const struct carried_keys {
	const char *actions;
	const char *resource; /* a pattern of ARNs; NULL: whatever the resource is */
	const char *keys;
} carried_keys[] = {
	{" acm:AddTagsToCertificate ",
	NULL, " acm:CertificateKeyPairOrigin aws:RequestTag/* aws:TagKeys "},
	{" acm:AddTagsToCertificate acm:DeleteCertificate acm:DescribeCertificate acm:GetCertificate"
	" acm:ListTagsForCertificate acm:RenewCertificate ",
	"arn:*:acm:*:*:certificate/*", " aws:ResourceTag/* "},
	{" acm:DeleteCertificate ",
	NULL, " acm:CertificateKeyPairOrigin "},
	{" acm:DescribeCertificate acm:GetCertificate acm:ListCertificates acm:ListTagsForCertificate"
	" acm:RenewCertificate ",
	NULL, " "},
	{" acm:RequestCertificate ",
	NULL, " acm:CertificateAuthority acm:CertificateKeyPairOrigin acm:CertificateTransparencyLogging acm:DomainNames"
	" acm:Export acm:KeyAlgorithm acm:ValidationMethod aws:RequestTag/* aws:TagKeys "},
	{" cloudformation:CreateStack cloudformation:DeleteStack cloudformation:DescribeStackEvents"
	" cloudformation:DescribeStackResources cloudformation:DescribeStacks cloudformation:GetTemplate"
	" cloudformation:TagResource cloudformation:UntagResource cloudformation:UpdateStack ",
	"arn:*:cloudformation:*:*:stack/*/*", " aws:ResourceTag/* "},
	{" cloudformation:CreateStack cloudformation:UpdateStack ",
	NULL, " aws:RequestTag/* aws:TagKeys cloudformation:ResourceTypes cloudformation:RoleArn"
	" cloudformation:StackPolicyUrl cloudformation:TemplateUrl "},
	{" cloudformation:DeleteStack ",
	NULL, " cloudformation:RoleArn "},
	{" cloudformation:DescribeStackEvents cloudformation:DescribeStackResources cloudformation:DescribeStacks"
	" cloudformation:GetTemplate ",
	NULL, " "},
	{" cloudformation:TagResource ",
	NULL, " aws:RequestTag/* aws:TagKeys cloudformation:CreateAction "},
	{" cloudformation:UntagResource ",
	NULL, " aws:TagKeys cloudformation:CreateAction "},
	{" ec2:AllocateAddress ",
	"arn:*:ec2:*:*:elastic-ip/*", " aws:RequestTag/* aws:TagKeys "},
	{" ec2:AllocateAddress ec2:AssociateIamInstanceProfile ec2:AttachVolume ec2:CancelSpotInstanceRequests"
	" ec2:CreatePlacementGroup ec2:CreateVolume ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones"
	" ec2:DescribeCapacityReservations ec2:DescribeIamInstanceProfileAssociations ec2:DescribeInstanceStatus"
	" ec2:DescribeInstanceTypes ec2:DescribeInstances ec2:DescribeInternetGateways ec2:DescribePlacementGroups"
	" ec2:DescribePrefixLists ec2:DescribeRegions ec2:DescribeReservedInstancesOfferings ec2:DescribeRouteTables"
	" ec2:DescribeSecurityGroups ec2:DescribeSpotInstanceRequests ec2:DescribeSpotPriceHistory"
	" ec2:DescribeSubnets ec2:DescribeVolumes ec2:DescribeVpcs ec2:DisassociateIamInstanceProfile"
	" ec2:ModifyImageAttribute ec2:ModifyInstanceAttribute ec2:ReleaseAddress"
	" ec2:ReplaceIamInstanceProfileAssociation ec2:RequestSpotInstances ec2:RunInstances ec2:StartInstances"
	" ec2:StopInstances ec2:TerminateInstances ",
	NULL, " ec2:Region "},
	{" ec2:AssociateIamInstanceProfile ec2:ReplaceIamInstanceProfileAssociation ",
	"arn:*:ec2:*:*:instance/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized"
	" ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting ec2:InstanceID ec2:InstanceMarketType"
	" ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType ec2:ManagedResourceOperator"
	" ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit ec2:MetadataHttpTokens ec2:NewInstanceProfile"
	" ec2:PlacementGroup ec2:ProductCode ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:AttachVolume ",
	"arn:*:ec2:*:*:volume/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:Encrypted ec2:ManagedResourceOperator"
	" ec2:ParentSnapshot ec2:ParentVolume ec2:ResourceTag/* ec2:VolumeID ec2:VolumeInitializationRate"
	" ec2:VolumeIops ec2:VolumeSize ec2:VolumeThroughput ec2:VolumeType "},
	{" ec2:AttachVolume ec2:DisassociateIamInstanceProfile ec2:TerminateInstances ",
	"arn:*:ec2:*:*:instance/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized"
	" ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting ec2:InstanceID ec2:InstanceMarketType"
	" ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType ec2:ManagedResourceOperator"
	" ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit ec2:MetadataHttpTokens ec2:PlacementGroup"
	" ec2:ProductCode ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:CancelSpotInstanceRequests ",
	"arn:*:ec2:*:*:spot-instances-request/*", " aws:ResourceTag/* ec2:ResourceTag/* "},
	{" ec2:CreatePlacementGroup ",
	"arn:*:ec2:*:*:placement-group/*", " aws:RequestTag/* aws:TagKeys ec2:PlacementGroupName ec2:PlacementGroupStrategy "},
	{" ec2:CreateTags ",
	NULL, " ec2:CreateAction ec2:Region "},
	{" ec2:CreateTags ",
	"arn:*:ec2:*:*:instance/*", " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys ec2:AvailabilityZone ec2:AvailabilityZoneId"
	" ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting"
	" ec2:InstanceID ec2:InstanceMarketType ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType"
	" ec2:ManagedResourceOperator ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit"
	" ec2:MetadataHttpTokens ec2:PlacementGroup ec2:ProductCode ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:CreateVolume ",
	"arn:*:ec2:*:*:volume/*", " aws:RequestTag/* aws:TagKeys ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:Encrypted ec2:KmsKeyId"
	" ec2:ParentSnapshot ec2:VolumeID ec2:VolumeInitializationRate ec2:VolumeIops ec2:VolumeSize"
	" ec2:VolumeThroughput ec2:VolumeType "},
	{" ec2:DeleteTags ",
	NULL, " aws:TagKeys ec2:Region "},
	{" ec2:DeleteTags ",
	"arn:*:ec2:*:*:instance/*", " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys ec2:ResourceTag/* "},
	{" ec2:ModifyImageAttribute ",
	"arn:*:ec2:*::image/*", " aws:ResourceTag/* ec2:Attribute ec2:Attribute/* ec2:ImageID ec2:ImageType ec2:Owner ec2:Public"
	" ec2:ResourceTag/* ec2:RootDeviceType "},
	{" ec2:ModifyInstanceAttribute ",
	"arn:*:ec2:*:*:instance/*", " aws:ResourceTag/* ec2:Attribute ec2:Attribute/* ec2:AvailabilityZone ec2:AvailabilityZoneId"
	" ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting"
	" ec2:InstanceID ec2:InstanceMarketType ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType"
	" ec2:ManagedResourceOperator ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit"
	" ec2:MetadataHttpTokens ec2:PlacementGroup ec2:ProductCode ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:ReleaseAddress ",
	"arn:*:ec2:*:*:elastic-ip/*", " aws:ResourceTag/* ec2:AllocationId ec2:Domain ec2:PublicIpAddress ec2:ResourceTag/* "},
	{" ec2:RequestSpotInstances ",
	"arn:*:ec2:*:*:spot-instances-request/*", " aws:RequestTag/* aws:TagKeys "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*:*:instance/*", " aws:RequestTag/* aws:TagKeys ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:CpuOptionsAmdSevSnp"
	" ec2:EbsOptimized ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting ec2:InstanceID"
	" ec2:InstanceMarketType ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType"
	" ec2:IsLaunchTemplateResource ec2:LaunchTemplate ec2:ManagedResourceOperator ec2:MetadataHttpEndpoint"
	" ec2:MetadataHttpPutResponseHopLimit ec2:MetadataHttpTokens ec2:PlacementGroup ec2:ProductCode"
	" ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*:*:network-interface/*", " aws:RequestTag/* aws:TagKeys ec2:AssociatePublicIpAddress ec2:AuthorizedService ec2:AvailabilityZone"
	" ec2:IsLaunchTemplateResource ec2:LaunchTemplate ec2:ManagedResourceOperator ec2:NetworkInterfaceID"
	" ec2:Subnet ec2:Vpc "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*:*:security-group/*", " aws:ResourceTag/* ec2:IsLaunchTemplateResource ec2:LaunchTemplate ec2:ResourceTag/* ec2:SecurityGroupID"
	" ec2:Vpc "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*:*:subnet/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:IsLaunchTemplateResource"
	" ec2:LaunchTemplate ec2:ResourceTag/* ec2:SubnetID ec2:Vpc "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*:*:volume/*", " aws:RequestTag/* aws:TagKeys ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:Encrypted"
	" ec2:IsLaunchTemplateResource ec2:LaunchTemplate ec2:ManagedResourceOperator ec2:ParentSnapshot"
	" ec2:VolumeID ec2:VolumeInitializationRate ec2:VolumeIops ec2:VolumeSize ec2:VolumeThroughput"
	" ec2:VolumeType "},
	{" ec2:RunInstances ",
	"arn:*:ec2:*::image/*", " aws:ResourceTag/* ec2:ImageID ec2:ImageType ec2:IsLaunchTemplateResource ec2:LaunchTemplate ec2:Owner"
	" ec2:Public ec2:ResourceTag/* ec2:RootDeviceType "},
	{" ec2:StartInstances ",
	"arn:*:ec2:*:*:instance/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized"
	" ec2:InstanceBandwidthWeighting ec2:InstanceID ec2:InstanceMarketType ec2:InstanceProfile ec2:InstanceType"
	" ec2:ManagedResourceOperator ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit"
	" ec2:MetadataHttpTokens ec2:PlacementGroup ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ec2:StopInstances ",
	"arn:*:ec2:*:*:instance/*", " aws:ResourceTag/* ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:CpuOptionsAmdSevSnp ec2:EbsOptimized"
	" ec2:InstanceAutoRecovery ec2:InstanceBandwidthWeighting ec2:InstanceID ec2:InstanceMarketType"
	" ec2:InstanceMetadataTags ec2:InstanceProfile ec2:InstanceType ec2:ManagedResourceOperator"
	" ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit ec2:MetadataHttpTokens ec2:PlacementGroup"
	" ec2:ResourceTag/* ec2:RootDeviceType ec2:Tenancy "},
	{" ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetAuthorizationToken ecr:GetDownloadUrlForLayer ",
	NULL, " "},
	{" ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer ",
	"arn:*:ecr:*:*:repository/*", " aws:ResourceTag/* ecr:ResourceTag/* "},
	{" elasticfilesystem:ClientMount elasticfilesystem:ClientRootAccess elasticfilesystem:ClientWrite ",
	NULL, " elasticfilesystem:AccessPointArn elasticfilesystem:AccessedViaMountTarget "},
	{" elasticfilesystem:ClientMount elasticfilesystem:ClientRootAccess elasticfilesystem:ClientWrite"
	" elasticfilesystem:DescribeMountTargets ",
	"arn:*:elasticfilesystem:*:*:file-system/*", " aws:ResourceTag/* "},
	{" elasticfilesystem:DescribeMountTargets ",
	NULL, " "},
	{" elasticloadbalancing:AddListenerCertificates elasticloadbalancing:CreateRule"
	" elasticloadbalancing:DeleteListener elasticloadbalancing:ModifyListener"
	" elasticloadbalancing:RemoveListenerCertificates ",
	"arn:*:elasticloadbalancing:*:*:listener/app/*/*/*", " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:AddListenerCertificates elasticloadbalancing:DeleteListener"
	" elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteRule"
	" elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:DeregisterTargets"
	" elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:ModifyRule"
	" elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes"
	" elasticloadbalancing:RegisterTargets elasticloadbalancing:RemoveListenerCertificates"
	" elasticloadbalancing:SetIpAddressType ",
	NULL, " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:AddTags ",
	NULL, " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys elasticloadbalancing:CreateAction"
	" elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:AddTags elasticloadbalancing:DeleteLoadBalancer"
	" elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:RemoveTags ",
	"arn:*:elasticloadbalancing:*:*:loadbalancer/*", " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:CreateListener ",
	NULL, " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys elasticloadbalancing:ListenerProtocol"
	" elasticloadbalancing:ResourceTag/* elasticloadbalancing:SecurityPolicy "},
	{" elasticloadbalancing:CreateListener elasticloadbalancing:SetIpAddressType"
	" elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets ",
	"arn:*:elasticloadbalancing:*:*:loadbalancer/app/*/*", " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:CreateLoadBalancer ",
	NULL, " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys elasticloadbalancing:ResourceTag/*"
	" elasticloadbalancing:Scheme elasticloadbalancing:SecurityGroup elasticloadbalancing:Subnet "},
	{" elasticloadbalancing:CreateLoadBalancer ",
	"arn:*:elasticloadbalancing:*:*:loadbalancer/*", " elasticloadbalancing:ListenerProtocol "},
	{" elasticloadbalancing:CreateRule elasticloadbalancing:CreateTargetGroup elasticloadbalancing:RemoveTags ",
	NULL, " aws:RequestTag/* aws:ResourceTag/* aws:TagKeys elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:CreateTargetGroup elasticloadbalancing:DeleteTargetGroup"
	" elasticloadbalancing:DeregisterTargets elasticloadbalancing:ModifyTargetGroup"
	" elasticloadbalancing:ModifyTargetGroupAttributes elasticloadbalancing:RegisterTargets ",
	"arn:*:elasticloadbalancing:*:*:targetgroup/*/*", " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:DeleteRule elasticloadbalancing:ModifyRule elasticloadbalancing:SetRulePriorities ",
	"arn:*:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*", " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* "},
	{" elasticloadbalancing:DescribeListenerCertificates elasticloadbalancing:DescribeListeners"
	" elasticloadbalancing:DescribeLoadBalancerAttributes elasticloadbalancing:DescribeLoadBalancers"
	" elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags"
	" elasticloadbalancing:DescribeTargetGroupAttributes elasticloadbalancing:DescribeTargetGroups"
	" elasticloadbalancing:DescribeTargetHealth elasticloadbalancing:SetRulePriorities ",
	NULL, " "},
	{" elasticloadbalancing:ModifyListener ",
	NULL, " aws:ResourceTag/* elasticloadbalancing:ListenerProtocol elasticloadbalancing:ResourceTag/*"
	" elasticloadbalancing:SecurityPolicy "},
	{" elasticloadbalancing:SetSecurityGroups ",
	NULL, " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* elasticloadbalancing:SecurityGroup "},
	{" elasticloadbalancing:SetSubnets ",
	NULL, " aws:ResourceTag/* elasticloadbalancing:ResourceTag/* elasticloadbalancing:Subnet "},
	{" iam:AttachRolePolicy ",
	NULL, " iam:PermissionsBoundary iam:PolicyARN iam:RoleTemplateARN "},
	{" iam:AttachRolePolicy iam:CreateServiceLinkedRole iam:PassRole iam:PutRolePolicy iam:UpdateAssumeRolePolicy ",
	"arn:*:iam::*:role/*", " aws:ResourceTag/* iam:ResourceTag/* "},
	{" iam:CreateServiceLinkedRole ",
	NULL, " iam:AWSServiceName "},
	{" iam:GetInstanceProfile ",
	NULL, " "},
	{" iam:GetInstanceProfile ",
	"arn:*:iam::*:instance-profile/*", " aws:ResourceTag/* "},
	{" iam:PassRole ",
	NULL, " iam:AssociatedResourceArn iam:PassedToService "},
	{" iam:PutRolePolicy ",
	NULL, " iam:PermissionsBoundary iam:RoleTemplateARN "},
	{" iam:UpdateAssumeRolePolicy ",
	NULL, " iam:PermissionsBoundary "},
	{" kms:CreateGrant ",
	NULL, " kms:CallerAccount kms:EncryptionContext:* kms:EncryptionContextKeys kms:GrantConstraintSourceArn"
	" kms:GrantConstraintType kms:GrantIsForAWSResource kms:GrantOperations kms:GranteePrincipal"
	" kms:GranteeServicePrincipal kms:RetiringPrincipal kms:RetiringServicePrincipal kms:ViaService "},
	{" kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext"
	" kms:ReEncryptFrom kms:ReEncryptTo ",
	"arn:*:kms:*:*:key/*", " aws:ResourceTag/* kms:KeyOrigin kms:KeySpec kms:KeyUsage kms:MultiRegion kms:MultiRegionKeyType"
	" kms:ResourceAliases "},
	{" kms:Decrypt kms:GenerateDataKey ",
	NULL, " kms:CallerAccount kms:EncryptionAlgorithm kms:EncryptionContext:* kms:EncryptionContextKeys"
	" kms:RecipientAttestation:* kms:RequestAlias kms:ViaService "},
	{" kms:DescribeKey ",
	NULL, " kms:CallerAccount kms:RequestAlias kms:ViaService "},
	{" kms:GenerateDataKeyWithoutPlaintext ",
	NULL, " kms:CallerAccount kms:EncryptionAlgorithm kms:EncryptionContext:* kms:EncryptionContextKeys"
	" kms:RequestAlias kms:ViaService "},
	{" kms:ReEncryptFrom kms:ReEncryptTo ",
	NULL, " kms:CallerAccount kms:EncryptionAlgorithm kms:EncryptionContext:* kms:EncryptionContextKeys"
	" kms:ReEncryptOnSameKey kms:RequestAlias kms:ViaService "},
	{" s3:DeleteObject ",
	NULL, " s3:AccessGrantsInstanceArn s3:ResourceAccount s3:TlsVersion s3:authType s3:if-match s3:signatureAge"
	" s3:signatureversion s3:x-amz-content-sha256 "},
	{" s3:DeleteObject s3:GetObject s3:PutObject ",
	"arn:*:s3:::*/*", " aws:ResourceTag/* s3:BucketTag/* "},
	{" s3:GetObject ",
	NULL, " s3:AccessGrantsInstanceArn s3:ExistingObjectTag/* s3:ResourceAccount s3:TlsVersion s3:authType"
	" s3:signatureAge s3:signatureversion s3:x-amz-content-sha256 "},
	{" s3:ListBucket ",
	NULL, " s3:AccessGrantsInstanceArn s3:ResourceAccount s3:TlsVersion s3:authType s3:delimiter s3:max-keys s3:prefix"
	" s3:signatureAge s3:signatureversion s3:x-amz-content-sha256 "},
	{" s3:ListBucket ",
	"arn:*:s3:::*", " aws:ResourceTag/* s3:BucketTag/* "},
	{" s3:PutObject ",
	NULL, " s3:AccessGrantsInstanceArn s3:ObjectCreationOperation s3:RequestObjectTag/* s3:RequestObjectTagKeys"
	" s3:ResourceAccount s3:TlsVersion s3:authType s3:if-match s3:if-none-match s3:object-lock-event-hold"
	" s3:object-lock-event-hold-duration-days s3:object-lock-legal-hold s3:object-lock-mode"
	" s3:object-lock-remaining-retention-days s3:object-lock-retain-until-date s3:signatureAge"
	" s3:signatureversion s3:x-amz-acl s3:x-amz-content-sha256 s3:x-amz-copy-source s3:x-amz-grant-full-control"
	" s3:x-amz-grant-read s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp"
	" s3:x-amz-metadata-directive s3:x-amz-object-annotation-directive s3:x-amz-server-side-encryption"
	" s3:x-amz-server-side-encryption-aws-kms-key-id s3:x-amz-server-side-encryption-customer-algorithm"
	" s3:x-amz-storage-class s3:x-amz-website-redirect-location "},
	{" sts:AssumeRole ",
	NULL, " accounts.google.com:aud accounts.google.com:sub aws:RequestTag/* aws:TagKeys"
	" cognito-identity.amazonaws.com:amr cognito-identity.amazonaws.com:aud cognito-identity.amazonaws.com:sub"
	" graph.facebook.com:app_id graph.facebook.com:id iam:ResourceTag/* saml:namequalifier saml:sub"
	" saml:sub_type sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:TransitiveTagKeys"
	" www.amazon.com:app_id www.amazon.com:user_id "},
	{" sts:AssumeRole ",
	"arn:*:iam::*:role/*", " aws:ResourceTag/* iam:ResourceTag/* "},
};

/* Every key of the services of those actions. */
static const char service_keys[] =
	" acm:CertificateAuthority acm:CertificateKeyPairOrigin acm:CertificateTransparencyLogging acm:DomainNames"
	" acm:Export acm:KeyAlgorithm acm:ValidationMethod cloudformation:ChangeSetName cloudformation:CreateAction"
	" cloudformation:ImportResourceTypes cloudformation:ResourceTypes cloudformation:RoleArn"
	" cloudformation:StackPolicyUrl cloudformation:TargetRegion cloudformation:TemplateUrl"
	" cloudformation:TypeArn ec2:AccepterVpc ec2:Add/group ec2:Add/userId ec2:AllocationId"
	" ec2:AssociatePublicIpAddress ec2:Attribute ec2:Attribute/* ec2:AuthenticationType ec2:AuthorizedService"
	" ec2:AuthorizedUser ec2:AutoPlacement ec2:AvailabilityZone ec2:AvailabilityZoneId ec2:BootModeOverride"
	" ec2:CapacityReservationFleet ec2:ClientRootCertificateChainArn ec2:CloudwatchLogGroupArn"
	" ec2:CloudwatchLogStreamArn ec2:CommitmentDuration ec2:CpuOptionsAmdSevSnp ec2:CreateAction ec2:CreateDate"
	" ec2:DPDTimeoutSeconds ec2:DestinationCapacityReservationId ec2:DhcpOptionsID ec2:DirectoryArn ec2:Domain"
	" ec2:EbsOptimized ec2:ElasticGpuType ec2:Encrypted ec2:EndDate ec2:EndDateType ec2:EphemeralStorage"
	" ec2:FisActionId ec2:FisTargetArns ec2:GatewayType ec2:HostRecovery ec2:IKEVersions ec2:ImageID"
	" ec2:ImageType ec2:InsideTunnelCidr ec2:InsideTunnelIpv6Cidr ec2:InstanceAutoRecovery"
	" ec2:InstanceBandwidthWeighting ec2:InstanceCount ec2:InstanceID ec2:InstanceMarketType"
	" ec2:InstanceMatchCriteria ec2:InstanceMetadataTags ec2:InstancePlatform ec2:InstanceProfile"
	" ec2:InstanceType ec2:InternetGatewayID ec2:InterruptibleCapacityReservationId ec2:InterruptionType"
	" ec2:IpamPrefixListResolverTargetId ec2:Ipv4IpamPoolId ec2:Ipv6IpamPoolId ec2:IsInterruptible"
	" ec2:IsLaunchTemplateResource ec2:KeyPairName ec2:KeyPairType ec2:KmsKeyId ec2:LaunchTemplate ec2:Location"
	" ec2:ManagedResourceOperator ec2:MetadataHttpEndpoint ec2:MetadataHttpPutResponseHopLimit"
	" ec2:MetadataHttpTokens ec2:NetworkAclID ec2:NetworkInterfaceID ec2:NewInstanceProfile ec2:OutpostArn"
	" ec2:Owner ec2:ParentSnapshot ec2:ParentVolume ec2:Permission ec2:Phase1DHGroup"
	" ec2:Phase1EncryptionAlgorithms ec2:Phase1IntegrityAlgorithms ec2:Phase1LifetimeSeconds ec2:Phase2DHGroup"
	" ec2:Phase2EncryptionAlgorithms ec2:Phase2IntegrityAlgorithms ec2:Phase2LifetimeSeconds ec2:PlacementGroup"
	" ec2:PlacementGroupName ec2:PlacementGroupStrategy ec2:ProductCode ec2:Public ec2:PublicIpAddress"
	" ec2:Quantity ec2:Region ec2:RekeyFuzzPercentage ec2:RekeyMarginTimeSeconds ec2:Remove/group"
	" ec2:Remove/userId ec2:ReplayWindowSizePackets ec2:RequesterVpc ec2:ReservedInstancesOfferingType"
	" ec2:ResourceTag/* ec2:RoleDelivery ec2:RootDeviceType ec2:RouteTableID ec2:RoutingType ec2:SamlProviderArn"
	" ec2:SecurityGroupID ec2:ServerCertificateArn ec2:SnapshotCoolOffPeriod ec2:SnapshotID"
	" ec2:SnapshotLockDuration ec2:SnapshotTime ec2:SourceAvailabilityZone ec2:SourceCapacityReservationId"
	" ec2:SourceInstanceARN ec2:SourceOutpostArn ec2:Subnet ec2:SubnetID ec2:TargetInstanceCount ec2:Tenancy"
	" ec2:VolumeID ec2:VolumeInitializationRate ec2:VolumeIops ec2:VolumeSize ec2:VolumeThroughput"
	" ec2:VolumeType ec2:Vpc ec2:VpcID ec2:VpcPeeringConnectionID ec2:VpceMultiRegion"
	" ec2:VpcePrivateDnsPreference ec2:VpcePrivateDnsSpecifiedDomains ec2:VpceServiceName ec2:VpceServiceOwner"
	" ec2:VpceServicePrivateDnsName ec2:VpceServiceRegion ec2:VpceSupportedRegion ec2:transitGatewayAttachmentId"
	" ec2:transitGatewayConnectPeerId ec2:transitGatewayId ec2:transitGatewayMeteringPolicyId"
	" ec2:transitGatewayMulticastDomainId ec2:transitGatewayPolicyTableId"
	" ec2:transitGatewayRouteTableAnnouncementId ec2:transitGatewayRouteTableId ecr:AccountSetting"
	" ecr:ResourceTag/* elasticfilesystem:AccessPointArn elasticfilesystem:AccessedViaMountTarget"
	" elasticfilesystem:CreateAction elasticfilesystem:Encrypted elasticloadbalancing:CreateAction"
	" elasticloadbalancing:ListenerProtocol elasticloadbalancing:ResourceTag/ elasticloadbalancing:ResourceTag/*"
	" elasticloadbalancing:Scheme elasticloadbalancing:SecurityGroup elasticloadbalancing:SecurityPolicy"
	" elasticloadbalancing:Subnet iam:AWSServiceName iam:AccountPropertyNamespaces iam:AssociatedResourceArn"
	" iam:DelegationDuration iam:DelegationRequestOwner iam:FIDO-FIPS-140-2-certification"
	" iam:FIDO-FIPS-140-3-certification iam:FIDO-certification iam:NotificationChannel iam:OrganizationsPolicyId"
	" iam:PassedToService iam:PermissionsBoundary iam:PolicyARN iam:RegisterSecurityKey iam:ResourceTag/*"
	" iam:RoleTemplateARN iam:ServiceSpecificCredentialAgeDays iam:ServiceSpecificCredentialServiceName"
	" iam:TemplateArn kms:BypassPolicyLockoutSafetyCheck kms:CallerAccount kms:CustomerMasterKeySpec"
	" kms:CustomerMasterKeyUsage kms:DataKeyPairSpec kms:EncapsulationAlgorithm kms:EncryptionAlgorithm"
	" kms:EncryptionContext:* kms:EncryptionContextKeys kms:ExpirationModel kms:GrantConstraintSourceArn"
	" kms:GrantConstraintType kms:GrantIsForAWSResource kms:GrantOperations kms:GranteePrincipal"
	" kms:GranteeServicePrincipal kms:KeyAgreementAlgorithm kms:KeyOrigin kms:KeySpec kms:KeyUsage"
	" kms:MacAlgorithm kms:MessageType kms:MultiRegion kms:MultiRegionKeyType kms:PrimaryRegion"
	" kms:ReEncryptOnSameKey kms:RecipientAttestation:* kms:ReplicaRegion kms:RequestAlias kms:ResourceAliases"
	" kms:RetiringPrincipal kms:RetiringServicePrincipal kms:RotationPeriodInDays"
	" kms:ScheduleKeyDeletionPendingWindowInDays kms:SigningAlgorithm kms:TrailingDaysWithoutKeyUsage"
	" kms:ValidTo kms:ViaService kms:WrappingAlgorithm kms:WrappingKeySpec s3:AccessGrantScope"
	" s3:AccessGrantsInstanceArn s3:AccessGrantsLocationScope s3:AccessPointNetworkOrigin s3:AccessPointTag/*"
	" s3:BucketTag/* s3:DataAccessPointAccount s3:DataAccessPointArn s3:ExistingJobOperation"
	" s3:ExistingJobPriority s3:ExistingObjectTag/* s3:InventoryAccessibleOptionalFields s3:JobSuspendedCause"
	" s3:ObjectCreationOperation s3:RequestJobOperation s3:RequestJobPriority s3:RequestObjectTag/*"
	" s3:RequestObjectTagKeys s3:ResourceAccount s3:TlsVersion s3:annotation-prefix s3:authType s3:delimiter"
	" s3:deliverySourceArn s3:destinationRegion s3:if-match s3:if-none-match s3:isReplicationPauseRequest"
	" s3:locationconstraint s3:logType s3:max-annotation-results s3:max-keys s3:object-lock-event-hold"
	" s3:object-lock-event-hold-duration-days s3:object-lock-legal-hold s3:object-lock-mode"
	" s3:object-lock-remaining-retention-days s3:object-lock-retain-until-date s3:prefix"
	" s3:resourceArnBeingAuthorized s3:signatureAge s3:signatureversion s3:versionid s3:x-amz-acl"
	" s3:x-amz-bucket-namespace s3:x-amz-content-sha256 s3:x-amz-copy-source s3:x-amz-grant-full-control"
	" s3:x-amz-grant-read s3:x-amz-grant-read-acp s3:x-amz-grant-write s3:x-amz-grant-write-acp"
	" s3:x-amz-metadata-directive s3:x-amz-object-annotation-directive s3:x-amz-object-if-match"
	" s3:x-amz-object-ownership s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id"
	" s3:x-amz-server-side-encryption-customer-algorithm s3:x-amz-storage-class"
	" s3:x-amz-website-redirect-location sts:AWSServiceName sts:DurationSeconds sts:ExternalId"
	" sts:IdentityTokenAudience sts:RequestContext/* sts:RequestContextProviders sts:RoleAuthorizedByIdp"
	" sts:RoleSessionName sts:SigningAlgorithm sts:SourceIdentity sts:TaskPolicyArn sts:TransitiveTagKeys ";

/* Every service prefix. */
static const char *const service_prefixes[] = {
	"a2c", "a4b", "access-analyzer", "account", "account-access", "acm", "acm-pca", "aco-automation",
	"action-recommendations", "activate", "agent-registry", "agentaccess-mcp", "aidevops", "aiops", "airflow",
	"airflow-serverless", "amplify", "amplifybackend", "amplifyuibuilder", "aoss", "apigateway",
	"app-integrations", "appconfig", "appfabric", "appflow", "application-autoscaling", "application-signals",
	"application-signals-mcp", "application-transformation", "applicationinsights", "appmesh",
	"appmesh-preview", "apprunner", "appstream", "appstudio", "appsync", "apptest", "aps",
	"arc-region-switch", "arc-zonal-shift", "arsenal", "artifact", "assurance", "athena", "auditmanager",
	"autoscaling", "autoscaling-plans", "aws-external-anthropic", "aws-marketplace",
	"aws-marketplace-management", "aws-portal", "awsconnector", "b2bi", "backup", "backup-gateway",
	"backup-search", "backup-storage", "batch", "bcm-dashboards", "bcm-data-exports",
	"bcm-pricing-calculator", "bcm-recommended-actions", "bedrock", "bedrock-agentcore", "bedrock-mantle",
	"bedrock-websearch", "billing", "billingconductor", "braket", "budgets", "bugbust", "cases", "cassandra",
	"ce", "chatbot", "chime", "cleanrooms", "cleanrooms-ml", "cloud9", "clouddirectory", "cloudformation",
	"cloudfront", "cloudfront-keyvaluestore", "cloudhsm", "cloudsearch", "cloudshell", "cloudtrail",
	"cloudtrail-data", "cloudwatch", "codeartifact", "codebuild", "codecatalyst", "codecommit",
	"codeconnections", "codedeploy", "codedeploy-commands-secure", "codeguru", "codeguru-profiler",
	"codeguru-reviewer", "codeguru-security", "codepipeline", "codestar-connections",
	"codestar-notifications", "codewhisperer", "cognito-identity", "cognito-idp", "cognito-sync",
	"comprehend", "comprehendmedical", "compute-optimizer", "config", "connect", "connect-campaigns",
	"consoleapp", "consolidatedbilling", "continuum", "controlcatalog", "controltower",
	"cost-optimization-hub", "cur", "customer-verification", "databrew", "dataexchange", "datapipeline",
	"datasync", "datazone", "dax", "dbqms", "deadline", "detective", "devicefarm", "devops-guru",
	"directconnect", "discovery", "dlm", "dms", "docdb-elastic", "drs", "ds", "ds-data", "dsql", "dynamodb",
	"ebs", "ec2", "ec2-instance-connect", "ec2messages", "ecr", "ecr-public", "ecs", "ecs-mcp", "eks",
	"eks-auth", "eks-mcp", "elasticache", "elasticbeanstalk", "elasticfilesystem", "elasticloadbalancing",
	"elasticmapreduce", "elastictranscoder", "elemental-activations", "elemental-appliances-software",
	"elemental-inference", "elemental-support-cases", "elemental-support-content", "emr-containers",
	"emr-serverless", "end-user-messaging", "entityresolution", "es", "events", "eventsbilltoaws", "evs",
	"execute-api", "finops-agent", "finspace", "finspace-api", "firehose", "fis", "fms", "forecast",
	"frauddetector", "freertos", "freetier", "fsx", "gamelift", "gameliftstreams", "geo", "geo-maps",
	"geo-places", "geo-routes", "glacier", "globalaccelerator", "glue", "grafana", "greengrass",
	"groundstation", "groundtruthlabeling", "guardduty", "health", "health-agent", "healthlake", "honeycode",
	"iam", "identity-sync", "identitystore", "identitystore-auth", "imagebuilder", "importexport",
	"inspector", "inspector-scan", "inspector2", "inspector2-telemetry", "interconnect", "internetmonitor",
	"invoicing", "iot", "iot-device-tester", "iotanalytics", "iotdeviceadvisor", "iotfleethub",
	"iotfleetwise", "iotjobsdata", "iotmanagedintegrations", "iotsitewise", "iottwinmaker", "iotwireless",
	"iq", "iq-permission", "ivs", "ivschat", "kafka", "kafka-cluster", "kafkaconnect", "kendra",
	"kendra-ranking", "kinesis", "kinesisanalytics", "kinesisvideo", "kms", "lakeformation", "lambda",
	"launchwizard", "lex", "license-manager", "license-manager-linux-subscriptions",
	"license-manager-user-subscriptions", "lightsail", "logs", "lookoutequipment", "lookoutmetrics",
	"lookoutvision", "m2", "machinelearning", "macie2", "managedblockchain", "managedblockchain-query",
	"mapcredits", "marketplacecommerceanalytics", "mechanicalturk", "mediaconnect", "mediaconvert",
	"mediaimport", "medialive", "mediapackage", "mediapackage-vod", "mediapackagev2", "mediastore",
	"mediatailor", "medical-imaging", "memorydb", "mgh", "mgn", "migrationhub-orchestrator",
	"migrationhub-strategy", "mobileanalytics", "mobiletargeting", "monitron", "mpa", "mq", "neptune-db",
	"neptune-graph", "network-firewall", "network-security-director", "network-security-manager",
	"networkflowmonitor", "networkmanager", "networkmanager-chat", "networkmonitor", "nimble",
	"notifications", "notifications-contacts", "nova-act", "oam", "observabilityadmin", "odb", "omics", "one",
	"opensearch", "opsworks", "opsworks-cm", "organizations", "osis", "outposts", "panorama",
	"partnercentral", "partnercentral-account-management", "payment-cryptography", "payments",
	"pca-connector-ad", "pca-connector-scep", "pcs", "personalize", "pi", "pipes", "polly", "pricing",
	"pricingplanmanager", "private-networks", "profile", "proton", "purchase-orders", "q", "qapps",
	"qbusiness", "qdeveloper", "qldb", "quicksight", "ram", "rbin", "rds", "rds-data", "rds-db", "redshift",
	"redshift-data", "redshift-serverless", "refactor-spaces", "rekognition", "repostspace", "researchstudio",
	"resiliencehub", "resource-explorer", "resource-explorer-2", "resource-groups", "rhelkb", "robomaker",
	"rolesanywhere", "route53", "route53-recovery-cluster", "route53-recovery-control-config",
	"route53-recovery-readiness", "route53domains", "route53globalresolver", "route53profiles",
	"route53resolver", "rtbfabric", "rum", "s3", "s3-object-lambda", "s3-outposts", "s3express", "s3files",
	"s3tables", "s3vectors", "sagemaker", "sagemaker-data-science-assistant", "sagemaker-geospatial",
	"sagemaker-mlflow", "sagemaker-unified-studio-mcp", "savingsplans", "scheduler", "schemas", "scn", "sdb",
	"secretsmanager", "security-ir", "securityagent", "securityhub", "securitylake", "serverlessrepo",
	"servicecatalog", "servicediscovery", "serviceextract", "servicequotas", "ses", "shield", "signer",
	"signin", "simspaceweaver", "sms", "sms-voice", "snow-device-management", "snowball", "sns",
	"social-messaging", "sqlworkbench", "sqs", "ssm", "ssm-contacts", "ssm-guiconnect", "ssm-incidents",
	"ssm-quicksetup", "ssm-sap", "ssmmessages", "sso", "sso-directory", "sso-oauth", "startups", "states",
	"storagegateway", "sts", "support", "support-console", "supportapp", "supportauthz", "supportplans",
	"sustainability", "swf", "synthetics", "tag", "tax", "textract", "thinclient", "timestream",
	"timestream-influxdb", "tiros", "tnb", "transcribe", "transfer", "transform", "transform-custom",
	"translate", "trustedadvisor", "ts", "user-subscriptions", "uxc", "vendor-insights", "verified-access",
	"verifiedpermissions", "voiceid", "vpc-lattice", "vpc-lattice-svcs", "vpce", "waf", "waf-regional",
	"wafv2", "wam", "wellarchitected", "wickr", "wisdom", "workdocs", "worklink", "workmail",
	"workmailmessageflow", "workspaces", "workspaces-instances", "workspaces-web", "xray"
};
/* clang-format on */

#endif
