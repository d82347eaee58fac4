/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry on real folders, one for each test. A folder that cannot be written to is played by a path below a
 * regular file, because the tests may run as root; a full disk by a limit on the size of files.
 */
#include "providers/records/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/test.h"
#include "base/test_folder.h"
#include "base/world.h"

#define ID "cld_abcdefghijklmnopqrstuvwxyz"
#define OTHER_ID "cld_bbcdefghijklmnopqrstuvwxyz"

static const struct cloud_schema schema = {
	.provider = "aws",
	.region_needed = true,
};
static const struct cloud_schema *const schemas[] = {&schema, NULL};

struct place {
	struct world world; /* first, so that the environment finds the rest */
	struct arena arena;
	const char *folder; /* the test's own */
	const char *home, *state;
	int64_t now_ms;
	struct registry registry;
	struct error err;
};

static int64_t now(struct world *world)
{
	return ((struct place *)(void *)world)->now_ms;
}

static const char *environment(struct world *world, const char *name)
{
	const struct place *place = (const struct place *)(const void *)world;

	return text_equal(name, "HOME")              ? place->home
		: text_equal(name, "XDG_STATE_HOME") ? place->state
						     : NULL;
}

static int open_registry(struct place *place, struct registry *registry, const char *folder)
{
	return registry_open(registry, &place->arena, &place->world, schemas, folder, &place->err);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	place->world = (struct world){.wall_ms = now, .steady_ms = now, .environment = environment};
	place->now_ms = 1767323045000; /* 2026-01-02T03:04:05Z */
	*state = place;
	place->folder = test_folder(&place->arena);
	if (!place->folder)
		return -1;
	place->state = place->folder;
	return open_registry(place, &place->registry, NULL);
}

static int tear_down(void **state)
{
	struct place *place = *state;

	arena_free(&place->arena);
	free(place);
	return 0;
}

static struct cloud some_cloud(const char *name, const char *id)
{
	return (struct cloud){.id = id, .name = name, .provider = "aws", .region = "us-west-2"};
}

static void create(struct place *place, const char *name, const char *id)
{
	struct cloud cloud = some_cloud(name, id);

	if (registry_create(&place->registry, &cloud, &place->err) < 0)
		fail_msg("creating %s: %s", name, place->err.frame[0]);
}

static const char *at(struct place *place, const char *key)
{
	return arena_printf(&place->arena, "%s/cloudctl/%s", place->folder, key);
}

static void write_file(struct place *place, const char *key, const char *text)
{
	if (file_replace(at(place, key), text, strlen(text), &place->err) < 0)
		fail_msg("%s", place->err.frame[0]);
}

static unsigned mode(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void the_folder_comes_from_the_environment(void **state)
{
	struct place *place = *state;
	struct registry registry;

	assert_string_equal(registry_location(&place->registry),
		arena_printf(&place->arena, "%s/cloudctl", place->folder));
	place->home = "/h";
	assert_int_equal(open_registry(place, &registry, "/given"), 0);
	assert_string_equal(registry_location(&registry), "/given");
	place->state = "relative"; /* to be ignored, says the XDG specification */
	assert_int_equal(open_registry(place, &registry, NULL), 0);
	assert_string_equal(registry_location(&registry), "/h/.local/state/cloudctl");
	place->home = place->state = NULL;
	assert_int_equal(open_registry(place, &registry, NULL), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	assert_non_null(strstr(place->err.frame[0], "--registry"));
	assert_int_equal(open_registry(place, &registry, "s3://b/p"), -1);
	assert_int_equal(place->err.kind, ERROR_USAGE);
}

static void looking_makes_nothing(void **state)
{
	struct place *place = *state;
	struct text_list names;
	struct cloud cloud;
	const char *preferred = "x";

	assert_int_equal(registry_names(&place->registry, &names, &place->err), 0);
	assert_int_equal(names.count, 0);
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), 0);
	assert_null(preferred);
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
	assert_int_not_equal(access(registry_location(&place->registry), F_OK), 0);
}

