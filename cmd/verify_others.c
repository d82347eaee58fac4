/* SPDX-License-Identifier: Apache-2.0 */
/* What verify tells the checks about the other clouds of the registry, and the user's configuration. */
#include "base/tree.h"
#include "cmd/built_in.h"
#include "cmd/context.h"
#include "cmd/verify.h"

static void tell_unread(struct context *context, struct event_stream *stream, const struct error *first)
{
	event_step(stream, STEP_WARNING,
		"Not every record could be read, so the external id of another cloud may count as a stranger's: %s",
		error_text(context->arena, first));
}

const json_t *verify_directory(struct context *context, struct event_stream *stream)
{
	json_t *directory = tree_defer(context->arena, json_object());
	struct text_list names = {0};
	struct error first;
	size_t unread = 0;

	PROVIDER.note_user(directory, context->world);
	if (registry_names(context->registry, &names, &first) < 0)
		unread = 1;
	for (size_t i = 0; i < names.count; i++) {
		struct arena arena = {0};
		struct registry registry = registry_within(context->registry, &arena);
		struct cloud cloud;
		struct error err;

		if (registry_load(&registry, names.items[i], &cloud, &err) == 0) {
			PROVIDER.note_cloud(directory, &cloud);
		} else if (err.kind != ERROR_NOT_FOUND) { /* removed since */
			first = unread++ ? first : err;
		}
		arena_free(&arena);
	}
	if (unread > 0 && stream)
		tell_unread(context, stream, &first);
	return directory;
}
