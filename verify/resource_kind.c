/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a record's section by the table of kinds. */
#include "verify/resource_kind.h"

#include <string.h>

#include "base/option.h"

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

void kind_copy_ids(const struct resource_kind *kind, const void *from, void *to)
{
	const void *source = (const char *)from + kind->member;
	void *target = (char *)to + kind->member;

	if (kind->form == KIND_TEXT && *(const char *const *)source)
		memcpy(target, source, sizeof(const char *));
	if (kind->form == KIND_LIST && ((const struct text_list *)source)->count > 0)
		memcpy(target, source, sizeof(struct text_list));
}

size_t kind_options(const struct resource_kind *kinds, size_t count, size_t offset, struct option *rows)
{
	size_t made = 0;

	for (const struct resource_kind *kind = kinds; kind < kinds + count; kind++) {
		if (!kind->option)
			continue;
		rows[made++] = (struct option){.name = kind->option,
			.kind = kind->form == KIND_LIST ? OPTION_LIST : OPTION_TEXT,
			.offset = offset + kind->member,
			.placeholder = kind->option_value,
			.help = kind->help};
		if (kind->option_alias)
			rows[made++] = (struct option){.name = kind->option_alias, .alias_of = kind->option};
	}
	return made;
}