static void a_record_lives(void **state)
{
	struct place *place = *state;
	struct cloud cloud;
	struct text_list names;

	create(place, "prod", ID);
	create(place, "dev", OTHER_ID);
	assert_int_equal(mode(at(place, "")), 0700);
	assert_int_equal(mode(at(place, "clouds")), 0700);
	assert_int_equal(mode(at(place, "clouds/prod.yaml")), 0600);
	assert_int_equal(registry_names(&place->registry, &names, &place->err), 0);
	assert_string_equal(text_join(&place->arena, &names, " "), "dev prod");
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), 0);
	assert_string_equal(cloud.created, "2026-01-02T03:04:05Z");
	place->now_ms += 1000;
	cloud.state = CLOUD_READY;
	assert_int_equal(registry_update(&place->registry, &cloud, &place->err), 0);
	cloud.account = "012345678901";
	assert_int_equal(registry_update(&place->registry, &cloud, &place->err), 0); /* its own revision */
	assert_int_equal(registry_load_id(&place->registry, ID, &cloud, &place->err), 0);
	assert_string_equal(cloud.name, "prod");
	assert_string_equal(cloud.account, "012345678901");
	assert_int_equal(cloud.state, CLOUD_READY);
	assert_string_equal(cloud.created, "2026-01-02T03:04:05Z");
	assert_string_equal(cloud.updated, "2026-01-02T03:04:06Z");
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), -1);
	assert_int_equal(registry_update(&place->registry, &cloud, &place->err), -1);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
}

