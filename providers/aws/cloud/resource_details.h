/* SPDX-License-Identifier: Apache-2.0 */
/* What a record needs of resources beyond their ids: the address of a mount target, MemoryDB's ARN and endpoint. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_DETAILS_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_DETAILS_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct cloud;
struct event_stream;

/*
 * Find what the cloud's record does not hold yet: the address of the mount target in its first subnet that has one, else
 * in the zone of the first subnet that has one, else any, and what MemoryDB says of its cluster. What it holds is not asked for. What cannot be found is an error when must is
 * true, and else a warning, because verification is going to say what is wrong with it. Texts belong to arena.
 */
int resource_details_find(struct aws *aws, struct arena *arena, struct event_stream *stream, bool must,
	struct cloud *cloud, struct error *err);

#endif
