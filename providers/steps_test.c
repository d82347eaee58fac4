/* SPDX-License-Identifier: Apache-2.0 */
/* The step engine on a toy: killed at every point and run again, failing at every point and undone. */
#include "providers/steps.h"

#include <string.h>

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

static void nothing_is_there(struct toy *toy)
{
	struct cloud cloud;

	assert_int_equal(toy->house.ground, MISSING);
	assert_int_equal(toy->house.walls, MISSING);
	assert_false(toy_load(toy, &cloud));
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

	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
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

/* Wherever it fails, and why ever, nothing stays of it. */
static void failing_is_undone(void **state)
{
	static const enum error_kind kinds[] = {ERROR_DENIED, ERROR_NETWORK, ERROR_INTERRUPTED, ERROR_FAILED};
	struct toy *toy = *state;

	for (size_t i = 0; i < TOY_POINTS * ARRAY_LENGTH(kinds); i++) {
		toy_clear(toy);
		toy->fail_at = toy_points[i / ARRAY_LENGTH(kinds)];
		toy->fails = kinds[i % ARRAY_LENGTH(kinds)];
		assert_int_equal(toy_run(toy, &toy_undoable), -1);
		assert_int_equal(toy->err.kind, toy->fails);
		nothing_is_there(toy);
		assert_int_equal(toy->left, 0);
		assert_null(toy->told);
	}
}

/* The same on a cloud that was ready before: it is so again. */
static void a_record_that_was_there_is_what_it_was(void **state)
{
	static const char *const at[] = {"look", "begin ground", "ask for walls", "begin walls",
		"wait for walls"};
	struct toy *toy = *state;

	for (size_t i = 0; i < ARRAY_LENGTH(at); i++) {
		struct cloud cloud;

		toy_clear(toy);
		toy_make_ready(toy);
		toy->fail_at = at[i];
		toy->fails = ERROR_FAILED;
		assert_int_equal(toy_run(toy, &toy_extend), -1);
		assert_int_equal(toy->house.ground + toy->house.walls, 0);
		assert_true(toy_load(toy, &cloud));
		assert_int_equal(cloud.state, CLOUD_READY);
		assert_null(cloud.operation.kind);
	}
}

/* What failed by itself did so, whether what came before is undone or has to be gone on with. */
static void failing_is_in_the_history(void **state)
{
	struct toy *toy = *state;

	for (int stuck = 0; stuck <= 1; stuck++) {
		struct cloud cloud;

		toy_clear(toy);
		toy_make_ready(toy);
		toy->stuck = stuck;
		toy->fail_at = "wait for walls";
		toy->fails = ERROR_FAILED;
		assert_int_equal(toy_run(toy, &toy_change), -1);
		assert_int_equal(toy->house.ground, stuck ? MADE : MISSING);
		assert_int_equal(toy->left, 0);
		assert_true(toy_load(toy, &cloud));
		assert_int_equal(cloud.state, stuck ? CLOUD_FAILED : CLOUD_READY); /* as the row left it */
		assert_true(stuck == text_equal(cloud.operation.step, "walls"));
		assert_int_equal(cloud.history.count, 1);
		assert_int_equal(cloud.history.items[0].result, HISTORY_FAILED);
	}
}

static void what_has_no_undo_goes_on(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy->fail_at = "wait for walls";
	toy->fails = ERROR_INTERRUPTED;
	assert_int_equal(toy_run(toy, &toy_build), -1);
	assert_int_equal(toy->left, 1);
	assert_int_equal(toy->house.ground, MADE); /* not undone below walls that are being built */
	assert_true(toy_load(toy, &cloud));
	assert_int_equal(cloud.state, CLOUD_CREATING);
	assert_string_equal(cloud.operation.step, "walls");
	/* Neither when it cannot even be found out how far they are. */
	toy->fail_at = "find walls";
	assert_int_equal(toy_run(toy, &toy_build), -1);
	assert_int_equal(toy->house.ground, MADE);
	toy->fail_at = NULL;
	assert_int_equal(toy_run(toy, &toy_build), 0);
	house_is_built(toy);
}

/* It has ended, and failed: what was done before is undone, or else the record stays as the row left it. */
static void what_has_no_undo_fails(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy->fail_at = "wait for walls";
	toy->fails = ERROR_FAILED;
	assert_int_equal(toy_run(toy, &toy_build), -1);
	assert_int_equal(toy->house.ground, MISSING);
	assert_false(toy_load(toy, &cloud));
	toy_clear(toy);
	toy->fail_at = "wait for walls";
	assert_int_equal(toy_run(toy, &toy_walls), -1);
	assert_true(toy_load(toy, &cloud));
	assert_int_equal(cloud.state, CLOUD_FAILED);
	assert_int_equal(toy->left, 0);
}

/* A row that was begun and has nothing to undo: what is begun of a removal stays, as it does without such a row. */
static void what_is_not_undoable_stays(void **state)
{
	struct toy *toy = *state;

	for (int rooted = 0; rooted <= 1; rooted++) {
		struct cloud cloud;

		toy_clear(toy);
		toy_make_ready(toy);
		toy->rooted = rooted;
		toy->fail_at = "wait for walls";
		toy->fails = ERROR_FAILED;
		assert_int_equal(toy_run(toy, &toy_clear_away), -1);
		assert_int_equal(toy->house.ground, rooted ? MADE : MISSING);
		assert_true(toy_load(toy, &cloud));
		assert_int_equal(cloud.state == CLOUD_READY, !rooted);
	}
}

static void a_refusal_leaves_the_record_as_it_was(void **state)
{
	static const enum error_kind kinds[] = {ERROR_DENIED, ERROR_REJECTED};
	struct toy *toy = *state;
	struct cloud cloud;

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		toy_clear(toy);
		toy->fail_at = "begin walls";
		toy->fails = kinds[i];
		assert_int_equal(toy_run(toy, &toy_walls), -1);
		assert_false(toy_load(toy, &cloud));
		assert_int_equal(toy->left, 0);
		/* Something is there all the same: the refused request was a second one. */
		toy->fail_at = "walls are begun";
		assert_int_equal(toy_run(toy, &toy_walls), -1);
		assert_true(toy_load(toy, &cloud));
		assert_int_equal(toy->left, 1);
	}
	toy_clear(toy);
	toy_make_ready(toy);
	toy->fail_at = "begin walls";
	assert_int_equal(toy_run(toy, &toy_delete), -1);
	assert_true(toy_load(toy, &cloud));
	assert_int_equal(cloud.state, CLOUD_READY);
	assert_null(cloud.operation.kind);
}