static void a_name_is_taken_once(void **state)
{
	struct place *place = *state;
	struct cloud again = some_cloud("prod", OTHER_ID);
	struct cloud kept;

	create(place, "prod", ID);
	assert_int_equal(registry_create(&place->registry, &again, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_string_equal(place->err.frame[0], "a cloud named 'prod' already exists");
	assert_int_equal(registry_load(&place->registry, "prod", &kept, &place->err), 0);
	assert_string_equal(kept.id, ID);
}

static void the_nearest_name_is_offered(void **state)
{
	struct place *place = *state;
	struct cloud cloud;

	create(place, "production", ID);
	assert_int_equal(registry_load(&place->registry, "producton", &cloud, &place->err), -1);
	assert_string_equal(place->err.frame[0], "no cloud is named 'producton'; did you mean 'production'?");
	assert_int_equal(registry_load(&place->registry, "../production", &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_USAGE);
}

static void the_second_writer_is_refused(void **state)
{
	struct place *place = *state;
	struct cloud first, second;

	create(place, "prod", ID);
	assert_int_equal(registry_load(&place->registry, "prod", &first, &place->err), 0);
	assert_int_equal(registry_load(&place->registry, "prod", &second, &place->err), 0);
	first.state = CLOUD_READY;
	assert_int_equal(registry_update(&place->registry, &first, &place->err), 0);
	second.state = CLOUD_FAILED;
	assert_int_equal(registry_update(&place->registry, &second, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_int_equal(registry_load(&place->registry, "prod", &second, &place->err), 0);
	assert_int_equal(second.state, CLOUD_READY);
}

/* Only its own revision can be lost by a writer: the others of the loop below are all seen. */
static void count_in_a_child(struct place *place, int times)
{
	for (int i = 0; i < times;) {
		struct cloud cloud;

		if (registry_load(&place->registry, "prod", &cloud, &place->err) < 0)
			_exit(1);
		cloud.verification.at = "2026-01-02T03:04:05Z";
		cloud.verification.counts[VERDICT_PASS]++;
		if (registry_update(&place->registry, &cloud, &place->err) == 0)
			i++;
		else if (place->err.kind != ERROR_CONFLICT)
			_exit(2);
	}
	_exit(0);
}

static void two_writers_lose_nothing(void **state)
{
	enum { TIMES = 20, WRITERS = 3 };
	struct place *place = *state;
	pid_t children[WRITERS];
	struct cloud cloud;

	create(place, "prod", ID);
	for (int i = 0; i < WRITERS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			count_in_a_child(place, TIMES);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), 0);
	assert_int_equal(cloud.verification.counts[VERDICT_PASS], TIMES * WRITERS);
}

static void a_killed_writer_leaves_a_whole_record(void **state)
{
	struct place *place = *state;
	struct text_list names;
	struct cloud cloud;
	int ready[2];
	char byte;
	pid_t child;

	create(place, "prod", ID);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) { /* writes until it is killed, wherever that finds it */
		for (;;) {
			if (registry_load(&place->registry, "prod", &cloud, &place->err) < 0 ||
				registry_update(&place->registry, &cloud, &place->err) < 0)
				_exit(1);
			(void)!write(ready[1], "", 1);
		}
	}
	for (int i = 0; i < 10; i++)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	/* No lock is left either: the next writer gets through. */
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), 0);
	assert_int_equal(registry_update(&place->registry, &cloud, &place->err), 0);
	assert_int_equal(registry_names(&place->registry, &names, &place->err), 0);
	assert_int_equal(names.count, 1);
}

static const struct corrupt {
	const char *text, *says;
} corrupt[] = {
	{"", "bad.yaml"},
	{"id: [", "line "},
	{"version: 1\nid: " ID "\nname: bad\nprovider: aws\nregion: us-west-2\nsatte: ready\n", "line 6"},
	{"version: 1\nid: " ID "\nname: bad\nprovider: aws\n", "region: is missing"},
	{"version: 1\nid: " ID "\nname: other\nprovider: aws\nregion: us-west-2\n", "line 3"},
	{"version: 9\nname: bad\n", "line 1"},
	{"\377\376", "bad.yaml"},
};

static void a_corrupt_record_is_named(void **state)
{
	struct place *place = *state;

	create(place, "bad", OTHER_ID);
	create(place, "good", ID);
	for (size_t i = 0; i < ARRAY_LENGTH(corrupt); i++) {
		struct cloud cloud;
		struct str text = {.arena = &place->arena, .max = 4096};

		write_file(place, "clouds/bad.yaml", corrupt[i].text);
		assert_int_equal(registry_load(&place->registry, "bad", &cloud, &place->err), -1);
		assert_int_equal(place->err.kind, ERROR_INPUT);
		error_format(&place->err, &text);
		assert_non_null(strstr(str_text(&text), "clouds/bad.yaml"));
		if (!strstr(str_text(&text), corrupt[i].says))
			fail_msg("%s: said '%s'", corrupt[i].text, str_text(&text));
		/* Neither the others nor a search are stopped by it. */
		assert_int_equal(registry_load(&place->registry, "good", &cloud, &place->err), 0);
		assert_int_equal(registry_load_id(&place->registry, ID, &cloud, &place->err), 0);
	}
}

static void what_could_not_be_read_is_not_written(void **state)
{
	struct place *place = *state;
	struct cloud cloud = some_cloud("prod", "cld_short");

	assert_int_equal(registry_create(&place->registry, &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	cloud = some_cloud("prod", ID);
	cloud.region = NULL;
	assert_int_equal(registry_create(&place->registry, &cloud, &place->err), -1);
	assert_int_not_equal(access(at(place, "clouds/prod.yaml"), F_OK), 0);
}

static void the_default_follows_its_cloud(void **state)
{
	struct place *place = *state;
	const char *preferred;

	create(place, "prod", ID);
	assert_int_equal(registry_set_default(&place->registry, "prd", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
	assert_int_equal(registry_set_default(&place->registry, "prod", &place->err), 0);
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), 0);
	assert_string_equal(preferred, "prod");
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
	assert_int_not_equal(access(at(place, "default"), F_OK), 0);
	/* A record removed by hand takes the default with it too. */
	write_file(place, "default", "gone\n");
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), 0);
	assert_null(preferred);
	write_file(place, "default", "../x\n");
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	/* What is no name of a cloud holds no removal up. */
	create(place, "prod", ID);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
}

static void a_default_that_cannot_be_read_keeps_the_record(void **state)
{
	struct place *place = *state;
	struct cloud cloud;
	bool found;

	create(place, "prod", ID);
	assert_int_equal(symlink("nowhere", at(place, "default")), 0);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], "default"));
	assert_int_equal(registry_find(&place->registry, "prod", &cloud, &found, &place->err), 0);
	assert_true(found);
	assert_int_equal(unlink(at(place, "default")), 0);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
	assert_int_equal(registry_find(&place->registry, "prod", &cloud, &found, &place->err), 0);
	assert_false(found);
}

