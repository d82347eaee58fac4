/* SPDX-License-Identifier: Apache-2.0 */
/* Reading node types. */
#include "providers/aws/cloud/ray/node_type.h"

#include <string.h>

#include "base/arena.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FORM "NAME=INSTANCE:MIN:MAX, such as gpu=g5.xlarge:0:4 or gpu=g5.xlarge/g4dn.xlarge:0:4:spot"

bool instance_type_valid(const char *text)
{
	const char *point = strchr(text, '.');

	return text_only(text, LOWER ".-", 4, 40) && point && point != text && point[1] != '\0';
}

/* Names are part of Ray's tags and of the names of its resources. */
static bool is_name(const char *text)
{
	return text_only(text, LOWER UPPER "_.-", 1, 40);
}

static int refuse(const char *option, const char *why, struct error *err)
{
	return error_set(err, ERROR_USAGE, "--node-type: '%s': %s", option, why);
}

static bool has_name(const struct node_types *types, const char *name)
{
	for (size_t i = 0; i < types->count; i++)
		if (text_equal(types->items[i].name, name))
			return true;
	return false;
}

/* "gpu" and "g5.xlarge" make "gpu-g5-xlarge", when there are several. */
static const char *name_of(struct arena *arena, const char *name, const char *instance_type, bool several)
{
	char *text;

	if (!several)
		return name;
	text = arena_printf(arena, "%s-%s", name, instance_type);
	for (char *c = text + strlen(name); *c; c++)
		if (*c == '.')
			*c = '-';
	return text;
}

static int add(struct arena *arena, const char *option, const char *name, const struct text_list *instances,
	const struct node_type *limits, struct node_types *types, struct error *err)
{
	for (size_t i = 0; i < instances->count; i++) {
		struct node_type *type = &types->items[types->count];

		if (!instance_type_valid(instances->items[i]))
			return refuse(option,
				arena_printf(arena, "'%s' is not an instance type", instances->items[i]),
				err);
		if (types->count == NODE_TYPES_MAX)
			return error_set(err, ERROR_USAGE, "--node-type: more than %d are too many",
				NODE_TYPES_MAX);
		*type = *limits;
		type->instance_type = instances->items[i];
		type->name = name_of(arena, name, type->instance_type, instances->count > 1);
		if (has_name(types, type->name) || text_equal(type->name, "head"))
			return refuse(option,
				arena_printf(arena, "there is a node type '%s' already", type->name), err);
		types->count++;
	}
	return 0;
}

static int read_one(struct arena *arena, const char *option, struct node_types *types, struct error *err)
{
	const char *equals = strchr(option, '=');
	struct text_list parts = text_split(arena, equals ? equals + 1 : "", ':'), instances;
	const char *name = equals ? arena_strndup(arena, option, (size_t)(equals - option)) : "";
	struct node_type limits = {.spot = parts.count == 4 && text_equal(parts.items[3], "spot")};
	uint64_t min, max;

	if (!is_name(name) || parts.count < 3 || parts.count > 4 || (parts.count == 4 && !limits.spot))
		return refuse(option, "is not " FORM, err);
	if (!text_number(parts.items[1], 0, NODE_COUNT_MAX, &min) ||
		!text_number(parts.items[2], 1, NODE_COUNT_MAX, &max) || min > max)
		return refuse(option, "MIN and MAX are numbers of nodes, MIN at most MAX, and MAX at least 1",
			err);
	limits.min = (int)min;
	limits.max = (int)max;
	instances = text_split(arena, parts.items[0], '/');
	/* The least number is of all of them together, which Ray has no word for. */
	if (instances.count > 1 && min > 0)
		return refuse(option, "several instance types need a MIN of 0: Ray counts each by itself",
			err);
	return add(arena, option, name, &instances, &limits, types, err);
}

int node_types_read(struct arena *arena, const struct text_list *options, const char *head_instance_type,
	struct node_types *types, struct error *err)
{
	*types = (struct node_types){NEW_ARRAY(arena, struct node_type, NODE_TYPES_MAX), 0};
	if (options->count == 0)
		types->items[types->count++] = (struct node_type){"worker", head_instance_type, .max = 2};
	for (size_t i = 0; i < options->count; i++)
		if (read_one(arena, options->items[i], types, err) < 0)
			return -1;
	return 0;
}
