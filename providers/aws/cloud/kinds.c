/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of kinds. Members are those of the record's section; groups are those of checks/catalogue.c. Forms of ARNs
 * are those of the AWS Service Authorization Reference; which ids, ARNs and names are valid, AWS's service models and
 * user guides say.
 */
#include "providers/aws/cloud/kinds.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/cidr.h"
#include "base/member.h"
#include "base/str.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

enum { PATTERN_MAX = 2048 };

#define HEX "0123456789abcdef"
#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ROLE_NAME LOWER UPPER DIGITS "_+=,.@-"

/* --- validity --- */

#define VPC_FORM "a VPC id, such as vpc-0a1b2c3d4e5f67890"
#define SUBNET_FORM "a subnet id, such as subnet-0a1b2c3d4e5f67890"
#define SECURITY_GROUP_FORM "a security group id, such as sg-0a1b2c3d4e5f67890"
#define FILE_SYSTEM_FORM "a file system id, such as fs-0a1b2c3d4e5f67890"
#define ROLE_FORM "a role's ARN, such as arn:aws:iam::123456789012:role/name"
#define MEMORYDB_FORM "a MemoryDB cluster's name"

/* Old ids have 8 hexadecimal digits, new ones 17. Lengths in between are left for AWS to judge. */
static bool is_id(const char *text, const char *prefix, size_t longest)
{
	return text_starts_with(text, prefix) && text_only(text + strlen(prefix), HEX, 8, longest);
}

/* clang-format off */
#define ID(name, prefix, longest) \
	static bool name(const char *text) { return is_id(text, prefix, longest); }
ID(is_vpc, "vpc-", 17)
ID(is_subnet, "subnet-", 17)
ID(is_security_group, "sg-", 17)
ID(is_file_system, "fs-", 40)
#undef ID
/* clang-format on */

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME */
bool kind_role_valid(const char *text)
{
	size_t digits, rest;
	const char *account = arn_find(text, ARN_ACCOUNT, &digits);
	const char *resource = arn_find(text, ARN_RESOURCE, &rest);

	return resource && digits == 12 && strspn(account, DIGITS) == 12 &&
		arn_field_is(text, ARN_SERVICE, "iam") && text_glob("arn:aws*:iam::*:role/*", text, false) &&
		text_only(text, ROLE_NAME ":/", 20, 600) && text_starts_with(resource, "role/") &&
		!strchr(resource, ':') && text_only(arn_name(text), ROLE_NAME, 1, 64);
}

bool kind_bucket_valid(const char *text)
{
	size_t length = strlen(text);

	return text_only(text, LOWER DIGITS ".-", 3, 63) && strchr(LOWER DIGITS, text[0]) &&
		strchr(LOWER DIGITS, text[length - 1]) && !strstr(text, "..") &&
		strspn(text, DIGITS ".") != length;
}

/* MemoryDB API, CreateCluster: letters, digits and hyphens, beginning with a letter, no hyphens together or last. */
static bool is_memorydb(const char *text)
{
	return text_only(text, LOWER UPPER DIGITS "-", 1, 40) && text_is_letter(text[0]) &&
		!strstr(text, "--") && !text_ends_with(text, "-");
}

/* --- in a record --- */

/* Less strict than is_bucket(), for records of older buckets; but a name becomes a part of a host name. */
static bool is_bucket_in_record(const char *bucket)
{
	return text_only(bucket, LOWER DIGITS ".-", 3, 63);
}

bool kind_address_valid(const char *text)
{
	struct cidr block;

	return !strchr(text, '/') && cidr_parse(text, &block, NULL);
}

#define AT(member) offsetof(struct aws_resources, member)

static const struct member resource_rows[] = {
	{"vpc_id", MEMBER_TEXT, AT(vpc_id), .valid = is_vpc, .form = VPC_FORM},
	{"subnet_ids", MEMBER_LIST, AT(subnet_ids), .valid = is_subnet, .form = SUBNET_FORM,
		.most = RESOURCES_MAX},
	{"security_group_ids", MEMBER_LIST, AT(security_group_ids), .valid = is_security_group,
		.form = SECURITY_GROUP_FORM, .most = RESOURCES_MAX},
	{"control_plane_role_arn", MEMBER_TEXT, AT(control_plane_role_arn), .valid = kind_role_valid,
		.form = ROLE_FORM},
	{"node_role_arn", MEMBER_TEXT, AT(node_role_arn), .valid = kind_role_valid, .form = ROLE_FORM},
	{"bucket", MEMBER_TEXT, AT(bucket), .valid = is_bucket_in_record,
		.form = "the name of a bucket, not its ARN"},
	{"file_system_id", MEMBER_TEXT, AT(file_system_id), .valid = is_file_system,
		.form = FILE_SYSTEM_FORM},
	{"mount_target_ip", MEMBER_TEXT, AT(mount_target_ip), .valid = kind_address_valid,
		.form = KIND_ADDRESS_FORM},
	{"memorydb_cluster", MEMBER_TEXT, AT(memorydb_cluster), .valid = is_memorydb, .form = MEMORYDB_FORM},
	{"memorydb_arn", MEMBER_TEXT, AT(memorydb_arn)},
	{"memorydb_endpoint", MEMBER_TEXT, AT(memorydb_endpoint)},
};
const struct member_table aws_resources_table = {MEMBER_TABLE(struct aws_resources, resource_rows)};

