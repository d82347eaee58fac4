/* SPDX-License-Identifier: Apache-2.0 */
/* The history of a record: entries that begin, go on, end and are forgotten. */
#include "providers/records/operation_history.h"

#include "base/arena.h"
#include "base/test.h"

static const struct past_operation setup = {.kind = "setup", .started = "s1", .by = "me"},
				   again = {.kind = "setup", .started = "s2", .by = "you"},
				   removal = {.kind = "delete", .started = "s3"};

static void an_operation_goes_on_until_it_ends(void **state)
{
	struct arena arena = {0};
	struct history history = {0}, before;

	(void)state;
	history_step(&arena, &history, &setup, "one");
	before = history;
	history_step(&arena, &history, &again, "two");
	history_step(&arena, &history, &again, "two");
	assert_int_equal(history.count, 1);
	assert_string_equal(history.items[0].started, "s1");
	assert_string_equal(history.items[0].by, "me");
	assert_int_equal(history.items[0].steps.count, 2);
	assert_int_equal(before.items[0].steps.count, 1); /* a copy of the record is as it was */
	history_end(&arena, &history, "delete", HISTORY_DONE, "e1");
	assert_int_equal(history.items[0].result, HISTORY_UNFINISHED);
	history_end(&arena, &history, "setup", HISTORY_FAILED, "e2");
	history_end(&arena, &history, "setup", HISTORY_DONE, "e3");
	assert_int_equal(history.items[0].result, HISTORY_FAILED);
	assert_string_equal(history.items[0].ended, "e2");
	history_step(&arena, &history, &again, "one");
	assert_int_equal(history.count, 2);
	arena_free(&arena);
}

static void another_operation_is_another_entry(void **state)
{
	struct arena arena = {0};
	struct history history = {0};

	(void)state;
	history_end(&arena, &history, "setup", HISTORY_DONE, "e");
	assert_int_equal(history.count, 0);
	history_step(&arena, &history, &setup, "one");
	history_step(&arena, &history, &removal, "one");
	assert_int_equal(history.count, 2);
	assert_int_equal(history.items[0].result, HISTORY_UNFINISHED);
	arena_free(&arena);
}

static void the_oldest_are_forgotten(void **state)
{
	struct arena arena = {0};
	struct history history = {0};

	(void)state;
	for (size_t i = 0; i < HISTORY_MAX + 5; i++) {
		const struct past_operation each = {.kind = "edit",
			.started = arena_printf(&arena, "%zu", i)};

		history_step(&arena, &history, &each, "one");
		history_end(&arena, &history, "edit", HISTORY_DONE, "e");
	}
	assert_int_equal(history.count, HISTORY_MAX);
	assert_string_equal(history.items[0].started, "5");
	assert_string_equal(history.items[HISTORY_MAX - 1].started, "24");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_goes_on_until_it_ends),
		cmocka_unit_test(another_operation_is_another_entry),
		cmocka_unit_test(the_oldest_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
