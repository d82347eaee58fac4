/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a verify run as a comment. */
#include "ui/documents/markdown.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "ui/documents/markdown_text.h"
#include "ui/finding_text.h"
#include "ui/output.h"
#include "ui/report.h"

enum {
	COMMENT_MAX = 60000,
	TABLE_ROWS_MAX = 100, /* the catalogue has ten groups; a table of this many still fits */
	TEXT_MAX = 1 << 20,
};

/* The sections in their order. A finding is in one at most; an ignored one is only among the ignored. */
static const struct markdown_section {
	const char *title;
	enum verdict verdict;
	bool ignored; /* of any verdict */
} sections[] = {
	{"Failed", VERDICT_FAIL, false},
	{"Could not be determined", VERDICT_UNKNOWN, false},
	{"Warnings", VERDICT_WARN, false},
	{"Ignored on purpose", VERDICTS, true},
};

static const char *verdict_words(const struct report *report, bool strict)
{
	static const char *const words[VERDICTS] = {
		[VERDICT_PASS] = "PASSED",
		[VERDICT_WARN] = "PASSED with warnings",
		[VERDICT_FAIL] = "FAILED",
		[VERDICT_UNKNOWN] = "UNKNOWN",
		[VERDICT_SKIP] = "nothing was checked",
	};

	if (!report->end.judged)
		return "did not complete";
	if (strict && report->end.counts[VERDICT_WARN] > 0 && report->end.verdict != VERDICT_FAIL)
		return "FAILED: warnings count";
	return words[report->end.verdict];
}

/* "1 failed, 1 unknown, 2 warnings"; "no findings" when all are zero. */
static const char *counts_in_words(const struct report *report)
{
	struct str out = {.arena = report->arena, .max = 300};

	finding_text_counts(&out, report->end.counts, report_ignored(report));
	return out.length > 0 ? str_text(&out) : "no findings";
}

static void put_particular(struct str *out, const char *label, const char *value)
{
	if (!value)
		return;
	str_printf(out, ", %s ", label);
	markdown_text_code(out, value);
}

static void put_heading(struct str *out, const struct report *report, bool strict)
{
	const struct event_run *run = &report->run;

	str_puts(out, "## cloudctl verify ");
	markdown_text_code(out, run->cloud);
	str_printf(out, ": %s\n\n**%s**; exit code %d", verdict_words(report, strict),
		counts_in_words(report), report->end.exit_code);
	put_particular(out, "cloud", run->cloud_id);
	put_particular(out, "region", run->region);
	put_particular(out, "account", run->account);
	str_puts(out, ".\n");
}

/* A row's numbers; skipped ones have a column only in the table of one cloud's groups. */
static void put_numbers(struct str *out, const size_t counts[VERDICTS], bool skipped, size_t ignored)
{
	str_printf(out, " %zu | %zu | %zu | %zu |", counts[VERDICT_FAIL], counts[VERDICT_UNKNOWN],
		counts[VERDICT_WARN], counts[VERDICT_PASS]);
	if (skipped)
		str_printf(out, " %zu |", counts[VERDICT_SKIP]);
	str_printf(out, " %zu |\n", ignored);
}

static void put_row(struct str *out, const struct report_group *group)
{
	str_puts(out, "| ");
	markdown_text_sentence(out, group->name);
	str_puts(out, " | ");
	markdown_text_code(out, group->subject);
	str_printf(out, " | %s |", verdict_name(group->verdict));
	put_numbers(out, group->counts, true, group->ignored);
}

static void put_table(struct str *out, const struct report *report)
{
	size_t rows = 0;

	if (!report->groups)
		return;
	str_puts(out,
		"\n| Group | Resource | Verdict | Failed | Unknown | Warnings | Passed | Skipped | Ignored |\n| --- | --- | --- | --: | --: | --: | --: | --: | --: |\n");
	for (const struct report_group *group = report->groups; group; group = group->next) {
		struct str row = {.arena = report->arena, .max = TEXT_MAX};

		put_row(&row, group);
		if (rows++ < TABLE_ROWS_MAX && out->length + row.length < COMMENT_MAX / 2)
			str_puts(out, str_text(&row));
	}
}

static void put_labelled(struct str *out, const char *label, const char *text)
{
	if (!text)
		return;
	str_printf(out, "\n%s: ", label);
	markdown_text_sentence(out, text);
	str_putc(out, '\n');
}

static void put_block(struct str *out, const char *label, const char *const *texts, size_t count)
{
	struct str block = {.arena = out->arena, .max = TEXT_MAX};

	markdown_text_block(&block, texts, count);
	if (block.length > 0)
		str_printf(out, "\n%s:\n\n%s", label, str_text(&block));
}

