/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting for a shell (POSIX, Shell Command Language, 2.2 Quoting). */
#include "base/shell_word.h"

#include <string.h>

#include "base/str.h"

enum { LONGEST = 16 << 10, ESCAPED = 4 }; /* a quote becomes four characters */

bool shell_is_plain(const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/@=+,";

	return text_only(text, plain, 1, LONGEST);
}

const char *shell_word(struct arena *arena, const char *text)
{
	struct str word = {.arena = arena, .max = (size_t)ESCAPED * LONGEST + 2};

	if (shell_is_plain(text))
		return text;
	if (strlen(text) > LONGEST)
		return "''";
	str_putc(&word, '\'');
	for (; *text; text++)
		if (*text == '\'')
			str_puts(&word, "'\\''");
		else
			str_putc(&word, *text);
	str_putc(&word, '\'');
	return str_text(&word);
}

const char *shell_words(struct arena *arena, const struct text_list *texts)
{
	struct text_list words = {0};

	for (size_t i = 0; i < texts->count; i++)
		text_list_add(arena, &words, shell_word(arena, texts->items[i]));
	return text_join(arena, &words, " ");
}
