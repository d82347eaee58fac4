/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider that is not AWS, all the way: a command of two steps makes a cloud, its record is kept in a registry, the
 * engine judges it, every renderer and the screen show it, and another command removes it. Links no AWS.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/member.h"
#include "base/str.h"
#include "base/test.h"
#include "base/test_folder.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/provider.h"
#include "providers/records/registry.h"
#include "providers/run.h"
#include "providers/steps.h"
#include "providers/waiter.h"
#include "ui/documents/renderer.h"
#include "ui/event_log.h"
#include "ui/lines/plain.h"
#include "ui/screen/grid.h"
#include "ui/screen/model.h"
#include "ui/screen/screen_feed.h"
#include "ui/screen/view.h"
#include "verify/fake_source.h"
#include "verify/toy_table.h"
#include "verify/verification.h"

enum { OUTPUT_MAX = 1 << 20, WIDTH = 100, HEIGHT = 30 };

/* The world in which the toy lives, and a run of one command in it. */
struct place {
	struct run run; /* first: the run's functions get it */
	struct world world;
	struct event_stream stream;
	struct arena arena;
	struct registry registry;
	struct fake_source fake;
	const char *folder;
	bool has_disk;       /* outside of this program: the disk was made */
	const char *refused; /* the mount that cannot be made, or NULL */
	struct text_list mounted;
	struct error err;
};

static struct place *place_of(struct run *run)
{
	return (struct place *)(void *)run;
}

/* --- the provider --- */

#define MEMBER(member) offsetof(struct toy_cloud, member)

static const struct member members[] = {
	{.name = "disk", .type = MEMBER_TEXT, .offset = MEMBER(disk)},
	{.name = "mounts", .type = MEMBER_LIST, .offset = MEMBER(mounts)},
	{.name = "shared", .type = MEMBER_FLAG, .offset = MEMBER(shared)},
};
static const struct member_table section = {MEMBER_TABLE(struct toy_cloud, members)};
static const struct cloud_schema schema = {.provider = "toy", .section = &section};
static const struct cloud_schema *const schemas[] = {&schema, NULL};

static const struct toy_cloud *section_of(const struct cloud *cloud)
{
	return cloud->section;
}

struct toy_options {
	const char *disk;
	struct text_list mounts;
};

static const struct option options[] = {
	{.name = "disk", .kind = OPTION_TEXT, .offset = offsetof(struct toy_options, disk)},
	{.name = "mounts", .kind = OPTION_LIST, .offset = offsetof(struct toy_options, mounts)},
	{NULL},
};

/* What the steps of one command work with. */
struct toy_work {
	struct place *place;
	struct cloud cloud;
	struct toy_cloud toy;
};

static int find_disk(void *self, enum found *found, struct error *err)
{
	const struct toy_work *work = self;

	(void)err;
	*found = work->place->has_disk ? FOUND_DONE : FOUND_NOTHING;
	return 0;
}

static int make_disk(void *self, struct error *err)
{
	struct toy_work *work = self;

	(void)err;
	work->place->has_disk = true;
	return 0;
}

static int wait_for_disk(void *self, struct error *err)
{
	static const struct waiter waiter = {
		.doing = "waiting for the disk",
		.operation = toy_find_disk,
		.path = "disks.0.state",
		.done = "ready",
		.failed = "broken",
		.interval_ms = 10,
		.limit_ms = 1000,
	};
	const struct toy_work *work = self;
	struct place *place = work->place;
	const struct wait wait = {
		.source = &place->fake.source,
		.world = &place->world,
		.input = tree_defer(&place->arena, json_pack("{s:s}", "disk", work->toy.disk)),
	};

	return waiter_wait(&waiter, &wait, err);
}

static int remove_disk(void *self, struct error *err)
{
	struct toy_work *work = self;

	(void)err;
	work->place->has_disk = false;
	return 0;
}

static int make_mounts(void *self, struct error *err)
{
	struct toy_work *work = self;
	struct place *place = work->place;

	for (size_t i = 0; i < work->toy.mounts.count; i++) {
		if (text_equal(work->toy.mounts.items[i], place->refused))
			return error_set(err, ERROR_REJECTED, "%s is refused", place->refused);
		text_list_add(&place->arena, &place->mounted, work->toy.mounts.items[i]);
	}
	return 0;
}

static const struct step making[] = {
	{
		.id = "make-disk",
		.doing = "making the disk",
		.changes = true,
		.find = find_disk,
		.perform = make_disk,
		.wait = wait_for_disk,
		.undo = remove_disk,
	},
	{.id = "make-mounts", .doing = "making the mounts", .changes = true, .perform = make_mounts},
};
static const struct step removing[] = {
	{.id = "remove-disk", .doing = "removing the disk", .changes = true, .perform = remove_disk},
};
static const struct steps making_steps = {.kind = "setup",
	.record = STEPS_MAKE_RECORD,
	.rows = making,
	.count = ARRAY_LENGTH(making)};
