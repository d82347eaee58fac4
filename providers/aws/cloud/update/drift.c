/* SPDX-License-Identifier: Apache-2.0 */
/* A walk through three trees at the same time, down to what can be told apart: members, named items, statements. */
#include "providers/aws/cloud/update/drift.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/update/property_diff.h"

const char *const drift_class_names[] = {"none", "change", "already so", "drift", "conflict", "lost",
	"lost with data", "unknown", "changed, then removed", NULL};

enum { DEPTH_MAX = 32 };

/* --- one value --- */

static bool same_scalars(const json_t *a, const json_t *b)
{
	char *text_a = json_is_string(a) ? NULL : json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT);
	char *text_b = json_is_string(b) ? NULL : json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);
	bool same = text_equal(text_a ? text_a : json_string_value(a),
		text_b ? text_b : json_string_value(b));

	free(text_a);
	free(text_b);
	return same;
}

static const json_t *equal_in(const json_t *list, const json_t *wanted)
{
	TREE_EACH (item, list, NULL)
		if (drift_same(item, wanted))
			return item;
	return NULL;
}

static bool same_lists(const json_t *a, const json_t *b)
{
	if (json_array_size(a) != json_array_size(b))
		return false;
	TREE_EACH (item, a, NULL)
		if (!equal_in(b, item))
			return false;
	TREE_EACH (item, b, NULL)
		if (!equal_in(a, item))
			return false;
	return true;
}

static bool same_objects(const json_t *a, const json_t *b)
{
	const char *name;
	json_t *value;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_foreach ((json_t *)a, name, value)
		if (!drift_same(value, json_object_get(b, name)))
			return false;
	return true;
}

bool drift_same(const json_t *a, const json_t *b)
{
	if (!a || !b)
		return a == b;
	if (json_array_size(a) == 1 && !json_is_array(b))
		a = json_array_get(a, 0);
	else if (json_array_size(b) == 1 && !json_is_array(a))
		b = json_array_get(b, 0);
	if (json_is_object(a) || json_is_object(b))
		return json_is_object(a) && json_is_object(b) && same_objects(a, b);
	if (json_is_array(a) || json_is_array(b))
		return json_is_array(a) && json_is_array(b) && same_lists(a, b);
	return same_scalars(a, b);
}

enum drift_class drift_classify(const struct drift_values *values)
{
	if (drift_same(values->previous, values->actual))
		return drift_same(values->previous, values->next) ? DRIFT_NONE : DRIFT_CHANGE;
	if (drift_same(values->actual, values->next))
		return DRIFT_ALREADY_SO;
	return drift_same(values->previous, values->next) ? DRIFT_CHANGED : DRIFT_CONFLICT;
}

/* --- the walk --- */

struct drift_walk {
	struct arena *arena;
	struct drift *drift;
	const struct drift_item *resource; /* what the items have in common */
	bool rewritten;                    /* inside a policy that the update changes */
	int depth;
};

static void walk(struct drift_walk *walk, const char *path, struct drift_values values);

static void add(struct arena *arena, struct drift *drift, const struct drift_item *item)
{
	size_t count = drift->count, size = sizeof(*item);

	if ((count & (count - 1)) == 0) /* full: it has room for a power of two */
		drift->items = arena_grow(arena, drift->items, count * size, (count ? 2 * count : 1) * size);
	drift->items[drift->count++] = *item;
}

static const char *below(struct arena *arena, const char *path, const char *name)
{
	return *path ? arena_printf(arena, "%s.%s", path, name) : name;
}

static bool is_statement(const json_t *value)
{
	return json_object_get(value, "Effect") && json_object_get(value, "Action");
}

/* As property_diff() tells it best: a statement as a policy, and what only one side has in one line. */
static const json_t *told(struct arena *arena, const json_t *value, bool alone)
{
	if (is_statement(value))
		return tree_defer(arena, json_pack("{s:[O]}", "Statement", value));
	return value && alone ? tree_defer(arena, json_pack("[O]", value)) : value;
}

/* Lines about a statement begin with its Sid, so the path before them ends with its policy. */
static const char *shown_path(struct arena *arena, const char *path, const json_t *value)
{
	const char *sid = is_statement(value) ? tree_text(value, "Sid") : "";
	size_t length = strlen(path), end = strlen(sid);

	return *sid && length > end && text_equal(path + length - end, sid)
		? arena_strndup(arena, path, length - end - 1)
		: path;
}

static void add_values(struct drift_walk *walk, const char *path, const struct drift_values *values)
{
	struct arena *arena = walk->arena;
	struct drift_item item = *walk->resource;
	bool alone = !values->previous || !values->actual;
	const char *shown = shown_path(arena, path,
		alone && values->actual ? values->actual : values->previous);

	item.class = drift_classify(values);
	item.rewritten = item.class == DRIFT_CHANGED && walk->rewritten;
	if (item.rewritten)
		item.class = DRIFT_CONFLICT;
	item.path = path;
	item.values = *values;
	property_diff(arena, shown, told(arena, values->previous, alone), told(arena, values->actual, alone),
		&item.details);
	add(arena, walk->drift, &item);
}

