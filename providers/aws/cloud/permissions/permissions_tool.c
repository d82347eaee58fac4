/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of permissions.h and resource_types.h as one JSON object on standard output, for the test that compares
 * them with AWS's lists of actions, with CloudFormation's resource type schemas and with the template.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/permissions/permissions.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_choices.h"

static json_t *resources_json(struct arena *arena, const struct index_list *on)
{
	static const char *tags[] = {"owner=x"};
	static const struct setup_choices everything = {.tags = {tags, ARRAY_LENGTH(tags)}};
	const struct permission_scope scope = {.partition = "aws",
		.region = "us-west-2",
		.account = "123456789012",
		.parts = PART_NAT | PART_MEMORYDB | PART_EFS,
		.choices = &everything};
	struct text_list resources = {0};
	json_t *list = json_array();

	permission_resources(arena, &scope, on, &resources);
	for (size_t i = 0; i < resources.count; i++)
		json_array_append_new(list, json_string(resources.items[i]));
	return list;
}

static json_t *actions_json(struct arena *arena)
{
	size_t count;
	const struct permission *rows = permissions(&count);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:o, s:o, s:o, s:b, s:b}", "action", rows[i].action, "resources",
				resources_json(arena, &rows[i].on), "makes",
				rows[i].makes.count ? resources_json(arena, &rows[i].makes) : json_array(),
				"cleans",
				rows[i].cleans.count ? resources_json(arena, &rows[i].cleans) : json_array(),
				"tagged", (int)rows[i].tagged, "anywhere", (int)rows[i].anywhere));
	return list;
}

static const char *part_word(enum stack_part part)
{
	switch (part) {
	case PART_BASE: return "base";
	case PART_NETWORK: return "network";
	case PART_NAT: return "nat";
	case PART_MEMORYDB: return "memorydb";
	case PART_EFS: return "efs";
	case PART_RAY: return "ray";
	case PART_RAY_LAUNCHER: return "ray launcher";
	case PARTS_LATER: break;
	}
	return "";
}

static json_t *names_json(const struct resource_type *type)
{
	json_t *names = json_object();

	for (size_t i = 0; i < RESOURCE_TYPE_NAMES && type->resources[i].logical_id; i++)
		json_object_set_new(names, type->resources[i].logical_id,
			json_pack("{s:s, s:s, s:s*}", "name", type->resources[i].name, "part",
				part_word(type->resources[i].part), "default_name",
				kinds[type->resources[i].kind].default_name));
	return names;
}

static json_t *types_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < resource_type_count; i++) {
		const struct resource_type *type = &resource_types[i];

		json_array_append_new(list,
			json_pack("{s:s, s:o, s:s, s:s?, s:s, s:s?}", "type", type->type, "resources",
				names_json(type), "create", type->create, "update", type->update, "remove",
				type->remove, "undo", type->undo));
	}
	return list;
}

int main(void)
{
	struct arena arena = {0};
	json_t *out = json_pack("{s:o, s:o}", "actions", actions_json(&arena), "types", types_json());

	json_dumpf(out, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(out);
	arena_free(&arena);
	return 0;
}
