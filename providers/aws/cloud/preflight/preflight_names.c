/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that the stack is going to take and that must be free. They contain the cloud's random id, so only what an
 * earlier try with the same id left can be in the way, or somebody who has seen the id.
 */
#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/aws/iam/arn.h"

/* Of things that have a name each: those that exist. */
struct planned_name {
	unsigned fact;
	const char *thing, *name;
	const char *command, *option; /* that remove it: "memorydb delete-cluster", "cluster-name" */
};

/* region: " --region us-west-2"; "" for IAM. */
static struct finding judge_names(const struct facts *facts, const struct planned_name *rows, size_t count,
	const char *region)
{
	struct arena *arena = facts->arena;
	struct text_list taken = {0}, commands = {0};
	struct finding finding;

	for (size_t i = 0; i < count; i++) {
		if (!facts_has(facts, rows[i].fact))
			continue;
		text_list_add(arena, &taken, arena_printf(arena, "%s %s", rows[i].thing, rows[i].name));
		text_list_add(arena, &commands,
			arena_printf(arena, "aws %s%s --%s %s", rows[i].command, region, rows[i].option,
				rows[i].name));
	}
	if (taken.count == 0)
		return finding_make(facts, VERDICT_PASS, "%s",
			count == 1 ? arena_printf(arena, "there is no %s %s", rows[0].thing, rows[0].name)
				   : "none of them exists");
	finding = finding_make(facts, VERDICT_FAIL, "%s already exist%s",
		text_join(facts->arena, &taken, ", "), taken.count == 1 ? "s" : "");
	finding.remedy = text_join(facts->arena, &commands, " && ");
	finding.remedy_kind = REMEDY_DO;
	return finding;
}

struct finding check_preflight_bucket(const struct facts *facts)
{
	const char *bucket = aws_cloud(facts->cloud)->resources.bucket;
	const json_t *reply = facts_tree(facts, PREFLIGHT_BUCKET);
	struct finding finding;

	if (json_is_null(reply))
		return finding_make(facts, VERDICT_PASS, "there is no bucket %s", bucket ? bucket : "yet");
	if (*tree_text(reply, "BucketRegion"))
		return finding_make(facts, VERDICT_FAIL, "the bucket %s already exists", bucket);
	finding = finding_make(facts, VERDICT_FAIL,
		"the bucket %s already exists: it belongs to another account, or you may not list it",
		bucket);
	finding.remedy = arena_printf(facts->arena,
		"cloudctl delete --name %s   # then run setup again: the new cloud has other names",
		facts->cloud->name);
	finding.remedy_kind = REMEDY_DO;
	return finding;
}

struct finding check_preflight_roles(const struct facts *facts)
{
	const struct aws_resources *resources = &aws_cloud(facts->cloud)->resources;
	const struct planned_name rows[] = {
		{PREFLIGHT_CONTROL_PLANE_ROLE, "role", arn_name(resources->control_plane_role_arn),
			"iam delete-role", "role-name"},
		{PREFLIGHT_NODE_ROLE, "role", arn_name(resources->node_role_arn), "iam delete-role",
			"role-name"},
	};

	return judge_names(facts, rows, ARRAY_LENGTH(rows), "");
}

struct finding check_preflight_instance_profile(const struct facts *facts)
{
	const struct planned_name row = {PREFLIGHT_INSTANCE_PROFILE, "instance profile",
		arn_name(aws_cloud(facts->cloud)->resources.node_role_arn), "iam delete-instance-profile",
		"instance-profile-name"};

	return judge_names(facts, &row, 1, "");
}

/* A cluster keeps the two groups, so it goes first. */
struct finding check_preflight_memorydb(const struct facts *facts)
{
	const char *name = aws_cloud(facts->cloud)->resources.memorydb_cluster;
	const struct planned_name rows[] = {
		{PREFLIGHT_MEMORYDB_CLUSTER, "cluster", name, "memorydb delete-cluster", "cluster-name"},
		{PREFLIGHT_MEMORYDB_SUBNET_GROUP, "subnet group", name, "memorydb delete-subnet-group",
			"subnet-group-name"},
		{PREFLIGHT_MEMORYDB_PARAMETER_GROUP, "parameter group", name,
			"memorydb delete-parameter-group", "parameter-group-name"},
	};

	return judge_names(facts, rows, ARRAY_LENGTH(rows),
		arena_printf(facts->arena, " --region %s", facts->cloud->region));
}
