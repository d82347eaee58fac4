/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding and -decoding; pure. */
#include "providers/aws/client/percent.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static bool is_unreserved(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

void percent_encode(struct str *out, const char *bytes, size_t length, bool keep_slash)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (is_unreserved(c) || (keep_slash && c == '/')) {
			str_putc(out, c);
			continue;
		}
		str_putc(out, '%');
		str_putc(out, digits[(unsigned char)c >> 4]);
		str_putc(out, digits[(unsigned char)c & 15]);
	}
}

char *percent_decode(struct arena *arena, const char *text)
{
	size_t length = strlen(text), used = 0;
	char *out = arena_alloc(arena, length + 1);

	for (size_t i = 0; i < length; i++) {
		int high = text[i] == '%' ? text_hex_value(text[i + 1]) : -1;
		int low = high >= 0 ? text_hex_value(text[i + 2]) : -1;

		if (low < 0 || high * 16 + low == 0) {
			out[used++] = text[i];
			continue;
		}
		out[used++] = (char)(high * 16 + low);
		i += 2;
	}
	return out;
}
