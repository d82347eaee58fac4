/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of the command line. Knows rows, not commands: nothing here depends on what an option means. */
#include "cmd/options.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "cmd/usual_words.h"
#include "ui/documents/renderer.h"

/* The forms that everything has; the other renderers write the report of a verification and nothing else. */
#define OUTPUTS "text|json|yaml"

#define GLOBAL(member) offsetof(struct global_options, member)

const struct option global_option_rows[] = {
	{"profile", 0, OPTION_TEXT, GLOBAL(profile), "NAME",
		"profile of the AWS configuration files (default: AWS_PROFILE, then \"default\")"},
	{"region", 0, OPTION_TEXT, GLOBAL(region), "REGION",
		"AWS region (default: AWS_REGION, then the profile's); a command about a cloud uses the cloud's"},
	{"endpoint-url", 0, OPTION_TEXT, GLOBAL(endpoint_url), "URL",
		"send every AWS call to this URL (default: AWS_ENDPOINT_URL)"},
	{"registry", 0, OPTION_TEXT, GLOBAL(registry), "FOLDER",
		"where cloud records are kept (default: ~/.local/state/cloudctl)"},
	{"output", 'o', OPTION_TEXT, GLOBAL(output), "FORMAT",
		"format of the results on standard output (default: text)", "text|" RENDERER_NAMES},
	{"ui", 0, OPTION_TEXT, GLOBAL(ui), "VIEW",
		"how progress is shown: a full screen or lines (default: auto, the screen on a terminal)",
		"auto|tui|plain"},
	{"color", 0, OPTION_TEXT, GLOBAL(color), "WHEN",
		"colour (default: auto: on terminals, unless NO_COLOR is set or TERM is dumb)",
		"auto|always|never"},
	{"no-wait", 0, OPTION_FLAG, GLOBAL(no_wait), NULL, "close the screen when the run has ended"},
	{"verbose", 0, OPTION_FLAG, GLOBAL(verbose), NULL,
		"print each finding with all its evidence (default: at most 12 lines of text)"},
	{"events", 0, OPTION_TEXT, GLOBAL(events), "FILE",
		"write every event of the run to FILE, one line of JSON each; replay shows it again"},
	{"debug", 0, OPTION_OPTIONAL, GLOBAL(debug), "FILE",
		"write every request to AWS and its reply to FILE (default: standard error), without secrets"},
	{"version", 0, OPTION_FLAG, GLOBAL(version), NULL, "print the version"},
	{"help", 'h', OPTION_FLAG, GLOBAL(help), NULL, "print help"},
	{NULL},
};

#define SELECTOR(member) offsetof(struct cloud_selector, member)

const struct option selector_rows[] = {
	{"CLOUD", 0, OPTION_ARGUMENT, SELECTOR(positional), NULL,
		"name or id of the cloud (default: the default cloud, else the only one)"},
	{"name", 'n', OPTION_TEXT, SELECTOR(name), "NAME", "name of the cloud"},
	{"cloud-id", 0, OPTION_TEXT, SELECTOR(id), "ID", "id of the cloud (cld_...)"},
	{"id", .alias_of = "cloud-id"},
	{NULL},
};

const struct option *command_options(struct arena *arena, const struct command *command)
{
	const struct option *rows = command->provided ? command->provided->options : command->options;
	struct option *all;
	size_t count = 0, made = 0;

	for (; rows && rows[count].name; count++)
		made += rows[count].kind == OPTION_ROWS;
	if (made == 0)
		return rows;
	all = NEW_ARRAY(arena, struct option, count + made * OPTION_ROWS_MAX + 1);
	count = 0;
	for (; rows->name; rows++) {
		if (rows->kind == OPTION_ROWS)
			count += rows->make(rows->offset, &all[count]);
		else
			all[count++] = *rows;
	}
	return all;
}

struct parser {
	struct arena *arena;
	struct command_line *line;
	const char *const *words; /* not read yet; count of them follows */
	int left;
	size_t arguments; /* words without dashes taken by the command so far */
	struct error *err;
};

/* A row, and the struct its offset is in. */
struct slot {
	const struct option *row;
	char *base;
};

/* The tables that hold now, each as a slot with its first row; the nearest to the command first. */
struct tables {
	struct slot table[3];
	size_t count;
};

static struct tables tables_now(struct parser *p)
{
	const struct command *command = p->line->command;
	char *options = p->line->options;
	struct tables t = {0};

	if (p->line->rows)
		t.table[t.count++] = (struct slot){p->line->rows, options};
	if (command && command->needs & NEEDS_CLOUD)
		t.table[t.count++] = (struct slot){selector_rows, (char *)&p->line->selector};
	t.table[t.count++] = (struct slot){global_option_rows, (char *)&p->line->global};
	return t;
}

