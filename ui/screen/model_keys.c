/* SPDX-License-Identifier: Apache-2.0 */
/* What the keys do, mode by mode. The help in view_detail.c says the same in words. */
#include <string.h>

#include "base/array.h"
#include "ui/screen/model_parts.h"

enum { PAGE = 10, ALL = 1 << 30 }; /* lines; more than there are */

static void choose(struct model *model, struct model_group *group, struct model_item *item)
{
	model->group = group;
	model->item = item;
	model->chose = true;
	model->scroll = 0;
}

/* by lines down, or up where negative; stops at the ends. */
static void move(struct model *model, long by)
{
	struct arena arena = {0};
	size_t count = model_rows(model, NULL, 0);
	struct model_row *rows = NEW_ARRAY(&arena, struct model_row, count);
	long to;

	model_rows(model, rows, count);
	to = (long)model_chosen(model, rows, count) + by;
	if (to >= (long)count)
		to = (long)count - 1;
	if (to < 0)
		to = 0;
	if (count > 0)
		choose(model, rows[to].group, rows[to].item);
	arena_free(&arena);
}

static bool is_remarkable(const struct model_item *item)
{
	if (item->is_finding && item->finding.ignored)
		return false;
	return model_item_verdict(item) != VERDICT_PASS && model_item_verdict(item) != VERDICT_SKIP;
}

/* The next finding that did not pass, or the one before; round the end. A closed group is opened. */
static void move_to_finding(struct model *model, bool forward)
{
	struct model_item *first = NULL, *last = NULL, *before = NULL, *after = NULL;
	bool passed = false;

	for (struct model_group *group = model->groups; group; group = group->next) {
		passed = passed || (group == model->group && !model->item);
		for (struct model_item *item = group->items; item; item = item->next) {
			bool here = item == model->item;

			passed = passed || here;
			if (here || !is_remarkable(item))
				continue;
			first = first ? first : item;
			last = item;
			if (passed)
				after = after ? after : item;
			else
				before = item;
		}
	}
	if (!first) {
		model->notice = "no failures and no warnings";
		return;
	}
	if (forward)
		first = after ? after : first;
	else
		first = before ? before : last;
	if (!model_is_open(model, first->group))
		first->group->open = OPEN_BY_USER;
	choose(model, first->group, first);
}

static void open_chosen(struct model *model)
{
	if (model->item) {
		model->mode = MODE_DETAIL;
		model->scroll = 0;
	} else if (model->group) {
		model->group->open = model_is_open(model, model->group) ? CLOSED_BY_USER : OPEN_BY_USER;
		model->chose = true;
	}
}

/* Left: from an item to its group, from a group into itself. */
static void close_chosen(struct model *model)
{
	if (model->item)
		choose(model, model->group, NULL);
	else if (model->group)
		model->group->open = CLOSED_BY_USER;
}

static void scroll(struct model *model, long by)
{
	if (by < 0 && model->scroll < (size_t)-by)
		model->scroll = 0;
	else
		model->scroll += (size_t)by;
}

/* at_once: Ctrl-C, which does not wait for a round to end. */
static enum model_request leave(struct model *model, bool at_once)
{
	if (model->ended)
		return REQUEST_QUIT;
	if (model->run.effect != EFFECT_NONE) {
		model->mode = MODE_LEAVE;
		return REQUEST_NONE;
	}
	if (model->round > 1 && !at_once) {
		model->notice = "leaving when this round ends; Ctrl-C leaves now";
		return REQUEST_QUIT;
	}
	return REQUEST_INTERRUPT;
}

static enum model_request copy_remedy(struct model *model)
{
	model->copy = model_remedy(model, model->item);
	model->notice = model->copy ? "the fix is in the clipboard, if the terminal allows it"
				    : "choose a finding that has a fix first";
	return model->copy ? REQUEST_COPY : REQUEST_NONE;
}

static enum model_request run_again(struct model *model, bool everything)
{
	model->again = everything ? NULL : model->group;
	if (!model->run.judges)
		model->notice = "only verify can be run again from here";
	else if (!model->ended)
		model->notice = "this run has not ended yet";
	else
		return REQUEST_AGAIN;
	return REQUEST_NONE;
}