static void a_folder_that_cannot_be_made(void **state)
{
	struct place *place = *state;
	struct cloud cloud = some_cloud("prod", ID);
	struct registry registry;
	const char *file = arena_printf(&place->arena, "%s/file", place->folder);

	assert_int_equal(file_create(file, "", 0, &place->err), 0);
	assert_int_equal(open_registry(place, &registry, arena_printf(&place->arena, "%s/below", file)), 0);
	assert_int_equal(registry_create(&registry, &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], file));
}

static void no_space_left(void **state)
{
	static const struct rlimit limit = {10, 10};
	struct place *place = *state;
	struct cloud cloud;
	int status = -1;
	pid_t child;

	create(place, "prod", ID);
	child = fork();
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		if (registry_load(&place->registry, "prod", &cloud, &place->err) < 0)
			_exit(1);
		_exit(registry_update(&place->registry, &cloud, &place->err) == -1 &&
					place->err.kind == ERROR_IO
				? 0
				: 2);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(registry_load(&place->registry, "prod", &cloud, &place->err), 0);
	assert_string_equal(cloud.id, ID);
}

static void its_memory_may_go_sooner(void **state)
{
	struct place *place = *state;
	struct arena arena = {0};
	const struct registry own = registry_within(&place->registry, &arena);
	struct cloud cloud;
	size_t used;

	create(place, "prod", ID);
	used = place->arena.used;
	assert_int_equal(registry_load(&own, "prod", &cloud, &place->err), 0);
	assert_string_equal(cloud.id, ID);
	assert_string_equal(registry_location(&own), registry_location(&place->registry));
	assert_true(arena.used > 0 && place->arena.used == used);
	arena_free(&arena);
}

/* A child holds the lock and says so; the parent is refused, is told the child's number, and gets it afterwards. */
static void one_operation_at_a_time(void **state)
{
	struct place *place = *state;
	struct registry_lock *lock;
	int ready[2], done[2];
	struct str text = {.arena = &place->arena, .max = 4096};
	pid_t child;
	char byte;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(done), 0);
	child = fork();
	if (child == 0) {
		close(done[1]);
		if (!registry_lock(&place->registry, "prod", 0, &place->err))
			_exit(1);
		(void)!write(ready[1], "", 1);
		(void)!read(done[0], &byte, 1);
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_null(registry_lock(&place->registry, "prod", 0, &place->err));
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	error_format(&place->err, &text);
	assert_non_null(strstr(str_text(&text), arena_printf(&place->arena, "process %d", (int)child)));
	lock = registry_lock(&place->registry, "dev", 0, &place->err);
	assert_non_null(lock);
	registry_unlock(&lock);
	assert_null(lock);
	close(done[1]);
	waitpid(child, NULL, 0);
	lock = registry_lock(&place->registry, "prod", 0, &place->err);
	assert_non_null(lock);
	registry_unlock(&lock);
	assert_null(lock);
	close(done[0]);
	close(ready[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_folder_comes_from_the_environment),
		TEST(looking_makes_nothing),
		TEST(a_record_lives),
		TEST(a_name_is_taken_once),
		TEST(the_nearest_name_is_offered),
		TEST(the_second_writer_is_refused),
		TEST(two_writers_lose_nothing),
		TEST(a_killed_writer_leaves_a_whole_record),
		TEST(a_corrupt_record_is_named),
		TEST(what_could_not_be_read_is_not_written),
		TEST(the_default_follows_its_cloud),
		TEST(a_default_that_cannot_be_read_keeps_the_record),
		TEST(a_folder_that_cannot_be_made),
		TEST(no_space_left),
		TEST(its_memory_may_go_sooner),
		TEST(one_operation_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
