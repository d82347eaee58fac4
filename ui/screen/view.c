/* SPDX-License-Identifier: Apache-2.0 */
/* Where everything is: bars, list, detail, the last word. */
#include "ui/screen/view.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "ui/finding_text.h"
#include "ui/screen/view_parts.h"

enum {
	DETAIL_MIN_WIDTH = 60, /* on smaller grids the detail takes the whole screen */
	DETAIL_MIN_HEIGHT = 16,
	BESIDE_MIN_WIDTH = 120,
	CAUSE_LINES = 3,
	CAUSE_LINES_FEW = 2,
	QUESTION_LINES = 4,
};

static void draw_head(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	const struct event_run *run = &model->run;
	struct grid *grid = canvas->grid;
	int64_t took_ms = model->ended ? model->took_ms : model->now_ms - model->began_ms;
	const char *figures = view_duration(canvas, took_ms);
	const char *what = arena_printf(canvas->scratch, " cloudctl %s %s", run->command ? run->command : "",
		run->cloud ? run->cloud : "");
	int end = grid->width - 1;

	grid_fill(grid, 0, 0, grid->width, STYLE_BAR, ' ');
	if (grid->width >= 60)
		figures = arena_printf(canvas->scratch, "%s  %d call%s  %d retr%s", figures, model->calls,
			model->calls == 1 ? "" : "s", model->retries, model->retries == 1 ? "y" : "ies");
	end -= grid_put_before(grid, 0, end, STYLE_BAR, figures) + 1;
	if (grid->width >= 60)
		what = arena_printf(canvas->scratch, "%s  %s  %s", what, run->region ? run->region : "",
			run->account ? run->account : "");
	if (grid->width >= 110 && run->cloud_id)
		what = arena_printf(canvas->scratch, "%s  %s", what, run->cloud_id);
	grid_put(grid, 0, 0, end, STYLE_BAR, what);
}

/* What must stay in sight: the first failure of a resource, or why a run could not be done. NULL: nothing. */
static const char *pinned(const struct model *model)
{
	if (model->failure && model->cause && !strstr(model->failure, model->cause))
		return model->failure;
	return model->cause ? model->cause : model->failure;
}

/* The line above the keys: a question, what a key did, what is waited for, the last step. */
static void draw_word(const struct canvas *canvas, int y)
{
	static const unsigned styles[] = {STYLE_DIM, STYLE_PLAIN, STYLE_WARN, STYLE_FAIL};
	const struct model *model = canvas->model;
	/* While resources are undone the steps say what the second line says. */
	bool repeats = model->rolls_back && !model->ended && model->step_level == STEP_PROGRESS;
	unsigned style = STYLE_BOLD;
	const char *text = NULL;

	if (model->mode == MODE_SEARCH)
		text = arena_printf(canvas->scratch, "/%s_", model->search);
	else if (model->notice)
		text = model->notice;
	else if (model->dropped > 0)
		text = arena_printf(canvas->scratch, "%zu more lines are not shown", model->dropped);
	else if (model->retry && model->retry_ms > model->now_ms)
		text = arena_printf(canvas->scratch, "waiting %s: %s (%s)",
			view_duration(canvas, model->retry_ms - model->now_ms), model->retry,
			model->retry_code ? model->retry_code : "no reply");
	else if (model->change)
		text = arena_printf(canvas->scratch, "changed %s ago: %s",
			view_duration(canvas, model->now_ms - model->change_ms), model->change);
	else if (model->step && !text_equal(model->step, pinned(model)) && !repeats)
		text = model->step, style = styles[model->step_level];
	if (text)
		grid_put(canvas->grid, y, 1, canvas->grid->width - 2, style, text);
}

struct key_words {
	const char *key, *does; /* does NULL: not here */
};

static void put_keys(const struct canvas *canvas, const struct key_words *rows, size_t count)
{
	struct grid *grid = canvas->grid;
	int y = grid->height - 1, at = 1;

	grid_fill(grid, y, 0, grid->width, STYLE_BAR, ' ');
	for (size_t i = 0; i < count; i++) {
		const char *text = rows[i].does
			? arena_printf(canvas->scratch, "%s %s", rows[i].key, rows[i].does)
			: "";

		if (text[0] && at + (int)strlen(text) < grid->width)
			at += grid_put(grid, y, at, grid->width - at, STYLE_BAR, text) + 2;
	}
}

/* What the key copies, or NULL. */
static const char *copied(const struct model_item *item)
{
	if (!model_has_remedy(item))
		return NULL;
	return item->finding.remedy && item->finding.remedy_kind != REMEDY_FIX ? "copy advice" : "copy fix";
}

