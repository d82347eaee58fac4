/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl checks`: the catalogue of checks. */
#include "cmd/checks.h"

#include <string.h>

#include "base/array.h"
#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "providers/functional.h"
#include "ui/output.h"

enum { PAGE_MAX = 256 << 10 };

json_t *checks_tree(const struct check_group *group, const struct check *check)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s?, s:s?}", "id", check->id, "group",
		group->id, "severity", verdict_name(check->severity), "applies",
		check->applies ? check->applies->words : "always", "holds", check->holds, "why", check->why,
		"remedy", check->remedy, "remedy_kind", remedy_kind_names[check->remedy_kind], "requirement",
		check->requirement, "reference", check->reference);
}

const struct check_group *checks_group(size_t index)
{
	const struct check_table *const tables[] = {PROVIDER.checks, PROVIDER.preflight,
		PROVIDER.functional->checks};

	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		size_t count = tables[i] ? tables[i]->group_count : 0;

		if (index < count)
			return tables[i]->groups[index];
		index -= count;
	}
	return NULL;
}

static int print_rows(struct context *context, const struct check_group *one, struct error *err)
{
	static const char *const headings[] = {"ID", "WORST", "WHAT MUST HOLD"};
	enum { COLUMNS = ARRAY_LENGTH(headings) };
	const struct check_group *group;
	const char **cells, **cell;
	size_t count = 0;

	for (size_t i = 0; (group = checks_group(i)); i++)
		count += group->count;
	cell = cells = NEW_ARRAY(context->arena, const char *, count *COLUMNS);
	for (size_t i = 0; (group = checks_group(i)); i++) {
		for (size_t k = 0; (!one || group == one) && k < group->count; k++) {
			*cell++ = group->checks[k].id;
			*cell++ = verdict_name(group->checks[k].severity);
			*cell++ = group->checks[k].holds;
		}
	}
	return output_table(context->results, headings, COLUMNS, cells, (size_t)(cell - cells) / COLUMNS,
		err);
}

int checks_print(struct context *context, const struct check_group *one, struct error *err)
{
	const struct check_group *group;
	json_t *array;

	if (context->format == OUTPUT_TEXT)
		return print_rows(context, one, err);
	array = json_array();
	for (size_t i = 0; (group = checks_group(i)); i++)
		for (size_t k = 0; (!one || group == one) && k < group->count; k++)
			json_array_append_new(array, checks_tree(group, &group->checks[k]));
	return output_tree(context->results, array, context->format, err);
}

/* --- docs/checks.md: the whole catalogue as one page in Markdown --- */

/* Text in a page: what Markdown would take for itself is escaped. */
static void put_text(struct str *page, const char *text)
{
	for (; *text; text++) {
		if (*text == '<' || *text == '*' || *text == '_' || *text == '`' || *text == '[' ||
			*text == '\\')
			str_putc(page, '\\');
		str_putc(page, *text);
	}
}

static void put_part(struct str *page, const char *title, const char *text)
{
	str_printf(page, "\n**%s.** ", title);
	put_text(page, text);
	str_putc(page, '\n');
}

static void put_check(struct str *page, const struct check *check)
{
	str_printf(page, "\n### `%s`\n", check->id);
	put_part(page, "Must hold", check->holds);
	str_printf(page, "\n**Else.** %s. Applies to %s.\n", verdict_name(check->severity),
		check->applies ? check->applies->words : "every cloud");
	put_part(page, "Why", check->why);
	/* Four spaces make a line code; no remedy holds a line break. */
	str_printf(page, "\n**Remedy.**\n\n    %s\n", check->remedy);
	/* The page lies beside the one of the requirements. */
	str_printf(page, "\n**Requirement.** [%s](%s), after <%s>\n", strchr(check->requirement, '#') + 1,
		check->requirement + strlen("docs/"), check->reference);
}

static void put_page(struct str *page)
{
	const struct check_group *group;

	str_puts(page,
		"# Checks\n\n"
		"The checks of `cloudctl verify`, and those of `setup` before it makes anything. `cloudctl checks --markdown` prints\n"
		"this page from the tables that they work with. Ids never change their meaning. A word in braces, such as `{vpc}`,\n"
		"stands for the cloud's own id, which is filled in.\n\n"
		"FAIL: a requirement is not met. WARN: a recommendation is not followed. A check that can FAIL may give a WARN, too.\n"
		"A check that applies to functional verification runs only before something real is launched.\n");
	for (size_t i = 0; (group = checks_group(i)); i++) {
		str_printf(page, "\n## %s\n", group->name);
		for (size_t k = 0; k < group->count; k++)
			put_check(page, &group->checks[k]);
	}
}

/* --- the command --- */

struct checks_options {
	bool markdown;
};

static int checks_run(struct context *context, const void *data, struct error *err)
{
	const struct checks_options *options = data;
	struct str page = {.arena = context->arena, .max = PAGE_MAX};

	if (options->markdown) {
		put_page(&page);
		return output_write(context->results, str_text(&page), page.length, err);
	}
	return checks_print(context, NULL, err);
}

static const struct option checks_rows[] = {
	{"markdown", 0, OPTION_FLAG, offsetof(struct checks_options, markdown), NULL,
		"print every check in full, as a page in Markdown: docs/checks.md"},
	{NULL},
};

const struct command command_checks = {
	.name = "checks",
	.summary = "list the checks of verify, and those before setup",
	.description =
		"Lists the checks: the id, the worst verdict that a check can give, and what must hold.\n"
		"Ids never change their meaning. Needs no AWS account.\n"
		"\n"
		"  cloudctl checks -o json",
	.options = checks_rows,
	.options_size = sizeof(struct checks_options),
	.run = checks_run,
};
