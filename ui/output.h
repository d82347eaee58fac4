/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands write to standard output: trees as JSON or YAML, tables as aligned text.
 *
 * Every function writes whole, flushes, and returns -1 with ERROR_IO when the bytes did not all arrive ("No space left
 * on device"). A reader that has gone (EPIPE) is not an error: it has what it wanted. SIGPIPE must be ignored.
 */
#ifndef CLOUDCTL_UI_OUTPUT_H
#define CLOUDCTL_UI_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

enum output_format {
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_YAML,
};

/* "text", "json", "yaml". False when it is none; *format untouched. */
bool output_format_parse(const char *name, enum output_format *format);

/* The bytes as they are. */
int output_write(FILE *file, const char *bytes, size_t length, struct error *err);

/*
 * A tree as JSON, two spaces deep, or as YAML (yaml_format()), keys in the order they were set, with a line
 * break at the end. format is OUTPUT_JSON or OUTPUT_YAML. The reference of the tree is taken over.
 */
int output_tree(FILE *file, json_t *tree, enum output_format format, struct error *err);

/*
 * An object with one long list, written element by element, so that memory does not grow with the list: first the members
 * before it, then the list, then the members after it. Together they are what output_tree() would write of the whole.
 */
struct output_list {
	FILE *file;
	enum output_format format; /* OUTPUT_JSON or OUTPUT_YAML */
	size_t count;              /* elements written */
};

/* head has a member or more, tail perhaps none; name is the list's. The references of all trees are taken over. */
int output_list_begin(struct output_list *list, json_t *head, const char *name, struct error *err);
int output_list_add(struct output_list *list, json_t *element, struct error *err);
int output_list_end(struct output_list *list, json_t *tail, struct error *err);

/*
 * Text in columns, two spaces apart, as wide as the widest cell on a terminal (wide and combining characters counted
 * right); the last column is not padded. cells are rows × columns, row by row; a NULL or empty cell is shown as "-".
 * Texts are made visible (str_put_visible()). headings may be NULL; without rows only they are written.
 */
int output_table(FILE *file, const char *const *headings, size_t columns, const char *const *cells,
	size_t rows, struct error *err);

/* The last look at a stream: -1 when anything written to it was lost and the reader is still there. */
int output_flush(FILE *file, struct error *err);

#endif
