/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's events to a jansson tree. See yaml_format.c for the other direction. */
#include "base/yaml.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "base/arena.h"

struct yaml_reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct error *err;
	json_t *root;
	int depth;
	struct level {
		json_t *container; /* borrowed: it hangs in the tree already */
		char *key;         /* of an object: the key whose value comes next, or NULL */
	} level[YAML_DEPTH_MAX];
};

static unsigned long line(const struct yaml_reader *r)
{
	return (unsigned long)r->event.start_mark.line + 1;
}

static int refused(struct yaml_reader *r, const char *what)
{
	return error_set(r->err, ERROR_INPUT, "line %lu: %s", line(r), what);
}

static int unreadable(struct yaml_reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		out_of_memory();
	if (p->error == YAML_READER_ERROR)
		return error_set(r->err, ERROR_INPUT, "byte %zu: %s", p->problem_offset, p->problem);
	return error_set(r->err, ERROR_INPUT, "line %lu: %s%s%s", (unsigned long)p->problem_mark.line + 1,
		p->problem ? p->problem : "not YAML", p->context ? " " : "", p->context ? p->context : "");
}

/* The next event into r->event, which is released first. */
static int next(struct yaml_reader *r)
{
	yaml_event_delete(&r->event);
	return yaml_parser_parse(&r->parser, &r->event) ? 0 : unreadable(r);
}

static const char *text(const struct yaml_reader *r)
{
	return (const char *)r->event.data.scalar.value;
}

/* A new reference; NULL when the text is not for a JSON string. */
static json_t *scalar(const struct yaml_reader *r)
{
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (plain && (!*text(r) || strcmp(text(r), "null") == 0 || strcmp(text(r), "~") == 0))
		return json_null();
	if (plain && strcmp(text(r), "true") == 0)
		return json_true();
	if (plain && strcmp(text(r), "false") == 0)
		return json_false();
	return json_string(text(r));
}

static int take_key(struct yaml_reader *r, struct level *top)
{
	if (r->event.type != YAML_SCALAR_EVENT)
		return refused(r, "a key must be a word");
	if (!*text(r))
		return refused(r, "an empty key");
	if (json_object_get(top->container, text(r)))
		return error_set(r->err, ERROR_INPUT, "line %lu: '%s' is given twice", line(r), text(r));
	top->key = strdup(text(r));
	if (!top->key)
		out_of_memory();
	return 0;
}

/* Put value (the reference is taken) where the tree grows at present. */
static int place(struct yaml_reader *r, json_t *value)
{
	struct level *top = r->depth > 0 ? &r->level[r->depth - 1] : NULL;
	int status = 0;

	if (!value)
		return refused(r, "text that is not UTF-8");
	if (!top) {
		r->root = value;
	} else if (json_is_array(top->container)) {
		status = json_array_append_new(top->container, value);
	} else {
		status = json_object_set_new(top->container, top->key, value);
		free(top->key);
		top->key = NULL;
	}
	return status < 0 ? refused(r, "text that is not UTF-8") : 0;
}

static int open_container(struct yaml_reader *r, json_t *container)
{
	if (r->depth == YAML_DEPTH_MAX) {
		json_decref(container);
		return refused(r, "nested too deeply");
	}
	if (place(r, container) < 0)
		return -1;
	r->level[r->depth++] = (struct level){.container = container};
	return 0;
}

/* What is not accepted on any node. */
static int check_node(struct yaml_reader *r)
{
	const yaml_event_t *event = &r->event;
	bool is_scalar = event->type == YAML_SCALAR_EVENT;
	bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *anchor = is_scalar ? event->data.scalar.anchor
		: is_mapping                  ? event->data.mapping_start.anchor
					      : event->data.sequence_start.anchor;
	const yaml_char_t *tag = is_scalar ? event->data.scalar.tag
		: is_mapping               ? event->data.mapping_start.tag
					   : event->data.sequence_start.tag;

	if (anchor)
		return refused(r, "anchors (&name) are not accepted");
	if (tag)
		return refused(r, "tags (!name) are not accepted");
	if (is_scalar && strlen(text(r)) != event->data.scalar.length)
		return refused(r, "a NUL character");
	return 0;
}

/* One event between the document's start and its end. */
static int take(struct yaml_reader *r)
{
	struct level *top = r->depth > 0 ? &r->level[r->depth - 1] : NULL;

	if (r->event.type == YAML_ALIAS_EVENT)
		return refused(r, "aliases (*name) are not accepted");
	if (r->event.type == YAML_MAPPING_END_EVENT || r->event.type == YAML_SEQUENCE_END_EVENT) {
		r->depth--;
		return 0;
	}
	if (check_node(r) < 0)
		return -1;
	if (top && json_is_object(top->container) && !top->key)
		return take_key(r, top);
	if (r->event.type == YAML_SCALAR_EVENT)
		return place(r, scalar(r));
	return open_container(r, r->event.type == YAML_MAPPING_START_EVENT ? json_object() : json_array());
}

static int read_document(struct yaml_reader *r)
{
	if (next(r) < 0 || next(r) < 0) /* the stream's start, then the document's */
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return error_set(r->err, ERROR_INPUT, "nothing but comments and empty lines");
	if (next(r) < 0)
		return -1;
	while (r->event.type != YAML_DOCUMENT_END_EVENT) {
		if (take(r) < 0 || next(r) < 0)
			return -1;
	}
	if (next(r) < 0)
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return refused(r, "more than one document");
	return 0;
}

json_t *yaml_parse(const char *bytes, size_t length, struct error *err)
{
	struct yaml_reader r = {.err = err};
	int status;

	if (length > YAML_SIZE_MAX) {
		error_set(err, ERROR_INPUT, "longer than %d bytes", YAML_SIZE_MAX);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser))
		out_of_memory();
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes, length);
	status = read_document(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	for (int i = 0; i < YAML_DEPTH_MAX; i++)
		free(r.level[i].key);
	if (status < 0) {
		json_decref(r.root);
		return NULL;
	}
	return r.root;
}
