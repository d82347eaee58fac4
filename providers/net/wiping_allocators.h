/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of libraries: what is freed or moved away from is overwritten, for it may hold secrets, and when there is none
 * left the program ends (out_of_memory()): a library that goes on without may leave out what it was to keep, or crash.
 * Arenas do both themselves; libyaml takes no allocator, and base/yaml.c looks at its errors.
 */
#ifndef CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H
#define CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H

#include <stddef.h>

/* For jansson and OpenSSL. Once, before any is used; who makes an instance of another library passes it the rest. */
void memory_take_over(void);

/* malloc(), calloc(), strdup(), realloc() and free(); blocks are those of malloc()'s family. */
void *memory_allocate(size_t size);
void *memory_allocate_zeroed(size_t count, size_t size);
char *memory_duplicate(const char *text);
void *memory_resize(void *block, size_t size);
void memory_free(void *block);

#endif
