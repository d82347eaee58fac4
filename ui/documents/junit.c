/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verify run as JUnit XML. What goes where is in junit.h; every text passes xml_escape. */
#include "ui/documents/junit.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/timestamp.h"
#include "ui/documents/xml_escape.h"
#include "ui/output.h"
#include "ui/report.h"

enum { DOCUMENT_MAX = 64 << 20 };

enum junit_outcome { PASSED, NOTED, FAILED, BROKEN, SKIPPED, OUTCOMES };

struct junit_tally {
	size_t of[OUTCOMES];
	size_t all;
};

struct junit {
	struct str out;
	const struct report *report;
	const struct renderer_options *options;
	bool of_many; /* suites are called by their cloud, too */
};

static enum junit_outcome outcome_of(const struct junit *j, const struct event_finding *finding)
{
	const enum junit_outcome outcomes[VERDICTS] = {
		[VERDICT_PASS] = PASSED,
		[VERDICT_WARN] = j->options->strict ? FAILED : NOTED,
		[VERDICT_FAIL] = FAILED,
		[VERDICT_UNKNOWN] = BROKEN,
		[VERDICT_SKIP] = SKIPPED,
	};

	return finding->ignored ? SKIPPED : outcomes[finding->verdict];
}

/* group NULL: all of them. */
static struct junit_tally count(const struct junit *j, const struct report_group *group)
{
	struct junit_tally tally = {0};

	for (const struct report_finding *at = j->report->findings; at; at = at->next) {
		if (!group || at->group == group) {
			tally.of[outcome_of(j, &at->event)]++;
			tally.all++;
		}
	}
	if (!group && !j->report->end.judged) {
		tally.of[BROKEN]++;
		tally.all++;
	}
	return tally;
}

static void put_time(struct str *out, int64_t ms)
{
	long long shown = ms > 0 ? ms : 0;

	str_printf(out, " time=\"%lld.%03lld\"", shown / 1000, shown % 1000);
}

static void put_counts(struct str *out, const struct junit_tally *tally)
{
	str_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tally->all, tally->of[FAILED],
		tally->of[BROKEN]);
}

static const char *cloud_name(const struct junit *j)
{
	return j->report->run.cloud ? j->report->run.cloud : "cloud";
}

static void put_suite(struct junit *j, const char *name, const struct junit_tally *tally, int64_t began_ms,
	int64_t took_ms)
{
	char buffer[TIMESTAMP_SIZE];
	const char *timestamp = timestamp_rfc3339(j->options->began_ms + began_ms, buffer);

	if (j->of_many)
		name = arena_printf(j->out.arena, "%s: %s", cloud_name(j), name);
	str_puts(&j->out, "  <testsuite");
	xml_escape_attribute(&j->out, "name", name);
	put_counts(&j->out, tally);
	str_printf(&j->out, " skipped=\"%zu\" timestamp=\"%.*s\"", tally->of[SKIPPED],
		(int)strcspn(timestamp, "Z"), timestamp);
	put_time(&j->out, took_ms);
	str_puts(&j->out, ">\n");
}

static void put_property(struct str *out, const char *name, const char *value)
{
	if (!value)
		return;
	str_puts(out, "      <property");
	xml_escape_attribute(out, "name", name);
	xml_escape_attribute(out, "value", value);
	str_puts(out, "/>\n");
}

static void put_properties(struct junit *j, const struct report_group *group)
{
	const struct event_run *run = &j->report->run;

	str_puts(&j->out, "    <properties>\n");
	put_property(&j->out, "cloud", run->cloud ? run->cloud : "");
	put_property(&j->out, "cloud-id", run->cloud_id);
	put_property(&j->out, "region", run->region);
	put_property(&j->out, "account", run->account);
	put_property(&j->out, "resource", group->subject);
	str_puts(&j->out, "    </properties>\n");
}

static void put_case(struct junit *j, const char *group, const char *name, int64_t took_ms)
{
	str_puts(&j->out, "    <testcase");
	xml_escape_attribute(&j->out, "classname", arena_printf(j->out.arena, "%s.%s", cloud_name(j), group));
	xml_escape_attribute(&j->out, "name", name);
	put_time(&j->out, took_ms);
}

static void put_line(struct str *out, const char *label, const char *text)
{
	if (!text)
		return;
	str_puts(out, label);
	xml_escape_text(out, text);
	str_putc(out, '\n');
}

static void put_body(struct str *out, const struct event_finding *finding)
{
	put_line(out, "must hold: ", finding->holds);
	put_line(out, "found: ", finding->text);
	for (size_t i = 0; i < finding->evidence_count; i++)
		put_line(out, "  ", finding->evidence[i]);
	put_line(out, "why: ", finding->why);
	put_line(out, "needs: ", finding->action);
	put_line(out, arena_printf(out->arena, "%s: ", remedy_kind_names[finding->remedy_kind]),
		finding->remedy);
	put_line(out, "reference: ", finding->reference);
}

