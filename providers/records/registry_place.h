/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a registry in a folder of the test's own, its clock and its environment. */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_PLACE_H
#define CLOUDCTL_PROVIDERS_RECORDS_REGISTRY_PLACE_H

#include "base/arena.h"
#include "base/world.h"
#include "providers/records/registry.h"

#define ID "cld_abcdefghijklmnopqrstuvwxyz"
#define OTHER_ID "cld_bbcdefghijklmnopqrstuvwxyz"

struct registry_place {
	struct world world; /* first, so that the environment finds the rest */
	struct arena arena;
	const char *folder; /* the test's own */
	const char *home, *state;
	int64_t now_ms;
	struct registry registry;
	struct error err;
};

/* For cmocka: *state is a struct registry_place with its registry open, and then gone. */
int place_set_up(void **state);
int place_tear_down(void **state);

/* As registry_open(), with the place's world. */
int place_open(struct registry_place *place, struct registry *registry, const char *folder);

struct cloud place_cloud(const char *name, const char *id);

/* Put such a cloud into the registry. */
void place_create(struct registry_place *place, const char *name, const char *id);

/* The path of a file of the registry, in the place's arena. */
const char *place_at(struct registry_place *place, const char *key);

void place_write(struct registry_place *place, const char *key, const char *text);

#endif
