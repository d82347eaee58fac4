/* SPDX-License-Identifier: Apache-2.0 */
/* YAML as a jansson tree, by libyaml. What a scalar means is decided here, and nothing is guessed. */
#ifndef CLOUDCTL_BASE_YAML_H
#define CLOUDCTL_BASE_YAML_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

struct str;

enum { YAML_SIZE_MAX = 1 << 20, YAML_DEPTH_MAX = 32 };

/*
 * Read the one document in bytes (UTF-8, need not end in NUL). Mappings become objects in the order of the
 * file, sequences arrays. A scalar becomes a string, except plain (unquoted) ones of these: null, ~ and
 * an empty one are null; true and false are booleans. So NO, 012 and 2026-01-02 stay the text they are.
 *
 * NULL with ERROR_INPUT and "line N: …" for what cannot be read and for what is not accepted: more than
 * YAML_SIZE_MAX bytes, nesting over YAML_DEPTH_MAX, no document or a second one, anchors, aliases, tags, keys
 * that are not scalars, are empty or repeated, NUL characters. The caller owns the reference.
 */
json_t *yaml_parse(const char *bytes, size_t length, struct error *err);

/*
 * Append tree in block style, keys in the order they were set. Strings are quoted wherever YAML 1.1 or 1.2
 * would read something else, so every reader gets the tree back; yaml_parse() does too, with numbers as
 * strings. -1 with ERROR_IO when out is full or the tree is nested over 64.
 */
int yaml_format(const json_t *tree, struct str *out, struct error *err);

#endif
