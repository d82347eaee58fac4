/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a record against findings that were made by hand. */
#include <string.h>

#include "base/test.h"
#include "verify/toy_fixture.h"

static const char *one_mount[] = {"m-1"}, *two_mounts[] = {"m-1", "m-2"};

enum { NO_NAME, BY_MOUNT_1, BY_MOUNT_2, BY_DISK, ENTRIES };

static const struct ignored entries[ENTRIES] = {
	[NO_NAME] = {"mounts.up", NULL, "all", NULL},
	[BY_MOUNT_1] = {"mounts.up", "m-1", "one", NULL},
	[BY_MOUNT_2] = {"mounts.up", "m-2", "two", NULL},
	[BY_DISK] = {"disk.exists", "d-1", "by name", NULL},
};

static struct finding finding_of(const char *id, enum verdict verdict, struct text_list resources)
{
	struct finding finding = {.verdict = verdict, .resources = resources};

	finding.check = check_find(&toy_table, id, &finding.group);
	return finding;
}

/* An entry without a resource takes all that is not PASS; those with one take what fails, and all of it or nothing. */
static void findings_have_reasons(void **state)
{
	static const struct {
		const char *check;
		enum verdict verdict;
		struct text_list resources;
		unsigned from, count; /* of entries[] */
		const char *reason;
	} rows[] = {
		{"mounts.up", VERDICT_FAIL, {0}, NO_NAME, 0, NULL},
		{"mounts.up", VERDICT_PASS, {0}, NO_NAME, 1, NULL},
		{"mounts.up", VERDICT_SKIP, {0}, NO_NAME, 1, "all"},
		{"mounts.up", VERDICT_SKIP, {one_mount, 1}, BY_MOUNT_1, 1, NULL},
		{"mounts.up", VERDICT_WARN, {0}, NO_NAME, 1, "all"},
		{"mounts.up", VERDICT_FAIL, {0}, NO_NAME, 1, "all"},
		{"mounts.up", VERDICT_UNKNOWN, {0}, NO_NAME, 1, "all"},
		{"disk.usage", VERDICT_WARN, {0}, NO_NAME, 1, NULL},
		{"mounts.up", VERDICT_FAIL, {one_mount, 1}, NO_NAME, 2, "all"},
		{"mounts.up", VERDICT_FAIL, {one_mount, 1}, BY_MOUNT_1, 1, "m-1: one"},
		{"mounts.up", VERDICT_WARN, {one_mount, 1}, BY_MOUNT_1, 1, "m-1: one"},
		{"mounts.up", VERDICT_FAIL, {one_mount, 1}, BY_MOUNT_2, 1, NULL},
		{"mounts.up", VERDICT_FAIL, {two_mounts, 2}, BY_MOUNT_1, 1, NULL},
		{"mounts.up", VERDICT_FAIL, {two_mounts, 2}, BY_MOUNT_1, 2, "m-1: one; m-2: two"},
		{"mounts.up", VERDICT_FAIL, {0}, BY_MOUNT_1, 2, "m-1: one; m-2: two"},
		{"mounts.up", VERDICT_PASS, {0}, BY_MOUNT_1, 2, NULL},
		{"mounts.up", VERDICT_UNKNOWN, {one_mount, 1}, BY_MOUNT_1, 1, NULL},
		{"disk.exists", VERDICT_FAIL, {0}, BY_DISK, 1, "disks/d-1: by name"},
		{"disk.exists", VERDICT_FAIL, {0}, NO_NAME, ENTRIES, "disks/d-1: by name"},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct finding finding = finding_of(rows[i].check, rows[i].verdict, rows[i].resources);
		const char *reason;

		fixture.cloud.ignored = (struct ignored_list){(struct ignored *)&entries[rows[i].from],
			rows[i].count};
		reason = ignore_reason(&fixture.arena, &toy_table, toy_cloud_of(&fixture), &finding);
		if (rows[i].reason)
			assert_string_equal(reason, rows[i].reason);
		else
			assert_null(reason);
	}
	arena_free(&fixture.arena);
}

/* A check about nothing that the record has: nothing can be accepted by name. */
static void what_has_no_resources_is_not_ignored_by_them(void **state)
{
	struct toy_fixture fixture;
	struct finding finding = finding_of("mounts.up", VERDICT_FAIL, (struct text_list){0});

	(void)state;
	toy_open(&fixture);
	fixture.cloud.mounts = (struct text_list){0};
	fixture.cloud.ignored = (struct ignored_list){(struct ignored *)&entries[BY_MOUNT_1], 1};
	assert_null(ignore_reason(&fixture.arena, &toy_table, toy_cloud_of(&fixture), &finding));
	arena_free(&fixture.arena);
}

