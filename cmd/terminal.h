/* SPDX-License-Identifier: Apache-2.0 */
/* What a stream can show. Pure, but for the environment it is given. */
#ifndef CLOUDCTL_CMD_TERMINAL_H
#define CLOUDCTL_CMD_TERMINAL_H

#include <stdbool.h>

struct world;

/*
 * Colour on one stream? --color always or never decides; else NO_COLOR (set: no) over CLICOLOR_FORCE (set, not 0:
 * yes) over TERM=dumb (no) over CLICOLOR=0 (no) over whether the stream is a terminal. when NULL is auto.
 * https://no-color.org, https://bixense.com/clicolors/
 */
bool terminal_color(struct world *world, const char *when, bool is_terminal);

#endif
