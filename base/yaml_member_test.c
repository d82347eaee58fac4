/* SPDX-License-Identifier: Apache-2.0 */
/* What is written is found again, and taken away leaves the text byte for byte. */
#include "base/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/yaml_member.h"

static const char *const path[] = {"Resources", "Fs", NULL};

#define FS "Resources:\n  Other: {Policy: x}\n  Fs:\n"

/* text and what it becomes with "Keep"; was: what the member said. */
static const struct {
	const char *text, *was, *becomes;
} rows[] = {
	{FS "    Type: T\n    Policy: Delete\n    More: [a]\n", "Delete",
		FS "    Type: T\n    Policy: Keep\n    More: [a]\n"},
	{FS "    Policy:   'Delete'  # why\n    Type: T\n", "'Delete'",
		FS "    Policy:   Keep  # why\n    Type: T\n"},
	{FS "    Policy: !Ref P\n    Type: T\n", "!Ref P", FS "    Policy: Keep\n    Type: T\n"},
	{FS "    Type: T\n    Deep: {Policy: no}\n", NULL,
		FS "    Policy: Keep\n    Type: T\n    Deep: {Policy: no}\n"},
	{FS "    Type: T # größe €\r\n    'Policy': \"Delete\"\r\n", "\"Delete\"",
		FS "    Type: T # größe €\r\n    'Policy': Keep\r\n"},
	{"\xef\xbb\xbf# größe\n" FS "      Type: T\n", NULL,
		"\xef\xbb\xbf# größe\n" FS "      Policy: Keep\n      Type: T\n"},
	{"{\"Resources\": {\"Fs\": {\"Type\": \"T\", \"Policy\": \"Delete\"}}}", "\"Delete\"",
		"{\"Resources\": {\"Fs\": {\"Type\": \"T\", \"Policy\": Keep}}}"},
	{"{\n \"Resources\": {\n  \"Fs\": {\n   \"Type\": \"T\"\n  }\n }\n}", NULL,
		"{\n \"Resources\": {\n  \"Fs\": {\n   \"Policy\": \"Keep\", \"Type\": \"T\"\n  }\n }\n}"},
	{"A: &a [!Sub \"${x}\", {b: *a}]\n" FS "    Type: !GetAtt a.b\n", NULL,
		"A: &a [!Sub \"${x}\", {b: *a}]\n" FS "    Policy: Keep\n    Type: !GetAtt a.b\n"},
};

static void one_member_changes_and_nothing_else(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct error err = {0};
		const char *was, *now, *text = rows[i].text, *changed;

		if (yaml_member_find(&arena, text, path, "Policy", &was, &err) < 0)
			fail_msg("%s: %s", text, err.frame[0]);
		assert_true(rows[i].was ? was && strcmp(was, rows[i].was) == 0 : !was);
		changed = yaml_member_set(&arena, text, path, "Policy", "Keep", &err);
		assert_non_null(changed);
		assert_string_equal(changed, rows[i].becomes);
		assert_int_equal(yaml_member_find(&arena, changed, path, "Policy", &now, &err), 0);
		assert_non_null(strstr(now, "Keep"));
		assert_string_equal(yaml_member_set(&arena, changed, path, "Policy", was, &err), text);
	}
	arena_free(&arena);
}

static void refusals_name_the_line(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"", "line 1: it is empty"},
		{"Resources: text\n", "line 1: not a mapping"},
		{"Other: {}\n", "there is no 'Resources'"},
		{"Resources:\n  Other: {}\n", "there is no 'Fs'"},
		{"Resources:\n  Fs: *a\n", ""},
		{"Resources:\n  Fs: {}\n", "line 2: the mapping is empty"},
		{FS "    Policy: {Ref: P}\n", "line 4: the value is not a word"},
		{FS "    Policy: a\n    Policy: b\n", "line 5: the member is given twice"},
		{FS "    Type: [a\n", "line 5: "},
		{FS "    Type: \x01\n", "line "},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct error err = {0};
		const char *was;

		assert_int_equal(yaml_member_find(&arena, cases[i].text, path, "Policy", &was, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!strstr(err.frame[0], cases[i].message))
			fail_msg("'%s' lacks '%s'", err.frame[0], cases[i].message);
		assert_null(yaml_member_set(&arena, cases[i].text, path, "Policy", "Keep", &err));
	}
	arena_free(&arena);
}

static void the_last_member_is_not_taken_away(void **state)
{
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	assert_null(yaml_member_set(&arena, FS "    Policy: a\n", path, "Policy", NULL, &err));
	assert_string_equal(err.frame[0], "'Policy' is the last of its mapping");
	arena_free(&arena);
}

/* Every prefix of a text is read or refused. */
static void cut_texts_are_handled(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		for (size_t length = 0; length <= strlen(rows[i].text); length++) {
			struct error err = {0};
			const char *was;

			yaml_member_find(&arena, arena_strndup(&arena, rows[i].text, length), path, "Policy",
				&was, &err);
		}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_member_changes_and_nothing_else),
		cmocka_unit_test(refusals_name_the_line),
		cmocka_unit_test(the_last_member_is_not_taken_away),
		cmocka_unit_test(cut_texts_are_handled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
