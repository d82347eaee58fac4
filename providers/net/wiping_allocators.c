/* SPDX-License-Identifier: Apache-2.0 */
/* Wrappers around malloc(), which tells how large a block is. None of them returns without memory. */
#include "providers/net/wiping_allocators.h"

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void *memory_allocate(size_t size)
{
	void *block = malloc(size);

	if (!block && size > 0)
		out_of_memory();
	return block;
}

void *memory_allocate_zeroed(size_t count, size_t size)
{
	void *block = calloc(count, size);

	if (!block && count > 0 && size > 0)
		out_of_memory();
	return block;
}

char *memory_duplicate(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(memory_allocate(size), text, size);
}

void memory_free(void *block)
{
	if (block)
		explicit_bzero(block, malloc_usable_size(block));
	free(block);
}

void *memory_resize(void *block, size_t size)
{
	size_t had = block ? malloc_usable_size(block) : 0;
	void *other;

	if (size == 0) {
		memory_free(block);
		return NULL;
	}
	if (block && size <= had && had / 2 <= size) /* it fits */
		return block;
	other = memory_allocate(size);
	if (block)
		memcpy(other, block, had < size ? had : size);
	memory_free(block);
	return other;
}

static void *for_openssl(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_allocate(size);
}

static void *resize_for_openssl(void *block, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return memory_resize(block, size);
}

static void free_for_openssl(void *block, const char *file, int line)
{
	(void)file, (void)line;
	memory_free(block);
}

void memory_take_over(void)
{
	json_set_alloc_funcs(memory_allocate, memory_free);
	CRYPTO_set_mem_functions(for_openssl, resize_for_openssl, free_for_openssl);
}
