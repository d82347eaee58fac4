/* SPDX-License-Identifier: Apache-2.0 */
/* Between a verification and the record of its cloud. */
#include "cmd/verify_record.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

enum { TEXT_MAX = 4096 };

void verify_record_note(struct event_stream *stream, const struct cloud *cloud)
{
	const char *kind = cloud->operation.kind;

	if (cloud->state == CLOUD_READY)
		return;
	event_step(stream, STEP_NOTE,
		"Cloud '%s' is recorded as %s; checks of resources that do not exist yet, or no longer, fail.",
		cloud->name, cloud_state_name(cloud->state));
	if (kind)
		event_step(stream, STEP_NOTE,
			"Its %s was not finished: run 'cloudctl %s' again to continue it.", kind, kind);
}

void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms)
{
	/* What is read on the way goes at once: --watch comes here for days. */
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = TEXT_MAX};
	struct registry own;
	struct error why;
	struct cloud cloud;
	_cleanup_close_ int lock = -1;
	bool kept = registry_open(&own, &arena, registry->world, registry->schemas, registry->folder, &why) ==
			0 &&
		(lock = registry_lock(&own, verified->name, wait_ms, &why)) >= 0 &&
		registry_load(&own, verified->name, &cloud, &why) == 0;

	if (kept) {
		cloud.verification = verified->verification;
		kept = registry_update(&own, &cloud, &why) == 0;
	}
	if (!kept) {
		error_format(&why, &text);
		event_step(stream, STEP_NOTE, "The result was not saved in the record: %s", str_text(&text));
	}
	arena_free(&arena);
}
