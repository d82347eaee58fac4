/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629) read one character at a time, whatever the locale of the process. */
#ifndef CLOUDCTL_BASE_UTF8_H
#define CLOUDCTL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first character into *point; its length, 1–4, or 0 for no bytes or not UTF-8 (RFC 3629), *point untouched. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *point);

/* C0, DEL, C1, line and paragraph separators, and marks that turn the direction of text: they can steer a terminal. */
bool utf8_is_control(uint32_t point);

/* Terminal columns of a character: 0 for combining marks, 2 for wide ones, else 1. */
int utf8_width(uint32_t point);

/* Terminal columns of a text; a byte that is not UTF-8 counts as one. */
size_t utf8_columns(const char *text);

#endif
