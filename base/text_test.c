/* SPDX-License-Identifier: Apache-2.0 */
/* Reading text: comparisons, lists, globs, slips of the pen, numbers, widths. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"

static void classes_are_ascii(void **state)
{
	(void)state;
	for (int c = -128; c < 128; c++) {
		assert_int_equal(text_is_digit((char)c), c >= '0' && c <= '9');
		assert_int_equal(text_is_letter((char)c), (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
		assert_int_equal(text_lower((char)c), c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
}

static void comparisons(void **state)
{
	(void)state;
	assert_true(text_equal("a", "a") && !text_equal("a", "A") && !text_equal("a", "ab"));
	assert_true(text_equal(NULL, NULL) && !text_equal("", NULL) && !text_equal(NULL, ""));
	assert_true(text_equal_nocase("I-Is", "i-iS") && !text_equal_nocase("ab", "a"));
	assert_true(!text_equal_nocase("a", "ab") && !text_equal_nocase("[", "{"));
	assert_true(text_equal_nocase(NULL, NULL) && !text_equal_nocase("", NULL));
	assert_true(text_starts_with("vpc-1", "vpc-") && text_starts_with("a", ""));
	assert_true(!text_starts_with("vp", "vpc-") && !text_starts_with("", "a"));
	assert_true(text_ends_with("a.yaml", ".yaml") && text_ends_with("a", ""));
	assert_true(!text_ends_with("yaml", ".yaml") && !text_ends_with("a.yaml~", ".yaml"));
	assert_true(text_only("abc", "abc", 3, 3) && text_only("", "abc", 0, 3));
	assert_true(!text_only("abcd", "abc", 1, 9) && !text_only("ab", "abc", 3, 3));
	assert_true(!text_only("aaaa", "abc", 1, 3));
	assert_true(text_is_among("b", "a b c") && text_is_among("a", "a") && text_is_among("c", "a b  c "));
	assert_true(
		!text_is_among("b", "a bc") && !text_is_among("bc", "a b c") && !text_is_among("B", "a b"));
	assert_true(!text_is_among("", "a b") && !text_is_among("", "") && !text_is_among("a", NULL));
}

static void splitting_and_joining(void **state)
{
	static const struct {
		const char *text, *joined;
	} rows[] = {
		{"subnet-1,subnet-2", "subnet-1|subnet-2"},
		{" subnet-1 , subnet-2 ", "subnet-1|subnet-2"},
		{"", ""},
		{",, ,", ""},
		{"one", "one"},
		{"a b, c", "a b|c"},
		{"a,,b,", "a|b"},
		{"  ", ""},
		{NULL, ""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct text_list list = text_split(&arena, rows[i].text, ',');

		assert_string_equal(text_join(&arena, &list, "|"), rows[i].joined);
	}
	arena_free(&arena);
}

static void lists_grow(void **state)
{
	struct arena arena = {0};
	struct text_list list = {0};
	char name[] = "item-00";

	(void)state;
	for (int i = 0; i < 100; i++) {
		name[5] = (char)('0' + i / 10);
		name[6] = (char)('0' + i % 10);
		text_list_add(&arena, &list, name);
	}
	assert_int_equal(list.count, 100);
	assert_string_equal(list.items[0], "item-00");
	assert_string_equal(list.items[63], "item-63");
	assert_string_equal(list.items[99], "item-99");
	assert_true(text_list_has(&list, "item-42"));
	assert_false(text_list_has(&list, "item-4"));
	arena_free(&arena);
}

static void lists_without_repetition_in_order(void **state)
{
	static const char *const items[] = {"b", "a", "b", "", "B", "a", "ab", ""};
	struct arena arena = {0};
	struct text_list list = {0};

	(void)state;
	text_list_sort(&list);
	assert_int_equal(list.count, 0);
	for (size_t i = 0; i < ARRAY_LENGTH(items); i++)
		text_list_add_once(&arena, &list, items[i]);
	assert_string_equal(text_join(&arena, &list, "|"), "b|a||B|ab");
	text_list_sort(&list);
	assert_string_equal(text_join(&arena, &list, "|"), "|B|a|ab|b");
	arena_free(&arena);
}

static void globs(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{"*", "", true},
		{"*", "vpc.cidr-size", true},
		{"vpc.*", "vpc.dns", true},
		{"vpc.*", "vpcx.dns", false},
		{"*.exists", "iam.node.exists", true},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"a*b*c", "aXXbYYc", true},
		{"a*b*c", "aXXbYYcd", false},
		{"a*bc", "abcbc", true},
		{"[a]", "a", false},
		{"[a]", "[a]", true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", true},
		{"S3:Get*", "s3:getobject", false},
		{"**", "x", true},
		{"?*", "", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(text_glob(rows[i].pattern, rows[i].text, false), rows[i].matches);
	assert_true(text_glob("S3:Get*", "s3:getobject", true));
}

/* The pattern that takes exponential time with recursion at each star. */
static void globs_end_soon(void **state)
{
	char text[2001];
	char pattern[129];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < 64; i++)
		memcpy(pattern + i * 2, "*a", 2);
	pattern[126] = '*';
	pattern[127] = 'b';
	pattern[128] = '\0';
	assert_false(text_glob(pattern, text, false));
}

