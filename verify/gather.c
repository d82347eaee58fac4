/* SPDX-License-Identifier: Apache-2.0 */
/* The plan's engine: rows whose facts are settled ask at once; what depends on a lost fact is lost with it. */
#include "verify/gather.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "verify/asked.h"
#include "verify/plan.h"
#include "verify/source.h"

enum row_state { ROW_WAITING, ROW_FLYING, ROW_SETTLED };

/* A call made, and what it asked. */
struct made {
	const void *operation;
	const json_t *input;
	void *call; /* the source's */
	struct made *next;
};

/* One request of a row; several may share a call. */
struct gather_request {
	const char *key; /* NULL: the reply is the fact */
	const struct made *made;
	struct gather_request *next;
};

/* What one row is about to do, or did. */
struct row {
	enum row_state state;
	struct gather_request *requests, **last;
	int chain;  /* calls on the longest way to this fact, its own included */
	int behind; /* rows that wait, one after the other, for this one */
};

struct gather {
	struct source *source;
	struct facts *facts;
	bool *wanted; /* by fact */
	void (*settled)(void *self, const struct facts *facts);
	void *self;
	struct gather_figures *figures;
	struct row *rows; /* by fact */
	struct made *made;
	size_t flying; /* rows */
};

struct gather_ask {
	struct ask ask; /* first: the table is the object */
	struct gather *gather;
};

/* The call that asked the same before, or NULL. */
static const struct made *find_made(const struct gather *gather, const void *operation, const json_t *input)
{
	for (const struct made *made = gather->made; made; made = made->next)
		if (made->operation == operation && json_equal(made->input, input))
			return made;
	return NULL;
}

static const struct made *make_call(struct gather *gather, const struct plan_row *plan_row, json_t *input)
{
	const char *place = plan_row->where ? plan_row->where(gather->facts) : NULL;
	struct arena *arena = gather->facts->arena;
	struct made *made = NEW(arena, struct made);

	*made = (struct made){.operation = plan_row->operation,
		.input = json_incref(input),
		.next = gather->made};
	tree_defer(arena, input);
	made->call = gather->source->start(gather->source, arena, plan_row->operation, place, input);
	gather->made = made;
	gather->figures->calls++;
	return made;
}

static void add_request(struct ask *self, const char *key, json_t *input)
{
	struct gather *gather = ((struct gather_ask *)self)->gather;
	struct arena *arena = gather->facts->arena;
	struct row *row = &gather->rows[self->row - gather->facts->plan->rows];
	struct gather_request *request = NEW(arena, struct gather_request);

	request->key = arena_strdup(arena, key);
	request->made = find_made(gather, self->row->operation, input);
	if (request->made)
		json_decref(input);
	else
		request->made = make_call(gather, self->row, input);
	*row->last = request;
	row->last = &request->next;
}

static void settle(struct gather *gather, unsigned fact)
{
	gather->rows[fact].state = ROW_SETTLED;
	if (gather->settled)
		gather->settled(gather->self, gather->facts);
}

static int chain_before(const struct gather *gather, const struct index_list *after)
{
	int longest = 0;

	for (size_t i = 0; i < after->count; i++)
		if (gather->rows[after->items[i]].chain > longest)
			longest = gather->rows[after->items[i]].chain;
	return longest;
}

/* A row is lost with the first fact it is built from that is. */
static bool lose_with_another(struct gather *gather, unsigned fact)
{
	struct facts *facts = gather->facts;
	const struct index_list *after = &facts->plan->rows[fact].after;

	for (size_t i = 0; i < after->count; i++) {
		unsigned other = after->items[i];

		if (!facts_lost(facts, other))
			continue;
		facts_lose(facts, fact, facts->values[other].doing, facts_error(facts, other));
		settle(gather, fact);
		return true;
	}
	return false;
}

/* Start one row whose facts are settled: calls, or at once absent or lost. */
static void start_row(struct gather *gather, unsigned fact)
{
	struct facts *facts = gather->facts;
	const struct plan_row *plan_row = &facts->plan->rows[fact];
	struct row *row = &gather->rows[fact];
	struct gather_ask ask = {.ask = {.row = plan_row, .add = add_request}, .gather = gather};

	row->chain = chain_before(gather, &plan_row->after);
	if (lose_with_another(gather, fact))
		return;
	row->last = &row->requests;
	if (plan_row->ask)
		plan_row->ask(facts, &ask.ask);
	if (!row->requests) {
		facts_learn(facts, fact, NULL);
		settle(gather, fact);
		return;
	}
	row->state = ROW_FLYING;
	row->chain++;
	if (row->chain > gather->figures->longest_chain)
		gather->figures->longest_chain = row->chain;
	gather->flying++;
}

static bool is_ready(const struct gather *gather, unsigned fact)
{
	const struct index_list *after = &gather->facts->plan->rows[fact].after;

	if (!gather->wanted[fact] || gather->rows[fact].state != ROW_WAITING)
		return false;
	for (size_t i = 0; i < after->count; i++)
		if (!facts_settled(gather->facts, after->items[i]))
			return false;
	return true;
}

/* Start what is ready, the row with the longest chain behind it first: that chain decides the time. */
static void start_ready(struct gather *gather)
{
	for (;;) {
		const struct row *next = NULL;

		for (unsigned i = 0; i < gather->facts->plan->count; i++)
			if (is_ready(gather, i) && (!next || gather->rows[i].behind > next->behind))
				next = &gather->rows[i];
		if (!next)
			return;
		start_row(gather, (unsigned)(next - gather->rows));
	}
}

