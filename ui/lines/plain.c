/* SPDX-License-Identifier: Apache-2.0 */
/* Events to lines: one function a kind of event. What a finding looks like is in finding_text.c. */
#include "ui/lines/plain.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/finding_text.h"
#include "ui/lines/plain_all.h"
#include "ui/lines/plain_waiting.h"
#include "ui/output.h"
#include "ui/plan_text.h"
#include "ui/report.h"

enum {
	LINE_MAX_BYTES = 64 << 10,
	RESULT_MAX_BYTES = 16 << 20,
	RETRY_SHOWN_MS = 1000, /* shorter waits are not worth a line */
};

/* What a round after the first decided otherwise than the last one that counts. */
struct plain_change {
	struct plain_change *next;
	int64_t at_ms;
	struct event_finding *finding; /* with the verdict of before; VERDICTS: none */
	enum verdict verdict;
	const char *text; /* or NULL */
};

struct plain {
	struct sink sink;
	FILE *results;
	FILE *progress;
	struct plain_options options;
	struct report report;
	struct plain_waiting waiting;
	struct plain_all all;
	struct plain_change *changes, **last_change; /* of this round, until it is known whether it counts */
	bool ended;                                  /* a run; another is a round of the same */
	bool again;                                  /* this one is */
	struct str line;                             /* the text of the line being made, without the time */
	struct str last;                             /* the text of the line before */
	struct str time;                             /* of the line being made */
};

/* "+0.4s", "+1m12.4s", "+1h2m3.4s"; tenths are cut, not rounded, so that time never seems to run ahead. */
static void put_time(struct str *out, int64_t ms)
{
	long long tenths = ms < 0 ? 0 : ms / 100;
	long long seconds = tenths / 10;

	str_putc(out, '+');
	if (seconds >= 3600)
		str_printf(out, "%lldh", seconds / 3600);
	if (seconds >= 60)
		str_printf(out, "%lldm", seconds / 60 % 60);
	str_printf(out, "%lld.%llds", seconds % 60, tenths % 10);
}

static void say_line(struct plain *p, int64_t at_ms)
{
	str_clear(&p->time);
	put_time(&p->time, at_ms);
	fprintf(p->progress, "(cloudctl %s) %s\n", str_text(&p->time), str_text(&p->line));
	fflush(p->progress);
}

/* Print p->line unless it says what the line before said. */
static void print_line(struct plain *p, int64_t at_ms)
{
	if (p->last.length > 0 && text_equal(str_text(&p->line), str_text(&p->last)))
		return;
	say_line(p, at_ms);
	str_clear(&p->last);
	str_puts(&p->last, str_text(&p->line));
	plain_waiting_spoke(&p->waiting, at_ms);
}

/* A reason that makes a whole group UNKNOWN is printed once: the check it was printed for, or NULL. */
static const char *said_before(const struct plain *p, const struct report_finding *finding)
{
	const struct report_finding *each = p->report.findings;

	if (finding->event.verdict != VERDICT_UNKNOWN)
		return NULL;
	for (; each && each != finding; each = each->next) {
		if (each->group == finding->group && each->event.verdict == VERDICT_UNKNOWN &&
			!each->event.ignored && text_equal(each->event.text, finding->event.text))
			return each->event.check;
	}
	return NULL;
}

static void print_finding(struct plain *p, struct report_finding *finding, int64_t at_ms)
{
	struct str out = {.arena = p->report.arena, .max = RESULT_MAX_BYTES};

	if (finding->shown || (finding->event.verdict == VERDICT_PASS && !p->options.verbose))
		return;
	finding->shown = true;
	finding_text(&out, &finding->event, said_before(p, finding), p->options.colour_progress,
		p->options.whole ? FINDING_WHOLE : FINDING_BRIEF);
	fputs(str_text(&out), p->progress);
	fflush(p->progress);
	str_clear(&p->last);
	plain_waiting_spoke(&p->waiting, at_ms);
}

