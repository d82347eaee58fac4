/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: a folder of a test's own. */
#ifndef CLOUDCTL_BASE_TEST_FOLDER_H
#define CLOUDCTL_BASE_TEST_FOLDER_H

struct arena;

/*
 * A new folder below /tmp that only its owner may enter. The path is kept by the arena; the folder is removed with all
 * that is in it when the arena is freed. NULL where it cannot be made.
 */
const char *test_folder(struct arena *arena);

#endif
