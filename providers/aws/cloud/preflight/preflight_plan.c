/* SPDX-License-Identifier: Apache-2.0 */
/* What the preflight asks AWS: everything at once, except the defaults of quotas that have no value of their own. */
#include "base/array.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/iam/arn.h"

static void ask_zones(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL,
		json_pack("{s:[{s:s, s:[s]}, {s:s, s:[s]}]}", "Filter", "Name", "zone-type", "Value",
			"availability-zone", "Name", "state", "Value", "available"));
}

/* By filter: a service that a region does not have is left out, where by name it would fail the call. */
static void ask_endpoint_services(const struct facts *facts, struct ask *ask)
{
	unsigned parts = stack_parts(facts->cloud);
	const char *const names[] = {
		parts & PART_EFS ? zones_endpoint_service(facts, ZONES_EFS) : NULL,
		parts & PART_MEMORYDB ? zones_endpoint_service(facts, ZONES_MEMORYDB) : NULL,
	};

	ask_filter(ask, "service-name", names, ARRAY_LENGTH(names));
}

static void ask_gateway_endpoints(const struct facts *facts, struct ask *ask)
{
	static const char *const gateway[] = {"Gateway"};

	(void)facts;
	ask_filter(ask, "vpc-endpoint-type", gateway, ARRAY_LENGTH(gateway));
}

static void ask_nat_gateways(const struct facts *facts, struct ask *ask)
{
	static const char *const states[] = {"pending", "available", "deleting"};

	(void)facts;
	ask_filter(ask, "state", states, ARRAY_LENGTH(states));
}

static void ask_instances(const struct facts *facts, struct ask *ask)
{
	static const char *const states[] = {"pending", "running"};

	(void)facts;
	ask_filter(ask, "instance-state-name", states, ARRAY_LENGTH(states));
}

static void ask_quota(struct ask *ask, const struct quota *quota)
{
	ask_add(ask, quota->code,
		json_pack("{s:s, s:s}", "ServiceCode", quota->service, "QuotaCode", quota->code));
}

static void ask_quotas(const struct facts *facts, struct ask *ask)
{
	for (size_t i = 0; i < QUOTAS; i++)
		if (quotas[i].part & stack_parts(facts->cloud))
			ask_quota(ask, &quotas[i]);
}

static void ask_default_quotas(const struct facts *facts, struct ask *ask)
{
	const json_t *applied = facts_tree(facts, PREFLIGHT_QUOTAS);

	for (size_t i = 0; i < QUOTAS; i++)
		if (json_is_null(json_object_get(applied, quotas[i].code)))
			ask_quota(ask, &quotas[i]);
}

static void ask_key(const struct facts *facts, struct ask *ask)
{
	ask_one(ask, "KeyId", aws_cloud(facts->cloud)->setup.kms_key);
}

/* Only the key's own account is told (KMS API Reference, "GetKeyPolicy": no use across accounts). */
static void ask_key_policy(const struct facts *facts, struct ask *ask)
{
	const char *key = aws_cloud(facts->cloud)->setup.kms_key;

	if (key && arn_field_is(key, ARN_ACCOUNT, facts->cloud->account))
		ask_add(ask, NULL, json_pack("{s:s, s:s}", "KeyId", key, "PolicyName", "default"));
}

/* Rows about a name: the member that gives it, and the kind whose id it is, or holds. */
enum { BUCKET, CONTROL_PLANE_ROLE, NODE_ROLE, INSTANCE_PROFILE, CLUSTER, SUBNET_GROUP, PARAMETER_GROUP };
static const struct {
	const char *member;
	enum kind kind;
} names[] = {
	[BUCKET] = {"Bucket", KIND_BUCKET},
	[CONTROL_PLANE_ROLE] = {"RoleName", KIND_CONTROL_PLANE_ROLE},
	[NODE_ROLE] = {"RoleName", KIND_NODE_ROLE},
	[INSTANCE_PROFILE] = {"InstanceProfileName", KIND_NODE_ROLE},
	[CLUSTER] = {"ClusterName", KIND_MEMORYDB},
	[SUBNET_GROUP] = {"SubnetGroupName", KIND_MEMORYDB},
	[PARAMETER_GROUP] = {"ParameterGroupName", KIND_MEMORYDB},
};

static void ask_name(const struct facts *facts, struct ask *ask)
{
	const struct resource_kind *kind = &kinds[names[ask->row->which].kind];
	struct text_list ids = kind_ids(facts->arena, kind, aws_cloud(facts->cloud));

	if (ids.count > 0)
		ask_one(ask, names[ask->row->which].member,
			kind->ids_are_identifiers ? arn_name(ids.items[0]) : ids.items[0]);
}

