/* SPDX-License-Identifier: Apache-2.0 */
/* Every secret becomes a few patterns; at each place of a text, its characters are read with their escapes undone. */
#include "base/redact.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"

static const char hidden[] = "[hidden]";

/* CUT_MIN: characters of a secret that are recognised at the end of a text that was cut. */
enum { CUT_MIN = 8, CODED_MIN = 6, TEXT_MAX = 64 << 20, URL_PART_MAX = 4096 };

enum spelling { SPELLING_PLAIN, SPELLING_HEX, SPELLING_BASE64 };

struct secret_spelling {
	enum spelling spelling;
	const char *text;
	size_t length;
};

struct secret_spellings {
	struct secret_spelling *items;
	size_t count;
};

/* A number of so many hexadecimal digits below 0x80; -1 when there is none. */
static int hex_number(const char *text, size_t left, size_t digits)
{
	int number = 0;

	if (left < digits)
		return -1;
	for (size_t i = 0; i < digits; i++) {
		int value = text_hex_value(text[i]);

		if (value < 0 || number > 7)
			return -1;
		number = number * 16 + value;
	}
	return number;
}

/* "&#47;" and "&#x2f;": its length, 0 for anything else. */
static size_t xml_reference(const char *text, size_t left, int *c)
{
	size_t at = 2;
	int base = 10, number = 0;

	if (left < 4 || text[0] != '&' || text[1] != '#')
		return 0;
	if (text_lower(text[at]) == 'x') {
		base = 16;
		at++;
	}
	for (; at < left && text[at] != ';'; at++) {
		int value = text_hex_value(text[at]);

		if (value < 0 || value >= base || number > 0x7f)
			return 0;
		number = number * base + value;
	}
	*c = number;
	return at < left ? at + 1 : 0;
}

/* One character with its escape undone; how many bytes it took, at least 1. left > 0. */
static size_t read_character(const char *text, size_t left, int *c)
{
	size_t slashes = 0, length;

	*c = (unsigned char)text[0];
	if (text[0] == '%' && hex_number(text + 1, left - 1, 2) >= 0) {
		*c = hex_number(text + 1, left - 1, 2);
		/* encoded twice: %252F */
		if (*c == '%' && hex_number(text + 3, left - 3, 2) >= 0) {
			*c = hex_number(text + 3, left - 3, 2);
			return 5;
		}
		return 3;
	}
	length = xml_reference(text, left, c);
	if (length > 0)
		return length;
	*c = (unsigned char)text[0];
	while (slashes < left && text[slashes] == '\\')
		slashes++;
	if (slashes == 0 || slashes == left)
		return 1;
	if (text[slashes] == 'u' && hex_number(text + slashes + 1, left - slashes - 1, 4) >= 0) {
		*c = hex_number(text + slashes + 1, left - slashes - 1, 4);
		return slashes + 5;
	}
	*c = (unsigned char)text[slashes];
	return slashes + 1;
}

static bool same(enum spelling spelling, int c, char wanted)
{
	if (spelling == SPELLING_HEX)
		return c < 0x80 && text_lower((char)c) == wanted;
	if (spelling == SPELLING_BASE64 && (c == '-' || c == '_')) /* RFC 4648 §5 */
		return wanted == (c == '-' ? '+' : '/');
	return c == (unsigned char)wanted;
}

/* Bytes of text that spell the pattern, or its beginning up to the end of the text; 0 when they do not. */
static size_t match(const struct secret_spelling *pattern, const char *text, size_t left)
{
	size_t at = 0, matched = 0;

	while (matched < pattern->length && at < left) {
		int c;
		size_t raw = pattern->spelling == SPELLING_PLAIN && pattern->text[matched] == '\\';
		size_t used = raw ? 1 : read_character(text + at, left - at, &c);

		if (raw)
			c = (unsigned char)text[at];
		/* Some services put blanks between the bytes. */
		if (pattern->spelling == SPELLING_HEX && matched > 0 && matched % 2 == 0 && c == ' ') {
			at += used;
			continue;
		}
		if (!same(pattern->spelling, c, pattern->text[matched]))
			return 0;
		matched++;
		at += used;
	}
	if (matched == pattern->length || matched >= CUT_MIN)
		return at;
	return 0;
}

static void add_pattern(struct arena *arena, struct secret_spellings *patterns, enum spelling spelling,
	const char *text, size_t length)
{
	patterns->items[patterns->count++] = (struct secret_spelling){spelling,
		arena_strndup(arena, text, length), length};
}

