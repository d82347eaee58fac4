/* SPDX-License-Identifier: Apache-2.0 */
/* Each class of drift with each choice: what stops, and which words the reason names. */
#include "providers/aws/cloud/update/drift_choice.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"

static void test_choices(void **state)
{
	static const struct {
		const char *word;
		bool can_ask;
		enum drift_choice choice;
	} rows[] = {
		{NULL, true, DRIFT_ASK},
		{NULL, false, DRIFT_FAIL},
		{"ask", true, DRIFT_ASK},
		{"ask", false, DRIFT_FAIL},
		{"keep", true, DRIFT_KEEP},
		{"keep", false, DRIFT_KEEP},
		{"revert", false, DRIFT_REVERT},
		{"fail", true, DRIFT_FAIL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(drift_choose(rows[i].word, rows[i].can_ask), rows[i].choice);
}

/* What the reason has to name, by choice; NULL: it goes on. */
static const struct objection_case {
	enum drift_class class;
	const char *ask, *keep, *revert, *fail;
} objection_cases[] = {
	{DRIFT_ALREADY_SO, NULL, NULL, NULL, NULL},
	{DRIFT_CHANGED, "--drift keep", NULL, NULL, "--drift revert"},
	{DRIFT_CONFLICT, "leave out what changes it (SshCidr)", "change it back by hand", NULL,
		"--drift revert"},
	{DRIFT_LOST, "--drift revert", "--drift revert", NULL, "made again"},
	{DRIFT_LOST_DATA, "--recreate-lost Bucket", "--recreate-lost Bucket", "--recreate-lost Bucket",
		"from a backup"},
	{DRIFT_UNKNOWN, NULL, NULL, NULL, NULL},
	{DRIFT_REMOVED, NULL, NULL, NULL, NULL},
};

static void check(const struct drift *drift, enum drift_choice choice, const char *wanted)
{
	struct arena arena = {0};
	const struct text_list none = {0};
	const char *reason = drift_objection(&arena, drift, choice, &none, "SshCidr");

	if (wanted) {
		assert_non_null(reason);
		assert_non_null(strstr(reason, wanted));
	} else {
		assert_null(reason);
	}
	arena_free(&arena);
}

static void test_objections(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(objection_cases); i++) {
		const struct objection_case *row = &objection_cases[i];
		struct drift_item item = {.class = row->class,
			.logical_id = "Bucket",
			.name = "S3 bucket",
			.physical_id = "b",
			.path = "V"};
		const struct drift drift = {.items = &item, .count = 1};

		check(&drift, DRIFT_ASK, row->ask);
		check(&drift, DRIFT_KEEP, row->keep);
		check(&drift, DRIFT_REVERT, row->revert);
		check(&drift, DRIFT_FAIL, row->fail);
	}
}

static void test_data_is_made_again_by_name(void **state)
{
	struct arena arena = {0};
	struct drift_item items[] = {
		{.class = DRIFT_LOST_DATA, .logical_id = "Bucket", .name = "S3 bucket", .physical_id = "b"},
		{.class = DRIFT_LOST_DATA,
			.logical_id = "FileSystem",
			.name = "File system",
			.physical_id = "f"},
	};
	struct drift drift = {.items = items, .count = 2};
	struct text_list named = {0};

	(void)state;
	text_list_add(&arena, &named, "Bucket");
	assert_non_null(strstr(drift_objection(&arena, &drift, DRIFT_REVERT, &named, NULL), "FileSystem"));
	assert_non_null(strstr(drift_objection(&arena, &drift, DRIFT_KEEP, &named, NULL), "Bucket"));
	drift.count = 1;
	assert_null(drift_objection(&arena, &drift, DRIFT_REVERT, &named, NULL));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_objections),
		cmocka_unit_test(test_data_is_made_again_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
