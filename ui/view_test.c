/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recorded events and keys in, the exact grid out. Each case is a file testdata/screens/NAME.txt with the grid at five
 * sizes, and its styles at 80 × 24. To write the files anew after a change that is meant: UPDATE_SCREENS=1 view_test
 */
#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/test.h"
#include "ui/event_log.h"
#include "ui/grid.h"
#include "ui/model.h"

enum { TEXT_MAX = 4 << 20 };

/* In keys: ^ up, ! down, < left, > right, \n Enter, \033 Escape, \b Backspace, \003 Ctrl-C, { } page up and down. */
static const struct screen {
	const char *name, *events[2];
	int first; /* so many events of the last record; 0: all */
	const char *keys;
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
	{"verify-search-nothing", {"verify-failed"}, 0, "/zzz\n"},
	{"verify-help", {"verify-passed"}, 0, "?"},
	{"verify-again", {"verify-passed", "verify-failed"}},
	{"verify-hostile", {"hostile"}},
	{"setup-running", {"setup"}, 60, "", false, 1000},
	{"setup-leaving", {"setup"}, 60, "\003"},
	{"setup-rollback", {"setup-failed"}, 85, "", false, 500},
	{"setup-failed", {"setup-failed"}},
	{"setup-done", {"setup"}},
	{"setup-preflight", {"setup-preflight"}},
	{"setup-unknown-running", {"setup-unknown"}, 60, "", false, 1000},
	{"delete-running", {"delete"}, 40, "", false, 400},
	{"question", {"question"}},
};

static const struct {
	int width, height;
} sizes[] = {{40, 10}, {60, 16}, {80, 24}, {120, 40}, {300, 100}};

static void feed(struct model *model, const char *name, int first)
{
	struct arena arena = {0};
	struct event_log_reader reader;
	struct event event;
	struct error err = {0};
	size_t length;
	char *text;

	if (file_read(&arena, arena_printf(&arena, "testdata/screens/events/%s.events", name), EVENT_LOG_MAX,
		    &text, &length, &err) < 0 ||
		event_log_begin(&reader, text, length, &err) < 0)
		fail_msg("%s: %s", name, err.frame[0]);
	for (int i = 0; (first == 0 || i < first) && event_log_next(&reader, &arena, &event, &err) > 0; i++)
		model_event(model, &event);
	assert_int_equal(err.kind, ERROR_NONE);
	arena_free(&arena);
}

static struct key key_of(char letter)
{
	static const struct {
		char letter;
		enum key_kind kind;
	} rows[] = {{'^', PRESS_UP}, {'!', PRESS_DOWN}, {'<', PRESS_LEFT}, {'>', PRESS_RIGHT},
		{'\n', PRESS_ENTER}, {'\033', PRESS_ESCAPE}, {'\b', PRESS_BACKSPACE},
		{'\003', PRESS_INTERRUPT}, {'{', PRESS_PAGE_UP}, {'}', PRESS_PAGE_DOWN}};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].letter == letter)
			return (struct key){.kind = rows[i].kind};
	}
	return (struct key){.kind = PRESS_TEXT, .point = (uint32_t)letter};
}

static enum request press(struct model *model, const char *keys)
{
	enum request request = REQUEST_NONE;

	for (; keys && *keys; keys++)
		request = model_key(model, key_of(*keys));
	return request;
}

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
	for (size_t i = 0; i < LENGTH(screen->events) && screen->events[i]; i++)
		feed(model, screen->events[i], screen->events[1] ? 0 : screen->first);
	model_time(model, model->now_ms + screen->later_ms);
	press(model, screen->keys);
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
	for (size_t i = 0; i < LENGTH(sizes); i++)
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

