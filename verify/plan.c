/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan says without anything being asked. */
#include "verify/plan.h"

void plan_close(const struct plan *plan, bool *wanted)
{
	for (size_t i = plan->count; i--;) {
		const struct index_list *after = &plan->rows[i].after;

		for (size_t k = 0; wanted[i] && k < after->count; k++)
			wanted[after->items[k]] = true;
	}
}

void ask_add(struct ask *ask, const char *key, json_t *input)
{
	ask->add(ask, key, input ? input : json_object());
}
