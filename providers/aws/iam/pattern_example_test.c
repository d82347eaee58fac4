/* SPDX-License-Identifier: Apache-2.0 */
/* Each combination of patterns that a text can match has its example, and the example is right. */
#include "providers/aws/iam/pattern_example.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"

enum { PATTERNS_MAX = 4 };

static struct arena arena;

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* "^text": without case; "=text": literal. */
static struct pattern pattern_of(const char *text)
{
	bool ignore_case = *text == '^', literal = *text == '=';

	return (struct pattern){.text = text + (ignore_case || literal),
		.ignore_case = ignore_case,
		.wildcards = !literal && !ignore_case,
		.variables = true};
}

static void each_combination_has_its_shortest_text(void **state)
{
	static const struct {
		const char *patterns[PATTERNS_MAX], *examples;
	} rows[] = {
		{{"=a"}, "x, a"},
		{{"=ab", "=ac"}, "x, ab, ac"},
		{{"*"}, "x"},
		{{"a*"}, "x, a"},
		{{"a*", "=a"}, "x, a, ax"},
		{{"a*", "*b"}, "x, a, b, ab"},
		{{"?"}, "x, xx"},
		{{"a?c"}, "x, axc"},
		{{"=a*"}, "x, a*"},
		{{"^ab", "=ab"}, "x, ab, aB"},
		{{"a**", "**"}, "x, a"},
		{{"=x"}, "w, x"},
		{{"i-${aws:userid}", "=i-1"}, "x, i-, i-1"},
		{{"${*}${?}${$}"}, "x, *?$"},
		{{""}, "x"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct pattern patterns[PATTERNS_MAX];
		struct text_list examples;
		size_t count = 0;
		bool all;

		while (count < PATTERNS_MAX && rows[i].patterns[count]) {
			patterns[count] = pattern_of(rows[i].patterns[count]);
			count++;
		}
		examples = pattern_examples(&arena, patterns, count, &all);
		assert_true(all);
		assert_string_equal(text_join(&arena, &examples, ", "), rows[i].examples);
	}
}

static void no_pattern_is_told_apart_from_nothing(void **state)
{
	bool all;
	struct text_list examples = pattern_examples(&arena, NULL, 0, &all);

	(void)state;
	assert_true(all);
	assert_int_equal(examples.count, 1);
}

/* A '*' before each of many characters: the places reached multiply. */
static void what_is_too_much_is_said(void **state)
{
	char text[3000] = "";
	struct pattern patterns[2] = {pattern_of(text), pattern_of("*a*b*c*d*e*f*g*h*i*j*k*")};
	bool all;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i++)
		text[i] = i % 2 ? (char)('a' + i / 2 % 26) : '*';
	text[sizeof(text) - 1] = '\0';
	pattern_examples(&arena, patterns, ARRAY_LENGTH(patterns), &all);
	assert_false(all);
}

/* One state a character, and one for what does not match. */
static void as_many_states_are_followed_as_is_said(void **state)
{
	char text[PATTERN_STATES_MAX + 1] = "";
	bool all;

	(void)state;
	memset(text, 'a', PATTERN_STATES_MAX - 1);
	pattern_examples(&arena, &(struct pattern){.text = text}, 1, &all);
	assert_true(all);
	memset(text, 'a', PATTERN_STATES_MAX);
	pattern_examples(&arena, &(struct pattern){.text = text}, 1, &all);
	assert_false(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_combination_has_its_shortest_text),
		cmocka_unit_test(no_pattern_is_told_apart_from_nothing),
		cmocka_unit_test(what_is_too_much_is_said),
		cmocka_unit_test(as_many_states_are_followed_as_is_said),
	};

	return cmocka_run_group_tests_name("pattern_example", tests, NULL, close_arena);
}