#undef AT

/* --- the table --- */

#define TEXT(name) .form = KIND_TEXT, .member = offsetof(struct aws_cloud, name)
#define LIST(name) .form = KIND_LIST, .member = offsetof(struct aws_cloud, name)
#define OF(service, resource) "arn:{partition}:" service ":{region}:{account}:" resource
#define PUBLIC(of) "arn:{partition}:ssm:{region}::parameter/aws/service/" of "/*"
#define OF_IAM(resource) "arn:{partition}:iam::{account}:" resource

/* clang-format off */
const struct resource_kind kinds[KINDS_COUNT] = {
	[KIND_VPC] = {.word = "vpc", .group = "vpc", .exists = FACT_VPC, .placeholder = "vpc",
		TEXT(resources.vpc_id),
		.option = "vpc-id", .option_value = "ID", .help = "the VPC",
		.valid = is_vpc, .valid_form = VPC_FORM,
		.identifier = OF("ec2", "vpc/{name}")},
	[KIND_SUBNETS] = {.word = "subnets", .one = "subnet", .group = "subnets", .exists = FACT_SUBNETS, .placeholder = "subnets",
		LIST(resources.subnet_ids),
		.option = "subnet-ids", .option_value = "IDS", .help = "its subnets, two or more, in different zones",
		.valid = is_subnet, .valid_form = SUBNET_FORM,
		.identifier = OF("ec2", "subnet/*")},
	[KIND_SECURITY_GROUPS] = {.word = "security groups", .one = "security group", .group = "security groups",
		.exists = FACT_SECURITY_GROUPS, .placeholder = "groups", LIST(resources.security_group_ids),
		.option = "security-group-ids", .option_value = "IDS", .help = "security groups of the clusters",
		.valid = is_security_group, .valid_form = SECURITY_GROUP_FORM,
		.identifier = OF("ec2", "security-group/*")},
	[KIND_FILE_SYSTEM] = {.word = "file system", .group = "efs", .exists = FACT_FILE_SYSTEM,
		.placeholder = "file-system", TEXT(resources.file_system_id),
		.option = "efs-id", .option_value = "ID", .help = "the EFS file system",
		.valid = is_file_system, .valid_form = FILE_SYSTEM_FORM,
		.identifier = OF("elasticfilesystem", "file-system/{name}")},
	[KIND_CONTROL_PLANE_ROLE] = {.word = "control-plane role", .group = "iam roles",
		.exists = FACT_CONTROL_PLANE_ROLE, .placeholder = "control-plane-role",
		TEXT(resources.control_plane_role_arn), .ids_are_identifiers = true,
		.option = "control-plane-role-arn", .option_alias = "anyscale-iam-role-id",
		.option_value = "ARN", .help = "role that the control plane assumes to launch clusters",
		.valid = kind_role_valid, .valid_form = ROLE_FORM,
		.identifier = OF_IAM("role{path}{name}"), .default_name = "cloudctl-control-plane-{id}"},
	[KIND_NODE_ROLE] = {.word = "node role", .group = "iam roles", .exists = FACT_NODE_ROLE,
		.placeholder = "node-role", TEXT(resources.node_role_arn), .ids_are_identifiers = true,
		.option = "node-role-arn", .option_alias = "instance-iam-role-id",
		.option_value = "ARN", .help = "role of the clusters' instances",
		.valid = kind_role_valid, .valid_form = ROLE_FORM,
		.identifier = OF_IAM("role{path}{name}"), .default_name = "{id}-cluster_node_role"},
	[KIND_BUCKET] = {.word = "bucket", .group = "s3", .exists = FACT_BUCKET, .placeholder = "bucket",
		TEXT(resources.bucket), .identifier_is_accepted = true,
		.option = "s3-bucket-id", .option_value = "BUCKET", .help = "the S3 bucket, by name or ARN",
		.valid = kind_bucket_valid, .valid_form = "a bucket's name",
		.identifier = "arn:{partition}:s3:::{name}", .default_name = "cloudctl-data-{stack}"},
	[KIND_MEMORYDB] = {.word = "memorydb cluster", .group = "memorydb", .exists = FACT_MEMORYDB_CLUSTER,
		.placeholder = "memorydb", TEXT(resources.memorydb_cluster), .optional = true,
		.identifier_is_accepted = true,
		.option = "memorydb-cluster-id", .option_value = "NAME", .help = "MemoryDB cluster for head node fault tolerance",
		.valid = is_memorydb, .valid_form = MEMORYDB_FORM,
		.identifier = OF("memorydb", "cluster/{name}"), .default_name = "{stack}"},

	[KIND_MOUNT_TARGETS] = {.word = "mount targets", .one = "mount target", .group = "efs", .exists = FACT_MOUNT_TARGETS},
	[KIND_STACK] = {.word = "stack", .group = "cloudformation stack", .exists = FACT_STACK, TEXT(stack_arn),
		.identifier = OF("cloudformation", "stack/{stack}/*")},

	[KIND_INTERNET_GATEWAY] = {.word = "internet gateway", .identifier = OF("ec2", "internet-gateway/*")},
	/* {nat} has a value for clouds with NAT gateways only. */
	[KIND_ADDRESS] = {.word = "address", .identifier = OF("ec2", "{nat}elastic-ip/*")},
	[KIND_NAT_GATEWAY] = {.word = "nat gateway", .identifier = OF("ec2", "{nat}natgateway/*")},
	[KIND_ROUTE_TABLE] = {.word = "route table", .identifier = OF("ec2", "route-table/*")},
	[KIND_VPC_ENDPOINT] = {.word = "vpc endpoint", .identifier = OF("ec2", "vpc-endpoint/*")},
	[KIND_INSTANCE_PROFILE] = {.word = "instance profile", .identifier = OF_IAM("instance-profile{path}{name}"),
		.default_name = "{id}-cluster_node_role"},
	[KIND_MEMORYDB_PARAMETER_GROUP] = {.word = "memorydb parameter group", .optional = true,
		.identifier = OF("memorydb", "parametergroup/{name}"), .default_name = "{stack}"},
	[KIND_MEMORYDB_SUBNET_GROUP] = {.word = "memorydb subnet group", .optional = true,
		.identifier = OF("memorydb", "subnetgroup/{name}"), .default_name = "{stack}"},

	/* {ray} has a value for clouds with these only. */
	[KIND_RAY_ROLE] = {.word = "ray role", .optional = true, .identifier = OF_IAM("role{path}{id}-ray-{ray}")},
	[KIND_RAY_PROFILE] = {.word = "ray instance profile", .optional = true,
		.identifier = OF_IAM("instance-profile{path}{id}-ray-{ray}")},

	[KIND_MEMORYDB_ACL] = {.word = "memorydb acl", .optional = true, .identifier = OF("memorydb", "acl/open-access")},
	[KIND_MEMORYDB_ACLS] = {.word = "memorydb acls", .optional = true, .identifier = OF("memorydb", "acl/*")},
	[KIND_MEMORYDB_USERS] = {.word = "memorydb users", .optional = true, .identifier = OF("memorydb", "user/*")},
	/* {tagged} has a value for clouds with tags of the user's only, which CloudFormation does not give to these. */
	[KIND_NETWORK_ACL] = {.word = "network acl", .identifier = OF("ec2", "network-acl/{tagged}")},
	[KIND_SECURITY_GROUP_RULE] = {.word = "security group rule", .identifier =
		OF("ec2", "security-group-rule/{tagged}")},
	[KIND_PREFIX_LIST] = {.word = "prefix list", .identifier = "arn:{partition}:ec2:{region}:*:prefix-list/*"},
	[KIND_SPOT_ROLE] = {.word = "spot role", .identifier =
		OF_IAM("role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot")},
	/* {efs} and {memorydb} have values for clouds with these only; each service makes its role at its first use. */
	[KIND_SERVICE_ROLE] = {.word = "service role", .identifier =
		OF_IAM("role/aws-service-role/{efs}.amazonaws.com/AWSServiceRoleForAmazonElasticFileSystem")
		" " OF_IAM("role/aws-service-role/{memorydb}.amazonaws.com/AWSServiceRoleForMemoryDB")},
	[KIND_POLICY] = {.word = "policy", .identifier = OF_IAM("policy/*") " arn:{partition}:iam::aws:policy/*"},
	[KIND_OTHER_INSTANCE_PROFILE] = {.word = "other instance profile", .identifier = OF_IAM("instance-profile/*")},
	[KIND_OBJECTS] = {.word = "objects", TEXT(resources.bucket), .identifier = "arn:{partition}:s3:::{name}/*",
		.default_name = "cloudctl-data-{stack}"},
	[KIND_BACKUP_VAULT] = {.word = "backup vault", .identifier = OF("backup", "backup-vault:*")},
	[KIND_RUN_OBJECTS] = {.word = "objects of runs", TEXT(resources.bucket),
		.identifier = "arn:{partition}:s3:::{name}/cloudctl/functional/*", .default_name = "cloudctl-data-{stack}"},
	[KIND_PUBLIC_PARAMETER] = {.word = "public parameter", .identifier =
		PUBLIC("canonical") " " PUBLIC("deeplearning")},
	[KIND_IMAGE] = {.word = "image", .identifier = "arn:{partition}:ec2:{region}::image/*"},
	[KIND_VOLUME] = {.word = "volume", .identifier = OF("ec2", "volume/*")},
	[KIND_INSTANCE] = {.word = "instance", .identifier = OF("ec2", "instance/*")},
	[KIND_SPOT_REQUEST] = {.word = "spot request", .identifier = OF("ec2", "spot-instances-request/*")},
	[KIND_NETWORK_INTERFACE] = {.word = "network interface", .identifier = OF("ec2", "network-interface/*")},
	[KIND_OTHER_ADDRESS] = {.word = "other address", .identifier = OF("ec2", "elastic-ip/*")},
	[KIND_OTHER_NAT_GATEWAY] = {.word = "other nat gateway", .identifier = OF("ec2", "natgateway/*")},
	[KIND_LOAD_BALANCER] = {.word = "load balancer", .identifier = OF("elasticloadbalancing", "loadbalancer/*")},
	[KIND_TARGET_GROUP] = {.word = "target group", .identifier = OF("elasticloadbalancing", "targetgroup/*")},
	[KIND_PRINCIPAL] = {.word = "simulated", .identifier = OF_IAM("role/*") " " OF_IAM("user/*")},
	[KIND_FILE_SYSTEM_KEY] = {.word = "file system key", .identifier = OF("kms", "key/*"), .ids_are_identifiers = true},
	[KIND_BUCKET_KEY] = {.word = "bucket key", .identifier = OF("kms", "key/*"), .ids_are_identifiers = true},
	[KIND_VOLUME_KEY] = {.word = "volume key", .identifier = OF("kms", "key/*")},
	[KIND_QUOTA] = {.word = "quota", .identifier = OF("servicequotas", "*/*")},
	[KIND_ANY] = {.word = "any", .identifier = "*"},
};
/* clang-format on */

