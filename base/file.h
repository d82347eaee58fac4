/* SPDX-License-Identifier: Apache-2.0 */
/* Files that survive a crash. Errors name the path: ERROR_NOT_FOUND when it does not exist, else ERROR_IO. */
#ifndef CLOUDCTL_BASE_FILE_H
#define CLOUDCTL_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct arena;

/*
 * Read a regular text file into the arena, NUL-terminated. ERROR_INPUT: longer than max, another kind, a NUL inside.
 * A symbolic link to nothing is ERROR_IO: its name is there.
 */
int file_read(struct arena *arena, const char *path, size_t max, char **data, size_t *length,
	struct error *err);

/*
 * Replace path by new content, atomically: temporary file in the same folder (0600, O_EXCL), write, fsync,
 * rename, fsync of the folder. A symbolic link is followed and its target replaced. On failure the old
 * content remains and the temporary file is gone; if only the last fsync failed, the new content is there, and a crash of the
 * machine may take it back.
 */
int file_replace(const char *path, const char *data, size_t length, struct error *err);

/*
 * Like file_replace(), but the file must not exist yet (ERROR_CONFLICT). One step where the file system has hard links;
 * elsewhere two, and a process that is killed between them leaves an empty file.
 */
int file_create(const char *path, const char *data, size_t length, struct error *err);

/* Remove a file and make the removal durable. A missing file is ERROR_NOT_FOUND. */
int file_remove(const char *path, struct error *err);

/*
 * Remove temporary files that writers which were killed left beside path, which was just written: regular files of
 * their form (NAME.cloudctl-XXXXXX), more than an hour older than path. What cannot be removed stays.
 */
void file_sweep(const char *path);

/* Make the folder and missing parents with mode 0700. Existing folders keep theirs. */
int file_make_folder(const char *path, struct error *err);

enum { FILE_NAMES_MAX = 10000 };

/*
 * Names (not paths) in a folder that end in suffix, sorted by byte order. Folders and devices are among them, so that
 * reading one fails instead of overlooking it. A missing folder has no names. More than FILE_NAMES_MAX is ERROR_INPUT.
 */
int file_names(struct arena *arena, const char *folder, const char *suffix, struct text_list *names,
	struct error *err);

/*
 * Take the write lock (fcntl) on path, made when missing, waiting at most wait_ms; the kernel drops it when the process
 * dies. A descriptor to close, or -1: ERROR_CONFLICT names the process that holds it.
 */
int file_lock(const char *path, int wait_ms, struct error *err);

/* __attribute__((cleanup)) for descriptors. */
void file_close(int *descriptor);
#define _cleanup_close_ __attribute__((cleanup(file_close)))

#endif
