/* SPDX-License-Identifier: Apache-2.0 */
/* Help from the tables: an overview, and a page for each command. The command `help` is here too. */
#include "cmd/help.h"

#include <string.h>

#include "base/utf8.h"
#include "cmd/context.h"
#include "cmd/options.h"

enum { PAGE_WIDTH = 96, TERM_WIDTH = 30 };

static const char exit_codes[] = "Exit codes:\n"
				 "  0    success\n"
				 "  1    a check failed (or gave a warning, with --strict)\n"
				 "  2    the command line is wrong\n"
				 "  3    nothing failed, but something could not be determined\n"
				 "  4    an error (AWS, network, file)\n"
				 "  5    you answered no, or there was no terminal to ask on\n"
				 "  70   a bug in cloudctl\n"
				 "  128+n  ended by signal n\n";

/* text broken at spaces into lines of PAGE_WIDTH, the first begun at column `at`, the others at indent. */
static void put_wrapped(struct str *out, const char *text, size_t at, size_t indent)
{
	while (*text) {
		size_t length = strcspn(text, " ");
		const char *word = arena_strndup(out->arena, text, length);
		size_t columns = utf8_columns(word);

		if (at > indent && at + 1 + columns > PAGE_WIDTH) {
			str_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			str_putc(out, ' ');
			at++;
		}
		str_puts(out, word);
		at += columns;
		text += length + strspn(text + length, " ");
	}
	str_putc(out, '\n');
}

/* "  term      explanation", the explanation in its own column. */
static void put_row(struct str *out, const char *term, const char *explanation)
{
	size_t width = utf8_columns(term) + 2;

	str_printf(out, "  %s", term);
	if (width + 2 > TERM_WIDTH) {
		str_putc(out, '\n');
		width = 0;
	}
	str_printf(out, "%*s", (int)(TERM_WIDTH - width), "");
	put_wrapped(out, explanation, TERM_WIDTH, TERM_WIDTH);
}

/* "-o, --output text|json|yaml" */
static const char *option_term(struct arena *arena, const struct option *row)
{
	const char *value = row->choices ? row->choices : row->placeholder ? row->placeholder : "";
	const char *letter = row->letter ? arena_printf(arena, "-%c, ", row->letter) : "";

	switch (row->kind) {
	case OPTION_ARGUMENT: return row->name;
	case OPTION_FLAG: return arena_printf(arena, "%s--%s", letter, row->name);
	case OPTION_OPTIONAL:
		return arena_printf(arena, row->choices ? "%s--%s[=%s,...]" : "%s--%s[=%s]", letter,
			row->name, value);
	case OPTION_TEXT:
	case OPTION_LIST:
	case OPTION_ROWS: break;
	}
	return arena_printf(arena, "%s--%s %s", letter, row->name, value);
}

/* The help of a row and its other spellings. */
static const char *explanation(struct arena *arena, const struct option *rows, const struct option *row)
{
	const char *text = row->help;

	for (const struct option *other = rows; other->name; other++) {
		if (text_equal(other->alias_of, row->name))
			text = arena_printf(arena, "%s (also --%s)", text, other->name);
	}
	return text;
}

static void put_options(struct str *out, const char *title, const struct option *rows)
{
	str_printf(out, "\n%s\n", title);
	for (const struct option *row = rows; row->name; row++) {
		if (!row->alias_of)
			put_row(out, option_term(out->arena, row), explanation(out->arena, rows, row));
	}
}

void help_overview(struct str *out)
{
	str_puts(out,
		"usage: cloudctl [GLOBAL OPTIONS] COMMAND [OPTIONS] [CLOUD]\n\n"
		"Prepares an AWS account for Ray clusters and checks that it is ready for them.\n\nCommands:\n");
	for (size_t i = 0; i < command_count; i++)
		put_row(out, commands[i]->name, commands[i]->summary);
	put_options(out, "Global options:", global_option_rows);
	str_printf(out, "\n%s\n", exit_codes);
	str_puts(out, "'cloudctl COMMAND --help' describes a command.\n");
}

/* Does the table have a row that is given with dashes? */
static bool has_dashed(const struct option *rows)
{
	while (rows && rows->name && rows->kind == OPTION_ARGUMENT)
		rows++;
	return rows && rows->name;
}

void help_command(const struct command *command, struct str *out)
{
	const struct option *rows = command_options(out->arena, command);
	bool dashed = has_dashed(rows);
	const char *words = command->arguments ? command->arguments : "";
	struct str global = {.arena = out->arena, .max = HELP_TEXT_MAX};

	str_printf(out, "usage: cloudctl %s%s%s%s\n\n", command->name,
		dashed || command->needs & NEEDS_CLOUD ? " [OPTIONS]" : "", words[0] ? " " : "", words);
	str_printf(out, "%s\n", command->description);
	if (rows)
		put_options(out, dashed ? "Options:" : "Argument:", rows);
	if (command->needs & NEEDS_CLOUD)
		put_options(out, "Which cloud:", selector_rows);
	for (const struct option *row = global_option_rows; row->name; row++)
		str_printf(&global, "--%s ", row->name);
	str_puts(out, "\nGlobal options, also accepted here:\n  ");
	put_wrapped(out, str_text(&global), 2, 2);
}

struct help_options {
	const char *command;
};

static int help_run(struct context *context, const void *data, struct error *err)
{
	const struct help_options *options = data;
	struct str text = {.arena = context->arena, .max = HELP_TEXT_MAX};
	const struct command *command = NULL;

	if (options->command) {
		command = command_find(context->arena, options->command, err);
		if (!command)
			return -1;
	}
	if (command)
		help_command(command, &text);
	else
		help_overview(&text);
	fputs(str_text(&text), context->results);
	return 0;
}

static const struct option help_rows[] = {
	{"COMMAND", 0, OPTION_ARGUMENT, offsetof(struct help_options, command), NULL,
		"the command to explain (default: list all of them)"},
	{NULL},
};

const struct command command_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "explain a command",
	.description = "Prints the same as 'cloudctl COMMAND --help'.",
	.options = help_rows,
	.options_size = sizeof(struct help_options),
	.run = help_run,
};
