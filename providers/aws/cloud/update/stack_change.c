/* SPDX-License-Identifier: Apache-2.0 */
/* Reading changes, and the table by which they are judged. */
#include "providers/aws/cloud/update/stack_change.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/update/property_diff.h"

const char *const change_judgement_names[] = {"safe", "interrupts", "loses data", "impossible", NULL};

/* Types of the template that hold a user's data. */
#define DATA "AWS::S3::Bucket AWS::EFS::FileSystem AWS::MemoryDB::Cluster"
/* Those to which the template gives names: CloudFormation makes the new one first, and its name is taken. */
#define NAMED \
	"AWS::S3::Bucket AWS::IAM::Role AWS::IAM::InstanceProfile AWS::MemoryDB::Cluster " \
	"AWS::MemoryDB::SubnetGroup AWS::MemoryDB::ParameterGroup"

/* What a change does, as far as the table below asks. */
enum change_effect {
	EFFECT_ADDED = 1 << 0,
	EFFECT_REMOVED = 1 << 1,
	EFFECT_REPLACED = 1 << 2, /* or may be: "Conditional" is decided only while the update runs */
	EFFECT_RETAGGED = 1 << 3, /* only its tags and metadata */
	EFFECT_CHANGED = 1 << 4,  /* in place */
	EFFECT_OPEN = 1 << 5,     /* AWS does not say */
};

/* The first row that fits counts. */
static const struct judged_row {
	unsigned effects;
	const char *types;         /* separated by spaces; NULL: any */
	const char *policy_action; /* those with which the row counts; NULL: any */
	enum change_judgement judgement;
	const char *why;
} judged_rows[] = {
	{EFFECT_ADDED, NULL, NULL, CHANGE_SAFE, NULL},
	{EFFECT_REMOVED, NULL, "Retain RetainExceptOnCreate Snapshot", CHANGE_SAFE,
		"stays in the account and no longer belongs to the stack"},
	{EFFECT_REMOVED, DATA, NULL, CHANGE_LOSES_DATA, "is deleted with its data"},
	{EFFECT_REMOVED, NULL, NULL, CHANGE_INTERRUPTS, "is deleted"},
	{EFFECT_REPLACED, NAMED, NULL, CHANGE_IMPOSSIBLE,
		"has a name of its own, which the one in its place cannot have at the same time"},
	{EFFECT_REPLACED, DATA, "ReplaceAndRetain", CHANGE_LOSES_DATA,
		"is replaced by an empty one; the old one stays in the account, and clusters no longer see its data"},
	{EFFECT_REPLACED, DATA, NULL, CHANGE_LOSES_DATA,
		"is replaced by an empty one, and the old one is deleted with its data"},
	{EFFECT_REPLACED, NULL, NULL, CHANGE_INTERRUPTS, "is replaced"},
	{EFFECT_RETAGGED, NULL, NULL, CHANGE_SAFE, NULL},
	{EFFECT_CHANGED, "AWS::MemoryDB::Cluster", NULL, CHANGE_INTERRUPTS, "restarts its nodes one by one"},
	{EFFECT_CHANGED, NULL, NULL, CHANGE_SAFE, NULL},
	{EFFECT_OPEN, DATA, NULL, CHANGE_LOSES_DATA, "may be replaced or deleted: AWS does not say"},
	{EFFECT_OPEN, NULL, NULL, CHANGE_INTERRUPTS, "may be replaced or deleted: AWS does not say"},
};

static bool may_be_recreated(const json_t *change)
{
	TREE_EACH (detail, change, "Details")
		if (text_is_among(tree_text(detail, "Target.RequiresRecreation"), "Always Conditionally"))
			return true;
	return false;
}

static bool is_only_retagged(const json_t *change)
{
	const json_t *scope = tree_get(change, "Scope");

	TREE_EACH (part, scope, NULL)
		if (!text_is_among(tree_text(part, NULL), "Tags Metadata"))
			return false;
	return tree_count(scope) > 0;
}

static enum change_effect effect_of(const json_t *change)
{
	const char *action = tree_text(change, "Action"), *replacement = tree_text(change, "Replacement");

