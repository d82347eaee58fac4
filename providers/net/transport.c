/* SPDX-License-Identifier: Apache-2.0 */
/* What every transport has in common. */
#include "providers/net/transport.h"

#include <string.h>

#include "base/arena.h"

/* Does the line begin with "name:"? */
static bool names(const char *line, size_t length, const char *name)
{
	size_t i = 0;

	while (name[i] && i < length && text_lower(line[i]) == text_lower(name[i]))
		i++;
	return name[i] == '\0' && i < length && line[i] == ':';
}

const char *exchange_header(const struct exchange *exchange, struct arena *arena, const char *name)
{
	const char *line = str_text(&exchange->reply_headers);

	while (*line) {
		size_t length = strcspn(line, "\r\n"), skip = strlen(name) + 1;

		if (names(line, length, name)) {
			while (skip < length && (line[skip] == ' ' || line[skip] == '\t'))
				skip++;
			return arena_strndup(arena, line + skip, length - skip);
		}
		line += length;
		line += strspn(line, "\r\n");
	}
	return NULL;
}