/* A text that is JSON as what it says. */
static const json_t *as_document(struct arena *arena, const json_t *value)
{
	const char *text = json_string_value(value);
	json_t *read = text && (*text == '{' || *text == '[') ? json_loads(text, JSON_REJECT_DUPLICATES, NULL)
							      : NULL;

	return read ? tree_defer(arena, read) : value;
}

/* Are those that there are of one kind, and is there one? */
static bool all(const struct drift_values *values, json_type type)
{
	const json_t *list[] = {values->previous, values->actual, values->next};
	bool any = false;

	for (size_t i = 0; i < 3; i++) {
		if (list[i] && json_typeof(list[i]) != type)
			return false;
		any = any || list[i];
	}
	return any;
}

static struct drift_values member_of(const struct drift_values *values, const char *name)
{
	return (struct drift_values){json_object_get(values->previous, name),
		json_object_get(values->actual, name), json_object_get(values->next, name)};
}

/* What only the update has is its change, which is told as such. */
static void walk_members(struct drift_walk *walk_, const char *path, const struct drift_values *values)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)values->previous, name, value)
		walk(walk_, below(walk_->arena, path, name), member_of(values, name));
	json_object_foreach ((json_t *)values->actual, name, value)
		if (!json_object_get(values->previous, name))
			walk(walk_, below(walk_->arena, path, name), member_of(values, name));
}

/* The member by which the items of all three lists are told apart, "Sid" for statements; NULL: by what they are. */
static const char *naming_member(const struct drift_values *values)
{
	static const char *const names[] = {"Key", "PolicyName", "Sid"};
	const json_t *lists[] = {values->previous, values->actual, values->next};

	for (size_t n = 0; n < ARRAY_LENGTH(names); n++) {
		bool fits = true;

		for (size_t i = 0; i < 3; i++)
			TREE_EACH (item, lists[i], NULL) {
				const char *name = tree_text(item, names[n]);

				fits = fits && *name && tree_find(lists[i], NULL, names[n], name) == item;
			}
		if (fits)
			return names[n];
	}
	return NULL;
}

static struct drift_values named(const struct drift_values *values, const char *member, const char *name)
{
	return (struct drift_values){tree_find(values->previous, NULL, member, name),
		tree_find(values->actual, NULL, member, name), tree_find(values->next, NULL, member, name)};
}

static void walk_named(struct drift_walk *walk_, const char *path, const char *member,
	const struct drift_values *values)
{
	TREE_EACH (item, values->previous, NULL) {
		const char *name = tree_text(item, member);

		walk(walk_, below(walk_->arena, path, name), named(values, member, name));
	}
	TREE_EACH (item, values->actual, NULL) {
		const char *name = tree_text(item, member);

		if (!tree_find(values->previous, NULL, member, name))
			walk(walk_, below(walk_->arena, path, name), named(values, member, name));
	}
}

static void walk_set(struct drift_walk *walk, const char *path, const struct drift_values *values)
{
	TREE_EACH (item, values->previous, NULL)
		if (!equal_in(values->actual, item)) {
			const struct drift_values gone = {item, NULL, equal_in(values->next, item)};

			add_values(walk, path, &gone);
		}
	TREE_EACH (item, values->actual, NULL)
		if (!equal_in(values->previous, item)) {
			const struct drift_values more = {NULL, item, equal_in(values->next, item)};

			add_values(walk, path, &more);
		}
}

static void walk_items(struct drift_walk *walk, const char *path, const struct drift_values *values)
{
	const char *member = naming_member(values);

	if (member)
		walk_named(walk, path, member, values);
	else
		walk_set(walk, path, values);
}

/* A document has a list of statements, or one without the list. */
static const json_t *statements_of(struct arena *arena, const json_t *policy)
{
	json_t *statements = json_object_get(policy, "Statement");

	return json_is_object(statements) ? tree_defer(arena, json_pack("[O]", statements)) : statements;
}

static bool is_policy(const struct drift_values *values)
{
	return all(values, JSON_OBJECT) &&
		(json_object_get(values->previous, "Statement") ||
			json_object_get(values->actual, "Statement"));
}

static void walk_policy(struct drift_walk *walk, const char *path, const struct drift_values *values)
{
	const struct drift_values statements = {statements_of(walk->arena, values->previous),
		statements_of(walk->arena, values->actual), statements_of(walk->arena, values->next)};

	walk->rewritten = !drift_same(values->previous, values->next);
	walk_items(walk, path, &statements);
	walk->rewritten = false;
}

/* An inline policy or a tag without its name. */
static struct drift_values content_of(const struct drift_values *values)
{
	static const char *const members[] = {"PolicyDocument", "Value"};

	for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
		const struct drift_values content = member_of(values, members[i]);

		if (content.previous || content.actual)
			return content;
	}
	return *values;
}

