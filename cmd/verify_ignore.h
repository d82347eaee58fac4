/* SPDX-License-Identifier: Apache-2.0 */
/* `verify --ignore`, `--reason` and `--unignore`: what the record says is accepted. What that means is verify/ignore.h. */
#ifndef CLOUDCTL_CMD_VERIFY_IGNORE_H
#define CLOUDCTL_CMD_VERIFY_IGNORE_H

#include "cmd/context.h"
#include "verify/verification.h"

/* The options as they were given: "CHECK" or "CHECK=RESOURCE". */
struct verify_ignore {
	struct text_list ignore, unignore;
	const char *reason; /* of all in ignore */
};

bool verify_ignore_asked(const struct verify_ignore *asked);

/* ERROR_USAGE for an unknown check (with the nearest id), a missing resource, a missing or unprintable reason. */
int verify_ignore_check(const struct verify_ignore *asked, struct arena *arena, struct error *err);

/*
 * Write it into the record, as it is now, under the cloud's lock; *cloud is the record afterwards. First what is
 * taken out, then what is put in. ERROR_USAGE when something to be taken out is not there: nothing is written then.
 */
int verify_ignore_apply(struct context *context, const struct verify_ignore *asked, struct cloud *cloud,
	struct error *err);

/* A note for each entry that is no longer needed, or names no check. */
void verify_ignore_notes(struct arena *arena, struct event_stream *stream, const struct cloud *cloud,
	const struct verification *result);

#endif
