/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `cloudctl verify` and its files: one cloud in rounds (verify_rounds.c), every cloud (verify_all.c), facts in a file
 * (verify_saved.c), and what all of them say about a cloud's record and keep in it (verify_record.c).
 */
#ifndef CLOUDCTL_CMD_VERIFY_H
#define CLOUDCTL_CMD_VERIFY_H

#include <stdbool.h>

#include <jansson.h>

#include "base/event.h"
#include "base/option.h"
#include "base/text.h"
#include "providers/functional.h"
#include "verify/verification.h"

struct arena;
struct cloud;
struct context;
struct registry;

/* --ignore, --reason and --unignore as they were given: "CHECK" or "CHECK=RESOURCE". */
struct verify_ignore {
	struct text_list ignore, unignore;
	const char *reason; /* of all in ignore */
};

struct verify_command_options {
	struct text_list only, skip;
	struct verify_ignore ignore;
	struct functional_options functional;
	const char *facts, *save_facts;
	const char *watch;
	bool strict, yes, all, simulate, sweep;
};

/* Which checks the options choose. */
struct verify_options verify_choice(const struct verify_command_options *options);

/*
 * Verify the cloud that the command line names, in rounds until there is no reason for another one: --watch, or the keys
 * r and R of the screen. Returns what the last round gave.
 */
int verify_recorded(struct context *context, const struct verify_command_options *options, struct error *err);

/*
 * Every cloud of the registry, many at a time on one loop, told one after the other in the order of their names. A
 * cloud's memory goes when it has been told.
 *
 * Events: EVENT_RUN "verify-all" (base/event.h), the run of each cloud, EVENT_END. --region leaves out the clouds of
 * other regions. A cloud that could not be looked at (a record that cannot be read, a provider that does not answer) has
 * the exit code 4 and its reason as a STEP_ERROR; the others go on. Of all clouds together: what is known to be bad (1)
 * before what could not be looked at (4), that before what could not be determined (3).
 *
 * -1: no cloud at all, a mistaken glob (ERROR_USAGE), an interruption, no session with the provider.
 */
int verify_all(struct context *context, const struct verify_command_options *options, struct error *err);

/* The provider's options for it; see OPTION_ROWS. */
size_t verify_functional_options(size_t offset, struct option *rows);

/* ERROR_USAGE: options that say nothing without --functional-verify. */
int verify_functional_check(const struct verify_command_options *options, struct error *err);

/*
 * Launch something in the cloud that was verified, unless a check failed. The counts and the verdict of *whole are then those
 * of both. -1 with *err set: see functional_provider.verify.
 */
int verify_functionally(struct context *context, const struct verify_command_options *options,
	struct cloud *cloud, struct verification *whole, struct error *err);

/* --sweep: what functional verifications left in the cloud is shown, asked about and taken away. */
int verify_sweep(struct context *context, const struct verify_command_options *options, struct error *err);

/* Judge the facts of --facts, perhaps a stranger's file: nobody is asked and no record is looked at. */
int verify_saved(struct context *context, const struct verify_command_options *options, struct error *err);

/* Replace the file, atomically and with mode 0600: facts hold ids, ARNs and policies, though nothing secret. */
int verify_save(const char *path, const struct facts *facts, struct error *err);

/* A cloud in the middle of something is verified all the same; the user is told what to think of it. */
void verify_record_note(struct event_stream *stream, const struct cloud *cloud);

/* The same for what a functional verification left. */
void verify_left_over_note(struct arena *arena, struct event_stream *stream, const struct cloud *cloud);

/*
 * Is the result about the whole cloud, and about this one? Else it must not take the place of the record's: some checks do
 * not stand for all of them, and another account's answers say nothing of the cloud.
 */
bool verify_is_about_cloud(const struct verify_options *choice, const struct verification *result);

/*
 * Put the summary of *verified into the record as it is now. Another process that holds the record is waited for at most
 * wait_ms; that, and a record that cannot be written, changes no verdict: both are notes.
 */
void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms);

/*
 * What the provider notes of all clouds of context->registry, which is open; for its know_others(). Lives as long as the
 * context. Records that cannot be read are left out, which is told as a warning; stream NULL: somebody else tells it.
 */
const json_t *verify_directory(struct context *context, struct event_stream *stream);

/* Could a check not be judged because the caller lacks a permission? */
bool verify_was_denied(const struct verification *result);

/* How to see all permissions that are missing. cloud: its name, NULL: of many. */
void verify_denied_note(struct arena *arena, struct event_stream *stream, const char *cloud);

bool verify_ignore_asked(const struct verify_ignore *asked);

/* ERROR_USAGE for an unknown check (with the nearest id), a missing resource, a missing or unprintable reason. */
int verify_ignore_check(const struct verify_ignore *asked, struct arena *arena, struct error *err);

/*
 * Write it into the record, as it is now, under the cloud's lock; *cloud is the record afterwards. First what is taken out,
 * then what is put in. ERROR_USAGE, and nothing is written, when something to be taken out is not
 * there, or when a check never finds anything about the resource that is named.
 */
int verify_ignore_apply(struct context *context, const struct verify_ignore *asked, struct cloud *cloud,
	struct error *err);

/* A note for each entry of the record that is no longer needed, or names no check. */
void verify_ignore_notes(struct arena *arena, struct event_stream *stream, const struct cloud *cloud,
	const struct verification *result);

#endif
