/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real tables: what every row must have, that help says all of it, and that docs/commands.md has a part for each
 * command which names its options and no others.
 */
#include "cmd/help.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/test.h"
#include "base/text.h"
#include "cmd/options.h"

static const char page_path[] = "docs/commands.md";

static const char *help_of(struct arena *arena, const struct command *command)
{
	struct str text = {.arena = arena, .max = HELP_TEXT_MAX};

	if (command)
		help_command(command, &text);
	else
		help_overview(&text);
	assert_false(text.overflow);
	return str_text(&text);
}

static void must_hold(const char *where, const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s does not say '%s'", where, part);
}

/* Does text hold --name as a whole word? */
static bool names_option(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(text, "--"); at; at = strstr(at + 2, "--")) {
		if (strncmp(at + 2, name, length) == 0 && !text_is_letter(at[2 + length]) &&
			at[2 + length] != '-')
			return true;
	}
	return false;
}

static void rows_are_complete(const char *command, const struct option *rows)
{
	for (const struct option *row = rows; row && row->name; row++) {
		if (row->alias_of)
			continue;
		if (!row->help || !row->help[0])
			fail_msg("%s: --%s has no help", command, row->name);
		if ((row->kind == OPTION_TEXT || row->kind == OPTION_LIST) && !row->choices &&
			!row->placeholder)
			fail_msg("%s: --%s does not say what its value is", command, row->name);
		for (const struct option *other = rows; other != row; other++) {
			if (text_equal(other->name, row->name) ||
				(row->letter && other->letter == row->letter))
				fail_msg("%s: --%s and --%s are the same", command, row->name, other->name);
		}
	}
}

static void every_command_is_complete(void **state)
{
	struct arena arena = {0};

	(void)state;
	rows_are_complete("cloudctl", global_option_rows);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = commands[i];

		if (!command->summary || !command->description || (!command->run && !command->provided))
			fail_msg("%s is not complete", command->name);
		rows_are_complete(command->name, command_options(&arena, command));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(command->name, commands[j]->name);
	}
	arena_free(&arena);
}

/* A command's own option must not hide a global one: "--region" means the same everywhere. */
static void global_options_are_not_hidden(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		for (const struct option *row = command_options(&arena, commands[i]); row && row->name;
			row++) {
			for (const struct option *global = global_option_rows; global->name; global++) {
				if (text_equal(row->name, global->name) ||
					(row->letter && row->letter == global->letter))
					fail_msg("%s hides --%s", commands[i]->name, global->name);
			}
		}
	}
	arena_free(&arena);
}

static void the_overview_says_everything(void **state)
{
	static const char *const codes[] = {" 0 ", " 1 ", " 2 ", " 3 ", " 4 ", " 5 ", " 70 ", " 128+n "};
	struct arena arena = {0};
	const char *text = help_of(&arena, NULL);

	(void)state;
	for (size_t i = 0; i < command_count; i++)
		must_hold("the overview", text, commands[i]->name);
	for (const struct option *row = global_option_rows; row->name; row++)
		must_hold("the overview", text, arena_printf(&arena, "--%s", row->name));
	for (size_t i = 0; i < ARRAY_LENGTH(codes); i++)
		must_hold("the overview", text, codes[i]);
	arena_free(&arena);
}

static void help_says_every_option(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = commands[i];
		const char *text = help_of(&arena, command);

		must_hold(command->name, text, arena_printf(&arena, "usage: cloudctl %s", command->name));
		for (const struct option *row = command_options(&arena, command); row && row->name; row++) {
			if (row->kind != OPTION_ARGUMENT && !names_option(text, row->name))
				fail_msg("help of %s does not name --%s", command->name, row->name);
		}
		if (command->needs & NEEDS_CLOUD)
			must_hold(command->name, text, "--cloud-id ID");
	}
	arena_free(&arena);
}

static void lines_fit(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i <= command_count; i++) {
		const char *text = help_of(&arena, i < command_count ? commands[i] : NULL);

		for (size_t length; *text; text += length + 1) {
			length = strcspn(text, "\n");
			if (length > 110)
				fail_msg("too long: %.*s", (int)length, text);
		}
	}
	arena_free(&arena);
}

/* The part of the page from its heading to the next one; NULL when there is none. */
static const char *section(struct arena *arena, const char *page, const char *heading)
{
	const char *begin = strstr(page, arena_printf(arena, "\n## %s\n", heading));
	const char *end = begin ? strstr(begin + 1, "\n## ") : NULL;

	if (!begin)
		return NULL;
	return arena_strndup(arena, begin, end ? (size_t)(end - begin) : strlen(begin));
}

static bool row_known(const struct option *rows, const char *name)
{
	for (const struct option *row = rows; row && row->name; row++) {
		if (row->kind != OPTION_ARGUMENT && text_equal(row->name, name))
			return true;
	}
	return false;
}

/* Every "`--name" of the section is an option of the command, a selector's, or a global one. */
static void no_option_is_invented(struct arena *arena, const struct command *command, const char *text)
{
	for (const char *at = strstr(text, "`--"); at; at = strstr(at + 1, "`--")) {
		const char *name = arena_strndup(arena, at + 3,
			strspn(at + 3, "abcdefghijklmnopqrstuvwxyz0123456789-"));
		bool known = row_known(command_options(arena, command), name) ||
			row_known(global_option_rows, name) ||
			((command->needs & NEEDS_CLOUD) && row_known(selector_rows, name));

		if (name[0] && !known)
			fail_msg("%s says that %s has --%s", page_path, command->name, name);
	}
}

static void the_page_is_in_step(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	const char *which, *global, *codes;
	size_t length;
	char *page;

	(void)state;
	if (file_read(&arena, page_path, 1 << 20, &page, &length, &err) < 0)
		fail_msg("%s", err.frame[0]);
	for (size_t i = 0; i < command_count; i++) {
		const char *text = section(&arena, page, commands[i]->name);

		if (!text) {
			fail_msg("%s has no part about %s", page_path, commands[i]->name);
			continue;
		}
		must_hold(page_path, text, arena_printf(&arena, "    cloudctl %s", commands[i]->name));
		for (const struct option *row = command_options(&arena, commands[i]); row && row->name;
			row++) {
			if (row->kind != OPTION_ARGUMENT && !names_option(text, row->name))
				fail_msg("%s: %s has no --%s", page_path, commands[i]->name, row->name);
		}
		no_option_is_invented(&arena, commands[i], text);
	}
	which = section(&arena, page, "Which cloud");
	global = section(&arena, page, "Global options");
	codes = section(&arena, page, "Exit codes");
	assert_true(which && global && codes);
	for (const struct option *row = selector_rows; row->name; row++)
		assert_true(row->kind == OPTION_ARGUMENT || names_option(which, row->name));
	for (const struct option *row = global_option_rows; row->name; row++) {
		if (!names_option(global, row->name))
			fail_msg("%s: no --%s", page_path, row->name);
	}
	must_hold(page_path, codes, "| 70 |");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_complete),
		cmocka_unit_test(global_options_are_not_hidden),
		cmocka_unit_test(the_overview_says_everything),
		cmocka_unit_test(help_says_every_option),
		cmocka_unit_test(lines_fit),
		cmocka_unit_test(the_page_is_in_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
