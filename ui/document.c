/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verify run as a tree. */
#include "ui/document.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/report.h"

enum { STRING_MAX = 1 << 20 };

struct document {
	struct sink sink;
	FILE *results;
	enum output_format format;
	struct sink *next;
	struct error *lost;
	struct report report;
	bool collecting;
	struct event_run run; /* copied */
};

/* null for NULL. A text that is no UTF-8 cannot stand in JSON, so it is made visible first. */
static json_t *string(struct document *d, const char *text)
{
	struct str visible = {.arena = d->report.arena, .max = STRING_MAX};
	json_t *value;

	if (!text)
		return json_null();
	value = json_string(text);
	if (value)
		return value;
	str_put_visible(&visible, text);
	return json_string(str_text(&visible));
}

static json_t *verdict(enum verdict value)
{
	return json_string(verdict_name(value));
}

static json_t *cloud(struct document *d)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "name", string(d, d->run.cloud), "id",
		string(d, d->run.cloud_id), "region", string(d, d->run.region), "account",
		string(d, d->run.account));
}

static json_t *groups(struct document *d)
{
	json_t *list = json_array();

	for (const struct report_group *group = d->report.groups; group; group = group->next)
		json_array_append_new(list,
			json_pack("{s:o, s:o, s:o, s:o}", "id", string(d, group->id), "name",
				string(d, group->name), "resource", string(d, group->physical_id), "verdict",
				verdict(group->verdict)));
	return list;
}

static json_t *finding(struct document *d, const struct event_finding *from)
{
	json_t *evidence = json_array();

	for (size_t i = 0; i < from->evidence_count; i++)
		json_array_append_new(evidence, string(d, from->evidence[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "check",
		string(d, from->check), "group", string(d, from->group), "verdict", verdict(from->verdict),
		"severity", verdict(from->severity), "holds", string(d, from->holds), "text",
		string(d, from->text), "why", string(d, from->why), "remedy", string(d, from->remedy),
		"reference", string(d, from->reference), "action", string(d, from->action), "evidence",
		evidence);
}

static json_t *findings(struct document *d)
{
	json_t *list = json_array();

	for (const struct report_finding *at = d->report.findings; at; at = at->next)
		json_array_append_new(list, finding(d, &at->event));
	return list;
}

static json_t *counts(const struct event_end *end)
{
	static const char *const names[VERDICTS] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_WARN] = "warn",
		[VERDICT_FAIL] = "fail",
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_SKIP] = "skip",
	};
	json_t *object = json_object();

	for (size_t i = 0; i < VERDICTS; i++)
		json_object_set_new(object, names[i], json_integer((json_int_t)end->counts[i]));
	return object;
}

static void write_document(struct document *d, const struct event *event)
{
	const struct event_end *end = &event->end;
	struct error err = {0};
	json_t *tree = json_pack("{s:s, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:i, s:i, s:I}", "schema",
		"cloudctl.verify/1", "command", string(d, d->run.command), "cloud", cloud(d), "verdict",
		verdict(end->verdict), "exit_code", end->exit_code, "groups", groups(d), "findings",
		findings(d), "counts", counts(end), "calls", end->calls, "retries", end->retries,
		"elapsed_ms", (json_int_t)event->at_ms);

	if (output_tree(d->results, tree, d->format, &err) < 0 && d->lost && d->lost->kind == ERROR_NONE)
		*d->lost = err;
	json_decref(tree);
}

static void begin(struct document *d, const struct event_run *run)
{
	struct arena *arena = d->report.arena;

	d->collecting = text_equal(run->command, "verify");
	d->report = (struct report){.arena = arena};
	d->run = (struct event_run){
		.command = arena_strdup(arena, run->command),
		.cloud = arena_strdup(arena, run->cloud),
		.cloud_id = arena_strdup(arena, run->cloud_id),
		.region = arena_strdup(arena, run->region),
		.account = arena_strdup(arena, run->account),
	};
}

/* True when the event is in the document and need not be seen elsewhere. */
static bool take(struct document *d, const struct event *event)
{
	if (event->kind == EVENT_RUN)
		begin(d, &event->run);
	if (!d->collecting)
		return false;
	if (event->kind == EVENT_FINDING)
		report_finding(&d->report, &event->finding);
	else if (event->kind == EVENT_RESOURCE && !event->resource.type)
		report_resource(&d->report, &event->resource);
	else if (event->kind == EVENT_END)
		write_document(d, event);
	else
		return false;
	return true;
}

static void document_emit(struct sink *self, const struct event *event)
{
	struct document *d = (struct document *)self;

	if (!take(d, event) && d->next)
		d->next->emit(d->next, event);
}

struct sink *document_new(struct arena *arena, FILE *results, enum output_format format, struct sink *next,
	struct error *lost)
{
	struct document *d = NEW(arena, struct document);

	d->sink.emit = document_emit;
	d->results = results;
	d->format = format;
	d->next = next;
	d->lost = lost;
	d->report.arena = arena;
	return &d->sink;
}