/* The characters of Base64 that follow from the secret alone, for each of the three places in a group of bytes. */
static void add_base64(struct arena *arena, struct secret_spellings *patterns, const char *secret,
	size_t length)
{
	for (size_t before = 0; before < 3; before++) {
		char *bytes = arena_printf(arena, "%.*s%s", (int)before, "..", secret);
		struct str coded = {.arena = arena, .max = TEXT_MAX};
		size_t first = (before * 8 + 5) / 6, end = (before + length) * 8 / 6;

		str_put_base64(&coded, bytes, before + length);
		if (end >= first + CODED_MIN)
			add_pattern(arena, patterns, SPELLING_BASE64, coded.data + first, end - first);
	}
}

static struct secret_spellings patterns_of(struct arena *arena, const struct text_list *secrets)
{
	struct secret_spellings patterns = {0};
	size_t count = secrets ? secrets->count : 0;

	patterns.items = NEW_ARRAY(arena, struct secret_spelling, 5 * count + 1);
	for (size_t i = 0; i < count; i++) {
		const char *secret = secrets->items[i];
		size_t length = strlen(secret);
		struct str hex = {.arena = arena, .max = TEXT_MAX};

		if (length < SECRET_MIN)
			continue;
		str_put_hex(&hex, secret, length);
		add_pattern(arena, &patterns, SPELLING_PLAIN, secret, length);
		add_pattern(arena, &patterns, SPELLING_HEX, hex.data, hex.length);
		add_base64(arena, &patterns, secret, length);
	}
	return patterns;
}

static size_t longest_match(const struct secret_spellings *patterns, const char *text, size_t left)
{
	size_t longest = 0;

	for (size_t i = 0; i < patterns->count; i++) {
		size_t length = match(&patterns->items[i], text, left);

		if (length > longest)
			longest = length;
	}
	return longest;
}

/* Bytes up to the '@' of "user:password@host"; 0 when there is none. Blanks, quotes and a path end it. */
static size_t userinfo(const char *text, size_t left)
{
	size_t at = 0;

	for (size_t i = 0; i < left && i < URL_PART_MAX && text[i] && !strchr("/?# \t\r\n\"'<>", text[i]);
		i++)
		if (text[i] == '@')
			at = i;
	return at;
}

size_t redact(struct str *out, const struct text_list *secrets, const char *text, size_t length)
{
	struct arena arena = {0};
	struct secret_spellings patterns = patterns_of(&arena, secrets);
	size_t at = 0;

	while (at < length && !out->overflow) {
		size_t secret = longest_match(&patterns, text + at, length - at);
		bool url = at >= 3 && memcmp(text + at - 3, "://", 3) == 0;

		if (secret == 0 && url)
			secret = userinfo(text + at, length - at);
		if (secret > 0)
			str_puts(out, hidden);
		else
			str_putc(out, text[at]);
		at += secret > 0 ? secret : 1;
	}
	arena_free(&arena);
	return out->overflow ? at - 1 : at;
}

const char *redacted(struct arena *arena, const struct text_list *secrets, const char *text)
{
	struct str out = {.arena = arena, .max = TEXT_MAX};

	redact(&out, secrets, text, strlen(text));
	return arena_strdup(arena, str_text(&out));
}

const char *redacted_url(struct arena *arena, const char *url)
{
	const char *scheme = strstr(url, "://"), *at = strrchr(url, '@');
	size_t kept = scheme ? (size_t)(scheme + 3 - url) : 0;

	if (!at || at < url + kept)
		return url;
	return arena_printf(arena, "%.*s%s%s", (int)kept, url, hidden, at);
}

void redact_error(struct error *err, const struct text_list *secrets)
{
	struct arena arena = {0};
	struct {
		char *text;
		size_t size;
	} texts[ERROR_FRAMES + 2] = {
		{err->code, sizeof(err->code)},
		{err->request_id, sizeof(err->request_id)},
	};

	for (size_t i = 0; i < ERROR_FRAMES; i++) {
		texts[i + 2].text = err->frame[i];
		texts[i + 2].size = i < (size_t)err->depth ? sizeof(err->frame[i]) : 0;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		if (texts[i].size > 0)
			snprintf(texts[i].text, texts[i].size, "%s",
				redacted(&arena, secrets, texts[i].text));
	arena_free(&arena);
}
