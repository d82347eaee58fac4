/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole pieces of output, and whether they arrived. The C library forgets why a write failed, so it is asked
 * at once.
 */
#include "ui/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/yaml.h"

enum { TEXT_MAX = 64 << 20, COLUMN_GAP = 2 };

bool output_format_parse(const char *name, enum output_format *format)
{
	static const char *const names[] =
		{[OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", [OUTPUT_YAML] = "yaml"};

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		if (text_equal(name, names[i])) {
			*format = (enum output_format)i;
			return true;
		}
	}
	return false;
}

static int lost(int reason, struct error *err)
{
	if (reason == EPIPE)
		return 0;
	return error_set(err, ERROR_IO, "writing the output: %s",
		reason ? strerror(reason) : "not everything could be written");
}

int output_write(FILE *file, const char *bytes, size_t length, struct error *err)
{
	errno = 0;
	if (fwrite(bytes, 1, length, file) != length || fflush(file) != 0)
		return lost(errno, err);
	return 0;
}

/*
 * The other end of a pipe was closed: said by poll() even after stdio has dropped the bytes and the reason.
 */
static bool reader_is_gone(FILE *file)
{
	struct pollfd at = {.fd = fileno(file), .events = POLLOUT};

	return at.fd >= 0 && poll(&at, 1, 0) == 1 && (at.revents & POLLERR);
}

int output_flush(FILE *file, struct error *err)
{
	errno = 0;
	if (fflush(file) != 0)
		return lost(errno, err);
	if (!ferror(file) || reader_is_gone(file))
		return 0;
	return lost(0, err);
}

static int write_json(FILE *file, const json_t *tree, struct error *err)
{
	char *text = json_dumps(tree, JSON_INDENT(2) | JSON_ENCODE_ANY);
	struct arena arena = {0};
	int status;

	if (!text)
		return error_set(err, ERROR_IO, "writing the output: a tree that is no JSON");
	arena_defer(&arena, free, text);
	status = output_write(file, text, strlen(text), err) < 0 ? -1 : output_write(file, "\n", 1, err);
	arena_free(&arena);
	return status;
}

int output_tree(FILE *file, const json_t *tree, enum output_format format, struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = TEXT_MAX};
	int status;

	if (format != OUTPUT_YAML)
		return write_json(file, tree, err);
	status = yaml_format(tree, &text, err);
	if (status == 0)
		status = output_write(file, str_text(&text), text.length, err);
	arena_free(&arena);
	return status;
}

static const char *visible(struct arena *arena, const char *cell)
{
	struct str text = {.arena = arena, .max = TEXT_MAX};

	str_put_visible(&text, cell && *cell ? cell : "-");
	return str_text(&text);
}

static void put_row(struct str *out, const char *const *cells, const size_t *widths, size_t columns)
{
	for (size_t i = 0; i < columns; i++) {
		str_puts(out, cells[i]);
		for (size_t j = utf8_columns(cells[i]); i + 1 < columns && j < widths[i] + COLUMN_GAP; j++)
			str_putc(out, ' ');
	}
	str_putc(out, '\n');
}

int output_table(FILE *file, const char *const *headings, size_t columns, const char *const *cells,
	size_t rows, struct error *err)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	size_t first = headings ? columns : 0;
	size_t count = first + rows * columns;
	const char **shown = NEW_ARRAY(&arena, const char *, count);
	size_t *widths = NEW_ARRAY(&arena, size_t, columns);
	int status;

	for (size_t i = 0; i < count; i++) {
		size_t width;

		shown[i] = visible(&arena, i < first ? headings[i] : cells[i - first]);
		width = utf8_columns(shown[i]);
		if (width > widths[i % columns])
			widths[i % columns] = width;
	}
	for (size_t i = 0; i < count; i += columns)
		put_row(&out, shown + i, widths, columns);
	status = output_write(file, str_text(&out), out.length, err);
	arena_free(&arena);
	return status;
}