static bool means_absent(const struct plan_row *plan_row, const struct error *error)
{
	if (plan_row->absent_text && !strstr(error->frame[0], plan_row->absent_text))
		return false;
	return text_is_among(error->code, plan_row->absent);
}

/* The tree of one request; JSON null when the thing does not exist, NULL with *lost set when the call failed. */
static const json_t *landed(const struct gather *gather, const struct plan_row *plan_row,
	const struct gather_request *request, const struct error **lost)
{
	const struct source *source = gather->source;
	struct arena *arena = gather->facts->arena;
	const struct error *error = source->error(source, request->made->call);
	const json_t *reply = source->reply(source, request->made->call);

	if (!reply && means_absent(plan_row, error))
		return json_null();
	if (!reply && text_is_among(error->code, plan_row->present))
		reply = tree_defer(arena, json_object());
	if (!reply) {
		*lost = error;
		return NULL;
	}
	if (plan_row->place)
		return tree_defer(arena,
			json_pack("{s:s}", plan_row->place, source->place(source, request->made->call)));
	reply = asked_reply(arena, gather->facts->plan, plan_row, request->made->input, reply, lost);
	if (reply && plan_row->list && tree_count(tree_get(reply, plan_row->list)) == 0)
		return json_null();
	return reply;
}

static void land_row(struct gather *gather, unsigned fact)
{
	struct facts *facts = gather->facts;
	const struct plan_row *plan_row = &facts->plan->rows[fact];
	const struct gather_request *request = gather->rows[fact].requests;
	const struct error *lost = NULL;
	json_t *replies = NULL;

	if (request->key)
		replies = tree_defer(facts->arena, json_object());
	for (; request && !lost; request = request->next) {
		const json_t *tree = landed(gather, plan_row, request, &lost);

		if (tree && replies)
			json_object_set(replies, request->key, (json_t *)tree);
		else if (tree)
			facts_learn(facts, fact, tree);
	}
	if (lost)
		facts_lose(facts, fact, plan_row->doing, lost);
	else if (replies)
		facts_learn(facts, fact, replies);
	gather->flying--;
	settle(gather, fact);
}

static bool is_down(const struct source *source, const struct row *row)
{
	for (const struct gather_request *request = row->requests; request; request = request->next)
		if (!source->done(source, request->made->call))
			return false;
	return true;
}

static void land_ready(struct gather *gather)
{
	for (unsigned i = 0; i < gather->facts->plan->count; i++) {
		const struct row *row = &gather->rows[i];

		if (row->state == ROW_FLYING && is_down(gather->source, row))
			land_row(gather, i);
	}
}

/* A row comes after those that it is built from, so what waits for a row is counted before the row itself. */
static void count_behind(struct gather *gather)
{
	const struct plan *plan = gather->facts->plan;

	for (size_t i = plan->count; i--;) {
		const struct index_list *after = &plan->rows[i].after;

		for (size_t k = 0; gather->wanted[i] && k < after->count; k++) {
			struct row *row = &gather->rows[after->items[k]];

			if (row->behind <= gather->rows[i].behind)
				row->behind = gather->rows[i].behind + 1;
		}
	}
}

struct gather *gather_begin(struct source *source, struct facts *facts, const bool *wanted,
	void (*settled)(void *self, const struct facts *facts), void *self, struct gather_figures *figures)
{
	struct gather *gather = NEW(facts->arena, struct gather);

	*gather = (struct gather){
		.source = source,
		.facts = facts,
		.wanted = NEW_ARRAY(facts->arena, bool, facts->plan->count),
		.settled = settled,
		.self = self,
		.figures = figures ? figures : NEW(facts->arena, struct gather_figures),
		.rows = NEW_ARRAY(facts->arena, struct row, facts->plan->count),
	};
	*gather->figures = (struct gather_figures){0};
	memcpy(gather->wanted, wanted, facts->plan->count * sizeof(*wanted));
	plan_close(facts->plan, gather->wanted);
	count_behind(gather);
	for (unsigned i = 0; i < facts->plan->count; i++)
		if (facts_settled(facts, i))
			gather->rows[i].state = ROW_SETTLED;
	return gather;
}

bool gather_advance(struct gather *gather)
{
	land_ready(gather);
	start_ready(gather);
	return gather->flying > 0;
}

void gather_stop(struct gather *gather, const struct error *why)
{
	const struct plan *plan = gather->facts->plan;

	land_ready(gather);
	for (unsigned i = 0; i < plan->count; i++) {
		if (!gather->wanted[i] || facts_settled(gather->facts, i))
			continue;
		facts_lose(gather->facts, i, plan->rows[i].doing, why);
		settle(gather, i);
	}
}

int gather_give_up(struct gather *gather, struct error *err)
{
	error_set(err, ERROR_INTERRUPTED, "interrupted");
	gather_stop(gather, err);
	return -1;
}

int gather(struct source *source, struct facts *facts, const bool *wanted,
	void (*settled)(void *self, const struct facts *facts), void *self, struct gather_figures *figures,
	struct error *err)
{
	struct gather *gather = gather_begin(source, facts, wanted, settled, self, figures);

	while (gather_advance(gather))
		if (!source->step(source, GATHER_TURN_MS))
			return gather_give_up(gather, err);
	return 0;
}
