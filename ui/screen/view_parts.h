/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the view share; for view*.c alone. */
#ifndef CLOUDCTL_UI_SCREEN_VIEW_PARTS_H
#define CLOUDCTL_UI_SCREEN_VIEW_PARTS_H

#include "base/arena.h"
#include "base/str.h"
#include "ui/screen/grid.h"
#include "ui/screen/model.h"
#include "ui/screen/view.h"

/* The drawing of one grid. */
struct canvas {
	struct model *model;
	struct grid *grid;
	struct arena *scratch;
};

/* A part of the grid. */
struct area {
	int y, x, height, width;
};

/* Signs, which are others where there is no UTF-8. */
enum sign {
	SIGN_PASS,
	SIGN_WARN,
	SIGN_FAIL,
	SIGN_UNKNOWN,
	SIGN_SKIP, /* in the order of enum verdict so far */
	SIGN_WAITING,
	SIGN_UNDONE,
	SIGN_OPEN,
	SIGN_CLOSED,
	SIGN_LINE,
	SIGN_BESIDE,
	SIGN_UP_DOWN,
	SIGNS,
};

const char *view_sign(const struct canvas *canvas, enum sign sign);
const char *view_spinner(const struct canvas *canvas);
enum style view_style(enum verdict verdict);

/* "0.8s", "42s", "2m05s", "1h02m", in the scratch arena. */
const char *view_duration(const struct canvas *canvas, int64_t ms);

/* "2 failed, 1 warning, 39 passed"; the numbers of an end or of a group. "" when all are zero. */
const char *view_counts(const struct canvas *canvas, const size_t counts[VERDICTS]);

/* The same where it is narrow: "2✗ 1! 39✓". */
const char *view_short_counts(const struct canvas *canvas, const size_t counts[VERDICTS]);

/* The sentence of the second line, and its style. */
const char *view_standing(const struct canvas *canvas, unsigned *style);

void view_list(const struct canvas *canvas, struct area area);

/* The scroll is brought inside what there is. True when there are more lines below the area. */
bool view_detail(const struct canvas *canvas, struct area area);

void view_help(const struct canvas *canvas, struct area area);

/* What the command is going to do. The same holds of its scroll. */
bool view_plan(const struct canvas *canvas, struct area area);

/*
 * What draw() draws, from line model->scroll on; it returns the line after its last one. The scroll is brought inside what
 * there is. True when there are more lines below the area.
 */
bool view_scrolled(const struct canvas *canvas, struct area area,
	int (*draw)(const struct canvas *canvas, struct area area, size_t above));

/* What it means to leave now. */
void view_leaving(const struct canvas *canvas, struct area area);

/* text, wrapped, from line y on; returns the line after it. Drawn inside the area only; far below it not counted. */
int view_text(const struct canvas *canvas, struct area area, int y, unsigned style, const char *text);

#endif
