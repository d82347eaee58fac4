/* SPDX-License-Identifier: Apache-2.0 */
/* The tables. Names and order are those of a record's lines (docs/events.md). */
#include "base/event_members.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/member.h"

/* The end of the year 9999, in milliseconds since 1970. */
#define DATE_MAX INT64_C(253402300799999)

static const char *const level_names[] = {
	[STEP_PROGRESS] = "progress",
	[STEP_NOTE] = "note",
	[STEP_WARNING] = "warning",
	[STEP_ERROR] = "error",
	NULL,
};
static const char *const effect_names[] = {
	[EFFECT_UNKNOWN] = "unknown",
	[EFFECT_NONE] = "none",
	[EFFECT_CREATES] = "creates",
	[EFFECT_REMOVES] = "removes",
	[EFFECT_CHANGES] = "changes",
	NULL,
};
static const char *const state_names[] = {
	[RESOURCE_WAITING] = "waiting",
	[RESOURCE_WORKING] = "working",
	[RESOURCE_DONE] = "done",
	[RESOURCE_FAILED] = "failed",
	[RESOURCE_UNDOING] = "undoing",
	[RESOURCE_UNDONE] = "undone",
	[RESOURCE_KEPT] = "kept",
	NULL,
};

#define AT(member) offsetof(struct event, member)

static const struct member run_rows[] = {
	{"command", MEMBER_TEXT, AT(run.command), MEMBER_NEEDED},
	{"cloud", MEMBER_TEXT, AT(run.cloud)},
	{"cloud_id", MEMBER_TEXT, AT(run.cloud_id)},
	{"region", MEMBER_TEXT, AT(run.region)},
	{"account", MEMBER_TEXT, AT(run.account)},
	{"provider", MEMBER_TEXT, AT(run.provider)},
	{"effect", MEMBER_WORD, AT(run.effect), MEMBER_SPARSE, .words = effect_names},
	{"judges", MEMBER_FLAG, AT(run.judges)},
	{"outer", MEMBER_FLAG, AT(run.outer)},
	{"leaving", MEMBER_TEXT, AT(run.leaving)},
	{"began_ms", MEMBER_INT64, AT(run.began_ms), MEMBER_SPARSE, .most = DATE_MAX},
};

static const struct member call_rows[] = {
	{"operation", MEMBER_TEXT, AT(call.operation), MEMBER_NEEDED},
	{"request_id", MEMBER_TEXT, AT(call.request_id)}, {"code", MEMBER_TEXT, AT(call.code)},
	{"status", MEMBER_INT, AT(call.status)}, {"attempt", MEMBER_INT, AT(call.attempt)},
	{"took_ms", MEMBER_INT64, AT(call.took_ms)},
	{"wait_ms", MEMBER_INT64, AT(call.wait_ms)}, /* of EVENT_RETRY alone: the last row */
};

static const struct member about_rows[] = {
	{"kind", MEMBER_TEXT, offsetof(struct event_about, kind), MEMBER_NEEDED},
	{"id", MEMBER_TEXT, offsetof(struct event_about, id), MEMBER_NEEDED},
};
static const struct member_table about = {MEMBER_TABLE(struct event_about, about_rows), .open = true};

static const struct member group_rows[] = {
	{"id", MEMBER_TEXT, AT(group.id), MEMBER_NEEDED},
	{"name", MEMBER_TEXT, AT(group.name)},
	{"physical_id", MEMBER_TEXT, AT(group.subject)},
	{"state", MEMBER_WORD, AT(group.state), MEMBER_NEEDED, .words = state_names},
	{"verdict", MEMBER_WORD, AT(group.verdict), MEMBER_NEEDED, .words = verdict_names},
	{"elapsed_ms", MEMBER_INT64, AT(group.elapsed_ms)},
	{"resources", MEMBER_LIST, AT(group.resources), .table = &about},
};

static const struct member resource_rows[] = {
	{"id", MEMBER_TEXT, AT(resource.id), MEMBER_NEEDED},
	{"name", MEMBER_TEXT, AT(resource.name)},
	{"type", MEMBER_TEXT, AT(resource.type), MEMBER_NEEDED},
	{"physical_id", MEMBER_TEXT, AT(resource.physical_id)},
	{"status", MEMBER_TEXT, AT(resource.status)},
	{"reason", MEMBER_TEXT, AT(resource.reason)},
	{"section", MEMBER_TEXT, AT(resource.section)},
	{"level", MEMBER_INT, AT(resource.level), .most = RESOURCE_LEVELS - 1},
	{"create_ms", MEMBER_INT64, AT(resource.create_ms)},
	{"remove_ms", MEMBER_INT64, AT(resource.remove_ms)},
	{"state", MEMBER_WORD, AT(resource.state), MEMBER_NEEDED, .words = state_names},
	{"removing", MEMBER_FLAG, AT(resource.removing)},
	{"verdict", MEMBER_WORD, AT(resource.verdict), MEMBER_NEEDED, .words = verdict_names},
	{"elapsed_ms", MEMBER_INT64, AT(resource.elapsed_ms)},
};

static const struct member step_rows[] = {
	{"level", MEMBER_WORD, AT(step.level), MEMBER_NEEDED, .words = level_names},
	{"text", MEMBER_TEXT, AT(step.text), MEMBER_NEEDED},
};

