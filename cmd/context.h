/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share while one of them runs. */
#ifndef CLOUDCTL_CMD_CONTEXT_H
#define CLOUDCTL_CMD_CONTEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/event.h"
#include "base/text.h"
#include "base/world.h"
#include "cmd/command.h"
#include "providers/records/registry.h"
#include "ui/output.h"

/* Everything a command works with; made by main, lives until exit. main checks at the end that results arrived. */
struct context {
	struct arena *arena;
	struct world *world;
	struct global_options global;
	enum output_format format; /* of --output; OUTPUT_TEXT for a report's, too */
	const struct command *command;
	struct cloud_selector selector;      /* of a command that takes one */
	struct registry *registry;           /* made by context_registry() */
	struct event_stream stream;          /* renderer chosen by context_begin() */
	FILE *results;                       /* stdout */
	FILE *messages;                      /* stderr */
	struct output_file *events, *trace;  /* --events and --debug=FILE, or NULL */
	const struct connection *connection; /* made by context_connection() */
	struct run *run;                     /* made by context_run() */
	FILE *answers;                       /* stdin when it is a terminal that can be asked, else NULL */
	bool results_tty, messages_tty;
	bool strict;           /* a warning counts like a failure; set by context_begin() */
	bool no_screen;        /* lines, whatever the terminals can do */
	struct screen *screen; /* made by context_begin() when there is a full screen; NULL: lines */
	const char *caller;    /* whose credentials asked, once verify has learned it; for context_end() */
	struct error lost; /* the renderer's: results that could not be written; context_arrived() tells */
};

/* What the providers keep in records of clouds; NULL ends the list. In arena. */
const struct cloud_schema *const *cloud_schemas(struct arena *arena);

/* The records, opened when they are asked for first. NULL with *err set. */
struct registry *context_registry(struct context *context, struct error *err);

/* Is any cloud named? */
bool selector_names(const struct cloud_selector *selector);

/* Say, outside of any run, what run_left_over() says of the cloud. */
void context_tell_left_over(const struct context *context, const struct cloud *cloud);

/*
 * Find the cloud a command is about: the selector (positional and --name that differ, or name and id that name different
 * clouds, are ERROR_USAGE), else the default cloud, else the only one, else ERROR_USAGE that lists the names.
 */
int context_cloud(struct context *context, const struct cloud_selector *selector, struct cloud *cloud,
	struct error *err);

/*
 * What sessions with a provider are opened with, made at the first call. --debug traces to stderr, --debug=FILE to a file
 * that is emptied first and that only its owner can read (0600). NULL with ERROR_IO when it cannot be opened.
 */
const struct connection *context_connection(struct context *context, struct error *err);

/* The provider's run of this command, made at the first call. */
struct run *context_run(struct context *context);

/*
 * Let the provider carry out the context's command: find the cloud that it is about, print its results (run.h), and end
 * the event stream when it began. Returns what a command's run() returns.
 */
int context_provide(struct context *context, const void *options, struct error *err);

#endif
