/* SPDX-License-Identifier: Apache-2.0 */
/* Groups and their items: finding and making them, what an item says of itself, which lines of the list they are. */
#include "base/event_members.h"
#include "base/text.h"
#include "ui/screen/model_parts.h"

enum verdict model_item_verdict(const struct model_item *item)
{
	if (item->is_finding)
		return item->finding.verdict;
	/* What failed once has failed, though it was undone since. */
	return item->resource.state == RESOURCE_FAILED || item->resource.reason ? VERDICT_FAIL : VERDICT_PASS;
}

bool model_is_failure(const struct model_item *item)
{
	enum verdict verdict = model_item_verdict(item);

	if (item->is_finding && item->finding.ignored)
		return false;
	return verdict == VERDICT_FAIL || verdict == VERDICT_UNKNOWN;
}

bool model_is_changed(const struct model *model, const struct model_item *item)
{
	return item->is_finding && item->round == model->round && item->before != VERDICTS &&
		item->before != item->finding.verdict;
}

bool model_has_remedy(const struct model_item *item)
{
	return item && item->is_finding && (item->finding.remedy || item->finding.action);
}

const char *model_remedy(struct model *model, const struct model_item *item)
{
	if (!model_has_remedy(item))
		return NULL;
	if (item->finding.remedy)
		return item->finding.remedy;
	return arena_printf(model->arena, "allow %s", item->finding.action);
}

struct model_group *model_group_of(struct model *model, const char *id)
{
	struct model_group **at = &model->groups;

	while (*at && !text_equal((*at)->id, id))
		at = &(*at)->next;
	if (!*at) {
		*at = NEW(model->arena, struct model_group);
		(*at)->id = (*at)->name = arena_strdup(model->arena, id);
		(*at)->verdict = VERDICT_SKIP;
		(*at)->end = &(*at)->items;
		(*at)->began_ms = model->now_ms;
		(*at)->round = model->round;
	}
	if (!model->group)
		model->group = *at;
	return *at;
}

struct model_item *model_add_item(struct model *model, struct model_group *group)
{
	struct model_item *item;

	if (model->items == MODEL_ITEMS_MAX) {
		model->dropped++;
		return NULL;
	}
	model->items++;
	item = NEW(model->arena, struct model_item);
	item->group = group;
	item->before = VERDICTS;
	*group->end = item;
	group->end = &item->next;
	return item;
}

void model_copy_resource(struct arena *arena, struct event_resource *to, const struct event_resource *from)
{
	const char *known = to->physical_id, *reason = to->reason;

	*to = event_copy_resource(arena, from);
	to->name = to->name ? to->name : to->id;
	to->physical_id = to->physical_id ? to->physical_id : known;
	to->reason = to->reason ? to->reason : reason;
}

/* 2: failed, 1: not known, 0: neither, or ignored. */
static int badness(const struct model_item *item)
{
	if (!item || !model_is_failure(item))
		return 0;
	return model_item_verdict(item) == VERDICT_FAIL ? 2 : 1;
}

void model_follow(struct model *model, struct model_item *item)
{
	/* What was found before resources began is behind them. */
	bool behind = model->item && model->item->is_finding != item->is_finding;
	int now = behind ? 0 : badness(model->item), then = badness(item);

	if (model->chose || now > then || (now == then && now > 0) || (item->is_finding && then == 0))
		return;
	model->group = item->group;
	model->item = item;
}

/* --- the lines of the list --- */

static bool contains(const char *text, const char *word)
{
	for (; text && *text; text++) {
		size_t i = 0;

		while (word[i] && text_lower(text[i]) == text_lower(word[i]))
			i++;
		if (!word[i])
			return true;
	}
	return false;
}

static bool item_matches(const struct model *model, const struct model_item *item)
{
	const char *word = model->search;

	if (model->failures_only && !model_is_failure(item))
		return false;
	if (!word[0] || contains(item->group->name, word))
		return true;
	if (item->is_finding)
		return contains(item->finding.check, word) || contains(item->finding.text, word) ||
			contains(verdict_name(item->finding.verdict), word);
	return contains(item->resource.name, word) || contains(item->resource.id, word) ||
		contains(item->resource.physical_id, word);
}

bool model_is_filtered(const struct model *model)
{
	return model->failures_only || model->search[0];
}

bool model_is_open(const struct model *model, const struct model_group *group)
{
	if (model_is_filtered(model) || group->open == OPEN_BY_USER)
		return true;
	if (group->open == CLOSED_BY_USER)
		return false;
	/* A preflight that does not stop the run is soon history; a warning says what it does not know. */
	if (text_equal(group->id, EVENT_GROUP_PREFLIGHT) && group->verdict != VERDICT_FAIL)
		return false;
	for (const struct model_item *item = group->items; item; item = item->next) {
		if (model_is_failure(item) || model_is_changed(model, item) ||
			(!item->is_finding && !model->ended && !model->checking))
			return true;
	}
	return false;
}

static bool group_has_lines(const struct model *model, const struct model_group *group)
{
	if (!model_is_filtered(model))
		return true;
	for (const struct model_item *item = group->items; item; item = item->next) {
		if (item_matches(model, item))
			return true;
	}
	return false;
}

size_t model_rows(const struct model *model, struct model_row *rows, size_t max)
{
	size_t count = 0;

	for (struct model_group *group = model->groups; group; group = group->next) {
		if (!group_has_lines(model, group))
			continue;
		if (rows && count < max)
			rows[count] = (struct model_row){group, NULL};
		count++;
		for (struct model_item *item = model_is_open(model, group) ? group->items : NULL; item;
			item = item->next) {
			if (!item_matches(model, item))
				continue;
			if (rows && count < max)
				rows[count] = (struct model_row){group, item};
			count++;
		}
	}
	return count;
}

size_t model_chosen(const struct model *model, const struct model_row *rows, size_t count)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].group == model->group && rows[i].item == model->item)
			return i;
		if (rows[i].group == model->group && !rows[i].item)
			found = i;
	}
	return found;
}

void model_settle_choice(struct model *model)
{
	struct arena arena = {0};
	size_t count = model_rows(model, NULL, 0);
	struct model_row *rows = NEW_ARRAY(&arena, struct model_row, count);

	model_rows(model, rows, count);
	if (count > 0) {
		struct model_row row = rows[model_chosen(model, rows, count)];

		model->group = row.group;
		model->item = row.item;
	}
	arena_free(&arena);
}
