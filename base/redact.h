/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in text from outside, found in whatever spelling and replaced by "[hidden]": as they are, percent-encoded,
 * with the escapes of JSON (\/, \u002f) and XML (&#47;), and in hexadecimal and Base64 with those. The user and password of
 * every URL are hidden, too. Text must be redacted before it is cut: what is left of a secret is not recognised,
 * except for its beginning at the very end of the text.
 */
#ifndef CLOUDCTL_BASE_REDACT_H
#define CLOUDCTL_BASE_REDACT_H

#include <stddef.h>

#include "base/error.h"
#include "base/str.h"
#include "base/text.h"

/* A secret shorter than this is not looked for: it would be found in ordinary words. */
enum { SECRET_MIN = 8 };

/*
 * Append text without secrets (which may be NULL), until out is full. Returns how many bytes of text have been read,
 * so that a caller can say how much is missing.
 */
size_t redact(struct str *out, const struct text_list *secrets, const char *text, size_t length);

/* The same as a string of its own, in arena. */
const char *redacted(struct arena *arena, const struct text_list *secrets, const char *text);

/* An address that may lack its scheme or be malformed: all before its last '@' is hidden. */
const char *redacted_url(struct arena *arena, const char *url);

/* All texts of an error that is set. */
void redact_error(struct error *err, const struct text_list *secrets);

#endif
