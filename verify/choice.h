/* SPDX-License-Identifier: Apache-2.0 */
/* Which checks a run is of: --only and --skip. Pure. */
#ifndef CLOUDCTL_VERIFY_CHOICE_H
#define CLOUDCTL_VERIFY_CHOICE_H

#include <stdbool.h>

#include "base/error.h"
#include "verify/check.h"

struct arena;
struct verify_options;

/* By its id: no glob of skip matches it, and one of only does, if there are any. */
bool check_is_chosen(const struct check *check, const struct verify_options *options);

/* ERROR_USAGE when a glob matches no check of the table, with the id that may have been meant, or no check is left. */
int check_choice_test(struct arena *arena, const struct check_table *table,
	const struct verify_options *options, struct error *err);

#endif
