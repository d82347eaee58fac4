/* SPDX-License-Identifier: Apache-2.0 */
/* The last operations of a record: a list that gets longer at its end and shorter at its beginning. */
#include "providers/records/operation_history.h"

#include <string.h>

#include "base/arena.h"
#include "base/member.h"

static const char *const result_names[] = {"unfinished", "done", "undone", "refused", "failed", NULL};

#define AT(member) offsetof(struct past_operation, member)

static const struct member rows[] = {
	{"kind", MEMBER_TEXT, AT(kind), .flags = MEMBER_NEEDED},
	{"started", MEMBER_TEXT, AT(started), .flags = MEMBER_NEEDED},
	{"ended", MEMBER_TEXT, AT(ended)},
	{"by", MEMBER_TEXT, AT(by)},
	{"result", MEMBER_WORD, AT(result), .words = result_names},
	{"steps", MEMBER_LIST, AT(steps)},
};
const struct member_table history_table = {MEMBER_TABLE(struct past_operation, rows)};

/* A list of its own for this record, with room for one more. */
static struct past_operation *copy_items(struct arena *arena, const struct history *history)
{
	struct past_operation *items = NEW_ARRAY(arena, struct past_operation, history->count + 1);

	if (history->count > 0)
		memcpy(items, history->items, history->count * sizeof(*items));
	return items;
}

static void drop_oldest(struct history *history)
{
	if (history->count <= HISTORY_MAX)
		return;
	history->items += history->count - HISTORY_MAX;
	history->count = HISTORY_MAX;
}

/* The last entry, when it is one of this kind that goes on; NULL: there is none. */
static struct past_operation *unfinished(const struct history *history, const char *kind)
{
	struct past_operation *last = history->count > 0 ? &history->items[history->count - 1] : NULL;

	return last && last->result == HISTORY_UNFINISHED && text_equal(last->kind, kind) ? last : NULL;
}

void history_step(struct arena *arena, struct history *history, const struct past_operation *operation,
	const char *step)
{
	struct past_operation *entry;
	struct text_list steps = {0};

	history->items = copy_items(arena, history);
	entry = unfinished(history, operation->kind);
	if (!entry) {
		entry = &history->items[history->count++];
		*entry = (struct past_operation){.kind = operation->kind,
			.started = operation->started,
			.by = operation->by};
	}
	for (size_t i = 0; i < entry->steps.count; i++)
		text_list_add(arena, &steps, entry->steps.items[i]);
	if (step)
		text_list_add_once(arena, &steps, step);
	entry->steps = steps;
	drop_oldest(history);
}

void history_end(struct arena *arena, struct history *history, const char *kind, enum history_result result,
	const char *at)
{
	struct past_operation *entry;

	if (!unfinished(history, kind))
		return;
	history->items = copy_items(arena, history);
	entry = unfinished(history, kind);
	entry->result = result;
	entry->ended = at;
}
