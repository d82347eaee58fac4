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
#include "verify/gather.h"
#include "verify/plan.h"

struct source;

struct verify_options {
	struct text_list only; /* globs on check ids; empty = all */
	struct text_list skip;
	bool optional; /* also ask for the table's optional facts */
};

/* What to verify. Everything in it is borrowed, until the verification has ended. */
struct verify_input {
	const struct check_table *table;
	/* NULL: nothing is asked, and what the facts do not hold counts as lost */
	struct source *source;
	/* about which cloud, in which arena; what is settled already is not asked for, the rest is filled in */
	struct facts *facts;
	const struct verify_options *options; /* NULL: everything */
	struct event_stream *stream;          /* or NULL */
};

struct verification {
	struct finding *findings; /* in the table's order, one for each chosen check */
	size_t count;
	size_t counts[VERDICTS]; /* like the verdicts below, without findings that are ignored */
	enum verdict overall;
	/* of the table's groups, see verdict_of_group(); SKIP for one without a chosen check */
	enum verdict *groups;
	const struct check_table *table; /* these two are the input's */
	struct facts *facts;
	/* NULL while the verification is under way: */
	const char *caller;    /* who asked; NULL: not known */
	const char *elsewhere; /* why none of it is about this cloud: check_table.elsewhere; NULL: all is */
	struct gather_figures figures;
};

/*
 * Gather and judge. Checks that do not apply to the cloud give no finding.
 *
 * Events: every group with a chosen check is announced as WORKING when its calls begin; each finding comes once, when
 * its facts are settled, those of a group in the table's order; with its last finding a group is DONE or (a check
 * failed) FAILED, with its verdict and what it is about as subject ("net-1", "['disk-1', 'disk-2']"). EVENT_RUN and
 * EVENT_END are the caller's.
 *
 * A failed call is no error: it makes findings UNKNOWN. Errors, -1 with *err set, are only:
 * - a usage mistake: a glob that matches no check, facts of another plan than the table's;
 * - an interruption: *result then holds what was decided so far and the rest UNKNOWN ("interrupted");
 * - that nothing could be asked at all: no credentials, the provider does not accept them, or not one call reached it.
 *   Nothing is judged then and no finding emitted.
 * The result belongs to the facts' arena.
 */
int verify_run(const struct verify_input *input, struct verification *result, struct error *err);

/*
 * The same for several clouds at once: begin each, then step the source (any of one session's) and advance those that
 * are under way, until verify_advance() says false; then end it. *result must live until then; the job and the result's
 * contents belong to the facts' arena, in which the calls are made too: it must not be freed while the job is under way.
 */
struct verify_job;

/* NULL with *err set: a usage mistake. */
struct verify_job *verify_begin(const struct verify_input *input, struct verification *result,
	struct error *err);

/* True while calls are under way. */
bool verify_advance(struct verify_job *job);

/* Judge what is left, as verify_run() does. interrupted: step() said so; the job may be under way then. */
int verify_end(struct verify_job *job, bool interrupted, struct error *err);

/* Replace findings in *whole by those of the same checks in *part, which must live as long; count them again. */
void verify_merge(struct verification *whole, const struct verification *part);

#endif
