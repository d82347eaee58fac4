/* SPDX-License-Identifier: Apache-2.0 */
/* One table says which members of an event are strings. */
#include "base/event_copy.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"

#define AT(member) offsetof(struct event, member)

static const struct {
	enum event_kind kind;
	size_t offset;
} texts[] = {
	{EVENT_RUN, AT(run.command)},
	{EVENT_RUN, AT(run.cloud)},
	{EVENT_RUN, AT(run.cloud_id)},
	{EVENT_RUN, AT(run.region)},
	{EVENT_RUN, AT(run.account)},
	{EVENT_RUN, AT(run.provider)},
	{EVENT_RUN, AT(run.leaving)},
	{EVENT_CALL, AT(call.operation)},
	{EVENT_CALL, AT(call.request_id)},
	{EVENT_CALL, AT(call.code)},
	{EVENT_RETRY, AT(call.operation)},
	{EVENT_RETRY, AT(call.request_id)},
	{EVENT_RETRY, AT(call.code)},
	{EVENT_GROUP, AT(group.id)},
	{EVENT_GROUP, AT(group.name)},
	{EVENT_GROUP, AT(group.subject)},
	{EVENT_RESOURCE, AT(resource.id)},
	{EVENT_RESOURCE, AT(resource.name)},
	{EVENT_RESOURCE, AT(resource.type)},
	{EVENT_RESOURCE, AT(resource.physical_id)},
	{EVENT_RESOURCE, AT(resource.status)},
	{EVENT_RESOURCE, AT(resource.reason)},
	{EVENT_RESOURCE, AT(resource.section)},
	{EVENT_STEP, AT(step.text)},
	{EVENT_FINDING, AT(finding.check)},
	{EVENT_FINDING, AT(finding.group)},
	{EVENT_FINDING, AT(finding.holds)},
	{EVENT_FINDING, AT(finding.text)},
	{EVENT_FINDING, AT(finding.why)},
	{EVENT_FINDING, AT(finding.remedy)},
	{EVENT_FINDING, AT(finding.reference)},
	{EVENT_FINDING, AT(finding.action)},
	{EVENT_FINDING, AT(finding.ignored)},
	{EVENT_QUESTION, AT(question.text)},
	{EVENT_QUESTION, AT(question.answer)},
};

struct event event_copy(struct arena *arena, const struct event *event)
{
	struct event copy = *event;

	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		char *at = (char *)&copy + texts[i].offset;
		const char *text;

		if (texts[i].kind != event->kind)
			continue;
		memcpy(&text, at, sizeof(text));
		text = arena_strdup(arena, text);
		memcpy(at, &text, sizeof(text));
	}
	if (event->kind == EVENT_FINDING) {
		const char **lines = NEW_ARRAY(arena, const char *, event->finding.evidence_count);

		for (size_t i = 0; i < event->finding.evidence_count; i++)
			lines[i] = arena_strdup(arena, event->finding.evidence[i]);
		copy.finding.evidence = lines;
	}
	return copy;
}

static void keep(struct sink *self, const struct event *event)
{
	struct event_keeper *keeper = (struct event_keeper *)self;
	struct event_kept *kept = NEW(keeper->arena, struct event_kept);

	kept->event = event_copy(keeper->arena, event);
	*keeper->last = kept;
	keeper->last = &kept->next;
}

void event_keeper_begin(struct event_keeper *keeper, struct arena *arena)
{
	*keeper = (struct event_keeper){.sink = {keep}, .arena = arena};
	keeper->last = &keeper->first;
}
