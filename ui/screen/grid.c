/* SPDX-License-Identifier: Apache-2.0 */
/* Cells and text in columns. */
#include "ui/screen/grid.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

static int bounded(int value, int most)
{
	if (value < 1)
		return 1;
	return value < most ? value : most;
}

void grid_open(struct grid *grid, struct arena *arena, int width, int height)
{
	grid->width = bounded(width, GRID_WIDTH_MAX);
	grid->height = bounded(height, GRID_HEIGHT_MAX);
	grid->cells = NEW_ARRAY(arena, struct cell, (size_t)grid->width * (size_t)grid->height);
	grid_clear(grid);
}

void grid_clear(struct grid *grid)
{
	for (int i = 0; i < grid->width * grid->height; i++)
		grid->cells[i] = (struct cell){' ', STYLE_PLAIN};
}

static struct cell *cell_at(const struct grid *grid, int y, int x)
{
	return &grid->cells[y * grid->width + x];
}

/* The next character as it is shown, and its bytes: 1 for one that is replaced. */
static uint32_t shown(const struct grid *grid, const char *text, size_t *bytes)
{
	uint32_t point = '?';

	*bytes = utf8_decode(text, strnlen(text, 4), &point);
	if (*bytes == 0) {
		*bytes = 1;
		return '?';
	}
	if (point == '\n' || point == '\t' || point == '\r')
		return ' ';
	if (utf8_is_control(point) || (grid->ascii && point > '~'))
		return '?';
	return point;
}

static int columns_of(const struct grid *grid, const char *text)
{
	int columns = 0;
	size_t bytes;

	for (; *text; text += bytes)
		columns += utf8_width(shown(grid, text, &bytes));
	return columns;
}

/* Put what fits into width columns; returns the columns used. */
static int put_cells(struct grid *grid, int y, int x, int width, unsigned style, const char *text)
{
	int used = 0;
	size_t bytes;

	for (; *text; text += bytes) {
		uint32_t point = shown(grid, text, &bytes);
		int columns = utf8_width(point);

		if (columns == 0)
			continue;
		if (used + columns > width)
			break;
		*cell_at(grid, y, x + used) = (struct cell){point, style};
		if (columns == 2)
			*cell_at(grid, y, x + used + 1) = (struct cell){0, style};
		used += columns;
	}
	return used;
}

int grid_put(struct grid *grid, int y, int x, int width, unsigned style, const char *text)
{
	int used;

	if (y < 0 || y >= grid->height || x < 0 || x >= grid->width || width < 1 || !text)
		return 0;
	if (width > grid->width - x)
		width = grid->width - x;
	if (columns_of(grid, text) <= width)
		return put_cells(grid, y, x, width, style, text);
	used = put_cells(grid, y, x, width - 1, style, text);
	*cell_at(grid, y, x + used) = (struct cell){grid->ascii ? '~' : 0x2026, style};
	return used + 1;
}

int grid_put_before(struct grid *grid, int y, int x, unsigned style, const char *text)
{
	int columns = columns_of(grid, text);

	return columns > x ? 0 : grid_put(grid, y, x - columns, columns, style, text);
}

void grid_fill(struct grid *grid, int y, int x, int width, unsigned style, uint32_t point)
{
	if (y < 0 || y >= grid->height)
		return;
	for (int i = x < 0 ? 0 : x; i < x + width && i < grid->width; i++)
		*cell_at(grid, y, i) = (struct cell){point, style};
}

void grid_choose(struct grid *grid, int y, int x, int width)
{
	for (int i = x; y >= 0 && y < grid->height && i < x + width && i < grid->width; i++)
		cell_at(grid, y, i)->style |= STYLE_CHOSEN;
}

const char *grid_wrap(const char *text, int columns, size_t *length)
{
	size_t bytes = 0, space = 0;
	int used = 0;

	while (text[bytes] && text[bytes] != '\n') {
		uint32_t point = '?';
		size_t step = utf8_decode(text + bytes, strnlen(text + bytes, 4), &point);

		used += utf8_width(point);
		if (used > columns && bytes > 0)
			break;
		if (text[bytes] == ' ')
			space = bytes;
		bytes += step ? step : 1;
	}
	if (text[bytes] && text[bytes] != '\n' && text[bytes] != ' ' && space > 0)
		bytes = space;
	*length = bytes;
	if (text[bytes] == ' ' || text[bytes] == '\n')
		bytes++;
	return text[bytes] ? text + bytes : NULL;
}
