/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: nothing is changed in an account before it is known to be the right one. */
#ifndef CLOUDCTL_CMD_CALLER_H
#define CLOUDCTL_CMD_CALLER_H

#include <jansson.h>

#include "base/error.h"

struct arena;
struct aws;
struct cloud;

/* The reply of sts:GetCallerIdentity, with an account that is one; it lives as long as arena. NULL with *err set. */
const json_t *caller_identity(struct aws *aws, struct arena *arena, struct error *err);

/* ERROR_CREDENTIALS when the reply's account is not the cloud's; a cloud without account takes it. */
int caller_fits(const json_t *identity, struct cloud *cloud, struct error *err);

/* ERROR_CREDENTIALS when the caller's account is not the cloud's; a cloud without account has any. One call. */
int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err);

#endif
