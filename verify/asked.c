/* SPDX-License-Identifier: Apache-2.0 */
/* Replies without what nobody asked for. */
#include "verify/asked.h"

#include "base/arena.h"
#include "base/tree.h"
#include "verify/plan.h"

/* One row of a plan, one of its requests. */
struct question {
	struct arena *arena;
	const struct plan *plan;
	const struct plan_row *row;
	const json_t *input;
	struct text_list members; /* of the row's id */
};

static bool is_asked(const struct question *question, const json_t *node)
{
	for (size_t i = 0; i < question->members.count; i++) {
		const char *id = tree_text(node, question->members.items[i]);

		if (*id && question->plan->asks_for(question->input, id))
			return true;
	}
	return false;
}

static const json_t *only_asked_elements(const struct question *question, const json_t *reply)
{
	const char *list = question->row->elements;
	json_t *kept = json_array(), *copy;

	TREE_EACH (element, reply, list)
		if (is_asked(question, element))
			json_array_append(kept, (json_t *)element);
	if (json_array_size(kept) == tree_count(tree_get(reply, list))) {
		json_decref(kept);
		return reply;
	}
	copy = tree_defer(question->arena, json_copy((json_t *)reply));
	json_object_set_new(copy, list, kept);
	return copy;
}

const json_t *asked_reply(struct arena *arena, const struct plan *plan, const struct plan_row *row,
	const json_t *input, const json_t *reply, const struct error **lost)
{
	struct question question = {arena, plan, row, input, {0}};
	struct error *why;

	if (!row->id)
		return reply;
	question.members = text_split(arena, row->id, ' ');
	if (row->elements)
		return only_asked_elements(&question, reply);
	if (is_asked(&question, reply))
		return reply;
	why = NEW(arena, struct error);
	error_set(why, ERROR_PROTOCOL, "the reply is not about what was asked for");
	*lost = why;
	return NULL;
}

/* Takes a row's requests: what of a known fact answers them. */
struct answers {
	struct ask ask; /* first: the table is the object */
	const struct facts *facts;
	const json_t *tree;    /* of the fact */
	const json_t *reduced; /* NULL: nothing is asked, or the fact is lost */
	const struct error *lost;
};

static void take_request(struct ask *self, const char *key, json_t *input)
{
	struct answers *answers = (struct answers *)self;
	struct arena *arena = answers->facts->arena;
	const json_t *reply = key ? json_object_get(answers->tree, key) : answers->tree;

	tree_defer(arena, input);
	if (key && !answers->reduced)
		answers->reduced = tree_defer(arena, json_object());
	if (reply && !json_is_null(reply))
		reply = asked_reply(arena, answers->facts->plan, self->row, input, reply, &answers->lost);
	if (!key)
		answers->reduced = reply;
	else if (reply)
		json_object_set((json_t *)answers->reduced, key, (json_t *)reply);
}

static bool is_empty(const struct plan_row *row, const json_t *reply)
{
	return row->list && tree_count(tree_get(reply, row->list)) == 0;
}

static void reduce_fact(struct facts *facts, unsigned fact)
{
	const struct plan_row *row = &facts->plan->rows[fact];
	struct answers answers = {
		.ask = {.row = row, .add = take_request},
		.facts = facts,
		.tree = facts_tree(facts, fact),
	};

	for (size_t i = 0; i < row->after.count; i++)
		if (!facts_tree(facts, row->after.items[i]))
			return;
	row->ask(facts, &answers.ask);
	if (answers.lost)
		facts_lose(facts, fact, row->doing, answers.lost);
	else
		facts_learn(facts, fact, is_empty(row, answers.reduced) ? NULL : answers.reduced);
}

void asked_facts(struct facts *facts)
{
	for (unsigned i = 0; i < facts->plan->count; i++)
		if (facts_has(facts, i) && facts->plan->rows[i].ask && facts->plan->asks_for)
			reduce_fact(facts, i);
}
