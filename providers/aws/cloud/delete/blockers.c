/* SPDX-License-Identifier: Apache-2.0 */
/* The table of blocker_rows.c applied to the facts. */
#include "providers/aws/cloud/delete/blockers.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/delete/clean.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/kinds.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

/* More of them are one thing that went wrong, not so many to be removed one by one. */
enum { BLOCKERS_MAX = 500 };

/* --- walking through replies --- */

struct walk {
	const struct facts *facts;
	const struct blocker_row *row;
	const char *key;
	void (*at)(struct walk *walk, const json_t *element);
	struct blockers *blockers;
	struct text_list *texts;
};

static void walk_along(struct walk *walk, const json_t *node, const char *path)
{
	struct arena *arena = walk->facts->arena;
	size_t length = strcspn(path, ".");
	const char *rest = path[length] == '.' ? path + length + 1 : path + length;
	const char *key;
	json_t *reply;

	if (!node || json_is_null(node))
		return;
	if (!*path) {
		walk->at(walk, node);
	} else if (*path == '*') {
		for (size_t i = 0; i < tree_count(node); i++)
			walk_along(walk, tree_at(node, i), rest);
	} else if (*path == '@') {
		json_object_foreach ((json_t *)node, key, reply) {
			walk->key = key;
			walk_along(walk, reply, rest);
		}
	} else {
		walk_along(walk, tree_get(node, arena_strndup(arena, path, length)), rest);
	}
}

static void add_text(struct walk *walk, const json_t *element)
{
	if (*tree_text(element, NULL))
		text_list_add(walk->facts->arena, walk->texts, tree_text(element, NULL));
}

/* All texts at these paths. */
static struct text_list texts_at(const struct facts *facts, const json_t *element, const char *paths)
{
	struct text_list found = {0}, list = text_split(facts->arena, paths, ' ');
	struct walk walk = {.facts = facts, .key = "", .at = add_text, .texts = &found};

	for (size_t i = 0; i < list.count; i++)
		walk_along(&walk, element, list.items[i]);
	return found;
}

/* --- one blocker --- */

/* An instance profile has the name of its role, and goes with it. */
void blocker_holds(const struct facts *facts, struct blocker *blocker, const char *physical_id)
{
	TREE_EACH (resource, facts_tree(facts, SURVEY_RESOURCES), "StackResourceSummaries")
		if (*physical_id && text_equal(tree_text(resource, "PhysicalResourceId"), physical_id) &&
			!text_equal(tree_text(resource, "ResourceType"), "AWS::IAM::InstanceProfile"))
			text_list_add_once(facts->arena, &blocker->holds,
				stack_resource_name(facts->arena, tree_text(resource, "LogicalResourceId")));
}

static void add_holds(const struct candidate *candidate, struct blocker *blocker)
{
	const struct facts *facts = candidate->facts;
	struct text_list ids = texts_at(facts, candidate->element, candidate->row->in);
	struct text_list logical_ids = text_split(facts->arena, candidate->row->holds, ' ');

	for (size_t i = 0; i < ids.count; i++)
		blocker_holds(facts, blocker, ids.items[i]);
	for (size_t i = 0; i < logical_ids.count; i++)
		text_list_add_once(facts->arena, &blocker->holds,
			stack_resource_name(facts->arena, logical_ids.items[i]));
	blocker_holds(facts, blocker, candidate->key);
}

static const char *default_acl(const struct facts *facts)
{
	TREE_EACH (acl, facts_tree(facts, SURVEY_NETWORK_ACLS), "networkAclSet")
		if (tree_bool(acl, "default"))
			return tree_text(acl, "networkAclId");
	return NULL;
}

const char *blocker_command(const struct candidate *candidate, const char *pattern, const char *with)
{
	const struct facts *facts = candidate->facts;
	const struct cloud *cloud = facts->cloud;
	struct arena *arena = facts->arena;
	const char *arn = text_or(aws_cloud(cloud)->stack_arn, "");
	size_t length = 0;
	const char *partition = arn_find(arn, ARN_PARTITION, &length);
	const struct kind_value values[] = {
		{"id", shell_word(arena, candidate->id)},
		{"with", shell_word(arena, text_or(with, ""))},
		{"key", shell_word(arena, candidate->key)},
		{"vpc", shell_word(arena, text_or(survey_physical_id(facts, "Vpc"), ""))},
		{"acl", shell_word(arena, text_or(default_acl(facts), ""))},
		{"region", shell_word(arena, cloud->region)},
		{"account", shell_word(arena, text_or(cloud->account, ""))},
		{"partition", partition ? arena_strndup(arena, partition, length) : "aws"},
		{NULL},
	};

	return kind_fill_in(arena, pattern, values);
}

static void add_command(const struct candidate *candidate, struct blocker *blocker)
{
	const struct blocker_row *row = candidate->row;
	const struct facts *facts = candidate->facts;
	struct text_list commands = {0};
	struct text_list before = texts_at(facts, candidate->element, row->before_each);

	if (blocker->state && text_is_among(blocker->state, row->ending)) {
		blocker->advice = "it is going already; wait until it is gone";
		return;
	}
	blocker->advice = row->advice;
	if (!row->command && !row->command_of)
		return;
	for (size_t i = 0; i < before.count; i++)
		text_list_add(facts->arena, &commands,
			blocker_command(candidate, row->before, before.items[i]));
	text_list_add(facts->arena, &commands,
		row->command_of ? row->command_of(candidate)
				: blocker_command(candidate, row->command,
					  row->with ? tree_text(candidate->element, row->with) : NULL));
	blocker->command = text_join(facts->arena, &commands, " && ");
	blocker->advice = NULL;
}

