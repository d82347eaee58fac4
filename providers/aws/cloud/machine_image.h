/* SPDX-License-Identifier: Apache-2.0 */
/* Which image an instance starts from: looked up in the cloud's region with the caller's credentials. Makes nothing. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_MACHINE_IMAGE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_MACHINE_IMAGE_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;

struct machine_wish {
	/* NULL: Ubuntu 22.04, or with gpu AWS's Deep Learning image of it, which has the driver; public parameters of SSM */
	const char *id;
	const char *architecture; /* that the image must have; NULL: any, and x86_64 where it is looked up */
	bool gpu;
};

struct machine_image {
	const char *id;          /* "ami-0123456789abcdef0" */
	const char *says;        /* where it is from, for people */
	const char *root_device; /* "/dev/sda1" */
	int volume_gib;          /* of its root volume; 0: EC2 does not say */
};

/*
 * Everything in arena. ERROR_NOT_FOUND: there is no such image in the region; ERROR_USAGE: it is of another architecture, or
 * none is known for that.
 */
int machine_image_find(struct aws *aws, struct arena *arena, const char *region,
	const struct machine_wish *wish, struct machine_image *image, struct error *err);

#endif
