/* SPDX-License-Identifier: Apache-2.0 */
/* A plan of more facts than a word has bits, each built from the one before. */
#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "verify/fake_source.h"
#include "verify/gather.h"

enum { MANY = 100 };

static const char operation[] = "ask";

static void ask_for_it(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, NULL);
}

static void a_plan_is_as_long_as_it_is(void **state)
{
	struct arena arena = {0};
	struct plan_row rows[MANY] = {{0}};
	const struct plan plan = {rows, MANY};
	const bool wanted[MANY] = {[MANY - 1] = true};
	unsigned before[MANY];
	struct gather_figures figures;
	struct fake_source fake;
	struct facts *facts;
	struct error err;

	(void)state;
	fake_source_open(&fake, &arena, "here");
	fake_reply(&fake, operation, NULL, tree_defer(&arena, json_object()));
	for (unsigned i = 0; i < MANY; i++) {
		rows[i] = (struct plan_row){.name = arena_printf(&arena, "fact %u", i),
			.operation = operation,
			.ask = ask_for_it,
			.doing = "asking"};
		before[i] = i;
		if (i > 0)
			rows[i].after = (struct index_list){&before[i - 1], 1};
	}
	facts = facts_new(&arena, &plan, NULL);
	assert_int_equal(gather(&fake.source, facts, wanted, NULL, NULL, &figures, &err), 0);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(facts_has(facts, i));
	assert_int_equal(figures.calls, 1); /* the same question is asked once */
	assert_int_equal(figures.longest_chain, MANY);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_is_as_long_as_it_is),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