/* A no, or a code of the row's own, comes before anything of it is done. */
static void stopping_with_a_code(void **state)
{
	struct toy *toy = *state;

	toy->stop_code = 1;
	assert_int_equal(toy_run(toy, &toy_undoable), 1);
	nothing_is_there(toy);
	assert_int_equal(toy_run(toy, &toy_walls), 1);
	nothing_is_there(toy);
}

/* A run is killed while the walls are being built; undoing what it did fails at first. */
static void undoing_is_tried_again(void **state)
{
	struct toy *toy = *state;
	struct operation operation;
	struct cloud cloud;

	toy_run_killed(toy, &toy_undoable, TOY_POINTS);
	toy->fail_at = "undo ground";
	toy->fails = ERROR_NETWORK;
	operation = toy_begin(toy, &toy_undoable);
	assert_int_equal(steps_undo(&operation, &toy->err), -1);
	assert_string_equal(toy->err.frame[1], "undoing: making the ground");
	assert_true(toy_load(toy, &cloud));
	toy->fail_at = NULL;
	operation = toy_begin(toy, &toy_undoable);
	assert_int_equal(steps_undo(&operation, &toy->err), 0);
	nothing_is_there(toy);
}

/* The command's error is why it failed; that the undoing failed as well is told, and how to go on. */
static void undoing_after_a_failure_fails(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy->also_fail_at = "undo walls";
	toy->fail_at = "wait for walls";
	toy->fails = ERROR_FAILED;
	assert_int_equal(toy_run(toy, &toy_undoable), -1);
	assert_string_equal(toy->err.frame[0], "wait for walls failed");
	assert_string_equal(toy->told,
		"What was started could not be undone (undo walls failed). Run cloudctl build again, or: cloudctl delete --name toy");
	assert_int_equal(toy->house.ground, MADE);
	assert_true(toy_load(toy, &cloud));
	assert_string_equal(cloud.operation.step, "walls");
}

