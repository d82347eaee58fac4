/* SPDX-License-Identifier: Apache-2.0 */
/* The changes, what verification says of them, what is in use: the same for people and for programs. */
#include "providers/aws/cloud/edit_consent.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"

static const struct {
	const char *topic, *member;
} of_change[] = {
	[CHANGE_MENDED] = {"Mends", "mended"},
	[CHANGE_NEW] = {"Worse", "new"},
	[CHANGE_NONE] = {"As before", "unchanged"},
};

/* --- lines --- */

static const char *list_or_none(struct arena *arena, const struct text_list *ids)
{
	return ids->count > 0 ? text_join(arena, ids, ", ") : "none";
}

static void add_trust(struct consent *lines, const struct edit_consent *what)
{
	const struct aws_cloud *section = aws_cloud(what->after);
	const char *role = arn_name(section->resources.control_plane_role_arn);

	if (!what->new_role) {
		consent_add(lines, "Changes", "nothing in AWS, only the record of the cloud");
		return;
	}
	if (what->trust_changes)
		consent_add(lines, "Changes", "the trust policy of the role %s: the external id %s is added",
			role, section->external_id);
	else
		consent_add(lines, "Changes",
			"nothing of the role %s: its trust policy names the external id %s already", role,
			section->external_id);
	if (what->withdraw)
		consent_add(lines, "Changes",
			"the trust policy of the role %s: the external id %s is taken out",
			arn_name(what->withdraw), section->external_id);
	consent_add(lines, "Lets in",
		"the control plane: AWS account %s may assume the role %s with the external id %s",
		account_with_owner(lines->arena, section->control_plane_account, what->after->account), role,
		section->external_id);
}

static void add_compared(struct consent *lines, const struct difference *compared, enum change change)
{
	for (size_t i = 0; i < compared->count; i++)
		if (compared->items[i].change == change)
			consent_add(lines, of_change[change].topic, "%s",
				compared_line(lines->arena, &compared->items[i]));
}

struct consent edit_consent_lines(struct arena *arena, const struct edit_consent *what)
{
	struct consent lines = consent_new(arena,
		arena_printf(arena, "edit is going to change cloud '%s':", what->before->name));

	consent_add(&lines, "Account", "%s", what->before->account);
	consent_add(&lines, "Region", "%s", what->before->region);
	for (size_t i = 0; i < what->changes.count; i++) {
		const struct edit_change *change = &what->changes.items[i];

		consent_add(&lines, "Replaces", "%s: %s -> %s", change->what,
			list_or_none(arena, &change->from), list_or_none(arena, &change->to));
	}
	add_trust(&lines, what);
	add_compared(&lines, what->compared, CHANGE_MENDED);
	add_compared(&lines, what->compared, CHANGE_NEW);
	add_compared(&lines, what->compared, CHANGE_NONE);
	for (size_t i = 0; i < what->survey->count; i++)
		consent_add(&lines, "In use", "%s", what->survey->items[i].text);
	consent_add(&lines, "Keeps", "what is replaced: nothing is deleted, and nothing is copied");
	consent_add(&lines, "Costs", "nothing: no resource is created");
	return lines;
}

/* --- the document --- */

static json_t *changes_document(const struct edit_changes *changes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < changes->count; i++) {
		const struct edit_change *change = &changes->items[i];

		json_array_append_new(list,
			json_pack("{s:s,s:o,s:o}", "resource", change->what, "from",
				tree_array(&change->from), "to", tree_array(&change->to)));
	}
	return list;
}

static void add_trust_change(json_t *list, const char *role, const char *external_id, const char *action)
{
	json_array_append_new(list,
		json_pack("{s:s,s:s,s:s}", "role", role, "external_id", external_id, "action", action));
}

static json_t *trust_document(const struct edit_consent *what)
{
	const struct aws_cloud *section = aws_cloud(what->after);
	json_t *list = json_array();

	if (what->new_role && what->trust_changes)
		add_trust_change(list, section->resources.control_plane_role_arn, section->external_id,
			"add");
	if (what->withdraw)
		add_trust_change(list, what->withdraw, section->external_id, "remove");
	return list;
}

static json_t *compared_document(const struct difference *compared)
{
	json_t *tree = json_object();

	for (size_t i = 0; i < ARRAY_LENGTH(of_change); i++)
		json_object_set_new(tree, of_change[i].member, json_array());
	for (size_t i = 0; i < compared->count; i++) {
		const struct compared *row = &compared->items[i];
		const struct finding *shown = row->is == VERDICT_PASS ? row->before : row->after;

		json_array_append_new(json_object_get(tree, of_change[row->change].member),
			json_pack("{s:s,s:s*,s:s*,s:s}", "check", shown->check->id, "before",
				row->before ? verdict_name(row->was) : NULL, "after",
				row->after ? verdict_name(row->is) : NULL, "text", shown->text));
	}
	return tree;
}

static json_t *survey_document(const struct edit_survey *survey)
{
	json_t *list = json_array();

	for (size_t i = 0; i < survey->count; i++)
		json_array_append_new(list,
			json_pack("{s:s,s:s*,s:b}", "text", survey->items[i].text, "command",
				survey->items[i].command, "unknown", survey->items[i].unknown));
	return list;
}

static json_t *envelope(const struct cloud *cloud, const char *action)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "schema", "cloudctl.plan/1", "command", "edit",
		"action", action, "cloud", cloud->name, "account", cloud->account, "region", cloud->region);
}

json_t *edit_consent_document(const struct edit_consent *what)
{
	json_t *tree = envelope(what->before, "change");

	json_object_set_new(tree, "changes", changes_document(&what->changes));
	json_object_set_new(tree, "trust", trust_document(what));
	json_object_set_new(tree, "verification", compared_document(what->compared));
	json_object_set_new(tree, "in_use", survey_document(what->survey));
	return tree;
}

json_t *edit_consent_nothing(const struct cloud *cloud)
{
	json_t *tree = envelope(cloud, "none");

	json_object_set_new(tree, "changes", json_array());
	return tree;
}
