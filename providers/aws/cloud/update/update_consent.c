/* SPDX-License-Identifier: Apache-2.0 */
/* Template, parameters and changes as lines by topic and as a document, and the reasons to refuse. */
#include "providers/aws/cloud/update/update_consent.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/stack_log.h"
#include "providers/aws/cloud/update/drift_consent.h"
#include "providers/aws/cloud/update/update_verification.h"

/* --- the parts --- */

/* What the templates after the stack's bring, oldest first. */
static struct text_list brings_of(struct arena *arena, const struct update_consent *what)
{
	struct text_list brings = {0};

	for (const struct template_version *row = what->template;
		row && ++row < template_versions + template_version_count;)
		text_list_add(arena, &brings, row->brings);
	return brings;
}

static const char *template_state(const struct update_consent *what)
{
	if (!what->template)
		return "edited";
	return what->template == &template_versions[template_version_count - 1] ? "current" : "older";
}

/* A list of name, before and after, for each parameter that changes; in arena. */
static const json_t *parameters_of(struct arena *arena, const struct update_consent *what)
{
	const json_t *all = update_parameters(arena, what->options, what->cloud, what->stack->parameters);
	json_t *list = tree_defer(arena, json_array()), *value;
	const char *name;

	TREE_EACH (row, all, NULL) {
		const char *before = tree_text(what->stack->parameters, tree_text(row, "ParameterKey"));
		const json_t *after = json_object_get(row, "ParameterValue");

		if (after && !text_equal(before, json_string_value(after)))
			json_array_append_new(list,
				json_pack("{s:s, s:s, s:O}", "name", tree_text(row, "ParameterKey"), "before",
					before, "after", after));
	}
	json_object_foreach ((json_t *)what->stack->parameters, name, value) {
		const char *standard = template_default(arena, name);

		if (standard && !tree_find(all, NULL, "ParameterKey", name) &&
			!text_equal(standard, json_string_value(value)))
			json_array_append_new(list,
				json_pack("{s:s, s:O, s:s}", "name", name, "before", value, "after",
					standard));
	}
	return list;
}

static bool is_allowed(const struct update_consent *what, const struct stack_change *change)
{
	return change->judgement < CHANGE_LOSES_DATA ||
		(change->judgement == CHANGE_LOSES_DATA &&
			text_list_has(&what->options->allow_loss, change->logical_id));
}

struct text_list update_losses(struct arena *arena, const struct update_consent *what)
{
	struct text_list losses = {0};

	for (size_t i = 0; i < what->set->changes.count; i++)
		if (what->set->changes.items[i].judgement == CHANGE_LOSES_DATA)
			text_list_add(arena, &losses, what->set->changes.items[i].logical_id);
	return losses;
}

const char *update_objection(struct arena *arena, const struct update_consent *what)
{
	struct text_list names = tree_texts(arena, parameters_of(arena, what), NULL, "name");

	return drift_objection(arena, what->drift, what->choice, &what->options->recreate_lost,
		names.count > 0 ? text_join(arena, &names, ", ") : NULL);
}

/* What somebody changed may be all that there is of it, so its removal is agreed to by name. */
static const char *removal_refusal(struct arena *arena, const struct update_consent *what)
{
	for (size_t i = 0; i < what->drift->count; i++) {
		const struct drift_item *item = &what->drift->items[i];

		if (item->class == DRIFT_REMOVED &&
			!text_list_has(&what->options->allow_loss, item->logical_id))
			return arena_printf(arena,
				"somebody else changed %s, which is removed; look at it first, then add --allow-loss %s",
				item->name, item->logical_id);
	}
	return NULL;
}

const char *update_refusal(struct arena *arena, const struct update_consent *what)
{
	if (what->set->empty)
		return NULL;
	if (!what->template && !what->options->overwrite_template)
		return "somebody edited the template of its stack; to put cloudctl's in its place, with these changes, add --overwrite-template";
	for (size_t i = 0; i < what->set->changes.count; i++) {
		const struct stack_change *change = &what->set->changes.items[i];

		if (is_allowed(what, change))
			continue;
		if (change->judgement == CHANGE_IMPOSSIBLE)
			return arena_printf(arena,
				"CloudFormation cannot replace %s: it %s; leave out the option that changes it",
				change->name, change->why);
		return arena_printf(arena,
			"data would be lost: %s %s; copy it first, then add --allow-loss %s", change->name,
			change->why, change->logical_id);
	}
	return removal_refusal(arena, what);
}

/* --- the lines --- */

static void add_template(struct consent *lines, const struct update_consent *what)
{
	struct text_list brings = brings_of(lines->arena, what);

	if (!what->template)
		consent_add(lines, "Template",
			"somebody edited that of the stack: it is none of cloudctl's, and what was added to it goes");
	for (size_t i = 0; i < brings.count; i++)
		consent_add(lines, "Template", "brings %s", brings.items[i]);
}

