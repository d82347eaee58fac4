/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue as trees, for `checks` and `explain`, and as a page. */
#ifndef CLOUDCTL_CMD_CHECKS_H
#define CLOUDCTL_CMD_CHECKS_H

#include <jansson.h>

#include "verify/check.h"

struct str;

/* A new reference: id, group, severity, applies, holds, why, remedy, reference; null where the row has none. */
json_t *checks_tree(const struct check_group *group, const struct check *check);

enum { CHECKS_PAGE_MAX = 256 << 10 }; /* bytes; a str of this size takes the page */

/* docs/checks.md: every row in full, in Markdown. */
void checks_page(struct str *page);

#endif
