/* SPDX-License-Identifier: Apache-2.0 */
/* The section of a record that describes a cloud on AWS. A member is added here and in aws_cloud.h; a resource, in kinds.[ch]. */
#include "providers/aws/cloud/aws_cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/cloud_tag.h"
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

static const struct member previous_rows[] = {
	{"resources", MEMBER_STRUCT, offsetof(struct aws_previous, resources), .table = &aws_resources_table},
	{"external_id_added", MEMBER_FLAG, offsetof(struct aws_previous, external_id_added)},
};
static const struct member_table previous = {MEMBER_TABLE(struct aws_previous, previous_rows)};

static const struct member rows[] = {
	{"resources", MEMBER_STRUCT, offsetof(struct aws_cloud, resources), .table = &aws_resources_table},
	{"stack_arn", MEMBER_TEXT, offsetof(struct aws_cloud, stack_arn)},
	{"stack_name", MEMBER_TEXT, offsetof(struct aws_cloud, stack_name)},
	{"control_plane_account", MEMBER_TEXT, offsetof(struct aws_cloud, control_plane_account),
		.valid = aws_account_valid, .form = account_form},
	{"external_id", MEMBER_TEXT, offsetof(struct aws_cloud, external_id)},
	{"cloud_tag", MEMBER_TEXT, offsetof(struct aws_cloud, cloud_tag), .valid = cloud_tag_valid,
		.form = cloud_tag_form},
	{"external_id_added", MEMBER_FLAG, offsetof(struct aws_cloud, external_id_added)},
	{"stack_protected", MEMBER_FLAG, offsetof(struct aws_cloud, stack_protected)},
	{"setup", MEMBER_STRUCT, offsetof(struct aws_cloud, setup), .table = &setup_choices_table},
	{"network", MEMBER_STRUCT, offsetof(struct aws_cloud, network), .table = &setup_network_table},
	{"previous", MEMBER_STRUCT, offsetof(struct aws_cloud, previous), .table = &previous},
	{"skipped", MEMBER_LIST, offsetof(struct aws_cloud, skipped)},
};
static const struct member_table section = {MEMBER_TABLE(struct aws_cloud, rows)};

const struct cloud_schema aws_cloud_schema = {
	.provider = "aws",
	.section = &section,
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
