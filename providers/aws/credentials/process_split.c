/* SPDX-License-Identifier: Apache-2.0 */
/* A command line into words, as the AWS CLI splits credential_process: quoting, but nothing is expanded. */
#include <string.h>

#include "base/arena.h"
#include "providers/aws/credentials/credentials_source.h"

static const char blanks[] = " \t\r\n";

/* Copy one word to *to without its quotes; returns what follows, NULL when a quote stays open. */
static const char *take_word(const char *from, char **to)
{
	char quote = 0;

	for (; *from && (quote || !strchr(blanks, *from)); from++) {
		if (!quote && (*from == '"' || *from == '\'')) {
			quote = *from;
		} else if (quote && *from == quote) {
			quote = 0;
		} else if (*from == '\\' && quote != '\'' && (!quote || from[1] == '"' || from[1] == '\\')) {
			if (!*++from)
				return NULL;
			*(*to)++ = *from;
		} else {
			*(*to)++ = *from;
		}
	}
	*(*to)++ = '\0';
	return quote ? NULL : from;
}

char **process_split(struct arena *arena, const char *command, struct error *err)
{
	/* No word is longer than its source, and there are at most as many as every other character. */
	size_t length = strlen(command), count = 0;
	char *out = arena_alloc(arena, length + 2);
	char **words = arena_array(arena, length / 2 + 2, sizeof(*words));

	for (command += strspn(command, blanks); *command; command += strspn(command, blanks)) {
		words[count++] = out;
		command = take_word(command, &out);
		if (!command) {
			error_set(err, ERROR_INPUT,
				"a quote without its end, or a backslash with nothing after it");
			return NULL;
		}
	}
	if (count > 0)
		return words;
	error_set(err, ERROR_INPUT, "there is no command");
	return NULL;
}
