/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A member of a mapping in a YAML text, JSON included, by its place: so that it can be changed while every other byte stays.
 * Unlike yaml_parse() it takes tags and anchors, which it has no need to understand.
 */
#ifndef CLOUDCTL_BASE_YAML_MEMBER_H
#define CLOUDCTL_BASE_YAML_MEMBER_H

#include "base/error.h"

struct arena;

/*
 * The mapping that the keys of path lead to, ended by NULL, and its member. *written is how the member's value stands in the
 * text, in arena: "'Retain'"; NULL: the mapping has no such member.
 *
 * -1 with ERROR_INPUT and "line N: …": text cannot be read, there is no such mapping, it is empty or has the member twice, or
 * the value is not a scalar.
 */
int yaml_member_find(struct arena *arena, const char *text, const char *const path[], const char *member,
	const char **written, struct error *err);

/*
 * The text with that value for the member, in arena. A new member becomes the first one; where it has none to write, written
 * NULL, a member that is not the last goes. So a member that was added is taken out again byte for byte. NULL as above, or
 * when the last member was to go.
 */
const char *yaml_member_set(struct arena *arena, const char *text, const char *const path[],
	const char *member, const char *written, struct error *err);

#endif
