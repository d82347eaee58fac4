/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over the rows for each of reading, writing and copying. */
#include "base/member.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

enum { ITEMS_MAX = 10000 };

/* A MEMBER_LIST, whatever its items are. */
struct list {
	void *items;
	size_t count;
};

_Static_assert(sizeof(struct list) == sizeof(struct text_list),
	"lists are read and written as a struct list");
_Static_assert(sizeof(enum member_type) == sizeof(unsigned), "words are read and written as unsigned");

static size_t item_size(const struct member *member)
{
	return member->table ? member->table->size : sizeof(const char *);
}

static void *item_at(const struct member *member, const struct list *list, size_t i)
{
	return (char *)list->items + i * item_size(member);
}

/* --- writing --- */

/* Text as it is, line breaks too. */
static json_t *text_value(const char *text)
{
	json_t *value = json_string(text);
	char *copy;

	if (value)
		return value;
	copy = strdup(text);
	if (!copy)
		out_of_memory();
	for (char *at = copy; *at;) {
		uint32_t point;
		size_t length = utf8_decode(at, strlen(at), &point);

		if (length == 0)
			*at = '?';
		at += length ? length : 1;
	}
	value = json_string(copy);
	free(copy);
	return value;
}

static json_t *list_value(const struct member *member, const void *place, bool open)
{
	struct list list;
	json_t *array;

	memcpy(&list, place, sizeof(list));
	array = list.count > 0 || open ? json_array() : NULL;
	for (size_t i = 0; i < list.count; i++) {
		const void *item = item_at(member, &list, i);
		json_t *value = member->table ? json_object() : text_value(*(const char *const *)item);

		if (member->table)
			member_write(value, member->table, item);
		json_array_append_new(array, value);
	}
	return array;
}

static json_t *number_value(const struct member *member, int64_t number)
{
	return number == 0 && (member->flags & MEMBER_SPARSE) ? NULL : json_integer(number);
}

static json_t *struct_value(const struct member *member, const void *object)
{
	json_t *value = json_object();

	if (!(member->flags & MEMBER_SPARSE) || *(const char *const *)object)
		member_write(value, member->table, object);
	if (json_object_size(value) > 0)
		return value;
	json_decref(value);
	return NULL;
}

/* A new reference, NULL when the member is left out. */
static json_t *member_value(const struct member *member, const void *place, bool open)
{
	const char *text;
	unsigned word;
	size_t number;

	switch (member->type) {
	case MEMBER_TEXT:
		text = *(const char *const *)place;
		return text && (text[0] || open) ? text_value(text) : NULL;
	case MEMBER_LIST: return list_value(member, place, open);
	case MEMBER_FLAG: return *(const bool *)place ? json_true() : NULL;
	case MEMBER_WORD:
		memcpy(&word, place, sizeof(word));
		return word == 0 && (member->flags & MEMBER_SPARSE) ? NULL : json_string(member->words[word]);
	case MEMBER_INT: return number_value(member, *(const int *)place);
	case MEMBER_INT64: return number_value(member, *(const int64_t *)place);
	case MEMBER_COUNT:
		memcpy(&number, place, sizeof(number));
		return number_value(member, (int64_t)number);
	case MEMBER_STRUCT: return struct_value(member, place);
	}
	return NULL;
}

void member_write(json_t *tree, const struct member_table *table, const void *object)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct member *member = &table->rows[i];
		json_t *value = member_value(member, (const char *)object + member->offset, table->open);

		if (value)
			json_object_set_new(tree, member->name, value);
	}
}

/* --- reading --- */

struct member_reader {
	struct arena *arena;
	const char *prefix; /* of the members that are read: "", "owner.", "items: item 2: " */
	bool open;          /* their table is */
	struct error *err;
};

static int read_object(const struct member_reader *reader, const json_t *tree,
	const struct member_part *parts, size_t count);

static int wrong(const struct member_reader *reader, const struct member *member, const char *what)
{
	return error_set(reader->err, ERROR_INPUT, "%s%s: must be %s", reader->prefix, member->name, what);
}

