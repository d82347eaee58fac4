/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of the plan: every row whose facts are settled asks at once; replies land as facts; what depends on a
 * lost fact is lost with it. No row is known here by name.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "verify/plan.h"
#include "verify/source.h"

enum row_state { ROW_WAITING, ROW_FLYING, ROW_SETTLED };

/* One request of a row; several may share a call. */
struct gather_request {
	const char *key; /* NULL: the reply is the fact */
	void *call;      /* the source's */
	struct gather_request *next;
};

/* What one row is about to do, or did. */
struct row {
	enum row_state state;
	struct gather_request *requests, **last;
	int chain; /* calls on the longest way to this fact, its own included */
};

/* A call made, and what it asked. */
struct made {
	const void *operation;
	const json_t *input;
	void *call;
	struct made *next;
};

struct gather {
	struct source *source;
	const struct plan *plan;
	struct facts *facts;
	fact_set wanted;
	void (*settled)(void *self, const struct facts *facts);
	void *self;
	struct gather_figures *figures;
	struct row rows[FACTS]; /* by fact */
	struct made *made;
	size_t flying; /* rows */
};

struct gather_ask {
	struct ask ask; /* first: the table is the object */
	struct gather *gather;
};

static fact_set bit(unsigned fact)
{
	return (fact_set)1 << fact;
}

static fact_set facts_settled(const struct facts *facts)
{
	return facts->known | facts->lost;
}

/* The call that asked the same before, or NULL. */
static void *find_made(const struct gather *gather, const void *operation, const json_t *input)
{
	for (const struct made *made = gather->made; made; made = made->next)
		if (made->operation == operation && json_equal(made->input, input))
			return made->call;
	return NULL;
}

static void *make_call(struct gather *gather, const struct plan_row *plan_row, json_t *input)
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
	return made->call;
}

void ask_add(struct ask *ask, const char *key, json_t *input)
{
	ask->add(ask, key, input ? input : json_object());
}

static void add_request(struct ask *self, const char *key, json_t *input)
{
	struct gather *gather = ((struct gather_ask *)self)->gather;
	struct arena *arena = gather->facts->arena;
	struct row *row = &gather->rows[self->row->fact];
	struct gather_request *request = NEW(arena, struct gather_request);

	request->key = arena_strdup(arena, key);
	request->call = find_made(gather, self->row->operation, input);
	if (request->call)
		json_decref(input);
	else
		request->call = make_call(gather, self->row, input);
	*row->last = request;
	row->last = &request->next;
}

static void settle(struct gather *gather, unsigned fact)
{
	gather->rows[fact].state = ROW_SETTLED;
	if (gather->settled)
		gather->settled(gather->self, gather->facts);
}

/* The first of the facts a row is built from that is lost; FACTS when none is. */
static unsigned lost_before(const struct gather *gather, const struct plan_row *plan_row)
{
	for (unsigned i = 0; i < FACTS; i++)
		if (plan_row->after & gather->facts->lost & bit(i))
			return i;
	return FACTS;
}

static int chain_before(const struct gather *gather, const struct plan_row *plan_row)
{
	int longest = 0;

	for (unsigned i = 0; i < FACTS; i++)
		if ((plan_row->after & bit(i)) && gather->rows[i].chain > longest)
			longest = gather->rows[i].chain;
	return longest;
}

/* Start one row whose facts are settled: calls, or at once absent or lost. */
static void start_row(struct gather *gather, const struct plan_row *plan_row)
{
	struct row *row = &gather->rows[plan_row->fact];
	unsigned lost = lost_before(gather, plan_row);
	struct gather_ask ask = {.ask = {.row = plan_row, .add = add_request}, .gather = gather};

	row->chain = chain_before(gather, plan_row);
	if (lost != FACTS) {
		facts_lose(gather->facts, plan_row->fact, gather->facts->value[lost].doing,
			facts_error(gather->facts, lost));
		settle(gather, plan_row->fact);
		return;
	}
	row->last = &row->requests;
	plan_row->ask(gather->facts, &ask.ask);
	if (!row->requests) {
		facts_learn(gather->facts, plan_row->fact, NULL);
		settle(gather, plan_row->fact);
		return;
	}
	row->state = ROW_FLYING;
	row->chain++;
	if (row->chain > gather->figures->longest_chain)
		gather->figures->longest_chain = row->chain;
	gather->flying++;
}

static bool is_ready(const struct gather *gather, const struct plan_row *plan_row)
{
	return (gather->wanted & bit(plan_row->fact)) && gather->rows[plan_row->fact].state == ROW_WAITING &&
		(plan_row->after & ~facts_settled(gather->facts)) == 0;
}

/* How many further rows wait, one after the other, for this one. */
static int rows_behind(const struct gather *gather, unsigned fact)
{
	const struct plan *plan = gather->plan;
	int longest = 0;

	for (size_t i = 0; i < plan->count; i++) {
		int behind;

		if (!(gather->wanted & bit(plan->rows[i].fact)) || !(plan->rows[i].after & bit(fact)))
			continue;
		behind = 1 + rows_behind(gather, plan->rows[i].fact);
		longest = behind > longest ? behind : longest;
	}
	return longest;
}

