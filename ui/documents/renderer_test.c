/* SPDX-License-Identifier: Apache-2.0 */
/* The table: its names, that each row writes something else, and that each tells what it could not write. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "ui/capture.h"
#include "ui/documents/renderer.h"

static struct text_list names(struct arena *arena)
{
	return text_split(arena, RENDERER_NAMES, '|');
}

static void every_name_has_a_renderer_and_no_other(void **state)
{
	static const char *const others[] = {NULL, "", "text", "JSON", "xml"};
	const struct renderer_options options = {.results = stdout};
	struct arena arena = {0};
	struct text_list all = names(&arena);

	(void)state;
	assert_int_equal(all.count, 5);
	for (size_t i = 0; i < all.count; i++)
		assert_non_null(renderer_new(&arena, all.items[i], &options));
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
		assert_null(renderer_new(&arena, others[i], &options));
	arena_free(&arena);
}

static void each_writes_its_own_once_at_the_end(void **state)
{
	struct arena arena = {0};
	struct text_list all = names(&arena);
	struct text_list seen = {0};

	(void)state;
	for (size_t i = 0; i < all.count; i++) {
		struct capture capture;
		struct renderer_options options = {0};
		const char *text;

		capture_open(&capture);
		options.results = capture.results;
		capture.sink = renderer_new(&capture.arena, all.items[i], &options);
		capture_verify(&capture);
		text = capture_results(&capture);
		assert_non_null(strstr(text, "subnets.zones"));
		assert_int_equal(text[strlen(text) - 1], '\n');
		assert_false(text_list_has(&seen, text));
		text_list_add(&arena, &seen, text);
		capture_verify(&capture); /* the same sink, a second run: the first is forgotten */
		assert_string_equal(capture_results(&capture), text);
		capture_close(&capture);
	}
	arena_free(&arena);
}

static void what_was_lost_is_told(void **state)
{
	struct arena arena = {0};
	struct text_list all = names(&arena);

	(void)state;
	for (size_t i = 0; i < all.count; i++) {
		struct error lost = {0};
		struct capture capture;
		struct renderer_options options = {.results = fopen("/dev/full", "w"), .lost = &lost};

		assert_non_null(options.results);
		capture_open(&capture);
		capture.sink = renderer_new(&capture.arena, all.items[i], &options);
		capture_verify(&capture);
		assert_int_equal(lost.kind, ERROR_IO);
		fclose(options.results);
		capture_close(&capture);
	}
	arena_free(&arena);
}

/* Of many clouds each has its part, written when it ends; what was lost is told then too. */
static void many_clouds_are_one_document(void **state)
{
	struct arena arena = {0};
	struct text_list all = names(&arena);

	(void)state;
	for (size_t i = 0; i < all.count; i++) {
		struct error lost = {0};
		struct capture capture;
		struct renderer_options options = {.lost = &lost};
		const char *text;

		capture_open(&capture);
		options.results = capture.results;
		capture.sink = renderer_new(&capture.arena, all.items[i], &options);
		capture_many(&capture);
		assert_int_equal(lost.kind, ERROR_NONE);
		text = capture_results(&capture);
		assert_non_null(strstr(text, "subnets.zones"));
		capture_many(&capture); /* and again */
		assert_string_equal(capture_results(&capture), text);
		capture_verify(&capture); /* and one alone after it */
		assert_string_not_equal(capture_results(&capture), text);
		options.results = fopen("/dev/full", "w");
		assert_non_null(options.results);
		capture.sink = renderer_new(&capture.arena, all.items[i], &options);
		capture_many(&capture);
		assert_int_equal(lost.kind, ERROR_IO);
		fclose(options.results);
		capture_close(&capture);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_has_a_renderer_and_no_other),
		cmocka_unit_test(each_writes_its_own_once_at_the_end),
		cmocka_unit_test(what_was_lost_is_told),
		cmocka_unit_test(many_clouds_are_one_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
