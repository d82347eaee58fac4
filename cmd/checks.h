/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as trees, for `checks` and `explain`. */
#ifndef CLOUDCTL_CMD_CHECKS_H
#define CLOUDCTL_CMD_CHECKS_H

#include <jansson.h>

#include "verify/check.h"

struct context;

/*
 * A new reference: id, group, severity, applies, holds, why, remedy, remedy_kind, requirement, reference; null where the
 * row has none.
 */
json_t *checks_tree(const struct check_group *group, const struct check *check);

/* The groups of the catalogue: those of verify, then those of the checks before setup. NULL: there are no more. */
const struct check_group *checks_group(size_t index);

/* Print the rows of one group, NULL: of all, as a table or a list, by --output. */
int checks_print(struct context *context, const struct check_group *one, struct error *err);

#endif
