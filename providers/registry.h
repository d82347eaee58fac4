/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where cloud records are kept: a folder, one YAML file a cloud (clouds/NAME.yaml), and the name of the default cloud
 * in the file "default". Folders 0700, files 0600, replaced atomically under an advisory lock (design.md §3).
 */
#ifndef CLOUDCTL_PROVIDERS_REGISTRY_H
#define CLOUDCTL_PROVIDERS_REGISTRY_H

#include "base/error.h"
#include "base/text.h"
#include "providers/cloud.h"

struct arena;
struct world;

struct registry {
	struct arena *arena;
	const char *folder;
	struct world *world; /* for created and updated */
};

/*
 * folder NULL: $XDG_STATE_HOME/cloudctl, else $HOME/.local/state/cloudctl; ERROR_INPUT when neither is set. Nothing is
 * touched: the folder is made at the first write.
 */
int registry_open(struct registry *registry, struct arena *arena, struct world *world, const char *folder, struct error *err);

/* Names of all clouds, sorted. An empty registry is no error. */
int registry_names(const struct registry *registry, struct text_list *names, struct error *err);

/*
 * Read one record. ERROR_NOT_FOUND names the nearest name; ERROR_INPUT names file and line when it is corrupt or when
 * it says another name than its file.
 */
int registry_load(const struct registry *registry, const char *name, struct cloud *cloud, struct error *err);

/* The cloud with this id; a corrupt record elsewhere does not hide it. */
int registry_load_id(const struct registry *registry, const char *id, struct cloud *cloud, struct error *err);

/* Write a new record, sets created and updated. ERROR_CONFLICT when the name is taken. */
int registry_create(const struct registry *registry, struct cloud *cloud, struct error *err);

/* Replace an existing record, sets updated. */
int registry_update(const struct registry *registry, struct cloud *cloud, struct error *err);

/* Remove a record; a default that points to it is removed too. */
int registry_remove(const struct registry *registry, const char *name, struct error *err);

/* The default cloud's name in *name, NULL when none is set or it does not exist any more. */
int registry_default(const struct registry *registry, const char **name, struct error *err);
int registry_set_default(const struct registry *registry, const char *name, struct error *err);

/*
 * Keep other cloudctl processes off this cloud while an operation changes it; waits at most wait_ms. Returns a
 * descriptor for _cleanup_close_, or -1 (ERROR_CONFLICT: another process is at it, with its pid).
 */
int registry_lock(const struct registry *registry, const char *name, int wait_ms, struct error *err);

#endif
