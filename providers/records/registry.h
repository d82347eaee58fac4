/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where cloud records are kept: one YAML text a cloud (clouds/NAME.yaml) and the name of the default cloud in
 * "default" (docs/design.md, "Records and the registry"). What lies below, a folder today, is
 * behind struct registry_store.
 *
 * A record that two processes change at the same time is never half one and half the other: the second writer
 * gets ERROR_CONFLICT. Long operations take registry_lock() first.
 */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_H
#define CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_H

#include "base/error.h"
#include "base/text.h"
#include "providers/records/cloud.h"

struct arena;
struct registry_lock;
struct registry_store;
struct world;

struct registry {
	struct arena *arena;
	struct registry_store *store;
	struct world *world; /* for created and updated */
	const struct cloud_schema *const *schemas;
};

/*
 * schemas: what the providers keep in the records, ended by NULL. folder NULL: $XDG_STATE_HOME/cloudctl, else $HOME/.local/state/cloudctl; ERROR_INPUT when neither is set.
 * Nothing is touched: the folder is made at the first write.
 */
int registry_open(struct registry *registry, struct arena *arena, struct world *world,
	const struct cloud_schema *const *schemas, const char *folder, struct error *err);

/* The same registry with its memory in another arena, for one that goes sooner; not longer than the registry. */
struct registry registry_within(const struct registry *registry, struct arena *arena);

/* What messages call the place of the records: a path, a URL. */
const char *registry_location(const struct registry *registry);

/* Names of all clouds, sorted by byte order; none in an empty registry. */
int registry_names(const struct registry *registry, struct text_list *names, struct error *err);

/*
 * Read one record. ERROR_NOT_FOUND names the nearest name; ERROR_INPUT names the file, and the line or the
 * member, when the record is corrupt, incomplete or has another name than its file.
 */
int registry_load(const struct registry *registry, const char *name, struct cloud *cloud, struct error *err);

/* The same where it need not be there: then 0, and *found is false. */
int registry_find(const struct registry *registry, const char *name, struct cloud *cloud, bool *found,
	struct error *err);

/*
 * The cloud with this id. Corrupt records elsewhere do not hide it; when it is not found, ERROR_NOT_FOUND says
 * how many could not be read.
 */
int registry_load_id(const struct registry *registry, const char *id, struct cloud *cloud, struct error *err);

/* Write a new record; sets updated and revision, and created where the record does not say it. ERROR_CONFLICT when the name is taken. */
int registry_create(const struct registry *registry, struct cloud *cloud, struct error *err);

/*
 * Replace an existing record; sets updated and revision. ERROR_CONFLICT when it is not the one that was loaded
 * any more (cloud->revision; NULL replaces whatever is there), ERROR_NOT_FOUND when it is gone. ERROR_IO may mean that it
 * was replaced and is not durable: revision is then the new one.
 */
int registry_update(const struct registry *registry, struct cloud *cloud, struct error *err);

/* Remove a record, and before it the default that points to it: where that fails, the record stays. */
int registry_remove(const struct registry *registry, const char *name, struct error *err);

/* The default cloud's name in *name, NULL when none is set or it does not exist any more. */
int registry_default(const struct registry *registry, const char **name, struct error *err);

/* ERROR_NOT_FOUND when there is no such cloud. */
int registry_set_default(const struct registry *registry, const char *name, struct error *err);

/*
 * Keep other cloudctl processes off this cloud while an operation changes it; waits at most wait_ms. The name need not
 * exist yet. NULL: ERROR_CONFLICT when another process has the lock (with its pid where that is known). The lock is the
 * registry's arena's; give it back before that is freed.
 */
struct registry_lock *registry_lock(const struct registry *registry, const char *name, int wait_ms,
	struct error *err);

/* The same for something that several clouds use, such as a role; resource is any text, its ARN for example. */
struct registry_lock *registry_lock_resource(const struct registry *registry, const char *resource,
	int wait_ms, struct error *err);

/* Give the lock back; *lock becomes NULL. NULL in it is accepted. */
void registry_unlock(struct registry_lock **lock);
#define _cleanup_unlock_ __attribute__((cleanup(registry_unlock)))

#endif
