/* SPDX-License-Identifier: Apache-2.0 */
/* Code spans (GFM 0.29, section 6.3), fenced code blocks (4.5), and what is plainly harmless. */
#include "ui/documents/markdown_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "base/utf8.h"

enum { LONGEST = 2000, LINES_MAX = 40, FENCE_MIN = 3 };

/* The length of text when it is cut after at most LONGEST bytes, between characters. */
static size_t cut(const char *text, size_t length)
{
	size_t at = 0;
	uint32_t point;

	while (at < length) {
		size_t used = utf8_decode(text + at, length - at, &point);

		used += used == 0;
		if (at + used > LONGEST)
			break;
		at += used;
	}
	return at;
}

/* One line of length bytes, visible and not too long. */
static const char *line(struct arena *arena, const char *text, size_t length)
{
	struct str out = {.arena = arena, .max = 3 * (LONGEST + 1)};
	size_t kept = cut(text, length);

	str_put_visible(&out, arena_strndup(arena, text, kept));
	if (kept < length)
		str_puts(&out, "…");
	return str_text(&out);
}

/* The longest run of backticks. */
static size_t longest_run(const char *text)
{
	size_t longest = 0;

	for (size_t run = 0; *text; text++) {
		run = *text == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void put_times(struct str *out, char c, size_t count)
{
	while (count-- > 0)
		str_putc(out, c);
}

/* No character with a meaning, no word that becomes a link; colons only at a word's end (not "https://", ":smile:"). */
static bool is_harmless(const char *text)
{
	static const char signs[] = " ,.;:'\"()/+-=?";

	for (const char *at = text; *at; at++) {
		bool ascii = (unsigned char)*at < 0x80;

		if (ascii && !text_is_digit(*at) && !text_is_letter(*at) && !strchr(signs, *at))
			return false;
		if (*at == ':' && at[1] && at[1] != ' ')
			return false;
	}
	return !text_glob("*www.*", text, true) && !text_glob("*gh-*", text, true);
}

/* *text is a line already. */
static void put_code(struct str *out, const char *text)
{
	size_t ticks = longest_run(text) + 1;
	size_t length = strlen(text);
	/* Readers take off a space on both sides; it is needed next to a backtick or a space. */
	bool pad = strchr("` ", text[0]) || strchr("` ", text[length - 1]);

	put_times(out, '`', ticks);
	str_puts(out, pad ? " " : "");
	for (; *text; text++) {
		if (*text == '|')
			str_puts(out, "¦");
		else
			str_putc(out, *text);
	}
	str_puts(out, pad ? " " : "");
	put_times(out, '`', ticks);
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

void markdown_text_code(struct str *out, const char *text)
{
	const char *shown = line(out->arena, text ? text : "", text ? strlen(text) : 0);

	if (is_blank(shown))
		str_putc(out, '-');
	else
		put_code(out, shown);
}

void markdown_text_sentence(struct str *out, const char *text)
{
	const char *shown = line(out->arena, text ? text : "", text ? strlen(text) : 0);

	if (!is_blank(shown) && is_harmless(shown))
		str_puts(out, shown);
	else
		markdown_text_code(out, text);
}

static struct text_list lines_of(struct arena *arena, const char *const *texts, size_t count)
{
	struct text_list lines = {0};

	for (size_t i = 0; i < count; i++) {
		for (const char *text = texts[i]; text;) {
			const char *end = strchr(text, '\n');
			size_t length = end ? (size_t)(end - text) : strlen(text);

			if (length > 0)
				text_list_add(arena, &lines, line(arena, text, length));
			text = end ? end + 1 : NULL;
		}
	}
	return lines;
}

void markdown_text_block(struct str *out, const char *const *texts, size_t count)
{
	struct text_list lines = lines_of(out->arena, texts, count);
	size_t shown = lines.count > LINES_MAX ? LINES_MAX : lines.count;
	size_t ticks = FENCE_MIN;

	if (shown == 0)
		return;
	for (size_t i = 0; i < shown; i++) {
		size_t run = longest_run(lines.items[i]);

		if (run >= ticks)
			ticks = run + 1;
	}
	put_times(out, '`', ticks);
	str_puts(out, "text\n");
	for (size_t i = 0; i < shown; i++) {
		str_puts(out, lines.items[i]);
		str_putc(out, '\n');
	}
	if (shown < lines.count)
		str_printf(out, "(%zu more)\n", lines.count - shown);
	put_times(out, '`', ticks);
	str_putc(out, '\n');
}
