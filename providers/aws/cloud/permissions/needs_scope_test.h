/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of needs: a place that is not the usual one, and an arena of a test's own as its state. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_NEEDS_SCOPE_TEST_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PERMISSIONS_NEEDS_SCOPE_TEST_H

#include <stdlib.h>

#include "base/arena.h"
#include "providers/aws/cloud/permissions/permissions.h"
#include "providers/aws/cloud/resource_types.h"

static const struct permission_scope here = {
	.partition = "aws-cn",
	.region = "cn-north-1",
	.account = "123456789012",
	.managed = true,
	.parts = PART_BASE | PART_EFS,
};

static int begin(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static int end(void **state)
{
	arena_free(*state);
	free(*state);
	return 0;
}

#endif