static void run_begins(struct plain *p, const struct event *event)
{
	const struct event_run *run = &event->run;

	p->again = p->ended;
	if (!p->options.verbose || p->again)
		return;
	str_printf_visible(&p->line, "%s: cloud %s, region %s, account %s", run->command,
		run->cloud ? run->cloud : "-", run->region ? run->region : "-",
		run->account ? run->account : "-");
	print_line(p, event->at_ms);
}

static void call_ended(struct plain *p, const struct event *event)
{
	const struct event_call *call = &event->call;

	if (!p->options.verbose)
		return;
	str_printf_visible(&p->line, "%s: %d", call->operation, call->status);
	if (call->code)
		str_printf_visible(&p->line, " %s", call->code);
	str_printf(&p->line, " in %lld ms", (long long)call->took_ms);
	if (call->attempt > 1)
		str_printf(&p->line, ", attempt %d", call->attempt);
	if (call->request_id)
		str_printf_visible(&p->line, " (request %s)", call->request_id);
	print_line(p, event->at_ms);
}

static void call_waits(struct plain *p, const struct event *event)
{
	const struct event_call *call = &event->call;

	if (call->wait_ms < RETRY_SHOWN_MS && !p->options.verbose)
		return;
	str_printf_visible(&p->line, "%s: %s, trying again in %lld.%llds", call->operation,
		call->code ? call->code : "no reply", (long long)call->wait_ms / 1000,
		(long long)call->wait_ms / 100 % 10);
	print_line(p, event->at_ms);
}

static void put_group_end(struct plain *p, const struct report_group *group)
{
	static const char *const ends[VERDICTS] = {
		[VERDICT_PASS] = "verification succeeded.",
		[VERDICT_WARN] = "verification succeeded with warnings.",
		[VERDICT_FAIL] = "verification FAILED.",
		[VERDICT_UNKNOWN] = "verification could not be completed.",
		[VERDICT_SKIP] = "verification skipped.",
	};
	const char *name = group->name;

	if (name[0] >= 'a' && name[0] <= 'z') /* it begins a sentence */
		str_putc(&p->line, (char)(*name++ - 'a' + 'A'));
	str_printf_visible(&p->line, "%s ", name);
	if (group->subject)
		str_printf_visible(&p->line, "%s ", group->subject);
	finding_text_paint(&p->line, ends[group->verdict], group->verdict, p->options.colour_progress);
}

/*
 * Groups end as replies come, and are told in their order, so that two runs say the same: in_order, none before those that
 * come first have ended.
 */
static void tell_groups(struct plain *p, bool in_order, int64_t at_ms)
{
	for (struct report_group *group = p->report.groups; group; group = group->next) {
		if (!group->ended && in_order)
			return;
		if (!group->ended || group->shown)
			continue;
		group->shown = true;
		str_clear(&p->line);
		put_group_end(p, group);
		print_line(p, at_ms);
		for (struct report_finding *at = p->report.findings; at; at = at->next)
			if (at->group == group)
				print_finding(p, at, at_ms);
	}
}

static void group_changed(struct plain *p, const struct event *event)
{
	struct report_group *group;

	if (p->again)
		return;
	group = report_group(&p->report, &event->group, event->at_ms);
	if (p->options.quiet)
		return;
	if (event->group.state == RESOURCE_WORKING) {
		str_printf_visible(&p->line, "Verifying %s ...", group->name);
		print_line(p, event->at_ms);
	}
	tell_groups(p, true, event->at_ms);
}

/* The provider's word where there is one. */
static const char *state_word(const struct event_resource *resource)
{
	static const char *const words[] = {
		[RESOURCE_WAITING] = "waiting",
		[RESOURCE_WORKING] = "in progress",
		[RESOURCE_DONE] = "done",
		[RESOURCE_FAILED] = "failed",
		[RESOURCE_UNDOING] = "being removed",
		[RESOURCE_UNDONE] = "removed",
		[RESOURCE_KEPT] = "kept",
	};

	return resource->status ? resource->status : words[resource->state];
}

