/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letting the control plane in: a cloud's external id goes into the trust policy of its control-plane role, which others
 * may write at the same time. Used in this order: plan, (ask the user), write, wait. Taking it back is role_trust_restore().
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_TRUST_GRANT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_TRUST_GRANT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct aws;
struct cloud;
struct registry_lock;
struct run;

struct trust_grant {
	struct run *run;
	struct aws *aws;
	const struct cloud *cloud; /* whose role, control-plane account and external id */

	/* Set by trust_grant_plan(). */
	struct registry_lock *lock; /* of the role; whoever has the grant gives it back */
	const json_t *before, *after;
	bool changes; /* after is not before; set as well once the id was written again */
};

/* Lock the role, read its policy, and work out what it has to become. Changes nothing. */
int trust_grant_plan(struct trust_grant *grant, struct error *err);

/* The same without the lock, where it is only told what would be changed. */
int trust_grant_look(struct trust_grant *grant, struct error *err);

/* The policy of before as JSON text, for the record's undo information; in the run's arena. */
const char *trust_grant_undo(const struct trust_grant *grant);

/* Write it, when it changes anything. ERROR_CONFLICT when the policy is no longer that of before. */
int trust_grant_write(struct trust_grant *grant, struct error *err);

/*
 * Wait until IAM shows it; a policy that somebody else wrote over ours gets the id, too. That IAM never shows it is told as
 * a warning. ERROR_FAILED when others write again and again.
 */
int trust_grant_wait(struct trust_grant *grant, struct error *err);

#endif
