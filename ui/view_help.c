/* SPDX-License-Identifier: Apache-2.0 */
/* The keys in words, and the words before leaving. */
#include "base/array.h"
#include "ui/view_parts.h"

static const struct {
	const char *keys, *does;
} rows[] = {
	{"up down, j k", "move; PgUp PgDn: by ten; Home End, g G: to the ends"},
	{"Enter, space", "open or close a group; show a finding in full"},
	{"left, h", "to the group, and close it; right, l: open it"},
	{"/", "search: only lines with this text; Esc shows all again"},
	{"f", "failures only, and back"},
	{"n N", "to the next or previous finding that did not pass"},
	{"c", "copy the remedy to the clipboard"},
	{"r R", "verify this group again; verify everything again"},
	{"q, Ctrl-C", "leave; Ctrl-Z: leave for a while"},
	{"?", "these words; up and down move them, any other key goes back"},
};

enum { KEYS_WIDTH = 14 };

static int put_help(const struct canvas *canvas, struct area area, size_t above)
{
	int y = area.y - (int)above;

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct area beside = {area.y, area.x + KEYS_WIDTH, area.height, area.width - KEYS_WIDTH};

		if (y >= area.y && y < area.y + area.height)
			grid_put(canvas->grid, y, area.x, KEYS_WIDTH - 1, STYLE_BOLD, rows[i].keys);
		y = view_text(canvas, beside, y, STYLE_PLAIN, rows[i].does);
	}
	return view_text(canvas, area, y + 1, STYLE_DIM,
		canvas->grid->ascii ? "+ PASS  ! WARN  x FAIL  ? UNKNOWN  - SKIP"
				    : "✓ PASS  ! WARN  ✗ FAIL  ? UNKNOWN  – SKIP");
}

void view_help(const struct canvas *canvas, struct area area)
{
	const struct area nowhere = {area.y, area.x, 0, area.width};
	size_t *scroll = &canvas->model->scroll;

	if (*scroll > 0)
		*scroll = view_scroll(*scroll, put_help(canvas, nowhere, 0) - area.y, area.height);
	put_help(canvas, area, *scroll);
}

void view_leaving(const struct canvas *canvas, struct area area)
{
	const char *leaving = canvas->model->run.leaving;

	view_text(canvas, area, area.y, STYLE_PLAIN,
		arena_printf(canvas->scratch, "%s\n\nCtrl-C or q again leaves; any other key stays.",
			leaving ? leaving : "Leaving stops the command."));
}
