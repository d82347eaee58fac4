/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that `setup` makes before it makes anything. Ids are API, as those of checks.c. */
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/catalogue.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/aws/cloud/quotas.h"
#include "providers/aws/cloud/resource_types.h"

#define QUOTA_FACTS PREFLIGHT_QUOTAS, PREFLIGHT_DEFAULT_QUOTAS
#define INCREASE(service, code) QUOTA_INCREASE(service, code, "<in use and needed together>")
#define LEFT_BEHIND \
	"the stack uses this name and fails if it is taken; an earlier attempt may have left it behind"

const char preflight_names_glob[] = "preflight.names.*";

static bool holds_on_nat(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return stack_parts(cloud) & PART_NAT;
}

static bool holds_on_network(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return stack_parts(cloud) & PART_NETWORK;
}

static bool holds_on_key(const struct cloud *cloud, const struct verify_options *options)
{
	(void)options;
	return aws_cloud(cloud)->setup.kms_key;
}

static const struct check_condition on_setup = {.words = "setup, before it makes anything"};
static const struct check_condition on_network = {"setup without --vpc-id, before it makes anything",
	holds_on_network};
static const struct check_condition on_nat = {"setup --private-network, before it makes anything",
	holds_on_nat};
static const struct check_condition on_key = {"setup --kms-key, before it makes anything", holds_on_key};

