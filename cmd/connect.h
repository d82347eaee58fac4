/* SPDX-License-Identifier: Apache-2.0 */
/* What sessions with a provider are opened with: the network, codes of MFA devices from the terminal, a place for a trace. */
#ifndef CLOUDCTL_CMD_CONNECT_H
#define CLOUDCTL_CMD_CONNECT_H

#include "base/error.h"

struct connection;
struct context;

/*
 * Made at the first call, lives as long as the context. --debug traces to stderr, --debug=FILE to a file that is emptied
 * first and that only its owner can read (0600). NULL with ERROR_IO when it cannot be opened.
 */
const struct connection *context_connection(struct context *context, struct error *err);

#endif
