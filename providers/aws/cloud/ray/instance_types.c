/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 says of instance types. */
#include "providers/aws/cloud/ray/instance_types.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"

static int count_of(const json_t *tree, const char *path)
{
	uint64_t count = 0;

	text_number(tree_text(tree, path), 0, 100000, &count);
	return (int)count;
}

/* The one architecture that images of today are made for; some types run 32-bit ones too. */
static const char *architecture_of(const json_t *found)
{
	TREE_EACH (architecture, found, "processorInfo.supportedArchitectures")
		if (text_is_among(json_string_value(architecture), "x86_64 arm64"))
			return json_string_value(architecture);
	return "unknown";
}

static int learn(const json_t *reply, struct node_type *type, const char **architecture, struct error *err)
{
	const json_t *found = tree_find(reply, "instanceTypeSet", "instanceType", type->instance_type);
	const char *own;

	if (!found)
		return error_set(err, ERROR_USAGE, "the instance type %s is not offered in this region",
			type->instance_type);
	own = architecture_of(found);
	if (*architecture && !text_equal(*architecture, own))
		return error_set(err, ERROR_USAGE,
			"%s is of the architecture %s and others are %s; the nodes of a cluster share one image",
			type->instance_type, own, *architecture);
	*architecture = own;
	type->cpus = count_of(found, "vCpuInfo.defaultVCpus");
	TREE_EACH (gpu, found, "gpuInfo.gpus")
		type->gpus += count_of(gpu, "count");
	return 0;
}

int instance_types_find(struct aws *aws, struct arena *arena, struct node_type *head,
	struct node_types *workers, const char **architecture, struct error *err)
{
	struct text_list names = {0};
	const json_t *reply;

	*architecture = NULL;
	text_list_add_once(arena, &names, head->instance_type);
	for (size_t i = 0; i < workers->count; i++)
		text_list_add_once(arena, &names, workers->items[i].instance_type);
	reply = aws_call(aws, arena, &ec2_DescribeInstanceTypes,
		json_pack("{s:o}", "InstanceType", tree_array(&names)), err);
	if (!reply)
		return error_wrap(err, "describing the instance types");
	if (learn(reply, head, architecture, err) < 0)
		return -1;
	for (size_t i = 0; i < workers->count; i++)
		if (learn(reply, &workers->items[i], architecture, err) < 0)
			return -1;
	return 0;
}