/* clang-format off */
static const struct plan_row rows[PREFLIGHT_FACT_COUNT] = {
	[PREFLIGHT_REQUEST] = {.name = "request"},
	[PREFLIGHT_IDENTITY] = {.name = "identity"},
	[PREFLIGHT_PERMISSIONS] = {.name = "permissions"},

	[PREFLIGHT_SIMULATION] = {.name = "simulation", .after = FACTS(PREFLIGHT_PERMISSIONS),
	 .operation = &iam_SimulatePrincipalPolicy, .ask = permissions_ask,
	 .doing = "asking IAM what the caller may do", .absent = "NoSuchEntity"},
	[PREFLIGHT_ZONES] = {.name = "zones", .operation = &ec2_DescribeAvailabilityZones, .ask = ask_zones,
	 .doing = "listing the availability zones"},
	[PREFLIGHT_ENDPOINT_SERVICES] = {.name = "endpoint-services", .operation = &ec2_DescribeVpcEndpointServices,
	 .ask = ask_endpoint_services, .doing = "asking in which zones services have endpoints"},
	[PREFLIGHT_PUBLIC_ACCESS] = {.name = "public-access", .operation = &ec2_DescribeVpcBlockPublicAccessOptions,
	 .ask = ask_nothing, .doing = "reading VPC Block Public Access"},

	[PREFLIGHT_VPCS] = {.name = "vpcs", .operation = &ec2_DescribeVpcs, .ask = ask_nothing,
	 .doing = "listing the VPCs"},
	[PREFLIGHT_INTERNET_GATEWAYS] = {.name = "internet-gateways", .operation = &ec2_DescribeInternetGateways,
	 .ask = ask_nothing, .doing = "listing the internet gateways"},
	[PREFLIGHT_SECURITY_GROUPS] = {.name = "security-groups", .operation = &ec2_DescribeSecurityGroups,
	 .ask = ask_nothing, .doing = "listing the security groups"},
	[PREFLIGHT_GATEWAY_ENDPOINTS] = {.name = "gateway-endpoints", .operation = &ec2_DescribeVpcEndpoints,
	 .ask = ask_gateway_endpoints, .doing = "listing the gateway endpoints"},
	[PREFLIGHT_ADDRESSES] = {.name = "addresses", .operation = &ec2_DescribeAddresses, .ask = ask_nothing,
	 .doing = "listing the elastic IP addresses"},
	[PREFLIGHT_NAT_GATEWAYS] = {.name = "nat-gateways", .operation = &ec2_DescribeNatGateways, .ask = ask_nat_gateways,
	 .doing = "listing the NAT gateways"},
	[PREFLIGHT_SUBNETS] = {.name = "subnets", .operation = &ec2_DescribeSubnets, .ask = ask_nothing,
	 .doing = "listing the subnets"},
	[PREFLIGHT_INSTANCES] = {.name = "instances", .operation = &ec2_DescribeInstances, .ask = ask_instances,
	 .doing = "listing the instances that run"},
	[PREFLIGHT_QUOTAS] = {.name = "quotas", .operation = &servicequotas_GetServiceQuota, .ask = ask_quotas,
	 .doing = "reading the quotas", .absent = "NoSuchResourceException"},
	[PREFLIGHT_DEFAULT_QUOTAS] = {.name = "default-quotas", .after = FACTS(PREFLIGHT_QUOTAS),
	 .operation = &servicequotas_GetAWSDefaultServiceQuota, .ask = ask_default_quotas,
	 .doing = "reading the default quotas", .absent = "NoSuchResourceException"},

	[PREFLIGHT_KEY] = {.name = "key", .operation = &kms_DescribeKey, .ask = ask_key,
	 .doing = "describing the key", .absent = "NotFoundException"},
	[PREFLIGHT_KEY_POLICY] = {.name = "key-policy", .operation = &kms_GetKeyPolicy, .ask = ask_key_policy,
	 .doing = "reading the key's policy", .absent = "NotFoundException"},

	/* S3 answers 403 for a bucket of another account, and 404 for one that does not exist, to any caller. */
	[PREFLIGHT_BUCKET] = {.name = "bucket", .operation = &s3_HeadBucket, .which = BUCKET, .ask = ask_name,
	 .doing = "looking for the bucket", .absent = "404 NoSuchBucket", .present = "403"},
	[PREFLIGHT_CONTROL_PLANE_ROLE] = {.name = "control-plane-role", .operation = &iam_GetRole,
	 .which = CONTROL_PLANE_ROLE, .ask = ask_name, .doing = "looking for the control-plane role",
	 .absent = "NoSuchEntity"},
	[PREFLIGHT_NODE_ROLE] = {.name = "node-role", .operation = &iam_GetRole, .which = NODE_ROLE, .ask = ask_name,
	 .doing = "looking for the node role", .absent = "NoSuchEntity"},
	[PREFLIGHT_INSTANCE_PROFILE] = {.name = "instance-profile", .operation = &iam_GetInstanceProfile,
	 .which = INSTANCE_PROFILE, .ask = ask_name, .doing = "looking for the instance profile", .absent = "NoSuchEntity"},
	[PREFLIGHT_MEMORYDB_CLUSTER] = {.name = "memorydb-cluster", .operation = &memorydb_DescribeClusters,
	 .which = CLUSTER, .ask = ask_name, .doing = "looking for the MemoryDB cluster", .list = "Clusters",
	 .absent = "ClusterNotFoundFault"},
	[PREFLIGHT_MEMORYDB_SUBNET_GROUP] = {.name = "memorydb-subnet-group",
	 .operation = &memorydb_DescribeSubnetGroups, .which = SUBNET_GROUP, .ask = ask_name,
	 .doing = "looking for MemoryDB's subnet group", .list = "SubnetGroups",
	 .absent = "SubnetGroupNotFoundFault"},
	[PREFLIGHT_MEMORYDB_PARAMETER_GROUP] = {.name = "memorydb-parameter-group",
	 .operation = &memorydb_DescribeParameterGroups, .which = PARAMETER_GROUP, .ask = ask_name,
	 .doing = "looking for MemoryDB's parameter group", .list = "ParameterGroups",
	 .absent = "ParameterGroupNotFoundFault"},
};
/* clang-format on */

const struct plan preflight_plan = {rows, PREFLIGHT_FACT_COUNT};
