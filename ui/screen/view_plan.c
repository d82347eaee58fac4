/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is going to do, by topics; wrapped, never cut. */
#include "base/text.h"
#include "ui/screen/view_parts.h"

enum { TOPIC_WIDTH = 11, BESIDE_MIN = 50 };

static void put_topic(const struct canvas *canvas, struct area area, int y, const char *topic)
{
	if (y >= area.y && y < area.y + area.height)
		grid_put(canvas->grid, y, area.x, area.width, STYLE_BOLD, topic);
}

/* Where it is narrow, a topic is above its lines. */
static int put_plan(const struct canvas *canvas, struct area area, size_t above)
{
	const struct event_plan *plan = canvas->model->plan;
	struct area beside = area;
	int indent = area.width >= BESIDE_MIN ? TOPIC_WIDTH : 2, y = area.y - (int)above;
	const char *topic = NULL;

	beside.x += indent;
	beside.width -= indent;
	y = view_text(canvas, area, y, STYLE_BOLD, plan->title);
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct event_plan_line *line = &plan->lines[i];

		if (!text_equal(topic, line->topic)) {
			put_topic(canvas, area, y, line->topic);
			y += indent < TOPIC_WIDTH;
		}
		topic = line->topic;
		y = view_text(canvas, beside, y, STYLE_PLAIN, line->text);
	}
	return y;
}

bool view_plan(const struct canvas *canvas, struct area area)
{
	return view_scrolled(canvas, area, put_plan);
}
