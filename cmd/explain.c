/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl explain CHECK`: one row of the catalogue in full. */
#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/checks.h"
#include "cmd/context.h"
#include "ui/output.h"

enum { PAGE_MAX = 16 << 10 };

struct explain_options {
	const char *check;
};

static const struct check *find(struct arena *arena, const char *id, const struct check_group **group,
	struct error *err)
{
	const struct check_table *const tables[] = {PROVIDER.checks, PROVIDER.preflight};
	struct text_list ids = {0};
	const char *near;

	for (size_t i = 0; i < 2; i++) {
		const struct check *check = check_find(tables[i], id, group);
		struct text_list more = check_ids(arena, tables[i]);

		if (check)
			return check;
		for (size_t k = 0; k < more.count; k++)
			text_list_add(arena, &ids, more.items[k]);
	}
	near = text_nearest(id, &ids);
	if (near)
		error_set(err, ERROR_USAGE, "unknown check '%s'; did you mean '%s'?", id, near);
	else
		error_set(err, ERROR_USAGE, "unknown check '%s'; 'cloudctl checks' lists them", id);
	return NULL;
}

static void put(struct str *page, const char *title, const char *text)
{
	if (text)
		str_printf(page, "%-13s%s\n", title, text);
}

static void write_page(struct str *page, const struct check *check)
{
	bool fails = check->severity == VERDICT_FAIL;

	str_printf(page, "%s\n\n", check->id);
	put(page, "Holds:", check->holds);
	put(page,
		"Else:", fails ? "FAIL: a requirement is not met" : "WARN: a recommendation is not followed");
	put(page, "Applies to:", check->applies ? check->applies->words : "every cloud");
	put(page, "Why:", check->why);
	put(page, "Remedy:", check->remedy);
	put(page, "Requirement:", check->requirement);
	put(page, "Reference:", check->reference);
}

static int explain_run(struct context *context, const void *data, struct error *err)
{
	const struct explain_options *options = data;
	struct str page = {.arena = context->arena, .max = PAGE_MAX};
	const struct check_group *group;
	const struct check *check;

	if (!options->check)
		return error_set(err, ERROR_USAGE, "explain: which check? 'cloudctl checks' lists them");
	check = find(context->arena, options->check, &group, err);
	if (!check)
		return -1;
	if (context->format != OUTPUT_TEXT)
		return output_tree(context->results, checks_tree(group, check), context->format, err);
	write_page(&page, check);
	return output_write(context->results, str_text(&page), page.length, err);
}

static const struct option explain_rows[] = {
	{"CHECK", 0, OPTION_ARGUMENT, offsetof(struct explain_options, check), NULL,
		"id of a check, as 'cloudctl checks' lists them"},
	{NULL},
};

const struct command command_explain = {
	.name = "explain",
	.arguments = "CHECK",
	.summary = "explain one check in full",
	.description = "Prints what must hold, why it matters, what to do when it does not, and the source.\n"
		       "A word in braces, such as {vpc}, stands for the cloud's own id; verify fills it in.\n"
		       "\n"
		       "  cloudctl explain vpc.cidr-size",
	.options = explain_rows,
	.options_size = sizeof(struct explain_options),
	.run = explain_run,
};