/* The ready row with the longest chain behind it, so that the chain that decides the time begins first. */
static const struct plan_row *next_ready(const struct gather *gather)
{
	const struct plan *plan = gather->plan;
	const struct plan_row *next = NULL;
	int most = -1;

	for (size_t i = 0; i < plan->count; i++) {
		int behind;

		if (!is_ready(gather, &plan->rows[i]))
			continue;
		behind = rows_behind(gather, plan->rows[i].fact);
		if (behind > most) {
			most = behind;
			next = &plan->rows[i];
		}
	}
	return next;
}

static void start_ready(struct gather *gather)
{
	for (const struct plan_row *next = next_ready(gather); next; next = next_ready(gather))
		start_row(gather, next);
}

/* Is the code one of the words, which are separated by spaces? No words, or no code: no. */
static bool is_among(const char *code, const char *words)
{
	size_t length = strlen(code);

	for (const char *word = words && length > 0 ? words : ""; *word; word += strspn(word, " ")) {
		size_t end = strcspn(word, " ");

		if (end == length && strncmp(word, code, length) == 0)
			return true;
		word += end;
	}
	return false;
}

static bool means_absent(const struct plan_row *plan_row, const struct error *error)
{
	if (plan_row->absent_text && !strstr(error->frame[0], plan_row->absent_text))
		return false;
	return is_among(error->code, plan_row->absent);
}

/* The tree of one request; JSON null when the thing does not exist, NULL with *lost set when the call failed. */
static const json_t *landed(const struct gather *gather, const struct plan_row *plan_row,
	const struct gather_request *request, const struct error **lost)
{
	const struct source *source = gather->source;
	const struct error *error = source->error(source, request->call);
	const json_t *reply = source->reply(source, request->call);

	if (!reply && means_absent(plan_row, error))
		return json_null();
	if (!reply && is_among(error->code, plan_row->present))
		reply = tree_defer(gather->facts->arena, json_object());
	if (!reply) {
		*lost = error;
		return NULL;
	}
	if (plan_row->place)
		return tree_defer(gather->facts->arena,
			json_pack("{s:s}", plan_row->place, source->place(source, request->call)));
	if (plan_row->list && tree_count(tree_get(reply, plan_row->list)) == 0)
		return json_null();
	return reply;
}

static void land_row(struct gather *gather, const struct plan_row *plan_row)
{
	struct facts *facts = gather->facts;
	const struct gather_request *request = gather->rows[plan_row->fact].requests;
	const struct error *lost = NULL;
	json_t *replies = NULL;

	if (request->key)
		replies = tree_defer(facts->arena, json_object());
	for (; request && !lost; request = request->next) {
		const json_t *tree = landed(gather, plan_row, request, &lost);

		if (tree && replies)
			json_object_set(replies, request->key, (json_t *)tree);
		else if (tree)
			facts_learn(facts, plan_row->fact, tree);
	}
	if (lost)
		facts_lose(facts, plan_row->fact, plan_row->doing, lost);
	else if (replies)
		facts_learn(facts, plan_row->fact, replies);
	gather->flying--;
	settle(gather, plan_row->fact);
}

static bool is_down(const struct source *source, const struct row *row)
{
	for (const struct gather_request *request = row->requests; request; request = request->next)
		if (!source->done(source, request->call))
			return false;
	return true;
}

static void land_ready(struct gather *gather)
{
	const struct plan *plan = gather->plan;

	for (size_t i = 0; i < plan->count; i++) {
		const struct row *row = &gather->rows[plan->rows[i].fact];

		if (row->state == ROW_FLYING && is_down(gather->source, row))
			land_row(gather, &plan->rows[i]);
	}
}

struct gather *gather_begin(struct source *source, const struct plan *plan, struct facts *facts,
	fact_set wanted, void (*settled)(void *self, const struct facts *facts), void *self,
	struct gather_figures *figures)
{
	struct gather *gather = NEW(facts->arena, struct gather);

	*gather = (struct gather){
		.source = source,
		.plan = plan,
		.facts = facts,
		.wanted = plan_closure(plan, wanted),
		.settled = settled,
		.self = self,
		.figures = figures ? figures : NEW(facts->arena, struct gather_figures),
	};
	*gather->figures = (struct gather_figures){0};
	for (unsigned i = 0; i < FACTS; i++)
		if (facts_settled(facts) & bit(i))
			gather->rows[i].state = ROW_SETTLED;
	return gather;
}

bool gather_advance(struct gather *gather)
{
	land_ready(gather);
	start_ready(gather);
	return gather->flying > 0;
}

int gather_give_up(struct gather *gather, struct error *err)
{
	const struct plan *plan = gather->plan;

	land_ready(gather);
	error_set(err, ERROR_INTERRUPTED, "interrupted");
	for (size_t i = 0; i < plan->count; i++) {
		unsigned fact = plan->rows[i].fact;

		if (!(gather->wanted & bit(fact)) || (facts_settled(gather->facts) & bit(fact)))
			continue;
		facts_lose(gather->facts, fact, plan->rows[i].doing, err);
		settle(gather, fact);
	}
	return -1;
}

int gather(struct source *source, const struct plan *plan, struct facts *facts, fact_set wanted,
	void (*settled)(void *self, const struct facts *facts), void *self, struct gather_figures *figures,
	struct error *err)
{
	struct gather *gather = gather_begin(source, plan, facts, wanted, settled, self, figures);

	while (gather_advance(gather))
		if (!source->step(source, GATHER_TURN_MS))
			return gather_give_up(gather, err);
	return 0;
}
