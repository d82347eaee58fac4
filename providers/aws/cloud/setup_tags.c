/* SPDX-License-Identifier: Apache-2.0 */
/* What does not take a stack's tags: found by calls that only list, tagged by one call a service. */
#include "providers/aws/cloud/setup_tags.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"

/* What EC2 makes with a VPC: filters by the VPC and by a second key, the list of the reply and its ids. */
static const struct made_with_vpc {
	const struct aws_operation *operation;
	const char *filter, *value;
	const char *list, *id;
} made_with_vpc[] = {
	{&ec2_DescribeSecurityGroups, "group-name", "default", "securityGroupInfo", "groupId"},
	{&ec2_DescribeNetworkAcls, "default", "true", "networkAclSet", "networkAclId"},
	{&ec2_DescribeRouteTables, "association.main", "true", "routeTableSet", "routeTableId"},
};

static void add_ids(struct arena *arena, const json_t *reply, const char *list, const char *id,
	struct text_list *ids)
{
	TREE_EACH (item, reply, list)
		text_list_add_once(arena, ids, tree_text(item, id));
}

static int add_made_with_vpc(struct aws *aws, struct arena *arena, const char *vpc, struct text_list *ids,
	struct error *err)
{
	for (size_t i = 0; i < ARRAY_LENGTH(made_with_vpc); i++) {
		const struct made_with_vpc *row = &made_with_vpc[i];
		json_t *input = json_pack("{s:[{s:s, s:[s]}, {s:s, s:[s]}]}", "Filter", "Name", "vpc-id",
			"Value", vpc, "Name", row->filter, "Value", row->value);
		const json_t *reply = aws_call(aws, arena, row->operation, input, err);

		if (!reply)
			return error_wrap(err, "looking for what EC2 made with the VPC %s", vpc);
		add_ids(arena, reply, row->list, row->id, ids);
	}
	return 0;
}

/* Rules of the cloud's groups, and of the VPC's default group when that is among ids. */
static int add_rules(struct aws *aws, struct arena *arena, const struct aws_resources *resources,
	struct text_list *ids, struct error *err)
{
	struct text_list groups = text_list_distinct(arena, &resources->security_group_ids);
	const json_t *reply;

	for (size_t i = 0; i < ids->count; i++)
		if (text_starts_with(ids->items[i], "sg-"))
			text_list_add_once(arena, &groups, ids->items[i]);
	reply = aws_call(aws, arena, &ec2_DescribeSecurityGroupRules,
		json_pack("{s:[{s:s, s:o}]}", "Filter", "Name", "group-id", "Value", tree_array(&groups)),
		err);
	if (!reply)
		return error_wrap(err, "listing the rules of the security groups");
	add_ids(arena, reply, "securityGroupRuleSet", "securityGroupRuleId", ids);
	return 0;
}

static int tag_profile(struct aws *aws, struct arena *arena, const struct cloud *cloud, const json_t *tags,
	struct error *err)
{
	const char *profile = kind_default_id(arena, KIND_INSTANCE_PROFILE, cloud);
	json_t *input = json_pack("{s:s, s:o}", "InstanceProfileName", profile, "Tags",
		tree_pairs(tags, "Key", "Value"));

	return aws_call(aws, arena, &iam_TagInstanceProfile, input, err)
		? 0
		: error_wrap(err, "tagging the instance profile %s", profile);
}

int setup_tag_rest(struct aws *aws, struct arena *arena, const struct cloud *cloud, const json_t *tags,
	struct error *err)
{
	const struct aws_resources *resources = &aws_cloud(cloud)->resources;
	bool made = !aws_cloud(cloud)->network.vpc_id; /* else what came with the VPC is the user's */
	struct text_list ids = {0};
	json_t *input;

	if ((made && add_made_with_vpc(aws, arena, resources->vpc_id, &ids, err) < 0) ||
		add_rules(aws, arena, resources, &ids, err) < 0)
		return -1;
	input = json_pack("{s:o, s:o}", "ResourceId", tree_array(&ids), "Tag",
		tree_pairs(tags, "Key", "Value"));
	if (!aws_call(aws, arena, &ec2_CreateTags, input, err))
		return error_wrap(err, "tagging what CloudFormation does not tag");
	return tag_profile(aws, arena, cloud, tags, err);
}
