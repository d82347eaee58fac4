/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verify run as a SARIF tree. What becomes what is in sarif.h. */
#include "ui/documents/sarif.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "ui/documents/document.h"
#include "ui/documents/markdown_text.h"
#include "ui/finding_text.h"
#include "ui/output.h"
#include "ui/report.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

enum { TEXT_MAX = 1 << 20 };

struct sarif {
	struct arena *arena;
	const struct report *report;
	const struct renderer_options *options;
};

/* What a verdict is in a result; the level is a rule's default, too. */
static const struct {
	const char *kind, *level;
} of_verdict[VERDICTS] = {
	[VERDICT_PASS] = {"pass", "none"},
	[VERDICT_WARN] = {"fail", "warning"},
	[VERDICT_FAIL] = {"fail", "error"},
	[VERDICT_UNKNOWN] = {"open", "none"},
	[VERDICT_SKIP] = {"notApplicable", "none"},
};

static json_t *string(const struct sarif *s, const char *text)
{
	return document_string(s->arena, text);
}

/* {"text": …} */
static json_t *described(const struct sarif *s, const char *text)
{
	return json_pack("{s:o}", "text", string(s, text));
}

/* A message: braces doubled, single ones are placeholders (3.11.5); nothing that reads as a link (3.11.6). */
static json_t *message(const struct sarif *s, const char *text)
{
	struct str out = {.arena = s->arena, .max = TEXT_MAX};

	for (; *text; text++) {
		if (*text == '{' || *text == '}')
			str_putc(&out, *text);
		str_putc(&out, *text);
		if (text[0] == ']' && text[1] == '(')
			str_putc(&out, ' ');
	}
	return described(s, str_text(&out));
}

/* An absolute URL and nothing else, of the characters that RFC 3986 allows. */
static bool is_url(const char *text)
{
	static const char characters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$&'()*+,;=%";

	return text && (text_starts_with(text, "https://") || text_starts_with(text, "http://")) &&
		text_only(text, characters, sizeof("http://"), 2000);
}

static void put_help(struct str *out, const char *label, const char *text)
{
	if (text)
		str_printf(out, "%s%s: %s", out->length > 0 ? "\n" : "", label, text);
}

static void put_markdown(struct str *out, const char *label, const char *text)
{
	if (!text)
		return;
	str_printf(out, "%s**%s:** ", out->length > 0 ? "\n\n" : "", label);
	markdown_text_sentence(out, text);
}

static json_t *help(const struct sarif *s, const struct event_finding *finding)
{
	struct str text = {.arena = s->arena, .max = TEXT_MAX};
	struct str markdown = text;

	put_help(&text, "Must hold", text_or(finding->holds, finding->check));
	put_help(&text, "Why", finding->why);
	put_help(&text, finding_text_remedy(finding), finding->remedy);
	put_help(&text, "Reference", finding->reference);
	put_markdown(&markdown, "Must hold", text_or(finding->holds, finding->check));
	put_markdown(&markdown, "Why", finding->why);
	put_markdown(&markdown, "Reference", finding->reference);
	if (finding->remedy) {
		str_printf(&markdown, "\n\n**%s:**\n\n", finding_text_remedy(finding));
		markdown_text_block(&markdown, &finding->remedy, 1);
	}
	return json_pack("{s:o, s:o}", "text", string(s, str_text(&text)), "markdown",
		string(s, str_text(&markdown)));
}

static json_t *rule(const struct sarif *s, const struct event_finding *finding)
{
	const char *holds = text_or(finding->holds, finding->check);
	json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:{s:s}, s:{s:[o], s:o}}", "id",
		string(s, finding->check), "shortDescription", described(s, holds), "fullDescription",
		described(s, text_or(finding->why, holds)), "help", help(s, finding), "defaultConfiguration",
		"level", of_verdict[finding->severity].level, "properties", "tags", string(s, finding->group),
		"requirement", string(s, finding->requirement));

	if (is_url(finding->reference))
		json_object_set_new(object, "helpUri", string(s, finding->reference));
	return object;
}

/* The finding that a check's rule is made of: its first one with a remedy, else its first one. */
static const struct event_finding *of_rule(const struct sarif *s, const char *check)
{
	const struct event_finding *first = NULL;

	for (const struct report_finding *at = s->report->findings; at; at = at->next) {
		if (!text_equal(at->event.check, check))
			continue;
		if (at->event.remedy)
			return &at->event;
		if (!first)
			first = &at->event;
	}
	return first;
}

/* Fills ids with the checks that gave findings, each once: the rules in their order. */
static struct text_list rule_ids(const struct sarif *s)
{
	struct text_list ids = {0};

	for (const struct report_finding *at = s->report->findings; at; at = at->next) {
		if (!text_list_has(&ids, at->event.check))
			text_list_add(s->arena, &ids, at->event.check);
	}
	return ids;
}

static json_int_t rule_index(const struct text_list *ids, const char *check)
{
	size_t i = 0;

	while (!text_equal(ids->items[i], check))
		i++;
	return (json_int_t)i;
}

/* "found" and, a line each, the evidence. */
static json_t *result_message(const struct sarif *s, const struct event_finding *finding)
{
	struct str text = {.arena = s->arena, .max = TEXT_MAX};

	str_puts(&text, text_or(finding->text, text_or(finding->holds, finding->check)));
	for (size_t i = 0; i < finding->evidence_count; i++)
		str_printf(&text, "\n- %s", finding->evidence[i]);
	if (finding->action)
		str_printf(&text, "\nNeeds: %s", finding->action);
	return message(s, str_text(&text));
}

