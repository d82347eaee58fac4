/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verify run as a tree. */
#include "ui/documents/document.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/timestamp.h"
#include "ui/report.h"

enum { STRING_MAX = 1 << 20 };

json_t *document_string(struct arena *arena, const char *text)
{
	struct str visible = {.arena = arena, .max = STRING_MAX};
	json_t *value;

	if (!text)
		return json_null();
	value = json_string(text);
	if (value)
		return value;
	str_put_visible(&visible, text);
	return json_string(str_text(&visible));
}

static json_t *string(const struct report *report, const char *text)
{
	return document_string(report->arena, text);
}

static json_t *verdict(enum verdict value)
{
	return json_string(verdict_name(value));
}

static json_t *cloud(const struct report *report)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "name", string(report, report->run.cloud), "id",
		string(report, report->run.cloud_id), "region", string(report, report->run.region), "account",
		string(report, report->run.account));
}

static json_t *resources(const struct report *report, const struct event_about *items, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list,
			json_pack("{s:o, s:o}", "kind", string(report, items[i].kind), "id",
				string(report, items[i].id)));
	return list;
}

static json_t *groups(const struct report *report)
{
	json_t *list = json_array();

	for (const struct report_group *group = report->groups; group; group = group->next)
		json_array_append_new(list,
			json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", string(report, group->id), "name",
				string(report, group->name), "resource", string(report, group->subject),
				"resources", resources(report, group->resources, group->resource_count),
				"verdict", verdict(group->verdict)));
	return list;
}

static json_t *finding(const struct report *report, const struct event_finding *from)
{
	json_t *evidence = json_array();

	for (size_t i = 0; i < from->evidence_count; i++)
		json_array_append_new(evidence, string(report, from->evidence[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"check", string(report, from->check), "group", string(report, from->group), "verdict",
		verdict(from->verdict), "severity", verdict(from->severity), "holds",
		string(report, from->holds), "text", string(report, from->text), "why",
		string(report, from->why), "remedy", string(report, from->remedy), "remedy_kind",
		from->remedy ? json_string(remedy_kind_names[from->remedy_kind]) : json_null(), "requirement",
		string(report, from->requirement), "reference", string(report, from->reference), "action",
		string(report, from->action), "evidence", evidence, "resources",
		resources(report, from->resources, from->resource_count), "ignored",
		string(report, from->ignored));
}

static json_t *findings(const struct report *report)
{
	json_t *list = json_array();

	for (const struct report_finding *at = report->findings; at; at = at->next)
		json_array_append_new(list, finding(report, &at->event));
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

static json_t *head(const char *schema, json_t *command, const struct renderer_options *options)
{
	char at[TIMESTAMP_SIZE];

	return json_pack("{s:s, s:o, s:s, s:s}", "schema", schema, "command", command, "version",
		CLOUDCTL_VERSION, "at", timestamp_rfc3339(options->began_ms, at));
}

/* What both documents say of one cloud. */
static void add_cloud(json_t *tree, const struct report *report)
{
	const struct event_end *end = &report->end;

	json_object_set_new(tree, "cloud", cloud(report));
	json_object_set_new(tree, "caller", string(report, end->caller));
	json_object_set_new(tree, "verdict", verdict(end->verdict));
	json_object_set_new(tree, "exit_code", json_integer(end->exit_code));
	json_object_set_new(tree, "groups", groups(report));
	json_object_set_new(tree, "findings", findings(report));
	json_object_set_new(tree, "counts", counts(end));
}

static void add_figures(json_t *tree, const struct event_end *end, int64_t took_ms)
{
	json_object_set_new(tree, "calls", json_integer(end->calls));
	json_object_set_new(tree, "retries", json_integer(end->retries));
	json_object_set_new(tree, "elapsed_ms", json_integer(took_ms));
}

static int write_document(const struct report *report, enum output_format format,
	const struct renderer_options *options, struct error *err)
{
	json_t *tree = head("cloudctl.verify/1", string(report, report->run.command), options);

	add_cloud(tree, report);
	add_figures(tree, &report->end, report->took_ms);
	return output_tree(options->results, tree, format, err);
}

int document_write_json(const struct report *report, const struct renderer_options *options,
	struct error *err)
{
	return write_document(report, OUTPUT_JSON, options, err);
}

int document_write_yaml(const struct report *report, const struct renderer_options *options,
	struct error *err)
{
	return write_document(report, OUTPUT_YAML, options, err);
}

static int begin(struct renderer_many *many, enum output_format format, struct error *err)
{
	many->list = (struct output_list){.file = many->options->results, .format = format};
	return output_list_begin(&many->list,
		head("cloudctl.verify-all/1", json_string("verify"), many->options), "clouds", err);
}

int document_begin_json(struct renderer_many *many, struct error *err)
{
	return begin(many, OUTPUT_JSON, err);
}

int document_begin_yaml(struct renderer_many *many, struct error *err)
{
	return begin(many, OUTPUT_YAML, err);
}

int document_add(struct renderer_many *many, const struct report *report, struct error *err)
{
	json_t *tree = json_object();

	add_cloud(tree, report);
	json_object_set_new(tree, "error", string(report, report->error));
	json_object_set_new(tree, "elapsed_ms", json_integer(report->took_ms));
	return output_list_add(&many->list, tree, err);
}

int document_end(struct renderer_many *many, struct error *err)
{
	const struct event_end *end = &many->end;
	json_t *tail = json_pack("{s:o, s:i, s:o}", "verdict", verdict(end->verdict), "exit_code",
		end->exit_code, "counts", counts(end));

	add_figures(tail, end, many->took_ms);
	return output_list_end(&many->list, tail, err);
}
