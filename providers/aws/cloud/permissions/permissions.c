/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of permissions.h, and the ARN patterns of a scope. */
#include "providers/aws/cloud/permissions/permissions.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "providers/aws/cloud/aws_cloud.h"

enum { ARN_MAX = 2048 };

/* --- actions --- */

#define ROLES "control-plane-role node-role"
#define MEMORYDB "memorydb-cluster memorydb-parameter-group memorydb-subnet-group"
#define NETWORK "internet-gateway route-table security-group subnet vpc vpc-endpoint"

/* clang-format off */
/* In order of the names. What EC2 only describes cannot be narrowed. */
static const struct permission rows[] = {
	{"cloudformation:CreateChangeSet", "stack"},
	{"cloudformation:CreateStack", "stack"},
	{"cloudformation:DeleteChangeSet", "stack"},
	{"cloudformation:DeleteStack", "stack"},
	{"cloudformation:DescribeChangeSet", "stack"},
	{"cloudformation:DescribeStackEvents", "stack"},
	{"cloudformation:DescribeStackResources", "stack"},
	{"cloudformation:DescribeStacks", "stack"},
	{"cloudformation:ExecuteChangeSet", "stack"},
	{"cloudformation:TagResource", "stack"},

	{"ec2:AssociateRouteTable", "route-table subnet", .tagged = true},
	{"ec2:AttachInternetGateway", "internet-gateway vpc", .tagged = true},
	{"ec2:AuthorizeSecurityGroupEgress", "security-group", .tagged = true},
	{"ec2:AuthorizeSecurityGroupIngress", "security-group", .tagged = true},
	{"ec2:CreateInternetGateway", NULL, .makes = "internet-gateway"},
	{"ec2:CreateRoute", "route-table", .tagged = true},
	{"ec2:CreateRouteTable", "vpc", .makes = "route-table", .tagged = true},
	{"ec2:CreateSecurityGroup", "vpc", .makes = "security-group", .tagged = true},
	{"ec2:CreateSubnet", "vpc", .makes = "subnet", .tagged = true},
	{"ec2:CreateTags", NETWORK},
	{"ec2:CreateVpc", NULL, .makes = "vpc"},
	{"ec2:CreateVpcEndpoint", "route-table vpc", .makes = "vpc-endpoint", .tagged = true},
	{"ec2:DeleteInternetGateway", "internet-gateway", .tagged = true},
	{"ec2:DeleteRoute", "route-table", .tagged = true},
	{"ec2:DeleteRouteTable", "route-table", .tagged = true},
	{"ec2:DeleteSecurityGroup", "security-group", .tagged = true},
	{"ec2:DeleteSubnet", "subnet", .tagged = true},
	{"ec2:DeleteVpc", "vpc", .tagged = true},
	{"ec2:DeleteVpcEndpoints", "vpc-endpoint", .tagged = true},
	{"ec2:DescribeAvailabilityZones", NULL},
	{"ec2:DescribeInstances", NULL},
	{"ec2:DescribeInternetGateways", NULL},
	{"ec2:DescribeNatGateways", NULL},
	{"ec2:DescribeNetworkAcls", NULL},
	{"ec2:DescribeNetworkInterfaces", NULL},
	{"ec2:DescribeRegions", NULL, .anywhere = true},
	{"ec2:DescribeRouteTables", NULL},
	{"ec2:DescribeSecurityGroupRules", NULL},
	{"ec2:DescribeSecurityGroups", NULL},
	{"ec2:DescribeSubnets", NULL},
	{"ec2:DescribeVpcAttribute", "vpc"},
	{"ec2:DescribeVpcEndpointServices", NULL},
	{"ec2:DescribeVpcEndpoints", NULL},
	{"ec2:DescribeVpcs", NULL},
	{"ec2:DetachInternetGateway", "internet-gateway vpc", .tagged = true},
	{"ec2:DisassociateRouteTable", "route-table subnet", .tagged = true},
	{"ec2:ModifySubnetAttribute", "subnet", .tagged = true},
	{"ec2:ModifyVpcAttribute", "vpc", .tagged = true},
	{"ec2:RevokeSecurityGroupEgress", "security-group", .tagged = true},
	{"ec2:RevokeSecurityGroupIngress", "security-group", .tagged = true},

	{"elasticfilesystem:CreateFileSystem", NULL, .makes = "*"},
	{"elasticfilesystem:CreateMountTarget", "file-system", .tagged = true},
	{"elasticfilesystem:DeleteFileSystem", "file-system", .tagged = true},
	{"elasticfilesystem:DeleteMountTarget", "file-system", .tagged = true},
	{"elasticfilesystem:DescribeBackupPolicy", "file-system"},
	{"elasticfilesystem:DescribeFileSystemPolicy", "file-system"},
	{"elasticfilesystem:DescribeFileSystems", "file-system"},
	{"elasticfilesystem:DescribeLifecycleConfiguration", "file-system"},
	{"elasticfilesystem:DescribeMountTargetSecurityGroups", "file-system"},
	{"elasticfilesystem:DescribeMountTargets", "file-system"},
	{"elasticfilesystem:DescribeReplicationConfigurations", "file-system"},
	{"elasticfilesystem:PutBackupPolicy", "file-system", .tagged = true},
	{"elasticfilesystem:TagResource", "file-system"},

	{"iam:AddRoleToInstanceProfile", "instance-profile"},
	{"iam:CreateInstanceProfile", "instance-profile"},
	{"iam:CreateRole", ROLES},
	{"iam:CreateServiceLinkedRole", "service-role"},
	{"iam:DeleteInstanceProfile", "instance-profile"},
	{"iam:DeleteRole", ROLES},
	{"iam:DeleteRolePolicy", ROLES},
	{"iam:GetInstanceProfile", "instance-profile"},
	{"iam:GetPolicy", "policy"},
	{"iam:GetPolicyVersion", "policy"},
	{"iam:GetRole", ROLES},
	{"iam:GetRolePolicy", ROLES},
	{"iam:ListAttachedRolePolicies", ROLES},
	{"iam:ListInstanceProfilesForRole", "node-role"},
	{"iam:ListRolePolicies", ROLES},
	{"iam:PassRole", "node-role"},
	{"iam:PutRolePolicy", ROLES},
	{"iam:RemoveRoleFromInstanceProfile", "instance-profile"},
	{"iam:SimulatePrincipalPolicy", "simulated"},
	{"iam:TagRole", ROLES},
	{"iam:UpdateAssumeRolePolicy", "control-plane-role"},

	{"kms:CreateGrant", "efs-key"},
	{"kms:DescribeKey", "key"},
	{"kms:GenerateDataKeyWithoutPlaintext", "efs-key"},
	{"kms:GetKeyPolicy", "key"},

	{"memorydb:CreateCluster", "memorydb-acl memorydb-parameter-group memorydb-subnet-group"},
	{"memorydb:CreateParameterGroup", NULL, .makes = "*"},
	{"memorydb:CreateSubnetGroup", NULL, .makes = "*"},
	{"memorydb:DeleteCluster", "memorydb-cluster"},
	{"memorydb:DeleteParameterGroup", "memorydb-parameter-group"},
	{"memorydb:DeleteSubnetGroup", "memorydb-subnet-group"},
	{"memorydb:DescribeClusters", "memorydb-cluster"},
	{"memorydb:DescribeParameterGroups", "memorydb-parameter-group"},
	{"memorydb:DescribeParameters", "memorydb-parameter-group"},
	{"memorydb:DescribeSubnetGroups", "memorydb-subnet-group"},
	{"memorydb:ListTags", MEMORYDB},
	{"memorydb:TagResource", MEMORYDB},
	{"memorydb:UpdateParameterGroup", "memorydb-parameter-group"},

	{"s3:CreateBucket", "bucket"},
	{"s3:DeleteBucket", "bucket"},
	{"s3:DeleteBucketPolicy", "bucket"},
	{"s3:GetAccelerateConfiguration", "bucket"},
	{"s3:GetBucketCORS", "bucket"},
	{"s3:GetBucketLogging", "bucket"},
	{"s3:GetBucketNotification", "bucket"},
	{"s3:GetBucketObjectLockConfiguration", "bucket"},
	{"s3:GetBucketOwnershipControls", "bucket"},
	{"s3:GetBucketPolicy", "bucket"},
	{"s3:GetBucketPublicAccessBlock", "bucket"},
	{"s3:GetBucketTagging", "bucket"},
	{"s3:GetBucketVersioning", "bucket"},
	{"s3:GetBucketWebsite", "bucket"},
	{"s3:GetEncryptionConfiguration", "bucket"},
	{"s3:GetLifecycleConfiguration", "bucket"},
	{"s3:ListBucket", "bucket"},
	{"s3:PutBucketCORS", "bucket"},
	{"s3:PutBucketOwnershipControls", "bucket"},
	{"s3:PutBucketPolicy", "bucket"},
	{"s3:PutBucketPublicAccessBlock", "bucket"},
	{"s3:PutBucketTagging", "bucket"},
	{"s3:PutBucketVersioning", "bucket"},
	{"s3:PutEncryptionConfiguration", "bucket"},
	{"s3:PutLifecycleConfiguration", "bucket"},

	{"servicequotas:GetAWSDefaultServiceQuota", NULL},
	{"servicequotas:GetServiceQuota", "quota"},
};
/* clang-format on */