static int read_text(const struct member_reader *reader, const struct member *member, const json_t *value,
	const char **place)
{
	const char *text = json_string_value(value);

	if (!text || (!text[0] && !reader->open))
		return wrong(reader, member, "text");
	if (member->valid && !member->valid(text))
		return wrong(reader, member, member->form);
	*place = arena_strdup(reader->arena, text);
	return 0;
}

static int read_flag(const struct member_reader *reader, const struct member *member, const json_t *value,
	bool *place)
{
	*place = json_is_true(value) || text_equal(json_string_value(value), "true");
	if (!*place && !json_is_false(value) && !text_equal(json_string_value(value), "false"))
		return wrong(reader, member, "true or false");
	return 0;
}

static int read_word(const struct member_reader *reader, const struct member *member, const json_t *value,
	void *place)
{
	struct text_list words = {0};

	for (unsigned i = 0; member->words[i]; i++) {
		if (text_equal(json_string_value(value), member->words[i])) {
			memcpy(place, &i, sizeof(i));
			return 0;
		}
		text_list_add(reader->arena, &words, member->words[i]);
	}
	return wrong(reader, member,
		arena_printf(reader->arena, "one of %s", text_join(reader->arena, &words, ", ")));
}

static int read_number(const struct member_reader *reader, const struct member *member, const json_t *value,
	void *place)
{
	int64_t most = member->most ? member->most : member->type == MEMBER_INT ? INT_MAX : MEMBER_NUMBER_MAX;
	uint64_t number = UINT64_MAX;

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		number = (uint64_t)json_integer_value(value);
	else if (json_is_string(value))
		text_number(json_string_value(value), 0, (uint64_t)most, &number);
	if (number > (uint64_t)most)
		return wrong(reader, member,
			arena_printf(reader->arena, "a number from 0 to %lld", (long long)most));
	if (member->type == MEMBER_INT)
		*(int *)place = (int)number;
	else if (member->type == MEMBER_INT64)
		*(int64_t *)place = (int64_t)number;
	else
		*(size_t *)place = (size_t)number;
	return 0;
}

static int read_struct(const struct member_reader *reader, const struct member *member, const json_t *value,
	void *place)
{
	struct member_reader inside = *reader;

	if (!json_is_object(value))
		return wrong(reader, member, "a mapping");
	inside.prefix = arena_printf(reader->arena, "%s%s.", reader->prefix, member->name);
	return read_object(&inside, value, &(struct member_part){member->table, place}, 1);
}

static int read_item(const struct member_reader *reader, const struct member *member, size_t i,
	const json_t *value, void *place)
{
	struct member_reader inside = *reader;
	const char *text = json_string_value(value);

	if (member->table && !json_is_object(value))
		return error_set(reader->err, ERROR_INPUT, "%s%s: item %zu must be a mapping", reader->prefix,
			member->name, i + 1);
	if (!member->table && (!text || (!text[0] && !reader->open)))
		return wrong(reader, member, "a list of texts");
	if (!member->table && member->valid && !member->valid(text))
		return error_set(reader->err, ERROR_INPUT, "%s%s: item %zu must be %s", reader->prefix,
			member->name, i + 1, member->form);
	if (!member->table) {
		*(const char **)place = arena_strdup(reader->arena, text);
		return 0;
	}
	inside.prefix = arena_printf(reader->arena, "%s%s: item %zu: ", reader->prefix, member->name, i + 1);
	return read_object(&inside, value, &(struct member_part){member->table, place}, 1);
}

static int read_list(const struct member_reader *reader, const struct member *member, const json_t *value,
	void *place)
{
	size_t most = member->most ? (size_t)member->most : ITEMS_MAX;
	struct list list = {.count = json_array_size(value)};

	if (!json_is_array(value) || list.count > most)
		return wrong(reader, member, arena_printf(reader->arena, "a list of at most %zu", most));
	list.items = arena_array(reader->arena, list.count, item_size(member));
	for (size_t i = 0; i < list.count; i++)
		if (read_item(reader, member, i, json_array_get(value, i), item_at(member, &list, i)) < 0)
			return -1;
	memcpy(place, &list, sizeof(list));
	return 0;
}

