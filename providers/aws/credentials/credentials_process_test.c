/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines into words; the expected words are those of Python's shlex.split(). */
#include "base/test.h"

#include "base/arena.h"
#include "providers/aws/credentials/credentials_source.h"

struct split_case {
	const char *command;
	const char *words[6]; /* none: refused */
};

static const struct split_case cases[] = {
	{"a", {"a"}},
	{"  /opt/bin/get-creds\t--who  amy\n", {"/opt/bin/get-creds", "--who", "amy"}},
	{"a \"b c\" 'd e'", {"a", "b c", "d e"}},
	{"a b\\ c", {"a", "b c"}},
	{"a \"b\\\"c\\\\d\\e\"", {"a", "b\"c\\d\\e"}},
	{"a 'b\\c\"'", {"a", "b\\c\""}},
	{"a\"b\"'c'd", {"abcd"}},
	{"a '' \"\"", {"a", "", ""}},
	{"\"C:\\x\"", {"C:\\x"}},
	{"a 'b", {NULL}},
	{"a \"b", {NULL}},
	{"a\\", {NULL}},
	{" \t ", {NULL}},
	{"", {NULL}},
};

static void words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct error err = {0};
		char **found = process_split(&arena, cases[i].command, &err);

		if (!cases[i].words[0]) {
			assert_null(found);
			assert_int_equal(err.kind, ERROR_INPUT);
		} else {
			assert_non_null(found);
			for (size_t n = 0; cases[i].words[n]; n++)
				assert_string_equal(found[n], cases[i].words[n]);
		}
		arena_free(&arena);
	}
}

/* Nothing is expanded, and the list ends with NULL. */
static void nothing_is_expanded(void **state)
{
	static const char *const expected[] = {"a", "$HOME", "`x`", "~", "*", "|", ";", "&"};
	struct arena arena = {0};
	struct error err = {0};
	char **found = process_split(&arena, "a $HOME `x` ~ * | ; &", &err);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
		assert_string_equal(found[i], expected[i]);
	assert_null(found[ARRAY_LENGTH(expected)]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(nothing_is_expanded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
