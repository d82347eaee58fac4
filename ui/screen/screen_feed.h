/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the screen: recorded events and key presses into a model, and a grid as text. */
#ifndef CLOUDCTL_UI_SCREEN_SCREEN_FEED_H
#define CLOUDCTL_UI_SCREEN_SCREEN_FEED_H

#include "base/str.h"
#include "ui/screen/grid.h"
#include "ui/screen/model.h"

/* The first events of testdata/screens/events/NAME.events; 0: all. A file that is not a record fails the test. */
void screen_feed(struct model *model, const char *name, int first);

/*
 * Keys by letter: ^ ! < > arrows, \n Enter, \033 Escape, \b Backspace, \003 Ctrl-C, { } page up and down, others as they
 * are. What the last one asked for.
 */
enum model_request screen_press(struct model *model, const char *keys);

/* The characters, a line a line, blanks at the end cut off. */
void grid_print(const struct grid *grid, struct str *out);

/* The styles likewise, a letter each: " " plain, d dim, b bold, = bar, p w f u verdicts; where
 * chosen, "#" and capitals. */
void grid_print_styles(const struct grid *grid, struct str *out);

#endif
