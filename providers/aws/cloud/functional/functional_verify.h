/* SPDX-License-Identifier: Apache-2.0 */
/* `--functional-verify` on AWS: see providers/functional.h. The steps are in functional_verify.c, the instance in launch.h. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_FUNCTIONAL_VERIFY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_FUNCTIONAL_FUNCTIONAL_VERIFY_H

#include "providers/functional.h"

struct aws;

extern const struct functional_provider functional_on_aws;

/* Rows for the options, into a struct functional_options at this offset; their number (base/option.h, OPTION_ROWS). */
size_t functional_option_rows(size_t offset, struct option *rows);

/* Tell what run_left_over() says of the cloud. */
void functional_note_left_over(struct run *run, const struct cloud *cloud);

/* ERROR_USAGE: options that say nothing without --functional-verify, or that beside --plan, which launches nothing. */
int functional_options_check(const struct functional_options *options, bool plan, struct error *err);

/*
 * In a command that has made, registered or changed the cloud, and holds its lock: the same as functional_provider.verify(),
 * after the checks that the run was judged by; the run is then judged by both. A "no" and whatever else goes wrong is told,
 * and is no failure of the command, whose work is done and has the exit code `code`. Returns the exit code of both: code where
 * nothing was asked for; 1 something failed; 3 something is not known, or nothing was launched. -1 with *err set: interrupted.
 */
int functional_verify_made(struct run *run, const struct functional_options *options, bool yes,
	struct cloud *cloud, int code, struct error *err);

/*
 * The same in a command that finds its work done already, perhaps by a run that was killed before it came to this: first the
 * checks, with the session's credentials. Nothing asked for: 0.
 */
int functional_verify_again(struct run *run, struct aws *aws, const struct functional_options *options,
	bool yes, struct cloud *cloud, struct error *err);

#endif
