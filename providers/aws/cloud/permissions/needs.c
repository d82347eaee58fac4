/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting what a command needs from the tables that it is made of. */
#include "providers/aws/cloud/permissions/needs.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/permissions/simulation.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_choices.h"
#include "verify/plan.h"

bool need_way_is_tagged(const struct need_way *way, const struct permission_scope *scope)
{
	bool of_user = scope->vpc_id && way->on->count == 1 && way->on->items[0] == KIND_VPC;

	return way->need->permission->tagged && way->need->by_stack && !way->made && !of_user;
}

const char *needs_cloud_tag(const struct permission_scope *scope)
{
	return scope->cloud ? cloud_tag_sent(scope->cloud) : ANYSCALE_TAG;
}

bool need_is_narrow(const struct index_list *on)
{
	return on->count > 0 && on->items[0] != KIND_ANY;
}

const char *need_words(struct arena *arena, const struct index_list *on)
{
	struct text_list words = {0};

	for (size_t i = 0; i < on->count; i++)
		text_list_add(arena, &words, kinds[on->items[i]].word);
	return text_join(arena, &words, ", ");
}

struct text_list needs_key_services(struct arena *arena, const struct permission_scope *scope,
	const char *action)
{
	bool of_user = scope->choices && scope->choices->kms_key;
	const struct {
		const char *service;
		unsigned part;
		bool uses_key;
		const char *never; /* an action that it does not need */
	} rows[] = {
		{"elasticfilesystem", PART_EFS, true, NULL},
		{"memorydb", PART_MEMORYDB, of_user, "kms:GenerateDataKeyWithoutPlaintext"},
	};
	struct text_list services = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (rows[i].uses_key && scope->parts & rows[i].part &&
			(!action || !text_equal(action, rows[i].never)))
			text_list_add(arena, &services,
				arena_printf(arena, "%s.%s.amazonaws.com", rows[i].service, scope->region));
	return services;
}

struct need_ways needs_ways(struct arena *arena, const struct needs *needs)
{
	struct need_ways ways = {NEW_ARRAY(arena, struct need_way, 2 * needs->count), 0};

	for (size_t i = 0; i < 2 * needs->count; i++) {
		const struct need *need = &needs->items[i % needs->count];
		const struct permission *permission = need->permission;

		if (need->by_stack != (i >= needs->count))
			continue;
		if (need->cleans) {
			ways.items[ways.count++] = (struct need_way){need, false, &permission->cleans};
			continue;
		}
		if (need->launches) {
			ways.items[ways.count++] = (struct need_way){need, false, &permission->launches};
			continue;
		}
		if (permission->makes.count > 0)
			ways.items[ways.count++] = (struct need_way){need, true, &permission->makes};
		if (permission->on.count > 0 || permission->makes.count == 0)
			ways.items[ways.count++] = (struct need_way){need, false, &permission->on};
	}
	return ways;
}

/* An action that is not in the table cannot be narrowed. */
static const struct permission *permission_for(struct arena *arena, const char *action)
{
	const struct permission *found = permission_find(action);
	struct permission *made;

	if (found)
		return found;
	made = NEW(arena, struct permission);
	made->action = arena_strdup(arena, action);
	return made;
}

/* What is done to other things than the cloud's own is a need of its own. */
static int compare(const struct need *one, const struct need *other)
{
	int order = strcmp(one->permission->action, other->permission->action);

	if (order == 0)
		order = one->cleans - other->cleans;
	return order != 0 ? order : one->launches - other->launches;
}

static void add_one(struct arena *arena, struct needs *needs, struct need need)
{
	size_t at = 0, size = needs->count * sizeof(need);
	int order = -1;

	while (at < needs->count && (order = compare(&needs->items[at], &need)) < 0)
		at++;
	if (order == 0) {
		needs->items[at].by_stack &= need.by_stack;
		needs->items[at].for_checks &= need.for_checks;
		return;
	}
	needs->items = arena_grow(arena, needs->items, size, size + sizeof(need));
	memmove(&needs->items[at + 1], &needs->items[at], (needs->count - at) * sizeof(need));
	needs->items[at] = need;
	needs->count++;
}

static void add_each(struct arena *arena, struct needs *needs, const char *actions, struct need like)
{
	struct text_list each = text_split(arena, actions, ' ');

	for (size_t i = 0; i < each.count; i++) {
		struct need need = like;

		need.permission = permission_for(arena, each.items[i]);
		need.launches = like.launches && need.permission->launches.count > 0;
		need.cleans = (like.cleans || like.launches) && !need.launches &&
			need.permission->cleans.count > 0;
		add_one(arena, needs, need);
	}
}

