/* SPDX-License-Identifier: Apache-2.0 */
/* expat's events into a tree: an element becomes a value when it closes, and its parent's child. */
#include "providers/net/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "providers/net/wiping_allocators.h"

enum { DEPTH_MAX = 32, ELEMENTS_MAX = 200000, NAME_SIZE = 64 };

/* An open element. */
struct frame {
	char name[NAME_SIZE];
	json_t *children; /* name → value, or array of values; NULL while there are none */
	json_t *repeated; /* names seen more than once; NULL while there are none */
	struct str text;
};

struct xml_reader {
	XML_Parser parser;
	struct frame stack[DEPTH_MAX];
	size_t depth; /* open elements */
	size_t elements;
	json_t *root;
	char root_name[NAME_SIZE];
	const char *problem; /* why the parser was stopped */
};

static void stop(struct xml_reader *r, const char *problem)
{
	if (!r->problem)
		r->problem = problem;
	XML_StopParser(r->parser, XML_FALSE);
}

/* Copy the name without its namespace prefix. */
static bool local_name(char to[NAME_SIZE], const char *name)
{
	const char *colon = strrchr(name, ':');
	size_t length;

	name = colon ? colon + 1 : name;
	length = strlen(name);
	if (length >= NAME_SIZE)
		return false;
	memcpy(to, name, length + 1);
	return true;
}

static void XMLCALL on_start(void *self, const char *name, const char **attributes)
{
	struct xml_reader *r = self;
	struct frame *f;

	(void)attributes;
	if (r->problem)
		return;
	if (r->depth == DEPTH_MAX || ++r->elements > ELEMENTS_MAX) {
		stop(r, r->depth == DEPTH_MAX ? "elements nested too deeply" : "too many elements");
		return;
	}
	f = &r->stack[r->depth];
	if (!local_name(f->name, name)) {
		stop(r, "an element name that is too long");
		return;
	}
	f->children = f->repeated = NULL;
	str_clear(&f->text);
	r->depth++;
}

static void XMLCALL on_text(void *self, const char *bytes, int length)
{
	struct xml_reader *r = self;

	if (!r->problem && r->depth > 0)
		str_add(&r->stack[r->depth - 1].text, bytes, (size_t)length);
}

static void XMLCALL on_doctype(void *self, const char *name, const char *system, const char *public_id,
	int internal)
{
	(void)name, (void)system, (void)public_id, (void)internal;
	stop(self, "a DOCTYPE, which AWS never sends");
}

/* Hand a child's value to its parent; the second of a name turns the member into an array. */
static void add_child(struct frame *parent, const char *name, json_t *value)
{
	json_t *before;

	if (!parent->children)
		parent->children = json_object();
	before = json_object_get(parent->children, name);
	if (!before) {
		json_object_set_new(parent->children, name, value);
		return;
	}
	if (!parent->repeated)
		parent->repeated = json_object();
	if (!json_object_get(parent->repeated, name)) {
		json_t *list = json_array();

		json_array_append(list, before);
		json_object_set_new(parent->repeated, name, json_true());
		json_object_set_new(parent->children, name, list);
		before = list;
	}
	json_array_append_new(before, value);
}

/* The list of an element that holds nothing but "item" or "member" children; NULL for any other element. */
static json_t *as_list(const struct frame *f)
{
	const char *name = json_object_get(f->children, "item") ? "item" : "member";
	json_t *only = json_object_get(f->children, name), *list;

	if (!only || json_object_size(f->children) != 1)
		return NULL;
	if (json_object_get(f->repeated, name))
		return json_incref(only);
	list = json_array();
	json_array_append(list, only);
	return list;
}

/* The value of a closed element; the frame's references are gone after it. */
static json_t *frame_value(struct frame *f)
{
	const char *text = str_text(&f->text);
	json_t *list, *value;

	if (!f->children)
		return json_stringn(text, strspn(text, " \t\r\n") == f->text.length ? 0 : f->text.length);
	list = as_list(f);
	value = list ? list : json_incref(f->children);
	json_decref(f->children);
	json_decref(f->repeated);
	f->children = f->repeated = NULL;
	return value;
}

static void XMLCALL on_end(void *self, const char *name)
{
	struct xml_reader *r = self;
	struct frame *f;
	json_t *value;

	(void)name;
	if (r->problem)
		return;
	f = &r->stack[--r->depth];
	value = frame_value(f);
	if (!value) {
		stop(r, "text that is not UTF-8");
	} else if (r->depth > 0) {
		add_child(&r->stack[r->depth - 1], f->name, value);
	} else {
		r->root = value;
		memcpy(r->root_name, f->name, sizeof(r->root_name));
	}
}

static void reader_open(struct xml_reader *r, struct arena *arena, size_t length)
{
	static const XML_Memory_Handling_Suite memory = {memory_allocate, memory_resize, memory_free};

	r->parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	for (size_t i = 0; i < DEPTH_MAX; i++)
		r->stack[i].text = (struct str){.arena = arena, .max = length + 1};
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
}

json_t *xml_parse(const char *bytes, size_t length, char root_name[64], struct error *err)
{
	struct arena arena = {0};
	struct xml_reader *r = NEW(&arena, struct xml_reader);
	json_t *root;

	if (length > INT32_MAX / 2) {
		error_set(err, ERROR_PROTOCOL, "XML of %zu bytes is too large", length);
		return NULL;
	}
	reader_open(r, &arena, length);
	if (XML_Parse(r->parser, bytes, (int)length, XML_TRUE) != XML_STATUS_OK || r->problem) {
		error_set(err, ERROR_PROTOCOL, "not XML as AWS writes it: line %lu: %s",
			(unsigned long)XML_GetCurrentLineNumber(r->parser),
			r->problem ? r->problem : XML_ErrorString(XML_GetErrorCode(r->parser)));
		json_decref(r->root);
		r->root = NULL;
	}
	root = r->root;
	if (root && root_name)
		memcpy(root_name, r->root_name, NAME_SIZE);
	for (size_t i = 0; i < r->depth; i++) {
		json_decref(r->stack[i].children);
		json_decref(r->stack[i].repeated);
	}
	XML_ParserFree(r->parser);
	arena_free(&arena);
	return root;
}
