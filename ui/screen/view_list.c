/* SPDX-License-Identifier: Apache-2.0 */
/* The list: groups, and the items of those that are open. */
#include "base/text.h"
#include "base/utf8.h"
#include "ui/screen/view_parts.h"

enum { NAME_WIDTH = 22, VERDICT_WIDTH = 8 };

/* The sign of a state, where the verdict is not the point yet. */
static const char *state_sign(const struct canvas *canvas, enum resource_state state, enum verdict verdict)
{
	if (resource_is_busy(state))
		return canvas->model->ended ? view_sign(canvas, SIGN_UNKNOWN) : view_spinner(canvas);
	if (state == RESOURCE_WAITING)
		return view_sign(canvas, SIGN_WAITING);
	if (state == RESOURCE_UNDONE && verdict != VERDICT_FAIL)
		return view_sign(canvas, SIGN_UNDONE);
	return view_sign(canvas, (enum sign)verdict);
}

static unsigned state_style(enum resource_state state, enum verdict verdict)
{
	if ((state == RESOURCE_UNDONE && verdict != VERDICT_FAIL) || state == RESOURCE_WAITING)
		return STYLE_DIM;
	return resource_is_busy(state) ? STYLE_BOLD : view_style(verdict);
}

static const char *group_counts(const struct canvas *canvas, const struct model_group *group, bool wide)
{
	struct model_tally tally;

	if (!group->of_resources)
		return wide ? view_counts(canvas, group->counts) : view_short_counts(canvas, group->counts);
	tally = model_tally(canvas->model, group);
	if (canvas->model->rolls_back)
		return arena_printf(canvas->scratch, "%zu of %zu undone", tally.undone, tally.begun);
	return arena_printf(canvas->scratch, "%zu of %zu", tally.finished, tally.all);
}

/* "['net-1', 'net-2']" as "net-1, net-2". */
static const char *plain_ids(const struct canvas *canvas, const char *ids)
{
	struct str out = {.arena = canvas->scratch, .max = 500};

	if (ids[0] != '[')
		return ids;
	for (; *ids; ids++) {
		if (*ids != '[' && *ids != ']' && *ids != '\'')
			str_putc(&out, *ids);
	}
	return str_text(&out);
}

static void draw_group(const struct canvas *canvas, struct area area, int y, const struct model_group *group)
{
	struct grid *grid = canvas->grid;
	int right = area.x + area.width, at = area.x + 4, wide = area.width >= 60;
	bool open = model_is_open(canvas->model, group);
	const char *counts = group_counts(canvas, group, wide);
	bool runs = resource_is_busy(group->state) && !canvas->model->ended;
	int64_t time_ms = runs ? canvas->model->now_ms - group->began_ms : group->took_ms;

	grid_put(grid, y, area.x, 1, STYLE_DIM, view_sign(canvas, open ? SIGN_OPEN : SIGN_CLOSED));
	grid_put(grid, y, area.x + 2, 1, state_style(group->state, group->verdict),
		state_sign(canvas, group->state, group->verdict));
	if (group->state != RESOURCE_WAITING)
		right -= grid_put_before(grid, y, right, STYLE_DIM, view_duration(canvas, time_ms));
	if (wide)
		right = area.x + area.width - 8;
	right -= 1;
	if (counts[0] && (wide || area.width >= 30))
		right -= grid_put_before(grid, y, right, state_style(group->state, group->verdict), counts) +
			1;
	at += grid_put(grid, y, at, right - at, STYLE_BOLD, group->name) + 1;
	if (at < area.x + 4 + NAME_WIDTH)
		at = area.x + 4 + NAME_WIDTH;
	if (wide && group->subject)
		grid_put(grid, y, at, right - at, STYLE_DIM, plain_ids(canvas, group->subject));
}

static void draw_finding(const struct canvas *canvas, struct area area, int y, const struct model_item *item)
{
	const struct event_finding *finding = &item->finding;
	struct grid *grid = canvas->grid;
	unsigned style = finding->ignored ? STYLE_DIM : view_style(finding->verdict);
	int at = area.x + 4, end = area.x + area.width;

	grid_put(grid, y, at, 1, style, view_sign(canvas, (enum sign)finding->verdict));
	at += 2;
	grid_put(grid, y, at, end - at, style, verdict_name(finding->verdict));
	at += VERDICT_WIDTH;
	at += grid_put(grid, y, at, end - at, STYLE_PLAIN, finding->check);
	if (finding->ignored)
		at += grid_put(grid, y, at, end - at, STYLE_DIM, " (ignored)");
	if (model_is_changed(canvas->model, item))
		at += grid_put(grid, y, at, end - at, STYLE_BOLD,
			arena_printf(canvas->scratch, " (was %s)", verdict_name(item->before)));
	if (finding->text && area.width >= 60) {
		at += grid_put(grid, y, at, end - at, STYLE_DIM, ": ");
		grid_put(grid, y, at, end - at, STYLE_DIM, finding->text);
	}
}

