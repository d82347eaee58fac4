/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands and their options as rows; help and usage errors come from the same rows. Adding a command: a file cmd/NAME.c
 * that defines struct command command_NAME, a line in cmd/command_list.h and a part of docs/commands.md.
 */
#ifndef CLOUDCTL_CMD_COMMAND_H
#define CLOUDCTL_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/event.h"
#include "base/option.h"
#include "providers/provider.h"
#include "providers/run.h"

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
	bool verbose;       /* findings with all their evidence */
	const char *events; /* a file for the event stream */
	const char *debug;  /* trace of AWS calls: a file, "" for stderr */
	bool version, help;
};

enum {
	NEEDS_NOTHING = 0,
	NEEDS_CLOUD = 1 << 0,    /* takes CLOUD, --name, --cloud-id */
	WRITES_REPORTS = 1 << 1, /* takes --output junit, sarif and markdown, too */
};

struct context;

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

#endif
