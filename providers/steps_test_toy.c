/* SPDX-License-Identifier: Apache-2.0 */
/* The toy's rows, its world and its registry. */
#include "providers/steps_test_toy.h"

#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "base/test_folder.h"
#include "base/text.h"

/* A provider that keeps nothing of its own in a record. */
static const struct cloud_schema schema = {.provider = "toy"};
static const struct cloud_schema *const schemas[] = {&schema, NULL};

static struct toy *of_run(struct run *run)
{
	return (struct toy *)(void *)run;
}

static int64_t now(struct world *world)
{
	(void)world;
	return 1767323045000; /* 2026-01-02T03:04:05Z */
}

static const char *environment(struct world *world, const char *name)
{
	(void)world;
	(void)name;
	return NULL;
}

/* Each token differs from the one before. */
static void random_bytes(struct world *world, void *bytes, size_t length)
{
	struct toy *toy = (struct toy *)(void *)((char *)world - offsetof(struct toy, world));

	memset(bytes, (int)toy->random++, length);
}

static void emit(struct sink *sink, const struct event *event)
{
	struct toy *toy = (struct toy *)(void *)((char *)sink - offsetof(struct toy, sink));

	if (event->kind != EVENT_STEP)
		return;
	if (event->step.level == STEP_ERROR)
		toy->told = arena_strdup(&toy->arena, event->step.text);
	if (event->step.level == STEP_NOTE) {
		toy->note = arena_strdup(&toy->arena, event->step.text);
		toy->left += strstr(toy->note, "To come back to it: cloudctl ") != NULL;
	}
}

static struct registry *registry(struct run *run, struct error *err)
{
	(void)err;
	return &of_run(run)->registry;
}

/* --- the toy's rows --- */

/* Every function of a row goes through here: the process may end, or the function fail. */
static int point(struct toy *toy, const char *name, struct error *err)
{
	assert_true(toy->count < POINTS_MAX);
	toy->points[toy->count++] = name;
	if (toy->count == toy->kill_at)
		longjmp(toy->killed, 1);
	if (text_equal(toy->spoil_at, name)) {
		struct cloud other;

		assert_int_equal(registry_load(&toy->registry, "toy", &other, err), 0);
		other.region = "elsewhere";
		assert_int_equal(registry_update(&toy->registry, &other, err), 0);
	}
	if (text_equal(toy->fail_at, name) || text_equal(toy->also_fail_at, name))
		return error_set(err, toy->fails, "%s failed", name);
	return 0;
}

static enum found found_of(enum part part)
{
	return part == MADE ? FOUND_DONE : part == BEGUN ? FOUND_UNDER_WAY : FOUND_NOTHING;
}

static int look(void *self, struct error *err)
{
	return point(self, "look", err);
}

static int find_ground(void *self, enum found *found, struct error *err)
{
	struct toy *toy = self;

	*found = found_of(toy->house.ground);
	return point(toy, "find ground", err);
}

static int make_ground(void *self, struct error *err)
{
	struct toy *toy = self;
	struct cloud recorded;

	/* The record says what is about to be done. */
	assert_int_equal(registry_load(&toy->registry, "toy", &recorded, &toy->err), 0);
	assert_string_equal(recorded.operation.step, "ground");
	assert_string_equal(recorded.operation.started, "2026-01-02T03:04:05Z");
	if (point(toy, "begin ground", err) < 0)
		return -1;
	toy->house.ground = MADE;
	toy->house.grounds_made++;
	return point(toy, "ground is made", err);
}

static int undo_ground(void *self, struct error *err)
{
	struct toy *toy = self;

	if (point(toy, "undo ground", err) < 0)
		return -1;
	toy->house.ground = MISSING;
	return 0;
}

static int find_walls(void *self, enum found *found, struct error *err)
{
	struct toy *toy = self;

	*found = found_of(toy->house.walls);
	return point(toy, "find walls", err);
}

static int ask_for_walls(void *self, struct error *err)
{
	struct toy *toy = self;

	return point(toy, "ask for walls", err) < 0 ? -1 : toy->stop_code;
}

/* A request with a token that was seen before does nothing. */
static int begin_walls(void *self, struct error *err)
{
	struct toy *toy = self;

	if (point(toy, "begin walls", err) < 0)
		return -1;
	if (!text_equal(toy->house.walls_token, toy->cloud.operation.token))
		toy->house.walls_begun++;
	toy->house.walls = BEGUN;
	toy->house.walls_token = arena_strdup(&toy->arena, toy->cloud.operation.token);
	return point(toy, "walls are begun", err);
}

static int wait_for_walls(void *self, struct error *err)
{
	struct toy *toy = self;

	if (point(toy, "wait for walls", err) < 0) {
		if (err->kind == ERROR_FAILED)
			toy->cloud.state = CLOUD_FAILED;
		return -1;
	}
	toy->house.walls = MADE;
	return 0;
}

static int undo_walls(void *self, struct error *err)
{
	struct toy *toy = self;

	if (point(toy, "undo walls", err) < 0)
		return -1;
	toy->house.walls = MISSING;
	return 0;
}

static bool is_stuck(const void *self)
{
	return ((const struct toy *)self)->stuck;
}

static bool is_loose(const void *self)
{
	return !((const struct toy *)self)->rooted;
}

#define GROUND \
	.id = "ground", .doing = "making the ground", .changes = true, .find = find_ground, \
	.perform = make_ground
