/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line, read by the tables of commands and options (command.h). Pure: looks at nothing but its arguments.
 *
 * Accepted: --name value, --name=value, -n value, -nvalue, "--" before words that begin with a dash, options before and
 * after the command's name and its words. Not accepted: shortened names, several letters behind one dash. An option
 * given twice must have the same value, unless it is a list.
 */
#ifndef CLOUDCTL_CMD_OPTIONS_H
#define CLOUDCTL_CMD_OPTIONS_H

#include "cmd/command.h"

struct arena;

struct command_line {
	struct global_options global;
	struct cloud_selector selector; /* of a command that takes one */
	const struct command *command;  /* NULL: none was named */
	const struct option *rows;      /* the command's, see command_options() */
	void *options; /* the command's options struct, in the arena; NULL without a command */
};

/*
 * The command's own rows, its provider's where that carries it out; NULL when it has none. Without OPTION_ROWS: where
 * there are such, with the rows that they make, in arena.
 */
const struct option *command_options(struct arena *arena, const struct command *command);

extern const struct option
	global_option_rows[];               /* ends with a row without name, like every table of options */
extern const struct option selector_rows[]; /* CLOUD, --name, --cloud-id, --id */

/*
 * Read argv[1] to argv[argc - 1]. -1 with ERROR_USAGE that names the option and the command. --help and --version
 * end the reading: what follows is not looked at, but for the command's name after --help.
 */
int command_line_parse(struct arena *arena, int argc, const char *const *argv, struct command_line *line,
	struct error *err);

/* The command with this name; else NULL with ERROR_USAGE, which names the nearest one. */
const struct command *command_find(struct arena *arena, const char *name, struct error *err);

#endif
