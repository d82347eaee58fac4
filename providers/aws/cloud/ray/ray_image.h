/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which image the nodes of a Ray cluster start from, and what their instance types have: looked up in the cloud's region with
 * the caller's credentials. Makes nothing.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_RAY_IMAGE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_RAY_IMAGE_H

#include "base/error.h"
#include "providers/aws/cloud/ray/node_type.h"

struct arena;
struct aws;

struct ray_image {
	const char *id;          /* "ami-0123456789abcdef0" */
	const char *says;        /* where it is from, for people */
	const char *root_device; /* "/dev/sda1" */
	int volume_gib;          /* of its root volume */
	const char *architecture;
};

/*
 * id NULL: Ubuntu 22.04 for the architecture, or with gpu AWS's Deep Learning image of it, which has the driver; their ids are
 * public parameters of SSM. ERROR_NOT_FOUND: there is no such image in the region.
 */
int ray_image_find(struct aws *aws, struct arena *arena, const char *id, const char *architecture, bool gpu,
	struct ray_image *image, struct error *err);

/*
 * Ask EC2 for CPUs, GPUs and architecture of the instance types. *architecture is that of all of them, "x86_64" or "arm64";
 * ERROR_USAGE when they differ, or when the region has no such type.
 */
int ray_instances_find(struct aws *aws, struct arena *arena, struct node_type *head,
	struct node_types *workers, const char **architecture, struct error *err);

#endif