void needs_add(struct arena *arena, struct needs *needs, const char *actions, bool by_stack)
{
	add_each(arena, needs, actions, (struct need){.by_stack = by_stack});
}

void needs_add_launching(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations)
{
	for (; operations && *operations; operations++)
		add_each(arena, needs, (*operations)->actions, (struct need){.launches = true});
}

void needs_add_operations(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations)
{
	for (; operations && *operations; operations++)
		needs_add(arena, needs, (*operations)->actions, false);
}

void needs_add_cleaning(struct arena *arena, struct needs *needs,
	const struct aws_operation *const *operations)
{
	for (; operations && *operations; operations++)
		add_each(arena, needs, (*operations)->actions, (struct need){.cleans = true});
}

void needs_add_looks(struct arena *arena, struct needs *needs, const struct aws_operation *const *operations)
{
	for (; operations && *operations; operations++)
		add_each(arena, needs, (*operations)->actions, (struct need){.for_checks = true});
}

void needs_add_checks(struct arena *arena, struct needs *needs, const struct check_table *table,
	const struct cloud *cloud, const bool *never)
{
	const struct plan *plan = table->plan;
	bool *wanted = NEW_ARRAY(arena, bool, plan->count);

	for (size_t i = 0; i < check_count(table); i++)
		if (check_applies(check_at(table, i), cloud, NULL))
			check_facts(table, check_at(table, i), wanted);
	plan_close(plan, wanted);
	for (size_t i = 0; i < plan->count; i++) {
		const struct aws_operation *operation = plan->rows[i].operation;

		if (operation && wanted[i] && !(never && never[i]))
			add_each(arena, needs, operation->actions, (struct need){.for_checks = true});
	}
}

void needs_add_verify(struct arena *arena, struct needs *needs, const struct verified *verified)
{
	bool made_just_now = verified->made_just_now;
	/* A boundary is read like a policy that is attached. */
	bool plain = made_just_now && !aws_cloud(verified->cloud)->setup.permissions_boundary;
	/* Facts that are never asked for of such a cloud, whatever the plan says in general. */
	const bool never[FACT_COUNT] = {
		[FACT_CONTROL_PLANE_SIMULATION] = !verified->simulate,
		[FACT_NODE_SIMULATION] = !verified->simulate,
		/* Keys are described in any case: those of the volumes and the file system, too. */
		[FACT_BUCKET_KEY_POLICY] = !verified->key,
		[FACT_EBS_KEY_POLICY] = !verified->key,
		[FACT_NAT_GATEWAYS] = verified->cloud->networking != NETWORKING_PRIVATE,
		[FACT_PUBLIC_ACCESS_EXCLUSIONS] = made_just_now &&
			!aws_cloud(verified->cloud)->network.vpc_id,
		[FACT_GROUP_ASSOCIATIONS] = made_just_now,
		[FACT_PREFIX_LISTS] = made_just_now,
		[FACT_CONTROL_PLANE_ATTACHED_VERSIONS] = plain,
		[FACT_CONTROL_PLANE_ATTACHED_DOCUMENTS] = plain,
		[FACT_NODE_ATTACHED_VERSIONS] = plain,
		[FACT_NODE_ATTACHED_DOCUMENTS] = plain,
	};

	needs_add_checks(arena, needs, &cloud_checks, verified->cloud, never);
}

void needs_add_stack(struct arena *arena, struct needs *needs, unsigned work, unsigned parts)
{
	for (size_t i = 0; i < resource_type_count; i++) {
		const struct resource_type *type = &resource_types[i];

		if (!(resource_type_parts(type) & parts))
			continue;
		if (work & STACK_CREATES)
			needs_add(arena, needs, type->create, true);
		if (work & STACK_UNDOES)
			needs_add(arena, needs, type->undo ? type->undo : type->remove, true);
		if (work & STACK_UPDATES && type->update)
			needs_add(arena, needs, type->update, true);
		if (work & STACK_REMOVES)
			needs_add(arena, needs, type->remove, true);
	}
}

/* A creation reads back what it made, by the same actions. */
static bool is_read(const char *action)
{
	const char *name = strchr(action, ':') + 1;

	return text_starts_with(name, "Describe") || text_starts_with(name, "Get") ||
		text_starts_with(name, "List");
}

void needs_add_stack_looks(struct arena *arena, struct needs *needs, unsigned parts)
{
	for (size_t i = 0; i < resource_type_count; i++) {
		struct text_list actions = text_split(arena, resource_types[i].create, ' ');

		for (size_t k = 0; resource_type_parts(&resource_types[i]) & parts && k < actions.count; k++)
			if (is_read(actions.items[k]))
				add_each(arena, needs, actions.items[k],
					(struct need){.by_stack = true, .for_checks = true});
	}
}
