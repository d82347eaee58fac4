/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A grid on a terminal, and keys from it. The only file that knows curses is curses.c; what the terminal is like before
 * and after is the business of terminal_guard.h, which must be open.
 */
#ifndef CLOUDCTL_UI_SCREEN_CURSES_H
#define CLOUDCTL_UI_SCREEN_CURSES_H

#include <stdbool.h>

#include "base/error.h"
#include "ui/screen/grid.h"
#include "ui/screen/key.h"

/*
 * Take the terminal: alternate screen, no echo, keys at once; Ctrl-C comes as a key, Ctrl-Z as a signal. The guard is
 * armed. ERROR_IO when the terminal is of a kind that cannot do it; then nothing has changed.
 * curses_resize() must come next.
 */
int curses_open(bool colour, struct error *err);

/* Leave it and come back; the next paint draws everything. */
void curses_leave(void);
void curses_enter(void);
void curses_close(void);

/* The terminal has this size now. */
void curses_resize(int width, int height);

/* Show a grid; only cells that are not there yet are sent. */
void curses_paint(const struct grid *grid);

/* The next key that was pressed; false when there is none. Never waits for one. */
bool curses_key(struct key *key);

/* Put text into the clipboard, where the terminal allows that (OSC 52). At most 4096 bytes, made visible. */
void curses_copy(const char *text);

#endif
