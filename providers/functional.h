/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functional verification: something real is launched in a cloud, looks at it from inside, and is taken away. What commands
 * are told about it, whatever the provider.
 */
#ifndef CLOUDCTL_PROVIDERS_FUNCTIONAL_H
#define CLOUDCTL_PROVIDERS_FUNCTIONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/option.h"

struct check_table;
struct cloud;
struct run;
struct verification;

struct functional_options {
	const char *what; /* --functional-verify: "workspace", "" for that too; NULL: nothing is launched */
	const char *instance_type, *image;
	const char *as; /* who launches; NULL: the role that will launch clusters */
	bool anyway;    /* in spite of checks that failed */
};

/* A provider's part of it. */
struct functional_provider {
	const struct check_table *checks;
	/* The rows of the options, whose offsets begin at that of a struct functional_options: see OPTION_ROWS. */
	size_t (*options)(size_t offset, struct option *rows);
	/* ERROR_USAGE: options that say nothing without --functional-verify, or that beside --plan, which launches nothing. */
	int (*check)(const struct functional_options *options, bool plan, struct error *err);
	/*
	 * Ask, launch, watch, take away, after the checks, whose result is *whole. The cloud's record says so before anything
	 * is launched, under its lock. The findings are told as they come in; counts and verdict of *whole are then those of
	 * both. Nothing is launched, which is told, where a check failed and the options do not want it anyway. -1 with *err
	 * set: not launched, or not all of it is gone, which was told; ERROR_DECLINED: the user said no.
	 */
	int (*verify)(struct run *run, const struct functional_options *options, bool yes,
		struct cloud *cloud, struct verification *whole, struct error *err);
	/*
	 * Find what any run left in the cloud, show it, ask, and take it away; the record, under its lock, then names no run. 0:
	 * nothing is left. -1 with *err set: something may be.
	 */
	int (*sweep)(struct run *run, bool yes, struct cloud *cloud, struct error *err);
};

#endif
