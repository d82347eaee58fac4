/* SPDX-License-Identifier: Apache-2.0 */
/* Three bytes in, four letters out. */
#include "base/base64.h"

#include <stdint.h>

#include "base/str.h"

void base64_put(struct str *out, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		uint32_t three = 0;

		for (size_t j = 0; j < 3; j++)
			three = three << 8 | (i + j < length ? bytes[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			str_putc(out, i + j > length ? '=' : letters[three >> (18 - 6 * j) & 63]);
	}
}