static void resource_changed(struct plain *p, const struct event *event)
{
	const struct event_resource *resource = &event->resource;
	bool failed = resource->state == RESOURCE_FAILED;

	/* Everything waits for its turn in the beginning; that is not worth a line. */
	if (resource->state == RESOURCE_WAITING || (p->options.quiet && !failed))
		return;
	str_printf_visible(&p->line, "%s: ", resource->name ? resource->name : resource->id);
	if (failed)
		finding_text_paint(&p->line, state_word(resource), VERDICT_FAIL, p->options.colour_progress);
	else
		str_put_visible(&p->line, state_word(resource));
	if (resource->physical_id)
		str_printf_visible(&p->line, " (%s)", resource->physical_id);
	if (failed && resource->reason)
		str_printf_visible(&p->line, ": %s", resource->reason);
	print_line(p, event->at_ms);
}

static void step_said(struct plain *p, const struct event *event)
{
	bool colour = p->options.colour_progress;

	if (p->options.quiet && event->step.level == STEP_PROGRESS)
		return;
	if (event->step.level == STEP_WARNING)
		finding_text_paint(&p->line, "warning: ", VERDICT_WARN, colour);
	else if (event->step.level == STEP_ERROR)
		finding_text_paint(&p->line, "error: ", VERDICT_FAIL, colour);
	str_put_visible(&p->line, event->step.text);
	print_line(p, event->at_ms);
}

/* What the user is about to be asked about; it stays readable, so no line of it has a time. */
static void plan_told(struct plain *p, const struct event *event)
{
	struct str out = {.arena = p->report.arena, .max = RESULT_MAX_BYTES};

	plan_text(&out, &event->plan);
	fputs(str_text(&out), p->progress);
	fflush(p->progress);
	str_clear(&p->last);
	plain_waiting_spoke(&p->waiting, event->at_ms);
}

/* --- rounds after the first --- */

/* A finding whose verdict is not what the report says, or that the report does not have, is kept for the end. */
static void note_change(struct plain *p, const struct event_finding *finding, int64_t at_ms)
{
	struct report_finding *before = p->report.findings;
	struct plain_change *change;

	while (before && !text_equal(before->event.check, finding->check))
		before = before->next;
	if (before && before->event.verdict == finding->verdict)
		return;
	if (!before) {
		before = report_finding(&p->report, finding, at_ms);
		before->event.verdict = VERDICTS; /* never judged */
	}
	change = NEW(p->report.arena, struct plain_change);
	*change = (struct plain_change){.at_ms = at_ms,
		.finding = &before->event,
		.verdict = finding->verdict,
		.text = arena_strdup(p->report.arena, finding->text)};
	*p->last_change = change;
	p->last_change = &change->next;
}

/* "network.dns: FAIL, was PASS: it is off" */
static void print_change(struct plain *p, const struct plain_change *change)
{
	str_printf_visible(&p->line, "%s: ", change->finding->check);
	finding_text_paint(&p->line, verdict_name(change->verdict), change->verdict,
		p->options.colour_progress);
	if (change->finding->verdict != VERDICTS)
		str_printf(&p->line, ", was %s", verdict_name(change->finding->verdict));
	if (change->text)
		str_printf_visible(&p->line, ": %s", change->text);
	print_line(p, change->at_ms);
	str_clear(&p->line);
}

/* A round that was broken off says nothing about what it did not see, so nothing of it counts. */
static void tell_changes(struct plain *p, const struct event_end *end)
{
	for (struct plain_change *change = p->changes; change && end->judged; change = change->next) {
		print_change(p, change);
		change->finding->verdict = change->verdict;
	}
	p->changes = NULL;
	p->last_change = &p->changes;
}

static void finding_decided(struct plain *p, const struct event *event)
{
	struct report_finding *finding;

	if (p->again) {
		note_change(p, &event->finding, event->at_ms);
		return;
	}
	finding = report_finding(&p->report, &event->finding, event->at_ms);
	/* The others wait for the line of their group. */
	if (finding->group->shown && !p->options.quiet)
		print_finding(p, finding, event->at_ms);
}

