/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: nothing is changed in an account before it is known to be the right one. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CALLER_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CALLER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct cloud;

/* Who calls, and whom IAM's policy simulator can be asked about. */
struct caller_principal {
	const char *arn;       /* as STS says it */
	const char *principal; /* the user or role of IAM; NULL: neither, so there is nobody to ask about */
	/* Why the role of a session could not be read: principal is then a guess, right for a role without a path. */
	const char *role_unread;
	bool root; /* may do everything that no policy of the organization forbids */
	const char *account;
};

/* The reply of sts:GetCallerIdentity, with an account that is one; it lives as long as arena. NULL with *err set. */
const json_t *caller_identity(struct aws *aws, struct arena *arena, struct error *err);

/*
 * ERROR_CREDENTIALS when the reply's account is not the cloud's, with the profiles that are of the cloud's; a cloud without
 * account takes it.
 */
int caller_fits(struct aws *aws, struct arena *arena, const json_t *identity, struct cloud *cloud,
	struct error *err);

/*
 * The caller's ARN, in arena. NULL with ERROR_CREDENTIALS when the caller's account is not the cloud's; a cloud without
 * account has any. One call.
 */
const char *caller_of(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err);

/* The same for those who only want to know whether it is. */
int caller_check(struct aws *aws, struct arena *arena, const struct cloud *cloud, struct error *err);

/*
 * The caller whose identity is the reply of sts:GetCallerIdentity. One call at most: only IAM knows the path of a
 * session's role, so it is asked for the role. Points into identity.
 */
struct caller_principal caller_principal(struct aws *aws, struct arena *arena, const json_t *identity);

#endif