static const struct member finding_rows[] = {
	{"check", MEMBER_TEXT, AT(finding.check), MEMBER_NEEDED},
	{"group", MEMBER_TEXT, AT(finding.group), MEMBER_NEEDED},
	{"verdict", MEMBER_WORD, AT(finding.verdict), MEMBER_NEEDED, .words = verdict_names},
	{"severity", MEMBER_WORD, AT(finding.severity), MEMBER_NEEDED, .words = verdict_names},
	{"holds", MEMBER_TEXT, AT(finding.holds)},
	{"text", MEMBER_TEXT, AT(finding.text)},
	{"why", MEMBER_TEXT, AT(finding.why)},
	{"remedy", MEMBER_TEXT, AT(finding.remedy)},
	{"remedy_kind", MEMBER_WORD, AT(finding.remedy_kind), MEMBER_SPARSE, .words = remedy_kind_names},
	{"requirement", MEMBER_TEXT, AT(finding.requirement)},
	{"reference", MEMBER_TEXT, AT(finding.reference)},
	{"action", MEMBER_TEXT, AT(finding.action)},
	{"evidence", MEMBER_LIST, AT(finding.evidence)},
	{"resources", MEMBER_LIST, AT(finding.resources), .table = &about},
	{"ignored", MEMBER_TEXT, AT(finding.ignored)},
};

_Static_assert(AT(finding.evidence_count) == AT(finding.evidence) + sizeof(void *) &&
		AT(finding.resource_count) == AT(finding.resources) + sizeof(void *) &&
		AT(group.resource_count) == AT(group.resources) + sizeof(void *),
	"each and its number are a MEMBER_LIST");

static const struct member plan_line_rows[] = {
	{"topic", MEMBER_TEXT, offsetof(struct event_plan_line, topic), MEMBER_NEEDED},
	{"text", MEMBER_TEXT, offsetof(struct event_plan_line, text), MEMBER_NEEDED},
};
static const struct member_table plan_line = {MEMBER_TABLE(struct event_plan_line, plan_line_rows),
	.open = true};

static const struct member plan_rows[] = {
	{"title", MEMBER_TEXT, AT(plan.title), MEMBER_NEEDED},
	{"lines", MEMBER_LIST, AT(plan.lines), .table = &plan_line},
};

_Static_assert(AT(plan.line_count) == AT(plan.lines) + sizeof(void *),
	"lines and their number are a MEMBER_LIST");

static const struct member question_rows[] = {
	{"text", MEMBER_TEXT, AT(question.text), MEMBER_NEEDED},
	{"word", MEMBER_TEXT, AT(question.word)},
	{"answer", MEMBER_TEXT, AT(question.answer)},
};

#define COUNT(verdict) \
	{ \
#verdict, MEMBER_COUNT, VERDICT_##verdict * sizeof(size_t) \
	}

static const struct member count_rows[] = {
	COUNT(PASS),
	COUNT(WARN),
	COUNT(FAIL),
	COUNT(UNKNOWN),
	COUNT(SKIP),
};

static const struct member_table counts = {MEMBER_TABLE(size_t[VERDICTS], count_rows), .open = true};

static const struct member end_rows[] = {
	{"exit_code", MEMBER_INT, AT(end.exit_code)},
	{"judged", MEMBER_FLAG, AT(end.judged)},
	{"verdict", MEMBER_WORD, AT(end.verdict), MEMBER_NEEDED, .words = verdict_names},
	{"counts", MEMBER_STRUCT, AT(end.counts), MEMBER_NEEDED, .table = &counts},
	{"calls", MEMBER_INT, AT(end.calls)},
	{"retries", MEMBER_INT, AT(end.retries)},
	{"caller", MEMBER_TEXT, AT(end.caller)},
};

const struct member_table *event_members(enum event_kind kind)
{
	static const struct member_table tables[] = {
		[EVENT_RUN] = {MEMBER_TABLE(struct event, run_rows), .open = true},
		[EVENT_CALL] = {call_rows, ARRAY_LENGTH(call_rows) - 1, sizeof(struct event), .open = true},
		[EVENT_RETRY] = {MEMBER_TABLE(struct event, call_rows), .open = true},
		[EVENT_GROUP] = {MEMBER_TABLE(struct event, group_rows), .open = true},
		[EVENT_RESOURCE] = {MEMBER_TABLE(struct event, resource_rows), .open = true},
		[EVENT_STEP] = {MEMBER_TABLE(struct event, step_rows), .open = true},
		[EVENT_FINDING] = {MEMBER_TABLE(struct event, finding_rows), .open = true},
		[EVENT_PLAN] = {MEMBER_TABLE(struct event, plan_rows), .open = true},
		[EVENT_QUESTION] = {MEMBER_TABLE(struct event, question_rows), .open = true},
		[EVENT_END] = {MEMBER_TABLE(struct event, end_rows), .open = true},
	};

	return &tables[kind];
}

struct event event_copy(struct arena *arena, const struct event *event)
{
	struct event copy = *event;

	member_copy(arena, event_members(event->kind), &copy);
	return copy;
}

struct event_run event_copy_run(struct arena *arena, const struct event_run *run)
{
	return event_copy(arena, &(struct event){.kind = EVENT_RUN, .run = *run}).run;
}

struct event_resource event_copy_resource(struct arena *arena, const struct event_resource *resource)
{
	return event_copy(arena, &(struct event){.kind = EVENT_RESOURCE, .resource = *resource}).resource;
}

struct event_finding event_copy_finding(struct arena *arena, const struct event_finding *finding)
{
	return event_copy(arena, &(struct event){.kind = EVENT_FINDING, .finding = *finding}).finding;
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
