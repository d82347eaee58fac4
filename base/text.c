/* SPDX-License-Identifier: Apache-2.0 */
/* ASCII text without the locale: comparisons, lists, globs, numbers. Pure, except for memory from the arena. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

bool text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool text_is_letter(char c)
{
	char lower = text_lower(c);

	return lower >= 'a' && lower <= 'z';
}

char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int text_hex_value(char c)
{
	if (text_is_digit(c))
		return c - '0';
	c = text_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *text_lowered(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_strndup(arena, text, length);

	for (char *c = copy; *c; c++)
		*c = text_lower(*c);
	return copy;
}

const char *text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

bool text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool text_equal_nocase(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && text_lower(*a) == text_lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

bool text_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
	size_t length = strlen(text);
	size_t tail = strlen(suffix);

	return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}

bool text_only(const char *text, const char *set, size_t minimum, size_t maximum)
{
	size_t length = strlen(text);

	return length >= minimum && length <= maximum && strspn(text, set) == length;
}

bool text_is_among(const char *text, const char *words)
{
	size_t length = strlen(text);

	for (const char *word = words && length > 0 ? words : ""; *word; word += strspn(word, " ")) {
		size_t end = strcspn(word, " ");

		if (end == length && strncmp(word, text, length) == 0)
			return true;
		word += end;
	}
	return false;
}

static void list_append(struct arena *arena, struct text_list *list, const char *item)
{
	/* Full exactly when the count is a power of two, since the array doubles. */
	if ((list->count & (list->count - 1)) == 0) {
		const char **larger = NEW_ARRAY(arena, const char *, list->count ? list->count * 2 : 1);

		if (list->count)
			memcpy(larger, list->items, list->count * sizeof(*larger));
		list->items = larger;
	}
	list->items[list->count++] = item;
}

struct text_list text_split(struct arena *arena, const char *text, char separator)
{
	struct text_list list = {0};

	while (text) {
		const char *end = strchr(text, separator);
		const char *stop = end ? end : text + strlen(text);

		while (*text == ' ' && text < stop)
			text++;
		while (stop > text && stop[-1] == ' ')
			stop--;
		if (stop > text)
			list_append(arena, &list, arena_strndup(arena, text, (size_t)(stop - text)));
		text = end ? end + 1 : NULL;
	}
	return list;
}

void text_list_add(struct arena *arena, struct text_list *list, const char *item)
{
	list_append(arena, list, arena_strdup(arena, item));
}

bool text_list_has(const struct text_list *list, const char *item)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->items[i], item))
			return true;
	}
	return false;
}

void text_list_add_once(struct arena *arena, struct text_list *list, const char *item)
{
	if (!text_list_has(list, item))
		text_list_add(arena, list, item);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct text_list text_list_distinct(struct arena *arena, const struct text_list *list)
{
	struct text_list distinct = {0};

	for (size_t i = 0; i < list->count; i++)
		text_list_add_once(arena, &distinct, list->items[i]);
	return distinct;
}

void text_list_sort(struct text_list *list)
{
	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), by_bytes);
}

const char *text_join(struct arena *arena, const struct text_list *list, const char *separator)
{
	struct str joined = {.arena = arena, .max = SIZE_MAX / 2};

	for (size_t i = 0; i < list->count; i++) {
		if (i)
			str_puts(&joined, separator);
		str_puts(&joined, list->items[i]);
	}
	return str_text(&joined);
}

bool text_glob(const char *pattern, const char *text, bool ignore_case)
{
	const char *star = NULL; /* the last '*' seen, and where its run ends at present */
	const char *run = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			run = text;
		} else if (*pattern == '?' || *pattern == *text ||
			(ignore_case && text_lower(*pattern) == text_lower(*text))) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++run;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

enum { WORD_MAX = 64 };

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edit distance (optimal string alignment: two neighbours exchanged are one slip) of words up to WORD_MAX. */
static size_t distance(const char *a, const char *b)
{
	size_t row[3][WORD_MAX + 1]; /* two above, above, this one: rotated by i % 3 */
	size_t b_length = strlen(b);
	size_t i;

	for (size_t j = 0; j <= b_length; j++)
		row[0][j] = j;
	for (i = 1; a[i - 1]; i++) {
		size_t *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			now[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
			now[j] = smaller(now[j], smaller(above[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = smaller(now[j], two_above[j - 2] + 1);
		}
	}
	return row[(i - 1) % 3][b_length];
}

const char *text_nearest(const char *word, const struct text_list *candidates)
{
	const char *nearest = NULL;
	size_t best = WORD_MAX;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < candidates->count; i++) {
		const char *candidate = candidates->items[i];
		size_t longer = strlen(candidate) > strlen(word) ? strlen(candidate) : strlen(word);
		size_t slips = longer > WORD_MAX ? WORD_MAX : distance(word, candidate);

		if (slips * 3 <= longer && slips < best) {
			best = slips;
			nearest = candidate;
		}
	}
	return nearest;
}

bool text_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		if (!text_is_digit(*text) || __builtin_mul_overflow(number, 10U, &number) ||
			__builtin_add_overflow(number, (uint64_t)(*text - '0'), &number))
			return false;
	}
	if (number < minimum || number > maximum)
		return false;
	*value = number;
	return true;
}

void text_vformat(char *buffer, size_t size, const char *format, va_list arguments)
{
	static const char cut[] = "…";
	int length = vsnprintf(buffer, size, format, arguments);
	size_t end;

	if (length >= 0 && (size_t)length < size)
		return;
	end = length < 0 ? 0 : size - sizeof(cut);
	while (end > 0 && ((unsigned char)buffer[end] & 0xc0) == 0x80)
		end--;
	memcpy(buffer + end, cut, sizeof(cut));
}