static const struct option *row_named(const struct option *rows, const char *name, char letter)
{
	for (const struct option *row = rows; row->name; row++) {
		if (row->kind == OPTION_ARGUMENT)
			continue;
		if (name ? text_equal(row->name, name) : row->letter == letter)
			return row->alias_of ? row_named(rows, row->alias_of, 0) : row;
	}
	return NULL;
}

/* name, or else letter. slot.row is NULL when there is no such option. */
static struct slot find(struct parser *p, const char *name, char letter)
{
	struct tables t = tables_now(p);
	struct slot slot = {0};

	for (size_t i = 0; i < t.count && !slot.row; i++) {
		slot.row = row_named(t.table[i].row, name, letter);
		slot.base = t.table[i].base;
	}
	return slot;
}

/* Every usage error goes through here, so that each names its command. */
__attribute__((format(printf, 2, 3))) static int usage(struct parser *p, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	error_set(p->err, ERROR_USAGE, "%s", arena_vprintf(p->arena, format, arguments));
	va_end(arguments);
	if (p->line->command)
		error_wrap(p->err, "%s", p->line->command->name);
	return -1;
}

static const char *spelling(struct parser *p, const struct option *row)
{
	return arena_printf(p->arena, "--%s", row->name);
}

static int unknown(struct parser *p, const char *word)
{
	const char *bare = arena_strndup(p->arena, word, strcspn(word, "="));
	const char *command = p->line->command ? p->line->command->name : NULL;
	struct tables t = tables_now(p);
	struct text_list known = {0};
	const char *near;

	for (size_t i = 0; i < t.count; i++) {
		for (const struct option *row = t.table[i].row; row->name; row++) {
			if (row->kind != OPTION_ARGUMENT)
				text_list_add(p->arena, &known, spelling(p, row));
		}
	}
	near = usual_option(bare);
	if (!near || !text_list_has(&known, arena_strndup(p->arena, near, strcspn(near, " "))))
		near = text_starts_with(word, "--") ? text_nearest(bare, &known) : NULL;
	if (near)
		return usage(p, "unknown option '%s'; did you mean '%s'?", bare, near);
	if (!command)
		return usage(p, "unknown option '%s' before the command's name; see 'cloudctl --help'", bare);
	return usage(p, "unknown option '%s'; see 'cloudctl %s --help'", bare, command);
}

/* Is every item of the comma list (or the one word) in choices, in whatever case? */
static bool among_choices(struct parser *p, const struct option *row, const char *value)
{
	struct text_list choices = text_split(p->arena, row->choices, '|');
	struct text_list items = {0};
	bool all;

	if (row->kind == OPTION_TEXT)
		text_list_add(p->arena, &items, value);
	else
		items = text_split(p->arena, value, ',');
	all = items.count > 0;
	for (size_t i = 0; i < items.count; i++) {
		bool found = false;

		for (size_t j = 0; j < choices.count; j++)
			found = found || text_equal_nocase(items.items[i], choices.items[j]);
		all = all && found;
	}
	return all;
}

static int store_text(struct parser *p, struct slot slot, const char *value)
{
	const char **place = (const char **)(void *)(slot.base + slot.row->offset);

	if (*place && !text_equal(*place, value))
		return usage(p, "%s is given twice, as '%s' and as '%s'", spelling(p, slot.row), *place,
			value);
	*place = value;
	return 0;
}

static int store_list(struct parser *p, struct slot slot, const char *value)
{
	struct text_list *place = (struct text_list *)(void *)(slot.base + slot.row->offset);
	struct text_list items = text_split(p->arena, value, ',');

	if (items.count == 0)
		return usage(p, "%s: the list is empty", spelling(p, slot.row));
	for (size_t i = 0; i < items.count; i++)
		text_list_add(p->arena, place, items.items[i]);
	return 0;
}

static int store_value(struct parser *p, struct slot slot, const char *value)
{
	const struct option *row = slot.row;

	if (value[0] == '\0')
		return usage(p, "%s: the value is empty", spelling(p, row));
	if (row->choices && !among_choices(p, row, value)) {
		struct text_list choices = text_split(p->arena, row->choices, '|');

		return usage(p, "%s: '%s' is not one of %s", spelling(p, row), value,
			text_join(p->arena, &choices, ", "));
	}
	if (row->choices)
		value = text_lowered(p->arena, value, strlen(value));
	return row->kind == OPTION_LIST ? store_list(p, slot, value) : store_text(p, slot, value);
}

static const char *take_word(struct parser *p)
{
	p->left--;
	return *p->words++;
}

