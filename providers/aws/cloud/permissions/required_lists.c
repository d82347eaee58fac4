/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of required actions; data only. */
#include "base/array.h"
#include "providers/aws/cloud/permissions/required_actions.h"

#define ARN(service, resource) "arn:{partition}:" service ":{region}:{account}:" resource
#define EC2(resource) ARN("ec2", resource)
#define ELB(resource) ARN("elasticloadbalancing", resource)
#define STACK ARN("cloudformation", "stack/{balancer}*")
#define ANOTHER_STACK ARN("cloudformation", "stack/another/00000000-0000-0000-0000-000000000000")
#define CERTIFICATE ARN("acm", "certificate/*")
#define IMAGE "arn:{partition}:ec2:{region}::image/*"
#define INSTANCE EC2("instance/*")
#define OBJECTS "arn:{partition}:s3:::{bucket}/*"
#define BALANCER ELB("loadbalancer/app/{balancer}*")
#define LISTENER ELB("listener/app/{balancer}*")
#define RULE ELB("listener-rule/app/{balancer}*")
#define TARGETS ELB("targetgroup/{balancer}*")
/* Load balancers are made by CloudFormation, or, by newer control planes, directly. */
#define BOTH_WAYS(action, resource, context_flags) \
	{action, resource, BY_CLOUDFORMATION | (context_flags)}, \
	{ \
		action, resource, BY_THE_ROLE | (context_flags) \
	}
#define ANOTHER "another"
#define ANOTHER_ROLE "arn:{partition}:iam::{account}:role/another"
#define SERVICE_ROLE(service, name) "arn:{partition}:iam::{account}:role/aws-service-role/" service "/" name
#define SPOT_ROLE SERVICE_ROLE("spot.amazonaws.com", "AWSServiceRoleForEC2Spot")
#define ELB_ROLE SERVICE_ROLE("elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing")
#define LIST(rows) \
	{ \
		rows, ARRAY_LENGTH(rows) \
	}

