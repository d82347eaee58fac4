/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says is ignored, as a tree and back. One table of the items' members drives both directions. */
#include "providers/records/cloud_ignored.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"

/* The members of each item of "ignored", all of them texts. */
static const struct part {
	const char *name;
	size_t offset; /* in struct ignored */
} parts[] = {
	{"check", offsetof(struct ignored, check)},
	{"resource", offsetof(struct ignored, resource)},
	{"reason", offsetof(struct ignored, reason)},
	{"since", offsetof(struct ignored, since)},
};

enum { PARTS = ARRAY_LENGTH(parts) };

json_t *cloud_ignored_to_tree(const struct ignored_list *ignored)
{
	json_t *array = ignored->count > 0 ? json_array() : NULL;

	for (size_t i = 0; i < ignored->count; i++) {
		json_t *item = json_object();

		for (size_t k = 0; k < PARTS; k++) {
			const char *text;

			memcpy(&text, (const char *)&ignored->items[i] + parts[k].offset, sizeof(text));
			if (text)
				json_object_set_new(item, parts[k].name, json_string(text));
		}
		json_array_append_new(array, item);
	}
	return array;
}

static const struct part *part_named(const char *name)
{
	for (size_t i = 0; i < PARTS; i++)
		if (text_equal(parts[i].name, name))
			return &parts[i];
	return NULL;
}

static int take_item(struct arena *arena, size_t index, const json_t *value, struct ignored *item,
	struct error *err)
{
	const char *key;
	const json_t *text;

	if (!json_is_object(value))
		return error_set(err, ERROR_INPUT, "ignored: item %zu must be a mapping", index + 1);
	json_object_foreach ((json_t *)value, key, text) {
		const struct part *part = part_named(key);
		const char *copy = json_string_value(text);

		if (!part)
			return error_set(err, ERROR_INPUT, "ignored: item %zu: no such member: '%s'",
				index + 1, key);
		if (!copy || !copy[0])
			return error_set(err, ERROR_INPUT, "ignored: item %zu: %s must be text", index + 1,
				key);
		copy = arena_strdup(arena, copy);
		memcpy((char *)item + part->offset, &copy, sizeof(copy));
	}
	if (!item->check || !item->reason)
		return error_set(err, ERROR_INPUT, "ignored: item %zu needs a %s", index + 1,
			item->check ? "reason" : "check");
	return 0;
}

int cloud_ignored_from_tree(struct arena *arena, const json_t *tree, struct ignored_list *list,
	struct error *err)
{
	size_t count = json_array_size(tree);

	if (!json_is_array(tree) || count > CLOUD_IGNORED_MAX)
		return error_set(err, ERROR_INPUT, "ignored: must be a list of at most %d",
			CLOUD_IGNORED_MAX);
	*list = (struct ignored_list){NEW_ARRAY(arena, struct ignored, count), count};
	for (size_t i = 0; i < count; i++)
		if (take_item(arena, i, json_array_get(tree, i), &list->items[i], err) < 0)
			return -1;
	return 0;
}

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
