/* SPDX-License-Identifier: Apache-2.0 */
/* The bounded string builder. */
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

enum { FIRST_CAPACITY = 64 };

/* Room for length more bytes and the NUL; the caller has checked that they fit into max. */
static void reserve(struct str *s, size_t length)
{
	size_t need = s->length + length + 1;
	size_t capacity = s->capacity ? s->capacity : FIRST_CAPACITY;

	if (need <= s->capacity)
		return;
	while (capacity < need)
		capacity *= 2;
	if (capacity > s->max + 1)
		capacity = s->max + 1;
	s->data = arena_grow(s->arena, s->data, s->capacity, capacity);
	s->capacity = capacity;
}

void str_add(struct str *s, const char *bytes, size_t length)
{
	if (s->overflow)
		return;
	if (length > s->max - s->length) {
		length = s->max - s->length;
		s->overflow = true;
	}
	reserve(s, length);
	if (length)
		memcpy(s->data + s->length, bytes, length);
	s->length += length;
	s->data[s->length] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_putc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void str_printf(struct str *s, const char *format, ...)
{
	va_list arguments;
	int length;

	if (s->overflow)
		return;
	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	va_start(arguments, format);
	if (length >= 0 && (size_t)length <= s->max - s->length) {
		reserve(s, (size_t)length);
		vsnprintf(s->data + s->length, (size_t)length + 1, format, arguments);
		s->length += (size_t)length;
	} else {
		str_puts(s, arena_vprintf(s->arena, format, arguments));
	}
	va_end(arguments);
}

void str_put_visible(struct str *s, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t point;
		size_t used = utf8_decode(text, left, &point);

		if (used == 0) {
			str_putc(s, '?');
			used = 1;
		} else if (point == '\n' || point == '\r' || point == '\t') {
			str_putc(s, ' ');
		} else if (utf8_is_control(point)) {
			str_putc(s, '?');
		} else {
			str_add(s, text, used);
		}
		text += used;
		left -= used;
	}
}

void str_printf_visible(struct str *s, const char *format, ...)
{
	struct arena scratch = {0};
	va_list arguments;

	va_start(arguments, format);
	str_put_visible(s, arena_vprintf(&scratch, format, arguments));
	va_end(arguments);
	arena_free(&scratch);
}

void str_put_escaped(struct str *s, const char *text, size_t length)
{
	while (length > 0) {
		uint32_t point = 0;
		size_t used = utf8_decode(text, length, &point);

		used += used == 0;
		if (point >= 0x7f && utf8_is_control(point))
			str_printf(s, "\\u%04x", (unsigned)point);
		else
			str_add(s, text, used);
		text += used;
		length -= used;
	}
}

void str_put_hex(struct str *s, const void *bytes, size_t length)
{
	for (const unsigned char *at = bytes; length > 0; at++, length--) {
		str_putc(s, "0123456789abcdef"[*at >> 4]);
		str_putc(s, "0123456789abcdef"[*at & 15]);
	}
}

void str_put_base64(struct str *s, const void *data, size_t length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i += 3) {
		uint32_t three = 0;

		for (size_t j = 0; j < 3; j++)
			three = three << 8 | (i + j < length ? bytes[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			str_putc(s, i + j > length ? '=' : letters[three >> (18 - 6 * j) & 63]);
	}
}

const char *str_text(const struct str *s)
{
	return s->data ? s->data : "";
}

void str_clear(struct str *s)
{
	s->length = 0;
	s->overflow = false;
	if (s->data)
		s->data[0] = '\0';
}