/* The control plane tags all that it makes; what else it touches may have any tags. */
/* clang-format off */
static const struct required_action clusters[] = {
	{"iam:GetInstanceProfile", "arn:{partition}:iam::{account}:instance-profile/{node-name}", BY_THE_ROLE},
	{"ec2:DescribeAvailabilityZones", "*", BY_THE_ROLE},
	{"ec2:DescribeInstanceTypes", "*", BY_THE_ROLE},
	{"ec2:DescribeRegions", "*", BY_THE_ROLE},
	{"ec2:DescribeAccountAttributes", "*", BY_THE_ROLE},
	{"ec2:DescribeInstances", "*", BY_THE_ROLE},
	{"ec2:DescribeSubnets", "*", BY_THE_ROLE},
	{"ec2:DescribeRouteTables", "*", BY_THE_ROLE},
	{"ec2:DescribeCapacityReservations", "*", BY_THE_ROLE | NOT_VITAL},
	{"ec2:DescribeSecurityGroups", "*", BY_THE_ROLE},

	{"ec2:CreateTags", INSTANCE, BY_THE_ROLE | WITH_TAGS | AT_LAUNCH},
	{"ec2:CreateTags", INSTANCE, BY_THE_ROLE | ON_TAGGED | NAMING},
	{"ec2:DeleteTags", INSTANCE, BY_THE_ROLE | ON_TAGGED | NAMING},

	/* A launch is asked about each thing it touches; of those that it makes, only the instance must be tagged. */
	{"ec2:RunInstances", INSTANCE, BY_THE_ROLE | WITH_TAGS},
	{"ec2:RunInstances", IMAGE, BY_THE_ROLE},
	{"ec2:RunInstances", EC2("subnet/{subnet}"), BY_THE_ROLE | IN_VPC},
	{"ec2:RunInstances", EC2("security-group/{group}"), BY_THE_ROLE | IN_VPC},
	{"ec2:RunInstances", EC2("network-interface/*"), BY_THE_ROLE | IN_VPC},
	{"ec2:RunInstances", EC2("volume/*"), BY_THE_ROLE},
	{"ec2:StartInstances", INSTANCE, BY_THE_ROLE | ON_TAGGED | ELSE_WITH_TAGS},
	{"ec2:TerminateInstances", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:StopInstances", INSTANCE, BY_THE_ROLE | ON_TAGGED},

	{"ec2:CancelSpotInstanceRequests", EC2("spot-instances-request/*"), BY_THE_ROLE | ON_TAGGED},
	{"ec2:ModifyImageAttribute", IMAGE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:ModifyInstanceAttribute", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:RequestSpotInstances", EC2("spot-instances-request/*"), BY_THE_ROLE | WITH_TAGS},

	/* AWS asks about both; the newest of the documented policies have the instance alone. */
	{"ec2:AttachVolume", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:AttachVolume", EC2("volume/*"), BY_THE_ROLE | ON_TAGGED | NOT_VITAL},
	{"ec2:CreateVolume", EC2("volume/*"), BY_THE_ROLE | WITH_TAGS},
	{"ec2:DescribeVolumes", "*", BY_THE_ROLE},
	{"ec2:AssociateIamInstanceProfile", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:DisassociateIamInstanceProfile", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:ReplaceIamInstanceProfileAssociation", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:CreatePlacementGroup", EC2("placement-group/*"), BY_THE_ROLE | WITH_TAGS},
	{"ec2:AllocateAddress", EC2("elastic-ip/*"), BY_THE_ROLE | WITH_TAGS},
	{"ec2:ReleaseAddress", EC2("elastic-ip/*"), BY_THE_ROLE | ON_TAGGED},
	{"ec2:DescribeIamInstanceProfileAssociations", "*", BY_THE_ROLE},
	{"ec2:DescribeInstanceStatus", "*", BY_THE_ROLE},
	{"ec2:DescribePlacementGroups", "*", BY_THE_ROLE},
	{"ec2:DescribePrefixLists", "*", BY_THE_ROLE},
	{"ec2:DescribeReservedInstancesOfferings", "*", BY_THE_ROLE},
	{"ec2:DescribeSpotInstanceRequests", "*", BY_THE_ROLE},
	{"ec2:DescribeSpotPriceHistory", "*", BY_THE_ROLE},

	{"elasticfilesystem:DescribeMountTargets", ARN("elasticfilesystem", "file-system/{file-system}"), BY_THE_ROLE},
};

/* Of a launch, what the cloud's tag decides. */
static const struct required_action launch[] = {
	{"ec2:RunInstances", INSTANCE, BY_THE_ROLE | WITH_TAGS},
};

static const struct required_action pass_role[] = {
	{"iam:PassRole", "{node-role}", BY_THE_ROLE | PASSING_TO_EC2},
};

/* Reads may be the role's own or CloudFormation's: neither bit. */
static const struct required_action services[] = {
	{"cloudformation:TagResource", STACK, BY_THE_ROLE | ON_TAGGED},
	{"cloudformation:UntagResource", STACK, BY_THE_ROLE | ON_TAGGED},
	{"cloudformation:CreateStack", STACK, BY_THE_ROLE | WITH_TAGS},
	{"cloudformation:UpdateStack", STACK, BY_THE_ROLE | ON_TAGGED},
	{"cloudformation:DeleteStack", STACK, BY_THE_ROLE | ON_TAGGED},
	{"cloudformation:DescribeStackEvents", STACK, BY_THE_ROLE},
	{"cloudformation:DescribeStackResources", STACK, BY_THE_ROLE},
	{"cloudformation:DescribeStacks", STACK, BY_THE_ROLE},
	{"cloudformation:GetTemplate", STACK, BY_THE_ROLE},

	{"elasticloadbalancing:DescribeListeners", "*"},
	{"elasticloadbalancing:DescribeLoadBalancers", "*"},
	{"elasticloadbalancing:DescribeLoadBalancerAttributes", "*"},
	{"elasticloadbalancing:DescribeRules", "*"},
	{"elasticloadbalancing:DescribeTargetGroups", "*"},
	{"elasticloadbalancing:DescribeTargetGroupAttributes", "*"},
	{"elasticloadbalancing:DescribeTargetHealth", "*"},
	{"elasticloadbalancing:DescribeListenerCertificates", "*"},
	{"elasticloadbalancing:DescribeTags", "*"},
	{"ec2:DescribeVpcs", "*"},
	{"ec2:DescribeInternetGateways", "*"},
	BOTH_WAYS("elasticloadbalancing:AddListenerCertificates", LISTENER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:RemoveListenerCertificates", LISTENER, ON_TAGGED),

	{"acm:ListCertificates", "*"},
	{"acm:DeleteCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:RenewCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:RequestCertificate", "*", WITH_TAGS},
	{"acm:AddTagsToCertificate", CERTIFICATE, WITH_TAGS | ON_TAGGED},
	{"acm:DescribeCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:GetCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:ListTagsForCertificate", CERTIFICATE, ON_TAGGED},

	BOTH_WAYS("elasticloadbalancing:AddTags", BALANCER, WITH_TAGS | ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:RemoveTags", BALANCER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:CreateRule", LISTENER, WITH_TAGS | ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:ModifyRule", RULE, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:DeleteRule", RULE, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:SetRulePriorities", RULE, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:CreateListener", BALANCER, WITH_TAGS | ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:ModifyListener", LISTENER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:DeleteListener", LISTENER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:CreateLoadBalancer", BALANCER, WITH_TAGS),
	BOTH_WAYS("elasticloadbalancing:DeleteLoadBalancer", BALANCER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:ModifyLoadBalancerAttributes", BALANCER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:CreateTargetGroup", TARGETS, WITH_TAGS),
	BOTH_WAYS("elasticloadbalancing:ModifyTargetGroup", TARGETS, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:DeleteTargetGroup", TARGETS, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:ModifyTargetGroupAttributes", TARGETS, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:RegisterTargets", TARGETS, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:DeregisterTargets", TARGETS, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:SetIpAddressType", BALANCER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:SetSecurityGroups", BALANCER, ON_TAGGED),
	BOTH_WAYS("elasticloadbalancing:SetSubnets", BALANCER, ON_TAGGED),

	{"iam:CreateServiceLinkedRole", ELB_ROLE, FOR_LOAD_BALANCING},
};

/*
 * What is not the cloud's: it exists already, and carries no tag. Each would let the role do more than run this cloud; some
 * would let it do all that anybody in the account may.
 */
static const struct required_action reach[] = {
	{"iam:PassRole", ANOTHER_ROLE, BY_THE_ROLE | UNTAGGED | PASSING_TO_EC2, "act with any role that instances may have"},
	{"iam:AttachRolePolicy", ANOTHER_ROLE, BY_THE_ROLE | UNTAGGED, "give any role any permission"},
	{"iam:PutRolePolicy", ANOTHER_ROLE, BY_THE_ROLE | UNTAGGED, "give any role any permission"},
	{"iam:UpdateAssumeRolePolicy", ANOTHER_ROLE, BY_THE_ROLE | UNTAGGED, "let itself assume any role"},
	{"cloudformation:UpdateStack", ANOTHER_STACK, BY_THE_ROLE | UNTAGGED, "act with the service role of any stack"},
	{"cloudformation:DeleteStack", ANOTHER_STACK, BY_THE_ROLE | UNTAGGED, "delete any stack"},
	{"cloudformation:TagResource", ANOTHER_STACK, BY_THE_ROLE | UNTAGGED | WITH_TAGS, "mark any stack as the cloud's, and then change it"},
	{"cloudformation:UpdateStack", "{stack}", BY_THE_ROLE | ON_TAGGED, "change the cloud's own stack"},
	{"cloudformation:DeleteStack", "{stack}", BY_THE_ROLE | ON_TAGGED, "delete the cloud's own stack"},
	{"ec2:CreateTags", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED | WITH_TAGS, "mark anything as the cloud's, and then change it"},
	{"ec2:AssociateIamInstanceProfile", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED, "give any instance another role"},
	{"ec2:ReplaceIamInstanceProfileAssociation", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED, "give any instance another role"},
	{"ec2:ModifyInstanceAttribute", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED, "run commands on any instance, by its user data"},
	{"ec2:AttachVolume", EC2("volume/" ANOTHER), BY_THE_ROLE | UNTAGGED, "read any volume"},
	{"ec2:ModifyImageAttribute", "arn:{partition}:ec2:{region}::image/" ANOTHER, BY_THE_ROLE | UNTAGGED, "share any image with other accounts"},
	{"ec2:StopInstances", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED, "stop any instance"},
	{"ec2:TerminateInstances", EC2("instance/" ANOTHER), BY_THE_ROLE | UNTAGGED, "end any instance"},
	{"ec2:CancelSpotInstanceRequests", EC2("spot-instances-request/" ANOTHER), BY_THE_ROLE | UNTAGGED, "cancel any spot request"},
	{"ec2:ReleaseAddress", EC2("elastic-ip/" ANOTHER), BY_THE_ROLE | UNTAGGED, "give any address away"},
	{"elasticloadbalancing:ModifyListener", ELB("listener/app/another/" ANOTHER "/" ANOTHER), UNTAGGED, "redirect any load balancer"},
	{"elasticloadbalancing:DeleteLoadBalancer", ELB("loadbalancer/app/another/" ANOTHER), UNTAGGED, "delete any load balancer"},
	{"acm:AddTagsToCertificate", ARN("acm", "certificate/" ANOTHER), BY_THE_ROLE | UNTAGGED | WITH_TAGS, "mark any certificate as the cloud's, and then delete it"},
	{"acm:DeleteCertificate", ARN("acm", "certificate/" ANOTHER), BY_THE_ROLE | UNTAGGED, "delete any certificate"},
};

static const struct required_action spot[] = {
	{"iam:CreateServiceLinkedRole", SPOT_ROLE, BY_THE_ROLE | FOR_SPOT},
};

static const struct required_action ecr[] = {
	{"ecr:GetAuthorizationToken", "*", BY_THE_ROLE},
	{"ecr:BatchCheckLayerAvailability", ARN("ecr", "repository/*"), BY_THE_ROLE},
	{"ecr:GetDownloadUrlForLayer", ARN("ecr", "repository/*"), BY_THE_ROLE},
	{"ecr:BatchGetImage", ARN("ecr", "repository/*"), BY_THE_ROLE},
};

/* Objects and the bucket are different resources; a statement that names one of the two does not grant the other. */
static const struct required_action bucket[] = {
	{"s3:GetObject", OBJECTS, BY_THE_ROLE},
	{"s3:PutObject", OBJECTS, BY_THE_ROLE},
	{"s3:DeleteObject", OBJECTS, BY_THE_ROLE},
	{"s3:ListBucket", "arn:{partition}:s3:::{bucket}", BY_THE_ROLE},
};

static const struct required_action key[] = {
	{"kms:GenerateDataKey", "{key}", THROUGH_S3},
	{"kms:Decrypt", "{key}", THROUGH_S3},
};

/* Amazon EBS User Guide, "Requirements for Amazon EBS encryption": permissions for IAM principals. */
static const struct required_action volume_key[] = {
	{"kms:CreateGrant", "{key}", THROUGH_EC2 | FOR_AN_AWS_RESOURCE},
	{"kms:Decrypt", "{key}", THROUGH_EC2},
	{"kms:DescribeKey", "{key}", THROUGH_EC2},
	{"kms:GenerateDataKeyWithoutPlaintext", "{key}", THROUGH_EC2},
	{"kms:ReEncryptFrom", "{key}", THROUGH_EC2},
	{"kms:ReEncryptTo", "{key}", THROUGH_EC2},
};
/* clang-format on */

const struct required_list required_clusters = LIST(clusters), required_launch = LIST(launch),
			   required_pass_role = LIST(pass_role), required_services = LIST(services),
			   required_reach = LIST(reach), required_spot = LIST(spot), required_ecr = LIST(ecr),
			   required_bucket = LIST(bucket), required_key = LIST(key),
			   required_volume_key = LIST(volume_key);
