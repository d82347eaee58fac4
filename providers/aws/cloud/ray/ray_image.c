/* SPDX-License-Identifier: Apache-2.0 */
/* Images and instance types, from SSM and EC2. */
#include "providers/aws/cloud/ray/ray_image.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"

/* --- images --- */

/*
 * Names of public parameters: Canonical's (documentation of Ubuntu on AWS, "Find Ubuntu images"), and those of AWS Deep
 * Learning AMIs (DLAMI Developer Guide, "Finding a DLAMI ID").
 */
static const struct {
	bool gpu;
	const char *architecture, *parameter, *says;
} images[] = {
	{false, "x86_64",
		"/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
		"Ubuntu 22.04"},
	{false, "arm64", "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id",
		"Ubuntu 22.04 for ARM"},
	{true, "x86_64",
		"/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
		"AWS Deep Learning AMI, Ubuntu 22.04 with NVIDIA's driver"},
	{true, "arm64",
		"/aws/service/deeplearning/ami/arm64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id",
		"AWS Deep Learning AMI, Ubuntu 22.04 for ARM with NVIDIA's driver"},
};

static int look_up(struct aws *aws, struct arena *arena, const char *architecture, bool gpu,
	struct ray_image *image, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LENGTH(images); i++) {
		const json_t *reply;

		if (images[i].gpu != gpu || !text_equal(images[i].architecture, architecture))
			continue;
		reply = aws_call(aws, arena, &ssm_GetParameter,
			json_pack("{s:s}", "Name", images[i].parameter), err);
		if (!reply) {
			error_wrap(err, "looking up the image of %s", images[i].says);
			error_advise(err, "Or name an image: --image-id");
			return -1;
		}
		image->id = tree_text(reply, "Parameter.Value");
		image->says = images[i].says;
		return 0;
	}
	return error_set(err, ERROR_USAGE, "no image is known for the architecture %s; name one: --image-id",
		architecture);
}

int ray_image_find(struct aws *aws, struct arena *arena, const char *id, const char *architecture, bool gpu,
	struct ray_image *image, struct error *err)
{
	const json_t *reply, *found;
	uint64_t gib = 0;

	*image = (struct ray_image){.id = id, .says = "chosen with --image-id"};
	if (!id && look_up(aws, arena, architecture, gpu, image, err) < 0)
		return -1;
	reply = aws_call(aws, arena, &ec2_DescribeImages, json_pack("{s:[s]}", "ImageId", image->id), err);
	if (!reply)
		return error_wrap(err, "describing the image %s", image->id);
	found = tree_get(reply, "imagesSet.0");
	if (!found)
		return error_set(err, ERROR_NOT_FOUND, "there is no image %s in this region", image->id);
	image->architecture = tree_text(found, "architecture");
	if (!text_equal(image->architecture, architecture))
		return error_set(err, ERROR_USAGE, "--image-id: %s is for %s, but the instance types are %s",
			image->id, image->architecture, architecture);
	image->root_device = text_or(tree_text(found, "rootDeviceName"), "/dev/sda1");
	text_number(tree_text(tree_get(found, "blockDeviceMapping.0.ebs"), "volumeSize"), 1, 65536, &gib);
	image->volume_gib = (int)gib;
	return 0;
}

/* --- instance types --- */

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

int ray_instances_find(struct aws *aws, struct arena *arena, struct node_type *head,
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