static const char *cloud_name(const struct sarif *s)
{
	return text_or(s->report->run.cloud, "cloud");
}

static json_t *location(const struct sarif *s, const char *group, const char *name)
{
	return json_pack("{s:[{s:o, s:o, s:s}]}", "logicalLocations", "name", string(s, name),
		"fullyQualifiedName",
		string(s, arena_printf(s->arena, "%s/%s/%s", cloud_name(s), group, name)), "kind",
		"resource");
}

/* Each resource by itself: all of them must be put right (3.27.12). Without any the group is the place. */
static json_t *locations(const struct sarif *s, const struct report_finding *from)
{
	const struct report_group *group = from->group;
	json_t *list = json_array();

	for (size_t i = 0; i < from->event.resource_count; i++)
		json_array_append_new(list, location(s, group->id, from->event.resources[i].id));
	if (from->event.resource_count == 0)
		json_array_append_new(list, location(s, group->id, text_or(group->subject, group->name)));
	return list;
}

static json_t *properties(const struct sarif *s, const struct event_finding *finding)
{
	json_t *evidence = json_array();

	for (size_t i = 0; i < finding->evidence_count; i++)
		json_array_append_new(evidence, string(s, finding->evidence[i]));
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "group", string(s, finding->group), "verdict",
		verdict_name(finding->verdict), "text", string(s, finding->text), "evidence", evidence,
		"remedy", string(s, finding->remedy), "remedy_kind",
		finding->remedy ? json_string(remedy_kind_names[finding->remedy_kind]) : json_null(),
		"action", string(s, finding->action));
}

/* Every result has the member, or none: so a reader knows that nothing else was ignored (3.27.23). */
static json_t *suppressions(const struct sarif *s, const struct event_finding *finding)
{
	if (!finding->ignored)
		return json_array();
	return json_pack("[{s:s, s:s, s:o}]", "kind", "external", "status", "accepted", "justification",
		string(s, finding->ignored));
}

static json_t *result(const struct sarif *s, const struct report_finding *from, const struct text_list *ids)
{
	const struct event_finding *finding = &from->event;
	const char *cloud = text_or(s->report->run.cloud_id, cloud_name(s));

	return json_pack("{s:o, s:I, s:s, s:s, s:o, s:o, s:{s:o}, s:o, s:o}", "ruleId",
		string(s, finding->check), "ruleIndex", rule_index(ids, finding->check), "kind",
		of_verdict[finding->verdict].kind, "level", of_verdict[finding->verdict].level, "message",
		result_message(s, finding), "locations", locations(s, from), "partialFingerprints",
		"cloudctlCheck/v1", string(s, arena_printf(s->arena, "%s/%s", cloud, finding->check)),
		"suppressions", suppressions(s, finding), "properties", properties(s, finding));
}

static json_t *invocation(const struct sarif *s)
{
	bool complete = s->report->end.judged;
	int64_t began_ms = s->options->began_ms;
	char began[TIMESTAMP_SIZE], ended[TIMESTAMP_SIZE];

	return json_pack("{s:b, s:i, s:s, s:s, s:s, s:o*}", "executionSuccessful", complete, "exitCode",
		s->report->end.exit_code, "exitCodeDescription",
		complete ? verdict_name(s->report->end.verdict) : "not every check was decided",
		"startTimeUtc", timestamp_rfc3339(began_ms, began), "endTimeUtc",
		timestamp_rfc3339(began_ms + s->report->took_ms, ended), "account",
		s->report->end.caller ? string(s, s->report->end.caller) : NULL);
}

static json_t *run(const struct report *report, const struct renderer_options *options)
{
	const struct sarif s = {.arena = report->arena, .report = report, .options = options};
	struct text_list ids = rule_ids(&s);
	json_t *rules = json_array(), *results = json_array();

	for (size_t i = 0; i < ids.count; i++)
		json_array_append_new(rules, rule(&s, of_rule(&s, ids.items[i])));
	for (const struct report_finding *at = report->findings; at; at = at->next)
		json_array_append_new(results, result(&s, at, &ids));
	return json_pack("{s:{s:{s:s, s:s, s:o}}, s:{s:o}, s:[o], s:o}", "tool", "driver", "name", "cloudctl",
		"version", CLOUDCTL_VERSION, "rules", rules, "automationDetails", "id",
		string(&s, arena_printf(s.arena, "%s/", cloud_name(&s))), "invocations", invocation(&s),
		"results", results);
}

static json_t *log_head(void)
{
	return json_pack("{s:s, s:s}", "version", "2.1.0", "$schema", SCHEMA);
}

int sarif_write(const struct report *report, const struct renderer_options *options, struct error *err)
{
	json_t *tree = log_head();

	json_object_set_new(tree, "runs", json_pack("[o]", run(report, options)));
	return output_tree(options->results, tree, OUTPUT_JSON, err);
}

int sarif_begin(struct renderer_many *many, struct error *err)
{
	many->list = (struct output_list){.file = many->options->results, .format = OUTPUT_JSON};
	return output_list_begin(&many->list, log_head(), "runs", err);
}

int sarif_add(struct renderer_many *many, const struct report *report, struct error *err)
{
	return output_list_add(&many->list, run(report, many->options), err);
}

int sarif_end(struct renderer_many *many, struct error *err)
{
	return output_list_end(&many->list, json_object(), err);
}
