/* SPDX-License-Identifier: Apache-2.0 */
/* A walk through two trees at the same time. */
#include "providers/aws/cloud/update/property_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/iam/policy_diff.h"

/* Bytes of a value in a line; a policy is never written as a value. */
enum { VALUE_MAX = 160, DEPTH_MAX = 32 };

struct property_walk {
	struct arena *arena;
	struct text_list *lines;
	int depth;
};

static void walk(struct property_walk *walk, const char *path, const json_t *before, const json_t *after);

static void cut_text(char *cut, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Never inside a character. */
static void cut_text(char *cut, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vformat(cut, size, format, arguments);
	va_end(arguments);
}

/* A value that depends on what the update makes (CloudFormation API Reference, "ResourceTargetDefinition", AfterValue). */
static const char later[] = "{{changeSet:KNOWN_AFTER_APPLY}}";

/* The value in one line; NULL: there is none. */
static const char *value_of(struct arena *arena, const json_t *value)
{
	char cut[VALUE_MAX];
	char *dumped = NULL;

	if (!value)
		return NULL;
	if (text_equal(json_string_value(value), later))
		return "(known after the update)";
	if (!json_is_string(value))
		dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	cut_text(cut, sizeof(cut), "%s", dumped ? dumped : text_or(json_string_value(value), "\"\""));
	free(dumped);
	return arena_strdup(arena, cut);
}

static const char *below(struct arena *arena, const char *path, const char *name)
{
	return *path ? arena_printf(arena, "%s.%s", path, name) : name;
}

/* What a text that is JSON says; else the value itself. */
static const json_t *as_document(struct arena *arena, const json_t *value)
{
	const char *text = json_string_value(value);
	json_t *read;

	if (!text || (text[0] != '{' && text[0] != '['))
		return value;
	read = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	return read ? tree_defer(arena, read) : value;
}

static bool is_policy(const json_t *value)
{
	return json_is_object(value) && json_object_get(value, "Statement");
}

static void walk_policies(struct property_walk *walk, const char *path, const json_t *before,
	const json_t *after)
{
	struct text_list lines = {0};

	if (!policy_diff(walk->arena, before, after, &lines)) {
		text_list_add(walk->arena, walk->lines,
			arena_printf(walk->arena, "%s: changes, and cannot be read as a policy", path));
		return;
	}
	for (size_t i = 0; i < lines.count; i++)
		text_list_add(walk->arena, walk->lines,
			arena_printf(walk->arena, "%s: %s", path, lines.items[i]));
}

static void walk_objects(struct property_walk *walk_, const char *path, const json_t *before,
	const json_t *after)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)before, name, value)
		walk(walk_, below(walk_->arena, path, name), value, json_object_get(after, name));
	json_object_foreach ((json_t *)after, name, value)
		if (!json_object_get(before, name))
			walk(walk_, below(walk_->arena, path, name), NULL, value);
}

/* Members by which the items of CloudFormation's lists are told apart. */
static const char *const names[] = {"Key", "PolicyName", "Id", "Description"};

/* Does each item of a list have the member, and none the value of another? An empty list has any. */
static bool tells_apart(const char *member, const json_t *list)
{
	TREE_EACH (item, list, NULL) {
		const char *name = tree_text(item, member);

		if (!*name || tree_find(list, NULL, member, name) != item)
			return false;
	}
	return true;
}

static const char *naming_member(const json_t *before, const json_t *after)
{
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (tells_apart(names[i], before) && tells_apart(names[i], after))
			return names[i];
	return NULL;
}

/* What an item says beside its name: the value of a tag, the document of a policy. */
static const json_t *content_of(const json_t *item)
{
	const json_t *value = json_object_get(item, "Value");

	if (!value)
		value = json_object_get(item, "PolicyDocument");
	return value && json_object_size(item) == 2 ? value : item;
}

