/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands and their options as rows; help and usage errors come from the same rows. Adding a command: a file cmd/NAME.c
 * that defines struct command command_NAME, a line in cmd/command_list.h and a part of docs/commands.md.
 */
#ifndef CLOUDCTL_CMD_COMMAND_H
#define CLOUDCTL_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/event.h"
#include "base/option.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/provider.h"
#include "providers/records/registry.h"

/*
 * Options that every command takes, before its name and after. Members are NULL when not given. A value is never
 * empty, and one that begins with a dash must be joined to its option by "=".
 */
struct global_options {
	const char *profile, *region, *endpoint_url, *registry;
	const char *output; /* "text", "json", "yaml", with WRITES_REPORTS "junit" …; NULL = text */
	const char *ui;     /* "auto", "tui", "plain" */
	const char *color;  /* "auto", "always", "never" */
	bool no_wait;       /* the screen closes when the run has ended */
	const char *events; /* a file for the event stream */
	const char *debug;  /* trace of AWS calls: a file, "" for stderr */
	bool version, help;
};

/* Which cloud: positional CLOUD, --name/-n, --cloud-id/--id. All NULL: the default one, or the only one. */
struct cloud_selector {
	const char *positional, *name, *id;
};

/*
 * Everything a command works with; made by main, lives until exit. A command may write to results directly; main checks
 * at the end that everything arrived.
 */
struct context {
	struct arena *arena;
	struct world *world;
	struct global_options global;
	const struct command *command;
	struct cloud_selector selector;      /* of a command that takes one */
	struct registry *registry;           /* made by context_registry() */
	struct event_stream stream;          /* renderer chosen by context_begin() */
	FILE *results;                       /* stdout */
	FILE *messages;                      /* stderr */
	FILE *events;                        /* --events, or NULL */
	const struct connection *connection; /* made by context_connection() */
	struct run *run;                     /* made by context_run() */
	FILE *answers;                       /* stdin when it is a terminal that can be asked, else NULL */
	bool results_tty, messages_tty;
	bool strict;           /* a warning counts like a failure; set before context_begin() */
	struct screen *screen; /* made by context_begin() when there is a full screen; NULL: lines */
	struct error lost;     /* the renderer's: results that could not be written; context_end() tells */
};

enum {
	NEEDS_NOTHING = 0,
	NEEDS_CLOUD = 1 << 0,    /* takes CLOUD, --name, --cloud-id */
	WRITES_REPORTS = 1 << 1, /* takes --output junit, sarif and markdown, too */
};

struct command {
	const char *name;        /* "set-default" */
	const char *arguments;   /* "[CLOUD]" in usage */
	const char *summary;     /* one line for the list of commands */
	const char *description; /* a few lines for its own help: what it does, what it changes, an example */
	unsigned needs;
	/* ends with a row without name; the selector's rows are added for NEEDS_CLOUD */
	const struct option *options;
	size_t options_size; /* sizeof the options struct, zeroed before parsing */
	/* What EVENT_RUN says of its runs (base/event.h), for a command that emits one. */
	enum run_effect effect;
	bool judges;
	const char *leaving; /* each %s is the cloud's name; NULL: that the same command takes it up again */
	/* Returns an exit code >= 0, or -1 with *err set; main prints the error and maps it to a code. */
	int (*run)(struct context *context, const void *options, struct error *err);
	/* instead of options, options_size and run: the provider has them */
	const struct provider_command *provided;
};

extern const struct command *const commands[];
extern const size_t command_count;

#define COMMAND(name) extern const struct command command_##name;
#include "cmd/command_list.h"
#undef COMMAND

/* What the providers keep in records of clouds; NULL ends the list. In arena. */
const struct cloud_schema *const *cloud_schemas(struct arena *arena);

/* The records, opened when they are asked for first. NULL with *err set. */
struct registry *context_registry(struct context *context, struct error *err);

/* Is any cloud named? */
bool selector_names(const struct cloud_selector *selector);

/*
 * Find the cloud a command is about: the selector (positional and --name that differ, or name and id that name different
 * clouds, are ERROR_USAGE), else the default cloud, else the only one, else ERROR_USAGE that lists the names.
 */
int context_cloud(struct context *context, const struct cloud_selector *selector, struct cloud *cloud,
	struct error *err);

/* Open the file of --events, if there is one. What is in it stays until the first event is written. */
int context_events(struct context *context, struct error *err);

/*
 * The renderer that --output, --color and the terminals ask for, with the file of --events; it lives as long as the
 * context. Lines look up by context->stream, which must begin next.
 */
struct sink *context_sink(struct context *context);

/*
 * Begin the event stream of a long command: chooses the renderer from --output, --color and the terminals, and emits
 * EVENT_RUN (cloud NULL: of a run around one for each cloud). With any --output but text, `verify` prints its one document
 * at context_end(); of other commands nothing but what they write themselves goes to stdout then, and their lines all to
 * stderr.
 */
void context_begin(struct context *context, const struct command *command, const struct cloud *cloud);

/*
 * Emit EVENT_END with counts (may be NULL) and return exit_code; -1 when results could not be written. exit_code -1
 * means that the command failed with *err, which stays as it is: the event carries the code that main will end with.
 */
int context_end(struct context *context, int exit_code, enum verdict verdict, const size_t counts[VERDICTS],
	struct error *err);

/*
 * Ask a yes/no question on the terminal, default no. assume_yes (--yes) answers without asking. With nobody to ask:
 * ERROR_DECLINED naming the option to give. 0 = yes; -1 = no (ERROR_DECLINED) or interrupted.
 */
int context_confirm(struct context *context, bool assume_yes, const char *question, struct error *err);

/* The full screen, if --ui and the terminals ask for one; else NULL. Kept in context->screen; opens by itself. */
struct plain_options;
struct screen *context_screen(struct context *context, const struct plain_options *lines);

/*
 * Between rounds of a command that can run again, after context_end(). True: run again; *group is what alone is to be
 * run (the id of a group in the events), or NULL for everything. A screen lets the user decide, and decides by itself
 * when again_ms > 0 have passed; without one, true after again_ms > 0. False after a signal.
 */
bool context_again(struct context *context, int64_t again_ms, const char **group);

/* Begin another round in the same stream, or say more about a run that is under way: EVENT_RUN. */
void context_round(struct context *context, const struct command *command, const struct cloud *cloud);

/*
 * An EVENT_RUN's content: the command's row and what is known of the cloud. cloud NULL: of a run around one for each
 * cloud. Strings are the command's, the cloud's and, what leaving means, the arena's.
 */
struct event_run command_event(struct arena *arena, const struct command *command, const struct cloud *cloud);

/* Show why the command failed on the screen, if there is one. */
void context_show_failure(struct context *context, const struct error *err);

/*
 * The command has returned code (-1: *err): let the user look at the screen, then close it. Returns what main ends with:
 * code, or -1 with *err when results could not be written or a signal came.
 */
int context_leave(struct context *context, int code, struct error *err);

#endif
