/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the properties of a resource differ, as lines that a person reads: "CidrIp: 0.0.0.0/0 → 10.0.0.0/8". Policies are
 * compared statement by statement (iam/policy_diff.h), lists of things with a name by that name. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_PROPERTY_DIFF_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_PROPERTY_DIFF_H

#include <jansson.h>

#include "base/text.h"

struct arena;

/*
 * Add the lines, each of which begins with path and what it is of it ("Tags.team: a → b"). NULL: there is none. Text that
 * is a document of JSON counts as that document; long values are cut.
 */
void property_diff(struct arena *arena, const char *path, const json_t *before, const json_t *after,
	struct text_list *lines);

#endif
