/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of groups and findings. Prints nothing. */
#include "ui/report.h"

#include "base/arena.h"
#include "base/text.h"

static struct report_group *group_of(struct report *report, const char *id)
{
	struct report_group **at = &report->groups;

	while (*at && !text_equal((*at)->id, id))
		at = &(*at)->next;
	if (!*at) {
		*at = NEW(report->arena, struct report_group);
		(*at)->id = arena_strdup(report->arena, id);
		(*at)->name = (*at)->id;
		(*at)->verdict = VERDICT_UNKNOWN;
	}
	return *at;
}

static void forget_findings(struct report *report, struct report_group *group)
{
	struct report_finding **at = &report->findings;

	while (*at) {
		if ((*at)->group == group)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	for (size_t i = 0; i < VERDICTS; i++)
		group->counts[i] = 0;
}

struct report_group *report_resource(struct report *report, const struct event_resource *resource)
{
	struct report_group *group = group_of(report, resource->id);
	bool ends = resource->state == RESOURCE_DONE || resource->state == RESOURCE_FAILED;

	if (resource->name)
		group->name = arena_strdup(report->arena, resource->name);
	if (resource->physical_id)
		group->physical_id = arena_strdup(report->arena, resource->physical_id);
	if (group->ended && !ends)
		forget_findings(report, group);
	group->ended = ends;
	group->verdict = ends ? resource->verdict : VERDICT_UNKNOWN;
	return group;
}

static struct event_finding copy(struct arena *arena, const struct event_finding *from)
{
	struct event_finding to = *from;
	const char **evidence = NEW_ARRAY(arena, const char *, from->evidence_count);

	to.check = arena_strdup(arena, from->check);
	to.group = arena_strdup(arena, from->group);
	to.holds = arena_strdup(arena, from->holds);
	to.text = arena_strdup(arena, from->text);
	to.why = arena_strdup(arena, from->why);
	to.remedy = arena_strdup(arena, from->remedy);
	to.reference = arena_strdup(arena, from->reference);
	to.action = arena_strdup(arena, from->action);
	for (size_t i = 0; i < from->evidence_count; i++)
		evidence[i] = arena_strdup(arena, from->evidence[i]);
	to.evidence = evidence;
	return to;
}

struct report_finding *report_finding(struct report *report, const struct event_finding *event)
{
	struct report_finding *finding = NEW(report->arena, struct report_finding);
	struct report_finding **at = &report->findings;

	finding->group = group_of(report, event->group);
	finding->group->counts[event->verdict]++;
	finding->event = copy(report->arena, event);
	while (*at)
		at = &(*at)->next;
	*at = finding;
	return finding;
}
