/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the registry asks of the place where it keeps its texts: few enough questions that a folder and an S3
 * prefix (conditional writes with If-Match and If-None-Match) can both answer them.
 *
 * Keys are relative paths of the registry's own making: "clouds/prod.yaml", "default". A revision is an opaque
 * text that changes whenever the content does. Results belong to the arena that the store was opened with.
 */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_STORE_H
#define CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_STORE_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct arena;

struct registry_text {
	const char *data; /* NUL-terminated, without NUL inside */
	size_t length;
	const char *revision;
};

/* A lock of a store, which knows what more there is of it. */
struct registry_lock {
	/* Give it back; called once. */
	void (*release)(struct registry_lock *self);
};

struct registry_store {
	/* ERROR_NOT_FOUND when there is no such key. */
	int (*get)(struct registry_store *self, const char *key, struct registry_text *text,
		struct error *err);

	/* Write text->data; sets text->revision. ERROR_CONFLICT when the key exists. */
	int (*create)(struct registry_store *self, const char *key, struct registry_text *text,
		struct error *err);

	/*
	 * Write text->data where the content still has text->revision; sets the new one. ERROR_CONFLICT when it
	 * has not, ERROR_NOT_FOUND when the key is gone. revision NULL: whatever is there, or nothing. A failure sets the new
	 * revision where the content is the new one all the same.
	 */
	int (*put)(struct registry_store *self, const char *key, struct registry_text *text,
		struct error *err);

	/* ERROR_NOT_FOUND when there is no such key. */
	int (*remove)(struct registry_store *self, const char *key, struct error *err);

	/* Last parts of the keys "prefix/…suffix", sorted by byte order. None when there is no such prefix. */
	int (*list)(struct registry_store *self, const char *prefix, const char *suffix,
		struct text_list *names, struct error *err);

	/*
	 * Waits at most wait_ms. NULL: ERROR_CONFLICT when another process has it. The lock of a process that died ends with
	 * it, or some time later.
	 */
	struct registry_lock *(
		*lock)(struct registry_store *self, const char *key, int wait_ms, struct error *err);

	/* What messages call the place of a key: a path, a URL; of the whole store, where key is NULL. */
	const char *(*where)(struct registry_store *self, const char *key);

	/* The same store with its results in another arena, not longer than this one. */
	struct registry_store *(*within)(struct registry_store *self, struct arena *arena);
};

/* A store in a folder; belongs to the arena. Nothing is touched before the first write. */
struct registry_store *registry_folder_open(struct arena *arena, const char *folder);

#endif