static const struct steps removing_steps = {.kind = "delete",
	.record = STEPS_REMOVE_RECORD,
	.rows = removing,
	.count = ARRAY_LENGTH(removing)};

static struct source *toy_source(struct run *run, const char *place, struct error *err)
{
	(void)place;
	(void)err;
	return &place_of(run)->fake.source;
}

static int toy_setup(struct run *run, const void *data, struct error *err)
{
	const struct toy_options *given = data;
	struct toy_work work = {
		.place = place_of(run),
		.cloud = {.id = "cld_abcdefghijklmnopqrstuvwxyz",
			.name = "play",
			.provider = "toy",
			.schema = &schema},
		.toy = {.disk = given->disk, .mounts = given->mounts, .shared = true},
	};
	struct operation operation = {.run = run,
		.steps = &making_steps,
		.self = &work,
		.cloud = &work.cloud};
	const struct verify_input input = {.table = &toy_table, .source = toy_source(run, NULL, err)};
	struct verification result;

	work.cloud.section = &work.toy;
	run->begin(run, &work.cloud);
	if (steps_run(&operation, err) < 0 || run_verify(run, &input, &work.cloud, &result, err) < 0)
		return -1;
	return registry_update(run->registry(run, err), &work.cloud, err) < 0
		? -1
		: verdict_exit_code(result.counts, false);
}

static int toy_remove(struct run *run, const void *data, struct error *err)
{
	struct toy_work work = {.place = place_of(run)};
	struct operation operation = {.run = run,
		.steps = &removing_steps,
		.self = &work,
		.cloud = &work.cloud,
		.recorded = true};

	(void)data;
	if (registry_load(run->registry(run, err), "play", &work.cloud, err) < 0)
		return -1;
	return steps_run(&operation, err);
}

static const struct provider toy = {
	.name = "toy",
	.title = "Toy",
	.schema = &schema,
	.checks = &toy_table,
	.source = toy_source,
	.setup = {.options = options, .options_size = sizeof(struct toy_options), .carry_out = toy_setup},
	.remove = {.carry_out = toy_remove},
};

/* --- the world --- */

static int64_t now(struct world *world)
{
	(void)world;
	return 1767323045000; /* 2026-01-02T03:04:05Z */
}

static void random_bytes(struct world *world, void *bytes, size_t length)
{
	(void)world;
	memset(bytes, 7, length);
}

static const char *environment(struct world *world, const char *name)
{
	(void)world;
	(void)name;
	return NULL;
}

static struct registry *registry(struct run *run, struct error *err)
{
	(void)err;
	return &place_of(run)->registry;
}

static void begin(struct run *run, const struct cloud *cloud)
{
	event_emit(run->stream,
		&(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.cloud = cloud->name,
				.cloud_id = cloud->id,
				.judges = true}});
}

static void answer(struct place *place, const void *operation, const char *reply)
{
	json_t *tree = tree_defer(&place->arena, json_loads(reply, 0, NULL));

	assert_non_null(tree);
	fake_reply(&place->fake, operation, NULL, tree);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	toy_section = section_of;
	place->folder = test_folder(&place->arena);
	assert_non_null(place->folder);
	place->world = (struct world){.wall_ms = now,
		.steady_ms = now,
		.environment = environment,
		.random = random_bytes,
		.wake_fd = -1};
	place->run = (struct run){.arena = &place->arena,
		.world = &place->world,
		.stream = &place->stream,
		.registry = registry,
		.begin = begin};
	event_begin(&place->stream, NULL, &place->world);
	fake_source_open(&place->fake, &place->arena, "here");
	answer(place, toy_find_disk, "{\"disks\": [{\"id\": \"d-1\", \"state\": \"ready\"}]}");
	answer(place, toy_read_mount, "{\"state\": \"down\"}");
	return registry_open(&place->registry, &place->arena, &place->world, schemas, place->folder,
		&place->err);
}

static int tear_down(void **state)
{
	struct place *place = *state;

	arena_free(&place->arena);
	free(place);
	return 0;
}

/* --- the tests --- */

static int run_setup(struct place *place, struct sink *sink)
{
	const struct toy_options given = {.disk = "disks/d-1",
		.mounts = text_split(&place->arena, "m-1,m-2", ',')};
	struct event end = {.kind = EVENT_END};
	int code;

	event_begin(&place->stream, sink, &place->world);
	code = toy.setup.carry_out(&place->run, &given, &place->err);
	end.end.exit_code = code;
	end.end.judged = code >= 0;
	end.end.verdict = place->run.result.verdict;
	memcpy(end.end.counts, place->run.result.counts, sizeof(end.end.counts));
	event_emit(&place->stream, &end);
	return code;
}

