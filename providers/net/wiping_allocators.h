/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of libraries that hold secrets for us: jansson, libcurl, OpenSSL. Arenas wipe themselves. */
#ifndef CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H
#define CLOUDCTL_PROVIDERS_NET_WIPING_ALLOCATORS_H

#include <stddef.h>

/* Overwrite whatever these libraries free. Once, before any is used; the transport sees to libcurl. */
void memory_wipe_freed(void);

/* realloc() and free() for what malloc()'s family gave, but what is freed or moved away from is overwritten. */
void *memory_resize(void *block, size_t size);
void memory_free(void *block);

#endif