static void put_finding(struct str *out, const struct event_finding *finding)
{
	str_printf(out, "\n%s ", verdict_name(finding->verdict));
	markdown_text_code(out, finding->check);
	str_puts(out, ": ");
	markdown_text_sentence(out, finding->text);
	str_putc(out, '\n');
	put_labelled(out, "Ignored", finding->ignored);
	put_labelled(out, "Must hold", finding->holds);
	put_labelled(out, "Why", finding->why);
	put_labelled(out, "Needs", finding->action);
	put_block(out, "Evidence", finding->evidence, finding->evidence_count);
	if (finding->remedy && !finding->ignored)
		put_block(out, finding_text_remedy(finding), &finding->remedy, 1);
	put_labelled(out, "Reference", finding->reference);
}

static bool is_in(const struct markdown_section *section, const struct event_finding *finding)
{
	if (section->ignored || finding->ignored)
		return section->ignored && finding->ignored;
	return finding->verdict == section->verdict;
}

/* Returns how many findings did not fit. */
static size_t put_section(struct str *out, const struct report *report,
	const struct markdown_section *section)
{
	size_t left_out = 0;
	bool titled = false;

	for (const struct report_finding *at = report->findings; at; at = at->next) {
		struct str text = {.arena = report->arena, .max = TEXT_MAX};

		if (!is_in(section, &at->event))
			continue;
		if (!titled)
			str_printf(out, "\n### %s\n", section->title);
		titled = true;
		put_finding(&text, &at->event);
		if (text.overflow || out->length + text.length > COMMENT_MAX)
			left_out++;
		else
			str_puts(out, str_text(&text));
	}
	return left_out;
}

int markdown_write(const struct report *report, const struct renderer_options *options, struct error *err)
{
	struct str out = {.arena = report->arena, .max = TEXT_MAX};
	size_t left_out = 0;

	put_heading(&out, report, options->strict);
	put_table(&out, report);
	for (size_t i = 0; i < ARRAY_LENGTH(sections); i++)
		left_out += put_section(&out, report, &sections[i]);
	if (left_out > 0)
		str_printf(&out, "\n%zu more do not fit here; run the command to see them.\n", left_out);
	return output_write(options->results, str_text(&out), out.length, err);
}

int markdown_begin(struct renderer_many *many, struct error *err)
{
	(void)err;
	many->rows = many->sections = (struct str){.arena = many->arena, .max = COMMENT_MAX};
	return 0;
}

static void put_cloud_row(struct renderer_many *many, const struct report *report)
{
	struct str row = {.arena = report->arena, .max = TEXT_MAX};

	str_puts(&row, "| ");
	markdown_text_code(&row, report->run.cloud);
	str_printf(&row, " | %s |", verdict_words(report, many->options->strict));
	put_numbers(&row, report->end.counts, false, report_ignored(report));
	if (many->rows.length + row.length < COMMENT_MAX / 2)
		str_puts(&many->rows, str_text(&row));
	else
		many->left_out++;
}

/* What did not pass, ignored things left to the numbers; half of the comment is for all of that. */
static void put_cloud_section(struct renderer_many *many, const struct report *report)
{
	struct str text = {.arena = report->arena, .max = TEXT_MAX};
	size_t found = 0;

	str_puts(&text, "\n### ");
	markdown_text_code(&text, report->run.cloud);
	str_printf(&text, ": %s\n", counts_in_words(report));
	for (size_t i = 0; i < ARRAY_LENGTH(sections); i++) {
		for (const struct report_finding *at = report->findings; at; at = at->next) {
			if (sections[i].ignored || !is_in(&sections[i], &at->event))
				continue;
			put_finding(&text, &at->event);
			found++;
		}
	}
	put_labelled(&text, "Error", report->error);
	if (found == 0 && !report->error)
		return;
	if (!text.overflow && many->sections.length + text.length < COMMENT_MAX / 2)
		str_puts(&many->sections, str_text(&text));
	else
		many->left_out++;
}

int markdown_add(struct renderer_many *many, const struct report *report, struct error *err)
{
	(void)err;
	put_cloud_row(many, report);
	put_cloud_section(many, report);
	return 0;
}

int markdown_end(struct renderer_many *many, struct error *err)
{
	struct str out = {.arena = many->arena, .max = TEXT_MAX};
	const struct report whole = {.arena = many->arena, .end = many->end};

	str_printf(&out, "## cloudctl verify --all: %s\n\n**%zu clouds**; %s; exit code %d.\n",
		verdict_words(&whole, many->options->strict), many->clouds, counts_in_words(&whole),
		many->end.exit_code);
	str_printf(&out,
		"\n| Cloud | Verdict | Failed | Unknown | Warnings | Passed | Ignored |\n"
		"| --- | --- | --: | --: | --: | --: | --: |\n%s%s",
		str_text(&many->rows), str_text(&many->sections));
	if (many->left_out > 0)
		str_printf(&out, "\n%zu more do not fit here; run the command to see them.\n",
			many->left_out);
	return output_write(many->options->results, str_text(&out), out.length, err);
}
