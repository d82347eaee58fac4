/* SPDX-License-Identifier: Apache-2.0 */
/* YAML in and out. Trees are compared as JSON text. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/yaml.h"

static void assert_tree(const char *yaml, const char *json)
{
	struct error err = {0};
	json_t *tree = yaml_parse(yaml, strlen(yaml), &err);
	char *text;

	if (!tree)
		fail_msg("%s: %s", yaml, err.frame[0]);
	text = json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY);
	assert_string_equal(text, json);
	free(text);
	json_decref(tree);
}

static void nothing_is_guessed(void **state)
{
	static const struct {
		const char *yaml, *json;
	} rows[] = {
		{"a: 1", "{\"a\":\"1\"}"},
		{"[NO, no, Yes, on, 012, 0x1f, 1e3, 2026-01-02, 1:30, .inf, =]",
			"[\"NO\",\"no\",\"Yes\",\"on\",\"012\",\"0x1f\",\"1e3\",\"2026-01-02\",\"1:30\",\".inf\",\"=\"]"},
		{"- null\n- ~\n-\n- Null\n- NULL\n", "[null,null,null,\"Null\",\"NULL\"]"},
		{"[true, false, True, TRUE]", "[true,false,\"True\",\"TRUE\"]"},
		{"['null', \"true\", '~', '']", "[\"null\",\"true\",\"~\",\"\"]"},
		{"a:\nb: ~\n", "{\"a\":null,\"b\":null}"},
		{"true: x\nnull: y\n", "{\"true\":\"x\",\"null\":\"y\"}"},
		{"--- text\n", "\"text\""},
		{"--- |\n two\n lines\n", "\"two\\nlines\\n\""},
		{"{}", "{}"},
		{"[]", "[]"},
		{"z: 1\na: {m: [x, {n: y}]}\n", "{\"z\":\"1\",\"a\":{\"m\":[\"x\",{\"n\":\"y\"}]}}"},
		{"# only this\na: b # and this\n", "{\"a\":\"b\"}"},
		{"%YAML 1.1\n---\na: b\n...\n", "{\"a\":\"b\"}"},
		{"\xef\xbb\xbf"
		 "a: größe\n",
			"{\"a\":\"größe\"}"},
		{"\"a\\tb\": \"\\u00e9\"\n", "{\"a\\tb\":\"é\"}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_tree(rows[i].yaml, rows[i].json);
}

static void assert_refused(const char *yaml, size_t length, const char *message)
{
	struct error err = {0};
	json_t *tree = yaml_parse(yaml, length, &err);

	assert_null(tree);
	assert_int_equal(err.kind, ERROR_INPUT);
	if (!strstr(err.frame[0], message))
		fail_msg("'%s' lacks '%s'", err.frame[0], message);
}

static void refusals_name_the_line(void **state)
{
	static const struct {
		const char *yaml, *message;
	} rows[] = {
		{"", "nothing but comments"},
		{"# a\n\n", "nothing but comments"},
		{"a: 1\nb: 2\na: 3\n", "line 3: 'a' is given twice"},
		{"a: 1\n\"a\": 2\n", "line 2: 'a' is given twice"},
		{"a: &x 1\n", "line 1: anchors"},
		{"a: &x {b: 1}\n", "line 1: anchors"},
		{"a: 1\nb: *a\n", "line 2: aliases"},
		{"a: !!str 1\n", "line 1: tags"},
		{"a: ! x\n", "line 1: tags"},
		{"a: !x [1]\n", "line 1: tags"},
		{"--- !x\na: 1\n", "line 1: tags"},
		{"a: 1\n---\nb: 2\n", "line 2: more than one document"},
		{"--- a\n--- b\n", "line 2: more than one document"},
		{"? [a]\n: b\n", "line 1: a key must be a word"},
		{"{{a: b}: c}", "line 1: a key must be a word"},
		{"'': b\n", "line 1: an empty key"},
		{"a: [1, 2\n", "line 2: "},
		{"a:\n\tb: 1\n", "line 2: "},
		{"a: b: c\n", "line 1: "},
		{"a: \"\\0\"\n", "line 1: a NUL character"},
		{"a: \"\\ud800\"\n", "line 1: "},
		{"a: \xff\n", "byte 3: "},
		{"a: \x01\n", ""},
		{"%YAML 2.0\n--- a\n", "line 1: "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_refused(rows[i].yaml, strlen(rows[i].yaml), rows[i].message);
	assert_refused("a\0b: c", 6, "");
	assert_refused("\xfe\xff\0a", 4, ""); /* UTF-16 */
}

