/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks handed out from front to back. AddressSanitizer sees what is not handed out, and a gap after each piece. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
enum { GAP = 0 };
#endif

enum { ALIGNMENT = _Alignof(max_align_t), BLOCK_SIZE = 32 << 10 };

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes of data[] */
	size_t used;
	_Alignas(max_align_t) char data[];
};

struct arena_defer {
	struct arena_defer *next;
	void (*release)(void *object);
	void *object;
};

static void (*restore_first)(void);

void out_of_memory_restore(void (*restore)(void))
{
	restore_first = restore;
}

_Noreturn void out_of_memory(void)
{
	if (restore_first)
		restore_first();
	fputs("cloudctl: out of memory\n", stderr);
	_exit(EX_SOFTWARE);
}

/* size with its gap, rounded up to the alignment. */
static size_t rounded(size_t size)
{
	if (size > SIZE_MAX / 2)
		out_of_memory();
	if (size == 0)
		size = 1;
	return (size + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* A block for one large piece goes behind the newest, whose room stays in use. */
static struct arena_block *block_add(struct arena *a, size_t need)
{
	size_t size = need > BLOCK_SIZE / 4 ? need : BLOCK_SIZE;
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		out_of_memory();
	block->size = size;
	ASAN_POISON_MEMORY_REGION(block->data, size);
	if (size == need && a->blocks) {
		block->next = a->blocks->next;
		a->blocks->next = block;
	} else {
		block->next = a->blocks;
		a->blocks = block;
	}
	return block;
}

static void block_free(struct arena_block *block)
{
	ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
	explicit_bzero(block->data, block->used);
	free(block);
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t need = rounded(size);
	struct arena_block *block = a->blocks;
	char *piece;

	if (!block || block->size - block->used < need)
		block = block_add(a, need);
	piece = block->data + block->used;
	block->used += need;
	a->used += need;
	ASAN_UNPOISON_MEMORY_REGION(piece, size);
	return piece;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		out_of_memory();
	return arena_alloc(a, total);
}

/* Give a piece that had a block to itself back to the system; wipe any other. */
static void piece_drop(struct arena *a, char *piece, size_t size)
{
	for (struct arena_block **at = &a->blocks; *at; at = &(*at)->next) {
		struct arena_block *block = *at;

		if (block->data == piece && block->used == rounded(size)) {
			*at = block->next;
			block_free(block);
			return;
		}
	}
	explicit_bzero(piece, size);
	ASAN_POISON_MEMORY_REGION(piece, size);
}

void *arena_grow(struct arena *a, void *piece, size_t size, size_t new_size)
{
	void *larger = arena_alloc(a, new_size);

	if (!piece)
		return larger;
	memcpy(larger, piece, size);
	piece_drop(a, piece, size);
	return larger;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return text ? arena_strndup(a, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *a, const char *text, size_t length)
{
	char *copy = arena_alloc(a, length + 1);

	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vprintf(a, format, arguments);
	va_end(arguments);
	return text;
}

char *arena_vprintf(struct arena *a, const char *format, va_list arguments)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		out_of_memory();
	text = arena_alloc(a, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

void arena_defer(struct arena *a, void (*release)(void *object), void *object)
{
	struct arena_defer *defer = NEW(a, struct arena_defer);

	*defer = (struct arena_defer){.next = a->defers, .release = release, .object = object};
	a->defers = defer;
}

static void release_arena(void *inner)
{
	arena_free(inner);
}

void arena_defer_arena(struct arena *a, struct arena *inner)
{
	arena_defer(a, release_arena, inner);
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->defers) {
		struct arena_defer *defer = a->defers;

		a->defers = defer->next;
		defer->release(defer->object);
	}
	while (a->blocks) {
		struct arena_block *block = a->blocks;

		a->blocks = block->next;
		block_free(block);
	}
	a->used = 0;
}
