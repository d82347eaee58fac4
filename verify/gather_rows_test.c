/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering by small plans: what goes first, what is lost with what, what a reply means. */
#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "verify/fake_source.h"
#include "verify/gather.h"

/* Operations; a row asks the one of its number. */
static const char operations[] = "abcdefghi";

enum { ROWS = sizeof(operations) - 1 };

static void ask_for_it(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, NULL);
}

struct fixture {
	struct arena arena;
	struct plan_row rows[ROWS];
	struct plan plan;
	struct facts *facts;
	struct fake_source fake;
	struct gather_figures figures;
	struct error err;
	size_t told; /* calls of settled() */
};

static void note_settled(void *self, const struct facts *facts)
{
	(void)facts;
	((struct fixture *)self)->told++;
}

/* Rows a, b, …, each built from those of its list; every call gets an empty object. */
static void open_plan(struct fixture *fixture, const struct index_list *after, size_t count)
{
	*fixture = (struct fixture){0};
	fixture->plan = (struct plan){fixture->rows, count};
	for (size_t i = 0; i < count; i++)
		fixture->rows[i] = (struct plan_row){.name = arena_printf(&fixture->arena, "%c",
							     operations[i]),
			.after = after[i],
			.operation = &operations[i],
			.ask = ask_for_it,
			.doing = arena_printf(&fixture->arena, "asking %c", operations[i])};
	fixture->facts = facts_new(&fixture->arena, &fixture->plan, NULL);
	fake_source_open(&fixture->fake, &fixture->arena, "here");
}

static void answer(struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->plan.count; i++)
		fake_reply(&fixture->fake, &operations[i], NULL, tree_defer(&fixture->arena, json_object()));
}

static int gather_wanted(struct fixture *fixture, const bool *wanted)
{
	return gather(&fixture->fake.source, fixture->facts, wanted, note_settled, fixture, &fixture->figures,
		&fixture->err);
}

/* What was asked, in its order. */
static const char *asked(const struct fixture *fixture)
{
	static char text[ROWS + 1];

	for (size_t i = 0; i < fixture->fake.count; i++)
		text[i] = *(const char *)fake_operation(&fixture->fake, i);
	text[fixture->fake.count] = '\0';
	return text;
}

/* b → c and d → e → f are waited for; a → g → h → i is longer, but nobody wants it. */
static void the_longest_chain_that_is_wanted_goes_first(void **state)
{
	const struct index_list after[ROWS] = {[2] = FACTS(1),
		[4] = FACTS(3),
		[5] = FACTS(4),
		[6] = FACTS(0),
		[7] = FACTS(6),
		[8] = FACTS(7)};
	static const bool wanted[ROWS] = {[0] = true, [2] = true, [5] = true};
	struct fixture fixture;

	(void)state;
	open_plan(&fixture, after, ROWS);
	answer(&fixture);
	assert_int_equal(gather_wanted(&fixture, wanted), 0);
	assert_string_equal(asked(&fixture), "dbaecf");
	assert_int_equal(fixture.figures.longest_chain, 3);
	assert_int_equal(fixture.told, 6);
	arena_free(&fixture.arena);
}

/* With the same chain behind them rows go in the order of the table. */
static void rows_alike_go_in_their_order(void **state)
{
	const struct index_list after[] = {{0}, {0}, {0}, FACTS(0, 1, 2), FACTS(3)};
	static const bool wanted[ARRAY_LENGTH(after)] = {[4] = true};
	struct fixture fixture;

	(void)state;
	open_plan(&fixture, after, ARRAY_LENGTH(after));
	answer(&fixture);
	assert_int_equal(gather_wanted(&fixture, wanted), 0);
	assert_string_equal(asked(&fixture), "abcde");
	arena_free(&fixture.arena);
}

/* d is built from a, b and c: it is lost with the first of them that is, and not asked. */
static void a_row_is_lost_with_what_it_is_built_from(void **state)
{
	const struct index_list after[] = {{0}, {0}, {0}, FACTS(0, 1, 2)};
	static const struct {
		const char *lost, *doing;
	} rows[] = {{"a", "asking a"}, {"b", "asking b"}, {"c", "asking c"}, {"bc", "asking b"}};
	static const bool wanted[ARRAY_LENGTH(after)] = {[3] = true};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;

		open_plan(&fixture, after, ARRAY_LENGTH(after));
		for (const char *lost = rows[i].lost; *lost; lost++)
			fake_error(&fixture.fake, &operations[*lost - 'a'], NULL, ERROR_SERVICE, "Broken",
				"no");
		answer(&fixture);
		assert_int_equal(gather_wanted(&fixture, wanted), 0);
		assert_string_equal(asked(&fixture), "abc");
		assert_true(facts_lost(fixture.facts, 3));
		assert_string_equal(fixture.facts->values[3].doing, rows[i].doing);
		assert_string_equal(facts_error(fixture.facts, 3)->code, "Broken");
		assert_int_equal(fixture.told, 4);
		arena_free(&fixture.arena);
	}
}

