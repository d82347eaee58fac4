/* SPDX-License-Identifier: Apache-2.0 */
/* What a record needs beyond what the user said: a mount target's address, MemoryDB's ARN and endpoint. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_RESOLVE_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_REGISTER_RESOLVE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "providers/records/cloud.h"

struct arena;
struct aws;
struct event_stream;

/*
 * Ask EFS and MemoryDB and fill the cloud's resources. What cannot be found is an error when must is true, and else a
 * warning, because verification is going to say what is wrong with it.
 */
int register_resolve(struct aws *aws, struct arena *arena, struct event_stream *stream, bool must,
	struct cloud *cloud, struct error *err);

#endif