static void walk(struct drift_walk *walk_, const char *path, struct drift_values values)
{
	struct arena *arena = walk_->arena;

	values = content_of(&values);
	values = (struct drift_values){as_document(arena, values.previous), as_document(arena, values.actual),
		as_document(arena, values.next)};
	if (drift_same(values.previous, values.actual))
		return;
	walk_->depth++;
	if (walk_->depth > DEPTH_MAX || is_statement(values.previous) || is_statement(values.actual))
		add_values(walk_, path, &values);
	else if (is_policy(&values))
		walk_policy(walk_, path, &values);
	else if (all(&values, JSON_OBJECT) && values.previous && values.actual)
		walk_members(walk_, path, &values);
	else if (all(&values, JSON_ARRAY))
		walk_items(walk_, path, &values);
	else
		add_values(walk_, path, &values);
	walk_->depth--;
}

/* --- a resource --- */

static const struct stack_change *change_of(const struct stack_changes *changes, const char *logical_id)
{
	for (size_t i = 0; i < changes->count; i++)
		if (text_equal(changes->items[i].logical_id, logical_id))
			return &changes->items[i];
	return NULL;
}

/* A property as the update has it. One that it does not change is written as the last deployment wrote it. */
static const json_t *next_of(const struct stack_change *change, const char *name, const json_t *previous,
	bool reverts)
{
	const json_t *after = change ? json_object_get(change->after, name) : NULL;

	if (!change || !change->after || drift_same(after, previous) ||
		(!reverts && drift_same(after, json_object_get(change->before, name))))
		return previous;
	return after;
}

/* "Policies" of "/Policies/0/PolicyDocument"; in arena. */
static const char *property_of(struct arena *arena, const json_t *difference)
{
	const char *path = tree_text(difference, "PropertyPath");

	path += *path == '/';
	return arena_strndup(arena, path, strcspn(path, "/"));
}

static void read_properties(struct drift_walk *walk_, const json_t *row, const struct stack_change *change,
	bool reverts)
{
	struct arena *arena = walk_->arena;
	const json_t *previous = as_document(arena, json_object_get(row, "ExpectedProperties"));
	const json_t *actual = as_document(arena, json_object_get(row, "ActualProperties"));
	struct text_list names = {0};

	TREE_EACH (difference, row, "PropertyDifferences")
		text_list_add_once(arena, &names, property_of(arena, difference));
	for (size_t i = 0; i < names.count; i++) {
		const json_t *was = json_object_get(previous, names.items[i]);

		walk(walk_, names.items[i],
			(struct drift_values){was, json_object_get(actual, names.items[i]),
				next_of(change, names.items[i], was, reverts)});
	}
}

static void add_whole(struct drift_walk *walk, enum drift_class class, const char *why)
{
	struct drift_item item = *walk->resource;

	item.class = class;
	item.path = "";
	item.why = why;
	add(walk->arena, walk->drift, &item);
}

static void read_resource(struct drift_walk *walk, const json_t *row, const struct stack_changes *changes,
	bool reverts)
{
	const char *status = tree_text(row, "StackResourceDriftStatus");
	const struct stack_change *change = change_of(changes, walk->resource->logical_id);
	bool removed = change && text_equal(change->action, "Remove");

	if (text_equal(status, "IN_SYNC"))
		text_list_add(walk->arena, &walk->drift->as_deployed, walk->resource->logical_id);
	else if (text_equal(status, "DELETED") && !removed)
		add_whole(walk, stack_type_holds_data(walk->resource->type) ? DRIFT_LOST_DATA : DRIFT_LOST,
			NULL);
	else if (text_equal(status, "MODIFIED") && removed)
		add_whole(walk, DRIFT_REMOVED, NULL);
	else if (text_equal(status, "MODIFIED"))
		read_properties(walk, row, change, reverts);
	else if (text_equal(status, "UNKNOWN"))
		add_whole(walk, DRIFT_UNKNOWN,
			arena_strdup(walk->arena,
				text_or(tree_text(row, "DriftStatusReason"),
					"CloudFormation does not say why")));
}

struct drift drift_read(struct arena *arena, const json_t *drifts, const struct stack_changes *changes,
	bool reverts)
{
	struct drift drift = {0};

	TREE_EACH (row, drifts, "StackResourceDrifts") {
		const char *logical_id = arena_strdup(arena, tree_text(row, "LogicalResourceId"));
		const struct drift_item resource = {
			.logical_id = logical_id,
			.type = arena_strdup(arena, tree_text(row, "ResourceType")),
			.physical_id = arena_strdup(arena, tree_text(row, "PhysicalResourceId")),
			.name = stack_resource_name(arena, logical_id),
		};
		struct drift_walk one = {.arena = arena, .drift = &drift, .resource = &resource};

		read_resource(&one, row, changes, reverts);
	}
	return drift;
}

bool drift_is_open(const struct drift *drift)
{
	for (size_t i = 0; i < drift->count; i++)
		if (drift->items[i].class != DRIFT_UNKNOWN && drift->items[i].class != DRIFT_ALREADY_SO)
			return true;
	return false;
}

bool drift_is_unknown(const struct drift *drift)
{
	for (size_t i = 0; i < drift->count; i++)
		if (drift->items[i].class == DRIFT_UNKNOWN)
			return true;
	return drift->not_compared != NULL;
}
