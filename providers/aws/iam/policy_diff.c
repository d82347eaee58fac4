/* SPDX-License-Identifier: Apache-2.0 */
/* Statements matched in pairs, and the parts of each pair compared as sets of texts. */
#include "providers/aws/iam/policy_diff.h"

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/iam/statement.h"

/* --- a statement as texts --- */

static struct text_list actions_of(struct arena *arena, const struct iam_statement *statement)
{
	struct text_list list = {0};

	for (size_t i = 0; i < statement->actions.count; i++)
		text_list_add(arena, &list,
			arena_printf(arena, "%s%s", statement->not_action ? "all but " : "",
				statement->actions.items[i]));
	return list;
}

static struct text_list resources_of(struct arena *arena, const struct iam_statement *statement)
{
	struct text_list list = {0};

	for (size_t i = 0; i < statement->resources.count; i++)
		text_list_add(arena, &list,
			arena_printf(arena, "on %s%s", statement->not_resource ? "all but " : "",
				statement->resources.items[i]));
	return list;
}

static struct text_list principals_of(struct arena *arena, const struct iam_statement *statement)
{
	struct text_list list = {0};

	for (size_t i = 0; i < statement->principal_count; i++)
		text_list_add(arena, &list,
			arena_printf(arena, "for %s%s", statement->not_principal ? "all but " : "",
				statement->principals[i].value));
	return list;
}

static struct text_list conditions_of(struct arena *arena, const struct iam_statement *statement)
{
	struct text_list list = {0};

	for (size_t i = 0; i < statement->condition_count; i++)
		text_list_add(arena, &list,
			arena_printf(arena, "if %s", condition_text(arena, &statement->conditions[i])));
	return list;
}

static struct text_list (*const parts[])(struct arena *arena, const struct iam_statement *statement) = {
	actions_of,
	resources_of,
	principals_of,
	conditions_of,
};

static const char *effect_of(const struct iam_statement *statement)
{
	return statement->allow ? "Allow" : "Deny";
}

/* "Allow ec2:RunInstances, on *, if Bool aws:SecureTransport [true]" */
static const char *text_of(struct arena *arena, const struct iam_statement *statement)
{
	struct text_list all = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		struct text_list part = parts[i](arena, statement);

		for (size_t k = 0; k < part.count; k++)
			text_list_add(arena, &all, part.items[k]);
	}
	return arena_printf(arena, "%s %s", effect_of(statement), text_join(arena, &all, ", "));
}

static const char *name_of(struct arena *arena, const struct iam_statement *statement)
{
	return statement->sid ? statement->sid : arena_printf(arena, "statement %zu", statement->number);
}

/* --- pairs --- */

static bool same_set(const struct text_list *a, const struct text_list *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!text_list_has(b, a->items[i]))
			return false;
	for (size_t i = 0; i < b->count; i++)
		if (!text_list_has(a, b->items[i]))
			return false;
	return true;
}

static bool same_part(struct arena *arena, size_t part, const struct iam_statement *a,
	const struct iam_statement *b)
{
	struct text_list of_a = parts[part](arena, a), of_b = parts[part](arena, b);

	return same_set(&of_a, &of_b);
}

static bool is_equal(struct arena *arena, const struct iam_statement *a, const struct iam_statement *b)
{
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
		if (!same_part(arena, i, a, b))
			return false;
	return a->allow == b->allow && text_equal(a->sid, b->sid);
}

static bool has_same_sid(struct arena *arena, const struct iam_statement *a, const struct iam_statement *b)
{
	(void)arena;
	return a->sid && text_equal(a->sid, b->sid);
}

/* What it is about is the same: only its actions, conditions or name are others. */
static bool is_about_the_same(struct arena *arena, const struct iam_statement *a,
	const struct iam_statement *b)
{
	return a->allow == b->allow && same_part(arena, 1, a, b) && same_part(arena, 2, a, b);
}

/* In this order, so that a weaker likeness never takes the partner of a stronger one. */
static bool (*const likenesses[])(struct arena *arena, const struct iam_statement *a,
	const struct iam_statement *b) = {
	is_equal,
	has_same_sid,
	is_about_the_same,
};

enum { ALONE = -1 };

/* For each statement of after the one of before that it was, or ALONE; is_taken tells which of before have one. */
static void match(struct arena *arena, const struct iam_policy *before, const struct iam_policy *after,
	int *partners, bool *is_taken)
{
	for (size_t i = 0; i < after->count; i++)
		partners[i] = ALONE;
	for (size_t how = 0; how < ARRAY_LENGTH(likenesses); how++)
		for (size_t i = 0; i < after->count; i++)
			for (size_t k = 0; k < before->count && partners[i] == ALONE; k++)
				if (!is_taken[k] &&
					likenesses[how](arena, &before->statements[k],
						&after->statements[i])) {
					partners[i] = (int)k;
					is_taken[k] = true;
				}
}

static void add_missing(struct arena *arena, const char *name, char sign, const struct text_list *in,
	const struct text_list *from, struct text_list *lines)
{
	for (size_t i = 0; i < in->count; i++)
		if (!text_list_has(from, in->items[i]))
			text_list_add(arena, lines,
				arena_printf(arena, "%s: %c %s", name, sign, in->items[i]));
}

static void compare(struct arena *arena, const struct iam_statement *before,
	const struct iam_statement *after, struct text_list *lines)
{
	const char *name = name_of(arena, after);

	if (!text_equal(before->sid, after->sid))
		text_list_add(arena, lines,
			arena_printf(arena, "%s → %s: another name", name_of(arena, before), name));
	if (before->allow != after->allow)
		text_list_add(arena, lines,
			arena_printf(arena, "%s: %s → %s", name, effect_of(before), effect_of(after)));
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		struct text_list had = parts[i](arena, before), has = parts[i](arena, after);

		add_missing(arena, name, '-', &had, &has, lines);
		add_missing(arena, name, '+', &has, &had, lines);
	}
}

static bool read_or_none(struct arena *arena, const json_t *document, struct iam_policy *policy)
{
	const char *wrong;

	*policy = (struct iam_policy){0};
	return !document || policy_read(arena, document, policy, &wrong);
}

static void add_whole(struct arena *arena, char sign, const struct iam_statement *statement,
	struct text_list *lines)
{
	text_list_add(arena, lines,
		arena_printf(arena, "%c %s: %s", sign, name_of(arena, statement), text_of(arena, statement)));
}

bool policy_diff(struct arena *arena, const json_t *before, const json_t *after, struct text_list *lines)
{
	struct iam_policy had, has;
	int *partners;
	bool *is_taken;

	if (!read_or_none(arena, before, &had) || !read_or_none(arena, after, &has))
		return false;
	partners = NEW_ARRAY(arena, int, has.count);
	is_taken = NEW_ARRAY(arena, bool, had.count);
	match(arena, &had, &has, partners, is_taken);
	for (size_t i = 0; i < had.count; i++)
		if (!is_taken[i])
			add_whole(arena, '-', &had.statements[i], lines);
	for (size_t i = 0; i < has.count; i++) {
		if (partners[i] == ALONE)
			add_whole(arena, '+', &has.statements[i], lines);
		else
			compare(arena, &had.statements[partners[i]], &has.statements[i], lines);
	}
	return true;
}
