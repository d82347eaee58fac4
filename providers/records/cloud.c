/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cloud records as trees. One table of members drives both directions; a member is added here and in cloud.h.
 * Does no I/O and knows nothing of where records are kept.
 */
#include "providers/records/cloud.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "providers/records/cloud_ignored.h"

enum { RECORD_VERSION = 1, COUNT_MAX = 1000000 };

static const char digits[] = "0123456789";
static const char lower_digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

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

bool cloud_region_valid(const char *region)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return region && text_only(region, set, 2, 32) && strchr(lower_digits, region[0]) &&
		!text_ends_with(region, "-");
}

bool cloud_account_valid(const char *account)
{
	return account && text_only(account, digits, 12, 12);
}

/* A bucket's name becomes part of a host name, so nothing else may be in it. */
static bool bucket_valid(const char *bucket)
{
	return text_only(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-", 3, 63);
}

static bool provider_valid(const char *provider)
{
	return text_equal(provider, "aws");
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

/* How a member lies in struct cloud. Enums are read and written as unsigned, which is what they are here. */
enum record_member_kind { MEMBER_TEXT, MEMBER_LIST, MEMBER_FLAG, MEMBER_WORD, MEMBER_COUNT, MEMBER_IGNORED };
_Static_assert(sizeof(enum cloud_state) == sizeof(unsigned), "words are copied as unsigned");
_Static_assert(sizeof(enum verdict) == sizeof(unsigned), "words are copied as unsigned");

struct record_member {
	const char *path; /* "resources.vpc_id" */
	enum record_member_kind kind;
	size_t offset;
	const char *const *words;              /* MEMBER_WORD: names by value */
	bool (*valid)(const char *);           /* MEMBER_TEXT: NULL accepts any */
	const char *form;                      /* what valid accepts, for the message */
	bool (*present)(const struct cloud *); /* when it is written; NULL: whenever it has a value */
};

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

static const struct record_member members[] = {
	{"id", MEMBER_TEXT, AT(id), .valid = cloud_id_valid, .form = "cld_ and 26 of a-z2-7"},
	{"name", MEMBER_TEXT, AT(name), .valid = cloud_name_valid,
		.form = "1-64 of A-Za-z0-9_.- that begin with a letter or digit"},
	{"provider", MEMBER_TEXT, AT(provider), .valid = provider_valid, .form = "aws"},
	{"region", MEMBER_TEXT, AT(region), .valid = cloud_region_valid,
		.form = "a region such as us-west-2"},
	{"account", MEMBER_TEXT, AT(account), .valid = cloud_account_valid, .form = "12 digits"},
	{"networking", MEMBER_WORD, AT(networking), .words = networking_names},
	{"deployment", MEMBER_WORD, AT(deployment), .words = deployment_names},
	{"state", MEMBER_WORD, AT(state), .words = state_names},
	TEXT(resources.vpc_id),
	{"resources.subnet_ids", MEMBER_LIST, AT(resources.subnet_ids)},
	{"resources.security_group_ids", MEMBER_LIST, AT(resources.security_group_ids)},
	TEXT(resources.control_plane_role_arn),
	TEXT(resources.node_role_arn),
	{"resources.bucket", MEMBER_TEXT, AT(resources.bucket), .valid = bucket_valid,
		.form = "the name of a bucket, not its ARN"},
	TEXT(resources.file_system_id),
	TEXT(resources.mount_target_ip),
	TEXT(resources.memorydb_cluster),
	TEXT(resources.memorydb_arn),
	TEXT(resources.memorydb_endpoint),
	TEXT(stack_arn),
	TEXT(stack_name),
	{"control_plane_account", MEMBER_TEXT, AT(control_plane_account), .valid = cloud_account_valid,
		.form = "12 digits"},
	TEXT(external_id),
	{"external_id_added", MEMBER_FLAG, AT(external_id_added)},
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

enum { MEMBER_TOTAL = sizeof(members) / sizeof(members[0]), PATH_PART_MAX = 64 };

/* ---- to a tree ---- */

static json_t *list_value(const struct text_list *list)
{
	json_t *array = list->count > 0 ? json_array() : NULL;

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

/* A new reference, NULL when the member is left out. */
static json_t *member_value(const struct record_member *member, const struct cloud *cloud)
{
	const void *at = (const char *)cloud + member->offset;
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
	for (size_t i = 0; i < MEMBER_TOTAL; i++) {
		json_t *value = member_value(&members[i], cloud);
		const char *name;
		json_t *parent;

		if (!value)
			continue;
		parent = parent_of(tree, members[i].path, &name, true);
		json_object_set_new(parent, name, value);
	}
	return tree;
}

/* ---- from a tree ---- */

static int wrong(const struct record_member *member, struct error *err, const char *what)
{
	return error_set(err, ERROR_INPUT, "%s: must be %s", member->path, what);
}

static int take_text(struct arena *arena, const struct record_member *member, const json_t *value, void *at,
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

static int take_list(struct arena *arena, const struct record_member *member, const json_t *value, void *at,
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

static int take_flag(const struct record_member *member, const json_t *value, void *at, struct error *err)
{
	bool flag = json_is_true(value) || text_equal(json_string_value(value), "true");

	if (!flag && !json_is_false(value) && !text_equal(json_string_value(value), "false"))
		return wrong(member, err, "true or false");
	memcpy(at, &flag, sizeof(flag));
	return 0;
}

static int take_word(struct arena *arena, const struct record_member *member, const json_t *value, void *at,
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

static int take_count(const struct record_member *member, const json_t *value, void *at, struct error *err)
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

static int take_member(struct arena *arena, const struct record_member *member, const json_t *value,
	struct cloud *cloud, struct error *err)
{
	void *at = (char *)cloud + member->offset;

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
static int check_names(struct arena *arena, const json_t *object, const char *prefix, struct error *err)
{
	const char *key;
	const json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		const char *path = arena_printf(arena, "%s%s", prefix, key);
		const char *inside = arena_printf(arena, "%s.", path);
		struct text_list paths = {0};
		bool section = false;
		const char *near;

		for (size_t i = 0; i < MEMBER_TOTAL; i++) {
			section = section || text_starts_with(members[i].path, inside);
			text_list_add(arena, &paths, members[i].path);
		}
		if (section && !json_is_object(value) && !json_is_null(value))
			return error_set(err, ERROR_INPUT, "%s: must be a mapping", path);
		if (section && json_is_object(value) && check_names(arena, value, inside, err) < 0)
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

int cloud_from_tree(struct arena *arena, const json_t *tree, struct cloud *cloud, struct error *err)
{
	json_t *rest;
	int named;

	*cloud = (struct cloud){0};
	if (!json_is_object(tree))
		return error_set(err, ERROR_INPUT, "must be a mapping of names to values");
	if (check_version(json_object_get(tree, "version"), err) < 0)
		return -1;
	rest = json_copy((json_t *)tree);
	json_object_del(rest, "version");
	named = check_names(arena, rest, "", err);
	json_decref(rest);
	if (named < 0)
		return -1;
	for (size_t i = 0; i < MEMBER_TOTAL; i++) {
		const char *name;
		json_t *parent = parent_of((json_t *)tree, members[i].path, &name, false);

		if (take_member(arena, &members[i], json_object_get(parent, name), cloud, err) < 0)
			return -1;
	}
	return 0;
}

int cloud_complete(const struct cloud *cloud, struct error *err)
{
	const char *missing = !cloud->id ? "id"
		: !cloud->name           ? "name"
		: !cloud->provider       ? "provider"
		: !cloud->region         ? "region"
					 : NULL;

	return missing ? error_set(err, ERROR_INPUT, "%s: is missing", missing) : 0;
}
