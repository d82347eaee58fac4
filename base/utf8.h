/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629) read one character at a time, whatever the locale of the process. */
#ifndef CLOUDCTL_BASE_UTF8_H
#define CLOUDCTL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The first character of bytes into *point; returns its length, 1–4. 0 when length is 0 or the bytes are not
 * UTF-8 (overlong forms, surrogates, above U+10FFFF, cut off); *point untouched then.
 */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *point);

/*
 * May change what a terminal shows elsewhere: C0, DEL, C1, line and paragraph separators, and the marks that
 * turn the direction of text around (U+200E, U+200F, U+202A–202E, U+2066–2069).
 */
bool utf8_is_control(uint32_t point);

/* Terminal columns of a character: 0 for combining marks, 2 for wide ones, else 1. */
int utf8_width(uint32_t point);

/* Terminal columns of a text; a byte that is not UTF-8 counts as one. */
size_t utf8_columns(const char *text);

#endif