/* A preflight that did not stop the run is not part of the result. */
static bool is_result(const struct report_group *group)
{
	return !text_equal(group->id, EVENT_GROUP_PREFLIGHT) || group->verdict == VERDICT_FAIL;
}

static bool has_result(const struct plain *p)
{
	for (const struct report_group *group = p->report.groups; group; group = group->next)
		if (is_result(group))
			return true;
	return false;
}

static void put_result(struct plain *p, struct str *out, const struct report_group *group)
{
	bool colour = p->options.colour_results;

	finding_text_group(out, group, colour);
	for (const struct report_finding *finding = p->report.findings; finding; finding = finding->next) {
		enum verdict verdict = finding->event.verdict;

		if (finding->group == group && verdict != VERDICT_PASS && verdict != VERDICT_SKIP)
			finding_text(out, &finding->event, said_before(p, finding), colour, FINDING_SHORT);
	}
}

static void run_ended(struct plain *p, const struct event *event)
{
	struct str out = {.arena = p->report.arena, .max = RESULT_MAX_BYTES};
	struct error err;

	if (!p->again && !p->options.quiet)
		tell_groups(p, false, event->at_ms);
	str_clear(&p->line);
	if (p->options.verbose) {
		str_printf_visible(&p->line, "%d %s%srequests, %d of them retries.", event->end.calls,
			p->waiting.provider ? p->waiting.provider : "", p->waiting.provider ? " " : "",
			event->end.retries);
		print_line(p, event->at_ms);
	}
	p->ended = true;
	tell_changes(p, &event->end);
	/* A run that could ask nothing has no result; the command's own error says why. */
	if (!has_result(p) || p->again || (!event->end.judged && !p->report.findings))
		return;
	str_puts(&out, "Verification result:\n");
	for (const struct report_group *group = p->report.groups; group; group = group->next)
		if (is_result(group))
			put_result(p, &out, group);
	if (output_write(p->results, str_text(&out), out.length, &err) < 0)
		error_keep(p->options.lost, &err);
}

void plain_look(struct sink *plain, int64_t at_ms)
{
	struct plain *p = (struct plain *)plain;
	int64_t due_ms;

	str_clear(&p->line);
	while (!p->options.quiet && plain_waiting_due(&p->waiting, at_ms, &due_ms, &p->line)) {
		say_line(p, due_ms);
		str_clear(&p->line);
	}
}

static void plain_emit(struct sink *self, const struct event *event)
{
	struct plain *p = (struct plain *)self;

	plain_look(self, event->at_ms);
	if (plain_all_event(&p->all, event, &p->line)) {
		if (p->line.length > 0)
			print_line(p, event->at_ms);
		return;
	}
	plain_waiting_event(&p->waiting, event);
	switch (event->kind) {
	case EVENT_RUN: run_begins(p, event); break;
	case EVENT_CALL: call_ended(p, event); break;
	case EVENT_RETRY: call_waits(p, event); break;
	case EVENT_GROUP: group_changed(p, event); break;
	case EVENT_RESOURCE: resource_changed(p, event); break;
	case EVENT_STEP: step_said(p, event); break;
	case EVENT_FINDING: finding_decided(p, event); break;
	case EVENT_PLAN: plan_told(p, event); break;
	case EVENT_QUESTION: break;
	case EVENT_END: run_ended(p, event); break;
	}
}

struct sink *plain_new(struct arena *arena, FILE *results, FILE *progress, struct plain_options options)
{
	struct plain *p = NEW(arena, struct plain);

	p->sink.emit = plain_emit;
	p->results = results;
	p->progress = progress;
	p->options = options;
	p->report.arena = arena;
	p->waiting.arena = arena;
	p->last_change = &p->changes;
	p->line = (struct str){.arena = arena, .max = LINE_MAX_BYTES};
	p->last = p->time = p->line;
	plain_all_begin(&p->all, arena, results, options);
	return &p->sink;
}
