/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which findings the user has accepted: the entries of a record against what was found. Pure.
 *
 * An ignored finding keeps its verdict and is shown with the reason, but counts in no verdict and no exit code.
 */
#ifndef CLOUDCTL_VERIFY_IGNORE_H
#define CLOUDCTL_VERIFY_IGNORE_H

#include <stddef.h>

struct arena;
struct check_table;
struct cloud;
struct finding;

struct ignored {
	const char *check;    /* id: "disk.size" */
	const char *resource; /* its id; NULL: whatever the finding is about */
	const char *reason;
	const char *since; /* RFC 3339, or NULL */
};

struct ignored_list {
	struct ignored *items;
	size_t count;
};

enum { IGNORE_REASONS_MAX = 8 << 10 }; /* bytes; of more, the beginning is shown */

/*
 * The reasons to ignore a finding, or NULL. An entry without a resource is about everything that its check says but
 * PASS, UNKNOWN and SKIP included. Entries with a resource apply to WARN and FAIL, and only when each resource that
 * fails has one: finding.resources, or where that is empty all that the check is about by the record. A resource may be
 * named by its id or by the name in its id (check_table.name_of).
 */
const char *ignore_reason(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const struct finding *finding);

/* What an entry is worth once its check was judged. */
enum ignore_use {
	IGNORE_OF_USE, /* it applies, or it may: another resource has no entry, something could not be determined */
	IGNORE_PASSED, /* the check passes, or at least for this resource */
	IGNORE_UNKNOWN_CHECK,
	IGNORE_NOT_JUDGED, /* the check was not chosen, or does not apply */
};

enum ignore_use ignore_use(struct arena *arena, const struct check_table *table, const struct cloud *cloud,
	const struct ignored *entry, const struct finding *findings, size_t count);

enum { IGNORED_MAX = 1000 }; /* entries of a list that is kept */

/* Add an entry, in place of one with the same check and resource. Its strings are borrowed. */
void ignored_put(struct arena *arena, struct ignored_list *list, const struct ignored *entry);

/* Remove the entry of this check and resource; resource NULL: all of the check. Returns how many there were. */
size_t ignored_remove(struct ignored_list *list, const char *check, const char *resource);

#endif
