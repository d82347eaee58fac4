/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of required actions; data only. */
#include "base/array.h"
#include "providers/aws/cloud/permissions/required_actions.h"

#define ARN(service, resource) "arn:{partition}:" service ":{region}:{account}:" resource
#define EC2(resource) ARN("ec2", resource)
#define ELB(resource) ARN("elasticloadbalancing", resource)
#define STACK ARN("cloudformation", "stack/*")
#define CERTIFICATE ARN("acm", "certificate/*")
#define IMAGE "arn:{partition}:ec2:{region}::image/*"
#define INSTANCE EC2("instance/*")
#define OBJECTS "arn:{partition}:s3:::{bucket}/*"
#define BALANCER ELB("loadbalancer/app/*")
#define LISTENER ELB("listener/app/*")
#define RULE ELB("listener-rule/app/*")
#define TARGETS ELB("targetgroup/*")
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
	{"ec2:DescribeSecurityGroups", "*", BY_THE_ROLE},

	{"ec2:CreateTags", INSTANCE, BY_THE_ROLE | WITH_TAGS | AT_LAUNCH},
	{"ec2:CreateTags", INSTANCE, BY_THE_ROLE | ON_TAGGED},
	{"ec2:DeleteTags", INSTANCE, BY_THE_ROLE | ON_TAGGED},

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
	{"ec2:ModifyImageAttribute", IMAGE, BY_THE_ROLE},
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
	{"ec2:DescribeVpcs", "*"},
	{"ec2:DescribeInternetGateways", "*"},
	{"elasticloadbalancing:AddListenerCertificates", LISTENER, ON_TAGGED},
	{"elasticloadbalancing:RemoveListenerCertificates", LISTENER, ON_TAGGED},

	{"acm:ListCertificates", "*"},
	{"acm:DeleteCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:RenewCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:RequestCertificate", "*", WITH_TAGS},
	{"acm:AddTagsToCertificate", CERTIFICATE, WITH_TAGS},
	{"acm:DescribeCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:GetCertificate", CERTIFICATE, ON_TAGGED},
	{"acm:ListTagsForCertificate", CERTIFICATE, ON_TAGGED},

	{"elasticloadbalancing:AddTags", BALANCER, BY_CLOUDFORMATION | WITH_TAGS},
	{"elasticloadbalancing:RemoveTags", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:CreateRule", LISTENER, BY_CLOUDFORMATION | WITH_TAGS | ON_TAGGED},
	{"elasticloadbalancing:ModifyRule", RULE, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:DeleteRule", RULE, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:SetRulePriorities", RULE, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:CreateListener", BALANCER, BY_CLOUDFORMATION | WITH_TAGS | ON_TAGGED},
	{"elasticloadbalancing:ModifyListener", LISTENER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:DeleteListener", LISTENER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:CreateLoadBalancer", BALANCER, BY_CLOUDFORMATION | WITH_TAGS},
	{"elasticloadbalancing:DeleteLoadBalancer", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:ModifyLoadBalancerAttributes", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:CreateTargetGroup", TARGETS, BY_CLOUDFORMATION | WITH_TAGS},
	{"elasticloadbalancing:ModifyTargetGroup", TARGETS, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:DeleteTargetGroup", TARGETS, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:ModifyTargetGroupAttributes", TARGETS, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:RegisterTargets", TARGETS, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:DeregisterTargets", TARGETS, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:SetIpAddressType", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:SetSecurityGroups", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},
	{"elasticloadbalancing:SetSubnets", BALANCER, BY_CLOUDFORMATION | ON_TAGGED},

	{"iam:CreateServiceLinkedRole", ELB_ROLE, FOR_LOAD_BALANCING},
	{"iam:AttachRolePolicy", ELB_ROLE},
	{"iam:PutRolePolicy", ELB_ROLE},
	{"iam:UpdateRoleDescription", ELB_ROLE},
	{"iam:DeleteServiceLinkedRole", ELB_ROLE},
	{"iam:GetServiceLinkedRoleDeletionStatus", ELB_ROLE},
};

/* No stack of the cloud's: what may be updated with a service role of its own can do all that this role may. */
static const struct required_action other_stacks[] = {
	{"cloudformation:UpdateStack", ARN("cloudformation", "stack/another-stack/00000000-0000-0000-0000-000000000000"), BY_THE_ROLE | UNTAGGED},
	{"cloudformation:DeleteStack", ARN("cloudformation", "stack/another-stack/00000000-0000-0000-0000-000000000000"), BY_THE_ROLE | UNTAGGED},
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

const struct required_list required_clusters = LIST(clusters), required_pass_role = LIST(pass_role),
			   required_services = LIST(services), required_other_stacks = LIST(other_stacks),
			   required_spot = LIST(spot), required_ecr = LIST(ecr),
			   required_bucket = LIST(bucket), required_key = LIST(key),
			   required_volume_key = LIST(volume_key);
