/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 decoding by hand, because mbrtowc() follows the locale; widths from the C library's own table. */
#include "base/utf8.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static const struct utf8_form {
	unsigned char mask, mark;
	uint32_t smallest; /* anything below is overlong */
} forms[] = {
	{0x80, 0x00, 0},
	{0xe0, 0xc0, 0x80},
	{0xf0, 0xe0, 0x800},
	{0xf8, 0xf0, 0x10000},
};

size_t utf8_decode(const char *bytes, size_t length, uint32_t *point)
{
	const unsigned char *at = (const unsigned char *)bytes;
	uint32_t value;
	size_t form = 0;

	if (length == 0)
		return 0;
	while (form < 4 && (at[0] & forms[form].mask) != forms[form].mark)
		form++;
	if (form == 4 || form >= length)
		return 0;
	value = at[0] & (unsigned char)~forms[form].mask;
	for (size_t i = 1; i <= form; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < forms[form].smallest || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return form + 1;
}

bool utf8_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c || point == 0x200e ||
		point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
		(point >= 0x2066 && point <= 0x2069);
}

/* wcwidth() knows nothing outside ASCII in the locale "C", so it is asked in one that is always UTF-8. */
int utf8_width(uint32_t point)
{
	static locale_t utf8;
	locale_t before;
	int width;

	if (point < 0x7f)
		return 1;
	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!utf8)
		return 1;
	before = uselocale(utf8);
	width = wcwidth((wchar_t)point);
	uselocale(before);
	return width < 0 ? 1 : width;
}

size_t utf8_columns(const char *text)
{
	size_t left = strlen(text);
	size_t columns = 0;

	while (left > 0) {
		uint32_t point = '?';
		size_t used = utf8_decode(text, left, &point);

		columns += (size_t)utf8_width(point);
		used += used == 0;
		text += used;
		left -= used;
	}
	return columns;
}
