/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command of a provider works with: one run of one command. cmd makes it from the command line and the terminals,
 * and nobody changes it afterwards but for its result; so a command needs to know nothing of options that all commands
 * have, of renderers or of screens.
 */
#ifndef CLOUDCTL_PROVIDERS_RUN_H
#define CLOUDCTL_PROVIDERS_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/event.h"
#include "base/text.h"

struct arena;
struct cloud;
struct connection;
struct registry;
struct registry_lock;
struct verification;
struct verify_input;
struct world;

/* Which cloud: positional CLOUD, --name/-n, --cloud-id/--id. All NULL: the default one, or the only one. */
struct cloud_selector {
	const char *positional, *name, *id;
};

/* Text in columns: rows × columns cells, row by row. */
struct run_table {
	const char *const *headings;
	const char *const *cells;
	size_t columns, rows;
};

/* What there is to say when the command has ended; everything in the run's arena. */
struct run_result {
	enum verdict verdict;      /* VERDICT_SKIP: nothing was judged */
	size_t counts[VERDICTS];   /* of findings that count */
	const struct cloud *cloud; /* that the command made, for --output json and yaml; NULL: none */
	/*
	 * Results to print: with --output json and yaml the document; with text the table and the lines after it, or, when
	 * there is neither, the document as JSON. NULL, and without rows: none.
	 */
	const json_t *document;
	struct run_table table;
	const char *lines;
	struct text_list notes;        /* sentences for the messages, not for the results */
	const struct event_plan *plan; /* to print with text, before the lines; NULL: none */
	bool alone; /* set before begin(): the results are all that is wanted, so no full screen opens */
};

struct run {
	struct arena *arena; /* what the command makes; lives until its end was told */
	struct world *world;
	struct event_stream *stream; /* begin() comes before the first event */
	const char *region;          /* --region, or NULL */
	const char *cloud; /* name of the one that the command is about, where it takes one; else NULL */
	bool named;        /* the user said which; else it is the default one, or the only one */
	bool has_terminal; /* somebody can answer confirm() */

	/* The registry, opened when it is asked for first; the same at each call. NULL with *err set. */
	struct registry *(*registry)(struct run *self, struct error *err);

	/* The record of the cloud that a selector names, else of the default cloud, else of the only one; else ERROR_USAGE. */
	int (*find_cloud)(struct run *self, const struct cloud_selector *selector, struct cloud *cloud,
		struct error *err);

	/* How to reach the provider, made when it is asked for first; the same at each call. NULL with *err set. */
	const struct connection *(*connection)(struct run *self, struct error *err);

	/*
	 * Tell what the run is about (EVENT_RUN): before anything else is told, and again when more is known of the cloud.
	 * *cloud needs a name; what else it has is told.
	 */
	void (*begin)(struct run *self, const struct cloud *cloud);

	/*
	 * Ask a yes/no question, default no; assume_yes (--yes) answers without asking. 0: yes. -1: no, or nobody to ask
	 * (ERROR_DECLINED), or ERROR_INTERRUPTED.
	 */
	int (*confirm)(struct run *self, bool assume_yes, const char *question, struct error *err);

	/* The same where data goes: only the word itself, typed, is a yes. */
	int (*confirm_word)(struct run *self, bool assume_yes, const char *question, const char *word,
		struct error *err);

	void *sources;            /* the provider's own */
	struct run_result result; /* the command's to fill in */
};

/*
 * The record of the cloud that the run is about, under its lock, which the caller gives back; a plan writes nothing, and as a
 * lock is a file it takes none. -1 with *err set.
 */
int run_load_cloud(struct run *run, bool plan, struct registry_lock **lock, struct cloud *cloud,
	struct error *err);

/*
 * What to tell of a functional verification (providers/functional.h) that the record says was begun and not ended, a sentence or
 * two in arena; NULL: there is none.
 */
const char *run_left_over(struct arena *arena, const struct cloud *cloud);

/*
 * What is wrong with what the user said, found before anything was asked: a line each, and an error that counts them; a single
 * one is the error itself. 0 when there is none, else -1 with ERROR_USAGE.
 */
int run_mistakes(struct run *run, const struct text_list *mistakes, struct error *err);

/* The run's verdict and counts are those of a verification. */
void run_judged(struct run *run, const struct verification *judged);

/* Put the summary of a verification into a record that is held in memory; at is RFC 3339. */
void cloud_summarize(struct arena *arena, const struct verification *result, const char *at,
	struct cloud *cloud);

/*
 * Verify the cloud inside the command. what: table, source and options; facts and stream are the run's. The run's verdict
 * is then the result's, and its summary is put into *cloud, not into the registry. Fails as verify_run() does.
 */
int run_verify(struct run *run, const struct verify_input *what, struct cloud *cloud,
	struct verification *result, struct error *err);

#endif
