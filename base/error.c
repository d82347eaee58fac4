/* SPDX-License-Identifier: Apache-2.0 */
/* Error frames and their one-line text. Holds no state and prints nothing. */
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

/* More than all frames and the rest hold. */
enum { TEXT_MAX = 8 << 10 };

int error_set(struct error *e, enum error_kind kind, const char *format, ...)
{
	char frame[ERROR_FRAME_SIZE]; /* the arguments may point into *e */
	va_list arguments;

	va_start(arguments, format);
	text_vformat(frame, sizeof(frame), format, arguments);
	va_end(arguments);
	*e = (struct error){.kind = kind, .depth = 1};
	memcpy(e->frame[0], frame, sizeof(frame));
	return -1;
}

int error_wrap(struct error *e, const char *format, ...)
{
	char frame[ERROR_FRAME_SIZE];
	va_list arguments;

	va_start(arguments, format);
	text_vformat(frame, sizeof(frame), format, arguments);
	va_end(arguments);
	if (e->depth < ERROR_FRAMES)
		e->depth++;
	memcpy(e->frame[e->depth - 1], frame, sizeof(frame));
	return -1;
}

void error_advise(struct error *e, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vformat(e->advice, sizeof(e->advice), format, arguments);
	va_end(arguments);
}

void error_keep(struct error *first, const struct error *err)
{
	if (first && first->kind == ERROR_NONE)
		*first = *err;
}

void error_clear(struct error *e)
{
	*e = (struct error){.kind = ERROR_NONE};
}

void error_format(const struct error *e, struct str *out)
{
	for (int i = e->depth - 1; i > 0; i--)
		str_printf_visible(out, "%s: ", e->frame[i]);
	if (e->code[0])
		str_printf_visible(out, "%s: ", e->code);
	if (e->depth > 0)
		str_put_visible(out, e->frame[0]);
	if (e->kind == ERROR_DENIED && e->action[0])
		str_printf_visible(out, ": needs %s", e->action);
	if (e->request_id[0])
		str_printf_visible(out, " (request %s)", e->request_id);
}

const char *error_text(struct arena *arena, const struct error *e)
{
	struct str text = {.arena = arena, .max = TEXT_MAX};

	error_format(e, &text);
	return str_text(&text);
}

int error_exit_code(const struct error *e)
{
	if (e->kind == ERROR_NONE)
		return 0;
	return e->kind == ERROR_USAGE ? 2 : e->kind == ERROR_DECLINED ? 5 : 4;
}
