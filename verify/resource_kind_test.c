/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing a record's section by rows of kinds. */
#include "base/arena.h"
#include "base/option.h"
#include "base/test.h"
#include "verify/resource_kind.h"

struct section {
	const char *disk;
	struct text_list mounts;
	const char *hidden;
};

enum { DISK, MOUNTS, HIDDEN, KINDS_HERE };

/* The row behind the end is there so that code that reads it is found. */
static const struct resource_kind kinds[KINDS_HERE + 1] = {
	[DISK] = {.form = KIND_TEXT,
		.member = offsetof(struct section, disk),
		.option = "disk",
		.option_alias = "drive",
		.option_value = "ID",
		.help = "the disk"},
	[MOUNTS] = {.form = KIND_LIST, .member = offsetof(struct section, mounts), .option = "mounts"},
	[HIDDEN] = {.form = KIND_UNRECORDED, .member = offsetof(struct section, hidden)},
	[KINDS_HERE] = {.form = KIND_TEXT, .option = "beyond"},
};

static const char *ids_text(struct arena *arena, const struct section *section, size_t kind)
{
	struct text_list ids = kind_ids(arena, &kinds[kind], section);

	return text_join(arena, &ids, " ");
}

static void ids_are_read_and_set(void **state)
{
	struct arena arena = {0};
	struct section section = {.mounts = text_split(&arena, "m-1,m-2", ','), .hidden = "h-1"};

	(void)state;
	assert_string_equal(ids_text(&arena, &section, DISK), "");
	kind_set_id(&kinds[DISK], &section, "d-1");
	assert_string_equal(ids_text(&arena, &section, DISK), "d-1");
	assert_string_equal(ids_text(&arena, &section, MOUNTS), "m-1 m-2");
	assert_string_equal(ids_text(&arena, &section, HIDDEN), "");
	arena_free(&arena);
}

/* What the one section does not have, the other keeps. */
static void ids_are_copied(void **state)
{
	static const struct {
		const char *disk, *mounts; /* of the source */
		const char *disk_after, *mounts_after;
	} rows[] = {
		{NULL, "", "d-0", "m-0"},
		{"d-1", "", "d-1", "m-0"},
		{NULL, "m-1", "d-0", "m-1"},
		{"d-1", "m-1,m-2", "d-1", "m-1 m-2"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct section from = {.disk = rows[i].disk,
			.mounts = text_split(&arena, rows[i].mounts, ',')};
		struct section to = {.disk = "d-0",
			.mounts = text_split(&arena, "m-0", ','),
			.hidden = "h-0"};

		for (size_t kind = 0; kind < KINDS_HERE; kind++)
			kind_copy_ids(&kinds[kind], &from, &to);
		assert_string_equal(ids_text(&arena, &to, DISK), rows[i].disk_after);
		assert_string_equal(ids_text(&arena, &to, MOUNTS), rows[i].mounts_after);
		assert_string_equal(to.hidden, "h-0");
	}
	arena_free(&arena);
}

static void options_are_made_of_kinds(void **state)
{
	enum { OFFSET = 64 };
	struct option rows[KINDS_HERE * 2 + 2] = {{0}};

	(void)state;
	assert_int_equal(kind_options(kinds, KINDS_HERE, OFFSET, rows), 3);
	assert_string_equal(rows[0].name, "disk");
	assert_int_equal(rows[0].kind, OPTION_TEXT);
	assert_int_equal(rows[0].offset, OFFSET + offsetof(struct section, disk));
	assert_string_equal(rows[0].placeholder, "ID");
	assert_string_equal(rows[0].help, "the disk");
	assert_string_equal(rows[1].name, "drive");
	assert_string_equal(rows[1].alias_of, "disk");
	assert_string_equal(rows[2].name, "mounts");
	assert_int_equal(rows[2].kind, OPTION_LIST);
	assert_int_equal(rows[2].offset, OFFSET + offsetof(struct section, mounts));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_read_and_set),
		cmocka_unit_test(ids_are_copied),
		cmocka_unit_test(options_are_made_of_kinds),
	};

	return cmocka_run_group_tests_name("kinds of resources", tests, NULL, NULL);
}
