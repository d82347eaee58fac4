/* SPDX-License-Identifier: Apache-2.0 */
/* A record in a file of the user's, as `get -o yaml` prints it. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RECORD_FILE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RECORD_FILE_H

#include "base/error.h"

struct arena;
struct cloud;

/*
 * Read the file into a zeroed cloud, all of it in arena; every member may be missing. ERROR_INPUT names the file, and the
 * line or the member, see cloud_from_tree().
 */
int record_file_read(struct arena *arena, const char *path, struct cloud *cloud, struct error *err);

#endif
