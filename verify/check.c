/* SPDX-License-Identifier: Apache-2.0 */
/* What all checks share: their table, when one cannot be judged, and the making of findings. */
#include "verify/check.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/str.h"
#include "base/tree.h"
#include "verify/plan.h"

size_t check_group_index(const struct check_table *table, const struct check_group *group)
{
	size_t index = 0;

	while (table->groups[index] != group)
		index++;
	return index;
}

size_t check_count(const struct check_table *table)
{
	size_t count = 0;

	for (size_t i = 0; i < table->group_count; i++)
		count += table->groups[i]->count;
	return count;
}

const struct check *check_at(const struct check_table *table, size_t index)
{
	const struct check_group *const *group = table->groups;

	for (; index >= (*group)->count; group++)
		index -= (*group)->count;
	return &(*group)->checks[index];
}

struct text_list check_ids(struct arena *arena, const struct check_table *table)
{
	struct text_list ids = {0};

	for (size_t i = 0; i < check_count(table); i++)
		text_list_add(arena, &ids, check_at(table, i)->id);
	return ids;
}

const struct check *check_find(const struct check_table *table, const char *id,
	const struct check_group **group)
{
	for (size_t i = 0; i < table->group_count; i++) {
		const struct check_group *each = table->groups[i];

		for (size_t k = 0; k < each->count; k++) {
			if (!text_equal(each->checks[k].id, id))
				continue;
			if (group)
				*group = each;
			return &each->checks[k];
		}
	}
	return NULL;
}

static void add_ids(struct arena *arena, struct text_list *ids, const struct check_table *table,
	const struct resource_kind *kind, const struct cloud *cloud)
{
	struct text_list more = kind_ids(arena, kind, table->section(cloud));

	for (size_t i = 0; i < more.count; i++)
		text_list_add_once(arena, ids, more.items[i]);
}

struct text_list check_subjects(struct arena *arena, const struct check_table *table,
	const struct check_group *group, const struct check *check, const struct cloud *cloud)
{
	struct text_list ids = {0};

	if (check && check->subjects.count > 0) {
		for (size_t i = 0; i < check->subjects.count; i++)
			add_ids(arena, &ids, table, &table->kinds[check->subjects.items[i]], cloud);
		return ids;
	}
	for (size_t i = 0; i < table->kind_count; i++)
		if (text_equal(table->kinds[i].group, group->id))
			add_ids(arena, &ids, table, &table->kinds[i], cloud);
	if (group->subject && group->subject(cloud))
		text_list_add(arena, &ids, group->subject(cloud));
	return ids;
}

/*
 * The kind that the record has the id under; else what the check may find besides; else the first kind of the group, for
 * a group without one what it says of its subject.
 */
static const char *kind_of(struct arena *arena, const struct check_table *table,
	const struct check_group *group, const struct check *check, const struct cloud *cloud, const char *id)
{
	const struct resource_kind *of_group = NULL;

	for (size_t i = 0; i < table->kind_count; i++) {
		const struct resource_kind *kind = &table->kinds[i];
		struct text_list ids = kind_ids(arena, kind, table->section(cloud));

		if (text_list_has(&ids, id))
			return kind->one ? kind->one : kind->word;
		if (!of_group && text_equal(kind->group, group->id))
			of_group = kind;
	}
	if (check && check->part)
		return check->part;
	if (!of_group)
		return group->subject_kind ? group->subject_kind : group->id;
	return of_group->one ? of_group->one : of_group->word;
}

struct about_list check_about(struct arena *arena, const struct check_table *table,
	const struct check_group *group, const struct check *check, const struct cloud *cloud,
	const struct text_list *ids)
{
	struct about_list about = {NEW_ARRAY(arena, struct event_about, ids->count), ids->count};

	for (size_t i = 0; i < ids->count; i++)
		about.items[i] = (struct event_about){kind_of(arena, table, group, check, cloud,
							      ids->items[i]),
			ids->items[i]};
	return about;
}

bool check_applies(const struct check *check, const struct cloud *cloud, const struct verify_options *options)
{
	return !check->applies || !check->applies->holds || check->applies->holds(cloud, options);
}

static void mark(bool *marks, const struct index_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		marks[facts->items[i]] = true;
}

void check_facts(const struct check_table *table, const struct check *check, bool *marks)
{
	mark(marks, &check->reads);
	mark(marks, &check->also);
	mark(marks, &table->identity);
	for (size_t i = 0; i < check->about.count; i++)
		marks[table->kinds[check->about.items[i]].exists] = true;
}

struct finding finding_make(const struct facts *facts, enum verdict verdict, const char *format, ...)
{
	struct finding finding = {.verdict = verdict};
	va_list arguments;

	va_start(arguments, format);
	finding.text = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	return finding;
}

struct finding finding_conclude(const struct facts *facts, struct finding found, enum verdict verdict,
	const char *format, ...)
{
	va_list arguments;

	found.verdict = verdict;
	if (verdict == VERDICT_PASS)
		found.resources = (struct text_list){0};
	va_start(arguments, format);
	found.text = arena_vprintf(facts->arena, format, arguments);
	va_end(arguments);
	return found;
}

void finding_evidence(const struct facts *facts, struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_list_add(facts->arena, &finding->evidence, arena_vprintf(facts->arena, format, arguments));
	va_end(arguments);
}

void finding_resource(const struct facts *facts, struct finding *finding, const char *id)
{
	text_list_add_once(facts->arena, &finding->resources, id);
}