static const char *shown(const char *value)
{
	return *value ? value : "nothing";
}

/* What was left as it was when an earlier update was taken back. */
static void add_skipped(struct consent *lines, const struct update_consent *what)
{
	const struct text_list *skipped = &aws_cloud(what->cloud)->skipped;

	for (size_t i = 0; i < skipped->count; i++)
		consent_add(lines, "Skipped",
			"%s (%s), when an update was taken back: it may differ from its template",
			stack_resource_name(lines->arena, skipped->items[i]), skipped->items[i]);
}

static void add_changes(struct consent *lines, const struct update_consent *what)
{
	for (size_t i = 0; i < what->set->changes.count; i++) {
		const struct stack_change *change = &what->set->changes.items[i];

		consent_add(lines, "Changes", "%c %s%s%s%s%s", stack_change_sign(change), change->name,
			*change->physical_id ? " " : "", change->physical_id, change->why ? ": it " : "",
			text_or(change->why, ""));
		for (size_t k = 0; k < change->details.count; k++)
			consent_add(lines, "Changes", "    %s", change->details.items[k]);
	}
}

/* Once more what should not be overlooked among many changes. */
static void add_warnings(struct consent *lines, const struct update_consent *what)
{
	static const struct {
		enum change_judgement judgement;
		const char *topic;
	} topics[] = {
		{CHANGE_INTERRUPTS, "Disturbs"},
		{CHANGE_LOSES_DATA, "Data lost"},
		{CHANGE_IMPOSSIBLE, "Refused"},
	};

	for (size_t t = 0; t < ARRAY_LENGTH(topics); t++)
		for (size_t i = 0; i < what->set->changes.count; i++) {
			const struct stack_change *change = &what->set->changes.items[i];

			if (change->judgement == topics[t].judgement)
				consent_add(lines, topics[t].topic, "%s %s", change->name, change->why);
		}
}

struct consent update_consent_lines(struct arena *arena, const struct update_consent *what)
{
	const struct cloud *cloud = what->cloud;
	struct consent lines = consent_new(arena,
		arena_printf(arena,
			what->set->empty ? "somebody else changed cloud '%s':"
					 : "update is going to change cloud '%s':",
			cloud->name));

	consent_add(&lines, "Where", "account %s, region %s, stack %s", cloud->account, cloud->region,
		what->stack->name);
	add_template(&lines, what);
	TREE_EACH (row, parameters_of(arena, what), NULL)
		consent_add(&lines, "Values", "%s: %s → %s", tree_text(row, "name"),
			shown(tree_text(row, "before")), shown(tree_text(row, "after")));
	for (size_t i = 0; i < what->options->choices.tags.count; i++)
		consent_add(&lines, "Tags", "%s, on everything of the stack",
			what->options->choices.tags.items[i]);
	add_skipped(&lines, what);
	update_verification_add(&lines, what->before);
	drift_consent_add(&lines, what->drift);
	add_changes(&lines, what);
	add_warnings(&lines, what);
	return lines;
}

/* --- the document --- */

static json_t *changes_of(const struct update_consent *what)
{
	json_t *list = json_array();

	for (size_t i = 0; i < what->set->changes.count; i++) {
		const struct stack_change *change = &what->set->changes.items[i];

		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s*, s:o}", "logical_id",
				change->logical_id, "type", change->type, "name", change->name, "physical_id",
				change->physical_id, "action", change->action, "replacement",
				change->replacement, "judgement", change_judgement_names[change->judgement],
				"why", change->why, "details", tree_array(&change->details)));
	}
	return list;
}

const json_t *update_consent_document(struct arena *arena, const struct update_consent *what)
{
	const struct cloud *cloud = what->cloud;
	struct text_list brings = brings_of(arena, what);
	const char *refusal = update_refusal(arena, what);
	const char *nothing = drift_is_open(what->drift) ? "drift" : "none";
	const char *action = what->set->empty ? nothing : refusal ? "refused" : "change";
	const char *objection = update_objection(arena, what);

	return tree_defer(arena,
		json_pack(
			"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:o}, s:O, s:o, s:o, s:o*, s:s*, s:s*, s:s*}",
			"schema", "cloudctl.plan/1", "command", "update", "action", action, "cloud",
			cloud->name, "account", cloud->account, "region", cloud->region, "stack",
			what->stack->name, "template", "state", template_state(what), "brings",
			tree_array(&brings), "parameters", parameters_of(arena, what), "changes",
			changes_of(what), "drift", drift_consent_document(what->drift), "verified",
			update_verification_document(what->before), "not_compared", what->drift->not_compared,
			"objection", objection, "refusal", refusal));
}
