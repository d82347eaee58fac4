/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/records/registry_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/test.h"
#include "base/test_folder.h"

static const struct cloud_schema schema = {
	.provider = "aws",
	.region_needed = true,
};
static const struct cloud_schema *const schemas[] = {&schema, NULL};

static int64_t now(struct world *world)
{
	return ((struct registry_place *)(void *)world)->now_ms;
}

static const char *environment(struct world *world, const char *name)
{
	const struct registry_place *place = (const struct registry_place *)(const void *)world;

	return text_equal(name, "HOME")              ? place->home
		: text_equal(name, "XDG_STATE_HOME") ? place->state
						     : NULL;
}

int place_open(struct registry_place *place, struct registry *registry, const char *folder)
{
	return registry_open(registry, &place->arena, &place->world, schemas, folder, &place->err);
}

int place_set_up(void **state)
{
	struct registry_place *place = calloc(1, sizeof(*place));

	place->world = (struct world){.wall_ms = now, .steady_ms = now, .environment = environment};
	place->now_ms = 1767323045000; /* 2026-01-02T03:04:05Z */
	*state = place;
	place->folder = test_folder(&place->arena);
	if (!place->folder)
		return -1;
	place->state = place->folder;
	return place_open(place, &place->registry, NULL);
}

int place_tear_down(void **state)
{
	struct registry_place *place = *state;

	arena_free(&place->arena);
	free(place);
	return 0;
}

struct cloud place_cloud(const char *name, const char *id)
{
	return (struct cloud){.id = id, .name = name, .provider = "aws", .region = "us-west-2"};
}

void place_create(struct registry_place *place, const char *name, const char *id)
{
	struct cloud cloud = place_cloud(name, id);

	if (registry_create(&place->registry, &cloud, &place->err) < 0)
		fail_msg("creating %s: %s", name, place->err.frame[0]);
}

const char *place_at(struct registry_place *place, const char *key)
{
	return arena_printf(&place->arena, "%s/cloudctl/%s", place->folder, key);
}

void place_write(struct registry_place *place, const char *key, const char *text)
{
	if (file_replace(place_at(place, key), text, strlen(text), &place->err) < 0)
		fail_msg("%s", place->err.frame[0]);
}
