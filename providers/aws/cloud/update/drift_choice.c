/* SPDX-License-Identifier: Apache-2.0 */
/* The table of drift by its class and what the user chose. */
#include "providers/aws/cloud/update/drift_choice.h"

#include "base/arena.h"
#include "base/array.h"

const char drift_choices[] = "ask|keep|revert|fail";

enum drift_choice drift_choose(const char *word, bool can_ask)
{
	static const struct {
		const char *word;
		enum drift_choice choice;
	} rows[] = {
		{"keep", DRIFT_KEEP},
		{"revert", DRIFT_REVERT},
		{"fail", DRIFT_FAIL},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(rows[i].word, word))
			return rows[i].choice;
	return can_ask ? DRIFT_ASK : DRIFT_FAIL;
}

enum objection {
	NO_OBJECTION = 0,
	CHOOSE,   /* between keeping and reverting */
	CONFLICT, /* one template cannot have both */
	GONE,     /* only reverting makes it again */
	RECREATE, /* and that has to be allowed by name */
};

static const enum objection objections[][DRIFT_FAIL + 1] = {
	[DRIFT_CHANGED] = {[DRIFT_ASK] = CHOOSE, [DRIFT_FAIL] = CHOOSE},
	[DRIFT_CONFLICT] = {[DRIFT_ASK] = CONFLICT, [DRIFT_KEEP] = CONFLICT, [DRIFT_FAIL] = CONFLICT},
	[DRIFT_LOST] = {[DRIFT_ASK] = GONE, [DRIFT_KEEP] = GONE, [DRIFT_FAIL] = GONE},
	[DRIFT_LOST_DATA] = {[DRIFT_ASK] = RECREATE,
		[DRIFT_KEEP] = RECREATE,
		[DRIFT_REVERT] = RECREATE,
		[DRIFT_FAIL] = RECREATE},
	[DRIFT_REMOVED] = {0}, /* as everything that is removed: --allow-loss */
};

static const char *tell(struct arena *arena, const struct drift_item *item, enum objection objection,
	const char *changing)
{
	switch (objection) {
	case CONFLICT:
		return arena_printf(arena,
			"%s: %s was changed by somebody else, and the update %s; leave out what changes it (%s), change it back by hand, or add --drift revert, which overwrites it",
			item->name, item->path,
			item->rewritten ? "writes the whole policy again" : "changes it to something else",
			text_or(changing, "the newer template"));
	case GONE:
		return arena_printf(arena,
			"%s %s was deleted by somebody else; to have it made again, add --drift revert",
			item->name, item->physical_id);
	case RECREATE:
		return arena_printf(arena,
			"%s %s was deleted by somebody else, with its data; restore it from a backup, or have an empty one made: --drift revert --recreate-lost %s",
			item->name, item->physical_id, item->logical_id);
	case CHOOSE:
	case NO_OBJECTION: break;
	}
	return arena_printf(arena,
		"%s: %s was changed by somebody else; to leave it as it is, add --drift keep; to change it back, --drift revert",
		item->name, item->path);
}

const char *drift_objection(struct arena *arena, const struct drift *drift, enum drift_choice choice,
	const struct text_list *recreate, const char *changing)
{
	for (size_t i = 0; i < drift->count; i++) {
		const struct drift_item *item = &drift->items[i];
		enum objection objection = item->class < ARRAY_LENGTH(objections)
			? objections[item->class][choice]
			: NO_OBJECTION;

		if (choice == DRIFT_REVERT && objection == RECREATE &&
			text_list_has(recreate, item->logical_id))
			continue;
		if (objection != NO_OBJECTION)
			return tell(arena, item, objection, changing);
	}
	return NULL;
}
