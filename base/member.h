/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of a struct as a table, and what one table is good for: to read the struct from a tree (of JSON or YAML),
 * to write it to one, and to copy what it points to into an arena.
 *
 * Trees are hostile: what is read is bounded and typed. An ERROR_INPUT begins with the member's path, so that it can be
 * found: "owner.name: must be text", "items: item 2: name: is missing".
 */
#ifndef CLOUDCTL_BASE_MEMBER_H
#define CLOUDCTL_BASE_MEMBER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"

struct arena;

enum member_type {
	MEMBER_TEXT, /* const char * */
	MEMBER_LIST, /* a pointer to texts, or to structs of .table, and then, size_t, their number: struct text_list */
	MEMBER_FLAG,   /* bool; left out when false */
	MEMBER_WORD,   /* an enum, or unsigned: one of .words */
	MEMBER_INT,    /* int, not negative */
	MEMBER_INT64,  /* int64_t, not negative */
	MEMBER_COUNT,  /* size_t */
	MEMBER_STRUCT, /* a struct inside this one; left out when all its members are */
};

enum member_flag {
	MEMBER_NEEDED = 1, /* to read a tree without it is an error */
	/* A number, or a word of value 0: left out then. A struct: left out when its first member, a text, is NULL. */
	MEMBER_SPARSE = 2,
};

/* The largest number: a double holds it exactly, so every reader of JSON does. */
#define MEMBER_NUMBER_MAX ((int64_t)1 << 53)

struct member {
	const char *name;
	enum member_type type;
	size_t offset; /* in the struct */
	unsigned flags;
	const char *const *words;         /* MEMBER_WORD: by value, and then NULL */
	bool (*valid)(const char *text);  /* MEMBER_TEXT, each text of a MEMBER_LIST: NULL accepts any */
	const char *form;                 /* what valid accepts, for "must be …" */
	const struct member_table *table; /* of the struct, or of the items of a list */
	/* The largest number, or number of items; 0: MEMBER_NUMBER_MAX (INT_MAX of an int), 10000 items. */
	int64_t most;
};

struct member_table {
	const struct member *rows;
	size_t count;
	size_t size; /* of the struct */
	/*
	 * For logs, which other versions write: members that are not in the table are skipped, and texts and lists may be
	 * empty. Without it, an unknown member is an error that suggests the nearest; an empty text is refused when it is
	 * read, and left out when it is written, as an empty list is.
	 */
	bool open;
};

/* rows is an array. */
#define MEMBER_TABLE(type, table_rows) \
	.rows = (table_rows), .count = ARRAY_LENGTH(table_rows), .size = sizeof(type)

/* A struct and its table. The members of one object may lie in several structs. */
struct member_part {
	const struct member_table *table;
	void *object;
};

/*
 * Read an object into zeroed structs; what they point to is copied into the arena. A member may be missing, or null, and
 * its place stays as it is. Numbers and true/false are accepted as text too, because readers of YAML differ. On error
 * some members are set and others not.
 */
int member_read(struct arena *arena, const json_t *tree, const struct member_part *parts, size_t count,
	struct error *err);

/* Add the struct's members to an object, in the order of the rows. Bytes that are not UTF-8 become "?". */
void member_write(json_t *tree, const struct member_table *table, const void *object);

/* Let everything that the struct points to be a copy in the arena. */
void member_copy(struct arena *arena, const struct member_table *table, void *object);

#endif
