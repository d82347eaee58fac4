/* SPDX-License-Identifier: Apache-2.0 */
/* Events, keys, time and the terminal's changes, joined: model.h, view.h, curses.h, terminal_guard.h. */
#include "ui/screen/screen.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/output.h"
#include "ui/screen/curses.h"
#include "ui/screen/model.h"
#include "ui/screen/terminal_guard.h"
#include "ui/screen/view.h"

enum {
	TICK_MS = 100,     /* how often a spinner turns */
	PAINT_MIN_MS = 30, /* events that come faster are painted together */
	LAST_WORDS_MAX = 8 << 10,
	COUNTDOWN_MS = 1000, /* how often the time until the next round is shown */
};

enum screen_state { SCREEN_NOT_YET, SCREEN_OPEN, SCREEN_OVER };

/* Lines that wait until the screen is closed; of one round. */
struct kept_lines {
	struct arena arena;
	struct sink *sink; /* NULL: none */
	FILE *results, *progress;
	char *results_text, *progress_text;
	size_t results_size, progress_size;
};

struct screen {
	struct sink sink;       /* first: the table is the object */
	struct watcher watcher; /* see screen_of() */
	struct watcher *watcher_before;
	struct screen_options options;
	enum screen_state state;
	struct sink *lines;        /* for as long as the screen is not open */
	struct kept_lines kept[2]; /* of this round, and of the last one that was judged */
	int now;                   /* which one is this round's */
	struct model model;
	enum model_request wish; /* what a key asked for, until somebody waits for it */
	bool dirty, hung_up, seen;
	bool leaving; /* the user wants to leave when the round is over */
	int64_t painted_ms;
	int width, height;
	int wake, wake_before; /* an epoll descriptor over signals, keys and the terminal's changes */
	struct arena grid_arena;
	struct grid grid;
};

static struct screen *screen_of(struct watcher *watcher)
{
	return (struct screen *)(void *)((char *)watcher - offsetof(struct screen, watcher));
}

static int64_t run_ms(const struct screen *screen)
{
	const struct event_stream *stream = screen->options.stream;

	return stream->world->steady_ms(stream->world) - stream->began_ms;
}

static int64_t real_ms(const struct screen *screen)
{
	return screen->options.world->steady_ms(screen->options.world);
}

/* --- lines for afterwards --- */

static void kept_free(struct kept_lines *kept)
{
	if (!kept->sink)
		return;
	fclose(kept->results);
	fclose(kept->progress);
	free(kept->results_text);
	free(kept->progress_text);
	arena_free(&kept->arena);
	*kept = (struct kept_lines){0};
}

/* A round that was judged stays until another one was: this one may be broken off. */
static void kept_begin(struct screen *screen)
{
	struct plain_options options = screen->options.lines;
	struct kept_lines *kept;

	if (screen->model.end.judged)
		screen->now = !screen->now;
	kept = &screen->kept[screen->now];
	kept_free(kept);
	kept->results = open_memstream(&kept->results_text, &kept->results_size);
	kept->progress = open_memstream(&kept->progress_text, &kept->progress_size);
	options.quiet = true;
	if (!kept->results || !kept->progress)
		out_of_memory();
	kept->sink = plain_new(&kept->arena, kept->results, kept->progress, options);
}

/* Those that are worth reading: a round that was broken off does not replace one that was judged. */
static struct kept_lines *kept_best(struct screen *screen)
{
	bool broken_off = screen->kept[!screen->now].sink && !screen->model.end.judged;
	struct kept_lines *kept = &screen->kept[broken_off ? !screen->now : screen->now];

	if (kept->sink) {
		fflush(kept->progress);
		fflush(kept->results);
	}
	return kept;
}

/* Should the process be killed, what is known by now: the result, or as long as there is none what was found so far. */
static void remember(struct screen *screen, struct arena *scratch)
{
	const struct kept_lines *kept = kept_best(screen);
	struct str found = {.arena = scratch, .max = LAST_WORDS_MAX};

	if (kept->results_size > 0) {
		terminal_guard_last_words(kept->results_text, kept->results_size);
		return;
	}
	view_last_words(&screen->model, &found);
	terminal_guard_last_words(str_text(&found), found.length);
}