const struct permission *permissions(size_t *count)
{
	*count = ARRAY_LENGTH(rows);
	return rows;
}

const struct permission *permission_find(const char *action)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal_nocase(rows[i].action, action))
			return &rows[i];
	return NULL;
}

/* --- resources --- */

static const char *known_control_plane_role(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.control_plane_role_arn : NULL;
}

static const char *known_node_role(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.node_role_arn : NULL;
}

static const char *known_bucket(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.bucket : NULL;
}

static const char *known_file_system(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.file_system_id : NULL;
}

static const char *known_vpc(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.vpc_id : NULL;
}

static const char *known_memorydb(const struct permission_scope *scope)
{
	return scope->cloud ? aws_cloud(scope->cloud)->resources.memorydb_cluster : NULL;
}

/* MemoryDB's service has a role of its own, which its first use in an account makes, like that of EFS. */
static const char *known_memorydb_service(const struct permission_scope *scope)
{
	return scope->memorydb ? "memorydb" : NULL;
}

static const char *known_key(const struct permission_scope *scope)
{
	return scope->key_arn;
}

/*
 * Patterns of ARNs, several separated by spaces: of the one that is known, as {known}; of what the template names; of any. NULL:
 * the next one. {p} {r} {a} are partition, region and account; {id} is the cloud's id and {stack} that of its stack,
 * which a cloud that is not known begins with cld_ and cld-.
 */
