/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of libraries that hold secrets for us: jansson, libcurl, OpenSSL. Arenas wipe themselves. */
#ifndef CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H
#define CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H

#include <stddef.h>

/* Overwrite whatever these libraries free. Once, before any is used; the transport sees to libcurl. */
void memory_wipe_freed(void);

/* malloc()'s family, but what is freed or moved away from is overwritten. */
void *memory_allocate(size_t size);
void *memory_allocate_zeroed(size_t count, size_t size);
void *memory_resize(void *block, size_t size);
char *memory_duplicate(const char *text);
void memory_free(void *block);

#endif