/* joined: the value that stands in the same word, or NULL. */
static int take_option(struct parser *p, struct slot slot, const char *joined)
{
	const struct option *row = slot.row;
	/* the word that follows, when it can be a value; it is not taken */
	const char *next = p->left == 0 || (p->words[0][0] == '-' && p->words[0][1]) ? NULL : p->words[0];

	switch (row->kind) {
	case OPTION_FLAG:
		if (joined)
			return usage(p, "%s takes no value", spelling(p, row));
		*(bool *)(void *)(slot.base + row->offset) = true;
		return 0;
	case OPTION_OPTIONAL:
		if (joined)
			return store_value(p, slot, joined);
		if (next && row->choices && among_choices(p, row, next))
			return store_value(p, slot, take_word(p));
		return store_text(p, slot, "");
	case OPTION_TEXT:
	case OPTION_LIST:
		if (joined)
			return store_value(p, slot, joined);
		if (!next)
			return usage(p, "%s needs a value: %s %s", spelling(p, row), spelling(p, row),
				row->placeholder ? row->placeholder : "VALUE");
		return store_value(p, slot, take_word(p));
	case OPTION_ARGUMENT:
	case OPTION_ROWS: break;
	}
	return unknown(p, row->name);
}

static int take_dashed(struct parser *p, const char *word)
{
	bool longer = text_starts_with(word, "--");
	const char *equals = strchr(word, '=');
	const char *joined = NULL;
	struct slot slot;

	if (longer) {
		size_t length = equals ? (size_t)(equals - word) - 2 : strlen(word + 2);

		slot = find(p, arena_strndup(p->arena, word + 2, length), 0);
		joined = equals ? equals + 1 : NULL;
	} else {
		slot = find(p, NULL, word[1]);
		joined = word[2] ? word + 2 : NULL;
	}
	return slot.row ? take_option(p, slot, joined) : unknown(p, word);
}

/* The nth OPTION_ARGUMENT row of what holds now. */
static struct slot argument_slot(struct parser *p, size_t n)
{
	struct tables t = tables_now(p);

	for (size_t i = 0; i < t.count; i++) {
		for (const struct option *row = t.table[i].row; row->name; row++) {
			if (row->kind == OPTION_ARGUMENT && n-- == 0)
				return (struct slot){row, t.table[i].base};
		}
	}
	return (struct slot){0};
}

static int take_argument(struct parser *p, const char *word)
{
	struct slot slot = argument_slot(p, p->arguments);

	if (!slot.row)
		return usage(p, "unexpected argument '%s'", word);
	if (word[0] == '\0')
		return usage(p, "%s is empty", slot.row->name);
	p->arguments++;
	return store_text(p, slot, word);
}

static int take_command(struct parser *p, const char *word)
{
	const struct command *command = command_find(p->arena, word, p->err);

	if (!command)
		return -1;
	p->line->command = command;
	p->line->rows = command_options(p->arena, command);
	p->line->options = arena_alloc(p->arena,
		command->provided ? command->provided->options_size : command->options_size);
	return 0;
}

/* After --help only the command's name matters, and only when it is one. */
static void find_command_for_help(struct parser *p)
{
	struct error ignored;

	while (p->left > 0 && !p->line->command) {
		const char *word = take_word(p);

		p->line->command = word[0] == '-' ? NULL : command_find(p->arena, word, &ignored);
	}
}

/* Forms of reports are for the commands that write them. */
static int check_output(struct parser *p)
{
	const struct command_line *line = p->line;
	const char *output = line->global.output;
	struct text_list outputs = text_split(p->arena, OUTPUTS, '|');

	if (!line->command || !output || (line->command->needs & WRITES_REPORTS) ||
		text_list_has(&outputs, output))
		return 0;
	return usage(p, "--output: '%s' is only for reports of verify; choose one of %s", output,
		text_join(p->arena, &outputs, ", "));
}

int command_line_parse(struct arena *arena, int argc, const char *const *argv, struct command_line *line,
	struct error *err)
{
	struct parser p = {arena, line, argv + 1, argc - 1, 0, err};
	bool only_words = false;

	*line = (struct command_line){0};
	while (p.left > 0) {
		const char *word = take_word(&p);
		bool dashed = !only_words && word[0] == '-' && word[1] != '\0';
		int taken = 0;

		if (dashed && text_equal(word, "--"))
			only_words = true;
		else if (dashed)
			taken = take_dashed(&p, word);
		else if (!line->command)
			taken = take_command(&p, word);
		else
			taken = take_argument(&p, word);
		if (taken < 0)
			return -1;
		if (line->global.help)
			find_command_for_help(&p);
		if (line->global.help || line->global.version)
			return 0;
	}
	return check_output(&p);
}

const struct command *command_find(struct arena *arena, const char *name, struct error *err)
{
	struct text_list names = {0};
	const char *near;

	for (size_t i = 0; i < command_count; i++) {
		if (text_equal(commands[i]->name, name))
			return commands[i];
		text_list_add(arena, &names, commands[i]->name);
	}
	near = usual_command(name);
	if (!near || !(text_list_has(&names, near) || near[0] == '-'))
		near = text_nearest(name, &names);
	if (near)
		error_set(err, ERROR_USAGE, "unknown command '%s'; did you mean '%s'?", name, near);
	else
		error_set(err, ERROR_USAGE, "unknown command '%s'; see 'cloudctl --help'", name);
	return NULL;
}