/* clang-format off */
static const struct check rows[] = {
	{.id = "preflight.permissions", .severity = FAIL, .applies = &on_setup,
	 .reads = FACTS(PREFLIGHT_PERMISSIONS, PREFLIGHT_SIMULATION), .decide = check_preflight_permissions,
	 .holds = "the caller may do everything that setup does, and that CloudFormation does with the caller's permissions",
	 .why = "a missing permission shows only after minutes, and the stack is rolled back; without a permission to read, some checks give no verdict",
	 .remedy = "cloudctl policy setup --region {region} --account {account}   # attach the policy it prints",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "caller-permissions", .reference = GUIDE "appendix-minimal-iam-permissions-for-cloud-commands"},
	{.id = "preflight.zones", .severity = FAIL, .applies = &on_setup,
	 .reads = FACTS(PREFLIGHT_ZONES), .also = FACTS(PREFLIGHT_ENDPOINT_SERVICES), .decide = check_preflight_zones,
	 .holds = "two availability zones offer everything the cloud needs: EFS unless it is left out, and MemoryDB if it is requested",
	 .why = "each zone gets a subnet with a mount target, and MemoryDB's replica is in another zone; in a zone without these services the stack fails after minutes",
	 .remedy = "choose another region with --region",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "availability-of-services", .reference = AWS_DOCS "memorydb/latest/devguide/subnetgroups.html"},
	{.id = "preflight.vpc-quota", .severity = FAIL, .applies = &on_network,
	 .reads = FACTS(PREFLIGHT_VPCS, QUOTA_FACTS), .decide = check_preflight_vpcs,
	 .holds = "the region's quota leaves room for one more VPC",
	 .why = "without it the stack fails; the default VPC counts, too",
	 .remedy = INCREASE("vpc", QUOTA_VPCS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.internet-gateway-quota", .severity = FAIL,
	 .applies = &on_network, .reads = FACTS(PREFLIGHT_INTERNET_GATEWAYS, QUOTA_FACTS),
	 .decide = check_preflight_internet_gateways,
	 .holds = "the region's quota leaves room for one more internet gateway",
	 .why = "without it the stack fails; raising the quota for VPCs raises this one",
	 .remedy = INCREASE("vpc", QUOTA_VPCS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.security-group-quota", .severity = FAIL,
	 .applies = &on_setup, .reads = FACTS(PREFLIGHT_SECURITY_GROUPS, QUOTA_FACTS),
	 .decide = check_preflight_security_groups,
	 .holds = "the region's quota leaves room for the cloud's security group, and for the one that comes with a new VPC",
	 .why = "without them the stack fails",
	 .remedy = INCREASE("vpc", QUOTA_SECURITY_GROUPS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.gateway-endpoint-quota", .severity = FAIL,
	 .applies = &on_network, .reads = FACTS(PREFLIGHT_GATEWAY_ENDPOINTS, QUOTA_FACTS),
	 .decide = check_preflight_gateway_endpoints,
	 .holds = "the region's quota leaves room for one more gateway endpoint",
	 .why = "without it the stack fails: the VPC gets one for S3",
	 .remedy = INCREASE("vpc", QUOTA_GATEWAY_ENDPOINTS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.address-quota", .severity = FAIL, .applies = &on_nat,
	 .reads = FACTS(PREFLIGHT_ADDRESSES, PREFLIGHT_ZONES, QUOTA_FACTS), .decide = check_preflight_addresses,
	 .holds = "the region's quota leaves room for an elastic IP address for each NAT gateway",
	 .why = "without them the stack fails; a region's quota is 5 at first",
	 .remedy = INCREASE("ec2", QUOTA_ADDRESSES),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.nat-gateway-quota", .severity = FAIL, .applies = &on_nat,
	 .reads = FACTS(PREFLIGHT_NAT_GATEWAYS, PREFLIGHT_SUBNETS, PREFLIGHT_ZONES, QUOTA_FACTS),
	 .decide = check_preflight_nat_gateways,
	 .holds = "the quota leaves room for one more NAT gateway in each zone that gets one",
	 .why = "without it the stack fails after minutes",
	 .remedy = INCREASE("vpc", QUOTA_NAT_GATEWAYS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "resource-quotas", .reference = AWS_DOCS "vpc/latest/userguide/amazon-vpc-limits.html"},
	{.id = "preflight.vcpu-quota", .severity = WARN, .applies = &on_setup,
	 .reads = FACTS(PREFLIGHT_INSTANCES, QUOTA_FACTS), .decide = check_preflight_vcpus,
	 .holds = "the quota for standard on-demand instances leaves room for one node with 4 vCPUs (m5.xlarge)",
	 .why = "setup starts no instance, but the first cluster does, and would fail",
	 .remedy = INCREASE("ec2", QUOTA_VCPUS),
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "instance-quotas", .reference = AWS_DOCS "AWSEC2/latest/UserGuide/ec2-resource-limits.html"},
	{.id = "preflight.public-access", .severity = FAIL, .applies = &on_network,
	 .reads = FACTS(PREFLIGHT_PUBLIC_ACCESS), .decide = check_preflight_public_access,
	 .holds = "VPC Block Public Access does not stop the new VPC's internet traffic",
	 .why = "users reach the cluster, and nodes the control plane, through the VPC's internet gateway; an exclusion needs a VPC that is there",
	 .remedy = "aws ec2 modify-vpc-block-public-access-options --internet-gateway-block-mode off --region {region}   # or cloudctl setup --skip-preflight, then aws ec2 create-vpc-block-public-access-exclusion for the new VPC",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "public-or-private-subnets", .reference = AWS_DOCS "vpc/latest/userguide/security-vpc-bpa.html"},
	{.id = "preflight.cidr-overlap", .severity = FAIL, .applies = &on_network,
	 .reads = FACTS(PREFLIGHT_REQUEST, PREFLIGHT_VPCS), .decide = check_preflight_cidr_overlap,
	 .holds = "with --check-cidr-overlap: no VPC in the region overlaps the new VPC's block",
	 .why = "VPCs whose blocks overlap cannot be connected by peering or a transit gateway, and a VPC's block cannot be changed later",
	 .remedy = "choose another block with --vpc-cidr",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "address-plan", .reference = AWS_DOCS "vpc/latest/peering/vpc-peering-basics.html"},
	{.id = "preflight.key", .severity = FAIL, .applies = &on_key,
	 .reads = FACTS(PREFLIGHT_KEY), .also = FACTS(PREFLIGHT_KEY_POLICY), .decide = check_preflight_key,
	 .holds = "the key of --kms-key exists, is enabled, is for symmetric encryption, and its policy lets both roles use it or leaves that to IAM",
	 .why = "the stack fails if EFS or MemoryDB cannot use the key; and if its policy leaves the roles out, they can neither read nor write the bucket, whatever their own policies say",
	 .remedy = "choose another key with --kms-key, or leave permissions to IAM in its policy: allow kms:* to the account {account}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "key-of-the-bucket", .reference = AWS_DOCS "AmazonS3/latest/userguide/UsingKMSEncryption.html"},
	{.id = "preflight.names.bucket", .severity = FAIL, .applies = &on_setup,
	 .reads = FACTS(PREFLIGHT_BUCKET), .decide = check_preflight_bucket,
	 .holds = "the name of the cloud's bucket is free",
	 .why = LEFT_BEHIND,
	 .remedy = "aws s3 rb s3://{bucket}   # add --force if its objects are not needed",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "free-names", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/aws-properties-name.html"},
	{.id = "preflight.names.roles", .severity = FAIL, .applies = &on_setup,
	 .reads = FACTS(PREFLIGHT_CONTROL_PLANE_ROLE, PREFLIGHT_NODE_ROLE), .decide = check_preflight_roles,
	 .holds = "the names of the cloud's two roles are free",
	 .why = LEFT_BEHIND,
	 .remedy = "aws iam delete-role --role-name <its name>",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "free-names", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/aws-properties-name.html"},
	{.id = "preflight.names.instance-profile", .severity = FAIL,
	 .applies = &on_setup, .reads = FACTS(PREFLIGHT_INSTANCE_PROFILE), .decide = check_preflight_instance_profile,
	 .holds = "the name of the nodes' instance profile is free",
	 .why = LEFT_BEHIND,
	 .remedy = "aws iam delete-instance-profile --instance-profile-name {node-role}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "free-names", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/aws-properties-name.html"},
	{.id = "preflight.names.memorydb", .severity = FAIL, .applies = &with_memorydb,
	 .reads = FACTS(PREFLIGHT_MEMORYDB_CLUSTER, PREFLIGHT_MEMORYDB_SUBNET_GROUP, PREFLIGHT_MEMORYDB_PARAMETER_GROUP),
	 .decide = check_preflight_memorydb,
	 .holds = "the names of MemoryDB's cluster, subnet group and parameter group are free",
	 .why = LEFT_BEHIND,
	 .remedy = "aws memorydb delete-cluster --cluster-name {memorydb} --region {region}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "free-names", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/aws-properties-name.html"},
};
/* clang-format on */

static const struct check_group group = {
	.id = EVENT_GROUP_PREFLIGHT,
	.name = "prerequisites",
	CHECKS(rows),
};

static const struct check_group *const groups[] = {&group};

const struct check_table preflight_table = {
	.groups = groups,
	.group_count = ARRAY_LENGTH(groups),
	.plan = &preflight_plan,
	CHECKS_OF_A_RECORD,
};
