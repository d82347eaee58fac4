/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and document say the same. */
#include "providers/aws/cloud/delete/delete_plan.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/delete/bucket.h"
#include "providers/aws/cloud/delete/keep_file_system.h"
#include "providers/aws/cloud/delete/recovery_points.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

/* --- what goes --- */

/* Its data goes with it. */
static bool holds_data(const char *type)
{
	return text_equal(type, "AWS::S3::Bucket") || text_equal(type, "AWS::EFS::FileSystem") ||
		text_equal(type, "AWS::MemoryDB::Cluster");
}

/* Does the stack have it, and does it go with the stack? */
static bool goes(const struct delete_plan *plan, const char *logical_id)
{
	return survey_physical_id(plan->facts, logical_id) &&
		!(plan->keeps && text_equal(logical_id, FILE_SYSTEM)) &&
		!(plan->retained && text_list_has(plan->retained, logical_id));
}

/* The resources that the stack still has and that go with it: the bucket outlives it. */
static json_t *resources_of(struct arena *arena, const struct delete_plan *plan)
{
	json_t *list = json_array();

	if (!plan->facts)
		return list;
	TREE_EACH (resource, facts_tree(plan->facts, SURVEY_RESOURCES), "StackResourceSummaries") {
		const char *logical_id = tree_text(resource, "LogicalResourceId");
		const char *type = tree_text(resource, "ResourceType");

		if (goes(plan, logical_id) && (plan->bucket || !text_equal(type, "AWS::S3::Bucket")))
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:s, s:s, s:b}", "logical_id", logical_id, "type", type,
					"name", stack_resource_name(arena, logical_id), "detail",
					survey_physical_id(plan->facts, logical_id), "data",
					(int)holds_data(type)));
	}
	return list;
}

const char *delete_plan_data(struct arena *arena, const struct delete_plan *plan)
{
	const struct aws_resources *resources = &aws_cloud(plan->cloud)->resources;
	bool lost = plan->facts && facts_lost(plan->facts, SURVEY_RESOURCES), efs, memorydb;
	struct text_list data = {0};

	if (plan->bucket)
		text_list_add(arena, &data, bucket_text(arena, plan->bucket));
	efs = plan->facts && !plan->keeps &&
		(lost ? stack_parts(plan->cloud) & PART_EFS : goes(plan, FILE_SYSTEM));
	memorydb = plan->facts &&
		(lost ? stack_parts(plan->cloud) & PART_MEMORYDB : goes(plan, "MemoryDBCluster"));
	if (!efs && !memorydb && data.count == 0)
		return NULL;
	if (efs)
		text_list_add(arena, &data, text_or(resources->file_system_id, "(EFS)"));
	if (memorydb)
		text_list_add(arena, &data,
			arena_printf(arena, "the MemoryDB cluster %s",
				text_or(resources->memorydb_cluster, "")));
	return text_join(arena, &data, " and ");
}

/* --- what stays --- */

static void add_kept(json_t *list, const char *kind, const char *id)
{
	if (id)
		json_array_append_new(list, json_pack("{s:s, s:s}", "kind", kind, "id", id));
}

static void add_orphans(struct arena *arena, json_t *list, const struct delete_plan *plan)
{
	for (size_t i = 0; plan->facts && plan->retained && i < plan->retained->count; i++)
		add_kept(list, stack_resource_name(arena, plan->retained->items[i]),
			survey_physical_id(plan->facts, plan->retained->items[i]));
	if (plan->forced)
		add_kept(list, "resources", "whatever cannot be deleted");
}

static json_t *kept_of(struct arena *arena, const struct delete_plan *plan)
{
	const struct aws_cloud *section = aws_cloud(plan->cloud);
	json_t *list = json_array();

	if (plan->cloud->deployment == DEPLOYMENT_REGISTERED)
		add_kept(list, "resources", "all of them are yours");
	else if (plan->facts && !plan->bucket)
		add_kept(list, "bucket", survey_physical_id(plan->facts, "Bucket"));
	if (plan->facts && plan->keeps)
		add_kept(list, "file system", survey_physical_id(plan->facts, FILE_SYSTEM));
	if (plan->backups)
		add_kept(list, "backups", recovery_points_text(arena, plan->backups));
	add_orphans(arena, list, plan);
	add_kept(list, "vpc", section->network.vpc_id);
	return list;
}

/* --- the document --- */

static json_t *blockers_of(const struct delete_plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->blockers.count; i++) {
		const struct blocker *blocker = &plan->blockers.items[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:o, s:b, s:s*, s:s*}", "id", blocker->id,
				"kind", blocker->kind, "class", blocker->cleans ? "clean" : "stops", "state",
				blocker->state, "owner", blocker->owner, "holds", tree_array(&blocker->holds),
				"tagged", (int)blocker->tagged, "command", blocker->command, "advice",
				blocker->advice));
	}
	return list;
}