static void forget_search(struct model *model)
{
	model->search[0] = '\0';
	model->failures_only = false;
	model_settle_choice(model);
}

static void toggle_failures(struct model *model)
{
	model->failures_only = !model->failures_only;
	model->notice = model->failures_only ? "failures only; f shows everything" : NULL;
	model_settle_choice(model);
}

/* The letters that mean something in the list and in the detail alike. */
static enum model_request letter(struct model *model, uint32_t point)
{
	switch (point) {
	case 'n': move_to_finding(model, true); break;
	case 'N': move_to_finding(model, false); break;
	case 'c': return copy_remedy(model);
	case 'r': return run_again(model, false);
	case 'R': return run_again(model, true);
	case '?':
		model->mode = MODE_HELP;
		model->scroll = 0;
		break;
	case 'p':
		model->mode = model->plan ? MODE_PLAN : model->mode;
		model->scroll = 0;
		break;
	case 'f': toggle_failures(model); break;
	case '/':
		model->mode = MODE_SEARCH;
		model->search[0] = '\0';
		break;
	default: break;
	}
	return REQUEST_NONE;
}

/* Letters for those whose hands stay in the middle of the keyboard. */
static enum key_kind meaning(struct key key)
{
	static const struct {
		char letter;
		enum key_kind kind;
	} rows[] = {
		{'j', PRESS_DOWN},
		{'k', PRESS_UP},
		{'h', PRESS_LEFT},
		{'l', PRESS_RIGHT},
		{'g', PRESS_HOME},
		{'G', PRESS_END},
		{' ', PRESS_ENTER},
	};

	for (size_t i = 0; key.kind == PRESS_TEXT && i < ARRAY_LENGTH(rows); i++) {
		if (key.point == (uint32_t)rows[i].letter)
			return rows[i].kind;
	}
	return key.kind;
}

/* By how many lines a key moves; 0: it does not. */
static long lines_of(enum key_kind kind)
{
	static const long lines[] = {
		[PRESS_UP] = -1,
		[PRESS_DOWN] = 1,
		[PRESS_PAGE_UP] = -PAGE,
		[PRESS_PAGE_DOWN] = PAGE,
		[PRESS_HOME] = -ALL,
		[PRESS_END] = ALL,
		[PRESS_INTERRUPT] = 0,
	};

	return lines[kind];
}

static enum model_request key_in_list(struct model *model, struct key key)
{
	enum key_kind kind = meaning(key);
	bool closed = !model->item && model->group && !model_is_open(model, model->group);

	if (lines_of(kind) != 0)
		move(model, lines_of(kind));
	else if (kind == PRESS_LEFT)
		close_chosen(model);
	else if (kind == PRESS_ENTER || (kind == PRESS_RIGHT && closed))
		open_chosen(model);
	else if (kind == PRESS_RIGHT)
		move(model, 1);
	else if (kind == PRESS_ESCAPE)
		forget_search(model);
	else if (kind == PRESS_INTERRUPT)
		return leave(model, true);
	else if (kind == PRESS_TEXT)
		return key.point == 'q' ? leave(model, false) : letter(model, key.point);
	return REQUEST_NONE;
}

static enum model_request key_in_detail(struct model *model, struct key key)
{
	enum key_kind kind = meaning(key);

	if (kind == PRESS_END || kind == PRESS_RIGHT)
		return REQUEST_NONE;
	if (kind == PRESS_TEXT && key.point != 'q')
		return letter(model, key.point);
	if (lines_of(kind) != 0)
		scroll(model, lines_of(kind));
	else
		model->mode = MODE_LIST;
	return kind == PRESS_INTERRUPT ? leave(model, true) : REQUEST_NONE;
}

/* A key for a line that is being typed. Was it one? */
static bool type(char *line, size_t size, struct key key)
{
	size_t length = strlen(line);

	if (key.kind == PRESS_BACKSPACE) {
		line[length > 0 ? length - 1 : 0] = '\0';
	} else if (key.kind == PRESS_TEXT && key.point >= ' ' && key.point <= '~' && length + 1 < size) {
		line[length] = (char)key.point;
		line[length + 1] = '\0';
	}
	return key.kind == PRESS_BACKSPACE || key.kind == PRESS_TEXT;
}