static void size_and_depth_are_bounded(void **state)
{
	char *big = calloc(1, YAML_SIZE_MAX + 2);
	char deep[200] = "";
	struct error err = {0};
	json_t *tree;

	(void)state;
	memset(big, 'x', YAML_SIZE_MAX + 1);
	assert_refused(big, YAML_SIZE_MAX + 1, "longer than 1048576 bytes");
	tree = yaml_parse(big, YAML_SIZE_MAX, &err);
	assert_int_equal(json_string_length(tree), YAML_SIZE_MAX);
	json_decref(tree);
	memset(deep, '[', YAML_DEPTH_MAX);
	memset(deep + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
	tree = yaml_parse(deep, strlen(deep), &err);
	assert_non_null(tree);
	json_decref(tree);
	memset(deep, '[', YAML_DEPTH_MAX + 1);
	assert_refused(deep, strlen(deep), "line 1: nested too deeply");
	memset(big, '[', YAML_SIZE_MAX);
	assert_refused(big, YAML_SIZE_MAX, "line 1: nested too deeply");
	free(big);
}

/* Every prefix of a document is read or refused, and nothing leaks or crashes. */
static void cut_documents_are_handled(void **state)
{
	static const char whole[] =
		"id: cld_a\nresources:\n  subnets: [subnet-1, \"subnet-2\"]\n"
		"  vpc: {id: 'vpc-1', tags: [{k: v}]}\nnote: >\n  folded\n  text\nempty:\n";

	(void)state;
	for (size_t length = 0; length < sizeof(whole); length++) {
		struct error err = {0};
		json_t *tree = yaml_parse(whole, length, &err);

		assert_int_equal(tree == NULL, err.kind == ERROR_INPUT);
		json_decref(tree);
	}
}

static const char *formatted(struct arena *arena, const json_t *tree)
{
	struct str out = {.arena = arena, .max = 1 << 20};
	struct error err = {0};

	assert_int_equal(yaml_format(tree, &out, &err), 0);
	return str_text(&out);
}

static void block_style_in_the_order_given(void **state)
{
	struct arena arena = {0};
	json_t *tree = json_pack("{s:s, s:{s:[s,s], s:n, s:b, s:i, s:[], s:{}, s:[{s:s, s:s}]}}", "name",
		"prod", "resources", "subnets", "subnet-1", "subnet-2", "none", "yes", 1, "count", -42,
		"list", "map", "rules", "port", "443", "from", "10.0.0.0/8");

	(void)state;
	assert_string_equal(formatted(&arena, tree),
		"name: prod\n"
		"resources:\n"
		"  subnets:\n"
		"  - subnet-1\n"
		"  - subnet-2\n"
		"  none: null\n"
		"  'yes': true\n"
		"  count: -42\n"
		"  list: []\n"
		"  map: {}\n"
		"  rules:\n"
		"  - port: '443'\n"
		"    from: '10.0.0.0/8'\n");
	json_decref(tree);
	arena_free(&arena);
}

static void quotes_stand_where_a_reader_would_guess(void **state)
{
	static const struct {
		const char *text, *yaml;
	} rows[] = {
		{"vpc-1", "vpc-1\n"},
		{"arn:aws:iam::123456789012:role/node", "arn:aws:iam::123456789012:role/node\n"},
		{"/path", "/path\n"},
		{"two words", "two words\n"},
		{"größe", "größe\n"},
		{"", "''\n"},
		{"NO", "'NO'\n"},
		{"y", "'y'\n"},
		{"On", "'On'\n"},
		{"null", "'null'\n"},
		{"~", "'~'\n"},
		{"True", "'True'\n"},
		{"012", "'012'\n"},
		{"1e3", "'1e3'\n"},
		{"0x1f", "'0x1f'\n"},
		{"1_000", "'1_000'\n"},
		{"-1", "'-1'\n"},
		{".5", "'.5'\n"},
		{".inf", "'.inf'\n"},
		{"2026-01-02", "'2026-01-02'\n"},
		{"2026-01-02T03:04:05Z", "'2026-01-02T03:04:05Z'\n"},
		{"190:20:30", "'190:20:30'\n"},
		{"=", "'='\n"},
		{"<<", "'<<'\n"},
		{"a: b", "'a: b'\n"},
		{"a:", "'a:'\n"},
		{"a #b", "'a #b'\n"},
		{"a#b", "a#b\n"},
		{"#a", "'#a'\n"},
		{"- a", "'- a'\n"},
		{"*a", "'*a'\n"},
		{"&a", "'&a'\n"},
		{"!a", "'!a'\n"},
		{"%a", "'%a'\n"},
		{"@a", "'@a'\n"},
		{"[a", "'[a'\n"},
		{"'a'", "'''a'''\n"},
		{"a ", "'a '\n"},
		{" a", "' a'\n"},
		{"---", "'---'\n"},
		{"a\nb", "\"a\\nb\"\n"},
		{"a\tb", "\"a\\tb\"\n"},
		{"a\033b", "\"a\\eb\"\n"},
		{"a\177b", "\"a\\x7Fb\"\n"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *text = json_string(rows[i].text);

		assert_string_equal(formatted(&arena, text), rows[i].yaml);
		json_decref(text);
	}
	arena_free(&arena);
}

/* Whatever the string, as a value and as a key, it comes back. */
static void strings_come_back(void **state)
{
	static const char alphabet[] = "aN0-:#'\"\\ \n\t.[]{},&*!|>%@`?~=_é";
	struct arena arena = {0};
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[24] = "";
		size_t length = (size_t)round % 7;
		struct error err = {0};
		json_t *tree, *back;

		for (size_t i = 0; i < length; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) %
				(sizeof(alphabet) - 3)]; /* not é, which is two bytes */
		}
		tree = json_pack("{s:s, s:[s]}", length ? text : "k", text, "list", text);
		back = yaml_parse(formatted(&arena, tree), strlen(formatted(&arena, tree)), &err);
		if (!json_equal(tree, back))
			fail_msg("'%s' became %s (%s)", text, formatted(&arena, tree), err.frame[0]);
		json_decref(tree);
		json_decref(back);
	}
	arena_free(&arena);
}

