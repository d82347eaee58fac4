/* SPDX-License-Identifier: Apache-2.0 */
/* Events and time into the model. Resources, keys and the list's lines are in model_*.c. */
#include "ui/screen/model.h"

#include <string.h>

#include "base/event_members.h"
#include "base/text.h"
#include "ui/screen/model_parts.h"

void model_open(struct model *model)
{
	*model = (struct model){.round = 0};
	model->arena = &model->arenas[0];
}

void model_close(struct model *model)
{
	arena_free(&model->arenas[0]);
	arena_free(&model->arenas[1]);
}

void model_time(struct model *model, int64_t now_ms)
{
	if (now_ms > model->now_ms)
		model->now_ms = now_ms;
}

void model_failed(struct model *model, const char *text)
{
	model->failure = arena_strdup(model->arena, text);
}

bool model_moves(const struct model *model)
{
	return model->round > 0 && (!model->ended || model->again_ms > 0) && !model->question;
}

/* --- rounds --- */

static void copy_items(struct model *model, struct model_group *to, const struct model_group *from,
	const struct model_item *chosen)
{
	for (const struct model_item *old = from->items; old; old = old->next) {
		struct model_item *item = model_add_item(model, to);

		if (!item)
			return;
		item->is_finding = old->is_finding;
		item->since_ms = old->since_ms;
		item->round = old->round;
		item->before = old->is_finding ? old->finding.verdict : VERDICTS;
		if (old->is_finding)
			item->finding = event_copy_finding(model->arena, &old->finding);
		else
			model_copy_resource(model->arena, &item->resource, &old->resource);
		if (old == chosen)
			model->item = item;
	}
}

static void copy_groups(struct model *model, const struct model_group *old, const struct model_group *chosen,
	const struct model_item *item)
{
	for (; old; old = old->next) {
		struct model_group *group = model_group_of(model, old->id), *next = group->next;
		struct model_item **end = &group->items;

		*group = *old;
		group->next = next;
		group->id = arena_strdup(model->arena, old->id);
		group->name = arena_strdup(model->arena, old->name);
		group->subject = arena_strdup(model->arena, old->subject);
		group->items = NULL;
		group->end = end;
		copy_items(model, group, old, item);
		if (old == chosen)
			model->group = group;
	}
}

bool model_begins_round(const struct model *model, const struct event_run *run)
{
	return model->round == 0 || model->ended || !text_equal(model->run.command, run->command) ||
		!text_equal(model->run.cloud, run->cloud);
}

/* What was known goes into the other arena; the one before it is freed. */
static void begin_round(struct model *model, const struct event_run *run)
{
	const struct model_group *groups = model->groups, *group = model->group;
	const struct model_item *item = model->item;
	const char *step = model->step, *change = model->change;

	model->round++;
	model->arena = &model->arenas[model->round % 2];
	arena_free(model->arena);
	model->run = event_copy_run(model->arena, run);
	model->groups = model->group = NULL;
	model->item = NULL;
	model->items = model->dropped = model->changed = 0;
	model->calls = model->retries = 0;
	model->end = (struct event_end){0};
	model->ended = model->rolls_back = model->checking = false;
	model->again_ms = 0;
	model->cause = model->retry = model->retry_code = model->failure = model->question = model->word =
		model->copy = NULL;
	model->plan = NULL;
	model->notice = NULL;
	model->again = NULL;
	model->step = arena_strdup(model->arena, step);
	model->change = arena_strdup(model->arena, change);
	model->began_ms = model->now_ms;
	copy_groups(model, groups, group, item);
}

/* A group begins: findings of the round before stay until they are decided again. */
static void begin_group(struct model *model, struct model_group *group)
{
	model->checking = true;
	group->round = model->round;
	group->began_ms = model->now_ms;
	group->verdict = VERDICT_SKIP;
	group->ignored = group->required_skipped = 0;
	memset(group->counts, 0, sizeof(group->counts));
}

/* What a round that was judged did not decide again is gone. */
static void drop_old(struct model *model, struct model_group *group)
{
	struct model_item **at = &group->items;

	while (*at) {
		if ((*at)->is_finding && (*at)->round != model->round) {
			if (model->item == *at)
				model->item = NULL;
			*at = (*at)->next;
			model->items--;
		} else {
			at = &(*at)->next;
		}
	}
	group->end = at;
}

/* --- events --- */

static void group_changed(struct model *model, const struct event_group *event)
{
	struct model_group *group = model_group_of(model, event->id);
	bool ends = event->state == RESOURCE_DONE || event->state == RESOURCE_FAILED;

	if (event->name)
		group->name = arena_strdup(model->arena, event->name);
	if (event->subject)
		group->subject = arena_strdup(model->arena, event->subject);
	if (event->state == RESOURCE_WORKING)
		begin_group(model, group);
	group->state = event->state;
	if (!ends)
		return;
	group->verdict = event->verdict;
	group->took_ms = event->elapsed_ms > 0 ? event->elapsed_ms : model->now_ms - group->began_ms;
}

