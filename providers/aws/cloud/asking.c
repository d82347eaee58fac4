/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs of calls that the plans have in common. */
#include "providers/aws/cloud/asking.h"

void ask_filter(struct ask *ask, const char *name, const char *const *values, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (values[i])
			json_array_append_new(list, json_string(values[i]));
	if (json_array_size(list) == 0) {
		json_decref(list);
		return;
	}
	ask_add(ask, NULL, json_pack("{s:[{s:s,s:o}]}", "Filter", "Name", name, "Value", list));
}

void ask_one(struct ask *ask, const char *member, const char *value)
{
	if (value)
		ask_add(ask, NULL, json_pack("{s:s}", member, value));
}

void ask_nothing(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, NULL);
}
