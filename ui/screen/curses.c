/* SPDX-License-Identifier: Apache-2.0 */
/* Grids and keys by way of ncurses. Its own handling of signals and sizes is not used. */
#include "ui/screen/curses.h"

#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/screen/terminal_guard.h"

enum { ESCAPE_MS = 25, COPY_MAX = 4096 };

static struct {
	SCREEN *screen;
	FILE *in, *out;
	struct arena arena; /* of shown */
	struct grid shown;  /* what the terminal shows */
	attr_t looks[STYLES];
	short colours[STYLES];
	char leave[256];
} view;

/* --- looks --- */

/* Colours to read on dark and on light, of 256 and of 8; -1: the attributes instead. Yellow of 8 is for dark alone. */
static const struct {
	enum style style;
	short many, few;
	attr_t attributes; /* where there are no colours */
} looks[] = {
	{STYLE_PASS, 28, COLOR_GREEN, A_NORMAL},
	{STYLE_WARN, 130, -1, A_BOLD},
	{STYLE_FAIL, 160, COLOR_RED, A_BOLD},
	{STYLE_UNKNOWN, 133, COLOR_MAGENTA, A_UNDERLINE},
	{STYLE_DIM, 244, -1, A_DIM},
};

static void choose_looks(bool colour)
{
	bool colours = colour && has_colors() && start_color() == OK && use_default_colors() == OK &&
		COLORS >= 8;

	for (size_t i = 0; i < STYLES; i++) {
		view.looks[i] = A_NORMAL;
		view.colours[i] = 0;
	}
	view.looks[STYLE_BOLD] = A_BOLD;
	view.looks[STYLE_BAR] = A_REVERSE;
	for (size_t i = 0; i < ARRAY_LENGTH(looks); i++) {
		short pair = (short)(i + 1), wanted = COLORS >= 256 ? looks[i].many : looks[i].few;
		enum style style = looks[i].style;

		if (!colours || wanted < 0)
			view.looks[style] = looks[i].attributes;
		else if (init_pair(pair, wanted, -1) == OK)
			view.colours[style] = pair;
	}
}

/* --- the terminal --- */

/* What puts the terminal back, for the moment when curses cannot be asked any more. */
static void keep_leave(void)
{
	static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};

	view.leave[0] = '\0';
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		const char *text = tigetstr(names[i]);
		size_t used = strlen(view.leave);

		if (text && text != (const char *)-1 && used + strlen(text) < sizeof(view.leave))
			memcpy(view.leave + used, text, strlen(text) + 1);
	}
}

/* Keys at once and as they are, but Ctrl-Z, which stops the process as it always does. */
static void set_keys(void)
{
	struct termios settings;

	cbreak();
	noecho();
	nonl();
	if (tcgetattr(terminal_guard_tty(), &settings) < 0)
		return;
	settings.c_cc[VINTR] = _POSIX_VDISABLE;
	settings.c_iflag &= ~(tcflag_t)IXON; /* Ctrl-S must not hold the whole program */
	tcsetattr(terminal_guard_tty(), TCSANOW, &settings);
	def_prog_mode();
}

static void set_up(void)
{
	set_keys();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	scrollok(stdscr, FALSE);
}

static void forget(void)
{
	arena_free(&view.arena);
	view.shown = (struct grid){0};
}

static int refuse(struct error *err)
{
	if (view.screen)
		delscreen(view.screen);
	if (view.out)
		fclose(view.out);
	if (view.in)
		fclose(view.in);
	view.screen = NULL;
	view.in = view.out = NULL;
	return error_set(err, ERROR_IO, "this kind of terminal cannot show a full screen");
}

int curses_open(bool colour, struct error *err)
{
	int known;

	/* newterm() would not free what it made for a terminal that nobody knows. */
	if (setupterm(NULL, terminal_guard_tty(), &known) == ERR)
		return refuse(err);
	del_curterm(cur_term);
	view.in = fdopen(dup(terminal_guard_tty()), "r");
	view.out = fdopen(dup(terminal_guard_tty()), "w");
	if (!view.in || !view.out)
		return refuse(err);
	use_env(FALSE); /* LINES and COLUMNS may be of another time */
	use_tioctl(TRUE);
	view.screen = newterm(NULL, view.out, view.in);
	if (!view.screen)
		return refuse(err);
	set_term(view.screen);
	if (!tigetstr("cup") || !tigetstr("clear")) {
		endwin();
		return refuse(err);
	}
	keep_leave();
	terminal_guard_arm(view.leave);
	choose_looks(colour);
	set_up();
	return 0;
}

void curses_leave(void)
{
	endwin();
	fflush(view.out);
	terminal_guard_disarm();
}

void curses_enter(void)
{
	terminal_guard_arm(view.leave);
	set_up();
	clearok(curscr, TRUE);
	refresh();
}

