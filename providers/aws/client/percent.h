/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding (RFC 3986 §2.1) as AWS wants it: all but A-Za-z0-9-_.~, upper-case digits, a space is %20. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_PERCENT_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* Append the encoded bytes. keep_slash leaves "/" alone (S3 keys, canonical paths). */
void percent_encode(struct str *out, const char *bytes, size_t length, bool keep_slash);

/* The decoded text in arena. "+" is a plus; %00 and broken escapes stay as they are. */
char *percent_decode(struct arena *arena, const char *text);

#endif