static void walk_values(struct property_walk *walk, const char *path, const json_t *before,
	const json_t *after)
{
	const char *had = value_of(walk->arena, before), *has = value_of(walk->arena, after);
	const char *line = !had ? arena_printf(walk->arena, "%s: + %s", path, has)
		: !has          ? arena_printf(walk->arena, "%s: - %s", path, had)
				: arena_printf(walk->arena, "%s: %s → %s", path, had, has);

	text_list_add(walk->arena, walk->lines, line);
}

/* An item that has no partner is one line, unless it is a policy. */
static void walk_item(struct property_walk *walk_, const char *path, const json_t *before,
	const json_t *after)
{
	if ((before && after) || is_policy(as_document(walk_->arena, before ? before : after)))
		walk(walk_, path, before, after);
	else
		walk_values(walk_, path, before, after);
}

static void walk_named(struct property_walk *walk_, const char *path, const char *member,
	const json_t *before, const json_t *after)
{
	TREE_EACH (item, before, NULL) {
		const char *name = tree_text(item, member);
		const json_t *now = tree_find(after, NULL, member, name);

		if (!now || !json_equal(item, now))
			walk_item(walk_, below(walk_->arena, path, name), content_of(item), content_of(now));
	}
	TREE_EACH (item, after, NULL) {
		const char *name = tree_text(item, member);

		if (!tree_find(before, NULL, member, name))
			walk_item(walk_, below(walk_->arena, path, name), NULL, content_of(item));
	}
}

static bool has_equal(const json_t *list, const json_t *wanted)
{
	TREE_EACH (item, list, NULL)
		if (json_equal(item, wanted))
			return true;
	return false;
}

/* Items without names: one is there or it is not. */
static void walk_set(struct property_walk *walk, const char *path, const json_t *before, const json_t *after)
{
	struct arena *arena = walk->arena;

	TREE_EACH (item, before, NULL)
		if (!has_equal(after, item))
			text_list_add(arena, walk->lines,
				arena_printf(arena, "%s: - %s", path, value_of(arena, item)));
	TREE_EACH (item, after, NULL)
		if (!has_equal(before, item))
			text_list_add(arena, walk->lines,
				arena_printf(arena, "%s: + %s", path, value_of(arena, item)));
}

static void walk_lists(struct property_walk *walk_, const char *path, const json_t *before,
	const json_t *after)
{
	const char *member = naming_member(before, after);

	if (member)
		walk_named(walk_, path, member, before, after);
	else if (json_array_size(before) == 1 && json_array_size(after) == 1 &&
		json_is_object(json_array_get(before, 0)))
		walk(walk_, path, json_array_get(before, 0), json_array_get(after, 0));
	else
		walk_set(walk_, path, before, after);
}

static bool both(bool (*is)(const json_t *value), const json_t *before, const json_t *after)
{
	return (!before || is(before)) && (!after || is(after));
}

static bool is_object(const json_t *value)
{
	return json_is_object(value);
}

static bool is_list(const json_t *value)
{
	return json_is_array(value);
}

static void walk(struct property_walk *walk_, const char *path, const json_t *before, const json_t *after)
{
	before = as_document(walk_->arena, before);
	after = as_document(walk_->arena, after);
	if ((!before && !after) || (before && after && json_equal(before, after)))
		return;
	walk_->depth++;
	if (walk_->depth > DEPTH_MAX)
		walk_values(walk_, path, before, after);
	else if (both(is_policy, before, after))
		walk_policies(walk_, path, before, after);
	else if (both(is_object, before, after))
		walk_objects(walk_, path, before, after);
	else if (both(is_list, before, after))
		walk_lists(walk_, path, before, after);
	else
		walk_values(walk_, path, before, after);
	walk_->depth--;
}

void property_diff(struct arena *arena, const char *path, const json_t *before, const json_t *after,
	struct text_list *lines)
{
	struct property_walk properties = {.arena = arena, .lines = lines};

	walk(&properties, path, before, after);
}
