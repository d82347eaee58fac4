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
 * Let a provider carry out the command, print the record that it made (--output json, yaml), and end the event stream when
 * it began. Returns what a command's run() returns.
 */
int context_provide(struct context *context,
	int (*carry_out)(struct run *run, const void *options, struct error *err), const void *options,
	struct error *err);

#endif
