/* SPDX-License-Identifier: Apache-2.0 */
/* A file beside the results that an option asks for: --events FILE, --debug=FILE. */
#ifndef CLOUDCTL_CMD_OUTPUT_FILE_H
#define CLOUDCTL_CMD_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

struct context;

struct output_file {
	FILE *file; /* closed with the context's arena */
	const char *option, *path;
	/* the first failure to write, by whoever writes; after it nothing is to be written */
	struct error lost;
};

/*
 * Open it for writing, made with mode 0600 where it does not exist. fresh: what a regular file holds is taken away, and the
 * right of others to read it; devices and FIFOs are not ours to change. A FIFO is waited for until somebody reads it. NULL
 * with *err set: ERROR_IO that names option and path, ERROR_INTERRUPTED.
 */
struct output_file *output_file_open(struct context *context, const char *option, const char *path,
	bool fresh, struct error *err);

/* Did all that was written arrive? -1 with *err set to what was lost. Of NULL nothing was. */
int output_file_check(const struct output_file *output, struct error *err);

#endif
