/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shell_word.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"

static void test_words(void **state)
{
	static const struct {
		const char *text, *word;
	} rows[] = {
		{"vpc-1", "vpc-1"},
		{"arn:aws:iam::1:role/a_b.c+d=e,f@g", "arn:aws:iam::1:role/a_b.c+d=e,f@g"},
		{"", "''"},
		{"a b", "'a b'"},
		{"$(id)", "'$(id)'"},
		{"`id`", "'`id`'"},
		{"it's", "'it'\\''s'"},
		{"'", "''\\'''"},
		{"a\nb", "'a\nb'"},
		{"*", "'*'"},
		{"~", "'~'"},
		{"a;b", "'a;b'"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_string_equal(shell_word(&arena, rows[i].text), rows[i].word);
		assert_int_equal(shell_is_plain(rows[i].text), strcmp(rows[i].text, rows[i].word) == 0);
	}
	arena_free(&arena);
}

static void test_words_in_a_row(void **state)
{
	struct arena arena = {0};
	struct text_list texts = {0};

	(void)state;
	assert_string_equal(shell_words(&arena, &texts), "");
	text_list_add(&arena, &texts, "a");
	text_list_add(&arena, &texts, "b c");
	assert_string_equal(shell_words(&arena, &texts), "a 'b c'");
	arena_free(&arena);
}

/* A word without its last quote would take in what comes behind it. */
static void test_a_word_is_never_cut(void **state)
{
	enum { LONGEST = 16 << 10 };
	struct arena arena = {0};
	char *text = arena_alloc(&arena, LONGEST + 2);

	(void)state;
	memset(text, '$', LONGEST + 1);
	text[LONGEST + 1] = '\0';
	assert_string_equal(shell_word(&arena, text), "''");
	text[LONGEST] = '\0';
	assert_int_equal(strlen(shell_word(&arena, text)), LONGEST + 2);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_in_a_row),
		cmocka_unit_test(test_a_word_is_never_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
