/* SPDX-License-Identifier: Apache-2.0 */
/* The words and colours of verdicts, and the shape of a finding. */
#include "ui/finding_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/text.h"

static const char indent[] = "          ";

void finding_text_paint(struct str *out, const char *text, enum verdict verdict, bool colour)
{
	static const char *const codes[VERDICTS] = {
		[VERDICT_PASS] = "32",    /* green */
		[VERDICT_WARN] = "33",    /* yellow */
		[VERDICT_FAIL] = "31",    /* red */
		[VERDICT_UNKNOWN] = "35", /* magenta */
		[VERDICT_SKIP] = "2",     /* dim */
	};

	if (colour)
		str_printf(out, "\033[%sm", codes[verdict]);
	str_put_visible(out, text);
	if (colour)
		str_puts(out, "\033[0m");
}

/* The lines below a headline. */
static void add_lines(struct arena *arena, struct text_list *lines, const char *label, const char *text)
{
	bool first = true;

	while (text) {
		const char *end = strchr(text, '\n');
		size_t length = end ? (size_t)(end - text) : strlen(text);

		if (length > 0)
			text_list_add(arena, lines,
				arena_printf(arena, "%*s%.*s", (int)strlen(label), first ? label : "",
					(int)length, text));
		first = first && length == 0;
		text = end ? end + 1 : NULL;
	}
}

static void put_headline(struct str *out, const struct event_finding *finding, const char *same_as,
	bool colour)
{
	const char *name = verdict_name(finding->verdict);

	str_puts(out, "  ");
	finding_text_paint(out, name, finding->verdict, colour);
	str_add(out, indent, strlen(indent) - 2 - strlen(name));
	str_put_visible(out, finding->check);
	if (same_as || finding->text)
		str_printf_visible(out, "%s%s", same_as ? ": as " : ": ", same_as ? same_as : finding->text);
	str_putc(out, '\n');
}

const char *finding_text_remedy(const struct event_finding *finding)
{
	static const char *const labels[] = {
		[REMEDY_FIX] = "Fix",
		[REMEDY_LOOK] = "Look",
		[REMEDY_DO] = "Do",
	};

	return labels[finding->remedy_kind];
}

static struct text_list lines_of(struct arena *arena, const struct event_finding *finding,
	const char *same_as, bool evidence)
{
	struct text_list lines = {0};

	add_lines(arena, &lines, "ignored: ", finding->ignored);
	if (finding->verdict == VERDICT_SKIP || finding->ignored || same_as)
		return lines;
	add_lines(arena, &lines, "needs: ", finding->action);
	if (finding->verdict != VERDICT_PASS)
		add_lines(arena, &lines, arena_printf(arena, "%s: ", remedy_kind_names[finding->remedy_kind]),
			finding->remedy);
	for (size_t i = 0; evidence && i < finding->evidence_count; i++)
		add_lines(arena, &lines, "", finding->evidence[i]);
	return lines;
}

void finding_text(struct str *out, const struct event_finding *finding, const char *same_as, bool colour,
	enum finding_length length)
{
	struct text_list lines = lines_of(out->arena, finding, same_as, length != FINDING_SHORT);
	bool cut = length != FINDING_WHOLE && lines.count > FINDING_LINES - 1;
	size_t shown = cut ? FINDING_LINES - 2 : lines.count;

	put_headline(out, finding, same_as, colour);
	for (size_t i = 0; i < shown; i++) {
		str_puts(out, indent);
		str_put_visible(out, lines.items[i]);
		str_putc(out, '\n');
	}
	if (cut)
		str_printf(out, "%s%zu more lines: --verbose prints them all\n", indent, lines.count - shown);
}

void finding_text_counts(struct str *out, const size_t counts[VERDICTS], size_t ignored)
{
	const struct {
		size_t count;
		const char *one, *many;
	} words[] = {
		{counts[VERDICT_FAIL], "failed", "failed"},
		{counts[VERDICT_UNKNOWN], "unknown", "unknown"},
		{counts[VERDICT_WARN], "warning", "warnings"},
		{counts[VERDICT_PASS], "passed", "passed"},
		{counts[VERDICT_SKIP], "skipped", "skipped"},
		{ignored, "ignored", "ignored"},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		if (words[i].count > 0)
			str_printf(out, "%s%zu %s", out->length > 0 ? ", " : "", words[i].count,
				words[i].count == 1 ? words[i].one : words[i].many);
	}
}

void finding_text_group(struct str *out, const struct report_group *group, bool colour)
{
	static const char *const words[VERDICTS] = {
		[VERDICT_PASS] = "PASSED",
		[VERDICT_WARN] = "PASSED",
		[VERDICT_FAIL] = "FAILED",
		[VERDICT_UNKNOWN] = "UNKNOWN",
		[VERDICT_SKIP] = "SKIPPED",
	};
	struct str notes = {.arena = out->arena, .max = 100};
	const size_t counts[VERDICTS] = {
		[VERDICT_WARN] = group->verdict == VERDICT_WARN ? group->counts[VERDICT_WARN] : 0};
	char *name = arena_strdup(out->arena, group->name);

	for (char *at = name; *at; at++)
		*at = text_lower(*at);
	str_printf_visible(out, "%s: ", name);
	finding_text_paint(out, words[group->verdict], group->verdict, colour);
	finding_text_counts(&notes, counts, group->ignored);
	if (notes.length > 0)
		str_printf(out, " (%s)", str_text(&notes));
	str_putc(out, '\n');
}
