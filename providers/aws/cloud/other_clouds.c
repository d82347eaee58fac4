/* SPDX-License-Identifier: Apache-2.0 */
/* From the records of a registry to the clouds that share a role. */
#include "providers/aws/cloud/other_clouds.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"

/* Those that share a role are under one key. */
static const char *key_of(struct arena *arena, const struct cloud *cloud)
{
	const struct aws_cloud *section = aws_cloud(cloud);

	if (!section->resources.control_plane_role_arn || !section->control_plane_account)
		return NULL;
	return arena_printf(arena, "%s %s", section->control_plane_account,
		section->resources.control_plane_role_arn);
}

void other_clouds_note(json_t *directory, const struct cloud *cloud)
{
	const char *external_id = aws_cloud(cloud)->external_id ? aws_cloud(cloud)->external_id : cloud->id;
	struct arena arena = {0};
	const char *key = key_of(&arena, cloud);
	json_t *sharing = key ? json_object_get(directory, key) : NULL;

	if (key && external_id && cloud->name) {
		if (!sharing) {
			sharing = json_object();
			json_object_set_new(directory, key, sharing);
		}
		json_object_set_new(sharing, cloud->name, json_pack("{s:s}", "external_id", external_id));
	}
	arena_free(&arena);
}

void other_clouds_know(struct facts *facts, const json_t *directory)
{
	const char *key = key_of(facts->arena, facts->cloud);
	const json_t *sharing = key ? json_object_get(directory, key) : NULL;
	json_t *others = tree_defer(facts->arena, json_object());

	json_object_update(others, (json_t *)sharing);
	json_object_del(others, facts->cloud->name);
	facts_learn(facts, FACT_OTHER_CLOUDS, json_object_size(others) > 0 ? others : NULL);
}

/* Each in memory of its own: there may be many. */
static int note_record(const struct registry *registry, const char *name, json_t *directory,
	struct error *err)
{
	struct arena arena = {0};
	struct registry within = registry_within(registry, &arena);
	struct cloud cloud;
	int result = registry_load(&within, name, &cloud, err);

	if (result == 0)
		other_clouds_note(directory, &cloud);
	else if (err->kind == ERROR_NOT_FOUND) /* it was deleted meanwhile */
		result = 0;
	arena_free(&arena);
	return result;
}

int other_clouds_find(struct facts *facts, const struct registry *registry, struct error *err)
{
	json_t *directory = tree_defer(facts->arena, json_object());
	struct text_list names = {0};
	struct error first = {0}, why = {0};
	int result = registry_names(registry, &names, &first);

	for (size_t i = 0; result == 0 && i < names.count; i++)
		if (!text_equal(names.items[i], facts->cloud->name) &&
			note_record(registry, names.items[i], directory, &why) < 0)
			error_keep(&first, &why);
	other_clouds_know(facts, directory);
	if (first.kind == ERROR_NONE)
		return 0;
	*err = first;
	return error_wrap(err, "looking for other clouds with the same role");
}

struct text_list other_clouds_external_ids(const struct facts *facts)
{
	struct text_list ids = {0};
	const char *name;
	json_t *other;

	json_object_foreach ((json_t *)facts_tree(facts, FACT_OTHER_CLOUDS), name, other)
		text_list_add(facts->arena, &ids, tree_text(other, "external_id"));
	return ids;
}

struct text_list other_clouds_names(const struct facts *facts, const char *external_id)
{
	struct text_list names = {0};
	const char *name;
	json_t *other;

	json_object_foreach ((json_t *)facts_tree(facts, FACT_OTHER_CLOUDS), name, other)
		if (text_equal(tree_text(other, "external_id"), external_id))
			text_list_add(facts->arena, &names, name);
	return names;
}

const char *other_clouds_name(const struct facts *facts, const char *external_id)
{
	const struct text_list names = other_clouds_names(facts, external_id);

	return names.count > 0 ? names.items[0] : NULL;
}