static json_t *unseen_of(const struct delete_plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->unseen.count; i++) {
		const struct unseen *unseen = &plan->unseen.items[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "doing", unseen->doing, "action", unseen->action, "why",
				unseen->why));
	}
	return list;
}

const json_t *delete_plan_document(struct arena *arena, const struct delete_plan *plan)
{
	const struct cloud *cloud = plan->cloud;
	bool going = plan->stack && text_equal(plan->stack->status, "DELETE_IN_PROGRESS");

	return tree_defer(arena,
		json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s, s:s*, s:o, s:o, s:o, s:o}", "schema",
			"cloudctl.plan/1", "command", "delete", "action", going ? "continue" : "delete",
			"cloud", cloud->name, "account", cloud->account, "region", cloud->region, "stack",
			aws_cloud(cloud)->stack_name, "resources", resources_of(arena, plan), "blockers",
			blockers_of(plan), "unknown", unseen_of(plan), "stays", kept_of(arena, plan)));
}

/* --- the lines --- */

static void add_what_goes(struct consent *lines, const struct delete_plan *plan)
{
	const struct aws_cloud *section = aws_cloud(plan->cloud);
	json_t *resources = resources_of(lines->arena, plan);

	if (plan->cloud->deployment == DEPLOYMENT_REGISTERED && section->external_id_added)
		consent_add(lines, "Changes",
			"the trust policy of the role %s: the external id that register added is taken out",
			arn_name(section->resources.control_plane_role_arn));
	if (plan->keeps && plan->facts && survey_physical_id(plan->facts, FILE_SYSTEM))
		consent_add(lines, "Changes",
			"the stack, before it is deleted: DeletionPolicy of the file system is Retain");
	TREE_EACH (resource, resources, NULL)
		if (tree_bool(resource, "data"))
			consent_add(lines, "Deletes", "with all data: %s %s%s", tree_text(resource, "name"),
				tree_text(resource, "detail"),
				plan->stack && plan->stack->phase == STACK_READY &&
						text_equal(tree_text(resource, "logical_id"), FILE_SYSTEM)
					? " (--keep-file-system leaves it in the account)"
					: "");
	if (plan->bucket && plan->bucket->lock)
		consent_add(lines, "Stays",
			"versions in the bucket that are under retention or a legal hold, and the bucket with them: its Object Lock is on");
	if (json_array_size(resources) > 0)
		consent_add(lines, "Deletes",
			"the CloudFormation stack %s with %zu resource%s:", section->stack_name,
			json_array_size(resources), json_array_size(resources) == 1 ? "" : "s");
	TREE_EACH (resource, resources, NULL)
		consent_add(lines, "Deletes", "- %s: %s", tree_text(resource, "name"),
			tree_text(resource, "detail"));
	consent_add(lines, "Deletes", "the record of the cloud");
	json_decref(resources);
}

struct consent delete_plan_lines(struct arena *arena, const struct delete_plan *plan)
{
	const struct cloud *cloud = plan->cloud;
	struct consent lines = consent_new(arena,
		arena_printf(arena, "delete is going to remove cloud '%s' (%s):", cloud->name, cloud->id));
	json_t *kept = kept_of(arena, plan);

	if (cloud->account)
		consent_add(&lines, "Account", "%s", cloud->account);
	consent_add(&lines, "Region", "%s", cloud->region);
	for (size_t i = 0; i < plan->blockers.count; i++) {
		const struct blocker *blocker = &plan->blockers.items[i];

		if (plan->cleans && blocker->cleans)
			consent_add(&lines, "Cleans", "- %s", blocker_name(arena, blocker));
		else
			consent_add(&lines, "Stops", "- %s%s%s%s", blocker_name(arena, blocker),
				blocker->cleans ? "; --clean takes it away" : "",
				blocker->command ? "" : ": ", blocker->command ? "" : blocker->advice);
	}
	for (size_t i = 0; i < plan->unseen.count; i++)
		consent_add(&lines, "Unknown", "- %s: %s", plan->unseen.items[i].doing,
			plan->unseen.items[i].why);
	add_what_goes(&lines, plan);
	TREE_EACH (thing, kept, NULL)
		consent_add(&lines, "Stays", "%s: %s", tree_text(thing, "kind"), tree_text(thing, "id"));
	json_decref(kept);
	return lines;
}

const char *delete_plan_commands(struct arena *arena, const struct delete_plan *plan)
{
	struct text_list lines = {0};

	for (size_t i = 0; i < plan->blockers.count; i++)
		if (plan->blockers.items[i].command && !(plan->cleans && plan->blockers.items[i].cleans))
			text_list_add(arena, &lines,
				arena_printf(arena, "  %s\n", plan->blockers.items[i].command));
	return lines.count > 0
		? arena_printf(arena, "What stops it is removed by:\n%s", text_join(arena, &lines, ""))
		: NULL;
}