/* Whatever ends it while something may go on, all that is needed to go on is told. */
static void every_way_out_is_told(void **state)
{
	static const enum error_kind kinds[] = {ERROR_INTERRUPTED, ERROR_NETWORK, ERROR_SERVICE, ERROR_IO,
		ERROR_PROTOCOL};
	static const struct {
		const struct steps *steps;
		const char *at, *note;
	} rows[] = {
		{&toy_walls, "begin walls",
			"This may be done, or go on, in the field: building the walls. To come back to it: cloudctl build --name toy. To undo it: cloudctl delete --name toy"},
		{&toy_walls, "walls are begun",
			"This may be done, or go on, in the field: building the walls. To come back to it: cloudctl build --name toy. To undo it: cloudctl delete --name toy"},
		{&toy_walls, "wait for walls",
			"This goes on in the field: building the walls. To come back to it: cloudctl build --name toy. To undo it: cloudctl delete --name toy"},
		{&toy_delete, "walls are begun",
			"This may be done, or go on, in the field: building the walls. To come back to it: cloudctl delete --name toy"},
	};
	struct toy *toy = *state;

	for (size_t i = 0; i < ARRAY_LENGTH(rows) * ARRAY_LENGTH(kinds); i++) {
		toy_clear(toy);
		if (rows[i / ARRAY_LENGTH(kinds)].steps == &toy_delete)
			toy_make_ready(toy);
		toy->fail_at = rows[i / ARRAY_LENGTH(kinds)].at;
		toy->fails = kinds[i % ARRAY_LENGTH(kinds)];
		assert_int_equal(toy_run(toy, rows[i / ARRAY_LENGTH(kinds)].steps), -1);
		assert_string_equal(toy->note, rows[i / ARRAY_LENGTH(kinds)].note);
	}
}

/* Another process took the walls up, and cannot find out how far they are. */
static void what_cannot_be_found_is_told(void **state)
{
	struct toy *toy = *state;

	toy_run_killed(toy, &toy_build, TOY_POINTS);
	toy->fail_at = "find walls";
	toy->fails = ERROR_NETWORK;
	assert_int_equal(toy_run(toy, &toy_build), -1);
	assert_int_equal(toy->left, 1);
}

/* The record cannot be written: at every point from which on that is so, the run says how to go on. */
static void a_record_that_cannot_be_written(void **state)
{
	static const char *const at[] = {"begin walls", "wait for walls"};
	struct toy *toy = *state;

	for (size_t i = 0; i < ARRAY_LENGTH(at); i++) {
		toy_clear(toy);
		toy->spoil_at = at[i];
		assert_int_equal(toy_run(toy, &toy_walls), -1);
		assert_int_equal(toy->err.kind, ERROR_CONFLICT);
		assert_non_null(toy->note);
		assert_non_null(strstr(toy->note, "cloudctl build --name toy"));
	}
}