/* The page shows what is drawn: the grid of each of these cases at 80 × 24 stands in it, indented. */
static void the_page_is_in_step(void **state)
{
	static const char *const shown[] = {"verify-passed", "verify-failed", "setup-rollback",
		"verify-again"};
	struct arena arena = {0};
	struct error err = {0};
	size_t length;
	char *page;

	(void)state;
	assert_int_equal(file_read(&arena, "docs/screens.md", TEXT_MAX, &page, &length, &err), 0);
	for (size_t i = 0; i < LENGTH(screens) * LENGTH(shown); i++) {
		const struct screen *screen = &screens[i / LENGTH(shown)];
		struct str out = {.arena = &arena, .max = TEXT_MAX};
		struct grid grid = {0};
		struct model model;

		if (!text_equal(screen->name, shown[i % LENGTH(shown)]))
			continue;
		prepare(&model, screen);
		grid_open(&grid, &arena, 80, 24);
		view_draw(&model, &grid, &arena);
		grid_print(&grid, &out);
		model_close(&model);
		for (const char *line = str_text(&out); *line; line += strcspn(line, "\n") + 1) {
			const char *text = arena_strndup(&arena, line, strcspn(line, "\n"));

			if (text[0] && !strstr(page, arena_printf(&arena, "\n    %s\n", text)))
				fail_msg("docs/screens.md does not show %s as it is: %s", screen->name, text);
		}
	}
	arena_free(&arena);
}

static void every_screen_is_as_stored(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(screens); i++)
		check_screen(&screens[i]);
}

/* Nothing is drawn outside the grid, whatever its size and whatever was pressed; the sanitizers watch. */
static void every_size_can_be_drawn(void **state)
{
	static const char *const keys[] = {"", "\n", "?", "/sub", "f", "\003", "n\n}}}"};

	(void)state;
	for (size_t i = 0; i < LENGTH(screens); i++) {
		struct str out = {0};
		struct arena arena = {0};
		struct model model;

		out = (struct str){.arena = &arena, .max = 64 << 20};
		prepare(&model, &screens[i]);
		press(&model, keys[i % LENGTH(keys)]);
		for (int size = 1; size < 60; size++)
			print_size(&model, size, size % 13 + 1, size % 2 == 0, &out);
		print_size(&model, 5000, 3000, false, &out);
		model_close(&model);
		arena_free(&arena);
	}
}

static const char *chosen(const struct model *model)
{
	if (!model->item)
		return model->group ? model->group->id : "";
	return model->item->is_finding ? model->item->finding.check : model->item->resource.id;
}

