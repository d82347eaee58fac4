/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing in base follows the locale. The locale of this test is made for it: a comma before the fraction,
 * dots between thousands, and an A whose small letter is not a.
 */
#include "base/test.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/test_folder.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/yaml.h"

static const char definition[] =
	"comment_char %\nescape_char /\n"
	"LC_CTYPE\nupper <A>;<I>\nlower <b>;<i>\nalpha <A>;<I>;<b>;<i>\n"
	"digit <zero>;<one>;<two>;<three>;<four>;<five>;<six>;<seven>;<eight>;<nine>\n"
	"tolower (<A>,<b>);(<I>,<A>)\nEND LC_CTYPE\n"
	"LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n";

static struct arena place; /* keeps the folder with the locale */

static void run(const char *const *arguments)
{
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(126);
		execvp(arguments[0], (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

/* localedef warns about the categories left out, so its exit code says nothing; setlocale() is the judge. */
static int make_locale(void **state)
{
	struct error err = {0};
	const char *folder = test_folder(&place), *source, *output;

	(void)state;
	if (!folder)
		return -1;
	source = arena_printf(&place, "%s/source", folder);
	output = arena_printf(&place, "%s/odd", folder);
	if (file_replace(source, definition, sizeof(definition) - 1, &err) < 0)
		return -1;
	run((const char *const[]){"localedef", "-c", "-i", source, output, NULL});
	return setenv("LOCPATH", folder, 1);
}

static int remove_locale(void **state)
{
	(void)state;
	arena_free(&place);
	return 0;
}

/*
 * Skips the test where the locale could not be made. Comes first in a test: nothing is released on the way
 * out.
 */
static void enter_locale(void)
{
	volatile char letter = 'A'; /* or the compiler answers in place of the locale */
	char text[16];

	if (!setlocale(LC_ALL, "odd")) {
		print_message("localedef cannot make a locale here\n");
		skip();
	}
	snprintf(text, sizeof(text), "%.1f", 1.5);
	assert_string_equal(text, "1,5");
	assert_int_not_equal(tolower(letter), 'a');
}

static void text_is_read_the_same(void **state)
{
	uint64_t number = 0;
	char buffer[TIMESTAMP_SIZE];
	int64_t ms;

	(void)state;
	enter_locale();
	assert_true(text_equal_nocase("AI", "ai"));
	assert_true(text_is_letter('c') && !text_is_letter('['));
	assert_true(text_number("1000", 0, 9999, &number) && number == 1000);
	assert_false(text_number("1.000", 0, 9999, &number));
	assert_string_equal(timestamp_rfc3339(1767323045000, buffer), "2026-01-02T03:04:05Z");
	assert_true(timestamp_parse_http("Fri, 02 Jan 2026 03:04:05 GMT", &ms) && ms == 1767323045000);
}

static void numbers_are_written_the_same(void **state)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 1000};
	struct error err = {0};
	json_t *tree;

	(void)state;
	enter_locale();
	tree = json_pack("{s:I, s:f, s:s}", "whole", (json_int_t)1234567, "fraction", 1.5, "text", "1,5");

	(void)state;
	assert_int_equal(yaml_format(tree, &out, &err), 0);
	assert_string_equal(str_text(&out), "whole: 1234567\nfraction: 1.5\ntext: '1,5'\n");
	json_decref(tree);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_the_same),
		cmocka_unit_test(numbers_are_written_the_same),
	};

	return cmocka_run_group_tests(tests, make_locale, remove_locale);
}
