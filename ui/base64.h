/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648 §4), in which a terminal takes what is to go into the clipboard. Pure. */
#ifndef CLOUDCTL_UI_BASE64_H
#define CLOUDCTL_UI_BASE64_H

#include <stddef.h>

struct str;

void base64_put(struct str *out, const char *bytes, size_t length);

#endif
