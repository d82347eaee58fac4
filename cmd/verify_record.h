/* SPDX-License-Identifier: Apache-2.0 */
/* What `verify` says about a cloud's record, and what it keeps in it. */
#ifndef CLOUDCTL_CMD_VERIFY_RECORD_H
#define CLOUDCTL_CMD_VERIFY_RECORD_H

#include "base/event.h"
#include "providers/records/registry.h"

/* A cloud in the middle of something is verified all the same; the user is told what to think of it. */
void verify_record_note(struct event_stream *stream, const struct cloud *cloud);

/*
 * Put the summary of *verified into the record as it is now. Whoever holds the record is waited for at most wait_ms and
 * not disturbed; that, and a record that cannot be written, changes no verdict: both are notes.
 */
void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms);

#endif
