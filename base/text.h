/* SPDX-License-Identifier: Apache-2.0 */
/* ASCII text, independent of the locale (libc's ctype and strcasecmp follow it): lists, globs, bounded numbers. */
#ifndef CLOUDCTL_BASE_TEXT_H
#define CLOUDCTL_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A list of strings; items and the array belong to the arena it was made in. {0} is empty. */
struct text_list {
	const char **items;
	size_t count;
};

bool text_is_digit(char c);
bool text_is_letter(char c);
char text_lower(char c);

/* The value of a hexadecimal digit, in capitals or not; -1 for any other character. */
int text_hex_value(char c);

/* A copy of length bytes in small letters. */
char *text_lowered(struct arena *arena, const char *text, size_t length);

/* text, or otherwise when text is NULL or empty. */
const char *text_or(const char *text, const char *otherwise);

/* Comparisons; NULL equals only NULL. */
bool text_equal(const char *a, const char *b);
bool text_equal_nocase(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* True when every character of text is in set and minimum <= length <= maximum. */
bool text_only(const char *text, const char *set, size_t minimum, size_t maximum);

/* Is the text one of the words, which are separated by spaces? No words (NULL) or no text (""): no. */
bool text_is_among(const char *text, const char *words);

/* Split at separator; spaces around items are trimmed, empty items dropped. NULL has no items. */
struct text_list text_split(struct arena *arena, const char *text, char separator);

/* Append a copy of item to a list that is empty or was made by these functions. */
void text_list_add(struct arena *arena, struct text_list *list, const char *item);
bool text_list_has(const struct text_list *list, const char *item);

/* The same, unless the list has such an item already. */
void text_list_add_once(struct arena *arena, struct text_list *list, const char *item);

/* Each item once, in the order of its first place. */
struct text_list text_list_distinct(struct arena *arena, const struct text_list *list);

/* Order by bytes. */
void text_list_sort(struct text_list *list);

/* The items joined: "a, b". Belongs to the arena. */
const char *text_join(struct arena *arena, const struct text_list *list, const char *separator);

/* Glob match of the whole text: '*' any run, '?' any one character, nothing else is special. Never exponential. */
bool text_glob(const char *pattern, const char *text, bool ignore_case);

/* The candidate nearest to word by edit distance when it is near enough to be a slip (at most a third), else NULL. */
const char *text_nearest(const char *word, const struct text_list *candidates);

/* Digits only, no sign or spaces, minimum <= value <= maximum. False leaves *value untouched. */
bool text_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value);

/* vsnprintf() that ends what is too long with "…", never inside a UTF-8 character. size is at least 4. */
void text_vformat(char *buffer, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));

#endif
