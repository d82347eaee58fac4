/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cloud records as trees. One table of members drives both directions; a member is added here and in cloud.h.
 * Does no I/O and knows nothing of where records are kept.
 */
#include "providers/records/cloud.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/records/cloud_ignored.h"

enum { RECORD_VERSION = 1, COUNT_MAX = 1000000 };

bool cloud_name_valid(const char *name)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	return name && text_only(name, set, 1, 64) && (text_is_letter(name[0]) || text_is_digit(name[0]));
}

bool cloud_id_valid(const char *id)
{
	return id && text_starts_with(id, "cld_") &&
		text_only(id + strlen("cld_"), "abcdefghijklmnopqrstuvwxyz234567", 26, 26);
}

static const char *const networking_names[] = {"direct", "private", NULL};
static const char *const deployment_names[] = {"managed", "registered", NULL};
static const char *const state_names[] = {"creating", "ready", "failed", "deleting", NULL};
static const char *const verdict_names[] = {"PASS", "WARN", "FAIL", "UNKNOWN", "SKIP", NULL};

const char *cloud_networking_name(enum cloud_networking networking)
{
	return networking_names[networking];
}

const char *cloud_deployment_name(enum cloud_deployment deployment)
{
	return deployment_names[deployment];
}

const char *cloud_state_name(enum cloud_state state)
{
	return state_names[state];
}

_Static_assert(sizeof(enum cloud_state) == sizeof(unsigned), "words are copied as unsigned");
_Static_assert(sizeof(enum verdict) == sizeof(unsigned), "words are copied as unsigned");

static bool verified(const struct cloud *cloud)
{
	return cloud->verification.at != NULL;
}

#define AT(member) offsetof(struct cloud, member)
#define TEXT(path) \
	{ \
#path, MEMBER_TEXT, AT(path) \
	}
#define COUNT(word, value) \
	{ \
		"verification.counts." word, MEMBER_COUNT, AT(verification.counts[value]), \
			.present = verified \
	}

/* The members before the provider's, and those after them. */
static const struct cloud_member head[] = {
	{"id", MEMBER_TEXT, AT(id), .valid = cloud_id_valid, .form = "cld_ and 26 of a-z2-7"},
	{"name", MEMBER_TEXT, AT(name), .valid = cloud_name_valid,
		.form = "1-64 of A-Za-z0-9_.- that begin with a letter or digit"},
	TEXT(provider),
	TEXT(region),
	TEXT(account),
	{"networking", MEMBER_WORD, AT(networking), .words = networking_names},
	{"deployment", MEMBER_WORD, AT(deployment), .words = deployment_names},
	{"state", MEMBER_WORD, AT(state), .words = state_names},
};

static const struct cloud_member tail[] = {
	TEXT(created),
	TEXT(updated),
	TEXT(verification.at),
	{"verification.verdict", MEMBER_WORD, AT(verification.verdict), .words = verdict_names,
		.present = verified},
	COUNT("pass", VERDICT_PASS),
	COUNT("warn", VERDICT_WARN),
	COUNT("fail", VERDICT_FAIL),
	COUNT("unknown", VERDICT_UNKNOWN),
	COUNT("skip", VERDICT_SKIP),
	{"ignored", MEMBER_IGNORED, AT(ignored)},
	TEXT(operation.kind),
	TEXT(operation.token),
	TEXT(operation.step),
	TEXT(operation.undo),
	TEXT(operation.started),
};

enum {
	HEAD = ARRAY_LENGTH(head),
	TAIL = ARRAY_LENGTH(tail),
	PATH_PART_MAX = 64,
};

static size_t member_total(const struct cloud_schema *schema)
{
	return HEAD + (schema ? schema->count : 0) + TAIL;
}

/* The i-th member of a record in the order in which it is written. */
static const struct cloud_member *member_at(const struct cloud_schema *schema, size_t i)
{
	size_t count = schema ? schema->count : 0;

	return i < HEAD ? &head[i] : i < HEAD + count ? &schema->members[i - HEAD] : &tail[i - HEAD - count];
}

/* The struct that it lies in. */
static void *owner_of(const struct cloud *cloud, size_t i)
{
	bool own = i >= HEAD && cloud->schema && i < HEAD + cloud->schema->count;

	return own ? cloud->section : (void *)cloud;
}

/* ---- to a tree ---- */

