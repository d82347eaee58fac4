/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded events and keys in, the exact grid out. Each case is a file testdata/screens/NAME.txt with the grid at five
 * sizes, and its styles at 80 × 24. To write the files anew after a change that is meant: UPDATE_SCREENS=1 view_test
 */
#include "ui/screen/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/test.h"
#include "ui/screen/grid.h"
#include "ui/screen/screen_feed.h"

enum { TEXT_MAX = 4 << 20 };

static const struct screen {
	const char *name, *events[2];
	int first;        /* so many events of the last record; 0: all */
	const char *keys; /* see screen_press() */
	bool ascii;
	int64_t later_ms; /* time that passes after the last event */
} screens[] = {
	{"nothing-yet", {NULL}},
	{"empty", {"empty"}},
	{"verify-running", {"verify-passed"}, 40, "", false, 2300},
	{"verify-retry", {"verify-failed"}, 24, "", false, 10},
	{"verify-passed", {"verify-passed"}},
	{"verify-passed-open", {"verify-passed"}, 0, "!!\n!!!"},
	{"verify-failed", {"verify-failed"}},
	{"verify-failed-ascii", {"verify-failed"}, .ascii = true},
	{"verify-failed-detail", {"verify-failed"}, 0, "\n!!"},
	{"verify-failed-next", {"verify-failed"}, 0, "nn"},
	{"verify-failed-only", {"verify-failed"}, 0, "f"},
	{"verify-failed-copied", {"verify-failed"}, 0, "c"},
	{"verify-unknown", {"verify-unknown"}, 0, "n"},
	{"verify-search", {"verify-failed"}, 0, "/port"},
	{"verify-search-kept", {"verify-failed"}, 0, "/port\n"},
	{"verify-search-nothing", {"verify-failed"}, 0, "/zzz\n"},
	{"verify-help", {"verify-passed"}, 0, "?"},
	{"verify-again", {"verify-passed", "verify-failed"}},
	{"verify-hostile", {"hostile"}},
	{"setup-running", {"setup"}, 76, "", false, 1000},
	{"setup-leaving", {"setup"}, 76, "\003"},
	{"setup-rollback", {"setup-failed"}, 122, "", false, 500},
	{"setup-failed", {"setup-failed"}},
	{"setup-done", {"setup"}},
	{"setup-preflight", {"setup-preflight"}},
	{"setup-unknown-running", {"setup-unknown"}, 60, "", false, 1000},
	{"delete-survey", {"delete-survey"}},
	{"delete-running", {"delete"}, 64, "", false, 400},
	{"functional-running", {"functional"}, 182, "", false, 700},
	{"functional", {"functional"}},
	{"verify-again-passed", {"verify-failed", "verify-passed"}},
	{"question", {"question"}},
	{"question-word", {"question-word"}},
	{"question-word-typed", {"question-word"}, 0, "pro"},
	{"question-word-overlong", {"question-word"}, 0,
		"a-name-that-is-longer-than-the-line-of-a-terminal-that-is-small"},
	{"question-word-help", {"question-word"}, 0, "?"},
	{"setup-plan", {"setup-plan"}},
	{"setup-plan-scrolled", {"setup-plan"}, 0, "}}"},
	{"setup-plan-help", {"setup-plan"}, 0, "?"},
	{"setup-plan-list", {"setup-plan"}, 0, "\033"},
	{"update-plan", {"update-plan"}},
	{"edit-plan", {"edit-plan"}},
};

static const struct {
	int width, height;
} sizes[] = {{40, 10}, {60, 16}, {80, 24}, {120, 40}, {300, 100}};

static void print_size(struct model *model, int width, int height, bool ascii, struct str *out)
{
	struct arena arena = {0};
	struct grid grid = {.ascii = ascii};

	grid_open(&grid, &arena, width, height);
	view_draw(model, &grid, &arena);
	str_printf(out, "=== %d x %d\n", width, height);
	grid_print(&grid, out);
	if (width == 80) {
		str_puts(out, "=== styles\n");
		grid_print_styles(&grid, out);
	}
	arena_free(&arena);
}

static void prepare(struct model *model, const struct screen *screen)
{
	model_open(model);
	for (size_t i = 0; i < ARRAY_LENGTH(screen->events) && screen->events[i]; i++)
		screen_feed(model, screen->events[i], screen->events[1] ? 0 : screen->first);
	model_time(model, model->now_ms + screen->later_ms);
	screen_press(model, screen->keys);
}

static void check_screen(const struct screen *screen)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	const char *path = arena_printf(&arena, "testdata/screens/%s.txt", screen->name);
	struct model model;
	struct error err = {0};
	size_t length;
	char *expected;

	prepare(&model, screen);
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
		print_size(&model, sizes[i].width, sizes[i].height, screen->ascii, &out);
	model_close(&model);
	if (getenv("UPDATE_SCREENS"))
		assert_int_equal(file_replace(path, str_text(&out), out.length, &err), 0);
	if (file_read(&arena, path, TEXT_MAX, &expected, &length, &err) < 0)
		fail_msg("%s", err.frame[0]);
	if (!text_equal(expected, str_text(&out)))
		fail_msg("%s is not what is drawn now:\n%s", path, str_text(&out));
	arena_free(&arena);
}

