/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds. Members are those of the record's section; groups are those of checks/catalogue.c. */
#include "providers/aws/cloud/kinds.h"

#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"

#define TEXT(name) .form = KIND_TEXT, .member = offsetof(struct aws_cloud, name)
#define LIST(name) .form = KIND_LIST, .member = offsetof(struct aws_cloud, name)

/* clang-format off */
const struct resource_kind kinds[KINDS_COUNT] = {
	[KIND_VPC] = {.word = "vpc", .group = "vpc", .exists = FACT_VPC, .placeholder = "vpc",
		TEXT(resources.vpc_id)},
	[KIND_SUBNETS] = {.word = "subnets", .group = "subnets", .exists = FACT_SUBNETS, .placeholder = "subnets",
		LIST(resources.subnet_ids)},
	[KIND_CONTROL_PLANE_ROLE] = {.word = "control-plane role", .group = "iam roles",
		.exists = FACT_CONTROL_PLANE_ROLE, .placeholder = "control-plane-role",
		TEXT(resources.control_plane_role_arn)},
	[KIND_NODE_ROLE] = {.word = "node role", .group = "iam roles", .exists = FACT_NODE_ROLE,
		.placeholder = "node-role", TEXT(resources.node_role_arn)},
	[KIND_SECURITY_GROUPS] = {.word = "security groups", .group = "security groups",
		.exists = FACT_SECURITY_GROUPS, .placeholder = "groups", LIST(resources.security_group_ids)},
	[KIND_BUCKET] = {.word = "bucket", .group = "s3", .exists = FACT_BUCKET, .placeholder = "bucket",
		TEXT(resources.bucket)},
	[KIND_FILE_SYSTEM] = {.word = "file system", .group = "efs", .exists = FACT_FILE_SYSTEM,
		.placeholder = "file-system", TEXT(resources.file_system_id)},
	[KIND_MOUNT_TARGETS] = {.word = "mount targets", .group = "efs", .exists = FACT_MOUNT_TARGETS},
	[KIND_MEMORYDB] = {.word = "memorydb cluster", .group = "memorydb", .exists = FACT_MEMORYDB_CLUSTER,
		.placeholder = "memorydb", TEXT(resources.memorydb_cluster)},
	[KIND_STACK] = {.word = "stack", .group = "cloudformation stack", .exists = FACT_STACK, TEXT(stack_arn)},
};
/* clang-format on */
