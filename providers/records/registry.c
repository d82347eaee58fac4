/* SPDX-License-Identifier: Apache-2.0 */
/* Records in and out of a store (registry_store.h). Knows keys and YAML; does no file I/O itself. */
#include "providers/records/registry.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/world.h"
#include "base/yaml.h"
#include "providers/records/registry_store.h"

static const char suffix[] = ".yaml";
static const char default_key[] = "default";

int registry_open(struct registry *registry, struct arena *arena, struct world *world,
	const struct cloud_schema *const *schemas, const char *folder, struct error *err)
{
	const char *state = world->environment(world, "XDG_STATE_HOME");
	const char *home = world->environment(world, "HOME");

	if (folder && text_starts_with(folder, "s3://"))
		return error_set(err, ERROR_USAGE,
			"--registry: this version keeps records in a folder only, not in S3");
	/* The XDG base directory specification says that relative paths are invalid and to be ignored. */
	if (!folder && state && state[0] == '/')
		folder = arena_printf(arena, "%s/cloudctl", state);
	if (!folder && home)
		folder = arena_printf(arena, "%s/.local/state/cloudctl", home);
	if (!folder)
		return error_set(err, ERROR_INPUT,
			"no folder for cloud records: give --registry, or set HOME or XDG_STATE_HOME");
	*registry = (struct registry){.arena = arena, .world = world, .schemas = schemas};
	registry->store = registry_folder_open(arena, folder);
	return 0;
}

struct registry registry_within(const struct registry *registry, struct arena *arena)
{
	struct registry own = *registry;

	own.arena = arena;
	own.store = registry->store->within(registry->store, arena);
	return own;
}

const char *registry_location(const struct registry *registry)
{
	return registry->store->where(registry->store, NULL);
}

/* folder/name ending; NULL (ERROR_USAGE) for what is no name of a cloud and could lead anywhere. */
static const char *key_of(const struct registry *registry, const char *folder, const char *name,
	const char *ending, struct error *err)
{
	if (cloud_name_valid(name))
		return arena_printf(registry->arena, "%s/%s%s", folder, name, ending);
	error_set(err, ERROR_USAGE,
		"invalid cloud name '%s': use 1-64 of A-Za-z0-9_.-, beginning with a letter or digit",
		name ? name : "");
	return NULL;
}

int registry_names(const struct registry *registry, struct text_list *names, struct error *err)
{
	struct text_list files = {0};

	*names = (struct text_list){0};
	if (registry->store->list(registry->store, "clouds", suffix, &files, err) < 0)
		return -1;
	for (size_t i = 0; i < files.count; i++) {
		size_t length = strlen(files.items[i]) - strlen(suffix);
		const char *name = arena_strndup(registry->arena, files.items[i], length);

		if (cloud_name_valid(name)) /* an editor leaves other files behind */
			text_list_add(registry->arena, names, name);
	}
	return 0;
}

static int not_found(const struct registry *registry, const char *name, struct error *err)
{
	struct text_list names;
	struct error ignored;
	const char *near = NULL;

	if (registry_names(registry, &names, &ignored) == 0)
		near = text_nearest(name, &names);
	return error_set(err, ERROR_NOT_FOUND,
		near ? "no cloud is named '%s'; did you mean '%s'?"
		     : "no cloud is named '%s' (records are in %s)",
		name, near ? near : registry_location(registry));
}

/*
 * Add the line that an error about a member is about: the error begins with "section.member: ". Keys are written
 * once in a record, so the first line that begins with the key is it; none does when the member is missing.
 */
