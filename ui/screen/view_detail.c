/* SPDX-License-Identifier: Apache-2.0 */
/* The texts that fill the screen: the chosen line in full, the keys, what leaving means. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "ui/finding_text.h"
#include "ui/screen/view_parts.h"

enum {
	LABEL_WIDTH = 10,
	KEYS_WIDTH = 14,
	EVIDENCE_SHOWN = 2000,
	COUNTED_BELOW = 10000, /* lines below an area that are still counted */
};

/* Lines come one after the other; those above the scroll and below the area are not drawn. */
struct scroll {
	const struct canvas *canvas;
	struct area area;
	int y; /* of the next line */
};

int view_text(const struct canvas *canvas, struct area area, int y, unsigned style, const char *text)
{
	while (text && y < area.y + area.height + COUNTED_BELOW) {
		size_t length;
		const char *next = grid_wrap(text, area.width, &length);

		if (y >= area.y && y < area.y + area.height)
			grid_put(canvas->grid, y, area.x, area.width, style,
				arena_strndup(canvas->scratch, text, length));
		text = next;
		y++;
	}
	return y;
}

/* A label, and the text next to it or, where it is narrow, below it. */
static void put(struct scroll *scroll, const char *label, unsigned style, const char *text)
{
	const struct canvas *canvas = scroll->canvas;
	struct area beside = scroll->area;
	int label_width = scroll->area.width >= 50 ? LABEL_WIDTH : 2;

	if (!text || !text[0])
		return;
	if (label[0] && label_width == 2)
		scroll->y = view_text(canvas, scroll->area, scroll->y, STYLE_BOLD, label);
	else if (label[0] && scroll->y >= scroll->area.y && scroll->y < scroll->area.y + scroll->area.height)
		grid_put(canvas->grid, scroll->y, scroll->area.x, label_width, STYLE_BOLD, label);
	beside.x += label_width;
	beside.width -= label_width;
	scroll->y = view_text(canvas, beside, scroll->y, style, text);
}

static void put_finding(struct scroll *scroll, const struct model_item *item)
{
	const struct event_finding *finding = &item->finding;
	struct model *model = scroll->canvas->model;
	unsigned style = view_style(finding->verdict);

	put(scroll, "Verdict", style, verdict_name(finding->verdict));
	put(scroll, "Ignored", STYLE_PLAIN, finding->ignored);
	if (model_is_changed(model, item))
		put(scroll, "Before", STYLE_PLAIN, verdict_name(item->before));
	put(scroll, "Expected", STYLE_PLAIN, finding->holds);
	put(scroll, "Seen", STYLE_PLAIN, finding->text);
	for (size_t i = 0; i < finding->evidence_count && i < EVIDENCE_SHOWN; i++)
		put(scroll, "", STYLE_DIM, finding->evidence[i]);
	put(scroll, "Needs", STYLE_PLAIN, finding->action);
	put(scroll, "Why", STYLE_PLAIN, finding->why);
	put(scroll, finding_text_remedy(finding), STYLE_BOLD, finding->remedy);
	put(scroll, "See", STYLE_DIM, finding->reference);
}

static void put_resource(struct scroll *scroll, const struct model_item *item)
{
	const struct event_resource *resource = &item->resource;
	const struct canvas *canvas = scroll->canvas;
	int64_t typical_ms = model_typical_ms(item);
	bool removal = model_is_removal(item);

	put(scroll, "Resource", STYLE_PLAIN, resource->name);
	put(scroll, "Id", STYLE_PLAIN, resource->physical_id);
	put(scroll, "In stack", STYLE_PLAIN,
		arena_printf(canvas->scratch, "%s (%s)", resource->id, resource->type));
	put(scroll, "Status", resource->state == RESOURCE_FAILED ? STYLE_FAIL : STYLE_PLAIN,
		resource->status);
	put(scroll, "Reason", STYLE_FAIL, resource->reason);
	if (resource->elapsed_ms > 0)
		put(scroll, "Took", STYLE_PLAIN, view_duration(canvas, resource->elapsed_ms));
	if (typical_ms > 0)
		put(scroll, "Usually", STYLE_DIM,
			arena_printf(canvas->scratch, "about %s to %s", view_duration(canvas, typical_ms),
				removal ? "delete" : "create"));
}

