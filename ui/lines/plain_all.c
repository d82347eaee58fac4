/* SPDX-License-Identifier: Apache-2.0 */
/* Many clouds in lines: each cloud's report lives until it is written, a row of figures until the end. */
#include "ui/lines/plain_all.h"

#include <string.h>

#include "base/array.h"
#include "ui/finding_text.h"
#include "ui/output.h"

enum { COLUMNS = 7, RESULT_MAX_BYTES = 16 << 20 };

void plain_all_begin(struct plain_all *all, struct arena *arena, FILE *results, struct plain_options options)
{
	*all = (struct plain_all){.results = results, .options = options, .arena = arena};
	all->report.arena = &all->of_cloud;
	all->last = &all->rows;
	arena_defer_arena(arena, &all->of_cloud);
}

static void add_row(struct plain_all *all)
{
	struct plain_all_row *row = NEW(all->arena, struct plain_all_row);
	const struct report *report = &all->report;

	row->name = arena_strdup(all->arena, report->run.cloud ? report->run.cloud : "-");
	row->verdict = report->end.verdict;
	row->complete = report->end.judged;
	row->ignored = report_ignored(report);
	for (size_t i = 0; i < VERDICTS; i++)
		row->counts[i] = report->end.counts[i];
	*all->last = row;
	all->last = &row->next;
}

/* "prod: FAIL (1 failed, 2 warnings)" */
static void put_cloud(const struct plain_all *all, struct str *out, bool colour)
{
	const struct report *report = &all->report;
	struct str notes = {.arena = report->arena, .max = 200};
	size_t counts[VERDICTS];

	memcpy(counts, report->end.counts, sizeof(counts));
	counts[VERDICT_PASS] = counts[VERDICT_SKIP] = 0;
	finding_text_counts(&notes, counts, report_ignored(report));
	str_printf_visible(out, "%s: ", report->run.cloud ? report->run.cloud : "-");
	finding_text_paint(out, verdict_name(report->end.verdict), report->end.verdict, colour);
	if (!report->end.judged)
		str_puts(out, " (not verified)");
	else if (notes.length > 0)
		str_printf(out, " (%s)", str_text(&notes));
}

/* Only what did not pass: of two hundred clouds most say nothing here. */
static void write_cloud(const struct plain_all *all)
{
	struct str out = {.arena = all->report.arena, .max = RESULT_MAX_BYTES};
	bool colour = all->options.colour_results;
	struct error err;
	bool any = false;

	put_cloud(all, &out, colour);
	str_putc(&out, '\n');
	for (const struct report_finding *at = all->report.findings; at; at = at->next) {
		enum verdict verdict = at->event.verdict;

		if (verdict == VERDICT_PASS || verdict == VERDICT_SKIP)
			continue;
		finding_text(&out, &at->event, NULL, colour, FINDING_SHORT);
		any = true;
	}
	if (any && output_write(all->results, str_text(&out), out.length, &err) < 0)
		error_keep(all->options.lost, &err);
}

static const char *number(struct arena *arena, const struct plain_all_row *row, size_t count)
{
	return row->complete ? arena_printf(arena, "%zu", count) : "-";
}

static void write_table(struct plain_all *all)
{
	static const char title[] = "Verification result:\n";
	static const char *const headings[COLUMNS] = {"NAME", "VERDICT", "FAILED", "UNKNOWN", "WARNINGS",
		"PASSED", "IGNORED"};
	static const enum verdict columns[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_WARN, VERDICT_PASS};
	struct error err;
	const char **cells;
	size_t rows = 0, at = 0;

	for (const struct plain_all_row *row = all->rows; row; row = row->next)
		rows++;
	if (output_write(all->results, title, strlen(title), &err) < 0)
		error_keep(all->options.lost, &err);
	cells = NEW_ARRAY(all->arena, const char *, rows *COLUMNS);
	for (const struct plain_all_row *row = all->rows; row; row = row->next) {
		cells[at++] = row->name;
		cells[at++] = verdict_name(row->verdict);
		for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
			cells[at++] = number(all->arena, row, row->counts[columns[i]]);
		cells[at++] = number(all->arena, row, row->ignored);
	}
	if (output_table(all->results, headings, COLUMNS, cells, rows, &err) < 0)
		error_keep(all->options.lost, &err);
}

static void begin_run(struct plain_all *all, const struct event_run *run)
{
	all->in_cloud = run->judges && !run->outer;
	if (!all->in_cloud)
		return;
	arena_free(&all->of_cloud);
	report_begin(&all->report, run);
	all->report.afterwards = true;
}

static void end_run(struct plain_all *all, const struct event_end *end, int64_t at_ms, struct str *line)
{
	if (!all->in_cloud) {
		if (all->rows)
			write_table(all);
		all->begun = false;
		return;
	}
	report_end(&all->report, end, at_ms);
	if (!all->options.quiet)
		put_cloud(all, line, all->options.colour_progress);
	write_cloud(all);
	add_row(all);
	all->in_cloud = false;
}

bool plain_all_event(struct plain_all *all, const struct event *event, struct str *line)
{
	if (event->kind == EVENT_RUN && event->run.outer)
		all->begun = true;
	if (!all->begun)
		return false;
	if (event->kind == EVENT_RUN)
		begin_run(all, &event->run);
	else if (event->kind == EVENT_END)
		end_run(all, &event->end, event->at_ms, line);
	else if (event->kind == EVENT_GROUP && all->in_cloud)
		report_group(&all->report, &event->group, event->at_ms);
	else if (event->kind == EVENT_FINDING && all->in_cloud)
		report_finding(&all->report, &event->finding, event->at_ms);
	else
		return false;
	return true;
}