static void numbers_with_a_fraction_keep_their_value(void **state)
{
	static const struct {
		double value;
		const char *yaml;
	} rows[] = {
		{0.0, "0.0\n"},
		{1.5, "1.5\n"},
		{-0.25, "-0.25\n"},
		{1e300, "1.0000000000000001e+300\n"},
		{1e22, "1.0e+22\n"},
		{5e-324, "4.9406564584124654e-324\n"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *number = json_real(rows[i].value);

		assert_string_equal(formatted(&arena, number), rows[i].yaml);
		json_decref(number);
	}
	arena_free(&arena);
}

static void what_does_not_fit_is_an_error(void **state)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 10};
	struct error err = {0};
	json_t *tree = json_string("longer than ten bytes");

	(void)state;
	assert_int_equal(yaml_format(tree, &out, &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	for (int i = 0; i < 70; i++)
		tree = json_pack("[o]", tree);
	out = (struct str){.arena = &arena, .max = 1 << 20};
	assert_int_equal(yaml_format(tree, &out, &err), -1);
	assert_non_null(strstr(err.frame[0], "nested"));
	json_decref(tree);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_guessed),
		cmocka_unit_test(refusals_name_the_line),
		cmocka_unit_test(size_and_depth_are_bounded),
		cmocka_unit_test(cut_documents_are_handled),
		cmocka_unit_test(block_style_in_the_order_given),
		cmocka_unit_test(quotes_stand_where_a_reader_would_guess),
		cmocka_unit_test(strings_come_back),
		cmocka_unit_test(numbers_with_a_fraction_keep_their_value),
		cmocka_unit_test(what_does_not_fit_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
