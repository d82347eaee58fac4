/* SPDX-License-Identifier: Apache-2.0 */
#include "base/test_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static void remove_folder(void *path)
{
	enum { OPEN_FOLDERS = 16 };

	nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

const char *test_folder(struct arena *arena)
{
	char *path = arena_printf(arena, "/tmp/cloudctl-test.XXXXXX");

	if (!mkdtemp(path))
		return NULL;
	arena_defer(arena, remove_folder, path);
	return path;
}
