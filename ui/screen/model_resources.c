/* SPDX-License-Identifier: Apache-2.0 */
/* Resources in the model: groups by what they are for, and how long they will still take. */
#include "base/text.h"
#include "ui/screen/model_parts.h"

/* --- events --- */

static struct model_item *resource_item(struct model *model, struct model_group *group, const char *id)
{
	for (struct model_item *item = group->items; item; item = item->next) {
		if (!item->is_finding && text_equal(item->resource.id, id))
			return item;
	}
	return model_add_item(model, group);
}

/* A branch is what its resources are: failed, else at work as long as something is to be done, else done. */
static void settle_branch(struct model *model, struct model_group *group)
{
	struct model_tally tally = model_tally(model, group);
	bool failed = false;

	for (const struct model_item *item = group->items; item; item = item->next)
		failed = failed || model_item_verdict(item) == VERDICT_FAIL;
	if (group->state == RESOURCE_WAITING && tally.begun > 0)
		group->began_ms = model->now_ms;
	group->verdict = failed ? VERDICT_FAIL : VERDICT_PASS;
	if (failed)
		group->state = RESOURCE_FAILED;
	else if (tally.begun == 0)
		group->state = RESOURCE_WAITING;
	else if (tally.busy > 0 || (tally.begun < tally.all && !model->rolls_back))
		group->state = RESOURCE_WORKING;
	else
		group->state = tally.undone == tally.begun ? RESOURCE_UNDONE : RESOURCE_DONE;
	group->took_ms = tally.begun > 0 ? model->now_ms - group->began_ms : 0;
}

/* When what was followed is done, and something else is still at work: that. */
static void follow_work(struct model *model)
{
	const struct model_item *now = model->item;

	if (model->chose || !now || now->is_finding || resource_is_busy(now->resource.state) ||
		model_is_failure(now))
		return;
	for (struct model_group *group = model->groups; group; group = group->next) {
		for (struct model_item *item = group->items; item; item = item->next) {
			if (!item->is_finding && resource_is_busy(item->resource.state)) {
				model->group = group;
				model->item = item;
				return;
			}
		}
	}
}

void model_resource(struct model *model, const struct event_resource *resource)
{
	const char *section = resource->section ? resource->section : "Other resources";
	struct model_group *group = model_group_of(model,
		arena_printf(model->arena, "resources: %s", section));
	struct model_item *item = resource_item(model, group, resource->id);

	if (!group->of_resources)
		group->name = arena_strdup(model->arena, section);
	group->of_resources = true;
	model->checking = false; /* what was checked before is behind it */
	if (!item)
		return;
	if (resource->state == RESOURCE_UNDOING || resource->state == RESOURCE_UNDONE)
		model->rolls_back = true;
	if (!item->resource.id || item->resource.state != resource->state)
		item->since_ms = model->now_ms -
			(resource_is_busy(resource->state) ? resource->elapsed_ms : 0);
	model_copy_resource(model->arena, &item->resource, resource);
	settle_branch(model, group);
	if (resource_is_busy(resource->state) || resource->state == RESOURCE_FAILED)
		model_follow(model, item);
	follow_work(model);
	if (resource->state == RESOURCE_FAILED && !model->cause)
		model->cause = arena_printf(model->arena, "%s failed: %s", item->resource.name,
			item->resource.reason ? item->resource.reason : "no reason given");
}

/* --- how far it is --- */

static void add_to_tally(struct model_tally *tally, const struct model_group *group)
{
	for (const struct model_item *item = group->items; item; item = item->next) {
		enum resource_state state = item->resource.state;

		if (item->is_finding)
			continue;
		tally->all++;
		tally->begun += state != RESOURCE_WAITING;
		tally->finished += state == RESOURCE_DONE || state == RESOURCE_KEPT;
		tally->undone += state == RESOURCE_UNDONE;
		tally->busy += resource_is_busy(state);
	}
}

struct model_tally model_tally(const struct model *model, const struct model_group *group)
{
	struct model_tally tally = {0};

	if (group)
		add_to_tally(&tally, group);
	for (const struct model_group *each = group ? NULL : model->groups; each; each = each->next) {
		if (each->of_resources)
			add_to_tally(&tally, each);
	}
	return tally;
}

bool model_is_removal(const struct model_item *item)
{
	const struct event_resource *resource = &item->resource;

	return resource->removing || resource->state == RESOURCE_UNDOING ||
		resource->state == RESOURCE_UNDONE;
}

int64_t model_typical_ms(const struct model_item *item)
{
	return model_is_removal(item) ? item->resource.remove_ms : item->resource.create_ms;
}

/* What still has to be done with a resource: nothing, the rest of it, or all of it after the others. */
static int64_t rest_ms(const struct model *model, const struct model_item *item, int64_t others_ms)
{
	enum resource_state state = item->resource.state;

	if (resource_is_busy(state))
		return model_typical_ms(item) - (model->now_ms - item->since_ms);
	if (model->rolls_back) /* what was made is still to be undone, what waits will never be made */
		return state == RESOURCE_DONE ? others_ms + item->resource.remove_ms : 0;
	return state == RESOURCE_WAITING ? others_ms + model_typical_ms(item) : 0;
}

/* The longest rest of a level, when those of the levels before take others_ms. */
static int64_t level_ms(const struct model *model, int level, int64_t others_ms)
{
	int64_t longest = 0;

	for (const struct model_group *group = model->groups; group; group = group->next) {
		for (const struct model_item *item = group->of_resources ? group->items : NULL; item;
			item = item->next) {
			int64_t rest = item->is_finding || item->resource.level != level
				? 0
				: rest_ms(model, item, others_ms);

			longest = rest > longest ? rest : longest;
		}
	}
	return longest;
}

bool model_removes(const struct model *model)
{
	if (model->rolls_back || model->run.effect == EFFECT_REMOVES)
		return true;
	for (const struct model_group *group = model->groups; group; group = group->next) {
		for (const struct model_item *item = group->of_resources ? group->items : NULL; item;
			item = item->next) {
			if (resource_is_busy(item->resource.state))
				return model_is_removal(item);
		}
	}
	return false;
}

int64_t model_left_ms(const struct model *model, bool *overdue)
{
	bool removal = model_removes(model);
	int64_t left = 0;

	for (int i = 0; i < RESOURCE_LEVELS; i++) {
		int64_t level = level_ms(model, removal ? RESOURCE_LEVELS - 1 - i : i, left);

		left = level > left ? level : left;
	}
	*overdue = left == 0 && model_tally(model, NULL).busy > 0;
	return left;
}
