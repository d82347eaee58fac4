/* SPDX-License-Identifier: Apache-2.0 */
/* Opening without waiting in the kernel, where a signal would not be noticed. */
#include "cmd/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/context.h"

enum { MODE = 0600, TURN_MS = 100 };

static bool is_fifo(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISFIFO(found.st_mode);
}

/* A descriptor, or -1 with errno; EINTR: a signal came before there was somebody to read a FIFO (ENXIO). */
static int open_patiently(struct world *world, const char *path, bool fresh)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (fresh ? O_TRUNC : 0), fd;

	while ((fd = open(path, flags, MODE)) < 0 && errno == ENXIO && is_fifo(path)) {
		if (world->interrupted(world)) {
			errno = EINTR;
			return -1;
		}
		world_wait(world, TURN_MS);
	}
	/* What is written later may wait: it is to arrive whole. */
	if (fd >= 0 && fcntl(fd, F_SETFL, 0) < 0)
		file_close(&fd);
	return fd;
}

static int close_to_others(int fd)
{
	struct stat found;

	if (fstat(fd, &found) < 0)
		return -1;
	return S_ISREG(found.st_mode) ? fchmod(fd, MODE) : 0;
}

/* What was written was flushed, and its failure told. */
static void close_file(void *file)
{
	fclose(file);
}

struct output_file *output_file_open(struct context *context, const char *option, const char *path,
	bool fresh, struct error *err)
{
	struct output_file *output = NEW(context->arena, struct output_file);
	int fd = open_patiently(context->world, path, fresh);

	*output = (struct output_file){.option = option, .path = path};
	if (fd >= 0 && (!fresh || close_to_others(fd) == 0))
		output->file = fdopen(fd, "w");
	if (output->file) {
		arena_defer(context->arena, close_file, output->file);
		return output;
	}
	error_set(err, errno == EINTR ? ERROR_INTERRUPTED : ERROR_IO, "%s: %s: %s", option, path,
		errno == EINTR ? "interrupted while nobody read it" : strerror(errno));
	file_close(&fd);
	return NULL;
}

int output_file_check(const struct output_file *output, struct error *err)
{
	if (!output || output->lost.kind == ERROR_NONE)
		return 0;
	*err = output->lost;
	return error_wrap(err, "%s: %s", output->option, output->path);
}
