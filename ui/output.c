/* SPDX-License-Identifier: Apache-2.0 */
/* Whole pieces of output, and whether they arrived. libc forgets why a write failed, so it is asked at once. */
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

/* The other end of a pipe was closed: said by poll() even after stdio has dropped the bytes and the reason. */
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

/* --- trees --- */

static int add_bytes(const char *bytes, size_t length, void *out)
{
	str_put_escaped(out, bytes, length); /* jansson gives whole characters */
	return 0;
}

/* A tree behind what is in out, without a line break at its end. flags: JSON_EMBED leaves the outer braces out. */
static int put_tree(struct str *out, const json_t *tree, enum output_format format, size_t flags,
	struct error *err)
{
	if (format == OUTPUT_YAML) {
		if (yaml_format(tree, out, err) < 0)
			return -1;
	} else if (json_dump_callback(tree, add_bytes, out, JSON_INDENT(2) | JSON_ENCODE_ANY | flags) < 0) {
		return error_set(err, ERROR_IO, "writing the output: not valid JSON");
	}
	if (out->length > 0 && out->data[out->length - 1] == '\n')
		out->data[--out->length] = '\0';
	return 0;
}

static int write_text(FILE *file, const struct str *text, struct error *err)
{
	if (text->overflow)
		return error_set(err, ERROR_IO, "writing the output: it is too large");
	return output_write(file, str_text(text), text->length, err);
}

int output_tree(FILE *file, json_t *tree, enum output_format format, struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = TEXT_MAX};
	int status = put_tree(&text, tree, format, 0, err);

	str_putc(&text, '\n');
	if (status == 0)
		status = write_text(file, &text, err);
	json_decref(tree);
	arena_free(&arena);
	return status;
}

/* --- a list, piece by piece --- */

int output_list_begin(struct output_list *list, json_t *head, const char *name, struct error *err)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	bool yaml = list->format == OUTPUT_YAML;
	int status;

	str_puts(&out, yaml ? "" : "{");
	status = put_tree(&out, head, list->format, JSON_EMBED, err);
	str_printf(&out, yaml ? "\n%s:" : ",\n  \"%s\": [", name);
	if (status == 0)
		status = write_text(list->file, &out, err);
	json_decref(head);
	arena_free(&arena);
	return status;
}

/* Each line behind prefix, the first behind first; neither format breaks a line inside a JSON string. */
static void put_indented(struct str *out, const char *text, const char *first, const char *prefix)
{
	for (const char *before = first; *text; before = prefix) {
		size_t length = strcspn(text, "\n");

		str_puts(out, length > 0 ? before : "");
		str_add(out, text, length);
		text += length;
		if (*text)
			str_putc(out, *text++);
	}
}

int output_list_add(struct output_list *list, json_t *element, struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = TEXT_MAX}, out = text;
	bool yaml = list->format == OUTPUT_YAML;
	int status = put_tree(&text, element, list->format, 0, err);

	str_puts(&out, !yaml && list->count > 0 ? ",\n" : "\n");
	put_indented(&out, str_text(&text), yaml ? "- " : "    ", yaml ? "  " : "    ");
	out.overflow = out.overflow || text.overflow;
	if (status == 0)
		status = write_text(list->file, &out, err);
	list->count++;
	json_decref(element);
	arena_free(&arena);
	return status;
}

int output_list_end(struct output_list *list, json_t *tail, struct error *err)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = TEXT_MAX};
	bool yaml = list->format == OUTPUT_YAML, more = json_object_size(tail) > 0;
	int status = 0;

	if (yaml)
		str_puts(&out, list->count > 0 ? "" : " []");
	else
		str_puts(&out, list->count > 0 ? "\n  ]" : "]");
	if (more) {
		str_puts(&out, yaml ? "\n" : ",");
		status = put_tree(&out, tail, list->format, JSON_EMBED, err);
	}
	str_puts(&out, yaml ? "\n" : "\n}\n");
	if (status == 0)
		status = write_text(list->file, &out, err);
	json_decref(tail);
	arena_free(&arena);
	return status;
}

/* --- tables --- */

static void put_row(struct str *out, const char *const *cells, const size_t *widths, size_t columns)
{
	for (size_t i = 0; i < columns; i++) {
		size_t padding = i + 1 < columns ? widths[i] + COLUMN_GAP - utf8_columns(cells[i]) : 0;

		str_printf(out, "%s%*s", cells[i], (int)padding, "");
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
		const char *cell = i < first ? headings[i] : cells[i - first];
		struct str text = {.arena = &arena, .max = TEXT_MAX};
		size_t width;

		str_put_visible(&text, cell && *cell ? cell : "-");
		shown[i] = str_text(&text);
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