/* In the list and in the detail. */
static void draw_usual_keys(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	bool detail = model->mode == MODE_DETAIL, judges = model->run.judges;
	const struct key_words rows[] = {
		{"q",
			detail                 ? "back"
				: model->ended ? "quit"
					       : "stop"},
		{"?", "help"},
		{"Esc", model_is_filtered(model) && !detail ? "all" : NULL},
		{view_sign(canvas, SIGN_UP_DOWN), detail ? "scroll" : "move"},
		{"Enter", detail ? "back" : "open"},
		{"n", "next"},
		{"/", "search"},
		{"f", model->failures_only ? "all" : "failures"},
		{"c", copied(model->item)},
		{"r", judges && model->ended ? "again" : NULL},
	};

	put_keys(canvas, rows, ARRAY_LENGTH(rows));
}

/* What the keys do here, as many as fit. */
static void draw_keys(const struct canvas *canvas)
{
	static const struct key_words search[] = {{"Enter", "keep"}, {"Esc", "show all"}},
				      leaving[] = {{"Ctrl-C", "leave"}, {"any other key", "stay"}};
	const struct model *model = canvas->model;
	const bool plan = model->mode == MODE_PLAN, asks = model->question != NULL;
	const struct key_words question[] = {{"y", asks ? "yes" : NULL}, {"n", asks ? "no" : NULL},
		{"?", "help"}, {view_sign(canvas, SIGN_UP_DOWN), plan ? "scroll" : "move"},
		{"Esc", plan ? "list" : NULL}, {"p", model->plan && !plan ? "plan" : NULL}};
	const struct key_words word[] = {{"Enter", "answer"}, {"Esc", "no"}, {"?", "help"},
		{view_sign(canvas, SIGN_UP_DOWN), plan ? "scroll" : "move"}};
	const struct key_words help[] = {{view_sign(canvas, SIGN_UP_DOWN), "scroll"},
		{"any other key", "back"}};

	if (model->mode == MODE_SEARCH)
		put_keys(canvas, search, ARRAY_LENGTH(search));
	else if (model->mode == MODE_LEAVE)
		put_keys(canvas, leaving, ARRAY_LENGTH(leaving));
	else if (model->mode == MODE_HELP)
		put_keys(canvas, help, ARRAY_LENGTH(help));
	else if (model->word)
		put_keys(canvas, word, ARRAY_LENGTH(word));
	else if (asks || plan)
		put_keys(canvas, question, ARRAY_LENGTH(question));
	else
		draw_usual_keys(canvas);
}

/* A line with the name of what is below it, and whether there is more of that than is seen. */
static void draw_rule(const struct canvas *canvas, int y, int x, int width, bool more)
{
	const struct model *model = canvas->model;
	const char *line = view_sign(canvas, SIGN_LINE);
	const char *name = model->group ? model->group->name : "";

	if (model->mode == MODE_PLAN)
		name = "plan";
	else if (model->item)
		name = model->item->is_finding ? model->item->finding.check : model->item->resource.name;
	for (int i = 0; i < width; i++)
		grid_put(canvas->grid, y, x + i, 1, STYLE_DIM, line);
	if (more && width >= 30)
		width -= 3 +
			grid_put_before(canvas->grid, y, x + width - 2, STYLE_DIM,
				model->mode == MODE_LIST || model->mode == MODE_SEARCH ? " Enter: more "
										       : " more below ");
	grid_put(canvas->grid, y, x + 2, width - 4, STYLE_BOLD, arena_printf(canvas->scratch, " %s ", name));
}

static void draw_detail(const struct canvas *canvas, struct area area)
{
	const struct area inside = {area.y + 1, area.x + 1, area.height - 1, area.width - 2};
	bool more = canvas->model->mode == MODE_PLAN ? view_plan(canvas, inside)
						     : view_detail(canvas, inside);

	draw_rule(canvas, area.y, area.x, area.width, more);
}

static void draw_beside(const struct canvas *canvas, struct area body)
{
	int list = body.width / 2 + 1; /* of 120 columns it gets 60, where there is room for what was found */

	view_list(canvas, (struct area){body.y, body.x, body.height, list - 1});
	for (int y = body.y; y < body.y + body.height; y++)
		grid_put(canvas->grid, y, list, 1, STYLE_DIM, view_sign(canvas, SIGN_BESIDE));
	draw_detail(canvas, (struct area){body.y, list + 1, body.height, body.width - list - 1});
}

static void draw_below(const struct canvas *canvas, struct area body)
{
	int list = body.height * 55 / 100;

	view_list(canvas, (struct area){body.y, body.x, list, body.width});
	draw_detail(canvas, (struct area){body.y + list, body.x, body.height - list, body.width});
}