static enum model_request key_in_search(struct model *model, struct key key)
{
	if (!type(model->search, sizeof(model->search), key)) {
		if (key.kind == PRESS_ESCAPE || key.kind == PRESS_INTERRUPT)
			model->search[0] = '\0';
		else
			model->chose = true;
		model->mode = MODE_LIST;
	}
	model_settle_choice(model);
	return REQUEST_NONE;
}

static enum model_request key_when_leaving(struct model *model, struct key key)
{
	model->mode = MODE_LIST;
	if (key.kind == PRESS_INTERRUPT || (key.kind == PRESS_TEXT && key.point == 'q'))
		return REQUEST_INTERRUPT;
	return REQUEST_NONE;
}

/* While something is asked, y, n and Enter answer; everything else does what it always does. */
static enum model_request answer(const struct model *model, struct key key)
{
	if (!model->question || model->word || model->mode == MODE_SEARCH)
		return REQUEST_NONE;
	if (key.kind == PRESS_TEXT && (key.point == 'y' || key.point == 'Y'))
		return REQUEST_YES;
	if (key.kind == PRESS_INTERRUPT)
		return REQUEST_INTERRUPT;
	if (key.kind == PRESS_TEXT && (key.point == 'n' || key.point == 'N' || key.point == 'q'))
		return REQUEST_NO;
	return REQUEST_NONE;
}

/* While a word has to be typed, letters are of it; arrows move as always, and Esc is a no. */
static enum model_request key_in_word(struct model *model, struct key key)
{
	if (key.kind == PRESS_INTERRUPT)
		return REQUEST_INTERRUPT;
	if (key.kind == PRESS_ESCAPE)
		return REQUEST_NO;
	if (key.kind == PRESS_ENTER)
		return strcmp(model->typed, model->word) == 0 ? REQUEST_YES : REQUEST_NO;
	if (key.kind == PRESS_TEXT && key.point == '?' && !model->typed[0])
		return letter(model, key.point);
	if (type(model->typed, sizeof(model->typed), key))
		return REQUEST_NONE;
	if (model->mode == MODE_LIST)
		move(model, lines_of(key.kind));
	else
		scroll(model, lines_of(key.kind));
	return REQUEST_NONE;
}

static bool types_word(const struct model *model)
{
	return model->word &&
		(model->mode == MODE_LIST || model->mode == MODE_DETAIL || model->mode == MODE_PLAN);
}

/* The list is behind it: Enter and Esc go there, and 'p' comes back. */
static enum model_request key_in_plan(struct model *model, struct key key)
{
	enum key_kind kind = meaning(key);

	if (lines_of(kind) != 0)
		scroll(model, lines_of(kind));
	else if (kind == PRESS_ENTER || kind == PRESS_ESCAPE)
		model->mode = MODE_LIST;
	else if (kind == PRESS_INTERRUPT || (kind == PRESS_TEXT && key.point == 'q'))
		return leave(model, kind == PRESS_INTERRUPT);
	else if (kind == PRESS_TEXT && key.point == '?')
		return letter(model, key.point);
	return REQUEST_NONE;
}

/* Any key goes back but those that show more of it. */
static enum model_request key_in_help(struct model *model, struct key key)
{
	enum key_kind kind = meaning(key);

	if (lines_of(kind) != 0 && kind != PRESS_HOME && kind != PRESS_END) {
		scroll(model, lines_of(kind));
		return REQUEST_NONE;
	}
	model->mode = model->question && model->plan ? MODE_PLAN : MODE_LIST;
	model->scroll = 0;
	return key.kind == PRESS_INTERRUPT ? leave(model, true) : REQUEST_NONE;
}

enum model_request model_key(struct model *model, struct key key)
{
	enum model_request request = answer(model, key);

	model->notice = NULL;
	if (request != REQUEST_NONE)
		return request;
	if (types_word(model))
		return key_in_word(model, key);
	switch (model->mode) {
	case MODE_LIST: return key_in_list(model, key);
	case MODE_DETAIL: return key_in_detail(model, key);
	case MODE_SEARCH: return key_in_search(model, key);
	case MODE_LEAVE: return key_when_leaving(model, key);
	case MODE_HELP: return key_in_help(model, key);
	case MODE_PLAN: return key_in_plan(model, key);
	}
	return REQUEST_NONE;
}
