/* SPDX-License-Identifier: Apache-2.0 */
/* Help as text, made from the tables of commands and options. Prints nothing. */
#ifndef CLOUDCTL_CMD_HELP_H
#define CLOUDCTL_CMD_HELP_H

#include "base/str.h"
#include "cmd/command.h"

enum { HELP_TEXT_MAX = 64 << 10 };

/* What `cloudctl --help` prints. */
void help_overview(struct str *out);

/* What `cloudctl COMMAND --help` prints. */
void help_command(const struct command *command, struct str *out);

#endif
