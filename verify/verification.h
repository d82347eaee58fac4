/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verify one cloud: choose checks, gather the facts they need (all calls that can fly, fly), judge each check as soon
 * as its facts are settled, and report through events (EVENT_GROUP, EVENT_FINDING).
 */
#ifndef CLOUDCTL_VERIFY_VERIFICATION_H
#define CLOUDCTL_VERIFY_VERIFICATION_H

#include "base/event.h"
#include "base/text.h"
#include "verify/check.h"
#include "verify/facts.h"
#include "verify/plan.h"

struct source;

struct verify_options {
	struct text_list only; /* globs on check ids; empty = all */
	struct text_list skip;
	bool functional; /* something real will be launched: also what matters for that alone */
	bool simulate;   /* also ask IAM's policy simulator, as evidence beside our own decision */
};

struct verification {
	struct finding *findings; /* in catalogue order, one for each chosen check */
	size_t count;
	size_t counts[VERDICTS]; /* like the verdicts below, without findings that are ignored */
	enum verdict overall;
	enum verdict groups[GROUPS]; /* VERDICT_SKIP for groups without a chosen check */
	struct facts facts;
	struct gather_figures figures; /* verify_run() only */
};

/*
 * Gather and judge. options may be NULL: everything. stream may be NULL. Checks that do not apply to the cloud give no
 * finding.
 *
 * Events: every group with a chosen check is announced as WORKING when its calls begin; each finding comes once, when
 * its facts are settled, those of a group in catalogue order; with its last finding a group is DONE or (a check failed)
 * FAILED, with its verdict and what it is about as subject ("vpc-1", "['subnet-1', 'subnet-2']"). EVENT_RUN and
 * EVENT_END are the caller's.
 *
 * A failed call is no error: it makes findings UNKNOWN. Errors, -1 with *err set, are only:
 * - a usage mistake: a glob that matches no check;
 * - an interruption: *result then holds what was decided so far and the rest UNKNOWN ("interrupted");
 * - that nothing could be asked at all: no credentials, AWS does not accept them, or not one call reached it. Nothing
 *   is judged then and no finding emitted.
 * The result belongs to arena.
 */
int verify_run(struct source *source, struct arena *arena, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err);

/*
 * The same for several clouds at once: begin each, then step the source (any of one session's)
 * and advance those that are under way, until verify_advance() says false; then end it. *cloud, *stream and *result
 * must live until then; the job and the result's contents belong to arena, in which the calls are made too: it must not
 * be freed while the job is under way.
 */
struct verify_job;

/* NULL with *err set: a usage mistake. */
struct verify_job *verify_begin(struct source *source, struct arena *arena, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err);

/* True while calls are under way. */
bool verify_advance(struct verify_job *job);

/* Judge what is left and return what verify_run() returns. interrupted: the source's step() said so, the job may be under way. */
int verify_end(struct verify_job *job, bool interrupted, struct error *err);

/*
 * verify_run() with the checks of another table. *known is what is known before anything is asked (and about which cloud);
 * it is copied.
 */
int verify_table(struct source *source, const struct check_table *table, const struct facts *known,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err);

/* The same from facts that were saved; pure. A fact that is needed and not there counts as lost. */
int verify_facts(struct arena *arena, const struct facts *facts, const struct verify_options *options,
	struct event_stream *stream, struct verification *result, struct error *err);

/* Put the summary into the cloud's record fields (verification.*); at is RFC 3339. */
void verify_record(struct arena *arena, const struct verification *result, const char *at,
	struct cloud *cloud);

#endif