/* Whatever goes wrong once there is no way back, what was done before stays, and the record says what is left to do. */
static void there_is_no_way_back(void **state)
{
	static const enum error_kind kinds[] = {ERROR_DENIED, ERROR_NETWORK, ERROR_INTERRUPTED, ERROR_FAILED};
	static const char *const at[] = {"begin walls", "walls are begun", "wait for walls"};
	struct toy *toy = *state;
	struct cloud cloud;

	for (size_t i = 0; i < ARRAY_LENGTH(at) * ARRAY_LENGTH(kinds); i++) {
		toy_clear(toy);
		toy_make_ready(toy);
		toy->fail_at = at[i / ARRAY_LENGTH(kinds)];
		toy->fails = kinds[i % ARRAY_LENGTH(kinds)];
		assert_int_equal(toy_run(toy, &toy_move), -1);
		assert_int_equal(toy->house.ground, MADE);
		assert_true(toy_load(toy, &cloud));
		assert_string_equal(cloud.operation.step, "walls");
		toy->fail_at = NULL;
		assert_int_equal(toy_run(toy, &toy_move), 0);
	}
	/* Before, there is one. */
	toy_clear(toy);
	toy_make_ready(toy);
	toy->fail_at = "ask for walls";
	assert_int_equal(toy_run(toy, &toy_move), -1);
	assert_int_equal(toy->house.ground, MISSING);
}

/* All is done, and the record cannot be written: nothing is undone for that. */
static void nothing_is_undone_for_the_last_record(void **state)
{
	struct toy *toy = *state;

	toy_make_ready(toy);
	toy->spoil_at = "wait for walls";
	assert_int_equal(toy_run(toy, &toy_move), -1);
	assert_int_equal(toy->house.ground, MADE);
	assert_non_null(strstr(toy->note, "To write it: cloudctl move --name toy"));
}

/* Nor where a row that is done cannot be undone: what led to it would be taken away from under it. */
static void what_led_to_something_done_stays(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy_make_ready(toy);
	toy->spoil_at = "wait for walls";
	assert_int_equal(toy_run(toy, &toy_change), -1);
	assert_int_equal(toy->house.ground, MADE);
	assert_int_equal(toy->house.walls, MADE);
	assert_non_null(strstr(toy->note, "To write it: cloudctl"));
	assert_true(toy_load(toy, &cloud));
	assert_string_equal(cloud.operation.step, "walls");
}

/* An operation that changes the record alone has done nothing when the record cannot be written. */
static void a_record_that_is_all_there_is(void **state)
{
	struct toy *toy = *state;
	struct cloud cloud;

	toy_make_ready(toy);
	assert_int_equal(toy_run(toy, &toy_note), 0);
	assert_true(toy_load(toy, &cloud));
	assert_int_equal(cloud.history.count, 1);
	assert_string_equal(cloud.history.items[0].kind, "note");
	assert_int_equal(cloud.history.items[0].result, HISTORY_DONE);
	toy_clear(toy);
	toy_make_ready(toy);
	toy->spoil_at = "look";
	assert_int_equal(toy_run(toy, &toy_note), -1);
	assert_int_equal(toy->err.kind, ERROR_CONFLICT);
	assert_null(toy->note);
	assert_true(toy_load(toy, &cloud));
	assert_null(cloud.operation.kind);
}

/* A cloud that was there before is wanted: nobody is told to delete it. */
static void undoing_a_change_fails(void **state)
{
	struct toy *toy = *state;

	toy_make_ready(toy);
	toy->also_fail_at = "undo walls";
	toy->fail_at = "wait for walls";
	toy->fails = ERROR_FAILED;
	assert_int_equal(toy_run(toy, &toy_extend), -1);
	assert_string_equal(toy->told,
		"What was started could not be undone (undo walls failed). Run cloudctl extend again");
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
		TEST(failing_is_undone),
		TEST(a_record_that_was_there_is_what_it_was),
		TEST(failing_is_in_the_history),
		TEST(what_has_no_undo_goes_on),
		TEST(what_has_no_undo_fails),
		TEST(what_is_not_undoable_stays),
		TEST(a_refusal_leaves_the_record_as_it_was),
		TEST(stopping_with_a_code),
		TEST(undoing_is_tried_again),
		TEST(undoing_after_a_failure_fails),
		TEST(every_way_out_is_told),
		TEST(what_cannot_be_found_is_told),
		TEST(a_record_that_cannot_be_written),
		TEST(there_is_no_way_back),
		TEST(nothing_is_undone_for_the_last_record),
		TEST(what_led_to_something_done_stays),
		TEST(a_record_that_is_all_there_is),
		TEST(undoing_a_change_fails),
		TEST(removing_removes_the_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