static const char *loss_text(const struct facts *facts, unsigned fact)
{
	const char *doing = facts->values[fact].doing;
	struct error error = *facts_error(facts, fact);

	error.action[0] = '\0'; /* has its own place in the finding */
	error_wrap(&error, "%s", doing && *doing ? doing : facts->plan->rows[fact].name);
	return error_text(facts->arena, &error);
}

struct finding finding_lost(const struct facts *facts, unsigned fact)
{
	const struct error *error = facts_error(facts, fact);
	struct finding finding = finding_make(facts, VERDICT_UNKNOWN, "%s", loss_text(facts, fact));

	if (error->kind == ERROR_DENIED && *error->action)
		finding.action = arena_strdup(facts->arena, error->action);
	return finding;
}

struct finding finding_unknown(const struct facts *facts, const struct index_list *some)
{
	struct finding finding = {0};

	for (size_t i = 0; i < some->count; i++) {
		unsigned fact = some->items[i];

		if (!facts_lost(facts, fact))
			continue;
		if (!finding.text)
			finding = finding_lost(facts, fact);
		else if (!text_equal(loss_text(facts, fact), finding.text))
			finding_evidence(facts, &finding, "%s", loss_text(facts, fact));
	}
	return finding;
}

static struct finding judge(const struct check_table *table, const struct check *check,
	const struct facts *facts)
{
	const char *elsewhere = table->elsewhere && !check->judges_caller ? table->elsewhere(facts) : NULL;

	if (elsewhere)
		return finding_make(facts, VERDICT_UNKNOWN, "%s", elsewhere);
	for (size_t i = 0; i < check->about.count; i++) {
		const struct resource_kind *kind = &table->kinds[check->about.items[i]];

		if (json_is_null(facts_tree(facts, kind->exists)))
			return finding_make(facts, VERDICT_SKIP, "needs %s", kind->word);
	}
	if (facts_any_lost(facts, &check->reads))
		return finding_unknown(facts, &check->reads);
	return check->decide(facts);
}

/* Ids and errors come from outside and can be of any length, so a check cannot promise a short sentence. */
static void shorten(struct arena *arena, struct finding *finding)
{
	static const char more[] = " …";
	const char *whole = finding->text;
	size_t longest = FINDING_TEXT_MAX - strlen(more), length = longest;
	struct text_list evidence = {0};

	if (strlen(whole) <= FINDING_TEXT_MAX)
		return;
	while (length > 0 && whole[length] != ' ')
		length--;
	for (length = length > 0 ? length : longest; ((unsigned char)whole[length] & 0xc0) == 0x80;)
		length--; /* not inside a character of UTF-8 */
	finding->text = arena_printf(arena, "%.*s%s", (int)length, whole, more);
	text_list_add(arena, &evidence, whole);
	for (size_t i = 0; i < finding->evidence.count; i++)
		text_list_add(arena, &evidence, finding->evidence.items[i]);
	finding->evidence = evidence;
}

struct finding check_judge(const struct check_table *table, const struct check *check,
	const struct facts *facts)
{
	struct finding finding = judge(table, check, facts);

	finding.check = check;
	shorten(facts->arena, &finding);
	return finding;
}

/* The record's ids of the kind that a placeholder stands for, by their names; NULL when it does not know any. */
static const char *kind_value(struct arena *arena, const struct check_table *table,
	const struct resource_kind *kind, const struct cloud *cloud)
{
	struct text_list ids = kind_ids(arena, kind, table->section(cloud)), names = {0};

	for (size_t i = 0; i < ids.count; i++)
		text_list_add(arena, &names, table->name_of ? table->name_of(ids.items[i]) : ids.items[i]);
	return names.count > 0 ? shell_words(arena, &names) : NULL;
}

static const char *placeholder(struct arena *arena, const struct check_table *table,
	const struct cloud *cloud, const char *name)
{
	const char *value;

	for (size_t i = 0; i < table->kind_count; i++)
		if (text_equal(table->kinds[i].placeholder, name))
			return kind_value(arena, table, &table->kinds[i], cloud);
	value = table->placeholder ? table->placeholder(arena, cloud, name) : NULL;
	return value ? shell_word(arena, value) : NULL;
}

/* A placeholder is a word of small letters and dashes in braces; JSON in a command has other things after a brace. */
static size_t placeholder_length(const char *text)
{
	size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-");

	return *text == '{' && length > 0 && text[1 + length] == '}' ? length : 0;
}

const char *check_remedy(struct arena *arena, const struct check_table *table, const struct check *check,
	const struct cloud *cloud, enum remedy_kind *kind)
{
	struct str out = {.arena = arena, .max = REMEDY_MAX};
	bool quoted = false;

	*kind = check->remedy_kind;
	if (!check->remedy)
		return NULL;
	for (const char *text = check->remedy; *text;) {
		size_t length = placeholder_length(text);
		const char *name, *value;

		if (length == 0) {
			quoted ^= *text == '\'';
			str_putc(&out, *text++);
			continue;
		}
		name = arena_strndup(arena, text + 1, length);
		value = placeholder(arena, table, cloud, name);
		text += length + 2;
		if (value && (!quoted || shell_is_plain(value))) {
			str_puts(&out, value);
			continue;
		}
		str_printf(&out, "<%s>", name);
		*kind = REMEDY_DO;
	}
	return out.overflow ? NULL : str_text(&out);
}
