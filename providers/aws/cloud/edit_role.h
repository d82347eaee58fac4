/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control-plane role of an edit: the external id goes into the trust policy of the new one and out of that of the old
 * one, which is the previous role of the record. Each is compared before it is written, and taken back by comparing.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_ROLE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_EDIT_ROLE_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/cloud/trust_grant.h"

struct aws;
struct cloud;
struct registry;
struct registry_lock;
struct run;

struct edit_role {
	struct trust_grant grant;   /* to the new role; nothing when the role stays */
	struct registry_lock *lock; /* of another role than the grant's */
	bool left; /* the external id is still in the old role's trust policy, which was told */
};

/*
 * What the trust policy of the candidate's role has to become; that the external id is added is put into the candidate,
 * which the grant borrows. lock: keep others off the role, because it is going to be changed.
 */
int edit_role_plan(struct edit_role *role, struct run *run, struct aws *aws, bool lock,
	struct cloud *candidate, struct error *err);

/* For the record's operation: role and trust policy of before the grant, as JSON text in the run's arena. */
const char *edit_role_undo(const struct edit_role *role);

/*
 * Take the grant back by what edit_role_undo() said, which is in the record's operation. A policy that somebody else changed
 * since keeps what it has; only the external id is taken out. Not to be stopped by a signal.
 */
int edit_role_take_back(struct edit_role *role, struct run *run, const struct cloud *cloud,
	struct error *err);

/* Warn that records could not be read, which may name the same role. */
void edit_role_tell_unread(struct run *run, const struct error *why);

/*
 * The ARN of the previous role, out of whose trust policy the external id is to be taken; NULL when there is none: register
 * or edit did not add it, it is the cloud's role now, or another cloud of the registry is let in by it with the same id.
 * Records that could not be read are a warning; edit_role_withdraw() reads them again, and does not go by what it does not know.
 */
const char *edit_role_old(struct run *run, const struct registry *registry, const struct cloud *cloud);

/*
 * Take it out, and note that in the cloud. That it was refused is a warning with the command that does it, and left is
 * set; -1 only where it may have been done, or the user interrupted.
 */
int edit_role_withdraw(struct edit_role *role, struct run *run, struct aws *aws, struct cloud *cloud,
	struct error *err);

/* Give the locks back. */
void edit_role_close(struct edit_role *role);

#endif