	if (text_is_among(action, "Add Import"))
		return EFFECT_ADDED;
	if (text_equal(action, "Remove"))
		return EFFECT_REMOVED;
	if (!text_equal(action, "Modify"))
		return EFFECT_OPEN;
	if (text_is_among(replacement, "True Conditional") ||
		text_starts_with(tree_text(change, "PolicyAction"), "Replace") ||
		(!*replacement && may_be_recreated(change)))
		return EFFECT_REPLACED;
	return is_only_retagged(change) ? EFFECT_RETAGGED : EFFECT_CHANGED;
}

static void judge(struct stack_change *change, enum change_effect effect)
{
	for (size_t i = 0; i < ARRAY_LENGTH(judged_rows); i++) {
		const struct judged_row *row = &judged_rows[i];

		if (!(row->effects & effect) || (row->types && !text_is_among(change->type, row->types)) ||
			(row->policy_action && !text_is_among(change->policy_action, row->policy_action)))
			continue;
		change->judgement = row->judgement;
		change->why = row->why;
		return;
	}
}

/* The properties of a context: text that holds JSON. NULL: AWS gives none. */
static const json_t *properties_of(struct arena *arena, const json_t *change, const char *member)
{
	json_t *context = json_loads(tree_text(change, member), 0, NULL);

	return context ? tree_get(tree_defer(arena, context), "Properties") : NULL;
}

/* What AWS says of one property, where it gives no contexts. */
static void add_target(struct arena *arena, const json_t *target, struct text_list *details)
{
	const char *path = tree_text(target, "Path"), *name = tree_text(target, "Name");
	const json_t *before = json_object_get(target, "BeforeValue"),
		     *after = json_object_get(target, "AfterValue");

	if (text_starts_with(path, "/Properties/"))
		name = path + sizeof("/Properties/") - 1;
	if (before || after)
		property_diff(arena, text_or(name, tree_text(target, "Attribute")), before, after, details);
	else
		text_list_add_once(arena, details,
			arena_printf(arena, "%s: changes", text_or(name, tree_text(target, "Attribute"))));
}

static struct text_list details_of(struct arena *arena, const json_t *change, const json_t *before,
	const json_t *after)
{
	struct text_list details = {0};

	if (!text_equal(tree_text(change, "Action"), "Modify"))
		return details;
	if (before && after)
		property_diff(arena, "", before, after, &details);
	if (details.count == 0)
		TREE_EACH (detail, change, "Details")
			add_target(arena, tree_get(detail, "Target"), &details);
	return details;
}

static struct stack_change read_change(struct arena *arena, const json_t *change)
{
	struct stack_change read = {
		.logical_id = arena_strdup(arena, tree_text(change, "LogicalResourceId")),
		.type = arena_strdup(arena, tree_text(change, "ResourceType")),
		.physical_id = arena_strdup(arena, tree_text(change, "PhysicalResourceId")),
		.action = arena_strdup(arena, tree_text(change, "Action")),
		.policy_action = arena_strdup(arena, tree_text(change, "PolicyAction")),
		.replacement = arena_strdup(arena, tree_text(change, "Replacement")),
		.before = properties_of(arena, change, "BeforeContext"),
		.after = properties_of(arena, change, "AfterContext"),
	};

	read.details = details_of(arena, change, read.before, read.after);
	read.name = stack_resource_name(arena, read.logical_id);
	judge(&read, effect_of(change));
	return read;
}

struct stack_changes stack_changes_read(struct arena *arena, const json_t *reply)
{
	struct stack_changes changes = {NEW_ARRAY(arena, struct stack_change,
						tree_count(tree_get(reply, "Changes"))),
		0};

	TREE_EACH (change, reply, "Changes")
		changes.items[changes.count++] = read_change(arena, tree_get(change, "ResourceChange"));
	return changes;
}

bool stack_type_holds_data(const char *type)
{
	return text_is_among(type, DATA);
}

char stack_change_sign(const struct stack_change *change)
{
	if (text_is_among(change->action, "Add Import"))
		return '+';
	if (text_equal(change->action, "Remove"))
		return '-';
	return text_is_among(change->replacement, "True Conditional") ? '!' : '~';
}
