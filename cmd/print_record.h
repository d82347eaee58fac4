/* SPDX-License-Identifier: Apache-2.0 */
/* The result of a command that made a cloud, for programs: its record. */
#ifndef CLOUDCTL_CMD_PRINT_RECORD_H
#define CLOUDCTL_CMD_PRINT_RECORD_H

#include "base/error.h"

struct cloud;
struct context;

/* With --output json or yaml: the record to context->results, as `get` prints it. With text: nothing. */
int print_record(struct context *context, const struct cloud *cloud, struct error *err);

#endif
