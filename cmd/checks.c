/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl checks`: the catalogue of checks. */
#include "cmd/checks.h"

#include "base/array.h"
#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "ui/output.h"

json_t *checks_tree(const struct check_group *group, const struct check *check)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s?}", "id", check->id, "group", group->id,
		"severity", verdict_name(check->severity), "applies",
		check->applies ? check->applies->words : "always", "holds", check->holds, "why", check->why,
		"remedy", check->remedy, "reference", check->reference);
}

static int print_table(struct context *context, struct error *err)
{
	static const char *const headings[] = {"ID", "WORST", "WHAT MUST HOLD"};
	enum { COLUMNS = ARRAY_LENGTH(headings) };
	size_t count = check_count(PROVIDER.checks);
	const char **cells = NEW_ARRAY(context->arena, const char *, count *COLUMNS);

	for (size_t i = 0; i < count; i++) {
		const struct check *check = check_at(PROVIDER.checks, i);

		cells[i * COLUMNS] = check->id;
		cells[i * COLUMNS + 1] = verdict_name(check->severity);
		cells[i * COLUMNS + 2] = check->holds;
	}
	return output_table(context->results, headings, COLUMNS, cells, count, err);
}

struct checks_options {
	bool markdown;
};

static int print_page(struct context *context, struct error *err)
{
	struct str page = {.arena = context->arena, .max = CHECKS_PAGE_MAX};

	checks_page(&page);
	return output_write(context->results, str_text(&page), page.length, err);
}

static void append_group(json_t *array, const struct check_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		json_array_append_new(array, checks_tree(group, &group->checks[i]));
}

static int checks_run(struct context *context, const void *data, struct error *err)
{
	const struct checks_options *options = data;
	json_t *array;

	if (options->markdown)
		return print_page(context, err);
	if (context->format == OUTPUT_TEXT)
		return print_table(context, err);
	array = json_array();
	for (size_t i = 0; i < PROVIDER.checks->group_count; i++)
		append_group(array, PROVIDER.checks->groups[i]);
	return output_tree(context->results, array, context->format, err);
}

static const struct option checks_rows[] = {
	{"markdown", 0, OPTION_FLAG, offsetof(struct checks_options, markdown), NULL,
		"print every check in full, as a page in Markdown: docs/checks.md"},
	{NULL},
};

const struct command command_checks = {
	.name = "checks",
	.summary = "list the checks that verify runs",
	.description =
		"Lists the checks: the id, the worst verdict that a check can give, and what must hold.\n"
		"Ids never change their meaning. Needs no AWS account.\n"
		"\n"
		"  cloudctl checks -o json",
	.options = checks_rows,
	.options_size = sizeof(struct checks_options),
	.run = checks_run,
};