static void kept_print(struct screen *screen)
{
	struct kept_lines *kept = kept_best(screen);
	struct error err;

	if (!kept->sink)
		return;
	output_write(screen->options.progress, kept->progress_text, kept->progress_size, &err);
	if (output_write(screen->options.results, kept->results_text, kept->results_size, &err) < 0)
		error_keep(screen->options.lines.lost, &err);
	kept_free(&screen->kept[0]);
	kept_free(&screen->kept[1]);
}

/* --- the terminal --- */

static void measure(struct screen *screen)
{
	screen->width = 80;
	screen->height = 24;
	terminal_guard_size(&screen->width, &screen->height);
	arena_free(&screen->grid_arena);
	screen->grid.ascii = screen->options.ascii;
	grid_open(&screen->grid, &screen->grid_arena, screen->width, screen->height);
	curses_resize(screen->width, screen->height);
	screen->dirty = true;
}

static void paint(struct screen *screen)
{
	struct arena scratch = {0};

	remember(screen, &scratch);
	view_draw(&screen->model, &screen->grid, &scratch);
	arena_free(&scratch);
	curses_paint(&screen->grid);
	screen->painted_ms = real_ms(screen);
	screen->dirty = false;
}

static void add_wake(struct screen *screen, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (fd >= 0)
		epoll_ctl(screen->wake, EPOLL_CTL_ADD, fd, &event);
}

static void take_world(struct screen *screen)
{
	struct world *world = screen->options.world;

	screen->wake = epoll_create1(EPOLL_CLOEXEC);
	add_wake(screen, world->wake_fd);
	add_wake(screen, terminal_guard_tty());
	add_wake(screen, terminal_guard_wake());
	screen->wake_before = world->wake_fd;
	screen->watcher_before = world->watcher;
	world->wake_fd = screen->wake;
	world->watcher = &screen->watcher;
}

static void open_screen(struct screen *screen)
{
	struct error why;

	screen->state = SCREEN_OVER; /* unless all goes well: lines to the end */
	if (terminal_guard_open(&why) < 0)
		return;
	if (curses_open(screen->options.colour, &why) < 0) {
		terminal_guard_close();
		return;
	}
	screen->state = SCREEN_OPEN;
	screen->options.at_death(terminal_guard_restore);
	take_world(screen);
	kept_begin(screen);
	measure(screen);
}

void screen_close(struct screen *screen)
{
	if (screen->state == SCREEN_OPEN) {
		screen->options.world->wake_fd = screen->wake_before;
		screen->options.world->watcher = screen->watcher_before;
		close(screen->wake);
		curses_close();
		screen->options.at_death(NULL);
		terminal_guard_close();
		kept_print(screen);
	}
	screen->state = SCREEN_OVER;
}

static void close_with_arena(void *self)
{
	struct screen *screen = self;

	screen_close(screen);
	model_close(&screen->model);
	arena_free(&screen->grid_arena);
}

static void take_changes(struct screen *screen)
{
	struct terminal_changes changes = terminal_guard_take();

	if (changes.stop) {
		curses_leave();
		terminal_guard_stop();
		changes.continued = true;
	}
	if (changes.continued)
		curses_enter();
	if (changes.resized || changes.continued)
		measure(screen);
}

/* --- keys and time --- */

static void take_request(struct screen *screen, enum model_request request)
{
	screen->dirty = true;
	if (request == REQUEST_COPY)
		curses_copy(screen->model.copy);
	else if (request == REQUEST_INTERRUPT)
		screen->options.interrupt();
	else if (request != REQUEST_NONE)
		screen->wish = request;
	screen->leaving = screen->leaving || request == REQUEST_QUIT;
}

static void take_keys(struct screen *screen)
{
	struct key key;
	bool pressed = false;

	while (curses_key(&key)) {
		pressed = true;
		take_request(screen, model_key(&screen->model, key));
	}
	if (!pressed && !screen->hung_up && terminal_guard_hung_up()) {
		screen->hung_up = true;
		epoll_ctl(screen->wake, EPOLL_CTL_DEL, terminal_guard_tty(), NULL);
	}
}

static void look(struct watcher *self)
{
	struct screen *screen = screen_of(self);
	int64_t since_ms = real_ms(screen) - screen->painted_ms;

	take_changes(screen);
	take_keys(screen);
	model_time(&screen->model, run_ms(screen));
	if (screen->dirty || (model_moves(&screen->model) && since_ms >= TICK_MS))
		paint(screen);
}

