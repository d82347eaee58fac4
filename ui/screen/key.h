/* SPDX-License-Identifier: Apache-2.0 */
/* A key press, whatever the terminal sends for it. */
#ifndef CLOUDCTL_UI_SCREEN_KEY_H
#define CLOUDCTL_UI_SCREEN_KEY_H

#include <stdint.h>

enum key_kind {
	PRESS_TEXT, /* point says which character */
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_ENTER,
	PRESS_ESCAPE,
	PRESS_BACKSPACE,
	PRESS_INTERRUPT, /* Ctrl-C */
};

struct key {
	enum key_kind kind;
	uint32_t point;
};

#endif
