/* SPDX-License-Identifier: Apache-2.0 */
/* --events: the file that every event is written to, beside what is shown. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"

static void close_file(void *file)
{
	fclose(file); /* each line was flushed, and its failure told */
}

int context_events(struct context *context, struct error *err)
{
	const char *path = context->global.events;
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600) : -1;

	if (!path)
		return 0;
	if (fd < 0)
		return error_set(err, ERROR_IO, "--events: %s: %s", path, strerror(errno));
	context->events = fdopen(fd, "w");
	arena_defer(context->arena, close_file, context->events);
	return 0;
}
