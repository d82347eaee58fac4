/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of JSON and YAML, indented and put one after the other. */
#include "ui/json_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/yaml.h"

enum { PIECE_MAX = 64 << 20 };

/* The tree as text in out, without a line break at the end. Takes the reference over. */
static int format(const struct json_list *list, json_t *tree, struct str *out, struct error *err)
{
	int status = 0;

	if (list->format == OUTPUT_YAML) {
		status = yaml_format(tree, out, err);
		if (status == 0 && out->length > 0 && out->data[out->length - 1] == '\n')
			out->data[--out->length] = '\0';
	} else {
		char *text = json_dumps(tree, JSON_INDENT(2));

		if (text)
			str_puts(out, text);
		else
			status = error_set(err, ERROR_IO, "writing the output: a tree that is no JSON");
		free(text);
	}
	json_decref(tree);
	return status;
}

/*
 * Each line behind prefix, the first behind first. Neither writer breaks a line inside a JSON string, and a YAML text
 * may be moved to the right as a whole.
 */
static void put_indented(struct str *out, const char *text, const char *first, const char *prefix)
{
	const char *before = first;

	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length > 0) {
			str_puts(out, before);
			str_add(out, text, length);
		}
		text += length;
		if (*text) {
			str_putc(out, '\n');
			text++;
		}
		before = prefix;
	}
}

static int write_out(const struct json_list *list, const struct str *out, struct error *err)
{
	if (out->overflow)
		return error_set(err, ERROR_IO, "writing the output: a piece of it is too long");
	return output_write(list->file, str_text(out), out->length, err);
}

int json_list_begin(struct json_list *list, json_t *head, const char *name, struct error *err)
{
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = PIECE_MAX};
	int status = format(list, head, &out, err);

	if (status == 0 && list->format == OUTPUT_YAML) {
		str_printf(&out, "\n%s:", name);
	} else if (status == 0) {
		out.length -= strlen("\n}");
		str_printf(&out, ",\n  \"%s\": [", name);
	}
	if (status == 0)
		status = write_out(list, &out, err);
	arena_free(&arena);
	return status;
}

int json_list_add(struct json_list *list, json_t *element, struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = PIECE_MAX};
	struct str out = text;
	int status = format(list, element, &text, err);

	if (status == 0 && list->format == OUTPUT_YAML) {
		str_putc(&out, '\n');
		put_indented(&out, str_text(&text), "- ", "  ");
	} else if (status == 0) {
		str_puts(&out, list->count > 0 ? ",\n" : "\n");
		put_indented(&out, str_text(&text), "    ", "    ");
	}
	if (status == 0)
		status = write_out(list, &out, err);
	list->count++;
	arena_free(&arena);
	return status;
}

int json_list_end(struct json_list *list, json_t *tail, struct error *err)
{
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = PIECE_MAX};
	struct str out = text;
	bool more = json_object_size(tail) > 0;
	int status = format(list, tail, &text, err);

	if (list->format == OUTPUT_YAML) {
		str_puts(&out, list->count > 0 ? "\n" : " []\n");
		if (more)
			str_printf(&out, "%s\n", str_text(&text));
	} else {
		str_puts(&out, list->count > 0 ? "\n  ]" : "]");
		str_printf(&out, "%s\n", more ? "," : "\n}");
		if (more && status == 0)
			str_printf(&out, "%s\n", str_text(&text) + strlen("{\n"));
	}
	if (status == 0)
		status = write_out(list, &out, err);
	arena_free(&arena);
	return status;
}