/* Codes of an error may mean that the thing is absent, where need be with a text, or that it is there without more. */
static void errors_have_their_meaning(void **state)
{
	static const struct {
		const char *code, *message;
		const char *absent_text;
		const char *known; /* the fact as JSON; NULL: it is lost */
	} rows[] = {
		{"None", "no", NULL, "null"},
		{"NoneEither", "no", NULL, "null"},
		{"Bare", "no", NULL, "{}"},
		{"Broken", "no", NULL, NULL},
		{"", "no", NULL, NULL},
		{"None", "there is no such thing", "no such thing", "null"},
		{"None", "another thing is missing", "no such thing", NULL},
		{"Broken", "no such thing", "no such thing", NULL},
		{"Bare", "another", "no such thing", "{}"},
	};
	static const bool wanted[1] = {true};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		const json_t *tree;

		open_plan(&fixture, &(struct index_list){0}, 1);
		fixture.rows[0].absent = "None NoneEither";
		fixture.rows[0].absent_text = rows[i].absent_text;
		fixture.rows[0].present = "Bare";
		fake_error(&fixture.fake, &operations[0], NULL, ERROR_SERVICE, rows[i].code, rows[i].message);
		assert_int_equal(gather_wanted(&fixture, wanted), 0);
		tree = facts_tree(fixture.facts, 0);
		if (rows[i].known)
			assert_true(json_equal(tree,
				tree_defer(&fixture.arena,
					json_loads(rows[i].known, JSON_DECODE_ANY, NULL))));
		else
			assert_true(facts_lost(fixture.facts, 0));
		arena_free(&fixture.arena);
	}
}

static void what_is_settled_is_not_asked_for(void **state)
{
	const struct index_list after[] = {{0}, FACTS(0), FACTS(1)};
	static const bool wanted[ARRAY_LENGTH(after)] = {[2] = true};
	struct fixture fixture;

	(void)state;
	open_plan(&fixture, after, ARRAY_LENGTH(after));
	answer(&fixture);
	facts_learn(fixture.facts, 0, NULL);
	assert_int_equal(gather_wanted(&fixture, wanted), 0);
	assert_string_equal(asked(&fixture), "bc");
	arena_free(&fixture.arena);
}

/* a is known by then; b and c are under way, d waits for c; nobody wants e. */
static void an_interruption_loses_what_is_wanted_and_not_known(void **state)
{
	const struct index_list after[] = {{0}, {0}, {0}, FACTS(2), {0}};
	static const bool wanted[ARRAY_LENGTH(after)] = {true, true, true, true, false};
	struct fixture fixture;

	(void)state;
	open_plan(&fixture, after, ARRAY_LENGTH(after));
	answer(&fixture);
	facts_learn(fixture.facts, 0, NULL);
	fixture.fake.interrupt_after = 1;
	fixture.fake.per_step = 1;
	fixture.fake.newest_first = true;
	assert_int_equal(gather_wanted(&fixture, wanted), -1);
	assert_int_equal(fixture.err.kind, ERROR_INTERRUPTED);
	assert_string_equal(asked(&fixture), "cb");
	assert_int_equal(fixture.facts->values[0].state, FACT_KNOWN);
	assert_int_equal(fixture.facts->values[1].state, FACT_KNOWN);
	for (unsigned fact = 2; fact <= 3; fact++) {
		assert_true(facts_lost(fixture.facts, fact));
		assert_int_equal(facts_error(fixture.facts, fact)->kind, ERROR_INTERRUPTED);
	}
	assert_string_equal(fixture.facts->values[3].doing, "asking d");
	assert_false(facts_settled(fixture.facts, 4));
	arena_free(&fixture.arena);
}

/* The first row too. */
static void an_interruption_before_any_reply_loses_all(void **state)
{
	const struct index_list after[] = {{0}, {0}};
	static const bool wanted[ARRAY_LENGTH(after)] = {true, true};
	struct fixture fixture;
	struct gather *begun;

	(void)state;
	open_plan(&fixture, after, ARRAY_LENGTH(after));
	begun = gather_begin(&fixture.fake.source, fixture.facts, wanted, NULL, NULL, NULL);
	assert_true(gather_advance(begun));
	assert_int_equal(gather_give_up(begun, &fixture.err), -1);
	for (unsigned fact = 0; fact < ARRAY_LENGTH(after); fact++)
		assert_int_equal(facts_error(fixture.facts, fact)->kind, ERROR_INTERRUPTED);
	arena_free(&fixture.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_chain_that_is_wanted_goes_first),
		cmocka_unit_test(rows_alike_go_in_their_order),
		cmocka_unit_test(a_row_is_lost_with_what_it_is_built_from),
		cmocka_unit_test(errors_have_their_meaning),
		cmocka_unit_test(what_is_settled_is_not_asked_for),
		cmocka_unit_test(an_interruption_loses_what_is_wanted_and_not_known),
		cmocka_unit_test(an_interruption_before_any_reply_loses_all),
	};

	return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
