/* SPDX-License-Identifier: Apache-2.0 */
/* What was written piece by piece is what would have been written at once. */
#include "ui/output.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/yaml.h"
#include "ui/capture.h"

static json_t *object(const char *text)
{
	json_t *tree = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(tree);
	return tree;
}

static const struct row {
	const char *elements; /* a JSON array */
	const char *tail;
} rows[] = {
	{"[]", "{}"},
	{"[]", "{\"b\": 1}"},
	{"[{\"x\": 1}]", "{}"},
	{"[{\"x\": \"a\\nb\\n\\n  c\", \"y\": []}, {\"x\": {\"z\": [1, [2, {\"w\": null}]]}}]",
		"{\"b\": \"t\\n\"}"},
	{"[{\"x\": \"  leading\\n\"}, {\"x\": \"- a: b\"}, {\"x\": \"\\u0007\\u2028\\u00e9\"}]",
		"{\"b\": {\"c\": []}}"},
	{"[[1, 2], {}]", "{\"b\": true}"},
};

static const char *written(struct capture *capture, const struct row *row, enum output_format format)
{
	struct output_list list = {.file = capture->results, .format = format};
	json_t *elements = object(row->elements);
	struct error err;

	assert_int_equal(output_list_begin(&list, object("{\"schema\": \"s/1\"}"), "list", &err), 0);
	for (size_t i = 0; i < json_array_size(elements); i++)
		assert_int_equal(output_list_add(&list, json_incref(json_array_get(elements, i)), &err), 0);
	assert_int_equal(output_list_end(&list, object(row->tail), &err), 0);
	json_decref(elements);
	return capture_results(capture);
}

static void pieces_make_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *whole = object("{\"schema\": \"s/1\"}");
		json_t *tail = object(rows[i].tail);
		json_t *read;
		struct capture capture;
		struct error err;
		const char *text;

		json_object_set_new(whole, "list", object(rows[i].elements));
		json_object_update(whole, tail);
		capture_open(&capture);
		text = written(&capture, &rows[i], OUTPUT_JSON);
		read = object(text);
		assert_true(json_equal(read, whole));
		assert_int_equal(text[strlen(text) - 1], '\n');
		json_decref(read);
		text = written(&capture, &rows[i], OUTPUT_YAML);
		assert_int_equal(text[strlen(text) - 1], '\n');
		read = yaml_parse(text, strlen(text), &err);
		if (!read)
			fail_msg("row %zu: %s\n%s", i, err.frame[0], text);
		json_decref(read);
		json_decref(tail);
		json_decref(whole);
		capture_close(&capture);
	}
}

static void what_was_lost_is_told(void **state)
{
	struct output_list list = {.file = fopen("/dev/full", "w"), .format = OUTPUT_JSON};
	struct error err;

	(void)state;
	assert_non_null(list.file);
	assert_int_equal(output_list_begin(&list, object("{\"a\": 1}"), "list", &err), -1);
	assert_int_equal(err.kind, ERROR_IO);
	assert_int_equal(output_list_add(&list, object("{}"), &err), -1);
	fclose(list.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_the_whole),
		cmocka_unit_test(what_was_lost_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
