/* SPDX-License-Identifier: Apache-2.0 */
/* A toy cloud as it is and as it is going to be: what is asked, and what is new, mended or the same. */
#include "verify/difference.h"

#include "base/test.h"
#include "verify/toy_fixture.h"

/* The cloud of the fixture, and another that is going to be in its place. */
struct edit {
	struct toy_fixture is;
	struct toy_cloud next;
	struct verification before, after;
	struct difference made;
};

static void open_edit(struct edit *edit)
{
	toy_open(&edit->is);
	edit->next = edit->is.cloud;
}

static void mounts(struct edit *edit, const char *before, const char *after)
{
	edit->is.cloud.mounts = text_split(&edit->is.arena, before, ',');
	edit->next.mounts = text_split(&edit->is.arena, after, ',');
}

static void down(struct edit *edit, const char *mount)
{
	fake_reply(&edit->is.fake, toy_read_mount, mount, toy_reply(&edit->is, "{\"state\": \"down\"}"));
}

static int run(struct edit *edit)
{
	struct toy_fixture *is = &edit->is;
	const struct cloud *next = (const struct cloud *)(const void *)&edit->next;
	struct verify_input before = {.table = &toy_table,
		.source = &is->fake.source,
		.facts = facts_new(&is->arena, toy_table.plan, toy_cloud_of(is)),
		.options = &is->options};
	struct verify_input after = before;
	int status;

	after.facts = facts_new(&is->arena, toy_table.plan, next);
	status = difference_verify(&before, &edit->before, &after, &edit->after, &is->err);
	if (status == 0)
		edit->made = difference_make(&is->arena, &edit->before, &edit->after);
	return status;
}

/* "mounts.up FAIL -> PASS mended, …" */
static const char *said(struct edit *edit)
{
	static const char *const words[] = {"same", "mended", "new"};
	struct arena *arena = &edit->is.arena;
	struct text_list rows = {0};

	for (size_t i = 0; i < edit->made.count; i++) {
		const struct compared *row = &edit->made.items[i];
		const struct finding *any = row->after ? row->after : row->before;

		text_list_add(arena, &rows,
			arena_printf(arena, "%s %s -> %s %s", any->check->id, verdict_name(row->was),
				verdict_name(row->is), words[row->change]));
	}
	return text_join(arena, &rows, ", ");
}

static void test_what_both_want_is_asked_once(void **state)
{
	struct edit edit = {0};

	(void)state;
	open_edit(&edit);
	mounts(&edit, "m-1,m-2", "m-1,m-3");
	toy_answer_well(&edit.is);
	assert_int_equal(run(&edit), 0);
	assert_true(fake_all_differ(&edit.is.fake));
	assert_int_equal(fake_count(&edit.is.fake, toy_find_disk), 1);
	assert_int_equal(fake_count(&edit.is.fake, toy_read_mount), 3);
	assert_string_equal(said(&edit), "");
	arena_free(&edit.is.arena);
}

static const struct {
	const char *before, *after, *down[2], *said;
	size_t new_failures;
} cases[] = {
	{"m-1,m-2", "m-1", {"m-2"}, "mounts.up FAIL -> PASS mended", 0},
	{"m-1", "m-1,m-2", {"m-2"}, "mounts.up PASS -> FAIL new", 1},
	{"m-1,m-2", "m-1,m-3", {"m-1"}, "mounts.up FAIL -> FAIL same", 0},
	/* one for another is no worse */
	{"m-1,m-2", "m-1,m-3", {"m-2", "m-3"}, "mounts.up FAIL -> FAIL same", 0},
	{"m-1,m-2", "m-1,m-2,m-3", {"m-2", "m-3"}, "mounts.up FAIL -> FAIL new", 1},
};

static void test_failures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct edit edit = {0};

		open_edit(&edit);
		mounts(&edit, cases[i].before, cases[i].after);
		for (size_t k = 0; k < ARRAY_LENGTH(cases[i].down); k++)
			if (cases[i].down[k])
				down(&edit, cases[i].down[k]);
		toy_answer_well(&edit.is);
		assert_int_equal(run(&edit), 0);
		assert_string_equal(said(&edit), cases[i].said);
		assert_int_equal(edit.made.new_failures, cases[i].new_failures);
		arena_free(&edit.is.arena);
	}
}

static void test_what_is_not_known_any_more_is_new(void **state)
{
	struct edit edit = {0};

	(void)state;
	open_edit(&edit);
	mounts(&edit, "m-1,m-2", "m-1,m-3");
	fake_error(&edit.is.fake, toy_read_mount, "m-3", ERROR_DENIED, "Denied", "no");
	down(&edit, "m-2");
	toy_answer_well(&edit.is);
	assert_int_equal(run(&edit), 0);
	assert_string_equal(said(&edit), "mounts.up FAIL -> UNKNOWN new");
	assert_int_equal(edit.made.new_failures, 0);
	assert_int_equal(edit.made.new_unknowns, 1);
	arena_free(&edit.is.arena);
}

static void test_what_does_not_apply_any_more_is_mended(void **state)
{
	struct edit edit = {0};

	(void)state;
	open_edit(&edit);
	edit.next.shared = false;
	down(&edit, "m-1");
	toy_answer_well(&edit.is);
	assert_int_equal(run(&edit), 0);
	assert_string_equal(said(&edit), "mounts.up FAIL -> PASS mended");
	arena_free(&edit.is.arena);
}

static void test_interrupted(void **state)
{
	struct edit edit = {0};

	(void)state;
	open_edit(&edit);
	mounts(&edit, "m-1,m-2", "m-1,m-3");
	toy_answer_well(&edit.is);
	edit.is.fake.interrupt_after = 1;
	edit.is.fake.per_step = 1;
	assert_int_equal(run(&edit), -1);
	assert_int_equal(edit.is.err.kind, ERROR_INTERRUPTED);
	arena_free(&edit.is.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_both_want_is_asked_once),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_what_is_not_known_any_more_is_new),
		cmocka_unit_test(test_what_does_not_apply_any_more_is_mended),
		cmocka_unit_test(test_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
