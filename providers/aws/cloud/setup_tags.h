/* SPDX-License-Identifier: Apache-2.0 */
/* Tags on what comes with a stack and does not take the stack's tags. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_TAGS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_SETUP_TAGS_H

#include <jansson.h>

#include "base/error.h"

struct arena;
struct aws;
struct cloud;

/*
 * Give these tags (an object key → value) to the instance profile, for which CloudFormation has no tags; to what EC2 makes
 * with a VPC: its default security group, network ACL and main route table; and to the rules of the security groups.
 * The cloud's resources must be known. May be called again.
 */
int setup_tag_rest(struct aws *aws, struct arena *arena, const struct cloud *cloud, const json_t *tags,
	struct error *err);

#endif
