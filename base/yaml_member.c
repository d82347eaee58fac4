/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events say where each word begins and ends. */
#include "base/yaml_member.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"

/* Bytes of the text; what is not there is 0, since a member never begins the text. */
struct member_place {
	size_t first, column; /* the first key of the mapping */
	bool flow, quoted;    /* is the mapping in braces; is its first key in double quotes */
	size_t key, value, value_end;
	size_t next; /* the key after it */
};

struct yaml_walk {
	yaml_parser_t parser;
	yaml_event_t event;
	const char *text;
	struct error *err;
};

static int refused(struct yaml_walk *s, const char *what)
{
	return error_set(s->err, ERROR_INPUT, "line %lu: %s", (unsigned long)s->event.start_mark.line + 1,
		what);
}

static int next(struct yaml_walk *s)
{
	yaml_event_delete(&s->event);
	if (yaml_parser_parse(&s->parser, &s->event))
		return 0;
	if (s->parser.error == YAML_MEMORY_ERROR)
		out_of_memory();
	return error_set(s->err, ERROR_INPUT, "line %lu: %s", (unsigned long)s->parser.problem_mark.line + 1,
		s->parser.problem ? s->parser.problem : "not YAML");
}

/* libyaml counts characters. */
static size_t byte_of(const struct yaml_walk *s, const yaml_mark_t *mark)
{
	const char *at = s->text;
	size_t left = mark->index;

	for (; *at && left > 0; left--)
		do
			at++;
		while (((unsigned char)*at & 0xc0) == 0x80);
	return (size_t)(at - s->text);
}

static bool is_word(const struct yaml_walk *s, const char *word)
{
	return s->event.type == YAML_SCALAR_EVENT &&
		strcmp((const char *)s->event.data.scalar.value, word) == 0;
}

/* Past the node whose first event is the present one; the present one is its last then. */
static int skip(struct yaml_walk *s)
{
	size_t depth = 0;

	do {
		if (s->event.type == YAML_MAPPING_START_EVENT || s->event.type == YAML_SEQUENCE_START_EVENT)
			depth++;
		else if (s->event.type == YAML_MAPPING_END_EVENT || s->event.type == YAML_SEQUENCE_END_EVENT)
			depth--;
	} while (depth > 0 && next(s) == 0);
	return depth > 0 ? -1 : 0;
}

/* From the start of a mapping to the value of this key. */
static int enter(struct yaml_walk *s, const char *key)
{
	if (s->event.type != YAML_MAPPING_START_EVENT)
		return refused(s, "not a mapping");
	while (next(s) == 0) {
		bool found = is_word(s, key);

		if (s->event.type == YAML_MAPPING_END_EVENT)
			return error_set(s->err, ERROR_INPUT, "there is no '%s'", key);
		if (skip(s) < 0 || next(s) < 0)
			return -1;
		if (found)
			return 0;
		if (skip(s) < 0)
			return -1;
	}
	return -1;
}

static void note_first(struct yaml_walk *s, struct member_place *place)
{
	place->first = byte_of(s, &s->event.start_mark);
	place->column = s->event.start_mark.column;
	place->quoted = s->event.type == YAML_SCALAR_EVENT &&
		s->event.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

static int note_member(struct yaml_walk *s, struct member_place *place)
{
	if (place->key)
		return refused(s, "the member is given twice");
	place->key = byte_of(s, &s->event.start_mark);
	if (next(s) < 0)
		return -1;
	if (s->event.type != YAML_SCALAR_EVENT)
		return refused(s, "the value is not a word");
	place->value = byte_of(s, &s->event.start_mark);
	place->value_end = byte_of(s, &s->event.end_mark);
	return 0;
}

/* All members of the mapping at whose start this is. */
static int look_through(struct yaml_walk *s, const char *member, struct member_place *place)
{
	if (s->event.type != YAML_MAPPING_START_EVENT)
		return refused(s, "not a mapping");
	place->flow = s->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	while (next(s) == 0) {
		if (s->event.type == YAML_MAPPING_END_EVENT)
			return place->first ? 0 : refused(s, "the mapping is empty");
		if (!place->first)
			note_first(s, place);
		if (place->key && !place->next)
			place->next = byte_of(s, &s->event.start_mark);
		if (is_word(s, member)) {
			if (note_member(s, place) < 0)
				return -1;
		} else if (skip(s) < 0 || next(s) < 0 || skip(s) < 0) {
			return -1;
		}
	}
	return -1;
}

static int find(const char *text, const char *const path[], const char *member, struct member_place *place,
	struct error *err)
{
	struct yaml_walk s = {.text = text, .err = err};
	int result;

	if (!yaml_parser_initialize(&s.parser))
		out_of_memory();
	yaml_parser_set_encoding(&s.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&s.parser, (const unsigned char *)text, strlen(text));
	/* the stream, the document, its node */
	result = next(&s) == 0 && next(&s) == 0 && s.event.type == YAML_DOCUMENT_START_EVENT ? next(&s)
		: err->kind != ERROR_NONE                                                    ? -1
					  : refused(&s, "it is empty");
	for (size_t i = 0; result == 0 && path[i]; i++)
		result = enter(&s, path[i]);
	if (result == 0)
		result = look_through(&s, member, place);
	yaml_event_delete(&s.event);
	yaml_parser_delete(&s.parser);
	return result;
}

int yaml_member_find(struct arena *arena, const char *text, const char *const path[], const char *member,
	const char **written, struct error *err)
{
	struct member_place place = {0};

	*written = NULL;
	if (find(text, path, member, &place, err) < 0)
		return -1;
	if (place.key)
		*written = arena_strndup(arena, text + place.value, place.value_end - place.value);
	return 0;
}

const char *yaml_member_set(struct arena *arena, const char *text, const char *const path[],
	const char *member, const char *written, struct error *err)
{
	struct member_place place = {0};
	const char *quote;

	if (find(text, path, member, &place, err) < 0)
		return NULL;
	if (place.key && written)
		return arena_printf(arena, "%.*s%s%s", (int)place.value, text, written,
			text + place.value_end);
	if (place.key && place.next)
		return arena_printf(arena, "%.*s%s", (int)place.key, text, text + place.next);
	if (place.key) {
		error_set(err, ERROR_INPUT, "'%s' is the last of its mapping", member);
		return NULL;
	}
	if (!written)
		return text;
	quote = place.quoted ? "\"" : "";
	return place.flow
		? arena_printf(arena, "%.*s%s%s%s: %s%s%s, %s", (int)place.first, text, quote, member, quote,
			  quote, written, quote, text + place.first)
		: arena_printf(arena, "%.*s%s%s%s: %s%s%s\n%*s%s", (int)place.first, text, quote, member,
			  quote, quote, written, quote, (int)place.column, "", text + place.first);
}
