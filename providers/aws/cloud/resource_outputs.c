/* SPDX-License-Identifier: Apache-2.0 */
/* The names of outputs as rows. */
#include "providers/aws/cloud/resource_outputs.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/records/cloud.h"

/* Of several rows of a kind with values the first counts: private subnets are there for the clusters, public ones for NAT. */
struct output_name {
	enum kind kind;
	const char *names; /* separated by spaces */
	bool is_private;
};

/*
 * The names of template.yaml; those of the outputs of Anyscale's Terraform modules and of their examples
 * (github.com/anyscale/terraform-aws-anyscale-cloudfoundation-modules, outputs.tf); and those of its CloudFormation stacks.
 */
/* clang-format off */
static const struct output_name rows[] = {
	{KIND_VPC, "VpcId anyscale_vpc_id anyscale_v2_vpc_id vpc_id VPC"},
	{KIND_SUBNETS, "anyscale_vpc_private_subnet_ids anyscale_v2_private_subnet_ids anyscale_v2_vpc_private_subnet_ids private_subnet_ids", .is_private = true},
	{KIND_SUBNETS, "SubnetIds anyscale_vpc_public_subnet_ids anyscale_v2_public_subnet_ids anyscale_v2_vpc_public_subnet_ids public_subnet_ids subnet_ids"},
	{KIND_SECURITY_GROUPS, "SecurityGroupId anyscale_security_group_id anyscale_v2_security_group_id security_group_id security_group_ids AnyscaleSecurityGroup"},
	{KIND_BUCKET, "BucketName anyscale_s3_bucket_id anyscale_v2_s3_bucket_id s3_bucket_id S3Bucket"},
	{KIND_FILE_SYSTEM, "FileSystemId anyscale_efs_id anyscale_v2_efs_id efs_id EFS"},
	{KIND_CONTROL_PLANE_ROLE, "ControlPlaneRoleArn anyscale_iam_role_arn anyscale_v2_iam_role_arn AnyscaleIAMRole"},
	{KIND_NODE_ROLE, "NodeRoleArn anyscale_iam_role_cluster_node_arn anyscale_v2_iam_instance_role_arn NodeIamRole"},
	{KIND_MEMORYDB, "MemoryDBClusterName anyscale_memorydb_cluster_id anyscale_v2_memorydb_cluster_id"},
};
/* clang-format on */

static int refuse_type(const char *name, struct error *err)
{
	return error_set(err, ERROR_INPUT, "the output %s is neither a text nor a list of texts", name);
}

/* The ids that an output holds; none for "" and []. */
static int read_ids(struct arena *arena, const char *name, const json_t *value, struct text_list *ids,
	struct error *err)
{
	size_t i;
	json_t *item;

	*ids = (struct text_list){0};
	if (json_is_string(value))
		*ids = text_split(arena, json_string_value(value), ',');
	else if (!json_is_array(value) && !json_is_null(value))
		return refuse_type(name, err);
	json_array_foreach ((json_t *)value, i, item) {
		if (!json_is_string(item))
			return refuse_type(name, err);
		if (*json_string_value(item))
			text_list_add(arena, ids, json_string_value(item));
	}
	return 0;
}

/* What the names of a row say; two that are there must say the same. */
static int read_row(struct arena *arena, const struct output_name *row, const json_t *outputs,
	struct text_list *ids, struct error *err)
{
	struct text_list names = text_split(arena, row->names, ' ');
	const char *first = NULL;

	*ids = (struct text_list){0};
	for (size_t i = 0; i < names.count; i++) {
		const json_t *value = json_object_get(outputs, names.items[i]);
		struct text_list found;

		if (!value)
			continue;
		if (read_ids(arena, names.items[i], value, &found, err) < 0)
			return -1;
		if (found.count == 0)
			continue;
		if (first && !text_equal(text_join(arena, ids, ","), text_join(arena, &found, ",")))
			return error_set(err, ERROR_INPUT, "the outputs %s and %s differ", first,
				names.items[i]);
		first = names.items[i];
		*ids = found;
	}
	return 0;
}

static int put(const struct output_name *row, const struct text_list *ids, struct aws_cloud *section,
	struct error *err)
{
	const struct resource_kind *kind = &kinds[row->kind];

	if (kind->form == KIND_LIST)
		*(struct text_list *)(void *)((char *)section + kind->member) = *ids;
	else if (ids->count > 1)
		return error_set(err, ERROR_INPUT, "an output names more than one %s: %zu", kind->word,
			ids->count);
	else
		kind_set_id(kind, section, ids->items[0]);
	return 0;
}

int resource_outputs_read(struct arena *arena, const json_t *outputs, struct cloud *cloud, struct error *err)
{
	struct aws_cloud *section = aws_cloud_edit(arena, cloud);
	const char *external_id = json_string_value(
		json_object_get(outputs, "anyscale_iam_role_external_id"));
	bool recognized = false;

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct text_list ids, before = kind_ids(arena, &kinds[rows[i].kind], section);

		if (read_row(arena, &rows[i], outputs, &ids, err) < 0)
			return -1;
		if (ids.count == 0 || before.count > 0)
			continue;
		if (put(&rows[i], &ids, section, err) < 0)
			return -1;
		if (rows[i].is_private)
			cloud->networking = NETWORKING_PRIVATE;
		recognized = true;
	}
	if (external_id && *external_id)
		section->external_id = arena_strdup(arena, external_id);
	if (recognized)
		return 0;
	return error_set(err, ERROR_INPUT,
		"no output has a name that is recognized, such as VpcId or anyscale_vpc_id; docs/commands.md lists them");
}