static void draw_body(const struct canvas *canvas, struct area body)
{
	const struct grid *grid = canvas->grid;

	if (body.height < 1)
		return;
	switch (canvas->model->mode) {
	case MODE_HELP: view_help(canvas, (struct area){body.y, 1, body.height, body.width - 2}); return;
	case MODE_LEAVE: view_leaving(canvas, (struct area){body.y, 1, body.height, body.width - 2}); return;
	case MODE_DETAIL:
	case MODE_PLAN: draw_detail(canvas, body); return;
	case MODE_LIST:
	case MODE_SEARCH: break;
	}
	if (grid->width >= BESIDE_MIN_WIDTH && grid->height >= DETAIL_MIN_HEIGHT)
		draw_beside(canvas, body);
	else if (grid->width >= DETAIL_MIN_WIDTH && grid->height >= DETAIL_MIN_HEIGHT)
		draw_below(canvas, body);
	else
		view_list(canvas, body);
}

/* The second line, and below it what must stay in sight. */
static int draw_standing(const struct canvas *canvas)
{
	const struct model *model = canvas->model;
	struct grid *grid = canvas->grid;
	struct area area = {2, 1, grid->height >= DETAIL_MIN_HEIGHT ? CAUSE_LINES : CAUSE_LINES_FEW,
		grid->width - 2};
	unsigned style;
	int end;
	const char *text = view_standing(canvas, &style);

	grid_put(grid, 1, 1, grid->width - 2, style, text);
	if (!pinned(model))
		return 2;
	end = view_text(canvas, area, 2, STYLE_FAIL,
		arena_printf(canvas->scratch, "%s %s", view_sign(canvas, SIGN_FAIL), pinned(model)));
	return end < area.y + area.height ? end : area.y + area.height;
}

/* What has to be typed, and its end as far as it is typed, in one line. */
static void draw_typed(const struct canvas *canvas, int y)
{
	const struct model *model = canvas->model;
	const char *asked = arena_printf(canvas->scratch, "Type %s to agree: ", model->word);
	int width = canvas->grid->width - 2, at = grid_put(canvas->grid, y, 1, width, STYLE_BOLD, asked) + 1;
	const char *typed = arena_printf(canvas->scratch, "%s_", model->typed);
	size_t room = (size_t)(width + 1 > at ? width + 1 - at : 0), length = strlen(typed);

	grid_put(canvas->grid, y, at, (int)room, STYLE_BOLD, typed + (length > room ? length - room : 0));
}

/* A question as a whole, above the keys; the lines it takes. */
static int draw_question(const struct canvas *canvas)
{
	struct grid *grid = canvas->grid;
	const struct model *model = canvas->model;
	const char *text = model->word ? model->question
				       : arena_printf(canvas->scratch, "%s [y/N]", model->question);
	struct area area = {0, 1, 0, grid->width - 2};
	int lines = view_text(canvas, area, 0, STYLE_BOLD, text), typed = model->word ? 1 : 0;

	area.height = lines < QUESTION_LINES - typed ? lines : QUESTION_LINES - typed;
	area.y = grid->height - 1 - area.height - typed;
	for (int y = area.y; y < grid->height - 1; y++)
		grid_fill(grid, y, 0, grid->width, STYLE_PLAIN, ' ');
	view_text(canvas, area, area.y, STYLE_BOLD, text);
	if (model->word)
		draw_typed(canvas, area.y + area.height);
	return area.height + typed;
}

/* What is above the keys; the lines it takes. */
static int draw_last_words(const struct canvas *canvas)
{
	struct grid *grid = canvas->grid;

	if (grid->height <= 3)
		return 0;
	if (canvas->model->question && canvas->model->mode != MODE_SEARCH)
		return draw_question(canvas);
	draw_word(canvas, grid->height - 2);
	return 1;
}

void view_draw(struct model *model, struct grid *grid, struct arena *scratch)
{
	const struct canvas canvas = {model, grid, scratch};
	int top, last;

	grid_clear(grid);
	draw_head(&canvas);
	top = draw_standing(&canvas);
	last = draw_last_words(&canvas);
	draw_body(&canvas, (struct area){top, 0, grid->height - top - last - 1, grid->width});
	if (grid->height > 1)
		draw_keys(&canvas);
}

void view_last_words(const struct model *model, struct str *out)
{
	if (model->cause) {
		str_put_visible(out, model->cause);
		str_putc(out, '\n');
	}
	for (const struct model_group *group = model->groups; group; group = group->next)
		for (const struct model_item *item = group->items; item; item = item->next)
			if (item->is_finding && item->round == model->round && model_is_failure(item))
				finding_text(out, &item->finding, NULL, false, FINDING_SHORT);
}
