/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS's XML into the tree of tree.h. Two rules: children named "item" or "member" make their parent an array;
 * a name seen twice under one parent becomes an array. Namespaces and attributes are dropped, text is a
 * string, an empty element is "" (an absent one is absent). White space between elements is dropped.
 *
 * Hostile input: a DOCTYPE, depth over 32, more than 200,000 elements, or text that is not well formed is
 * ERROR_PROTOCOL.
 */
#ifndef CLOUDCTL_PROVIDERS_NET_XML_H
#define CLOUDCTL_PROVIDERS_NET_XML_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

/* The tree below the root, a new reference, or NULL with *err set. *root_name, unless NULL: the root's local name. */
json_t *xml_parse(const char *bytes, size_t length, char root_name[64], struct error *err);

#endif
