/* SPDX-License-Identifier: Apache-2.0 */
/* Images, from SSM and EC2. */
#include "providers/aws/cloud/machine_image.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"

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
	struct machine_image *image, struct error *err)
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

int machine_image_find(struct aws *aws, struct arena *arena, const char *region,
	const struct machine_wish *wish, struct machine_image *image, struct error *err)
{
	const json_t *reply, *found;
	uint64_t gib = 0;

	*image = (struct machine_image){.id = wish->id, .says = "chosen with --image-id"};
	if (!wish->id &&
		look_up(aws, arena, text_or(wish->architecture, "x86_64"), wish->gpu, image, err) < 0)
		return -1;
	reply = aws_call(aws, arena, &ec2_DescribeImages, json_pack("{s:[s]}", "ImageId", image->id), err);
	if (!reply)
		return error_wrap(err, "describing the image %s", image->id);
	found = tree_get(reply, "imagesSet.0");
	if (!found)
		return error_set(err, ERROR_NOT_FOUND, "there is no image %s in %s", image->id, region);
	if (wish->architecture && !text_equal(tree_text(found, "architecture"), wish->architecture))
		return error_set(err, ERROR_USAGE, "--image-id: %s is for %s, but the instance types are %s",
			image->id, tree_text(found, "architecture"), wish->architecture);
	image->root_device = text_or(tree_text(found, "rootDeviceName"), "/dev/sda1");
	text_number(tree_text(tree_get(found, "blockDeviceMapping.0.ebs"), "volumeSize"), 1, 65536, &gib);
	image->volume_gib = (int)gib;
	return 0;
}
