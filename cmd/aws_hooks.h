/* SPDX-License-Identifier: Apache-2.0 */
/* What a session with AWS asks of the command line: codes of MFA devices from the terminal, and a place for its trace. */
#ifndef CLOUDCTL_CMD_AWS_HOOKS_H
#define CLOUDCTL_CMD_AWS_HOOKS_H

#include "base/error.h"

struct aws_options;
struct context;

/*
 * Fill in prompt and trace of *options; both live as long as the context. --debug traces to stderr, --debug=FILE to a
 * file that is emptied first and that only its owner can read (0600). ERROR_IO when it cannot be opened.
 */
int aws_hooks(struct context *context, struct aws_options *options, struct error *err);

#endif
