/* SPDX-License-Identifier: Apache-2.0 */
/* What verify tells the checks about the other clouds of the registry, and the user's configuration. */
#include "base/tree.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/verify.h"

/* A record that cannot be read is another run's business. */
const json_t *verify_directory(struct context *context)
{
	json_t *directory = tree_defer(context->arena, json_object());
	struct text_list names = {0};
	struct error err;

	PROVIDER.note_user(directory, context->world);
	if (registry_names(context->registry, &names, &err) < 0)
		return directory;
	for (size_t i = 0; i < names.count; i++) {
		struct arena arena = {0};
		struct registry registry = registry_within(context->registry, &arena);
		struct cloud cloud;

		if (registry_load(&registry, names.items[i], &cloud, &err) == 0)
			PROVIDER.note_cloud(directory, &cloud);
		arena_free(&arena);
	}
	return directory;
}