struct permission_kind {
	const char *name;
	const char *any, *managed, *exact;
	const char *(*known)(const struct permission_scope *scope);
};

#define OF(service, resource) "arn:{p}:" service ":{r}:{a}:" resource
#define OF_IAM(resource) "arn:{p}:iam::{a}:" resource
#define EFS_SERVICE_ROLE \
	OF_IAM("role/aws-service-role/elasticfilesystem.amazonaws.com/" \
	       "AWSServiceRoleForAmazonElasticFileSystem")
#define MEMORYDB_SERVICE_ROLE OF_IAM("role/aws-service-role/memorydb.amazonaws.com/AWSServiceRoleForMemoryDB")

static const struct permission_kind kinds[] = {
	{"control-plane-role", OF_IAM("role/*"), OF_IAM("role/cloudctl-control-plane-{id}"), "{known}",
		known_control_plane_role},
	{"node-role", OF_IAM("role/*"), OF_IAM("role/{id}-cluster_node_role"), "{known}", known_node_role},
	{"instance-profile", OF_IAM("instance-profile/*"), OF_IAM("instance-profile/{id}-cluster_node_role"),
		NULL, NULL},
	{"service-role", EFS_SERVICE_ROLE, NULL, EFS_SERVICE_ROLE " " MEMORYDB_SERVICE_ROLE,
		known_memorydb_service},
	{"policy", OF_IAM("policy/*") " arn:{p}:iam::aws:policy/*", NULL, NULL, NULL},
	{"simulated", OF_IAM("role/*") " " OF_IAM("user/*"), NULL, NULL, NULL},
	{"bucket", "arn:{p}:s3:::*", "arn:{p}:s3:::cloudctl-data-{stack}", "arn:{p}:s3:::{known}",
		known_bucket},
	{"file-system", OF("elasticfilesystem", "file-system/*"), NULL,
		OF("elasticfilesystem", "file-system/{known}"), known_file_system},
	{"stack", OF("cloudformation", "stack/{stack}/*"), NULL, NULL, NULL},
	{"internet-gateway", OF("ec2", "internet-gateway/*"), NULL, NULL, NULL},
	{"route-table", OF("ec2", "route-table/*"), NULL, NULL, NULL},
	{"security-group", OF("ec2", "security-group/*"), NULL, NULL, NULL},
	{"subnet", OF("ec2", "subnet/*"), NULL, NULL, NULL},
	{"vpc", OF("ec2", "vpc/*"), NULL, OF("ec2", "vpc/{known}"), known_vpc},
	{"vpc-endpoint", OF("ec2", "vpc-endpoint/*"), NULL, NULL, NULL},
	{"memorydb-acl", OF("memorydb", "acl/open-access"), NULL, NULL, NULL},
	{"memorydb-cluster", OF("memorydb", "cluster/*"), OF("memorydb", "cluster/{stack}"),
		OF("memorydb", "cluster/{known}"), known_memorydb},
	{"memorydb-parameter-group", OF("memorydb", "parametergroup/*"),
		OF("memorydb", "parametergroup/{stack}"), NULL, NULL},
	{"memorydb-subnet-group", OF("memorydb", "subnetgroup/*"), OF("memorydb", "subnetgroup/{stack}"),
		NULL, NULL},
	{"efs-key", OF("kms", "key/*"), NULL, NULL, NULL},
	{"key", OF("kms", "key/*"), NULL, "{known}", known_key},
	{"quota", OF("servicequotas", "*/*"), NULL, NULL, NULL},
};

