/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files in and out, durably. Nothing here knows what a file means. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	FILE_MODE = 0600,
	FOLDER_MODE = 0700,
	CHUNK_SIZE = 16 << 10,
	LOCK_STEP_MS = 20,
	LEFTOVER_AGE_S = 3600, /* no write takes so long */
};

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* What the name of a temporary file has between that of the file and six letters or digits of mkostemp(). */
#define TEMPORARY ".cloudctl-"

static int failed(struct error *err, const char *path)
{
	enum error_kind kind = errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO;

	return error_set(err, kind, "%s: %s%s", path, strerror(errno),
		errno == EMFILE ? "; allow more of them (ulimit -n)" : "");
}

void file_close(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

/* Everything up to the end of the file, or until s overflows. The buffer is wiped: it may have held credentials. */
static int read_all(int fd, struct str *s)
{
	char chunk[CHUNK_SIZE];
	ssize_t got = 1;

	while (got != 0 && !s->overflow) {
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0)
			str_add(s, chunk, (size_t)got);
	}
	explicit_bzero(chunk, sizeof(chunk));
	return got < 0 ? -1 : 0;
}

int file_read(struct arena *arena, const char *path, size_t max, char **data, size_t *length,
	struct error *err)
{
	struct str content = {.arena = arena, .max = max};
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would block */
	struct stat status;

	if (fd < 0 && errno == ENOENT && lstat(path, &status) == 0)
		return error_set(err, ERROR_IO, "%s: a symbolic link to nothing", path);
	if (fd < 0 || fstat(fd, &status) < 0)
		return failed(err, path);
	if (!S_ISREG(status.st_mode))
		return error_set(err, ERROR_INPUT, "%s: not a regular file", path);
	str_puts(&content, "");
	if (read_all(fd, &content) < 0)
		return failed(err, path);
	if (content.overflow)
		return error_set(err, ERROR_INPUT, "%s: longer than %zu bytes", path, max);
	if (memchr(content.data, '\0', content.length))
		return error_set(err, ERROR_INPUT, "%s: not a text file (it has a NUL byte)", path);
	*data = content.data;
	*length = content.length;
	return 0;
}

static int write_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, data, length);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0) {
			data += put;
			length -= (size_t)put;
		}
	}
	return 0;
}

/* Make the names in the folder of path durable. Some file systems cannot, and say EINVAL. */
static int sync_folder(const char *path, struct error *err)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	_cleanup_close_ int fd = -1;

	if (!slash)
		snprintf(folder, sizeof(folder), ".");
	else
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		return failed(err, folder);
	return 0;
}

/* Write a durable temporary file beside path; its name into temporary. Nothing is left on failure. */
static int write_temporary(const char *path, const char *data, size_t length, char temporary[PATH_MAX],
	struct error *err)
{
	_cleanup_close_ int fd = -1;

	if (snprintf(temporary, PATH_MAX, "%s" TEMPORARY "XXXXXX", path) >= PATH_MAX)
		return error_set(err, ERROR_IO, "%s: %s", path, strerror(ENAMETOOLONG));
	fd = mkostemp(temporary, O_CLOEXEC); /* 0600, O_EXCL */
	if (fd < 0)
		return failed(err, path);
	if (write_all(fd, data, length) < 0 || fsync(fd) < 0) {
		failed(err, path);
		unlink(temporary);
		return -1;
	}
	return 0;
}

/* The file that path names, links followed: path itself where nothing exists yet. */
static int resolve(const char *path, char target[PATH_MAX], struct error *err)
{
	struct stat status;

	/* Before the link is followed: /dev/stdout may lead to a pipe, which has no name. */
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(err, ERROR_IO, "%s: not a regular file", path);
	if (realpath(path, target))
		return 0;
	if (errno != ENOENT)
		return failed(err, path);
	if (lstat(path, &status) == 0)
		return error_set(err, ERROR_IO, "%s: a symbolic link to nothing", path);
	if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX)
		return error_set(err, ERROR_IO, "%s: %s", path, strerror(ENAMETOOLONG));
	return 0;
}

int file_replace(const char *path, const char *data, size_t length, struct error *err)
{
	char target[PATH_MAX];
	char temporary[PATH_MAX];

	if (resolve(path, target, err) < 0 || write_temporary(target, data, length, temporary, err) < 0)
		return -1;
	if (rename(temporary, target) < 0) {
		failed(err, path);
		unlink(temporary);
		return -1;
	}
	return sync_folder(target, err);
}

/*
 * Where a file system has no hard links, the name is taken by an empty file, which is replaced at once: only a kill within
 * that moment leaves it empty.
 */
