/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `verify --all`: every cloud of the registry, many at a time on one loop, told one after the other in the order of
 * their names. A cloud's memory goes when it has been told.
 */
#ifndef CLOUDCTL_CMD_VERIFY_ALL_H
#define CLOUDCTL_CMD_VERIFY_ALL_H

#include "cmd/context.h"
#include "verify/verification.h"

/*
 * Events: EVENT_RUN "verify-all" (base/event.h), the run of each cloud, EVENT_END. --region leaves out the clouds of
 * other regions. A cloud that could not be looked at (a record that cannot be read, an AWS that does not answer) has the
 * exit code 4 and its reason as a STEP_ERROR; the others go on. Returns an exit code: verify_all_exit_code().
 *
 * -1: no cloud at all, a mistaken glob (ERROR_USAGE), an interruption, no session with AWS.
 */
int verify_all(struct context *context, const struct verify_options *options, bool strict, struct error *err);

/*
 * Of all clouds together: what is known to be bad (1) before what could not be looked at (4), that before what could
 * not be determined (3). counts: findings of all clouds; broken: clouds that could not be looked at.
 */
int verify_all_exit_code(const size_t counts[VERDICTS], size_t broken, bool strict);

#endif
