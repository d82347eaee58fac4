/* SPDX-License-Identifier: Apache-2.0 */
/* Signs, times and sentences of the view. */
#include "base/array.h"
#include "base/text.h"
#include "ui/finding_text.h"
#include "ui/screen/view_parts.h"

static const char *const signs[SIGNS][2] = {
	[SIGN_PASS] = {"✓", "+"},
	[SIGN_WARN] = {"!", "!"},
	[SIGN_FAIL] = {"✗", "x"},
	[SIGN_UNKNOWN] = {"?", "?"},
	[SIGN_SKIP] = {"–", "-"},
	[SIGN_WAITING] = {"○", "o"},
	[SIGN_UNDONE] = {"↶", "<"},
	[SIGN_OPEN] = {"▾", "v"},
	[SIGN_CLOSED] = {"▸", ">"},
	[SIGN_LINE] = {"─", "-"},
	[SIGN_BESIDE] = {"│", "|"},
	[SIGN_UP_DOWN] = {"↑↓", "jk"},
};

const char *view_sign(const struct canvas *canvas, enum sign sign)
{
	return signs[sign][canvas->grid->ascii];
}

const char *view_spinner(const struct canvas *canvas)
{
	static const char *const turning[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
	static const char *const ascii[] = {"|", "/", "-", "\\"};
	int64_t turn = canvas->model->now_ms / 100;

	return canvas->grid->ascii ? ascii[turn % 4] : turning[turn % 10];
}

enum style view_style(enum verdict verdict)
{
	static const enum style styles[VERDICTS] = {
		[VERDICT_PASS] = STYLE_PASS,
		[VERDICT_WARN] = STYLE_WARN,
		[VERDICT_FAIL] = STYLE_FAIL,
		[VERDICT_UNKNOWN] = STYLE_UNKNOWN,
		[VERDICT_SKIP] = STYLE_DIM,
	};

	return styles[verdict];
}

const char *view_duration(const struct canvas *canvas, int64_t ms)
{
	long long tenths = ms < 0 ? 0 : ms / 100, seconds = tenths / 10;

	if (seconds < 10)
		return arena_printf(canvas->scratch, "%lld.%llds", seconds, tenths % 10);
	if (seconds < 60)
		return arena_printf(canvas->scratch, "%llds", seconds);
	if (seconds >= 360000)
		return ">99h";
	if (seconds < 3600)
		return arena_printf(canvas->scratch, "%lldm%02llds", seconds / 60, seconds % 60);
	return arena_printf(canvas->scratch, "%lldh%02lldm", seconds / 3600, seconds / 60 % 60);
}

const char *view_counts(const struct canvas *canvas, const size_t counts[VERDICTS])
{
	struct str out = {.arena = canvas->scratch, .max = 200};

	finding_text_counts(&out, counts, 0);
	return str_text(&out);
}

const char *view_short_counts(const struct canvas *canvas, const size_t counts[VERDICTS])
{
	static const enum verdict order[] = {VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_WARN, VERDICT_PASS,
		VERDICT_SKIP};
	struct str out = {.arena = canvas->scratch, .max = 200};

	for (size_t i = 0; i < ARRAY_LENGTH(order); i++) {
		if (counts[order[i]] > 0)
			str_printf(&out, "%s%zu%s", out.length ? " " : "", counts[order[i]],
				view_sign(canvas, (enum sign)order[i]));
	}
	return str_text(&out);
}

static const char *outcome(const struct canvas *canvas, unsigned *style)
{
	static const char *const words[VERDICTS] = {"PASSED", "PASSED with warnings", "FAILED", "UNKNOWN",
		"DONE"};
	const struct model *model = canvas->model;
	const struct event_end *end = &model->end;
	enum verdict verdict = end->verdict;
	const char *counts = view_counts(canvas, end->counts);
	struct model_tally tally = model_tally(model, NULL);

	if (!end->judged) {
		*style = STYLE_FAIL;
		if (model->rolls_back && tally.undone > 0)
			counts = arena_printf(canvas->scratch, ": %zu of %zu undone", tally.undone,
				tally.begun);
		else
			counts = "";
		return arena_printf(canvas->scratch, "NOT DONE (exit code %d)%s", end->exit_code, counts);
	}
	*style = verdict == VERDICT_SKIP ? STYLE_PASS : view_style(verdict);
	return arena_printf(canvas->scratch, "%s%s%s", words[verdict], counts[0] ? ": " : "", counts);
}

/* ", about 2m30s left", ", longer than usual", or nothing. */
static const char *estimate(const struct canvas *canvas)
{
	bool overdue;
	int64_t left_ms = model_left_ms(canvas->model, &overdue);

	if (left_ms > 0)
		return arena_printf(canvas->scratch, ", about %s left", view_duration(canvas, left_ms));
	return overdue ? ", longer than usual" : "";
}

/* "creating: 12 of 33, about 2m30s left" */
static const char *resources_progress(const struct canvas *canvas, struct model_tally tally)
{
	const struct model *model = canvas->model;
	const char *left = estimate(canvas);

	if (model->rolls_back)
		return arena_printf(canvas->scratch, "undoing: %zu of %zu%s", tally.undone, tally.begun,
			left);
	return arena_printf(canvas->scratch,
		model_removes(model) ? "deleting: %zu of %zu%s" : "creating: %zu of %zu%s", tally.finished,
		tally.all, left);
}

static const char *progress(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	struct model_tally tally = model_tally(model, NULL);
	size_t counts[VERDICTS] = {0};
	const char *text;

	if (tally.all > 0 && !model->checking)
		return resources_progress(canvas, tally);
	for (const struct model_group *group = model->groups; group; group = group->next)
		for (size_t i = 0; i < VERDICTS; i++)
			counts[i] += group->counts[i];
	text = view_counts(canvas, counts);
	return arena_printf(canvas->scratch, "running%s%s", text[0] ? ": " : "", text);
}

/* "   only '443'   round 3: 2 changed   again in 42s" */
static const char *rounds(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	struct str out = {.arena = canvas->scratch, .max = 200};

	if (model->search[0] && model->mode != MODE_SEARCH)
		str_printf(&out, "   only '%s'", model->search);
	if (model->failures_only)
		str_puts(&out, "   failures only");
	if (model->round > 1)
		str_printf(&out, "   round %d: %zu changed", model->round, model->changed);
	if (model->ended && model->again_ms > model->now_ms)
		str_printf(&out, "   again in %llds",
			(long long)(model->again_ms - model->now_ms + 999) / 1000);
	return str_text(&out);
}

const char *view_standing(const struct canvas *canvas, unsigned *style)
{
	const struct model *model = canvas->model;
	const char *text;

	*style = model->cause ? STYLE_FAIL : STYLE_BOLD;
	text = model->ended ? outcome(canvas, style) : progress(canvas);
	return arena_printf(canvas->scratch, "%s%s", text, rounds(canvas));
}
