/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors for reply trees; they read and never change. */
#include "base/tree.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* One step of a path: a member of an object, or an index into a list (a scalar or object is a list of one). */
static const json_t *step(const json_t *node, const char *name, size_t length)
{
	char number[12];
	uint64_t index;

	if (json_is_object(node)) {
		const json_t *member = json_object_getn(node, name, length);

		if (member)
			return member;
	}
	if (length >= sizeof(number))
		return NULL;
	memcpy(number, name, length);
	number[length] = '\0';
	if (!text_number(number, 0, UINT32_MAX, &index))
		return NULL;
	return tree_at(node, (size_t)index);
}

const json_t *tree_get(const json_t *node, const char *path)
{
	while (node && path && *path) {
		size_t length = strcspn(path, ".");

		node = step(node, path, length);
		path += length + (path[length] == '.');
	}
	return node;
}

size_t tree_count(const json_t *list)
{
	if (!list || json_is_null(list))
		return 0;
	if (json_is_array(list))
		return json_array_size(list);
	return json_is_string(list) && json_string_length(list) == 0 ? 0 : 1;
}

const json_t *tree_at(const json_t *list, size_t index)
{
	if (index >= tree_count(list))
		return NULL;
	return json_is_array(list) ? json_array_get(list, index) : list;
}

const char *tree_text(const json_t *node, const char *path)
{
	const char *text = json_string_value(tree_get(node, path));

	return text ? text : "";
}

bool tree_bool(const json_t *node, const char *path)
{
	const json_t *value = tree_get(node, path);

	return json_is_true(value) || text_equal(json_string_value(value), "true");
}

/* Decimal text with an optional sign, in the range of int64_t. */
static bool parse_integer(const char *text, int64_t *value)
{
	bool negative = *text == '-';
	uint64_t magnitude;

	if (!text_number(text + negative, 0, INT64_MAX, &magnitude))
		return false;
	*value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}

bool tree_number(const json_t *node, const char *path, int64_t minimum, int64_t maximum, int64_t *value)
{
	const json_t *found = tree_get(node, path);
	int64_t number;

	if (json_is_integer(found))
		number = json_integer_value(found);
	else if (json_is_real(found) && json_real_value(found) >= -9e15 && json_real_value(found) <= 9e15)
		number = (int64_t)json_real_value(found);
	else if (!json_is_string(found) || !parse_integer(json_string_value(found), &number))
		return false;
	if (json_is_real(found) && (double)number != json_real_value(found))
		return false;
	if (number < minimum || number > maximum)
		return false;
	*value = number;
	return true;
}

/* jansson reads and writes numbers independently of the locale, so it is asked to read decimal text, too. */
bool tree_real(const json_t *node, const char *path, double *value)
{
	const json_t *found = tree_get(node, path);
	json_t *parsed = NULL;
	bool good;

	if (json_is_string(found))
		parsed = json_loadb(json_string_value(found), json_string_length(found), JSON_DECODE_ANY,
			NULL);
	good = json_is_number(parsed ? parsed : found);
	if (good)
		*value = json_number_value(parsed ? parsed : found);
	json_decref(parsed);
	return good;
}

const json_t *tree_find(const json_t *node, const char *path, const char *key, const char *value)
{
	TREE_EACH (element, node, path)
		if (text_equal(json_string_value(tree_get(element, key)), value))
			return element;
	return NULL;
}

struct text_list tree_texts(struct arena *arena, const json_t *node, const char *path, const char *key)
{
	struct text_list texts = {0};

	TREE_EACH (element, node, path)
		text_list_add(arena, &texts, tree_text(element, key));
	return texts;
}

json_t *tree_array(const struct text_list *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(array, json_string(texts->items[i]));
	return array;
}

json_t *tree_pairs(const json_t *object, const char *key_name, const char *value_name)
{
	json_t *list = json_array(), *value;
	const char *key;

	json_object_foreach ((json_t *)object, key, value)
		json_array_append_new(list, json_pack("{s:s, s:O}", key_name, key, value_name, value));
	return list;
}

static void drop(void *tree)
{
	json_decref(tree);
}

json_t *tree_defer(struct arena *arena, json_t *tree)
{
	if (tree)
		arena_defer(arena, drop, tree);
	return tree;
}