#define WALLS \
	.id = "walls", .doing = "building the walls", .changes = true, .find = find_walls, \
	.prepare = ask_for_walls, .perform = begin_walls, .wait = wait_for_walls

/* All of it can be undone. */
static const struct step undoable_rows[] = {
	{.id = "look", .doing = "looking", .perform = look},
	{GROUND, .undo = undo_ground},
	{WALLS, .undo = undo_walls},
};
/* Walls go on by themselves once they are begun. */
static const struct step rows[] = {
	{.id = "look", .doing = "looking", .perform = look},
	{GROUND, .undo = undo_ground},
	{WALLS},
};
/* Walls that failed may have to be gone on with. */
static const struct step stuck_rows[] = {{GROUND, .undo = undo_ground}, {WALLS, .stuck = is_stuck}};
/* Ground that has taken root is not taken away. */
static const struct step rooted_rows[] = {{GROUND, .undo = undo_ground, .undoable = is_loose}, {WALLS}};
static const struct step walls_alone[] = {{WALLS}};
/* Once the walls are recorded, the ground stays. */
static const struct step lasting_rows[] = {{GROUND, .undo = undo_ground}, {WALLS, .no_return = true}};
static const struct step look_alone[] = {{.id = "look", .doing = "looking", .perform = look}};

#define ALL(rows) rows, ARRAY_LENGTH(rows), "the field"

const struct steps toy_undoable = {"build", STEPS_MAKE_RECORD, ALL(undoable_rows)};
const struct steps toy_build = {"build", STEPS_MAKE_RECORD, ALL(rows)};
const struct steps toy_extend = {"extend", STEPS_CHANGE_RECORD, ALL(undoable_rows)};
const struct steps toy_change = {"change", STEPS_CHANGE_RECORD, ALL(stuck_rows)};
const struct steps toy_walls = {"build", STEPS_MAKE_RECORD, ALL(walls_alone)};
const struct steps toy_move = {"move", STEPS_CHANGE_RECORD, ALL(lasting_rows)};
const struct steps toy_note = {"note", STEPS_CHANGE_RECORD, ALL(look_alone)};
const struct steps toy_clear_away = {"delete", STEPS_REMOVE_RECORD, ALL(rooted_rows)};
const struct steps toy_delete = {"delete", STEPS_REMOVE_RECORD, ALL(walls_alone)};

const char *const toy_points[TOY_POINTS] = {"look", "find ground", "begin ground", "ground is made",
	"find walls", "ask for walls", "begin walls", "walls are begun", "wait for walls"};

/* --- what the tests use --- */

int toy_set_up(void **state)
{
	struct toy *toy = calloc(1, sizeof(*toy));

	toy->folder = test_folder(&toy->arena);
	*state = toy;
	toy->world = (struct world){.wall_ms = now,
		.steady_ms = now,
		.environment = environment,
		.random = random_bytes,
		.wake_fd = -1};
	toy->sink = (struct sink){emit};
	event_begin(&toy->stream, &toy->sink, &toy->world);
	toy->run = (struct run){.arena = &toy->arena,
		.world = &toy->world,
		.stream = &toy->stream,
		.registry = registry};
	if (!toy->folder)
		return -1;
	return registry_open(&toy->registry, &toy->arena, &toy->world, schemas, toy->folder, &toy->err);
}

int toy_tear_down(void **state)
{
	struct toy *toy = *state;

	arena_free(&toy->arena);
	free(toy);
	return 0;
}

bool toy_load(struct toy *toy, struct cloud *cloud)
{
	struct error err = {0};

	if (registry_load(&toy->registry, "toy", cloud, &err) == 0)
		return true;
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	return false;
}

struct operation toy_begin(struct toy *toy, const struct steps *steps)
{
	struct operation operation = {.run = &toy->run, .steps = steps, .self = toy, .cloud = &toy->cloud};

	operation.recorded = toy_load(toy, &toy->cloud);
	if (!operation.recorded)
		toy->cloud = (struct cloud){.id = "cld_abcdefghijklmnopqrstuvwxyz",
			.name = "toy",
			.provider = "toy"};
	toy->count = 0;
	toy->err = (struct error){0};
	return operation;
}

int toy_run(struct toy *toy, const struct steps *steps)
{
	struct operation operation = toy_begin(toy, steps);

	return steps_run(&operation, &toy->err);
}

void toy_run_killed(struct toy *toy, const struct steps *steps, size_t at)
{
	toy->kill_at = at;
	if (setjmp(toy->killed) == 0) {
		toy_run(toy, steps);
		fail_msg("was not killed at point %zu", at);
	}
	toy->kill_at = 0;
}

void toy_clear(struct toy *toy)
{
	struct error ignored;

	registry_remove(&toy->registry, "toy", &ignored);
	toy->house = (struct house){0};
	toy->fail_at = toy->also_fail_at = toy->told = toy->note = NULL;
	toy->spoil_at = NULL;
	toy->kill_at = 0;
	toy->left = 0;
}

void toy_make_ready(struct toy *toy)
{
	struct cloud cloud = {.id = "cld_abcdefghijklmnopqrstuvwxyz",
		.name = "toy",
		.provider = "toy",
		.state = CLOUD_READY};

	assert_int_equal(registry_create(&toy->registry, &cloud, &toy->err), 0);
}