/* "42s of about 1m33s" while it is worked on. */
static const char *resource_time(const struct canvas *canvas, const struct model_item *item)
{
	int64_t typical_ms = model_typical_ms(item);
	const char *so_far;

	if (!resource_is_busy(item->resource.state) || canvas->model->ended)
		return item->resource.elapsed_ms > 0 ? view_duration(canvas, item->resource.elapsed_ms) : "";
	so_far = view_duration(canvas, canvas->model->now_ms - item->since_ms);
	if (typical_ms == 0 || canvas->grid->width < 60)
		return so_far;
	return arena_printf(canvas->scratch, "%s of about %s", so_far, view_duration(canvas, typical_ms));
}

static const char *resource_word(const struct canvas *canvas, const struct model_item *item)
{
	static const char *const words[] = {
		[RESOURCE_WAITING] = "waiting",
		[RESOURCE_WORKING] = "in progress",
		[RESOURCE_DONE] = "done",
		[RESOURCE_FAILED] = "FAILED",
		[RESOURCE_UNDOING] = "being undone",
		[RESOURCE_UNDONE] = "undone",
		[RESOURCE_KEPT] = "kept",
	};

	const struct event_resource *resource = &item->resource;
	bool removal = model_is_removal(item);

	if (resource->state == RESOURCE_UNDONE && resource->reason)
		return "FAILED, undone";
	/* Where it is narrow the name says more; the sign is enough. */
	if (canvas->grid->width < 60 &&
		(resource->state == RESOURCE_WORKING || resource->state == RESOURCE_DONE))
		return "";
	if (resource->state == RESOURCE_WAITING && (canvas->model->ended || canvas->model->rolls_back))
		return "not started";
	if (removal && resource->state == RESOURCE_WORKING)
		return "being deleted";
	return removal && resource->state == RESOURCE_DONE ? "deleted" : words[resource->state];
}

static void draw_resource(const struct canvas *canvas, struct area area, int y, const struct model_item *item)
{
	const struct event_resource *resource = &item->resource;
	struct grid *grid = canvas->grid;
	unsigned style = state_style(resource->state, model_item_verdict(item));
	int at = area.x + 4, end = area.x + area.width;

	grid_put(grid, y, at, 1, style, state_sign(canvas, resource->state, model_item_verdict(item)));
	at += 2;
	end -= grid_put_before(grid, y, end, STYLE_DIM, resource_time(canvas, item)) + 1;
	if (resource_word(canvas, item)[0])
		end -= grid_put_before(grid, y, end, style, resource_word(canvas, item)) + 1;
	at += grid_put(grid, y, at, end - at, STYLE_PLAIN, resource->name) + 1;
	if (at < area.x + 6 + NAME_WIDTH)
		at = area.x + 6 + NAME_WIDTH;
	if (resource->state == RESOURCE_FAILED && resource->reason)
		grid_put(grid, y, at, end - at, STYLE_FAIL, resource->reason);
	else if (resource->physical_id)
		grid_put(grid, y, at, end - at, STYLE_DIM, resource->physical_id);
}

/* The first line shown: so that the chosen one is in the middle, if there is more than fits. */
static size_t first_line(size_t chosen, size_t count, size_t height)
{
	size_t half = height / 2;

	if (count <= height || chosen < half)
		return 0;
	return chosen - half + height > count ? count - height : chosen - half;
}

static void draw_empty(const struct canvas *canvas, struct area area)
{
	const struct model *model = canvas->model;
	const char *text = "Nothing has started yet.";

	if (model->search[0])
		text = arena_printf(canvas->scratch, "Nothing matches '%s'. Esc shows everything.",
			model->search);
	else if (model->failures_only)
		text = "Nothing failed. f shows everything.";
	else if (model->ended)
		text = "Nothing to show.";
	view_text(canvas, area, area.y, STYLE_DIM, text);
}

void view_list(const struct canvas *canvas, struct area area)
{
	size_t count = model_rows(canvas->model, NULL, 0), chosen, first;
	struct model_row *rows = NEW_ARRAY(canvas->scratch, struct model_row, count);

	if (count == 0 || area.height < 1) {
		draw_empty(canvas, area);
		return;
	}
	model_rows(canvas->model, rows, count);
	chosen = model_chosen(canvas->model, rows, count);
	first = first_line(chosen, count, (size_t)area.height);
	for (size_t i = first; i < count && i < first + (size_t)area.height; i++) {
		int y = area.y + (int)(i - first);

		if (!rows[i].item)
			draw_group(canvas, area, y, rows[i].group);
		else if (rows[i].item->is_finding)
			draw_finding(canvas, area, y, rows[i].item);
		else
			draw_resource(canvas, area, y, rows[i].item);
		if (i == chosen)
			grid_choose(canvas->grid, y, area.x, area.width);
	}
}
