/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `update --continue` as steps: to go on with taking an update back, where that failed (UPDATE_ROLLBACK_FAILED).
 *
 *     continue-rollback   ask the user, ContinueUpdateRollback, and follow it; no undo: it can only be gone on with
 *
 * A run that was killed is taken up by the next `update`, with --continue or without: it follows what is under way. If the
 * stack's events do not show the request, it is sent again under the same token; if they do, and it failed, it is a new one.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_ROLLBACK_STEPS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_ROLLBACK_STEPS_H

#include <stdbool.h>

#include "base/error.h"

struct cloud;
struct steps;
struct update;

/* Their self is a struct update. */
extern const struct steps rollback_steps;

/* Did an earlier run begin to go on with the rollback, by the record? */
bool rollback_was_begun(const struct cloud *cloud);

/* --plan: what failed and would be skipped. Returns the exit code, or -1 with *err set. */
int rollback_plan(struct update *update, struct error *err);

#endif
