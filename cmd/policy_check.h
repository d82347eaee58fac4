/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl policy COMMAND --check`: which of the permissions the caller lacks. */
#ifndef CLOUDCTL_CMD_POLICY_CHECK_H
#define CLOUDCTL_CMD_POLICY_CHECK_H

#include "base/error.h"

struct context;
struct command_subject;

/*
 * Ask and print. Region and account are the session's and the caller's where the subject does not say them. Returns an
 * exit code: 0 nothing lacks, 1 something does, 3 nothing is known to lack but IAM did not say all.
 */
int policy_check(struct context *context, struct command_subject *subject, struct error *err);

#endif
