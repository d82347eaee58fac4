/* SPDX-License-Identifier: Apache-2.0 */
/* A row of the catalogue as a tree, for `checks` and `explain`. */
#ifndef CLOUDCTL_CMD_CHECKS_H
#define CLOUDCTL_CMD_CHECKS_H

#include <jansson.h>

#include "verify/check.h"

/* "always", "direct networking", … */
const char *checks_applies(enum applies applies);

/* A new reference: id, group, severity, applies, holds, why, remedy, reference; null where the row has none. */
json_t *checks_tree(const struct check *check);

#endif