/* The finding of the round before that this one replaces, or a new one. */
static struct model_item *finding_item(struct model *model, struct model_group *group, const char *check)
{
	for (struct model_item *item = model->round > 1 ? group->items : NULL; item; item = item->next) {
		if (item->is_finding && item->round != model->round && text_equal(item->finding.check, check))
			return item;
	}
	return model_add_item(model, group);
}

static void finding_decided(struct model *model, const struct event_finding *finding)
{
	struct model_group *group = model_group_of(model, finding->group);
	struct model_item *item = finding_item(model, group, finding->check);

	if (finding->ignored)
		group->ignored++;
	else
		group->counts[finding->verdict]++;
	group->required_skipped += finding->verdict == VERDICT_SKIP && finding->severity == VERDICT_FAIL;
	group->verdict = verdict_of_group(group->counts, group->required_skipped);
	if (!item)
		return;
	item->is_finding = true;
	item->round = model->round;
	item->finding = event_copy_finding(model->arena, finding);
	model->changed += model_is_changed(model, item);
	model_follow(model, item);
}

static void step_said(struct model *model, const struct event_step *step)
{
	model->step = arena_strdup(model->arena, step->text);
	model->step_level = step->level;
	if (step->level == STEP_ERROR && !model->cause)
		model->cause = model->step;
}

static void call_waits(struct model *model, const struct event *event)
{
	model->calls++;
	model->retries++;
	model->retry = arena_strdup(model->arena, event->call.operation);
	model->retry_code = arena_strdup(model->arena, event->call.code);
	model->retry_ms = event->at_ms + event->call.wait_ms;
}

/* "network.dns: PASS, now FAIL (and 2 more)" of the findings that this round decided otherwise. */
static void note_change(struct model *model)
{
	for (const struct model_group *group = model->groups; group; group = group->next) {
		for (const struct model_item *item = group->items; item; item = item->next) {
			if (!model_is_changed(model, item))
				continue;
			model->change_ms = model->now_ms;
			model->change = arena_printf(model->arena, "%s: %s, now %s", item->finding.check,
				verdict_name(item->before), verdict_name(item->finding.verdict));
			if (model->changed > 1)
				model->change = arena_printf(model->arena, "%s (and %zu more)", model->change,
					model->changed - 1);
			return;
		}
	}
}

static void run_ended(struct model *model, const struct event_end *end)
{
	model->end = *end;
	model->end.caller = NULL; /* not shown, and borrowed */
	model->ended = true;
	model->took_ms = model->now_ms - model->began_ms;
	model->retry = NULL;
	model->mode = model->mode == MODE_LEAVE ? MODE_LIST : model->mode;
	for (struct model_group *group = model->groups; group && end->judged; group = group->next) {
		if (group->round == model->round)
			drop_old(model, group);
	}
	if (model->changed > 0 && end->judged)
		note_change(model);
	if (model->mode == MODE_LIST)
		model_settle_choice(model);
}

static void plan_told(struct model *model, const struct event *event)
{
	struct event *copy = NEW(model->arena, struct event);

	*copy = event_copy(model->arena, event);
	model->plan = &copy->plan;
}

/* What is asked about is in sight while it is asked, from its first line on. */
static void question_changed(struct model *model, const struct event_question *question)
{
	model->question = question->answer ? NULL : arena_strdup(model->arena, question->text);
	model->word = model->question ? arena_strdup(model->arena, question->word) : NULL;
	model->typed[0] = '\0';
	if (model->question && model->plan) {
		model->mode = MODE_PLAN;
		model->scroll = 0;
	} else if (model->mode == MODE_PLAN) {
		model->mode = MODE_LIST;
	}
}

void model_event(struct model *model, const struct event *event)
{
	model_time(model, event->at_ms);
	switch (event->kind) {
	case EVENT_RUN:
		if (model_begins_round(model, &event->run))
			begin_round(model, &event->run);
		else
			model->run = event_copy_run(model->arena, &event->run);
		break;
	case EVENT_CALL: model->calls++; break;
	case EVENT_RETRY: call_waits(model, event); break;
	case EVENT_GROUP: group_changed(model, &event->group); break;
	case EVENT_RESOURCE: model_resource(model, &event->resource); break;
	case EVENT_STEP: step_said(model, &event->step); break;
	case EVENT_FINDING: finding_decided(model, &event->finding); break;
	case EVENT_PLAN: plan_told(model, event); break;
	case EVENT_QUESTION: question_changed(model, &event->question); break;
	case EVENT_END: run_ended(model, &event->end); break;
	}
}
