/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown as it is, what as code, and that neither can be left. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/documents/markdown_text.h"

static void sentences(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{NULL, "-"},
		{"", "-"},
		{"   ", "-"},
		{"10.0.0.0/22 has 1024 addresses", "10.0.0.0/22 has 1024 addresses"},
		{"the subnets' zones (two): Zürich", "the subnets' zones (two): Zürich"},
		{"needs ec2:DescribeVpcs", "`needs ec2:DescribeVpcs`"},
		{"ask @team", "`ask @team`"},
		{"see #1", "`see #1`"},
		{"<b>bold</b> & more", "`<b>bold</b> & more`"},
		{"[x](y)", "`[x](y)`"},
		{"go to WWW.example.com", "`go to WWW.example.com`"},
		{"as in GH-12", "`as in GH-12`"},
		{"https://example.com", "`https://example.com`"},
		{"a | b", "`a ¦ b`"},
		{"two\nlines\x1b[31m", "`two lines?[31m`"},
		{"`", "`` ` ``"},
		{"a``b`c", "```a``b`c```"},
		{" *x", "`  *x `"},
		{"\\", "`\\`"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct str out = {.arena = &arena, .max = 1000};

		markdown_text_sentence(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].shown);
	}
	arena_free(&arena);
}

static void code_is_always_code(void **state)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1000};

	(void)state;
	markdown_text_code(&out, "prod");
	markdown_text_code(&out, NULL);
	assert_string_equal(str_text(&out), "`prod`-");
	arena_free(&arena);
}

static void a_block_is_fenced_longer_than_its_content(void **state)
{
	static const char *const texts[] = {"a\n\n```\nb", "", "````x", "~~~"};
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1000};

	(void)state;
	markdown_text_block(&out, texts, ARRAY_LENGTH(texts));
	assert_string_equal(str_text(&out), "`````text\na\n```\nb\n````x\n~~~\n`````\n");
	str_clear(&out);
	markdown_text_block(&out, texts + 1, 1);
	assert_string_equal(str_text(&out), "");
	arena_free(&arena);
}

static void long_lines_and_many_lines_are_cut(void **state)
{
	static const char *lines[45];
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1 << 20};
	char *text = arena_alloc(&arena, 2003);

	(void)state;
	memset(text, 'a', 2000);
	text[1999] = '\xc3'; /* the 2,000th byte begins a character */
	text[2000] = '\xbc';
	markdown_text_sentence(&out, text);
	assert_int_equal(out.length, 1999 + strlen("…"));
	assert_string_equal(str_text(&out) + 1998, "a…");
	str_clear(&out);
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++)
		lines[i] = "x";
	markdown_text_block(&out, lines, ARRAY_LENGTH(lines));
	assert_int_equal(out.length, strlen("```text\n") + 40 * strlen("x\n") + strlen("(5 more)\n```\n"));
	assert_non_null(strstr(str_text(&out), "x\n(5 more)\n```\n"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
		cmocka_unit_test(code_is_always_code),
		cmocka_unit_test(a_block_is_fenced_longer_than_its_content),
		cmocka_unit_test(long_lines_and_many_lines_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