static void screen_emit(struct sink *self, const struct event *event)
{
	struct screen *screen = (struct screen *)self;

	if (screen->state == SCREEN_NOT_YET && (event->kind == EVENT_GROUP || event->kind == EVENT_RESOURCE))
		open_screen(screen);
	else if (screen->state == SCREEN_OPEN && event->kind == EVENT_RUN &&
		model_begins_round(&screen->model, &event->run))
		kept_begin(screen);
	model_event(&screen->model, event);
	if (screen->state != SCREEN_OPEN) {
		screen->lines->emit(screen->lines, event);
		return;
	}
	screen->kept[screen->now].sink->emit(screen->kept[screen->now].sink, event);
	screen->dirty = true;
	if (real_ms(screen) - screen->painted_ms >= PAINT_MIN_MS)
		paint(screen);
}

struct screen *screen_new(struct arena *arena, const struct screen_options *options)
{
	struct screen *screen = NEW(arena, struct screen);

	screen->sink.emit = screen_emit;
	screen->watcher.look = look;
	screen->options = *options;
	screen->lines = plain_new(arena, options->results, options->progress, options->lines);
	model_open(&screen->model);
	arena_defer(arena, close_with_arena, screen);
	return screen;
}

struct sink *screen_sink(struct screen *screen)
{
	return &screen->sink;
}

bool screen_is_open(const struct screen *screen)
{
	return screen && screen->state == SCREEN_OPEN;
}

struct sink *screen_lines(struct screen *screen)
{
	return screen->lines;
}

bool screen_was_seen(const struct screen *screen)
{
	return screen->seen;
}

void screen_say(struct screen *screen, const char *text)
{
	screen->model.notice = text;
	screen->dirty = true;
}

/* --- waiting for the user --- */

/* The next wish of the user; REQUEST_NONE when until_ms (of the run) has come, or nobody is there any more. */
static enum model_request wait_for_wish(struct screen *screen, int64_t until_ms)
{
	struct world *world = screen->options.world;
	enum model_request wish;

	screen->wish = REQUEST_NONE;
	if (screen->dirty)
		paint(screen);
	while (screen->wish == REQUEST_NONE && !world->interrupted(world) && !screen->hung_up) {
		int64_t left_ms = until_ms - run_ms(screen);

		if (until_ms > 0 && left_ms <= 0)
			break;
		world_wait(world, until_ms == 0 ? -1 : left_ms < COUNTDOWN_MS ? (int)left_ms : COUNTDOWN_MS);
	}
	wish = screen->wish;
	screen->wish = REQUEST_NONE;
	return wish;
}

int screen_ask(struct screen *screen, bool *yes, struct error *err)
{
	enum model_request wish;

	do
		wish = wait_for_wish(screen, 0);
	while (wish != REQUEST_YES && wish != REQUEST_NO && wish != REQUEST_NONE);
	if (wish == REQUEST_NONE)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	*yes = wish == REQUEST_YES;
	return 0;
}

void screen_failed(struct screen *screen, const char *text)
{
	if (!screen_is_open(screen))
		return;
	model_failed(&screen->model, text);
	screen->dirty = true;
}

enum screen_wish screen_stay(struct screen *screen, int64_t again_ms, const char **group)
{
	struct model *model = &screen->model;
	enum model_request wish;

	*group = NULL;
	if (!screen_is_open(screen))
		return SCREEN_CLOSE;
	if (screen->leaving) {
		screen->seen = true;
		return SCREEN_CLOSE;
	}
	model->again_ms = again_ms > 0 ? run_ms(screen) + again_ms : 0;
	screen->dirty = true;
	do
		wish = wait_for_wish(screen, model->again_ms);
	while (wish == REQUEST_YES || wish == REQUEST_NO);
	if (wish == REQUEST_AGAIN)
		*group = model->again ? model->again->id : NULL;
	else if (wish != REQUEST_NONE || screen->hung_up || again_ms == 0 ||
		screen->options.world->interrupted(screen->options.world))
		screen->seen = true;
	return screen->seen ? SCREEN_CLOSE : SCREEN_AGAIN;
}
