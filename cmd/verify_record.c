/* SPDX-License-Identifier: Apache-2.0 */
/* Between a verification and the record of its cloud. */
#include "cmd/verify_record.h"

#include "base/arena.h"
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

static int store(const struct registry *registry, const struct cloud *verified, int wait_ms,
	struct error *err)
{
	_cleanup_unlock_ struct registry_lock *lock = registry_lock(registry, verified->name, wait_ms, err);
	struct cloud cloud;

	if (!lock || registry_load(registry, verified->name, &cloud, err) < 0)
		return -1;
	cloud.verification = verified->verification;
	return registry_update(registry, &cloud, err);
}

void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms)
{
	/* What is read on the way goes at once: --watch comes here for days. */
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = TEXT_MAX};
	const struct registry own = registry_within(registry, &arena);
	struct error why;

	if (store(&own, verified, wait_ms, &why) < 0) {
		error_format(&why, &text);
		event_step(stream, STEP_NOTE, "The result was not saved in the record: %s", str_text(&text));
	}
	arena_free(&arena);
}