static void put_outcome(struct str *out, const char *element, const struct event_finding *finding)
{
	str_printf(out, "      <%s", element);
	xml_escape_attribute(out, "type", finding->check);
	xml_escape_attribute(out, "message", finding->text ? finding->text : finding->check);
	str_putc(out, '>');
	put_body(out, finding);
	str_printf(out, "</%s>\n", element);
}

static void put_skipped(struct str *out, const struct event_finding *finding)
{
	const char *reason = finding->text ? finding->text : "";

	if (finding->ignored)
		reason = arena_printf(out->arena, "ignored: %s", finding->ignored);
	str_puts(out, "      <skipped");
	xml_escape_attribute(out, "message", reason);
	if (!finding->ignored) {
		str_puts(out, "/>\n");
		return;
	}
	str_printf(out, ">%s\n", verdict_name(finding->verdict));
	put_body(out, finding);
	str_puts(out, "</skipped>\n");
}

static void put_finding(struct junit *j, const struct report_finding *finding)
{
	const struct event_finding *event = &finding->event;
	enum junit_outcome outcome = outcome_of(j, event);

	put_case(j, event->group, event->check, finding->took_ms);
	if (outcome == PASSED) {
		str_puts(&j->out, "/>\n");
		return;
	}
	str_puts(&j->out, ">\n");
	if (outcome == SKIPPED) {
		put_skipped(&j->out, event);
	} else if (outcome == NOTED) {
		str_printf(&j->out, "      <system-out>%s\n", verdict_name(event->verdict));
		put_body(&j->out, event);
		str_puts(&j->out, "</system-out>\n");
	} else {
		put_outcome(&j->out, outcome == FAILED ? "failure" : "error", event);
	}
	str_puts(&j->out, "    </testcase>\n");
}

static void put_group(struct junit *j, const struct report_group *group)
{
	struct junit_tally tally = count(j, group);

	put_suite(j, group->name, &tally, group->began_ms, group->last_ms - group->began_ms);
	put_properties(j, group);
	for (const struct report_finding *at = j->report->findings; at; at = at->next) {
		if (at->group == group)
			put_finding(j, at);
	}
	str_puts(&j->out, "  </testsuite>\n");
}

/* A run that broke off must not look like one in which all went well. */
static void put_broken_off(struct junit *j)
{
	const struct junit_tally tally = {.of = {[BROKEN] = 1}, .all = 1};
	int64_t took_ms = j->report->took_ms;

	put_suite(j, "run", &tally, 0, took_ms);
	put_case(j, "run", "run.complete", took_ms);
	str_printf(&j->out,
		">\n      <error type=\"run.complete\" message=\"the run ended with exit code %d before every check was decided\"",
		j->report->end.exit_code);
	if (j->report->error) {
		str_puts(&j->out, ">");
		xml_escape_text(&j->out, j->report->error);
		str_puts(&j->out, "</error>\n");
	} else {
		str_puts(&j->out, "/>\n");
	}
	str_puts(&j->out, "    </testcase>\n  </testsuite>\n");
}

static void put_suites(struct junit *j)
{
	for (const struct report_group *group = j->report->groups; group; group = group->next)
		put_group(j, group);
	if (!j->report->end.judged)
		put_broken_off(j);
}

static int write_out(const struct junit *j, struct error *err)
{
	if (j->out.overflow)
		return error_set(err, ERROR_IO, "writing the output: it is too large");
	return output_write(j->options->results, str_text(&j->out), j->out.length, err);
}

int junit_write(const struct report *report, const struct renderer_options *options, struct error *err)
{
	struct junit j = {.out = {.arena = report->arena, .max = DOCUMENT_MAX},
		.report = report,
		.options = options};
	struct junit_tally tally = count(&j, NULL);
	const char *cloud = report->run.cloud;

	str_puts(&j.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	xml_escape_attribute(&j.out, "name",
		arena_printf(report->arena, "cloudctl verify %s", cloud ? cloud : ""));
	put_counts(&j.out, &tally);
	put_time(&j.out, report->took_ms);
	str_puts(&j.out, ">\n");
	put_suites(&j);
	str_puts(&j.out, "</testsuites>\n");
	return write_out(&j, err);
}

int junit_begin(struct renderer_many *many, struct error *err)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				   "<testsuites name=\"cloudctl verify --all\">\n";

	return output_write(many->options->results, head, strlen(head), err);
}

int junit_add(struct renderer_many *many, const struct report *report, struct error *err)
{
	struct junit j = {.out = {.arena = report->arena, .max = DOCUMENT_MAX},
		.report = report,
		.options = many->options,
		.of_many = true};

	put_suites(&j);
	return write_out(&j, err);
}

int junit_end(struct renderer_many *many, struct error *err)
{
	static const char tail[] = "</testsuites>\n";

	return output_write(many->options->results, tail, strlen(tail), err);
}
