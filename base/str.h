/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A string that grows in an arena, with a maximum given at birth.
 *
 *     struct str s = { .arena = arena, .max = 64 << 10 };
 *
 * Appending past max keeps what fits, sets overflow and changes nothing after that; so ten appends need one
 * test. data is always NUL-terminated once anything was appended; use str_text() to read an untouched one.
 */
#ifndef CLOUDCTL_BASE_STR_H
#define CLOUDCTL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct str {
	struct arena *arena;
	size_t max; /* bytes, without the NUL; must be > 0 */
	char *data;
	size_t length;
	size_t capacity;
	bool overflow;
};

void str_add(struct str *s, const char *bytes, size_t length);
void str_puts(struct str *s, const char *text);
void str_putc(struct str *s, char c);
void str_printf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Append text from outside so that it cannot steer a terminal: line breaks and tabs become a space; control characters,
 * marks that change the direction of text, and bytes that are not UTF-8 become "?". str_printf_visible() does
 * that to the whole of what was formatted.
 */
void str_put_visible(struct str *s, const char *text);
void str_printf_visible(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Append JSON, or YAML whose strings with such characters are in double quotes, with what utf8_is_control() names as
 * \u escapes: parsers read the same text, and a terminal is not steered. What ASCII has of it is left as it is.
 */
void str_put_escaped(struct str *s, const char *text, size_t length);

/* Append bytes as lower-case hexadecimal; as Base64 (RFC 4648 §4), with padding. */
void str_put_hex(struct str *s, const void *bytes, size_t length);
void str_put_base64(struct str *s, const void *bytes, size_t length);

/* The text so far, "" when nothing was appended; valid until the next append. */
const char *str_text(const struct str *s);

/* Forget the content, keep the memory. Clears overflow. */
void str_clear(struct str *s);

#endif
