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
		"Cloud '%s' is recorded as %s; what is not there yet, or not any more, fails.", cloud->name,
		cloud_state_name(cloud->state));
	if (kind)
		event_step(stream, STEP_NOTE,
			"Its %s was not finished: it is taken up by running 'cloudctl %s' again.", kind,
			kind);
}

void verify_record_store(const struct registry *registry, struct event_stream *stream,
	const struct cloud *verified, int wait_ms)
{
	struct str text = {.arena = registry->arena, .max = TEXT_MAX};
	struct error why;
	struct cloud cloud;
	_cleanup_close_ int lock = registry_lock(registry, verified->name, wait_ms, &why);

	if (lock >= 0 && registry_load(registry, verified->name, &cloud, &why) == 0) {
		cloud.verification = verified->verification;
		if (registry_update(registry, &cloud, &why) == 0)
			return;
	}
	error_format(&why, &text);
	event_step(stream, STEP_NOTE, "The result was not kept in the record: %s", str_text(&text));
}