/* What stands for a placeholder; NULL when the text does not begin with one. *length is that of the placeholder. */
static const char *value_of(const struct permission_scope *scope, const char *known, const char *text,
	size_t *length)
{
	const struct cloud *cloud = scope->cloud;
	const struct {
		const char *placeholder, *value;
	} values[] = {
		{"{p}", scope->partition},
		{"{r}", scope->region},
		{"{a}", scope->account},
		{"{id}", cloud && cloud->id ? cloud->id : "cld_*"},
		{"{stack}", cloud && aws_cloud(cloud)->stack_name ? aws_cloud(cloud)->stack_name : "cld-*"},
		{"{known}", known},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
		*length = strlen(values[i].placeholder);
		if (text_starts_with(text, values[i].placeholder))
			return values[i].value;
	}
	return NULL;
}

static const char *fill_in(struct arena *arena, const struct permission_scope *scope, const char *known,
	const char *pattern)
{
	struct str arn = {.arena = arena, .max = ARN_MAX};
	size_t length;

	while (*pattern) {
		const char *value = *pattern == '{' ? value_of(scope, known, pattern, &length) : NULL;

		if (value) {
			str_puts(&arn, value);
			pattern += length;
		} else {
			str_putc(&arn, *pattern++);
		}
	}
	return str_text(&arn);
}

static void add_once(struct arena *arena, struct text_list *list, const char *text)
{
	if (!text_list_has(list, text))
		text_list_add(arena, list, text);
}

static void add_kind(struct arena *arena, const struct permission_scope *scope,
	const struct permission_kind *kind, struct text_list *resources)
{
	const char *known = kind->known ? kind->known(scope) : NULL;
	const char *patterns = known              ? kind->exact
		: scope->managed && kind->managed ? kind->managed
						  : kind->any;
	struct text_list each = text_split(arena, patterns, ' ');

	for (size_t i = 0; i < each.count; i++)
		add_once(arena, resources, fill_in(arena, scope, known, each.items[i]));
}

static const struct permission_kind *kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (text_equal(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

void permission_resources(struct arena *arena, const struct permission_scope *scope, const char *names,
	struct text_list *resources)
{
	struct text_list each = {0};

	if (names)
		each = text_split(arena, names, ' ');
	else
		add_once(arena, resources, "*");
	for (size_t i = 0; i < each.count; i++) {
		const struct permission_kind *kind = kind_find(each.items[i]);

		if (kind)
			add_kind(arena, scope, kind, resources);
		else
			add_once(arena, resources, "*");
	}
}
