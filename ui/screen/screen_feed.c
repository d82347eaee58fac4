/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: records and keys into a model, a grid as text. */
#include "ui/screen/screen_feed.h"

#include "base/file.h"
#include "base/test.h"
#include "ui/event_log.h"

void screen_feed(struct model *model, const char *name, int first)
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

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (rows[i].letter == letter)
			return (struct key){.kind = rows[i].kind};
	}
	return (struct key){.kind = PRESS_TEXT, .point = (uint32_t)letter};
}

enum model_request screen_press(struct model *model, const char *keys)
{
	enum model_request request = REQUEST_NONE;

	for (; keys && *keys; keys++)
		request = model_key(model, key_of(*keys));
	return request;
}

/* --- a grid as text --- */

static void put_point(struct str *out, uint32_t point)
{
	char bytes[4];

	if (point < 0x80) {
		str_putc(out, (char)point);
	} else if (point < 0x800) {
		bytes[0] = (char)(0xc0 | point >> 6);
		bytes[1] = (char)(0x80 | (point & 0x3f));
		str_add(out, bytes, 2);
	} else if (point < 0x10000) {
		bytes[0] = (char)(0xe0 | point >> 12);
		bytes[1] = (char)(0x80 | (point >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (point & 0x3f));
		str_add(out, bytes, 3);
	} else {
		bytes[0] = (char)(0xf0 | point >> 18);
		bytes[1] = (char)(0x80 | (point >> 12 & 0x3f));
		bytes[2] = (char)(0x80 | (point >> 6 & 0x3f));
		bytes[3] = (char)(0x80 | (point & 0x3f));
		str_add(out, bytes, 4);
	}
}

void grid_print(const struct grid *grid, struct str *out)
{
	for (int y = 0; y < grid->height; y++) {
		int end = grid->width;

		while (end > 0 && grid->cells[y * grid->width + end - 1].point == ' ')
			end--;
		for (int x = 0; x < end; x++) {
			if (grid->cells[y * grid->width + x].point != 0)
				put_point(out, grid->cells[y * grid->width + x].point);
		}
		str_putc(out, '\n');
	}
}

void grid_print_styles(const struct grid *grid, struct str *out)
{
	static const char letters[] = " db=pwfu", chosen[] = "#DB#PWFU";

	for (int y = 0; y < grid->height; y++) {
		int end = grid->width;

		while (end > 0 && grid->cells[y * grid->width + end - 1].style == STYLE_PLAIN)
			end--;
		for (int x = 0; x < end; x++) {
			unsigned style = grid->cells[y * grid->width + x].style;

			str_putc(out,
				(style & STYLE_CHOSEN ? chosen : letters)[style & ~(unsigned)STYLE_CHOSEN]);
		}
		str_putc(out, '\n');
	}
}