static void put_grid(struct arena *arena, const struct screen *screen, bool large, struct str *out)
{
	struct grid grid = {0};
	struct model model;

	prepare(&model, screen);
	grid_open(&grid, arena, large ? 120 : 80, large ? 40 : 24);
	view_draw(&model, &grid, arena);
	grid_print(&grid, out);
	model_close(&model);
}

static const struct screen *screen_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(screens); i++) {
		if (text_equal(screens[i].name, name))
			return &screens[i];
	}
	fail_msg("docs/screens.md: there is no screen '%s'", name);
	return NULL;
}

/* The page is as it would be made now: behind "<!-- screen: NAME -->" is the grid of that case at 80 × 24, with " 120x40" at that. */
static void the_page_is_in_step(void **state)
{
	static const char path[] = "docs/screens.md", mark[] = "<!-- screen: ", open[] = " -->\n```text\n",
			  close[] = "```\n";
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	struct error err = {0};
	struct text_list words;
	size_t length, count = 0;
	char *page, *at, *end, *name;

	(void)state;
	assert_int_equal(file_read(&arena, path, TEXT_MAX, &page, &length, &err), 0);
	for (char *from = page; (at = strstr(from, mark)) != NULL; count++) {
		end = strstr(at, open);
		assert_non_null(end);
		str_add(&out, from, (size_t)(end - from) + strlen(open));
		name = arena_strndup(&arena, at + strlen(mark), (size_t)(end - at) - strlen(mark));
		words = text_split(&arena, name, ' ');
		put_grid(&arena, screen_named(words.items[0]), words.count > 1, &out);
		from = strstr(end + strlen(open), close);
		assert_non_null(from);
		if (!strstr(from, mark))
			str_puts(&out, from);
	}
	assert_true(count >= 5);
	if (getenv("UPDATE_SCREENS"))
		assert_int_equal(file_replace(path, str_text(&out), out.length, &err), 0);
	else if (!text_equal(page, str_text(&out)))
		fail_msg("%s is not what is drawn now: UPDATE_SCREENS=1 view_test", path);
	arena_free(&arena);
}

static void every_screen_is_as_stored(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(screens); i++)
		check_screen(&screens[i]);
}

/* Nothing is drawn outside the grid, whatever its size and whatever was pressed; the sanitizers watch. */
static void every_size_can_be_drawn(void **state)
{
	static const char *const keys[] = {"", "\n", "?", "/sub", "f", "\003", "n\n}}}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(screens); i++) {
		struct str out = {0};
		struct arena arena = {0};
		struct model model;

		out = (struct str){.arena = &arena, .max = 64 << 20};
		prepare(&model, &screens[i]);
		screen_press(&model, keys[i % ARRAY_LENGTH(keys)]);
		for (int size = 1; size < 60; size++)
			print_size(&model, size, size % 13 + 1, size % 2 == 0, &out);
		print_size(&model, 5000, 3000, false, &out);
		model_close(&model);
		arena_free(&arena);
	}
}

static void a_scroll_ends_with_the_text(void **state)
{
	struct arena arena = {0};
	struct grid grid = {0};
	struct model model;

	(void)state;
	model_open(&model);
	screen_feed(&model, "verify-failed", 0);
	screen_press(&model, "\n}}}}}}}}}}}}}}}}}}}}");
	grid_open(&grid, &arena, 40, 10);
	view_draw(&model, &grid, &arena);
	assert_true(model.scroll > 0 && model.scroll < 60);
	screen_press(&model, "^");
	assert_int_equal(screen_press(&model, "q"), REQUEST_NONE);
	screen_press(&model, "?}}}}}}}}");
	view_draw(&model, &grid, &arena);
	assert_true(model.scroll < 30);
	model_close(&model);
	arena_free(&arena);
}

static void a_question_is_read_as_a_whole(void **state)
{
	const struct event question = {.kind = EVENT_QUESTION,
		.question = {.text = "12 checks failed. Register cloud 'production' all the same?"}};
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	struct grid grid = {0};
	struct model model;

	(void)state;
	model_open(&model);
	screen_feed(&model, "question", 0);
	model_event(&model, &question);
	grid_open(&grid, &arena, 40, 10);
	view_draw(&model, &grid, &arena);
	grid_print(&grid, &out);
	assert_non_null(strstr(str_text(&out),
		" 12 checks failed. Register cloud\n 'production' all the same? [y/N]\n y yes"));
	model_close(&model);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_is_as_stored),
		cmocka_unit_test(the_page_is_in_step),
		cmocka_unit_test(every_size_can_be_drawn),
		cmocka_unit_test(a_scroll_ends_with_the_text),
		cmocka_unit_test(a_question_is_read_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
