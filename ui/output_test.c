/* SPDX-License-Identifier: Apache-2.0 */
/* Trees and tables as text, and writes that fail. */
#include "base/test.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"
#include "ui/capture.h"
#include "ui/output.h"

static void formats_have_names(void **state)
{
	enum output_format format = OUTPUT_TEXT;

	(void)state;
	assert_true(output_format_parse("json", &format) && format == OUTPUT_JSON);
	assert_true(output_format_parse("yaml", &format) && format == OUTPUT_YAML);
	assert_false(output_format_parse("JSON", &format));
	assert_false(output_format_parse("", &format));
	assert_int_equal(format, OUTPUT_YAML);
	assert_true(output_format_parse("text", &format) && format == OUTPUT_TEXT);
}

static void trees(void **state)
{
	static const struct {
		enum output_format format;
		const char *text;
	} rows[] = {
		{OUTPUT_JSON, "{\n  \"z\": \"größe\",\n  \"a\": [\n    \"012\",\n    null\n  ]\n}\n"},
		{OUTPUT_YAML, "z: größe\na:\n- '012'\n- null\n"},
	};
	json_t *tree = json_pack("{s:s, s:[s, n]}", "z", "größe", "a", "012");
	struct capture capture;
	struct error err = {0};

	(void)state;
	capture_open(&capture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_int_equal(output_tree(capture.results, json_incref(tree), rows[i].format, &err), 0);
		assert_string_equal(capture_results(&capture), rows[i].text);
	}
	json_decref(tree);
	capture_close(&capture);
}

/* C1, a bidirectional override, an isolate, the Arabic letter mark and a line separator: escaped, and read back as they were. */
static void nothing_steers_a_terminal(void **state)
{
	static const char text[] = "\xc2\x9b"
				   "31m \xe2\x80\xae \xe2\x81\xa6 \xd8\x9c \xe2\x80\xa8 \x7f \x1b";
	static const char *const raw[] = {"\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xd8\x9c",
		"\xe2\x80\xa8", "\x7f", "\x1b"};
	json_t *tree = json_pack("{s:s, s:{s:s}}", "a", text, "b", text, "c");
	struct error err = {0};

	(void)state;
	for (enum output_format format = OUTPUT_JSON; format <= OUTPUT_YAML; format++) {
		struct capture capture;
		const char *shown;
		json_t *again;

		capture_open(&capture);
		assert_int_equal(output_tree(capture.results, json_incref(tree), format, &err), 0);
		shown = capture_results(&capture);
		for (size_t i = 0; i < ARRAY_LENGTH(raw); i++)
			assert_null(strstr(shown, raw[i]));
		again = format == OUTPUT_JSON ? json_loads(shown, 0, NULL)
					      : yaml_parse(shown, strlen(shown), &err);
		assert_true(json_equal(again, tree));
		json_decref(again);
		capture_close(&capture);
	}
	json_decref(tree);
}

static void columns_are_aligned(void **state)
{
	static const char *const headings[] = {"NAME", "REGION", "STATE"};
	static const char *const cells[] = {"prod", "eu-west-1", "ready", "größe", NULL, "failed", "日本", "",
		"a\nb\033"};
	struct capture capture;
	struct error err = {0};

	(void)state;
	capture_open(&capture);
	assert_int_equal(output_table(capture.results, headings, 3, cells, 3, &err), 0);
	assert_string_equal(capture_results(&capture),
		"NAME   REGION     STATE\n"
		"prod   eu-west-1  ready\n"
		"größe  -          failed\n"
		"日本   -          a b?\n");
	assert_int_equal(output_table(capture.results, NULL, 3, cells, 1, &err), 0);
	assert_string_equal(capture_results(&capture), "prod  eu-west-1  ready\n");
	assert_int_equal(output_table(capture.results, headings, 3, NULL, 0, &err), 0);
	assert_string_equal(capture_results(&capture), "NAME  REGION  STATE\n");
	assert_int_equal(output_table(capture.results, NULL, 3, NULL, 0, &err), 0);
	assert_string_equal(capture_results(&capture), "");
	capture_close(&capture);
}

/* Shorter and longer than the buffer of the C library, which forgets the reason in the second case. */
static const size_t sizes[] = {10, 100000};

static void a_full_disk_is_an_error(void **state)
{
	static char bytes[100000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		FILE *full = fopen("/dev/full", "w");
		struct error err = {0};

		assert_non_null(full);
		assert_int_equal(output_write(full, bytes, sizes[i], &err), -1);
		assert_int_equal(err.kind, ERROR_IO);
		assert_string_equal(err.frame[0], "writing the output: No space left on device");
		error_clear(&err);
		assert_int_equal(output_flush(full, &err), -1);
		assert_int_equal(err.kind, ERROR_IO);
		fclose(full);
	}
}

static void bytes_lost_before_the_last_look_are_an_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		FILE *full = fopen("/dev/full", "w");
		struct error err = {0};

		assert_non_null(full);
		for (size_t j = 0; j < sizes[i]; j++)
			fputc('x', full);
		assert_int_equal(output_flush(full, &err), -1);
		assert_int_equal(err.kind, ERROR_IO);
		fclose(full);
	}
}

static void a_reader_that_has_gone_is_none(void **state)
{
	static char bytes[100000];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		struct error err = {0};
		int ends[2];
		FILE *closed;

		assert_int_equal(pipe(ends), 0);
		close(ends[0]);
		closed = fdopen(ends[1], "w");
		assert_int_equal(output_write(closed, bytes, sizes[i], &err), 0);
		assert_int_equal(output_flush(closed, &err), 0);
		assert_int_equal(err.kind, ERROR_NONE);
		fclose(closed);
	}
}

static void a_good_stream_flushes(void **state)
{
	struct capture capture;
	struct error err = {0};

	(void)state;
	capture_open(&capture);
	assert_int_equal(output_write(capture.results, "x", 1, &err), 0);
	assert_int_equal(output_flush(capture.results, &err), 0);
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_have_names),
		cmocka_unit_test(trees),
		cmocka_unit_test(nothing_steers_a_terminal),
		cmocka_unit_test(columns_are_aligned),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(bytes_lost_before_the_last_look_are_an_error),
		cmocka_unit_test(a_reader_that_has_gone_is_none),
		cmocka_unit_test(a_good_stream_flushes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
