/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry's store in a folder: folders 0700, files 0600, replaced atomically. The revision of a file is its
 * content, so a file that was edited by hand counts as changed.
 */
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/yaml.h"
#include "providers/records/registry.h"
#include "providers/records/registry_store.h"

/* How long a writer waits for another one's few system calls. */
enum { WRITE_WAIT_MS = 5000 };

struct folder_store {
	struct registry_store store; /* first, so that a pointer to it is one to this */
	struct arena *arena;
	const char *folder;
};

static struct folder_store *folder_of(struct registry_store *self)
{
	return (struct folder_store *)self;
}

static const char *folder_where(struct registry_store *self, const char *key)
{
	const struct folder_store *store = folder_of(self);

	return key ? arena_printf(store->arena, "%s/%s", store->folder, key) : store->folder;
}

static int folder_get(struct registry_store *self, const char *key, struct registry_text *text,
	struct error *err)
{
	char *data;

	if (file_read(folder_of(self)->arena, folder_where(self, key), YAML_SIZE_MAX, &data, &text->length,
		    err) < 0)
		return -1;
	text->data = text->revision = data;
	return 0;
}

/* Make the folder that holds key. */
static int make_folder_of(struct registry_store *self, const char *key, struct error *err)
{
	const char *path = folder_where(self, key);
	size_t length = (size_t)(strrchr(path, '/') - path);

	return file_make_folder(arena_strndup(folder_of(self)->arena, path, length), err);
}

struct folder_lock {
	struct registry_lock lock; /* first, so that a pointer to it is one to this */
	int fd;
};

static void release_lock(struct registry_lock *self)
{
	file_close(&((struct folder_lock *)self)->fd);
}

/* The file stays behind, empty: removing it would let two processes in. */
static struct registry_lock *folder_lock(struct registry_store *self, const char *key, int wait_ms,
	struct error *err)
{
	struct folder_lock *lock = NEW(folder_of(self)->arena, struct folder_lock);

	*lock = (struct folder_lock){.lock = {release_lock}, .fd = -1};
	if (make_folder_of(self, key, err) == 0)
		lock->fd = file_lock(folder_where(self, key), wait_ms, err);
	return lock->fd < 0 ? NULL : &lock->lock;
}

static int folder_create(struct registry_store *self, const char *key, struct registry_text *text,
	struct error *err)
{
	if (make_folder_of(self, key, err) < 0 ||
		file_create(folder_where(self, key), text->data, text->length, err) < 0)
		return -1;
	file_sweep(folder_where(self, key));
	text->revision = text->data;
	return 0;
}

/* A text that was put in its place and could not be made durable is what the next one replaces. Always returns -1. */
static int note_revision(struct registry_store *self, const char *key, struct registry_text *text)
{
	struct registry_text now;
	struct error ignored;

	if (folder_get(self, key, &now, &ignored) == 0 && text_equal(now.data, text->data))
		text->revision = text->data;
	return -1;
}

static int folder_put(struct registry_store *self, const char *key, struct registry_text *text,
	struct error *err)
{
	struct registry_text now;
	_cleanup_unlock_ struct registry_lock *lock = folder_lock(self, "lock", WRITE_WAIT_MS, err);

	if (!lock || make_folder_of(self, key, err) < 0)
		return -1;
	if (text->revision && folder_get(self, key, &now, err) < 0)
		return -1;
	if (text->revision && !text_equal(text->revision, now.revision))
		return error_set(err, ERROR_CONFLICT, "%s: changed since it was read; try again",
			folder_where(self, key));
	if (file_replace(folder_where(self, key), text->data, text->length, err) < 0)
		return note_revision(self, key, text);
	file_sweep(folder_where(self, key));
	text->revision = text->data;
	return 0;
}

static int folder_remove(struct registry_store *self, const char *key, struct error *err)
{
	_cleanup_unlock_ struct registry_lock *lock = folder_lock(self, "lock", WRITE_WAIT_MS, err);

	return !lock ? -1 : file_remove(folder_where(self, key), err);
}

static int folder_list(struct registry_store *self, const char *prefix, const char *suffix,
	struct text_list *names, struct error *err)
{
	return file_names(folder_of(self)->arena, folder_where(self, prefix), suffix, names, err);
}

static struct registry_store *folder_within(struct registry_store *self, struct arena *arena)
{
	return registry_folder_open(arena, folder_of(self)->folder);
}

struct registry_store *registry_folder_open(struct arena *arena, const char *folder)
{
	struct folder_store *store = NEW(arena, struct folder_store);

	*store = (struct folder_store){
		.store = {.get = folder_get,
			.create = folder_create,
			.put = folder_put,
			.remove = folder_remove,
			.list = folder_list,
			.lock = folder_lock,
			.where = folder_where,
			.within = folder_within},
		.arena = arena,
		.folder = folder,
	};
	return &store->store;
}
