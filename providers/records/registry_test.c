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
#include "providers/records/registry_place.h"

static unsigned mode(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void the_folder_comes_from_the_environment(void **state)
{
	struct registry_place *place = *state;
	struct registry registry;

	assert_string_equal(registry_location(&place->registry),
		arena_printf(&place->arena, "%s/cloudctl", place->folder));
	place->home = "/h";
	assert_int_equal(place_open(place, &registry, "/given"), 0);
	assert_string_equal(registry_location(&registry), "/given");
	place->state = "relative"; /* to be ignored, says the XDG specification */
	assert_int_equal(place_open(place, &registry, NULL), 0);
	assert_string_equal(registry_location(&registry), "/h/.local/state/cloudctl");
	place->home = place->state = NULL;
	assert_int_equal(place_open(place, &registry, NULL), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	assert_non_null(strstr(place->err.frame[0], "--registry"));
	assert_int_equal(place_open(place, &registry, "s3://b/p"), -1);
	assert_int_equal(place->err.kind, ERROR_USAGE);
}

static void looking_makes_nothing(void **state)
{
	struct registry_place *place = *state;
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
	struct registry_place *place = *state;
	struct cloud cloud;
	struct text_list names;

	place_create(place, "prod", ID);
	place_create(place, "dev", OTHER_ID);
	assert_int_equal(mode(place_at(place, "")), 0700);
	assert_int_equal(mode(place_at(place, "clouds")), 0700);
	assert_int_equal(mode(place_at(place, "clouds/prod.yaml")), 0600);
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
	struct registry_place *place = *state;
	struct cloud again = place_cloud("prod", OTHER_ID);
	struct cloud kept;

	place_create(place, "prod", ID);
	assert_int_equal(registry_create(&place->registry, &again, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_string_equal(place->err.frame[0], "a cloud named 'prod' already exists");
	assert_int_equal(registry_load(&place->registry, "prod", &kept, &place->err), 0);
	assert_string_equal(kept.id, ID);
}

static void the_nearest_name_is_offered(void **state)
{
	struct registry_place *place = *state;
	struct cloud cloud;

	place_create(place, "production", ID);
	assert_int_equal(registry_load(&place->registry, "producton", &cloud, &place->err), -1);
	assert_string_equal(place->err.frame[0], "no cloud is named 'producton'; did you mean 'production'?");
	assert_int_equal(registry_load(&place->registry, "../production", &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_USAGE);
}

static void the_second_writer_is_refused(void **state)
{
	struct registry_place *place = *state;
	struct cloud first, second;

	place_create(place, "prod", ID);
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
static void count_in_a_child(struct registry_place *place, int times)
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
	struct registry_place *place = *state;
	pid_t children[WRITERS];
	struct cloud cloud;

	place_create(place, "prod", ID);
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
	struct registry_place *place = *state;
	struct text_list names;
	struct cloud cloud;
	int ready[2];
	char byte;
	pid_t child;

	place_create(place, "prod", ID);
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
	struct registry_place *place = *state;

	place_create(place, "bad", OTHER_ID);
	place_create(place, "good", ID);
	for (size_t i = 0; i < ARRAY_LENGTH(corrupt); i++) {
		struct cloud cloud;
		struct str text = {.arena = &place->arena, .max = 4096};

		place_write(place, "clouds/bad.yaml", corrupt[i].text);
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
	struct registry_place *place = *state;
	struct cloud cloud = place_cloud("prod", "cld_short");

	assert_int_equal(registry_create(&place->registry, &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	cloud = place_cloud("prod", ID);
	cloud.region = NULL;
	assert_int_equal(registry_create(&place->registry, &cloud, &place->err), -1);
	assert_int_not_equal(access(place_at(place, "clouds/prod.yaml"), F_OK), 0);
}

static void the_default_follows_its_cloud(void **state)
{
	struct registry_place *place = *state;
	const char *preferred;

	place_create(place, "prod", ID);
	assert_int_equal(registry_set_default(&place->registry, "prd", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
	assert_int_equal(registry_set_default(&place->registry, "prod", &place->err), 0);
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), 0);
	assert_string_equal(preferred, "prod");
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
	assert_int_not_equal(access(place_at(place, "default"), F_OK), 0);
	/* A record removed by hand takes the default with it too. */
	place_write(place, "default", "gone\n");
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), 0);
	assert_null(preferred);
	place_write(place, "default", "../x\n");
	assert_int_equal(registry_default(&place->registry, &preferred, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	/* What is no name of a cloud holds no removal up. */
	place_create(place, "prod", ID);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
}

static void a_default_that_cannot_be_read_keeps_the_record(void **state)
{
	struct registry_place *place = *state;
	struct cloud cloud;
	bool found;

	place_create(place, "prod", ID);
	assert_int_equal(symlink("nowhere", place_at(place, "default")), 0);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], "default"));
	assert_int_equal(registry_find(&place->registry, "prod", &cloud, &found, &place->err), 0);
	assert_true(found);
	assert_int_equal(unlink(place_at(place, "default")), 0);
	assert_int_equal(registry_remove(&place->registry, "prod", &place->err), 0);
	assert_int_equal(registry_find(&place->registry, "prod", &cloud, &found, &place->err), 0);
	assert_false(found);
}

static void a_folder_that_cannot_be_made(void **state)
{
	struct registry_place *place = *state;
	struct cloud cloud = place_cloud("prod", ID);
	struct registry registry;
	const char *file = arena_printf(&place->arena, "%s/file", place->folder);

	assert_int_equal(file_create(file, "", 0, &place->err), 0);
	assert_int_equal(place_open(place, &registry, arena_printf(&place->arena, "%s/below", file)), 0);
	assert_int_equal(registry_create(&registry, &cloud, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], file));
}

static void no_space_left(void **state)
{
	static const struct rlimit limit = {10, 10};
	struct registry_place *place = *state;
	struct cloud cloud;
	int status = -1;
	pid_t child;

	place_create(place, "prod", ID);
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
	struct registry_place *place = *state;
	struct arena arena = {0};
	const struct registry own = registry_within(&place->registry, &arena);
	struct cloud cloud;
	size_t used;

	place_create(place, "prod", ID);
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
	struct registry_place *place = *state;
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

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
