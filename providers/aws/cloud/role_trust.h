/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trust policy of a role in AWS: read, written only when it is what was read before, and put back. What a policy
 * should say is decided in providers/aws/trust.h.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_ROLE_TRUST_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_ROLE_TRUST_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct cloud;
struct registry_lock;
struct run;

/* The policy, in arena; NULL with *err set, ERROR_NOT_FOUND when there is no such role. */
const json_t *role_trust_read(struct aws *aws, struct arena *arena, const char *role_arn, struct error *err);

/*
 * Write policy over expected: reads once more right before, and refuses with ERROR_CONFLICT when it is not expected any
 * more. IAM has no conditional write, so a change within that moment is not noticed.
 */
int role_trust_replace(struct aws *aws, struct arena *arena, const char *role_arn, const json_t *expected,
	const json_t *policy, struct error *err);

/*
 * Keep other runs with this registry off the role's trust policy, because IAM has no conditional write; waits up to a
 * minute. *lock is NULL, or the lock that the run has already. ERROR_CONFLICT, ERROR_INTERRUPTED.
 */
int role_trust_lock(struct run *run, struct aws *aws, const char *role_arn, struct registry_lock **lock,
	struct error *err);

enum trust_shown {
	TRUST_SHOWN,       /* what was written */
	TRUST_NOT_YET,     /* still what was there before */
	TRUST_OVERWRITTEN, /* neither: somebody else wrote after us */
};

/*
 * Wait until IAM shows the policy that was written over before; it may show the old one for some seconds. Returns an enum
 * trust_shown, or -1.
 */
int role_trust_wait(struct run *run, struct aws *aws, const char *role_arn, const json_t *before,
	const json_t *policy, struct error *err);

/*
 * Take back what registering the cloud did to its control-plane role: the policy of the record's undo information is
 * written when the role still has what we made of it; otherwise only the external id is taken out of what it has now.
 * Nothing is done for a cloud whose registration added nothing, nor when the role is gone. *changed: written, and read back.
 * ERROR_CONFLICT: the external id is there for another account than the record's.
 */
int role_trust_restore(struct run *run, struct aws *aws, const struct cloud *cloud, bool *changed,
	struct error *err);

#endif
