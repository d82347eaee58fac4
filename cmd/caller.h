/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: nothing is changed in an account before it is known to be the right one. */
#ifndef CLOUDCTL_CMD_CALLER_H
#define CLOUDCTL_CMD_CALLER_H

#include "base/error.h"

struct arena;
struct aws;
struct cloud;

/* The 12 digits of the caller's account, in arena. One call (sts:GetCallerIdentity). */
int caller_account(struct aws *aws, struct arena *arena, const char **account, struct error *err);

/* ERROR_CREDENTIALS when the caller's account is not the cloud's; a cloud without account has any. One call. */
int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err);

#endif
