/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of resources that a cloud on AWS is made of. Adding one is a word here and a row in kinds.c. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_KINDS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_KINDS_H

#include "verify/facts.h"
#include "verify/resource_kind.h"

/* In the order in which their ids stand where a group has several. */
enum kind {
	KIND_VPC,
	KIND_SUBNETS,
	KIND_CONTROL_PLANE_ROLE,
	KIND_NODE_ROLE,
	KIND_SECURITY_GROUPS,
	KIND_BUCKET,
	KIND_FILE_SYSTEM,
	KIND_MOUNT_TARGETS,
	KIND_MEMORYDB,
	KIND_STACK,
	KINDS_COUNT,
};

extern const struct resource_kind kinds[KINDS_COUNT];

#endif
