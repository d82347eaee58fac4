/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of groups and findings. Prints nothing. */
#include "ui/report.h"

#include "base/arena.h"
#include "base/event_members.h"
#include "base/text.h"

static struct report_group *group_of(struct report *report, const char *id, int64_t at_ms)
{
	struct report_group **at = &report->groups;

	while (*at && !text_equal((*at)->id, id))
		at = &(*at)->next;
	if (!*at) {
		*at = NEW(report->arena, struct report_group);
		(*at)->id = arena_strdup(report->arena, id);
		(*at)->name = (*at)->id;
		(*at)->verdict = VERDICT_UNKNOWN;
		(*at)->began_ms = (*at)->last_ms = at_ms;
	}
	return *at;
}

static void begin_again(struct report *report, struct report_group *group, int64_t at_ms)
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
	group->ignored = 0;
	group->shown = false;
	group->began_ms = at_ms;
}

void report_error(struct report *report, const char *text)
{
	report->error = arena_strdup(report->arena, text);
}

void report_begin(struct report *report, const struct event_run *run)
{
	*report = (struct report){.arena = report->arena, .run = event_copy_run(report->arena, run)};
}

struct report_group *report_group(struct report *report, const struct event_group *event, int64_t at_ms)
{
	struct report_group *group = group_of(report, event->id, at_ms);
	bool ends = event->state == RESOURCE_DONE || event->state == RESOURCE_FAILED;
	const struct event copy = event_copy(report->arena,
		&(struct event){.kind = EVENT_GROUP, .group = *event});

	if (event->name)
		group->name = copy.group.name;
	if (event->subject)
		group->subject = copy.group.subject;
	if (event->resource_count > 0) {
		group->resources = copy.group.resources;
		group->resource_count = copy.group.resource_count;
	}
	if (group->ended && !ends)
		begin_again(report, group, at_ms);
	group->ended = ends;
	group->verdict = ends ? event->verdict : VERDICT_UNKNOWN;
	group->last_ms = at_ms;
	if (report->afterwards && event->elapsed_ms > at_ms - group->began_ms)
		group->last_ms = group->began_ms + event->elapsed_ms;
	return group;
}

/* When the group's last decision was, or its beginning: what its next decision is measured from. */
static int64_t decided_before(const struct report *report, const struct report_group *group)
{
	int64_t at_ms = group->began_ms;

	for (const struct report_finding *at = report->findings; at; at = at->next) {
		if (at->group == group)
			at_ms += at->took_ms;
	}
	return at_ms;
}

static bool comes_before(const struct report_group *group, const struct report_group *other)
{
	for (group = group->next; group && group != other;)
		group = group->next;
	return group != NULL;
}

struct report_finding *report_finding(struct report *report, const struct event_finding *event, int64_t at_ms)
{
	struct report_finding *finding = NEW(report->arena, struct report_finding);
	struct report_group *group = group_of(report, event->group, at_ms);
	struct report_finding **at = &report->findings;

	if (event->ignored)
		group->ignored++;
	else
		group->counts[event->verdict]++;
	group->last_ms = at_ms;
	finding->group = group;
	finding->took_ms = at_ms - decided_before(report, group);
	finding->event = event_copy_finding(report->arena, event);
	while (*at && !comes_before(group, (*at)->group))
		at = &(*at)->next;
	finding->next = *at;
	*at = finding;
	return finding;
}

size_t report_ignored(const struct report *report)
{
	size_t count = 0;

	for (const struct report_group *group = report->groups; group; group = group->next)
		count += group->ignored;
	return count;
}

static int64_t longest_group(const struct report *report)
{
	int64_t longest = 0;

	for (const struct report_group *group = report->groups; group; group = group->next)
		if (group->last_ms - group->began_ms > longest)
			longest = group->last_ms - group->began_ms;
	return longest;
}

void report_end(struct report *report, const struct event_end *end, int64_t at_ms)
{
	report->end = event_copy(report->arena, &(struct event){.kind = EVENT_END, .end = *end}).end;
	report->took_ms = report->afterwards ? longest_group(report) : at_ms;
	if (!end->judged && end->verdict != VERDICT_FAIL)
		report->end.verdict = VERDICT_UNKNOWN;
}