static void add_line(const struct registry_text *text, struct error *err)
{
	const char *why = err->frame[0];
	size_t path = strcspn(why, ": ");
	const char *line = text->data;
	size_t key = path;

	while (key > 0 && why[key - 1] != '.')
		key--;
	for (size_t number = 1; *line; number++) {
		const char *word = line + strspn(line, " -");

		if (strncmp(word, why + key, path - key) == 0 && word[path - key] == ':') {
			error_wrap(err, "line %zu", number);
			return;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
}

/* The record in text; errors do not say where it is kept. */
static int parse(const struct registry *registry, const struct registry_text *text, const char *name,
	struct cloud *cloud, struct error *err)
{
	json_t *tree = yaml_parse(text->data, text->length, err);
	int taken;

	if (!tree)
		return -1;
	taken = cloud_from_tree(registry->arena, registry->schemas, tree, cloud, err);
	json_decref(tree);
	if (taken == 0)
		taken = cloud_complete(cloud, err);
	if (taken == 0 && !text_equal(cloud->name, name))
		taken = error_set(err, ERROR_INPUT, "name: the file is named '%s' but the cloud '%s'", name,
			cloud->name);
	if (taken < 0) {
		add_line(text, err);
		return -1;
	}
	cloud->revision = text->revision;
	return 0;
}

int registry_find(const struct registry *registry, const char *name, struct cloud *cloud, bool *found,
	struct error *err)
{
	struct registry_store *store = registry->store;
	const char *key = key_of(registry, "clouds", name, suffix, err);
	struct registry_text text;

	*found = false;
	if (!key)
		return -1;
	if (store->get(store, key, &text, err) < 0) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
		return 0;
	}
	if (parse(registry, &text, name, cloud, err) < 0)
		return error_wrap(err, "%s", store->where(store, key));
	*found = true;
	return 0;
}

int registry_load(const struct registry *registry, const char *name, struct cloud *cloud, struct error *err)
{
	bool found;

	if (registry_find(registry, name, cloud, &found, err) < 0)
		return -1;
	return found ? 0 : not_found(registry, name, err);
}

int registry_load_id(const struct registry *registry, const char *id, struct cloud *cloud, struct error *err)
{
	struct text_list names;
	size_t unreadable = 0;

	if (registry_names(registry, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		struct error why;

		if (registry_load(registry, names.items[i], cloud, &why) < 0)
			unreadable += why.kind != ERROR_NOT_FOUND; /* removed since */
		else if (text_equal(cloud->id, id))
			return 0;
	}
	if (unreadable > 0)
		return error_set(err, ERROR_NOT_FOUND,
			"no cloud has the id '%s', but %zu records could not be read; see 'cloudctl list'",
			id, unreadable);
	return error_set(err, ERROR_NOT_FOUND, "no cloud has the id '%s' (records are in %s)", id,
		registry_location(registry));
}

/* The record as YAML. It is read back first: what cloudctl could not read again is not written. */
static int format(const struct registry *registry, const struct cloud *cloud, struct registry_text *text,
	struct error *err)
{
	struct str yaml = {.arena = registry->arena, .max = YAML_SIZE_MAX};
	json_t *tree = cloud_to_tree(cloud);
	struct cloud again;
	int formatted = -1;

	if (cloud_from_tree(registry->arena, registry->schemas, tree, &again, err) == 0 &&
		cloud_complete(&again, err) == 0)
		formatted = yaml_format(tree, &yaml, err);
	json_decref(tree);
	if (formatted < 0)
		return error_wrap(err, "writing the record of cloud '%s'", cloud->name ? cloud->name : "");
	*text = (struct registry_text){.data = str_text(&yaml), .length = yaml.length};
	return 0;
}

int registry_create(const struct registry *registry, struct cloud *cloud, struct error *err)
{
	struct registry_store *store = registry->store;
	const char *key = key_of(registry, "clouds", cloud->name, suffix, err);
	struct registry_text text;

	cloud->updated = world_now(registry->world, registry->arena);
	if (!cloud->created)
		cloud->created = cloud->updated;
	if (!key || format(registry, cloud, &text, err) < 0)
		return -1;
	if (store->create(store, key, &text, err) < 0) {
		if (err->kind == ERROR_CONFLICT)
			error_set(err, ERROR_CONFLICT, "a cloud named '%s' already exists", cloud->name);
		return -1;
	}
	cloud->revision = text.revision;
	return 0;
}

int registry_update(const struct registry *registry, struct cloud *cloud, struct error *err)
{
	struct registry_store *store = registry->store;
	const char *key = key_of(registry, "clouds", cloud->name, suffix, err);
	struct registry_text text;

	cloud->updated = world_now(registry->world, registry->arena);
	if (!key || format(registry, cloud, &text, err) < 0)
		return -1;
	text.revision = cloud->revision;
	if (store->put(store, key, &text, err) < 0) {
		cloud->revision = text.revision;
		return error_wrap(err, "updating the record of cloud '%s'", cloud->name);
	}
	cloud->revision = text.revision;
	return 0;
}

/* The name in the file "default", whether it exists or not; NULL when there is none. */
static int read_default(const struct registry *registry, const char **name, struct error *err)
{
	struct registry_store *store = registry->store;
	struct registry_text text;

	*name = NULL;
	if (store->get(store, default_key, &text, err) < 0) {
		if (err->kind != ERROR_NOT_FOUND)
			return -1;
		error_clear(err);
		return 0;
	}
	*name = arena_strndup(registry->arena, text.data, strcspn(text.data, "\r\n"));
	if (!cloud_name_valid(*name))
		return error_set(err, ERROR_INPUT, "%s: must hold the name of a cloud and nothing else",
			store->where(store, default_key));
	return 0;
}

int registry_remove(const struct registry *registry, const char *name, struct error *err)
{
	struct registry_store *store = registry->store;
	const char *preferred, *key = key_of(registry, "clouds", name, suffix, err);

	if (!key)
		return -1;
	/* The default first: without its record it would wait for the next cloud of that name. What is no name is not ours. */
	if (read_default(registry, &preferred, err) < 0) {
		if (err->kind != ERROR_INPUT)
			return -1;
		error_clear(err);
	} else if (text_equal(preferred, name) && store->remove(store, default_key, err) < 0) {
		return -1;
	}
	if (store->remove(store, key, err) < 0)
		return err->kind == ERROR_NOT_FOUND ? not_found(registry, name, err) : -1;
	return 0;
}

int registry_default(const struct registry *registry, const char **name, struct error *err)
{
	struct text_list names;

	if (read_default(registry, name, err) < 0 || registry_names(registry, &names, err) < 0)
		return -1;
	if (*name && !text_list_has(&names, *name))
		*name = NULL;
	return 0;
}

int registry_set_default(const struct registry *registry, const char *name, struct error *err)
{
	struct registry_store *store = registry->store;
	struct registry_text text;
	struct text_list names;

	if (!key_of(registry, "clouds", name, suffix, err) || registry_names(registry, &names, err) < 0)
		return -1;
	if (!text_list_has(&names, name))
		return not_found(registry, name, err);
	text.data = arena_printf(registry->arena, "%s\n", name);
	text.length = strlen(text.data);
	text.revision = NULL;
	return store->put(store, default_key, &text, err);
}

struct registry_lock *registry_lock(const struct registry *registry, const char *name, int wait_ms,
	struct error *err)
{
	const char *key = key_of(registry, "locks", name, "", err);
	struct registry_lock *lock = key ? registry->store->lock(registry->store, key, wait_ms, err) : NULL;

	if (!lock && err->kind == ERROR_CONFLICT)
		error_wrap(err, "another cloudctl is working on cloud '%s'", name);
	return lock;
}

/* FNV-1a (RFC 9923): a name of a fixed length. Two texts of one hash only wait for each other. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

struct registry_lock *registry_lock_resource(const struct registry *registry, const char *resource,
	int wait_ms, struct error *err)
{
	const char *key = arena_printf(registry->arena, "resource-locks/%016" PRIx64, hash_of(resource));
	struct registry_lock *lock = registry->store->lock(registry->store, key, wait_ms, err);

	if (!lock && err->kind == ERROR_CONFLICT)
		error_wrap(err, "another cloudctl is working on %s", resource);
	return lock;
}

void registry_unlock(struct registry_lock **lock)
{
	if (*lock)
		(*lock)->release(*lock);
	*lock = NULL;
}
