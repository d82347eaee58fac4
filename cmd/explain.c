/* SPDX-License-Identifier: Apache-2.0 */
/* `cloudctl explain CHECK`: one row of the catalogue in full, or what a group consists of. */
#include "base/str.h"
#include "cmd/built_in.h"
#include "cmd/checks.h"
#include "cmd/context.h"
#include "ui/output.h"

enum { PAGE_MAX = 16 << 10 };

struct explain_options {
	const char *check;
};

/* What JUnit's reports say of a run that broke off (ui/documents/junit.h), which no table of checks has. */
static const struct check run_check = {
	.id = "run.complete",
	.severity = VERDICT_FAIL,
	.holds = "the run went to its end, and every check was decided",
	.why = "of a run that broke off nobody may believe that what it did not look at is in order",
	.remedy = "look at the error on standard error, then verify again",
};
static const struct check_group run_group = {.id = "run", .name = "run", .checks = &run_check, .count = 1};

static bool is_of(const struct check_group *group, const char *id)
{
	return text_equal(group->id, id) || text_equal_nocase(group->name, id);
}

/* The check with an id, or all checks of a group by its id or name: *check is NULL then. NULL with *err set. */
static const struct check_group *find(struct arena *arena, const char *id, const struct check **check,
	struct error *err)
{
	const struct check_group *group;
	struct text_list ids = {0};
	const char *near;

	*check = NULL;
	for (size_t i = 0; (group = checks_group(i)); i++) {
		if (is_of(group, id))
			return group;
		text_list_add(arena, &ids, group->id);
		for (size_t k = 0; k < group->count; k++) {
			text_list_add(arena, &ids, group->checks[k].id);
			if (!text_equal(group->checks[k].id, id))
				continue;
			*check = &group->checks[k];
			return group;
		}
	}
	if (text_equal(id, run_check.id) || is_of(&run_group, id)) {
		*check = &run_check;
		return &run_group;
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
	group = find(context->arena, options->check, &check, err);
	if (!group)
		return -1;
	if (!check)
		return checks_print(context, group, err);
	if (context->format != OUTPUT_TEXT)
		return output_tree(context->results, checks_tree(group, check), context->format, err);
	write_page(&page, check);
	return output_write(context->results, str_text(&page), page.length, err);
}

static const struct option explain_rows[] = {
	{"CHECK", 0, OPTION_ARGUMENT, offsetof(struct explain_options, check), NULL,
		"id of a check, as 'cloudctl checks' lists them, or of a group: vpc, 'iam roles'"},
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
