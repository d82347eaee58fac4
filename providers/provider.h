/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider is to the rest of the program: cmd knows this header, and one file there names the provider that the
 * program is built with.
 */
#ifndef CLOUDCTL_PROVIDERS_PROVIDER_H
#define CLOUDCTL_PROVIDERS_PROVIDER_H

#include <stddef.h>

#include "base/error.h"
#include "base/option.h"

struct run;

/* A command that a provider carries out. */
struct provider_command {
	const struct option *options; /* those of this command; ends with a row without name */
	size_t options_size;          /* of the struct that they fill, zeroed before */
	/* Returns an exit code >= 0, or -1 with *err set. */
	int (*carry_out)(struct run *run, const void *options, struct error *err);
};

struct provider {
	const char *name;               /* as records call it: "aws" */
	struct provider_command setup;  /* create a cloud */
	struct provider_command adopt;  /* `register`: take over resources that are there */
	struct provider_command remove; /* `delete`: of the cloud that the run names */
};

#endif
