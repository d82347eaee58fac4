/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: each test works in a folder of its own. Nothing relies on permissions, because the tests may run as
 * root; a folder that cannot be written to is played by a path below a regular file.
 */
#include "base/test.h"

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
#include "base/test_folder.h"

/* A file system without hard links: the real link() refuses nothing that can be arranged here. */
static int link_errno;

int link(const char *from, const char *to)
{
	if (link_errno == 0)
		return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
	errno = link_errno;
	return -1;
}

struct place {
	struct arena arena;
	const char *folder; /* the test's own */
	struct error err;
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	*state = place;
	place->folder = test_folder(&place->arena);
	return place->folder ? 0 : -1;
}

static const char *at(struct place *place, const char *name)
{
	return arena_printf(&place->arena, "%s/%s", place->folder, name);
}

static int tear_down(void **state)
{
	struct place *place = *state;

	arena_free(&place->arena);
	free(place);
	return 0;
}

static const char *content(struct place *place, const char *name)
{
	char *data;
	size_t length;

	assert_int_equal(file_read(&place->arena, at(place, name), 100000, &data, &length, &place->err), 0);
	assert_int_equal(strlen(data), length);
	return data;
}

/* Every name in the folder, so that a forgotten temporary file shows. */
static const char *names(struct place *place, const char *suffix)
{
	struct text_list list;

	assert_int_equal(file_names(&place->arena, place->folder, suffix, &list, &place->err), 0);
	return text_join(&place->arena, &list, " ");
}

static void replace(struct place *place, const char *name, const char *data)
{
	assert_int_equal(file_replace(at(place, name), data, strlen(data), &place->err), 0);
}

static mode_t mode(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status.st_mode & (S_IFMT | 07777);
}

static void replacing_makes_and_changes(void **state)
{
	struct place *place = *state;

	replace(place, "prod.yaml", "one\n");
	assert_string_equal(content(place, "prod.yaml"), "one\n");
	assert_int_equal(mode(at(place, "prod.yaml")), S_IFREG | 0600);
	replace(place, "prod.yaml", "");
	assert_string_equal(content(place, "prod.yaml"), "");
	assert_string_equal(names(place, ""), "prod.yaml");
}