static void keys_move_and_ask(void **state)
{
	static const struct {
		const char *events, *keys, *chosen;
		enum request request;
		enum model_mode mode;
	} rows[] = {
		{"verify-passed", "", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "j", "vpc", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "jk^", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", " j", "account.identity", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "\njh", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "ll", "account.identity", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "\n\nj", "vpc", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "G", "cloudformation stack", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "Gg", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "n", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "q", "account", REQUEST_QUIT, MODE_LIST},
		{"verify-passed", "\003", "account", REQUEST_QUIT, MODE_LIST},
		{"verify-passed", "r", "account", REQUEST_AGAIN, MODE_LIST},
		{"verify-passed", "?", "account", REQUEST_NONE, MODE_HELP},
		{"verify-passed", "??", "account", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "/", "account", REQUEST_NONE, MODE_SEARCH},
		{"verify-passed", "/vpc.dns\n", "vpc", REQUEST_NONE, MODE_LIST},
		{"verify-passed", "/q\033q", "account", REQUEST_QUIT, MODE_LIST},
		{"verify-passed", "c", "account", REQUEST_NONE, MODE_LIST},
		{"verify-failed", "c", "security-groups.https", REQUEST_COPY, MODE_LIST},
		{"verify-failed", "\n", "security-groups.https", REQUEST_NONE, MODE_DETAIL},
		{"verify-failed", "\nq", "security-groups.https", REQUEST_NONE, MODE_LIST},
		{"verify-failed", "\nc", "security-groups.https", REQUEST_COPY, MODE_DETAIL},
		{"verify-failed", "<<j", "s3", REQUEST_NONE, MODE_LIST},
		{"setup-failed", "r", "MountTarget2", REQUEST_NONE, MODE_LIST},
		{"question", "y", "vpc", REQUEST_YES, MODE_LIST},
		{"question", "n", "vpc", REQUEST_NO, MODE_LIST},
		{"question", "\003", "vpc", REQUEST_INTERRUPT, MODE_LIST},
		{"question", "ll", "vpc.dns", REQUEST_NONE, MODE_LIST},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct model model;
		enum request request;

		model_open(&model);
		feed(&model, rows[i].events, 0);
		request = press(&model, rows[i].keys);
		if (request != rows[i].request || model.mode != rows[i].mode ||
			strcmp(chosen(&model), rows[i].chosen) != 0)
			fail_msg("%s, keys '%s': request %d, mode %d, chosen %s", rows[i].events,
				rows[i].keys, (int)request, (int)model.mode, chosen(&model));
		model_close(&model);
	}
}

static void leaving_a_run_is_said_first_where_something_goes_on(void **state)
{
	struct model model;

	(void)state;
	model_open(&model);
	feed(&model, "setup", 60);
	assert_int_equal(press(&model, "\003"), REQUEST_NONE);
	assert_int_equal(model.mode, MODE_LEAVE);
	assert_int_equal(press(&model, "x"), REQUEST_NONE);
	assert_int_equal(model.mode, MODE_LIST);
	assert_int_equal(press(&model, "\003\003"), REQUEST_INTERRUPT);
	model_close(&model);
	model_open(&model);
	feed(&model, "verify-passed", 30);
	assert_int_equal(press(&model, "q"), REQUEST_INTERRUPT);
	assert_int_equal(press(&model, "\003"), REQUEST_INTERRUPT);
	feed(&model, "verify-passed", 30); /* another round: what is known is not thrown away */
	assert_int_equal(press(&model, "q"), REQUEST_QUIT);
	assert_int_equal(press(&model, "\003"), REQUEST_INTERRUPT);
	model_close(&model);
}

static void a_round_keeps_the_choice_and_knows_what_changed(void **state)
{
	struct model model;

	(void)state;
	model_open(&model);
	feed(&model, "verify-passed", 0);
	press(&model, "jj\nj");
	for (int round = 0; round < 3; round++) {
		const char *before = arena_strdup(model.arena, chosen(&model));
		char kept[64];

		snprintf(kept, sizeof(kept), "%s", before);
		feed(&model, "verify-failed", 0);
		assert_string_equal(chosen(&model), kept);
		assert_int_equal(model.changed > 0, round == 0);
		feed(&model, "verify-failed", 1);
		assert_int_equal(model.changed, 0);
		assert_false(model.ended);
	}
	model_close(&model);
}

static void what_a_group_does_not_decide_again_goes(void **state)
{
	static const struct event run = {.kind = EVENT_RUN, .run = {.command = "verify"}};
	struct event group = {.kind = EVENT_RESOURCE, .resource = {.id = "g", .state = RESOURCE_WORKING}};
	struct event finding = {.kind = EVENT_FINDING, .finding = {.check = "g.a", .group = "g"}};
	struct model model;

	(void)state;
	model_open(&model);
	model_event(&model, &run);
	model_event(&model, &group);
	model_event(&model, &finding);
	finding.finding.check = "g.b";
	model_event(&model, &finding);
	group.resource.state = RESOURCE_DONE;
	model_event(&model, &group);
	assert_int_equal(model.items, 2);
	model_event(&model, &run);
	assert_int_equal(model.items, 2);
	group.resource.state = RESOURCE_WORKING;
	model_event(&model, &group);
	model_event(&model, &finding);
	assert_int_equal(model.items, 2);
	group.resource.state = RESOURCE_DONE;
	model_event(&model, &group);
	assert_int_equal(model.items, 1);
	assert_string_equal(model.groups->items->finding.check, "g.b");
	model_close(&model);
}

static void there_is_an_end_to_the_items(void **state)
{
	struct event finding = {.kind = EVENT_FINDING, .finding = {.check = "g.a", .group = "g"}};
	struct model model;

	(void)state;
	model_open(&model);
	for (int i = 0; i < MODEL_ITEMS_MAX + 7; i++)
		model_event(&model, &finding);
	assert_int_equal(model.items, MODEL_ITEMS_MAX);
	assert_int_equal(model.dropped, 7);
	assert_int_equal(model.groups->counts[VERDICT_PASS], MODEL_ITEMS_MAX + 7);
	model_close(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_is_as_stored),
		cmocka_unit_test(the_page_is_in_step),
		cmocka_unit_test(every_size_can_be_drawn),
		cmocka_unit_test(keys_move_and_ask),
		cmocka_unit_test(leaving_a_run_is_said_first_where_something_goes_on),
		cmocka_unit_test(a_round_keeps_the_choice_and_knows_what_changed),
		cmocka_unit_test(what_a_group_does_not_decide_again_goes),
		cmocka_unit_test(there_is_an_end_to_the_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
