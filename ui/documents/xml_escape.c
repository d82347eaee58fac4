/* SPDX-License-Identifier: Apache-2.0 */
/* Characters to XML: a reference where one is needed, "?" for what XML cannot hold. */
#include "ui/documents/xml_escape.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum { LAST_OF_PLANE = 0xfffe }; /* U+FFFE and U+FFFF are no Char; UTF-8 has no surrogates */

/* What to write instead of a character; NULL when it may be written itself. */
static const char *replacement(uint32_t point, bool attribute)
{
	switch (point) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\n': return attribute ? "&#10;" : NULL;
	case '\t': return attribute ? "&#9;" : NULL;
	default: break;
	}
	if (utf8_is_control(point) || point == LAST_OF_PLANE || point == LAST_OF_PLANE + 1)
		return "?";
	return NULL;
}

static void put(struct str *out, const char *text, bool attribute)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t point;
		size_t used = utf8_decode(text, left, &point);
		const char *instead = used > 0 ? replacement(point, attribute) : "?";

		used += used == 0;
		if (instead)
			str_puts(out, instead);
		else
			str_add(out, text, used);
		text += used;
		left -= used;
	}
}

void xml_escape_text(struct str *out, const char *text)
{
	put(out, text, false);
}

void xml_escape_attribute(struct str *out, const char *name, const char *value)
{
	if (!value)
		return;
	str_printf(out, " %s=\"", name);
	put(out, value, true);
	str_putc(out, '"');
}
