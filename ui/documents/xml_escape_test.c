/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of character, in an element and in an attribute. */
#include "base/test.h"

#include "base/arena.h"
#include "base/str.h"
#include "ui/documents/xml_escape.h"

static const struct {
	const char *text, *element, *attribute;
} rows[] = {
	{"", "", " a=\"\""},
	{"plain", "plain", " a=\"plain\""},
	{"<a b='c'>&amp;", "&lt;a b=&#39;c&#39;&gt;&amp;amp;", " a=\"&lt;a b=&#39;c&#39;&gt;&amp;amp;\""},
	{"]]>\"", "]]&gt;&quot;", " a=\"]]&gt;&quot;\""},
	{"1\n\t2", "1\n\t2", " a=\"1&#10;&#9;2\""},
	{"\x01\x1b[31m\r\x7f", "??[31m??", " a=\"??[31m??\""},
	{"\xc2\x9b\xe2\x80\xae", "??", " a=\"??\""},
	{"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "??\xef\xbf\xbd", " a=\"??\xef\xbf\xbd\""},
	{"\xed\xa0\x80\xff\xc3", "?????", " a=\"?????\""},
	{"Zürich 東京 \xf0\x9f\x92\xa5", "Zürich 東京 \xf0\x9f\x92\xa5",
		" a=\"Zürich 東京 \xf0\x9f\x92\xa5\""},
};

static void each_character_as_it_must_be(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct str element = {.arena = &arena, .max = 1000};
		struct str attribute = {.arena = &arena, .max = 1000};

		xml_escape_text(&element, rows[i].text);
		xml_escape_attribute(&attribute, "a", rows[i].text);
		assert_string_equal(str_text(&element), rows[i].element);
		assert_string_equal(str_text(&attribute), rows[i].attribute);
	}
	arena_free(&arena);
}

static void no_value_no_attribute(void **state)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1000};

	(void)state;
	xml_escape_attribute(&out, "a", NULL);
	assert_string_equal(str_text(&out), "");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_character_as_it_must_be),
		cmocka_unit_test(no_value_no_attribute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
