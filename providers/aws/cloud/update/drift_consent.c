/* SPDX-License-Identifier: Apache-2.0 */
/* Drift, resource by resource. */
#include "providers/aws/cloud/update/drift_consent.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/update/property_diff.h"

static const char topic[] = "Drift";

/* What is said of a whole resource, after its name; NULL: its properties are told. */
static const char *const of_resource[] = {
	[DRIFT_NONE] = NULL,
	[DRIFT_CHANGE] = NULL,
	[DRIFT_ALREADY_SO] = NULL,
	[DRIFT_CHANGED] = NULL,
	[DRIFT_CONFLICT] = NULL,
	[DRIFT_LOST] = "was deleted by somebody else",
	[DRIFT_LOST_DATA] = "was deleted by somebody else, with its data",
	[DRIFT_UNKNOWN] = "could not be compared",
	[DRIFT_REMOVED] = "was changed by somebody else, and the update removes it",
};

static void add_property(struct consent *lines, const struct drift_item *item)
{
	struct text_list next = {0};

	for (size_t i = 0; i < item->details.count; i++)
		consent_add(lines, topic, "    %s%s", item->details.items[i],
			item->class == DRIFT_ALREADY_SO ? ", as the update would have it" : "");
	if (item->class != DRIFT_CONFLICT)
		return;
	if (item->rewritten)
		consent_add(lines, topic,
			"    the update writes the whole policy again, as its template has it");
	property_diff(lines->arena, item->path, item->values.previous, item->values.next, &next);
	for (size_t i = 0; i < next.count; i++)
		consent_add(lines, topic, "    the update changes it, too: %s", next.items[i]);
}

void drift_consent_add(struct consent *lines, const struct drift *drift)
{
	const char *resource = "";

	for (size_t i = 0; i < drift->count; i++) {
		const struct drift_item *item = &drift->items[i];
		const char *said = of_resource[item->class];

		if (said) {
			consent_add(lines, topic, "%s %s %s%s%s", item->name, item->physical_id, said,
				item->why ? ": " : "", text_or(item->why, ""));
			continue;
		}
		if (!text_equal(resource, item->logical_id))
			consent_add(lines, topic, "%s %s was changed by somebody else", item->name,
				item->physical_id);
		resource = item->logical_id;
		add_property(lines, item);
	}
}

static json_t *row_of(const struct drift_item *item)
{
	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "logical_id", item->logical_id, "type",
		item->type, "name", item->name, "physical_id", item->physical_id, "class",
		drift_class_names[item->class], "path", item->path, "details", tree_array(&item->details));
	const struct {
		const char *member;
		const json_t *value;
	} values[] = {
		{"previous", item->values.previous},
		{"actual", item->values.actual},
		{"next", item->values.next},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
		if (values[i].value)
			json_object_set(row, values[i].member, (json_t *)values[i].value);
	if (item->why)
		json_object_set_new(row, "why", json_string(item->why));
	return row;
}

json_t *drift_consent_document(const struct drift *drift)
{
	json_t *list = json_array();

	for (size_t i = 0; i < drift->count; i++)
		json_array_append_new(list, row_of(&drift->items[i]));
	return list;
}

const char *drift_not_compared(struct arena *arena, const struct drift *drift)
{
	return drift->not_compared
		? arena_printf(arena, "Not all of the stack could be compared with what was deployed: %s",
			  drift->not_compared)
		: NULL;
}
