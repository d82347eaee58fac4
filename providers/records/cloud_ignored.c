/* SPDX-License-Identifier: Apache-2.0 */
/* The list of what a record ignores. */
#include "providers/records/cloud_ignored.h"

#include "base/arena.h"

void cloud_ignored_put(struct arena *arena, struct ignored_list *list, const struct ignored *entry)
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

size_t cloud_ignored_remove(struct ignored_list *list, const char *check, const char *resource)
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
