/* SPDX-License-Identifier: Apache-2.0 */
/* The member "ignored" of a record: findings that the user has accepted, each with a reason. */
#ifndef CLOUDCTL_PROVIDERS_RECORDS_CLOUD_IGNORED_H
#define CLOUDCTL_PROVIDERS_RECORDS_CLOUD_IGNORED_H

#include "providers/records/cloud.h"

struct arena;

enum { CLOUD_IGNORED_MAX = 1000 };

/* Add an entry, in place of one with the same check and resource. Its strings are borrowed. */
void cloud_ignored_put(struct arena *arena, struct ignored_list *list, const struct ignored *entry);

/* Remove the entry of this check and resource; resource NULL: all of the check. Returns how many there were. */
size_t cloud_ignored_remove(struct ignored_list *list, const char *check, const char *resource);

#endif
