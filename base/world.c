/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for time or the user; the time and random characters as text. */
#include "base/world.h"

#include <poll.h>

#include "base/arena.h"
#include "base/timestamp.h"

enum { TOKEN_LENGTH = 26 };

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

char *world_now(struct world *world, struct arena *arena)
{
	char text[TIMESTAMP_SIZE];

	return arena_strdup(arena, timestamp_rfc3339(world->wall_ms(world), text));
}

char *world_token(struct world *world, struct arena *arena, const char *prefix)
{
	/* 32 of them, so that no character is likelier than another */
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char bytes[TOKEN_LENGTH];
	char text[TOKEN_LENGTH + 1] = "";

	world->random(world, bytes, sizeof(bytes));
	for (size_t i = 0; i < TOKEN_LENGTH; i++)
		text[i] = alphabet[bytes[i] % 32];
	return arena_printf(arena, "%s%s", prefix, text);
}