static json_t *list_value(const struct text_list *list)
{
	json_t *array = list->count > 0 ? json_array() : NULL;

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

/* A new reference, NULL when the member is left out. */
static json_t *member_value(const struct cloud_member *member, const struct cloud *cloud, const void *owner)
{
	const void *at = (const char *)owner + member->offset;
	const char *text;
	unsigned word;
	size_t count;
	bool flag;

	if (member->present && !member->present(cloud))
		return NULL;
	switch (member->kind) {
	case MEMBER_TEXT: memcpy(&text, at, sizeof(text)); return text && text[0] ? json_string(text) : NULL;
	case MEMBER_LIST: return list_value(at);
	case MEMBER_FLAG: memcpy(&flag, at, sizeof(flag)); return flag ? json_true() : NULL;
	case MEMBER_WORD: memcpy(&word, at, sizeof(word)); return json_string(member->words[word]);
	case MEMBER_COUNT: memcpy(&count, at, sizeof(count)); return json_integer((json_int_t)count);
	case MEMBER_IGNORED: return cloud_ignored_to_tree(at);
	}
	return NULL;
}

/* The object in which the last part of path lies, and that part in *name. make: missing ones are made. */
static json_t *parent_of(json_t *root, const char *path, const char **name, bool make)
{
	json_t *object = root;
	const char *dot;

	while (object && (dot = strchr(path, '.'))) {
		char part[PATH_PART_MAX] = {0};
		json_t *inner;

		assert((size_t)(dot - path) < sizeof(part));
		memcpy(part, path, (size_t)(dot - path));
		inner = json_object_get(object, part);
		if (!inner && make) {
			inner = json_object();
			json_object_set_new(object, part, inner);
		}
		object = inner;
		path = dot + 1;
	}
	*name = path;
	return object;
}

json_t *cloud_to_tree(const struct cloud *cloud)
{
	json_t *tree = json_object();

	json_object_set_new(tree, "version", json_integer(RECORD_VERSION));
	for (size_t i = 0; i < member_total(cloud->schema); i++) {
		const struct cloud_member *member = member_at(cloud->schema, i);
		json_t *value = member_value(member, cloud, owner_of(cloud, i));
		const char *name;
		json_t *parent;

		if (!value)
			continue;
		parent = parent_of(tree, member->path, &name, true);
		json_object_set_new(parent, name, value);
	}
	return tree;
}

/* ---- from a tree ---- */

static int wrong(const struct cloud_member *member, struct error *err, const char *what)
{
	return error_set(err, ERROR_INPUT, "%s: must be %s", member->path, what);
}

static int take_text(struct arena *arena, const struct cloud_member *member, const json_t *value, void *at,
	struct error *err)
{
	const char *text = json_string_value(value);

	if (!text || !text[0])
		return wrong(member, err, "text");
	if (member->valid && !member->valid(text))
		return wrong(member, err, member->form);
	text = arena_strdup(arena, text);
	memcpy(at, &text, sizeof(text));
	return 0;
}

static int take_list(struct arena *arena, const struct cloud_member *member, const json_t *value, void *at,
	struct error *err)
{
	struct text_list list = {0};
	const json_t *item;
	size_t i;

	if (!json_is_array(value))
		return wrong(member, err, "a list");
	json_array_foreach (value, i, item) {
		if (!json_is_string(item) || !json_string_value(item)[0])
			return wrong(member, err, "a list of texts");
		text_list_add(arena, &list, json_string_value(item));
	}
	memcpy(at, &list, sizeof(list));
	return 0;
}

static int take_flag(const struct cloud_member *member, const json_t *value, void *at, struct error *err)
{
	bool flag = json_is_true(value) || text_equal(json_string_value(value), "true");

	if (!flag && !json_is_false(value) && !text_equal(json_string_value(value), "false"))
		return wrong(member, err, "true or false");
	memcpy(at, &flag, sizeof(flag));
	return 0;
}

static int take_word(struct arena *arena, const struct cloud_member *member, const json_t *value, void *at,
	struct error *err)
{
	struct text_list words = {0};

	for (unsigned i = 0; member->words[i]; i++) {
		if (text_equal(json_string_value(value), member->words[i])) {
			memcpy(at, &i, sizeof(i));
			return 0;
		}
		text_list_add(arena, &words, member->words[i]);
	}
	return wrong(member, err, arena_printf(arena, "one of %s", text_join(arena, &words, ", ")));
}

static int take_count(const struct cloud_member *member, const json_t *value, void *at, struct error *err)
{
	uint64_t number = COUNT_MAX + 1;
	size_t count;

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		number = (uint64_t)json_integer_value(value);
	else if (json_is_string(value))
		text_number(json_string_value(value), 0, COUNT_MAX, &number);
	if (number > COUNT_MAX)
		return wrong(member, err, "a number");
	count = (size_t)number;
	memcpy(at, &count, sizeof(count));
	return 0;
}

static int take_member(struct arena *arena, const struct cloud_member *member, const json_t *value,
	void *owner, struct error *err)
{
	void *at = (char *)owner + member->offset;

	if (!value || json_is_null(value))
		return 0;
	switch (member->kind) {
	case MEMBER_TEXT: return take_text(arena, member, value, at, err);
	case MEMBER_LIST: return take_list(arena, member, value, at, err);
	case MEMBER_FLAG: return take_flag(member, value, at, err);
	case MEMBER_WORD: return take_word(arena, member, value, at, err);
	case MEMBER_COUNT: return take_count(member, value, at, err);
	case MEMBER_IGNORED: return cloud_ignored_from_tree(arena, value, at, err);
	}
	return 0;
}

/* Every name a member path begins with is an object, every other name a member. */
static int check_names(struct arena *arena, const struct cloud_schema *schema, const json_t *object,
	const char *prefix, struct error *err)
{
	const char *key;
	const json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		const char *path = arena_printf(arena, "%s%s", prefix, key);
		const char *inside = arena_printf(arena, "%s.", path);
		struct text_list paths = {0};
		bool section = false;
		const char *near;

		for (size_t i = 0; i < member_total(schema); i++) {
			const char *member = member_at(schema, i)->path;

			section = section || text_starts_with(member, inside);
			text_list_add(arena, &paths, member);
		}
		if (section && !json_is_object(value) && !json_is_null(value))
			return error_set(err, ERROR_INPUT, "%s: must be a mapping", path);
		if (section && json_is_object(value) && check_names(arena, schema, value, inside, err) < 0)
			return -1;
		if (section || text_list_has(&paths, path))
			continue;
		near = text_nearest(path, &paths);
		if (near)
			return error_set(err, ERROR_INPUT, "%s: no such member; did you mean '%s'?", path,
				near);
		return error_set(err, ERROR_INPUT, "%s: no such member", path);
	}
	return 0;
}

