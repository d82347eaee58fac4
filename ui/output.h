/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands write to standard output: trees as JSON or YAML, tables as aligned text.
 *
 * Every function writes whole, flushes, and returns -1 with ERROR_IO when the bytes did not all arrive ("No
 * space left on device"). A reader that has gone (EPIPE) is no error: it has what it wanted. SIGPIPE must be
 * ignored.
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
 * break at the end. format is OUTPUT_JSON or OUTPUT_YAML.
 */
int output_tree(FILE *file, const json_t *tree, enum output_format format, struct error *err);

/*
 * Text in columns, two spaces apart, as wide as the widest cell on a terminal (wide and combining characters
 * counted right); the last column is not padded. cells are rows × columns, row by row; a NULL or empty cell
 * is shown as "-". Texts are made visible (str_put_visible()). headings may be NULL; without rows only they
 * are written.
 */
int output_table(FILE *file, const char *const *headings, size_t columns, const char *const *cells,
	size_t rows, struct error *err);

/*
 * The last look at a stream before the process ends: -1 when anything written to it, by whomever, was lost
 * and the reader is still there.
 */
int output_flush(FILE *file, struct error *err);

#endif
