/* SPDX-License-Identifier: Apache-2.0 */
/* A jansson tree to libyaml's emitter, in block style, with quotes where a reader would guess otherwise. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/yaml.h"

enum { FORMAT_DEPTH_MAX = 64 };

/* What YAML 1.1 reads as booleans and null. What else it does not read as text begins with no letter. */
static const char *const read_otherwise[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

static bool plain_is_safe(const char *text)
{
	if (!text_is_letter(text[0]) && text[0] != '/')
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(read_otherwise); i++) {
		if (text_equal_nocase(text, read_otherwise[i]))
			return false;
	}
	return true;
}

/* Only double quotes have escapes. */
static bool has_control(const char *text)
{
	uint32_t point;

	for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
		used = utf8_decode(text, left, &point);
		if (used > 0 && utf8_is_control(point))
			return true;
		used += used == 0;
	}
	return false;
}

/* The emitter itself turns to quotes where the characters of a text do not allow the style asked for. */
static yaml_scalar_style_t style_of(const char *text)
{
	if (strchr(text, '\n') || has_control(text))
		return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	return plain_is_safe(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_SINGLE_QUOTED_SCALAR_STYLE;
}

static bool emit_scalar(yaml_emitter_t *emitter, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;
	size_t length = strlen(text);

	return length <= INT_MAX &&
		yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)length, 1, 1,
			style) &&
		yaml_emitter_emit(emitter, &event);
}

static bool emit_text(yaml_emitter_t *emitter, const char *text)
{
	return emit_scalar(emitter, text, style_of(text));
}

static bool emit_plain(yaml_emitter_t *emitter, const char *text)
{
	return emit_scalar(emitter, text, YAML_PLAIN_SCALAR_STYLE);
}

/* With an exponent, YAML 1.1 takes jansson's form ("1e300") for text: it needs a dot before it and a sign. */
static bool emit_number(yaml_emitter_t *emitter, const json_t *number)
{
	char digits[64];
	size_t length = json_dumpb(number, digits, sizeof(digits) - 1, JSON_ENCODE_ANY);
	char text[sizeof(digits) + 8];
	char *exponent;

	if (length == 0 || length >= sizeof(digits))
		return false;
	digits[length] = '\0';
	exponent = strchr(digits, 'e');
	if (!exponent)
		return emit_plain(emitter, digits);
	*exponent++ = '\0';
	snprintf(text, sizeof(text), "%s%se%s%s", digits, strchr(digits, '.') ? "" : ".0",
		*exponent == '-' ? "" : "+", exponent);
	return emit_plain(emitter, text);
}

static bool emit(yaml_emitter_t *emitter, const json_t *node, int depth);

static bool emit_object(yaml_emitter_t *emitter, const json_t *node, int depth)
{
	yaml_event_t event;
	const char *key;
	json_t *value;

	if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) ||
		!yaml_emitter_emit(emitter, &event))
		return false;
	json_object_foreach ((json_t *)(uintptr_t)node, key, value) {
		if (!emit_text(emitter, key) || !emit(emitter, value, depth + 1))
			return false;
	}
	return yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool emit_array(yaml_emitter_t *emitter, const json_t *node, int depth)
{
	yaml_event_t event;
	const json_t *item;
	size_t i;

	if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE) ||
		!yaml_emitter_emit(emitter, &event))
		return false;
	json_array_foreach (node, i, item) {
		if (!emit(emitter, item, depth + 1))
			return false;
	}
	return yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

static bool emit(yaml_emitter_t *emitter, const json_t *node, int depth)
{
	if (depth > FORMAT_DEPTH_MAX)
		return false;
	switch (json_typeof(node)) {
	case JSON_OBJECT: return emit_object(emitter, node, depth);
	case JSON_ARRAY: return emit_array(emitter, node, depth);
	case JSON_STRING: return emit_text(emitter, json_string_value(node));
	case JSON_INTEGER:
	case JSON_REAL: return emit_number(emitter, node);
	case JSON_TRUE: return emit_plain(emitter, "true");
	case JSON_FALSE: return emit_plain(emitter, "false");
	case JSON_NULL: break;
	}
	return emit_plain(emitter, "null");
}

static int append(void *out, unsigned char *bytes, size_t length)
{
	struct str *s = out;

	str_add(s, (const char *)bytes, length); /* may end within a character */
	return !s->overflow;
}

static bool emit_stream(yaml_emitter_t *emitter, const json_t *tree)
{
	yaml_event_t event;

	return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
		yaml_emitter_emit(emitter, &event) &&
		yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
		yaml_emitter_emit(emitter, &event) && emit(emitter, tree, 0) &&
		yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event) &&
		yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event);
}

int yaml_format(const json_t *tree, struct str *out, struct error *err)
{
	struct arena arena = {0};
	struct str raw = {.arena = &arena, .max = out->max};
	yaml_emitter_t emitter;
	bool done;

	if (!yaml_emitter_initialize(&emitter))
		out_of_memory();
	yaml_emitter_set_output(&emitter, append, &raw);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	errno = 0;
	done = emit_stream(&emitter, tree);
	if (!done && errno == ENOMEM) /* libyaml does not say which of its reasons it was */
		out_of_memory();
	yaml_emitter_delete(&emitter);
	str_put_escaped(out, str_text(&raw), raw.length);
	out->overflow = out->overflow || raw.overflow;
	arena_free(&arena);
	if (out->overflow)
		return error_set(err, ERROR_IO, "writing YAML: longer than %zu bytes", out->max);
	if (!done)
		return error_set(err, ERROR_IO, "writing YAML: nested over %d deep", FORMAT_DEPTH_MAX);
	return 0;
}