static void replacing_follows_a_link(void **state)
{
	struct place *place = *state;

	replace(place, "real", "old");
	assert_int_equal(symlink("real", at(place, "link")), 0);
	replace(place, "link", "new");
	assert_string_equal(content(place, "real"), "new");
	assert_int_equal(mode(at(place, "link")) & S_IFMT, S_IFLNK);
	assert_int_equal(symlink("nothing", at(place, "dangling")), 0);
	assert_int_equal(file_replace(at(place, "dangling"), "x", 1, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
}

static void replacing_refuses_what_is_no_file(void **state)
{
	struct place *place = *state;
	int ends[2];

	assert_int_equal(file_replace("/dev/null", "x", 1, &place->err), -1);
	assert_non_null(strstr(place->err.frame[0], "not a regular file"));
	/* As /dev/stdout: a link to what has no name in any folder. */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(symlink(arena_printf(&place->arena, "/proc/self/fd/%d", ends[1]), at(place, "pipe")),
		0);
	assert_int_equal(file_replace(at(place, "pipe"), "x", 1, &place->err), -1);
	assert_non_null(strstr(place->err.frame[0], "not a regular file"));
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(mode("/dev/null") & S_IFMT, S_IFCHR);
	assert_int_equal(file_replace(place->folder, "x", 1, &place->err), -1);
	assert_int_equal(file_replace(at(place, "missing/prod"), "x", 1, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
}

/* In a child: no file may grow past 10 bytes there. Exits 0 when the write failed as it should. */
static void write_without_space(const char *path)
{
	static const struct rlimit limit = {10, 10};
	struct error err = {0};

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (file_replace(path, "much longer than ten bytes", 26, &err) != -1 || err.kind != ERROR_IO ||
		!strstr(err.frame[0], strerror(EFBIG)) || !strstr(err.frame[0], path))
		_exit(1);
	_exit(0);
}

static void no_space_leaves_the_old_content(void **state)
{
	struct place *place = *state;
	const char *path = at(place, "prod.yaml");
	pid_t child;
	int status;

	replace(place, "prod.yaml", "old");
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_without_space(path);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(content(place, "prod.yaml"), "old");
	assert_string_equal(names(place, ""), "prod.yaml");
}

static void a_place_that_cannot_be_written_is_said(void **state)
{
	struct place *place = *state;
	const char *below;

	replace(place, "file", "x");
	below = at(place, "file/prod.yaml");
	assert_int_equal(file_replace(below, "x", 1, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], below));
	assert_non_null(strstr(place->err.frame[0], "Not a directory"));
	assert_int_equal(file_create(below, "x", 1, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_int_equal(file_make_folder(below, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_int_equal(file_lock(below, 0, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
}

static void creating_refuses_a_taken_name(void **state)
{
	struct place *place = *state;

	assert_int_equal(file_create(at(place, "a"), "one", 3, &place->err), 0);
	assert_int_equal(mode(at(place, "a")), S_IFREG | 0600);
	assert_int_equal(file_create(at(place, "a"), "two", 3, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_string_equal(content(place, "a"), "one");
	assert_int_equal(symlink("nothing", at(place, "dangling")), 0);
	assert_int_equal(file_create(at(place, "dangling"), "x", 1, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_string_equal(names(place, ""), "a dangling");
}

static void removing(void **state)
{
	struct place *place = *state;

	replace(place, "a", "x");
	assert_int_equal(file_remove(at(place, "a"), &place->err), 0);
	assert_int_equal(file_remove(at(place, "a"), &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_NOT_FOUND);
}

static void reading_is_bounded(void **state)
{
	struct place *place = *state;
	char big[40001];
	char *data = NULL;
	size_t length;

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	replace(place, "big", big);
	assert_int_equal(file_read(&place->arena, at(place, "big"), sizeof(big) - 1, &data, &length,
				 &place->err),
		0);
	assert_string_equal(data, big);
	assert_int_equal(file_read(&place->arena, at(place, "big"), sizeof(big) - 2, &data, &length,
				 &place->err),
		-1);
	assert_int_equal(place->err.kind, ERROR_INPUT);
	assert_non_null(strstr(place->err.frame[0], "39999"));
}

static void reading_refuses_what_is_no_text_file(void **state)
{
	struct place *place = *state;
	char *data = NULL;
	size_t length;

	assert_int_equal(mkfifo(at(place, "fifo"), 0600), 0);
	assert_int_equal(file_replace(at(place, "nul"), "a\0b", 3, &place->err), 0);
	const struct {
		const char *path;
		enum error_kind kind;
	} rows[] = {
		{at(place, "fifo"), ERROR_INPUT},
		{place->folder, ERROR_INPUT},
		{"/dev/zero", ERROR_INPUT},
		{at(place, "nul"), ERROR_INPUT},
		{at(place, "missing"), ERROR_NOT_FOUND},
		{at(place, "nul/below"), ERROR_IO},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_int_equal(file_read(&place->arena, rows[i].path, 1000, &data, &length, &place->err),
			-1);
		assert_int_equal(place->err.kind, rows[i].kind);
		assert_non_null(strstr(place->err.frame[0], rows[i].path));
		assert_null(data);
	}
}

static void folders_are_private(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir(at(place, "open"), 0755), 0);
	assert_int_equal(file_make_folder(at(place, "open/a/b//c/"), &place->err), 0);
	assert_int_equal(mode(at(place, "open")), S_IFDIR | 0755);
	assert_int_equal(mode(at(place, "open/a")), S_IFDIR | 0700);
	assert_int_equal(mode(at(place, "open/a/b/c")), S_IFDIR | 0700);
	assert_int_equal(file_make_folder(at(place, "open/a/b/c"), &place->err), 0);
	assert_int_equal(file_make_folder("", &place->err), -1);
}

static void names_are_filtered_and_sorted(void **state)
{
	struct place *place = *state;
	struct text_list list = {.count = 9};

	replace(place, "b.yaml", "");
	replace(place, "B.yaml", "");
	replace(place, "a.yaml", "");
	replace(place, "a.yaml.tmp", "");
	assert_int_equal(mkdir(at(place, "folder.yaml"), 0700), 0);
	assert_int_equal(symlink("a.yaml", at(place, "link.yaml")), 0);
	assert_int_equal(symlink("nothing", at(place, "dangling.yaml")), 0);
	assert_string_equal(names(place, ".yaml"),
		"B.yaml a.yaml b.yaml dangling.yaml folder.yaml link.yaml");
	assert_int_equal(file_names(&place->arena, at(place, "missing"), "", &list, &place->err), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(file_names(&place->arena, at(place, "a.yaml"), "", &list, &place->err), -1);
	assert_int_equal(place->err.kind, ERROR_IO);
}

/* A child that takes the lock, says so, and holds it until told to go or killed. */
static pid_t lock_in_child(const char *path, int *tell)
{
	struct error err = {0};
	int ready[2], go[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready) | pipe(go), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(go[1]);
		if (file_lock(path, 0, &err) < 0 || write(ready[1], "x", 1) != 1 || read(go[0], &byte, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	*tell = go[1];
	return child;
}

static void a_lock_keeps_others_out(void **state)
{
	struct place *place = *state;
	const char *path = at(place, "lock");
	int tell = -1;
	pid_t child = lock_in_child(path, &tell);
	_cleanup_close_ int lock = file_lock(path, 60, &place->err);

	assert_int_equal(lock, -1);
	assert_int_equal(place->err.kind, ERROR_CONFLICT);
	assert_non_null(strstr(place->err.frame[0], arena_printf(&place->arena, "process %d", (int)child)));
	close(tell); /* the child ends some time from now, and the waiting lock is granted */
	lock = file_lock(path, 60000, &place->err);
	assert_true(lock >= 0);
	assert_int_equal(mode(path), S_IFREG | 0600);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_lock_dies_with_its_process(void **state)
{
	struct place *place = *state;
	const char *path = at(place, "lock");
	int tell = -1;
	pid_t child = lock_in_child(path, &tell);
	_cleanup_close_ int lock = -1;

	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	lock = file_lock(path, 0, &place->err);
	assert_true(lock >= 0);
	close(tell);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static void creating_without_hard_links(void **state)
{
	static const int refusals[] = {EPERM, ENOTSUP, ENOSYS};
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
		const char *path = at(place, "new");
		struct text_list names;

		link_errno = refusals[i];
		assert_int_equal(file_create(path, "one", 3, &place->err), 0);
		assert_string_equal(content(place, "new"), "one");
		assert_int_equal(file_create(path, "two", 3, &place->err), -1);
		assert_int_equal(place->err.kind, ERROR_CONFLICT);
		assert_string_equal(content(place, "new"), "one");
		assert_int_equal(file_names(&place->arena, place->folder, "", &names, &place->err), 0);
		assert_int_equal(names.count, 1);
		assert_int_equal(file_remove(path, &place->err), 0);
	}
	link_errno = 0;
}

/* Of our form, regular, and old: only then. */
static void leftovers_of_killed_writes(void **state)
{
	static const struct {
		const char *name;
		bool old, goes;
	} rows[] = {
		{"prod.yaml.cloudctl-aB3xyz", true, true},
		{"other.yaml.cloudctl-000000", true, true},
		{"prod.yaml.cloudctl-aB3xy1", false, false},
		{"prod.yaml.cloudctl-aB3xyz1", true, false},
		{"prod.yaml.cloudctl-aB3x", true, false},
		{"prod.yaml.cloudctl-aB3xy.", true, false},
		{"prod.yaml.backup", true, false},
		{"prod.yaml.aB3xyz", true, false},
		{".cloudctl-aB3xyz", true, false},
	};
	struct place *place = *state;
	const struct timespec long_ago[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

	assert_int_equal(file_replace(at(place, "prod.yaml"), "x", 1, &place->err), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_int_equal(file_create(at(place, rows[i].name), "x", 1, &place->err), 0);
		if (rows[i].old)
			assert_int_equal(utimensat(AT_FDCWD, at(place, rows[i].name), long_ago, 0), 0);
	}
	file_sweep(at(place, "prod.yaml"));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(access(at(place, rows[i].name), F_OK), rows[i].goes ? -1 : 0);
}

static void a_link_to_nothing_is_not_missing(void **state)
{
	struct place *place = *state;
	char *data;
	size_t length;

	assert_int_equal(symlink("nothing", at(place, "dangling")), 0);
	assert_int_equal(file_read(&place->arena, at(place, "dangling"), 100, &data, &length, &place->err),
		-1);
	assert_int_equal(place->err.kind, ERROR_IO);
	assert_non_null(strstr(place->err.frame[0], "dangling: a symbolic link to nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(replacing_makes_and_changes),
		TEST(replacing_follows_a_link),
		TEST(replacing_refuses_what_is_no_file),
		TEST(no_space_leaves_the_old_content),
		TEST(a_place_that_cannot_be_written_is_said),
		TEST(creating_refuses_a_taken_name),
		TEST(creating_without_hard_links),
		TEST(leftovers_of_killed_writes),
		TEST(a_link_to_nothing_is_not_missing),
		TEST(removing),
		TEST(reading_is_bounded),
		TEST(reading_refuses_what_is_no_text_file),
		TEST(folders_are_private),
		TEST(names_are_filtered_and_sorted),
		TEST(a_lock_keeps_others_out),
		TEST(a_lock_dies_with_its_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