static void slips_find_their_word(void **state)
{
	static const char *const commands[] = {"setup", "register", "verify", "edit", "delete", "list", "get",
		"set-default"};
	const struct text_list list = {.items = (const char **)(uintptr_t)commands,
		.count = ARRAY_LENGTH(commands)};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"verfiy", "verify"},
		{"veriy", "verify"},
		{"registre", "register"},
		{"gte", "get"},
		{"lst", "list"},
		{"delte", "delete"},
		{"set-defualt", "set-default"},
		{"frobnicate", NULL},
		{"x", NULL},
		{"", NULL},
	};
	char huge[1000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *nearest = text_nearest(rows[i].word, &list);

		assert_true(text_equal(nearest, rows[i].nearest));
	}
	memset(huge, 'a', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_null(text_nearest(huge, &list));
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t minimum, maximum;
		bool valid;
		uint64_t value;
	} rows[] = {
		{"0", 0, 10, true, 0},
		{"10", 0, 10, true, 10},
		{"11", 0, 10, false, 0},
		{"1", 2, 10, false, 0},
		{"007", 0, 10, true, 7},
		{"18446744073709551615", 0, UINT64_MAX, true, UINT64_MAX},
		{"18446744073709551616", 0, UINT64_MAX, false, 0},
		{"99999999999999999999999", 0, UINT64_MAX, false, 0},
		{"", 0, 10, false, 0},
		{"+1", 0, 10, false, 0},
		{"-1", 0, UINT64_MAX, false, 0},
		{" 1", 0, 10, false, 0},
		{"1 ", 0, 10, false, 0},
		{"1.0", 0, 10, false, 0},
		{"0x1", 0, 10, false, 0},
		{"1e1", 0, 10, false, 0},
		{"٣", 0, 10, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		uint64_t value = 42;

		assert_int_equal(text_number(rows[i].text, rows[i].minimum, rows[i].maximum, &value),
			rows[i].valid);
		assert_true(value == (rows[i].valid ? rows[i].value : 42));
	}
}

static void columns_follow_the_character(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
	} rows[] = {
		{"", 0},
		{"vpc", 3},
		{"größe", 5},
		{"日本", 4},
		{"e\xcc\x81", 1}, /* e and a combining accent */
		{"🙂", 2},
		{"\xff", 1},
		{"…", 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(utf8_columns(rows[i].text), rows[i].columns);
}

static void hexadecimal_digits(void **state)
{
	(void)state;
	for (int value = 0; value < 16; value++) {
		assert_int_equal(text_hex_value("0123456789abcdef"[value]), value);
		assert_int_equal(text_hex_value("0123456789ABCDEF"[value]), value);
	}
	for (const char *other = "/:@`gG%"; *other; other++)
		assert_int_equal(text_hex_value(*other), -1);
	assert_int_equal(text_hex_value('\0'), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal_digits),
		cmocka_unit_test(classes_are_ascii),
		cmocka_unit_test(comparisons),
		cmocka_unit_test(splitting_and_joining),
		cmocka_unit_test(lists_grow),
		cmocka_unit_test(lists_without_repetition_in_order),
		cmocka_unit_test(globs),
		cmocka_unit_test(globs_end_soon),
		cmocka_unit_test(slips_find_their_word),
		cmocka_unit_test(numbers),
		cmocka_unit_test(columns_follow_the_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