static void put_group(struct scroll *scroll, const struct model_group *group)
{
	const struct canvas *canvas = scroll->canvas;

	put(scroll, "Group", STYLE_PLAIN, group->name);
	put(scroll, "About", STYLE_PLAIN, group->subject);
	if (!group->of_resources)
		put(scroll, "Checks", STYLE_PLAIN, view_counts(canvas, group->counts));
	if (group->ignored > 0)
		put(scroll, "Ignored", STYLE_PLAIN, arena_printf(canvas->scratch, "%zu", group->ignored));
}

/* The chosen line in an area, its first lines above it; the line after its last one. */
static int put_chosen(const struct canvas *canvas, struct area area, size_t above)
{
	const struct model *model = canvas->model;
	struct scroll scroll = {canvas, area, area.y - (int)above};

	if (model->item && model->item->is_finding)
		put_finding(&scroll, model->item);
	else if (model->item)
		put_resource(&scroll, model->item);
	else if (model->group)
		put_group(&scroll, model->group);
	return scroll.y;
}

bool view_scrolled(const struct canvas *canvas, struct area area,
	int (*draw)(const struct canvas *canvas, struct area area, size_t above))
{
	const struct area nowhere = {area.y, area.x, 0, area.width};
	size_t *scroll = &canvas->model->scroll;
	int most = *scroll > 0 ? draw(canvas, nowhere, 0) - area.y - area.height : 0;

	if (*scroll > (size_t)(most > 0 ? most : 0))
		*scroll = (size_t)(most > 0 ? most : 0);
	return draw(canvas, area, *scroll) > area.y + area.height;
}

bool view_detail(const struct canvas *canvas, struct area area)
{
	return view_scrolled(canvas, area, put_chosen);
}

/* --- the keys, and leaving --- */

static const struct {
	const char *keys, *does;
} key_rows[] = {
	{"up down, j k", "move; PgUp PgDn: ten lines; Home End, g G: first, last"},
	{"Enter, space", "open or close a group; show a finding in full"},
	{"left, h", "go to the group, then close it; right, l: open it"},
	{"/", "search: show only matching lines; Esc shows everything"},
	{"f", "show only failures, or everything"},
	{"n N", "next or previous finding that did not pass"},
	{"c", "copy the fix to the clipboard"},
	{"r R", "verify this group again; verify everything again"},
	{"q, Ctrl-C", "leave; Ctrl-Z: suspend"},
	{"p", "what the command is going to do; Enter or Esc goes back to the list"},
	{"y n", "answer the question below: yes or no; if a word has to be typed: Enter, or Esc for no"},
	{"?", "this help; up and down scroll, any other key goes back"},
};

static int put_help(const struct canvas *canvas, struct area area, size_t above)
{
	int y = area.y - (int)above;

	for (size_t i = 0; i < ARRAY_LENGTH(key_rows); i++) {
		struct area beside = {area.y, area.x + KEYS_WIDTH, area.height, area.width - KEYS_WIDTH};

		if (y >= area.y && y < area.y + area.height)
			grid_put(canvas->grid, y, area.x, KEYS_WIDTH - 1, STYLE_BOLD, key_rows[i].keys);
		y = view_text(canvas, beside, y, STYLE_PLAIN, key_rows[i].does);
	}
	return view_text(canvas, area, y + 1, STYLE_DIM,
		canvas->grid->ascii ? "+ PASS  ! WARN  x FAIL  ? UNKNOWN  - SKIP"
				    : "✓ PASS  ! WARN  ✗ FAIL  ? UNKNOWN  – SKIP");
}

void view_help(const struct canvas *canvas, struct area area)
{
	view_scrolled(canvas, area, put_help);
}

void view_leaving(const struct canvas *canvas, struct area area)
{
	const char *leaving = canvas->model->run.leaving;

	view_text(canvas, area, area.y, STYLE_PLAIN,
		arena_printf(canvas->scratch, "%s\n\nCtrl-C or q again leaves, any other key stays.",
			leaving ? leaving : "Leaving stops the command."));
}
