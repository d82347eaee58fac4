/* SPDX-License-Identifier: Apache-2.0 */
/* XML into trees: the two rules, and hostile documents. */
#include "base/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "providers/net/xml.h"

static void trees(void **state)
{
	static const struct {
		const char *xml, *json;
	} cases[] = {
		{"<r/>", "\"\""},
		{"<r>text</r>", "\"text\""},
		{"<r>a&amp;b&#x41;<![CDATA[<c>]]></r>", "\"a&bA<c>\""},
		{"<r> <a/> <b>1</b> </r>", "{\"a\":\"\",\"b\":\"1\"}"},
		{"<r><item>1</item></r>", "[\"1\"]"},
		{"<r><member>1</member><member>2</member></r>", "[\"1\",\"2\"]"},
		{"<r><item><k>1</k></item></r>", "[{\"k\":\"1\"}]"},
		{"<r><item><item>1</item></item></r>", "[[\"1\"]]"},
		{"<r><item><item>1</item><item>2</item></item></r>", "[[\"1\",\"2\"]]"},
		{"<r><item>1</item><other/></r>", "{\"item\":\"1\",\"other\":\"\"}"},
		{"<r><c>1</c><c>2</c><c>3</c></r>", "{\"c\":[\"1\",\"2\",\"3\"]}"},
		{"<r><c><item>1</item></c><c><item>2</item></c></r>", "{\"c\":[[\"1\"],[\"2\"]]}"},
		{"<x:r xmlns:x='u'><x:a y='1'>1</x:a></x:r>", "{\"a\":\"1\"}"},
		{"<r xmlns='http://ec2'><a>1</a></r>", "{\"a\":\"1\"}"},
		{"<r><set>\n   </set></r>", "{\"set\":\"\"}"},
		{"<?xml version='1.0' encoding='UTF-8'?>\n<r>\xc3\xa9</r>\n", "\"\xc3\xa9\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct error err = {0};
		char root[64];
		json_t *tree = xml_parse(cases[i].xml, strlen(cases[i].xml), root, &err);
		char *text;

		if (!tree)
			fail_msg("%s: %s", cases[i].xml, err.frame[0]);
		text = json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY);
		assert_string_equal(text, cases[i].json);
		assert_string_equal(root, "r");
		free(text);
		json_decref(tree);
	}
}

static void refuse(const char *xml, size_t length, const char *why)
{
	struct error err = {0};
	json_t *tree = xml_parse(xml, length, NULL, &err);

	assert_null(tree);
	assert_int_equal(err.kind, ERROR_PROTOCOL);
	if (why && !strstr(err.frame[0], why))
		fail_msg("'%s' does not say '%s'", err.frame[0], why);
}

static void refused(void **state)
{
	static const struct {
		const char *xml, *why;
	} cases[] = {
		{"", NULL},
		{"<r>", NULL},
		{"<r><a></r>", NULL},
		{"<r></r><r></r>", NULL},
		{"not xml", NULL},
		{"{\"json\":1}", NULL},
		{"<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>", "DOCTYPE"},
		{"<!DOCTYPE html><html></html>", "DOCTYPE"},
		{"<r>&undefined;</r>", NULL},
		{"<r>\xff\xfe</r>", NULL},
		{"<r>\x01</r>", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		refuse(cases[i].xml, strlen(cases[i].xml), cases[i].why);
	refuse("<r>a\0b</r>", 10, NULL);
}

static struct str nested(struct arena *arena, const char *open, const char *close, size_t times)
{
	struct str s = {.arena = arena, .max = 16 << 20};

	for (size_t i = 0; i < times; i++)
		str_puts(&s, open);
	for (size_t i = 0; i < times; i++)
		str_puts(&s, close);
	return s;
}

static void bounds(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct str s = nested(&arena, "<a>", "</a>", 32);
	json_t *tree = xml_parse(str_text(&s), s.length, NULL, &err);

	(void)state;
	assert_non_null(tree);
	json_decref(tree);
	s = nested(&arena, "<a>", "</a>", 33);
	refuse(str_text(&s), s.length, "deep");
	str_clear(&s);
	str_puts(&s, "<r>");
	for (int i = 0; i < 200001; i++)
		str_puts(&s, "<a/>");
	str_puts(&s, "</r>");
	refuse(str_text(&s), s.length, "too many");
	str_clear(&s);
	str_puts(&s, "<");
	for (int i = 0; i < 64; i++)
		str_puts(&s, "n");
	str_puts(&s, "/>");
	refuse(str_text(&s), s.length, "too long");
	arena_free(&arena);
}

/* Every prefix of a document is refused without leaking or reading past its end. */
static void truncation(void **state)
{
	static const char xml[] =
		"<r xmlns='u'><set><item><k>a</k><k>b</k></item></set><c>&amp;</c><c>2</c></r>";

	(void)state;
	for (size_t length = 0; length < sizeof(xml) - 1; length++) {
		char *copy = malloc(length ? length : 1);

		memcpy(copy, xml, length);
		refuse(copy, length, NULL);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounds),
		cmocka_unit_test(truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
