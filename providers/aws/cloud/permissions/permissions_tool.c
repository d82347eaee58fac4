/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of permissions.h as one JSON object on standard output, for the test that compares them with AWS's lists of
 * actions and with CloudFormation's resource type schemas.
 */
#include <jansson.h>
#include <stdio.h>

#include "base/arena.h"
#include "providers/aws/cloud/permissions/permissions.h"

static json_t *resources_json(struct arena *arena, const char *kinds)
{
	const struct permission_scope scope = {.partition = "aws",
		.region = "us-west-2",
		.account = "123456789012"};
	struct text_list resources = {0};
	json_t *list = json_array();

	permission_resources(arena, &scope, kinds, &resources);
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
			json_pack("{s:s, s:o, s:o, s:b, s:b}", "action", rows[i].action, "resources",
				resources_json(arena, rows[i].kinds), "makes",
				resources_json(arena, rows[i].makes ? rows[i].makes : ""), "tagged",
				(int)rows[i].tagged, "anywhere", (int)rows[i].anywhere));
	return list;
}

static json_t *handlers_json(void)
{
	size_t count;
	const struct stack_handler *rows = stack_handlers(&count);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s?, s:s, s:s?, s:b}", "type", rows[i].type, "create",
				rows[i].create, "update", rows[i].update, "remove", rows[i].remove, "undo",
				rows[i].undo, "memorydb", (int)rows[i].memorydb));
	return list;
}

int main(void)
{
	struct arena arena = {0};
	json_t *out = json_pack("{s:o, s:o}", "actions", actions_json(&arena), "handlers", handlers_json());

	json_dumpf(out, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(out);
	arena_free(&arena);
	return 0;
}