static int check_version(const json_t *version, struct error *err)
{
	uint64_t number = 0;

	if (json_is_integer(version) && json_integer_value(version) > 0)
		number = (uint64_t)json_integer_value(version);
	else if (json_is_string(version))
		text_number(json_string_value(version), 1, COUNT_MAX, &number);
	if (!version || number == RECORD_VERSION)
		return 0;
	return error_set(err, ERROR_INPUT, "version: this cloudctl reads version %d only", RECORD_VERSION);
}

/* The schema that the record's provider has; NULL (ERROR_INPUT) when none has its name. */
static const struct cloud_schema *schema_of(struct arena *arena, const struct cloud_schema *const *schemas,
	const json_t *tree, struct error *err)
{
	const json_t *provider = json_object_get(tree, "provider");
	struct text_list names = {0};

	if (!provider || json_is_null(provider))
		return schemas[0];
	for (size_t i = 0; schemas[i]; i++) {
		if (text_equal(json_string_value(provider), schemas[i]->provider))
			return schemas[i];
		text_list_add(arena, &names, schemas[i]->provider);
	}
	error_set(err, ERROR_INPUT, "provider: must be %s", text_join(arena, &names, " or "));
	return NULL;
}

static int check_place(const struct cloud *cloud, struct error *err)
{
	const struct cloud_schema *schema = cloud->schema;

	if (cloud->region && schema->region_valid && !schema->region_valid(cloud->region))
		return error_set(err, ERROR_INPUT, "region: must be %s", schema->region_form);
	if (cloud->account && schema->account_valid && !schema->account_valid(cloud->account))
		return error_set(err, ERROR_INPUT, "account: must be %s", schema->account_form);
	return 0;
}

int cloud_from_tree(struct arena *arena, const struct cloud_schema *const *schemas, const json_t *tree,
	struct cloud *cloud, struct error *err)
{
	const struct cloud_schema *schema;
	json_t *rest;
	int named;

	*cloud = (struct cloud){0};
	if (!json_is_object(tree))
		return error_set(err, ERROR_INPUT, "must be a mapping of names to values");
	if (check_version(json_object_get(tree, "version"), err) < 0)
		return -1;
	schema = schema_of(arena, schemas, tree, err);
	if (!schema)
		return -1;
	rest = json_copy((json_t *)tree);
	json_object_del(rest, "version");
	named = check_names(arena, schema, rest, "", err);
	json_decref(rest);
	if (named < 0)
		return -1;
	cloud->schema = schema;
	cloud->section = arena_alloc(arena, schema->size);
	for (size_t i = 0; i < member_total(schema); i++) {
		const struct cloud_member *member = member_at(schema, i);
		const char *name;
		json_t *parent = parent_of((json_t *)tree, member->path, &name, false);

		if (take_member(arena, member, json_object_get(parent, name), owner_of(cloud, i), err) < 0)
			return -1;
	}
	return check_place(cloud, err);
}

struct cloud cloud_copy(struct arena *arena, const struct cloud *cloud)
{
	struct cloud copy = *cloud;

	if (cloud->section) {
		copy.section = arena_alloc(arena, cloud->schema->size);
		memcpy(copy.section, cloud->section, cloud->schema->size);
	}
	return copy;
}

int cloud_complete(const struct cloud *cloud, struct error *err)
{
	bool region_needed = cloud->schema && cloud->schema->region_needed;
	const char *missing = !cloud->id          ? "id"
		: !cloud->name                    ? "name"
		: !cloud->provider                ? "provider"
		: region_needed && !cloud->region ? "region"
						  : NULL;

	return missing ? error_set(err, ERROR_INPUT, "%s: is missing", missing) : 0;
}
