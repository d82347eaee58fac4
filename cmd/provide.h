/* SPDX-License-Identifier: Apache-2.0 */
/* Between the command line and what a provider does: runs are made here. */
#ifndef CLOUDCTL_CMD_PROVIDE_H
#define CLOUDCTL_CMD_PROVIDE_H

#include "base/error.h"

struct context;
struct run;

/* The run of this command, made at the first call. */
struct run *context_run(struct context *context);

/*
 * Let the provider carry out the context's command: find the cloud that it is about, print its results (run.h), and end
 * the event stream when it began. Returns what a command's run() returns.
 */
int context_provide(struct context *context, const void *options, struct error *err);

#endif
