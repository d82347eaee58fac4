/* SPDX-License-Identifier: Apache-2.0 */
/* Globs against the ids of checks. */
#include "verify/choice.h"

#include "base/arena.h"
#include "base/text.h"
#include "verify/verification.h"

/* The id that a mistaken glob may have meant: a near one, or the group's glob when it is a group's name. */
static const char *suggestion(struct arena *arena, const struct check_table *table, const char *glob)
{
	const char *prefix = arena_printf(arena, "%s.", glob);
	struct text_list ids = check_ids(arena, table);

	for (size_t i = 0; i < ids.count; i++)
		if (text_starts_with(ids.items[i], prefix))
			return arena_printf(arena, "%s*", prefix);
	return text_nearest(glob, &ids);
}

static int refuse_glob(struct arena *arena, const struct check_table *table, const char *glob,
	struct error *err)
{
	const char *near = suggestion(arena, table, glob);

	if (near)
		return error_set(err, ERROR_USAGE, "no check matches '%s'; did you mean '%s'?", glob, near);
	return error_set(err, ERROR_USAGE, "no check matches '%s'; 'cloudctl checks' lists them", glob);
}

static bool matches_any(const struct text_list *globs, const char *id)
{
	for (size_t i = 0; i < globs->count; i++)
		if (text_glob(globs->items[i], id, false))
			return true;
	return false;
}

bool check_is_chosen(const struct check *check, const struct verify_options *options)
{
	if (matches_any(&options->skip, check->id))
		return false;
	return options->only.count == 0 || matches_any(&options->only, check->id);
}

/* Every glob must match some check of the table, whether or not that one applies to this cloud. */
static int test_globs(struct arena *arena, const struct check_table *table, const struct text_list *globs,
	struct error *err)
{
	struct text_list ids = check_ids(arena, table);

	for (size_t i = 0; i < globs->count; i++) {
		bool found = false;

		for (size_t k = 0; k < ids.count; k++)
			found = found || text_glob(globs->items[i], ids.items[k], false);
		if (!found)
			return refuse_glob(arena, table, globs->items[i], err);
	}
	return 0;
}

/* A run of nothing would pass whatever is broken. */
static int refuse_nothing(const struct check_table *table, const struct verify_options *options,
	struct error *err)
{
	for (size_t i = 0; i < check_count(table); i++)
		if (check_is_chosen(check_at(table, i), options))
			return 0;
	return error_set(err, ERROR_USAGE,
		"no check is left to run: everything that is chosen is skipped as well");
}

int check_choice_test(struct arena *arena, const struct check_table *table,
	const struct verify_options *options, struct error *err)
{
	if (test_globs(arena, table, &options->only, err) < 0 ||
		test_globs(arena, table, &options->skip, err) < 0)
		return -1;
	return refuse_nothing(table, options, err);
}
