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
struct aws_resources;
struct event_stream;

/*
 * Ask EFS and MemoryDB and fill the cloud's resources. What cannot be found is an error when must is true, and else a
 * warning, because verification is going to say what is wrong with it.
 */
int register_resolve(struct aws *aws, struct arena *arena, struct event_stream *stream, bool must,
	struct cloud *cloud, struct error *err);

/*
 * The address of an available mount target: that of the cloud's first subnet that has one, else any; NULL when none is
 * available. reply is that of efs:DescribeMountTargets; the result is borrowed from it. Pure.
 */
const char *register_resolve_mount_target(const json_t *reply, const struct aws_resources *resources);

#endif
