/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal is given back as it was, on every way out: at the end, at exit(), when a signal kills the process, when it
 * is stopped (Ctrl-Z) and continued. There is one terminal, so there is one guard, and its state is the file's.
 *
 * What may run in a signal handler is async-signal-safe: write, tcsetattr, sigaction, raise (POSIX, 2.4.3).
 */
#ifndef CLOUDCTL_UI_SCREEN_TERMINAL_GUARD_H
#define CLOUDCTL_UI_SCREEN_TERMINAL_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Open the process's terminal (/dev/tty) and remember its settings. ERROR_IO when there is none. From now on SIGWINCH,
 * SIGTSTP and SIGCONT are noted: terminal_guard_take().
 */
int terminal_guard_open(struct error *err);

/* The terminal, for reading and writing; and a descriptor that is readable when there is something to take. */
int terminal_guard_tty(void);
int terminal_guard_wake(void);

/*
 * The screen is in use. leave is what puts the terminal back (the alternate screen left, the cursor seen), at most 256
 * bytes; it is copied. Until terminal_guard_disarm() it is written, and the settings are restored, whatever kills the
 * process.
 */
void terminal_guard_arm(const char *leave);
void terminal_guard_disarm(void);

/*
 * What to write on the terminal after it was restored, unless terminal_guard_disarm() came first: whole lines, copied; of
 * more than 8 KiB the last ones. Replaces what was given before.
 */
void terminal_guard_last_words(const char *text, size_t length);

/* Restore now, if armed, and leave the last words. Async-signal-safe. */
void terminal_guard_restore(void);

struct terminal_changes {
	bool resized;
	bool stop;      /* Ctrl-Z: put the terminal back, then terminal_guard_stop() */
	bool continued; /* other programs may have changed the terminal: set it up again, draw everything */
};

/* What happened since the last time. */
struct terminal_changes terminal_guard_take(void);

/* Stop the process as the signal would have; returns when it is continued. Settings are as they were at the start. */
void terminal_guard_stop(void);

/* Columns and lines; false when the terminal does not say. */
bool terminal_guard_size(int *width, int *height);

/* The other end has gone: no key will come any more. */
bool terminal_guard_hung_up(void);

/* Restore everything, handlers too, and close. Harmless when not open. */
void terminal_guard_close(void);

#endif
