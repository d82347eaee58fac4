/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record's section by the table of kinds. */
#include "verify/resource_kind.h"

struct text_list kind_ids(struct arena *arena, const struct resource_kind *kind, const void *section)
{
	const void *at = (const char *)section + kind->member;
	struct text_list ids = {0};

	switch (kind->form) {
	case KIND_UNRECORDED: break;
	case KIND_TEXT:
		if (*(const char *const *)at)
			text_list_add(arena, &ids, *(const char *const *)at);
		break;
	case KIND_LIST: return *(const struct text_list *)at;
	}
	return ids;
}

void kind_set_id(const struct resource_kind *kind, void *section, const char *id)
{
	*(const char **)(void *)((char *)section + kind->member) = id;
}
