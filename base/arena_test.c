/* SPDX-License-Identifier: Apache-2.0 */
/* Arena and str: the two that hand out memory. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 16, 100, 4096, 9000, 40000, 1 << 20};
	struct arena arena = {0};

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
			char *piece = arena_alloc(&arena, sizes[i]);

			assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(piece[j], 0);
			memset(piece, 'x', sizes[i]);
		}
	}
	assert_true(arena.used >= 3 * ((1 << 20) + 40000));
	arena_free(&arena);
	assert_null(arena.blocks);
	assert_int_equal(arena.used, 0);
	arena_free(&arena);
	arena_free(NULL);
}

static void pieces_do_not_overlap(void **state)
{
	struct arena arena = {0};
	unsigned char *piece[500];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(piece); i++) {
		piece[i] = arena_alloc(&arena, i * 37 % 11000);
		memset(piece[i], (int)(i & 0xff), i * 37 % 11000);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(piece); i++) {
		for (size_t j = 0; j < i * 37 % 11000; j++)
			assert_int_equal(piece[i][j], i & 0xff);
	}
	arena_free(&arena);
}

static void growing_keeps_the_bytes(void **state)
{
	struct arena arena = {0};
	char *piece = arena_grow(&arena, NULL, 0, 3);
	size_t size = 3;

	(void)state;
	memcpy(piece, "abc", 3);
	while (size < 1 << 20) {
		arena_alloc(&arena, 5);
		piece = arena_grow(&arena, piece, size, size * 2);
		assert_memory_equal(piece, "abc", 3);
		assert_int_equal(piece[size], 0);
		assert_int_equal(piece[size * 2 - 1], 0);
		size *= 2;
	}
	arena_free(&arena);
}

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>

static void the_sanitizer_sees_the_end_of_a_piece(void **state)
{
	struct arena arena = {0};
	char *first = arena_alloc(&arena, 16);
	char *second = arena_alloc(&arena, 16);
	char *grown;

	(void)state;
	assert_false(__asan_address_is_poisoned(first + 15));
	assert_true(__asan_address_is_poisoned(first + 16));
	assert_true(__asan_address_is_poisoned(second + 16));
	grown = arena_grow(&arena, second, 16, 32);
	assert_true(__asan_address_is_poisoned(second));
	assert_false(__asan_address_is_poisoned(grown + 31));
	arena_free(&arena);
}
#endif

static void copies_end_in_nul(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_null(arena_strdup(&arena, NULL));
	assert_string_equal(arena_strdup(&arena, ""), "");
	assert_string_equal(arena_strdup(&arena, "vpc-1"), "vpc-1");
	assert_string_equal(arena_strndup(&arena, "vpc-1", 3), "vpc");
	assert_string_equal(arena_printf(&arena, "%s=%d", "a", 7), "a=7");
	arena_free(&arena);
}

static char order[8];

static void note(void *letter)
{
	order[strlen(order)] = *(const char *)letter;
}

static void defers_run_newest_first_and_once(void **state)
{
	struct arena arena = {0};

	(void)state;
	arena_defer(&arena, note, "a");
	arena_defer(&arena, note, "b");
	arena_defer(&arena, note, "c");
	arena_free(&arena);
	arena_free(&arena);
	assert_string_equal(order, "cba");
}

/* In a child, since the process ends. */
static void too_much_ends_with_70(void **state)
{
	static const size_t counts[] = {SIZE_MAX, SIZE_MAX / 16, SIZE_MAX / 2 + 2};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (child == 0) {
			struct arena arena = {0};

			fclose(stderr);
			arena_array(&arena, counts[i], 16);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 70);
	}
}

static void str_appends(void **state)
{
	struct arena arena = {0};
	struct str s = {.arena = &arena, .max = 1 << 20};

	(void)state;
	assert_string_equal(str_text(&s), "");
	str_puts(&s, "a");
	str_putc(&s, 'b');
	str_add(&s, "cdef", 2);
	str_printf(&s, "%d%s", 12, "x");
	assert_string_equal(str_text(&s), "abcd12x");
	assert_int_equal(s.length, 7);
	str_clear(&s);
	assert_string_equal(str_text(&s), "");
	for (int i = 0; i < 10000; i++)
		str_printf(&s, "%d,", i % 10);
	assert_int_equal(s.length, 20000);
	assert_memory_equal(s.data + 19996, "8,9,", 4);
	assert_false(s.overflow);
	arena_free(&arena);
}

static void str_stops_at_its_maximum(void **state)
{
	struct arena arena = {0};
	struct str s = {.arena = &arena, .max = 5};

	(void)state;
	str_puts(&s, "abcde");
	assert_false(s.overflow);
	str_puts(&s, "");
	assert_false(s.overflow);
	str_puts(&s, "f");
	assert_true(s.overflow);
	str_clear(&s);
	assert_false(s.overflow);
	str_printf(&s, "%s", "abcdefg");
	assert_true(s.overflow);
	assert_string_equal(str_text(&s), "abcde");
	str_clear(&s);
	str_puts(&s, "abc");
	str_puts(&s, "defg");
	str_puts(&s, "");
	str_putc(&s, 'h');
	assert_string_equal(str_text(&s), "abcde");
	arena_free(&arena);
}

static void visible_text_cannot_steer_a_terminal(void **state)
{
	static const struct {
		const char *text, *visible;
	} rows[] = {
		{"plain", "plain"}, {"", ""}, {"two\nlines\ttab\r", "two lines tab "},
		{"\033[31mred\a", "?[31mred?"}, {"\177", "?"},
		{"\xc2\x9b"
		 "31m",
			"?31m"}, /* C1 CSI */
		{"größe 🙂", "größe 🙂"},
		{"a\xe2\x80\xae"
		 "b",
			"a?b"}, /* right-to-left override */
		{"\xff\xfe", "??"}, {"cut \xe2\x82", "cut ??"}, {"\xc0\xaf", "??"}, /* overlong '/' */
		{"\xed\xa0\x80", "???"},                                            /* a surrogate */
		{"\xf4\x90\x80\x80", "????"},                                       /* above U+10FFFF */
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct str s = {.arena = &arena, .max = 100};

		str_put_visible(&s, rows[i].text);
		assert_string_equal(str_text(&s), rows[i].visible);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] =
	{ cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(growing_keeps_the_bytes),
#if defined(__SANITIZE_ADDRESS__)
		cmocka_unit_test(the_sanitizer_sees_the_end_of_a_piece),
#endif
		cmocka_unit_test(copies_end_in_nul),
		cmocka_unit_test(defers_run_newest_first_and_once),
		cmocka_unit_test(too_much_ends_with_70),
		cmocka_unit_test(str_appends),
		cmocka_unit_test(str_stops_at_its_maximum),
		cmocka_unit_test(visible_text_cannot_steer_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
