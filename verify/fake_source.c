/* SPDX-License-Identifier: Apache-2.0 */
/* Test support: see fake_source.h. */
#include "verify/fake_source.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"

struct fake_call {
	const void *operation;
	json_t *input;
	bool done;
	const json_t *reply;
	struct error error;
};

static bool input_holds(const json_t *input, const char *text)
{
	char *dumped = json_dumps(input, JSON_COMPACT);
	bool holds = strstr(dumped, text) != NULL;

	free(dumped);
	return holds;
}

static bool answers(const struct fake_answer *row, const struct fake_call *call)
{
	if (row->operation != call->operation)
		return false;
	if (row->the_input)
		return json_equal(row->the_input, call->input);
	return !row->input || input_holds(call->input, row->input);
}

static const struct fake_answer *find(const struct fake_answer *row, const struct fake_call *call)
{
	while (row && !answers(row, call))
		row = row->next;
	return row;
}

static void answer(const struct fake_source *fake, struct fake_call *call)
{
	const struct fake_answer *row = find(fake->answers, call);

	if (!row)
		row = find(fake->of_facts, call);
	if (row) {
		call->reply = row->reply;
		call->error = row->error;
	} else {
		error_set(&call->error, ERROR_NOT_FOUND, "there is none");
	}
}

static void *start(struct source *self, struct arena *arena, const void *operation, const char *place,
	json_t *input)
{
	struct fake_source *fake = (struct fake_source *)self;
	struct fake_call *call = NEW(fake->arena, struct fake_call);

	(void)arena; /* what was asked is remembered for longer */
	assert(fake->count < FAKE_CALLS);
	if (place)
		fake->elsewhere = arena_strdup(fake->arena, place);
	call->operation = operation;
	call->input = tree_defer(fake->arena, input);
	fake->calls[fake->count++] = call;
	return call;
}

/* Finish up to per_step calls, the oldest or the newest first. */
static void finish_some(struct fake_source *fake)
{
	size_t left = fake->per_step ? fake->per_step : FAKE_CALLS, count = fake->count;

	for (size_t i = 0; i < count && left > 0; i++) {
		struct fake_call *call = fake->calls[fake->newest_first ? count - 1 - i : i];

		if (call->done)
			continue;
		answer(fake, call);
		call->done = true;
		left--;
	}
}

static void interrupt_rest(struct fake_source *fake)
{
	for (size_t i = 0; i < fake->count; i++) {
		if (fake->calls[i]->done)
			continue;
		error_set(&fake->calls[i]->error, ERROR_INTERRUPTED, "interrupted");
		fake->calls[i]->done = true;
	}
}

static bool step(struct source *self, int wait_ms)
{
	struct fake_source *fake = (struct fake_source *)self;

	(void)wait_ms;
	if (fake->steps++ == 0)
		fake->at_first_step = fake->count;
	if (fake->interrupt_after && fake->steps > fake->interrupt_after) {
		interrupt_rest(fake);
		return false;
	}
	finish_some(fake);
	return true;
}

static bool done(const struct source *self, const void *call)
{
	(void)self;
	return ((const struct fake_call *)call)->done;
}

static const json_t *reply(const struct source *self, const void *call)
{
	(void)self;
	return ((const struct fake_call *)call)->reply;
}

static const struct error *error(const struct source *self, const void *call)
{
	(void)self;
	return &((const struct fake_call *)call)->error;
}

static const char *place(const struct source *self, const void *call)
{
	(void)call;
	return ((const struct fake_source *)self)->place;
}

void fake_source_open(struct fake_source *fake, struct arena *arena, const char *where)
{
	*fake = (struct fake_source){
		.source = {.start = start,
			.step = step,
			.done = done,
			.reply = reply,
			.error = error,
			.place = place},
		.arena = arena,
		.place = where,
	};
}

static struct fake_answer *add(struct arena *arena, struct fake_answer **rows, struct fake_answer row)
{
	while (*rows)
		rows = &(*rows)->next;
	*rows = NEW(arena, struct fake_answer);
	**rows = row;
	return *rows;
}

void fake_reply(struct fake_source *fake, const void *operation, const char *input, const json_t *tree)
{
	add(fake->arena, &fake->answers,
		(struct fake_answer){.operation = operation, .input = input, .reply = tree});
}

void fake_error(struct fake_source *fake, const void *operation, const char *input, enum error_kind kind,
	const char *code, const char *message)
{
	struct fake_answer *row = add(fake->arena, &fake->answers,
		(struct fake_answer){.operation = operation, .input = input});

	error_set(&row->error, kind, "%s", message);
	snprintf(row->error.code, sizeof(row->error.code), "%s", code);
	if (kind == ERROR_DENIED && fake->action)
		snprintf(row->error.action, sizeof(row->error.action), "%s", fake->action(operation));
}

/* What one row of a plan asks, answered with the fact that stands for it. */
struct answering {
	struct ask ask; /* first: the table is the object */
	struct fake_source *fake;
	const struct facts *facts;
	unsigned fact;
};

static void answer_absent(struct arena *arena, struct fake_answer *row, const struct plan_row *plan_row)
{
	const char *codes = plan_row->absent;

	if (!codes) {
		row->reply = tree_defer(arena, json_object());
		return;
	}
	error_set(&row->error, ERROR_NOT_FOUND, "%s", plan_row->absent_text ? plan_row->absent_text : "none");
	/* the last code is the row's own, those before it say that what it belongs to is absent */
	snprintf(row->error.code, sizeof(row->error.code), "%s",
		strrchr(codes, ' ') ? strrchr(codes, ' ') + 1 : codes);
}

static void answer_request(struct ask *self, const char *key, json_t *input)
{
	const struct answering *answering = (const struct answering *)self;
	const json_t *tree = facts_tree(answering->facts, answering->fact);
	struct fake_source *fake = answering->fake;
	struct fake_answer *row = add(fake->arena, &fake->of_facts,
		(struct fake_answer){.operation = self->row->operation, .the_input = input});

	tree_defer(fake->arena, input);
	if (key)
		tree = json_object_get(tree, key);
	if (tree && !json_is_null(tree))
		row->reply = tree;
	else
		answer_absent(fake->arena, row, self->row);
}

void fake_facts(struct fake_source *fake, const struct facts *facts)
{
	for (unsigned i = 0; i < facts->plan->count; i++) {
		const struct plan_row *row = &facts->plan->rows[i];
		struct answering answering = {.ask = {.row = row, .add = answer_request},
			.fake = fake,
			.facts = facts,
			.fact = i};

		/* The place that answers is no reply. */
		if (facts_tree(facts, i) && row->ask && !row->place)
			row->ask(facts, &answering.ask);
	}
}

size_t fake_count(const struct fake_source *fake, const void *operation)
{
	size_t count = 0;

	for (size_t i = 0; i < fake->count; i++)
		count += !operation || fake->calls[i]->operation == operation;
	return count;
}

bool fake_all_differ(const struct fake_source *fake)
{
	for (size_t i = 0; i < fake->count; i++)
		for (size_t k = 0; k < i; k++)
			if (fake->calls[i]->operation == fake->calls[k]->operation &&
				json_equal(fake->calls[i]->input, fake->calls[k]->input))
				return false;
	return true;
}

const void *fake_operation(const struct fake_source *fake, size_t index)
{
	return fake->calls[index]->operation;
}

const json_t *fake_input(const struct fake_source *fake, size_t index)
{
	return fake->calls[index]->input;
}
