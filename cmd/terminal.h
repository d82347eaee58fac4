/* SPDX-License-Identifier: Apache-2.0 */
/* What a stream can show, and what is typed. */
#ifndef CLOUDCTL_CMD_TERMINAL_H
#define CLOUDCTL_CMD_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

struct context;
struct error;
struct world;

/*
 * Colour on one stream? --color always or never decides; else NO_COLOR (set: no) over CLICOLOR_FORCE (set, not 0:
 * yes) over TERM=dumb (no) over CLICOLOR=0 (no) over whether the stream is a terminal. when NULL is auto.
 * https://no-color.org, https://bixense.com/clicolors/
 */
bool terminal_color(struct world *world, const char *when, bool is_terminal);

/* One line from context->answers, with its line break; cut where it does not fit. -1: ERROR_INTERRUPTED, ERROR_IO. */
int terminal_line(struct context *context, char *line, size_t size, struct error *err);

/*
 * Ask a yes/no question on the terminal, default no. assume_yes (--yes) answers without asking. With nobody to ask:
 * ERROR_DECLINED naming the option to give. 0 = yes; -1 = no (ERROR_DECLINED) or interrupted.
 */
int context_confirm(struct context *context, bool assume_yes, const char *question, struct error *err);

/* The same, but only this word is a yes; NULL: as context_confirm(). */
int context_confirm_word(struct context *context, bool assume_yes, const char *question, const char *word,
	struct error *err);

#endif