/* --- patterns --- */

static const char *value_of(const struct kind_value *values, const char *word, size_t length)
{
	for (; values->word; values++)
		if (strlen(values->word) == length && strncmp(values->word, word, length) == 0)
			return values->value;
	return NULL;
}

const char *kind_fill_in(struct arena *arena, const char *pattern, const struct kind_value *values)
{
	struct str text = {.arena = arena, .max = PATTERN_MAX};

	while (*pattern) {
		size_t length = *pattern == '{' ? strcspn(pattern + 1, "}") : 0;
		const char *value = length > 0 ? value_of(values, pattern + 1, length) : NULL;

		if (length > 0 && !value)
			return NULL;
		if (value)
			str_puts(&text, value);
		else
			str_putc(&text, *pattern);
		pattern += value ? length + 2 : 1;
	}
	return str_text(&text);
}

const char *kind_default_id(struct arena *arena, enum kind kind, const struct cloud *cloud)
{
	struct kind_value values[] = {
		{"partition", endpoint_partition(cloud->region)->name},
		{"region", cloud->region},
		{"account", cloud->account},
		{"id", cloud->id},
		{"stack", aws_cloud(cloud)->stack_name},
		{"path", text_or(aws_cloud(cloud)->setup.role_path, "/")},
		{"name", NULL},
		{NULL},
	};
	struct kind_value *name = &values[ARRAY_LENGTH(values) - 2];

	name->value = kind_fill_in(arena, kinds[kind].default_name, values);
	return kinds[kind].ids_are_identifiers ? kind_fill_in(arena, kinds[kind].identifier, values)
					       : name->value;
}

const char *kind_id_given(struct arena *arena, enum kind kind, const char *text)
{
	static const struct kind_value any[] = {{"partition", "aws*"}, {"region", "*"}, {"account", "*"},
		{"path", "/"}, {"name", "*"}, {NULL}};
	const char *pattern = kinds[kind].identifier, *before, *name;

	if (!kinds[kind].identifier_is_accepted || !text_glob(kind_fill_in(arena, pattern, any), text, false))
		return text;
	/* What is between the word before {name} and {name}: ":s3:::", ":cluster/". */
	name = strstr(pattern, "{name}");
	for (before = name; before > pattern && before[-1] != '}';)
		before--;
	before = arena_strndup(arena, before, (size_t)(name - before));
	return strstr(text, before) + strlen(before);
}
