/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event stream as lines of text, for logs, pipes and terminals that cannot do more.
 *
 * Progress, each line with the time since the command began:
 *
 *     (cloudctl +0.4s) Verifying network ...
 *     (cloudctl +0.8s) Network net-1234 verification succeeded.
 *     (cloudctl +12.4s) Gateway: CREATE_COMPLETE (gw-123)
 *
 *     (cloudctl +1m5.2s) still waiting for: Gateway
 *
 * the last after half a minute of silence, and, at the end of a command that verified something, the result: a line a
 * group, below it what did not pass, so that the result alone says what is wrong and what to do.
 *
 * A run of verify after another one (--watch) prints only what changed since then, a line a finding:
 *
 *     (cloudctl +60.9s) network.dns: FAIL, was PASS: DNS support is off
 *
 * Questions are not printed: who asks writes to the terminal itself. The same line is never printed twice in a row.
 * Texts are made visible (str_put_visible()), so the only escape bytes are the colours that were asked for.
 */
#ifndef CLOUDCTL_UI_LINES_PLAIN_H
#define CLOUDCTL_UI_LINES_PLAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/event.h"

struct arena;

struct plain_options {
	bool colour_results;
	bool colour_progress;
	bool verbose; /* calls, findings that passed, the run's particulars and figures */
	bool whole;   /* findings with all their evidence, however much that is */
	bool quiet;   /* of the progress only what is worth keeping: notes, warnings, errors, what failed */
	struct error *lost; /* receives the first failure to write results; or NULL */
};

/*
 * A sink that writes results (standard output) and progress (standard error); both stay the caller's and may
 * be the same. The sink lives as long as the arena. Failures to write progress are ignored.
 */
struct sink *plain_new(struct arena *arena, FILE *results, FILE *progress, struct plain_options options);

/* Time passes: at_ms of a sink of plain_new(). Events say it too; this is for when there are none. */
void plain_look(struct sink *plain, int64_t at_ms);

#endif
