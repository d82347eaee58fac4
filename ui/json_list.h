/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An object with one long list, written to a stream element by element, so that memory does not grow with the list:
 * first the members before it, then the list, then the members after it. jansson and yaml_format() write every piece;
 * here they are put together.
 */
#ifndef CLOUDCTL_UI_JSON_LIST_H
#define CLOUDCTL_UI_JSON_LIST_H

#include <jansson.h>
#include <stdio.h>

#include "base/error.h"
#include "ui/output.h"

struct json_list {
	FILE *file;
	enum output_format format; /* OUTPUT_JSON or OUTPUT_YAML */
	size_t count;              /* elements written */
};

/* head: an object of at least one member; name: of the list. The references of all trees are taken over. */
int json_list_begin(struct json_list *list, json_t *head, const char *name, struct error *err);
int json_list_add(struct json_list *list, json_t *element, struct error *err);

/* tail: an object, perhaps without members. */
int json_list_end(struct json_list *list, json_t *tail, struct error *err);

#endif
