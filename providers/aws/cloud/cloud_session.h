/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions with AWS for a run of a command, and as sources of facts. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_SESSION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_CLOUD_SESSION_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct run;
struct source;

/*
 * A session for a region (NULL: that of --region, the environment or the profile) with the run's connection; it lives as
 * long as the run. uninterrupted: signals do not stop its calls, for undoing what a run did. Nothing is sent, but for
 * credentials that need the code of an MFA device: a screen, which opens later, would hide the question. NULL with
 * ERROR_USAGE for --region and --endpoint-url that cannot be meant, and as aws_open().
 */
struct aws *cloud_session(struct run *run, const char *region, bool uninterrupted, struct error *err);

/*
 * The session as a source of facts: operations are rows of operation.h, calls are those of aws.h, places are regions. It
 * belongs to arena; the session is borrowed and must live as long.
 */
struct source *aws_source(struct arena *arena, struct aws *aws);

/* provider.h: the sessions behind the sources of a run have the same credentials and loop. */
struct source *cloud_source(struct run *run, const char *region, struct error *err);

#endif
