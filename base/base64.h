/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648 §4), with padding. Pure. */
#ifndef CLOUDCTL_BASE_BASE64_H
#define CLOUDCTL_BASE_BASE64_H

#include <stddef.h>

struct str;

void base64_put(struct str *out, const void *data, size_t length);

#endif