static int take_name(const char *temporary, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

	if (fd < 0)
		return -1;
	file_close(&fd);
	return rename(temporary, path);
}

/* link() and not rename(): it refuses a name that is taken, in one step. */
int file_create(const char *path, const char *data, size_t length, struct error *err)
{
	char temporary[PATH_MAX];
	int linked;

	if (write_temporary(path, data, length, temporary, err) < 0)
		return -1;
	linked = link(temporary, path);
	if (linked < 0 && (errno == EPERM || errno == ENOTSUP || errno == ENOSYS))
		linked = take_name(temporary, path);
	if (linked < 0 && errno == EEXIST)
		error_set(err, ERROR_CONFLICT, "%s: already exists", path);
	else if (linked < 0)
		failed(err, path);
	unlink(temporary);
	return linked < 0 ? -1 : sync_folder(path, err);
}

int file_remove(const char *path, struct error *err)
{
	if (unlink(path) < 0)
		return failed(err, path);
	return sync_folder(path, err);
}

static int make_one_folder(const char *path, struct error *err)
{
	struct stat status;

	if (mkdir(path, FOLDER_MODE) == 0)
		return sync_folder(path, err);
	if (errno != EEXIST)
		return failed(err, path);
	if (stat(path, &status) < 0)
		return failed(err, path);
	if (!S_ISDIR(status.st_mode))
		return error_set(err, ERROR_IO, "%s: %s", path, strerror(ENOTDIR));
	return 0;
}

int file_make_folder(const char *path, struct error *err)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length == 0 || length >= sizeof(part))
		return error_set(err, ERROR_IO, "%s: %s", path, strerror(length ? ENAMETOOLONG : ENOENT));
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (make_one_folder(part, err) < 0)
			return -1;
	}
	return 0;
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

int file_names(struct arena *arena, const char *folder, const char *suffix, struct text_list *names,
	struct error *err)
{
	__attribute__((cleanup(close_folder))) DIR *open_folder = opendir(folder);
	struct text_list found = {0};
	struct dirent *entry;

	if (!open_folder && errno != ENOENT)
		return failed(err, folder);
	while (open_folder && (errno = 0, entry = readdir(open_folder))) {
		if (text_equal(entry->d_name, ".") || text_equal(entry->d_name, "..") ||
			!text_ends_with(entry->d_name, suffix))
			continue;
		if (found.count == FILE_NAMES_MAX)
			return error_set(err, ERROR_INPUT, "%s: more than %d files", folder, FILE_NAMES_MAX);
		text_list_add(arena, &found, entry->d_name);
	}
	if (open_folder && errno != 0)
		return failed(err, folder);
	text_list_sort(&found);
	*names = found;
	return 0;
}

static bool is_temporary(const char *name)
{
	const char *mark = strstr(name, TEMPORARY);

	return mark && mark > name && text_only(mark + strlen(TEMPORARY), LETTERS_AND_DIGITS, 6, 6);
}

void file_sweep(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	__attribute__((cleanup(close_folder))) DIR *open_folder = NULL;
	struct stat newest, status;
	struct dirent *entry;

	if (!slash || stat(path, &newest) < 0)
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path) + 1, path);
	open_folder = opendir(folder);
	while (open_folder && (entry = readdir(open_folder))) {
		if (!is_temporary(entry->d_name) ||
			fstatat(dirfd(open_folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(status.st_mode) && newest.st_mtime - status.st_mtime > LEFTOVER_AGE_S)
			unlinkat(dirfd(open_folder), entry->d_name, 0);
	}
}

/* 0 when locked, 1 when another process holds it, -1 with err. */
static int try_lock(int fd, const char *path, struct error *err)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno == EACCES || errno == EAGAIN)
		return 1;
	return failed(err, path);
}

static int locked_by_another(int fd, const char *path, struct error *err)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	/* The holder may have gone by now, or live where its number means nothing here. */
	if (fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0)
		return error_set(err, ERROR_CONFLICT, "%s: locked by another process", path);
	return error_set(err, ERROR_CONFLICT, "%s: locked by process %ld", path, (long)lock.l_pid);
}

int file_lock(const char *path, int wait_ms, struct error *err)
{
	static const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, FILE_MODE);
	int state;

	if (fd < 0)
		return failed(err, path);
	for (int waited = 0; (state = try_lock(fd, path, err)) == 1 && waited < wait_ms;
		waited += LOCK_STEP_MS)
		nanosleep(&step, NULL);
	if (state == 1)
		locked_by_another(fd, path, err);
	if (state != 0)
		file_close(&fd);
	return fd;
}