static void tables_may_do_without_entries_and_names(void **state)
{
	struct check_table table = toy_table;
	struct toy_fixture fixture;
	struct finding finding = finding_of("disk.exists", VERDICT_FAIL, (struct text_list){0});

	(void)state;
	toy_open(&fixture);
	fixture.cloud.ignored = (struct ignored_list){(struct ignored *)&entries[BY_DISK], 1};
	table.name_of = NULL;
	assert_null(ignore_reason(&fixture.arena, &table, toy_cloud_of(&fixture), &finding));
	table.ignored = NULL;
	assert_null(ignore_reason(&fixture.arena, &table, toy_cloud_of(&fixture), &finding));
	arena_free(&fixture.arena);
}

static void of_long_reasons_the_beginning_is_shown(void **state)
{
	struct toy_fixture fixture;
	struct finding finding = finding_of("mounts.up", VERDICT_FAIL, (struct text_list){one_mount, 1});
	char reason[IGNORE_REASONS_MAX + 1] = "";
	struct ignored entry = {"mounts.up", "m-1", reason, NULL};

	(void)state;
	toy_open(&fixture);
	memset(reason, 'x', IGNORE_REASONS_MAX);
	fixture.cloud.ignored = (struct ignored_list){&entry, 1};
	assert_int_equal(strlen(ignore_reason(&fixture.arena, &toy_table, toy_cloud_of(&fixture), &finding)),
		IGNORE_REASONS_MAX);
	arena_free(&fixture.arena);
}

static void entries_are_of_use_or_not(void **state)
{
	static const struct {
		unsigned entry;
		enum verdict verdict; /* of mounts.up, whose m-1 fails; of disk.exists */
		enum ignore_use use;
	} rows[] = {
		{NO_NAME, VERDICT_PASS, IGNORE_PASSED},
		{NO_NAME, VERDICT_SKIP, IGNORE_OF_USE},
		{NO_NAME, VERDICT_WARN, IGNORE_OF_USE},
		{BY_MOUNT_1, VERDICT_PASS, IGNORE_PASSED},
		{BY_MOUNT_1, VERDICT_WARN, IGNORE_OF_USE},
		{BY_MOUNT_1, VERDICT_FAIL, IGNORE_OF_USE},
		{BY_MOUNT_2, VERDICT_WARN, IGNORE_PASSED},
		{BY_MOUNT_2, VERDICT_FAIL, IGNORE_PASSED},
		{BY_MOUNT_2, VERDICT_UNKNOWN, IGNORE_OF_USE},
		{BY_MOUNT_2, VERDICT_SKIP, IGNORE_OF_USE},
		{BY_DISK, VERDICT_FAIL, IGNORE_NOT_JUDGED},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct finding findings[] = {
			finding_of("disk.usage", VERDICT_FAIL, (struct text_list){0}),
			finding_of("mounts.up", rows[i].verdict, (struct text_list){one_mount, 1}),
			finding_of("disk.exists", rows[i].verdict,
				(struct text_list){0}), /* beyond the end */
		};

		assert_int_equal(ignore_use(&fixture.arena, &toy_table, toy_cloud_of(&fixture),
					 &entries[rows[i].entry], findings, 2),
			rows[i].use);
	}
	arena_free(&fixture.arena);
}

static void assert_entries(const struct ignored_list *list, const char *const *reasons)
{
	size_t count = 0;

	for (; reasons[count]; count++) {
		assert_true(count < list->count);
		assert_string_equal(list->items[count].reason, reasons[count]);
	}
	assert_int_equal(list->count, count);
}

static void entries_are_put_and_removed(void **state)
{
	static const struct ignored newer[] = {
		{"mounts.up", "m-1", "one again", NULL},
		{"mounts.up", NULL, "all again", NULL},
	};
	static const char *const put[] = {"all", "one", "two", "by name", NULL};
	static const char *const replaced[] = {"all again", "one again", "two", "by name", NULL};
	static const char *const without_one[] = {"all again", "two", "by name", NULL};
	static const char *const without_check[] = {"by name", NULL};
	struct arena arena = {0};
	struct ignored_list list = {0};

	(void)state;
	for (size_t i = 0; i < ENTRIES; i++)
		ignored_put(&arena, &list, &entries[i]);
	assert_entries(&list, put);
	for (size_t i = 0; i < ARRAY_LENGTH(newer); i++)
		ignored_put(&arena, &list, &newer[i]);
	assert_entries(&list, replaced);
	assert_int_equal(ignored_remove(&list, "disk.exists", "m-1"), 0);
	assert_int_equal(ignored_remove(&list, "mounts.up", "m-1"), 1);
	assert_entries(&list, without_one);
	assert_int_equal(ignored_remove(&list, "mounts.up", NULL), 2);
	assert_entries(&list, without_check);
	assert_int_equal(ignored_remove(&list, "mounts.up", NULL), 0);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_have_reasons),
		cmocka_unit_test(what_has_no_resources_is_not_ignored_by_them),
		cmocka_unit_test(tables_may_do_without_entries_and_names),
		cmocka_unit_test(of_long_reasons_the_beginning_is_shown),
		cmocka_unit_test(entries_are_of_use_or_not),
		cmocka_unit_test(entries_are_put_and_removed),
	};

	return cmocka_run_group_tests_name("ignored findings", tests, NULL, NULL);
}
