/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of libraries that hold secrets for us: jansson's trees, libcurl's copies of headers and bodies, OpenSSL's
 * buffers. Arenas wipe themselves (base/arena.h).
 */
#ifndef CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H
#define CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H

#include <stddef.h>

/*
 * From now on, whatever these libraries free is overwritten first. Once, before any of them is used; libcurl's part is
 * seen to by the transport.
 */
void memory_wipe_freed(void);

/* malloc()'s family, but what is freed or moved away from is overwritten. */
void *memory_allocate(size_t size);
void *memory_allocate_zeroed(size_t count, size_t size);
void *memory_resize(void *block, size_t size);
char *memory_duplicate(const char *text);
void memory_free(void *block);

#endif
