/* SPDX-License-Identifier: Apache-2.0 */
/* Records and keys into a model, for tests. */
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