void curses_close(void)
{
	if (!view.screen)
		return;
	curses_leave();
	delscreen(view.screen);
	fclose(view.out);
	fclose(view.in);
	view.screen = NULL;
	forget();
}

void curses_resize(int width, int height)
{
	resizeterm(height, width);
	clearok(curscr, TRUE);
	erase();
	forget();
}

/* --- painting --- */

/* The character of a cell; "?" when libc does not know it, or gives it another width than we do. */
static wchar_t shown_character(uint32_t point)
{
	wchar_t character = (wchar_t)point;

	return wcwidth(character) == utf8_width(point) ? character : L'?';
}

/* Cells from x on that have one style; returns where the next ones begin. */
static int paint_run(const struct cell *cells, int y, int x, int end)
{
	wchar_t text[GRID_WIDTH_MAX + 1];
	unsigned style = cells[x].style, look = style & ~(unsigned)STYLE_CHOSEN;
	int length = 0, from = x;

	for (; x < end && cells[x].style == style; x++) {
		if (cells[x].point != 0)
			text[length++] = shown_character(cells[x].point);
	}
	attr_set(view.looks[look] | (style & STYLE_CHOSEN ? A_REVERSE : 0), view.colours[look], NULL);
	mvaddnwstr(y, from, text, length);
	return x;
}

/* From the first cell that differs from what is shown to the last. */
static void paint_line(const struct grid *grid, int y)
{
	const struct cell *cells = &grid->cells[y * grid->width];
	struct cell *shown = &view.shown.cells[y * grid->width];
	int from = 0, end = grid->width;

	while (from < end && memcmp(&cells[from], &shown[from], sizeof(cells[0])) == 0)
		from++;
	while (end > from && memcmp(&cells[end - 1], &shown[end - 1], sizeof(cells[0])) == 0)
		end--;
	while (from > 0 && from < end && cells[from].point == 0)
		from--;
	while (end > from && end < grid->width && cells[end].point == 0)
		end++;
	for (int x = from; x < end;)
		x = paint_run(cells, y, x, end);
	memcpy(shown, cells, (size_t)grid->width * sizeof(cells[0]));
}

void curses_paint(const struct grid *grid)
{
	if (view.shown.width != grid->width || view.shown.height != grid->height) {
		forget();
		grid_open(&view.shown, &view.arena, grid->width, grid->height);
	}
	for (int y = 0; y < grid->height; y++)
		paint_line(grid, y);
	refresh();
}

/* --- keys --- */

static bool special_key(wint_t code, struct key *key)
{
	static const struct {
		wint_t code;
		enum key_kind kind;
	} rows[] = {
		{KEY_UP, PRESS_UP},
		{KEY_DOWN, PRESS_DOWN},
		{KEY_LEFT, PRESS_LEFT},
		{KEY_RIGHT, PRESS_RIGHT},
		{KEY_PPAGE, PRESS_PAGE_UP},
		{KEY_NPAGE, PRESS_PAGE_DOWN},
		{KEY_HOME, PRESS_HOME},
		{KEY_END, PRESS_END},
		{KEY_ENTER, PRESS_ENTER},
		{KEY_BACKSPACE, PRESS_BACKSPACE},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (rows[i].code == code) {
			key->kind = rows[i].kind;
			return true;
		}
	}
	return false;
}

static bool plain_key(wint_t character, struct key *key)
{
	key->point = (uint32_t)character;
	switch (character) {
	case 3: key->kind = PRESS_INTERRUPT; break;
	case '\r':
	case '\n': key->kind = PRESS_ENTER; break;
	case 27: key->kind = PRESS_ESCAPE; break;
	case 8:
	case 127: key->kind = PRESS_BACKSPACE; break;
	case 12: /* Ctrl-L: something else wrote on the screen */
		clearok(curscr, TRUE);
		refresh();
		return false;
	default: key->kind = PRESS_TEXT; return character >= ' ';
	}
	return true;
}

bool curses_key(struct key *key)
{
	wint_t code;
	int kind;

	while ((kind = get_wch(&code)) != ERR) {
		if (kind == KEY_CODE_YES ? special_key(code, key) : plain_key(code, key))
			return true;
	}
	return false;
}

void curses_copy(const char *text)
{
	struct arena arena = {0};
	struct str visible = {.arena = &arena, .max = COPY_MAX};
	struct str out = {.arena = &arena, .max = (size_t)2 * COPY_MAX};

	str_put_visible(&visible, text);
	str_puts(&out, "\033]52;c;");
	str_put_base64(&out, str_text(&visible), visible.length);
	str_putc(&out, '\a');
	fflush(view.out);
	(void)!write(terminal_guard_tty(), str_text(&out), out.length);
	arena_free(&arena);
}