static int read_member(const struct member_reader *reader, const struct member *member, const json_t *value,
	void *place)
{
	if (!value || json_is_null(value)) {
		if (!(member->flags & MEMBER_NEEDED))
			return 0;
		return error_set(reader->err, ERROR_INPUT, "%s%s: is missing", reader->prefix, member->name);
	}
	switch (member->type) {
	case MEMBER_TEXT: return read_text(reader, member, value, place);
	case MEMBER_LIST: return read_list(reader, member, value, place);
	case MEMBER_FLAG: return read_flag(reader, member, value, place);
	case MEMBER_WORD: return read_word(reader, member, value, place);
	case MEMBER_INT:
	case MEMBER_INT64:
	case MEMBER_COUNT: return read_number(reader, member, value, place);
	case MEMBER_STRUCT: return read_struct(reader, member, value, place);
	}
	return 0;
}

/* Every name in the object is a member of a part. */
static int check_names(const struct member_reader *reader, const json_t *tree,
	const struct member_part *parts, size_t count)
{
	struct text_list names = {0};
	const char *key, *near;
	json_t *value;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < parts[i].table->count; k++)
			text_list_add(reader->arena, &names, parts[i].table->rows[k].name);
	json_object_foreach ((json_t *)tree, key, value) {
		if (text_list_has(&names, key))
			continue;
		near = text_nearest(key, &names);
		if (!near)
			return error_set(reader->err, ERROR_INPUT, "%s%s: no such member", reader->prefix,
				key);
		return error_set(reader->err, ERROR_INPUT, "%s%s: no such member; did you mean '%s%s'?",
			reader->prefix, key, text_ends_with(reader->prefix, ".") ? reader->prefix : "", near);
	}
	return 0;
}

static int read_object(const struct member_reader *reader, const json_t *tree,
	const struct member_part *parts, size_t count)
{
	struct member_reader own = *reader;

	own.open = parts[0].table->open;
	if (!own.open && check_names(reader, tree, parts, count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < parts[i].table->count; k++) {
			const struct member *member = &parts[i].table->rows[k];
			const json_t *value = json_object_get(tree, member->name);

			if (read_member(&own, member, value, (char *)parts[i].object + member->offset) < 0)
				return -1;
		}
	}
	return 0;
}

int member_read(struct arena *arena, const json_t *tree, const struct member_part *parts, size_t count,
	struct error *err)
{
	const struct member_reader reader = {.arena = arena, .prefix = "", .err = err};

	if (!json_is_object(tree))
		return error_set(err, ERROR_INPUT, "must be a mapping of names to values");
	return read_object(&reader, tree, parts, count);
}

/* --- copying --- */

static void copy_list(struct arena *arena, const struct member *member, void *place)
{
	struct list from, copy;

	memcpy(&from, place, sizeof(from));
	copy = (struct list){arena_array(arena, from.count, item_size(member)), from.count};
	for (size_t i = 0; i < from.count; i++) {
		void *item = item_at(member, &copy, i);

		memcpy(item, item_at(member, &from, i), item_size(member));
		if (member->table)
			member_copy(arena, member->table, item);
		else
			*(const char **)item = arena_strdup(arena, *(const char **)item);
	}
	memcpy(place, &copy, sizeof(copy));
}

void member_copy(struct arena *arena, const struct member_table *table, void *object)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct member *member = &table->rows[i];
		void *place = (char *)object + member->offset;

		switch (member->type) {
		case MEMBER_TEXT: *(const char **)place = arena_strdup(arena, *(const char **)place); break;
		case MEMBER_LIST: copy_list(arena, member, place); break;
		case MEMBER_STRUCT: member_copy(arena, member->table, place); break;
		case MEMBER_FLAG:
		case MEMBER_WORD:
		case MEMBER_INT:
		case MEMBER_INT64:
		case MEMBER_COUNT: break;
		}
	}
}
