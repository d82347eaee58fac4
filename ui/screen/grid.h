/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A screen as data: cells of one character and one style. Everything is drawn into a grid; a terminal shows it, a test
 * prints it. Text from outside cannot break out of a cell: what is not UTF-8, controls a terminal or turns the direction
 * of text becomes "?", line breaks and tabs a space; combining marks are dropped.
 */
#ifndef CLOUDCTL_UI_SCREEN_GRID_H
#define CLOUDCTL_UI_SCREEN_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* What a text is, not how it looks: curses.c decides that by what the terminal can do. */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_BOLD,
	STYLE_BAR, /* the first line and the last */
	STYLE_PASS,
	STYLE_WARN,
	STYLE_FAIL,
	STYLE_UNKNOWN,
	STYLES,
	STYLE_CHOSEN = 0x10, /* the line the user is on; or'ed to one of the others */
};

struct cell {
	uint32_t point; /* 0 in the second column of a wide character */
	uint32_t style; /* enum style; as wide, so that cells can be compared as bytes */
};

struct grid {
	int width, height;
	bool ascii; /* the terminal has no UTF-8: other characters become "?" */
	struct cell *cells;
};

/* The most a terminal can be; larger ones are used up to here. */
enum { GRID_WIDTH_MAX = 1000, GRID_HEIGHT_MAX = 500 };

/* Blank cells in the arena; sizes outside 1 to the maximum are brought inside. */
void grid_open(struct grid *grid, struct arena *arena, int width, int height);
void grid_clear(struct grid *grid);

/*
 * Put text at column x of line y, in at most width columns; what is longer ends in "…" ("~" in ASCII). Outside the
 * grid nothing is put. Returns the columns used.
 */
int grid_put(struct grid *grid, int y, int x, int width, unsigned style, const char *text);

/* Put text so that its last column is the one before x. */
int grid_put_before(struct grid *grid, int y, int x, unsigned style, const char *text);

/* Width columns of one character. */
void grid_fill(struct grid *grid, int y, int x, int width, unsigned style, uint32_t point);

/* Or style to the cells of a line. */
void grid_choose(struct grid *grid, int y, int x, int width);

/*
 * The next line of a text that is put into columns: broken at spaces, else where it is full, and at line breaks.
 * *length are its bytes; returns where the line after it begins, NULL when text is at its end.
 */
const char *grid_wrap(const char *text, int columns, size_t *length);

#endif
