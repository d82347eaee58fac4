/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One arena holds everything that lives as long as a command: nothing in it is freed one by one.
 *
 * A zeroed struct arena is an empty one. Memory is zeroed, aligned for any type, never NULL: when the machine
 * has no memory left the process ends with exit code 70 and a message. The memory is wiped when the arena is
 * freed, because replies can hold secrets. Not for more than one thread.
 */
#ifndef CLOUDCTL_BASE_ARENA_H
#define CLOUDCTL_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena {
	struct arena_block *blocks; /* newest first */
	struct arena_defer *defers; /* newest first */
	size_t used;                /* bytes handed out, for figures */
};

/* size bytes, zeroed. size 0 gives a valid pointer that must not be written to. */
void *arena_alloc(struct arena *a, size_t size);

/* count * size bytes with the multiplication checked; overflow ends the process like running out of memory. */
void *arena_array(struct arena *a, size_t count, size_t size);

#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

/* Make a piece larger: size bytes are kept, the rest is zeroed, the old place is wiped. NULL with size 0: a new one. */
void *arena_grow(struct arena *a, void *piece, size_t size, size_t new_size);

/* Copies. The result is NUL-terminated. text may be NULL in arena_strdup, which then returns NULL. */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t length);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/*
 * What becomes of the process when there is no memory left: "cloudctl: out of memory" on standard error, and exit code 70
 * at once, without handlers of exit(): the library that asked for the memory may hold its own locks. For every allocator
 * that the process has. restore, of which there is one (NULL: none), runs before and gives the terminal back.
 */
_Noreturn void out_of_memory(void);
void out_of_memory_restore(void (*restore)(void));

/* Run release(object) when the arena is freed, newest first, before any memory goes. */
void arena_defer(struct arena *a, void (*release)(void *object), void *object);

/* Free inner when a is freed. */
void arena_defer_arena(struct arena *a, struct arena *inner);

/* Run the defers, wipe and free the memory; the arena is empty and usable again. NULL and empty are accepted. */
void arena_free(struct arena *a);

#endif
