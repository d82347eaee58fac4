/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as trees, for `checks` and `explain`. */
#ifndef CLOUDCTL_CMD_CHECKS_H
#define CLOUDCTL_CMD_CHECKS_H

#include <jansson.h>

#include "verify/check.h"

/*
 * A new reference: id, group, severity, applies, holds, why, remedy, remedy_kind, requirement, reference; null where the
 * row has none.
 */
json_t *checks_tree(const struct check_group *group, const struct check *check);

#endif
