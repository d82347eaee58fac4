/* SPDX-License-Identifier: Apache-2.0 */
/* What instance types have, asked of EC2 in the cloud's region. Makes nothing. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_INSTANCE_TYPES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RAY_INSTANCE_TYPES_H

#include "base/error.h"
#include "providers/aws/cloud/ray/node_type.h"

struct arena;
struct aws;

/*
 * Fill in CPUs and GPUs of the node types. *architecture is that of all of them, "x86_64" or "arm64"; ERROR_USAGE when they
 * differ, or when the region has no such type.
 */
int instance_types_find(struct aws *aws, struct arena *arena, struct node_type *head,
	struct node_types *workers, const char **architecture, struct error *err);

#endif
