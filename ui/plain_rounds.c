/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of verdicts from round to round. */
#include "ui/plain_rounds.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "ui/plain_finding.h"
#include "ui/report.h"

void plain_rounds_add(struct plain_rounds *rounds, struct report *report, const struct event_finding *finding,
	int64_t at_ms)
{
	struct report_finding *before = report->findings;
	struct plain_change *change;

	while (before && !text_equal(before->event.check, finding->check))
		before = before->next;
	if (before && before->event.verdict == finding->verdict)
		return;
	if (!before) {
		before = report_finding(report, finding, at_ms);
		before->event.verdict = VERDICTS; /* never judged */
	}
	change = NEW(rounds->arena, struct plain_change);
	*change = (struct plain_change){.at_ms = at_ms,
		.finding = before,
		.verdict = finding->verdict,
		.text = arena_strdup(rounds->arena, finding->text)};
	if (rounds->last)
		rounds->last->next = change;
	else
		rounds->first = change;
	rounds->last = change;
}

bool plain_rounds_take(struct plain_rounds *rounds, struct plain_change *change)
{
	if (!rounds->first)
		return false;
	*change = *rounds->first;
	rounds->first = change->next;
	if (!rounds->first)
		rounds->last = NULL;
	return true;
}

void plain_change(struct str *out, const struct plain_change *change, bool colour)
{
	struct event_finding *finding = &change->finding->event;

	str_put_visible(out, finding->check);
	str_puts(out, ": ");
	plain_paint(out, verdict_name(change->verdict), change->verdict, colour);
	if (finding->verdict != VERDICTS)
		str_printf(out, ", was %s", verdict_name(finding->verdict));
	if (change->text) {
		str_puts(out, ": ");
		str_put_visible(out, change->text);
	}
	finding->verdict = change->verdict;
}
