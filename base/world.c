/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for time or the user. */
#include "base/world.h"

#include <poll.h>

void world_look(struct world *world)
{
	if (world->watcher)
		world->watcher->look(world->watcher);
}

void world_wait(struct world *world, int ms)
{
	struct pollfd wake = {.fd = world->wake_fd, .events = POLLIN};

	poll(&wake, 1, ms); /* a signal ends it too; the caller goes round again */
	world_look(world);
}
