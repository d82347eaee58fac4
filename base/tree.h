/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading replies: one tree for XML and JSON.
 *
 * XML carries neither lists nor numbers, so whether something is a list is the reader's question: an absent
 * or empty node counts 0, an array its length, anything else is a list of one (tree_at(object, 0) is the
 * object). Paths are dotted, array steps are numbers: "networks.0.block". Results are borrowed and live as
 * long as the tree; nothing here changes one.
 */
#ifndef CLOUDCTL_BASE_TREE_H
#define CLOUDCTL_BASE_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct arena;

/* The node at path, NULL when any step is absent. "" or NULL is the node itself. */
const json_t *tree_get(const json_t *node, const char *path);

size_t tree_count(const json_t *list);
const json_t *tree_at(const json_t *list, size_t index);

/* Every element of the list at path. */
#define TREE_EACH(element, node, path) \
	for (size_t element##_index = 0, element##_once = 1; element##_once; element##_once = 0) \
		for (const json_t *element##_list = tree_get((node), (path)), *element; \
			(element = tree_at(element##_list, element##_index)) != NULL; element##_index++)

/* Text at path; "" when absent or not a scalar. Numbers and booleans of JSON are not converted: see below. */
const char *tree_text(const json_t *node, const char *path);

/* true/"true" → true; anything else, or absent → false. */
bool tree_bool(const json_t *node, const char *path);

/* 443 and "443" alike; false when absent, negative, fractional or out of range. *value untouched then. */
bool tree_number(const json_t *node, const char *path, int64_t minimum, int64_t maximum, int64_t *value);

/* A real number (service quota values) from a JSON number or decimal text. */
bool tree_real(const json_t *node, const char *path, double *value);

/* The first element of the list at path whose text at key equals value; NULL when there is none. key NULL: its own. */
const json_t *tree_find(const json_t *node, const char *path, const char *key, const char *value);

/* Text at key of each element of the list at path, in arena; "" for an element without it. key NULL: its own text. */
struct text_list tree_texts(struct arena *arena, const json_t *node, const char *path, const char *key);

/* The texts as an array of JSON (new reference). */
json_t *tree_array(const struct text_list *texts);

/* {key: value, …} as [{key_name: key, value_name: value}, …] (new reference); the values are shared. */
json_t *tree_pairs(const json_t *object, const char *key_name, const char *value_name);

/* Give the reference to the arena, which drops it when it is freed. Returns the tree; NULL stays NULL. */
json_t *tree_defer(struct arena *arena, json_t *tree);

#endif