/* EC2 writes the members of a tag small, everybody else does not. */
static const char *tag_value(const json_t *tags, const char *key)
{
	return text_or(tree_text(tree_find(tags, NULL, "key", key), "value"),
		tree_text(tree_find(tags, NULL, "Key", key), "Value"));
}

void blocker_add_owner(const struct facts *facts, struct blocker *blocker, const json_t *tags)
{
	const struct cloud *cloud = facts->cloud;
	const char *stack = tag_value(tags, "aws:cloudformation:stack-name"), *name = tag_value(tags, "Name");

	blocker->tagged = text_equal(tag_value(tags, cloud_tag_sent(cloud)), cloud->id) ||
		(!cloud_tag(cloud) && text_equal(tag_value(tags, ANYSCALE_TAG), cloud->id));
	/* What a stack made, goes with the stack. */
	blocker->cleans = blocker->tagged && !*stack && clean_can_remove(blocker->kind);
	if (blocker->tagged)
		blocker->owner = "made by the control plane";
	else if (*stack)
		blocker->owner = arena_printf(facts->arena, "of the stack %s", stack);
	else if (*name)
		blocker->owner = arena_printf(facts->arena, "called %s", name);
}

/* --- all of them --- */

/* The same thing, found before in another way; NULL: it is new. */
static struct blocker *find_same(const struct blockers *blockers, const struct blocker *blocker)
{
	for (size_t i = 0; i < blockers->count; i++) {
		struct blocker *known = &blockers->items[i];

		if (text_equal(known->kind, blocker->kind) && text_equal(known->id, blocker->id) &&
			(!known->command || !blocker->command ||
				text_equal(known->command, blocker->command)))
			return known;
	}
	return NULL;
}

static void add(const struct facts *facts, struct blockers *blockers, const struct blocker *blocker)
{
	struct blocker *known = find_same(blockers, blocker);

	if (!known && blockers->count < BLOCKERS_MAX)
		blockers->items[blockers->count++] = *blocker;
	for (size_t i = 0; known && i < blocker->holds.count; i++)
		text_list_add_once(facts->arena, &known->holds, blocker->holds.items[i]);
}

static void judge(struct walk *walk, const json_t *element)
{
	const struct blocker_row *row = walk->row;
	const char *id = tree_text(element, row->id);
	struct candidate candidate = {walk->facts, row, element, walk->key, id};
	struct blocker blocker = {.kind = row->kind,
		.id = id,
		.target = id,
		.key = walk->key,
		.harmless = row->harmless};

	if (!*id || (!row->own && survey_is_stacks(walk->facts, id, tree_get(element, "tagSet"))) ||
		(row->blocks && !row->blocks(&candidate)))
		return;
	if (row->state && *tree_text(element, row->state))
		blocker.state = tree_text(element, row->state);
	blocker_add_owner(walk->facts, &blocker,
		row->tags ? row->tags(&candidate) : tree_get(element, "tagSet"));
	if (row->ours && row->ours(&candidate))
		blocker.cleans = true;
	if (row->harmless && !blocker.cleans)
		return;
	add_holds(&candidate, &blocker);
	add_command(&candidate, &blocker);
	if (row->know)
		row->know(&candidate, &blocker);
	add(walk->facts, walk->blockers, &blocker);
}

struct blockers blockers_find(const struct facts *facts, bool cleans)
{
	struct blockers found = {NEW_ARRAY(facts->arena, struct blocker, BLOCKERS_MAX), 0};

	for (size_t i = 0; i < blocker_row_count; i++) {
		struct walk walk = {facts, &blocker_rows[i], "", judge, &found, NULL};

		if (cleans || !blocker_rows[i].harmless)
			walk_along(&walk, facts_tree(facts, blocker_rows[i].fact), blocker_rows[i].each);
	}
	return found;
}

size_t blockers_stopping(const struct blockers *blockers, bool cleans)
{
	size_t count = 0;

	for (size_t i = 0; i < blockers->count; i++)
		count += !blockers->items[i].harmless && !(cleans && blockers->items[i].cleans);
	return count;
}

struct unseens blockers_unseen(const struct facts *facts)
{
	struct unseens unseen = {NEW_ARRAY(facts->arena, struct unseen, SURVEY_FACT_COUNT), 0};

	for (unsigned fact = 0; fact < SURVEY_FACT_COUNT; fact++) {
		const struct error *error = facts_error(facts, fact);
		const char *doing = facts->values[fact].doing;
		bool told = !facts_lost(facts, fact);

		for (size_t i = 0; i < unseen.count && !told; i++)
			told = text_equal(unseen.items[i].doing, doing) &&
				text_equal(unseen.items[i].action, error->action);
		if (!told)
			unseen.items[unseen.count++] = (struct unseen){doing, error->action,
				error_text(facts->arena, error), fact};
	}
	return unseen;
}

const char *blocker_name(struct arena *arena, const struct blocker *blocker)
{
	const char *owner = blocker->owner, *state = blocker->state;
	const char *more = state || owner ? arena_printf(arena, " (%s%s%s)", text_or(state, ""),
						    state && owner ? ", " : "", text_or(owner, ""))
					  : "";

	if (blocker->harmless)
		return arena_printf(arena, "%s %s%s", blocker->kind, blocker->id, more);
	return arena_printf(arena, "%s %s%s holds %s", blocker->kind, blocker->id, more,
		text_or(text_join(arena, &blocker->holds, ", "), "the stack"));
}

const char *blocker_text(struct arena *arena, const struct blocker *blocker)
{
	return arena_printf(arena, "%s: %s", blocker_name(arena, blocker),
		text_or(blocker->command, text_or(blocker->advice, "delete it")));
}
