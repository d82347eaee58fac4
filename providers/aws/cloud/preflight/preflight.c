/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that `setup` makes before it makes anything. Ids are API, as those of checks.c. */
#include "base/array.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"

#define FAIL VERDICT_FAIL
#define WARN VERDICT_WARN
#define SETUP GROUP_PREFLIGHT, FAIL, APPLIES_SETUP
#define QUOTA_FACTS (P(QUOTAS) | P(DEFAULT_QUOTAS))
#define INCREASE(service, code) \
	"aws service-quotas request-service-quota-increase --service-code " service " --quota-code " code \
	" --desired-value <in use and needed together> --region {region}"
#define VPC_QUOTAS "Amazon VPC User Guide: Amazon VPC quotas"
#define LEFT_BEHIND \
	"the stack takes this name, and fails when it is taken; an earlier try may have left it behind"

const char preflight_names_glob[] = "preflight.names.*";

/* clang-format off */
static const struct check rows[] = {
	{"preflight.permissions", SETUP, P(PERMISSIONS) | P(SIMULATION), 0, check_preflight_permissions,
	 "the caller may do all that setup does, and what CloudFormation does with the caller's permissions",
	 "a permission that is missing shows after minutes, and the stack is undone; one to look at something leaves checks without a verdict",
	 "cloudctl policy setup --region {region} --account {account}   # attach what it prints",
	 "AWS IAM API: SimulatePrincipalPolicy"},
	{"preflight.zones", SETUP, P(ZONES), 0, check_preflight_zones,
	 "two availability zones offer all that the cloud needs: EFS, and MemoryDB when asked for",
	 "each zone gets a subnet with a mount target, and MemoryDB's replica is in another zone; in a zone that lacks one of them the stack fails, after minutes",
	 "choose another region with --region", "Amazon MemoryDB Developer Guide: Subnets and subnet groups",
	 P(ENDPOINT_SERVICES)},
	{"preflight.vpc-quota", SETUP, QUOTA_FACTS | P(VPCS), 0, check_preflight_vpcs,
	 "one more VPC fits into the region's quota",
	 "without it the stack fails; the default VPC counts, too", INCREASE("vpc", "L-F678F1CE"), VPC_QUOTAS},
	{"preflight.internet-gateway-quota", SETUP, QUOTA_FACTS | P(INTERNET_GATEWAYS), 0,
	 check_preflight_internet_gateways, "one more internet gateway fits into the region's quota",
	 "without it the stack fails; this quota is raised by raising that of VPCs", INCREASE("vpc", "L-F678F1CE"),
	 VPC_QUOTAS},
	{"preflight.security-group-quota", SETUP, QUOTA_FACTS | P(SECURITY_GROUPS), 0,
	 check_preflight_security_groups, "two more security groups fit into the region's quota",
	 "without them the stack fails: one is the cloud's, one comes with every VPC", INCREASE("vpc", "L-E79EC296"),
	 VPC_QUOTAS},
	{"preflight.gateway-endpoint-quota", SETUP, QUOTA_FACTS | P(GATEWAY_ENDPOINTS), 0,
	 check_preflight_gateway_endpoints, "one more gateway endpoint fits into the region's quota",
	 "without it the stack fails: the VPC has one for S3", INCREASE("vpc", "L-1B52E74A"), VPC_QUOTAS},
	{"preflight.vcpu-quota", GROUP_PREFLIGHT, WARN, APPLIES_SETUP, QUOTA_FACTS | P(INSTANCES), 0,
	 check_preflight_vcpus, "one node of 4 vCPUs (m5.xlarge) fits into the quota of standard on-demand instances",
	 "setup starts no instance, but the first cluster does, and could not", INCREASE("ec2", "L-1216C47A"),
	 "Amazon EC2 User Guide: On-Demand Instance quotas"},
	{"preflight.cidr-overlap", SETUP, P(REQUEST) | P(VPCS), 0, check_preflight_cidr_overlap,
	 "with --check-cidr-overlap: no VPC of the region has addresses of the new VPC's block",
	 "VPCs whose blocks overlap cannot be connected by peering or a transit gateway, and a VPC's block stays",
	 "choose another block with --vpc-cidr", "Amazon VPC Peering Guide: How VPC peering connections work"},
	{"preflight.names.bucket", SETUP, P(BUCKET), 0, check_preflight_bucket,
	 "the name of the cloud's bucket is free", LEFT_BEHIND,
	 "aws s3 rb s3://{bucket}   # add --force when its objects are not needed", "Amazon S3 API: HeadBucket"},
	{"preflight.names.roles", SETUP, P(CONTROL_PLANE_ROLE) | P(NODE_ROLE), 0, check_preflight_roles,
	 "the names of the cloud's two roles are free", LEFT_BEHIND,
	 "aws iam delete-role --role-name <its name>", "AWS IAM API: GetRole"},
	{"preflight.names.instance-profile", SETUP, P(INSTANCE_PROFILE), 0, check_preflight_instance_profile,
	 "the name of the nodes' instance profile is free", LEFT_BEHIND,
	 "aws iam delete-instance-profile --instance-profile-name {node-role}", "AWS IAM API: GetInstanceProfile"},
	{"preflight.names.memorydb", GROUP_PREFLIGHT, FAIL, APPLIES_MEMORYDB,
	 P(MEMORYDB_CLUSTER) | P(MEMORYDB_SUBNET_GROUP) | P(MEMORYDB_PARAMETER_GROUP), 0, check_preflight_memorydb,
	 "the names of MemoryDB's cluster, subnet group and parameter group are free", LEFT_BEHIND,
	 "aws memorydb delete-cluster --cluster-name {memorydb} --region {region}",
	 "Amazon MemoryDB API: DescribeClusters"},
};
/* clang-format on */

const struct check_table preflight_table = {rows, ARRAY_LENGTH(rows), &preflight_plan};

const struct check *preflight_find(const char *id)
{
	for (size_t i = 0; i < preflight_table.count; i++)
		if (text_equal(rows[i].id, id))
			return &rows[i];
	return NULL;
}
