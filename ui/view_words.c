/* SPDX-License-Identifier: Apache-2.0 */
/* Signs, times and sentences of the view. */
#include "base/text.h"
#include "ui/stack_type.h"
#include "ui/view_parts.h"

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
	switch (verdict) {
	case VERDICT_PASS: return STYLE_PASS;
	case VERDICT_WARN: return STYLE_WARN;
	case VERDICT_FAIL: return STYLE_FAIL;
	case VERDICT_UNKNOWN: return STYLE_UNKNOWN;
	case VERDICT_SKIP:
	case VERDICTS: break;
	}
	return STYLE_DIM;
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
	static const struct {
		enum verdict verdict;
		const char *one, *many;
	} words[] = {
		{VERDICT_FAIL, "failed", "failed"},
		{VERDICT_UNKNOWN, "unknown", "unknown"},
		{VERDICT_WARN, "warning", "warnings"},
		{VERDICT_PASS, "passed", "passed"},
		{VERDICT_SKIP, "skipped", "skipped"},
	};
	struct str out = {.arena = canvas->scratch, .max = 200};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t count = counts[words[i].verdict];

		if (count > 0)
			str_printf(&out, "%s%zu %s", out.length ? ", " : "", count,
				count == 1 ? words[i].one : words[i].many);
	}
	return str_text(&out);
}

/* All findings so far. */
static void count_findings(const struct model *model, size_t counts[VERDICTS])
{
	for (const struct model_group *group = model->groups; group; group = group->next) {
		for (size_t i = 0; i < VERDICTS; i++)
			counts[i] += group->counts[i];
	}
}

static const char *outcome(const struct canvas *canvas, unsigned *style)
{
	static const char *const words[VERDICTS] = {"PASSED", "PASSED with warnings", "FAILED", "UNKNOWN",
		"DONE"};
	const struct model *model = canvas->model;
	const struct event_end *end = &model->end;
	enum verdict verdict = end->verdict;
	const char *counts = view_counts(canvas, end->counts);
	bool judged = end->exit_code == 0 || end->exit_code == 1 || end->exit_code == 3;

	if (!judged) {
		*style = STYLE_FAIL;
		return arena_printf(canvas->scratch, "NOT DONE (exit code %d)%s%s", end->exit_code,
			model->failure ? ": " : "", model->failure ? model->failure : "");
	}
	*style = verdict == VERDICT_SKIP ? STYLE_PASS : view_style(verdict);
	return arena_printf(canvas->scratch, "%s%s%s", words[verdict], counts[0] ? ": " : "", counts);
}

int64_t view_typical_ms(const struct canvas *canvas, const struct model_item *item)
{
	const struct stack_type *type = stack_type_of(item->resource.type);
	bool removes = item->resource.state == RESOURCE_UNDOING ||
		text_equal(canvas->model->run.command, "delete");

	return (int64_t)(removes ? type->delete_s : type->create_s) * 1000;
}

/* How long what is worked on now will usually still take; 0 when nobody can say. */
static int64_t left_ms(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	int64_t longest = 0;

	for (const struct model_group *group = model->groups; group; group = group->next) {
		for (const struct model_item *item = group->of_stack ? group->items : NULL; item;
			item = item->next) {
			enum resource_state state = item->is_finding ? RESOURCE_DONE : item->resource.state;
			int64_t left = state == RESOURCE_WORKING || state == RESOURCE_UNDOING
				? view_typical_ms(canvas, item) - (model->now_ms - item->since_ms)
				: 0;

			longest = left > longest ? left : longest;
		}
	}
	return longest;
}

static const char *progress(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	size_t counts[VERDICTS] = {0};
	const char *text, *left = "";

	count_findings(model, counts);
	text = view_counts(canvas, counts);
	if (left_ms(canvas) > 0)
		left = arena_printf(canvas->scratch, ", about %s left for what has begun",
			view_duration(canvas, left_ms(canvas)));
	if (model->rolls_back && !model->checking)
		return arena_printf(canvas->scratch, "being undone: %zu of %zu undone%s", model->undone,
			model->begun, left);
	return arena_printf(canvas->scratch, "running%s%s%s", text[0] ? ": " : "", text, left);
}

/* "round 3, 2 changed, again in 42s" */
static const char *rounds(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	struct str out = {.arena = canvas->scratch, .max = 100};

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
