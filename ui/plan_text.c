/* SPDX-License-Identifier: Apache-2.0 */
/* Topics to the left, wrapped lines beside them. */
#include "ui/plan_text.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/screen/grid.h"

enum { INDENT = 2, TOPIC_COLUMNS = 10 };

/* The first line of a text goes beside the topic, further ones below it. */
static void put_line(struct str *out, struct arena *arena, const char *topic, const char *text)
{
	const char *next = text;
	size_t length;

	do {
		const char *line = next;

		next = grid_wrap(line, PLAN_TEXT_COLUMNS - INDENT - TOPIC_COLUMNS, &length);
		str_printf(out, "%*s", INDENT, "");
		str_printf_visible(out, "%-*s%s", TOPIC_COLUMNS, topic, arena_strndup(arena, line, length));
		str_putc(out, '\n');
		topic = "";
	} while (next);
}

void plan_text(struct str *out, const struct event_plan *plan)
{
	struct arena arena = {0};
	const char *topic = NULL;

	str_put_visible(out, plan->title);
	str_putc(out, '\n');
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct event_plan_line *line = &plan->lines[i];

		put_line(out, &arena, text_equal(topic, line->topic) ? "" : line->topic, line->text);
		topic = line->topic;
	}
	arena_free(&arena);
}
