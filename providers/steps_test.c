/* SPDX-License-Identifier: Apache-2.0 */
/* The step engine on a toy: killed at every point and run again. */
#include "providers/steps.h"

#include "base/test.h"
#include "base/text.h"
#include "providers/steps_test_toy.h"

static void house_is_built(struct toy *toy)
{
	struct cloud cloud;

	assert_true(toy_load(toy, &cloud));
	assert_int_equal(cloud.state, CLOUD_READY);
	assert_null(cloud.operation.kind);
	assert_int_equal(toy->house.ground, MADE);
	assert_int_equal(toy->house.walls, MADE);
	assert_int_equal(toy->house.grounds_made, 1);
	assert_int_equal(toy->house.walls_begun, 1);
}

static void rows_in_their_order(void **state)
{
	struct toy *toy = *state;

	assert_int_equal(toy_run(toy, &toy_build), 0);
	assert_int_equal(toy->count, TOY_POINTS);
	for (size_t i = 0; i < TOY_POINTS; i++)
		assert_string_equal(toy->points[i], toy_points[i]);
	house_is_built(toy);
	assert_int_equal(toy->left, 0);
}

static void what_is_there_is_not_made(void **state)
{
	struct toy *toy = *state;

	toy->house.ground = MADE;
	assert_int_equal(toy_run(toy, &toy_build), 0);
	assert_int_equal(toy->house.grounds_made, 0);
	assert_int_equal(toy->house.walls, MADE);
}

/* Killed at every point, with either table, it is built by running it again, each part once. */
static void killed_and_taken_up(void **state)
{
	static const struct steps *const tables[] = {&toy_build, &toy_undoable};
	struct toy *toy = *state;

	for (size_t i = 0; i < LENGTH(tables); i++) {
		for (size_t at = 1; at <= TOY_POINTS; at++) {
			toy_clear(toy);
			toy_run_killed(toy, tables[i], at);
			assert_int_equal(toy_run(toy, tables[i]), 0);
			house_is_built(toy);
		}
	}
}

/* A request that may have arrived is sent again as the same one. */
static void tokens(void **state)
{
	enum { BEFORE_THE_WALLS = 7 };
	struct toy *toy = *state;
	struct cloud first, again;

	toy_run_killed(toy, &toy_build, BEFORE_THE_WALLS);
	assert_true(toy_load(toy, &first));
	assert_string_equal(first.operation.kind, "build");
	assert_string_equal(first.operation.step, "walls");
	assert_true(text_starts_with(first.operation.token, "build-"));
	toy_run_killed(toy, &toy_build, BEFORE_THE_WALLS - 2); /* the ground is there */
	assert_true(toy_load(toy, &again));
	assert_string_equal(again.operation.token, first.operation.token);
	assert_int_equal(toy_run(toy, &toy_build), 0);
	assert_string_equal(toy->house.walls_token, first.operation.token);
}

static void removing_removes_the_record(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy_make_ready(toy);
	toy->fail_at = "wait for walls";
	toy->fails = ERROR_FAILED;
	assert_int_equal(toy_run(toy, &toy_delete), -1);
	assert_true(toy_load(toy, &cloud));
	assert_string_equal(cloud.operation.kind, "delete");
	toy->fail_at = NULL;
	assert_int_equal(toy_run(toy, &toy_delete), 0);
	assert_false(toy_load(toy, &cloud));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, toy_set_up, toy_tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(rows_in_their_order),
		TEST(what_is_there_is_not_made),
		TEST(killed_and_taken_up),
		TEST(tokens),
		TEST(removing_removes_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