static void its_record_is_written_and_read(void **state)
{
	struct place *place = *state;
	struct cloud cloud;
	char *text;
	size_t length;

	assert_int_equal(run_setup(place, NULL), 1); /* the mounts are down */
	assert_int_equal(registry_load(&place->registry, "play", &cloud, &place->err), 0);
	assert_int_equal(cloud.state, CLOUD_READY);
	assert_null(cloud.operation.kind);
	assert_int_equal(cloud.verification.counts[VERDICT_FAIL], 1);
	assert_string_equal(section_of(&cloud)->disk, "disks/d-1");
	assert_string_equal(text_join(&place->arena, &section_of(&cloud)->mounts, " "), "m-1 m-2");
	assert_true(section_of(&cloud)->shared);
	assert_int_equal(file_read(&place->arena,
				 arena_printf(&place->arena, "%s/clouds/play.yaml", place->folder),
				 OUTPUT_MAX, &text, &length, &place->err),
		0);
	assert_non_null(strstr(text, "provider: toy\n"));
	assert_non_null(strstr(text, "disk: disks/d-1\n"));

	assert_int_equal(toy.remove.carry_out(&place->run, NULL, &place->err), 0);
	assert_false(place->has_disk);
	assert_int_equal(registry_load(&place->registry, "play", &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
}

static void a_refused_step_undoes_those_before_it(void **state)
{
	struct place *place = *state;
	struct cloud cloud;

	place->refused = "m-2";
	assert_int_equal(run_setup(place, NULL), -1);
	assert_int_equal(place->err.kind, ERROR_REJECTED);
	assert_false(place->has_disk);
	assert_int_equal(registry_load(&place->registry, "play", &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
}

/* What a sink writes of the run; the caller frees it. */
static char *written(struct place *place, struct sink *(*make)(struct place *, const char *, FILE *),
	const char *name)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	struct sink *sink = make(place, name, file);

	assert_non_null(sink);
	assert_int_equal(run_setup(place, sink), 1);
	assert_int_equal(toy.remove.carry_out(&place->run, NULL, &place->err), 0);
	fclose(file);
	return text;
}

static struct sink *make_renderer(struct place *place, const char *name, FILE *file)
{
	return renderer_new(&place->arena, name, &(struct renderer_options){.results = file});
}

static struct sink *make_lines(struct place *place, const char *name, FILE *file)
{
	(void)name;
	return plain_new(&place->arena, file, file, (struct plain_options){0});
}

static struct sink *make_log(struct place *place, const char *name, FILE *file)
{
	(void)name;
	return event_log_new(&place->arena, file, NULL, NULL);
}

/* Every text of the failure is in the text, which has not a word of another provider. */
static void assert_told(const char *format, const char *text)
{
	static const char *const words[] = {"mounts.up", "2 of 2 mounts are not up", "m-1 is down",
		"toy mount m-1 m-2"};
	static const char *const foreign[] = {"AWS", "aws", "VPC", "vpc", "subnet", "stack"};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		if (!strstr(text, words[i]))
			fail_msg("%s does not say '%s':\n%s", format, words[i], text);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(foreign); i++) {
		if (strstr(text, foreign[i]))
			fail_msg("%s says '%s':\n%s", format, foreign[i], text);
	}
}

static void every_renderer_shows_it(void **state)
{
	struct text_list names = text_split(&((struct place *)*state)->arena, RENDERER_NAMES, '|');

	assert_true(names.count >= 5);
	for (size_t i = 0; i < names.count; i++) {
		char *text = written(*state, make_renderer, names.items[i]);

		assert_told(names.items[i], text);
		free(text);
	}
}

static void lines_show_it(void **state)
{
	char *text = written(*state, make_lines, NULL);

	assert_told("text", text);
	free(text);
}

/* The log of events, read again, on the screen. */
static void the_log_and_the_screen_show_it(void **state)
{
	struct place *place = *state;
	char *log = written(place, make_log, NULL);
	struct str text = {.arena = &place->arena, .max = OUTPUT_MAX};
	struct event_log_reader reader;
	struct model model;
	struct event event;
	struct grid grid;

	assert_told("events", log);
	model_open(&model);
	assert_int_equal(event_log_begin(&reader, log, strlen(log), &place->err), 0);
	while (event_log_next(&reader, &place->arena, &event, &place->err) > 0)
		model_event(&model, &event);
	assert_int_equal(place->err.kind, ERROR_NONE);
	grid_open(&grid, &place->arena, WIDTH, HEIGHT);
	view_draw(&model, &grid, &place->arena);
	grid_print(&grid, &text);
	assert_told("the screen", str_text(&text));
	model_close(&model);
	free(log);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(its_record_is_written_and_read),
		TEST(a_refused_step_undoes_those_before_it),
		TEST(every_renderer_shows_it),
		TEST(lines_show_it),
		TEST(the_log_and_the_screen_show_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
