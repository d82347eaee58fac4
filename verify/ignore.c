/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a record against findings. Decides nothing about the cloud itself. */
#include "verify/ignore.h"

#include "base/arena.h"
#include "base/str.h"
#include "verify/check.h"

static struct text_list failing(struct arena *arena, const struct check_table *table,
	const struct cloud *cloud, const struct finding *finding)
{
	if (finding->resources.count > 0)
		return finding->resources;
	return check_subjects(arena, table, finding->group, finding->check, cloud);
}

static bool names(const struct check_table *table, const struct ignored *entry, const char *resource)
{
	return text_equal(entry->resource, resource) ||
		(table->name_of && text_equal(entry->resource, table->name_of(resource)));
}

/* The entry of a check and a resource; resource NULL: the one without. */
static const struct ignored *find(const struct check_table *table, const struct cloud *cloud,
	const char *check, const char *resource)
{
	const struct ignored_list *ignored = table->ignored(cloud);

	for (size_t i = 0; i < ignored->count; i++) {
		const struct ignored *entry = &ignored->items[i];

		if (text_equal(entry->check, check) &&
			(resource ? entry->resource && names(table, entry, resource) : !entry->resource))
			return entry;
	}
	return NULL;
}

/* "REASON", or "disk-1: REASON; disk-2: ANOTHER" */
static const char *reasons_of(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const char *check, const struct text_list *resources)
{
	struct str text = {.arena = arena, .max = IGNORE_REASONS_MAX};

	for (size_t i = 0; i < resources->count; i++) {
		const struct ignored *entry = find(table, cloud, check, resources->items[i]);

		if (!entry)
			return NULL;
		str_printf(&text, "%s%s: %s", i > 0 ? "; " : "", resources->items[i], entry->reason);
	}
	return resources->count > 0 ? str_text(&text) : NULL;
}

const char *ignore_reason(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const struct finding *finding)
{
	enum verdict verdict = finding->verdict;
	const struct ignored *whole;
	struct text_list resources;

	if (!table->ignored || table->ignored(cloud)->count == 0 || verdict == VERDICT_PASS)
		return NULL;
	whole = find(table, cloud, finding->check->id, NULL);
	if (whole)
		return whole->reason;
	if (verdict == VERDICT_UNKNOWN || verdict == VERDICT_SKIP)
		return NULL;
	resources = failing(arena, table, cloud, finding);
	return reasons_of(arena, table, cloud, finding->check->id, &resources);
}

static bool fails_for(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const struct finding *finding, const struct ignored *entry)
{
	struct text_list resources = failing(arena, table, cloud, finding);

	for (size_t i = 0; i < resources.count; i++)
		if (names(table, entry, resources.items[i]))
			return true;
	return false;
}

enum ignore_use ignore_use(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const struct ignored *entry, const struct finding *findings, size_t count)
{
	const struct finding *finding = NULL;

	for (size_t i = 0; i < count && !finding; i++)
		if (text_equal(findings[i].check->id, entry->check))
			finding = &findings[i];
	if (!finding)
		return check_find(table, entry->check, NULL) ? IGNORE_NOT_JUDGED : IGNORE_UNKNOWN_CHECK;
	if (finding->verdict == VERDICT_PASS)
		return IGNORE_PASSED;
	if (entry->resource && (finding->verdict == VERDICT_WARN || finding->verdict == VERDICT_FAIL) &&
		!fails_for(arena, table, cloud, finding, entry))
		return IGNORE_PASSED;
	return IGNORE_OF_USE;
}

void ignored_put(struct arena *arena, struct ignored_list *list, const struct ignored *entry)
{
	struct ignored *items;

	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->items[i].check, entry->check) &&
			text_equal(list->items[i].resource, entry->resource)) {
			list->items[i] = *entry;
			return;
		}
	}
	items = NEW_ARRAY(arena, struct ignored, list->count + 1);
	for (size_t i = 0; i < list->count; i++)
		items[i] = list->items[i];
	items[list->count] = *entry;
	*list = (struct ignored_list){items, list->count + 1};
}

size_t ignored_remove(struct ignored_list *list, const char *check, const char *resource)
{
	size_t kept = 0, before = list->count;

	for (size_t i = 0; i < before; i++) {
		const struct ignored *entry = &list->items[i];

		if (text_equal(entry->check, check) && (!resource || text_equal(entry->resource, resource)))
			continue;
		list->items[kept++] = *entry;
	}
	list->count = kept;
	return before - kept;
}
