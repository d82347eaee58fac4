/* SPDX-License-Identifier: Apache-2.0 */
/* The section of a record that describes a cloud on AWS. A member is added here and in aws_cloud.h. */
#include "providers/aws/cloud/aws_cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/records/cloud.h"

static const char account_form[] = "12 digits";

bool aws_region_valid(const char *region)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return region && text_only(region, set, 2, 32) && region[0] != '-' && !text_ends_with(region, "-");
}

bool aws_account_valid(const char *account)
{
	return account && text_only(account, "0123456789", 12, 12);
}

/* A bucket's name becomes part of a host name, so nothing else may be in it. */
static bool bucket_valid(const char *bucket)
{
	return text_only(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-", 3, 63);
}

#define AT(member) offsetof(struct aws_cloud, member)
#define TEXT(path) \
	{ \
#path, MEMBER_TEXT, AT(path) \
	}

static const struct cloud_member members[] = {
	TEXT(resources.vpc_id),
	{"resources.subnet_ids", MEMBER_LIST, AT(resources.subnet_ids)},
	{"resources.security_group_ids", MEMBER_LIST, AT(resources.security_group_ids)},
	TEXT(resources.control_plane_role_arn),
	TEXT(resources.node_role_arn),
	{"resources.bucket", MEMBER_TEXT, AT(resources.bucket), .valid = bucket_valid,
		.form = "the name of a bucket, not its ARN"},
	TEXT(resources.file_system_id),
	TEXT(resources.mount_target_ip),
	TEXT(resources.memorydb_cluster),
	TEXT(resources.memorydb_arn),
	TEXT(resources.memorydb_endpoint),
	TEXT(stack_arn),
	TEXT(stack_name),
	{"control_plane_account", MEMBER_TEXT, AT(control_plane_account), .valid = aws_account_valid,
		.form = account_form},
	TEXT(external_id),
	{"external_id_added", MEMBER_FLAG, AT(external_id_added)},
};

const struct cloud_schema aws_cloud_schema = {
	.provider = "aws",
	.size = sizeof(struct aws_cloud),
	.members = members,
	.count = ARRAY_LENGTH(members),
	.region_needed = true,
	.region_valid = aws_region_valid,
	.region_form = "a region such as us-west-2",
	.account_valid = aws_account_valid,
	.account_form = account_form,
};

const struct aws_cloud *aws_cloud(const struct cloud *cloud)
{
	static const struct aws_cloud none = {0};

	return cloud->section ? cloud->section : &none;
}

struct aws_cloud *aws_cloud_edit(struct arena *arena, struct cloud *cloud)
{
	if (!cloud->section) {
		cloud->schema = &aws_cloud_schema;
		cloud->section = NEW(arena, struct aws_cloud);
	}
	return cloud->section;
}
