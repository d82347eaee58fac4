/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `delete --clean`: what the cloud's control plane made and did not take away again. Only what has the cloud's tag is removed,
 * and what is the cloud's own without one: inline policies of cloudctl's, mount targets of the cloud's file system.
 *
 * The order is that in which AWS lets it go: what uses others comes first, and a request for spot instances before the
 * instances that it would launch again.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_CLEAN_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_CLEAN_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct aws_operation;
struct blockers;
struct facts;
struct run;

/* Is there a way to remove things of this kind ("instance")? */
bool clean_can_remove(const char *kind);

/* The operations that remove something, ended by NULL; in arena. */
const struct aws_operation *const *clean_operations(struct arena *arena);

/*
 * Remove those of the blockers that are to be cleaned, and wait until they are gone: up to 10 minutes for each kind of thing.
 * What is gone already is none. Stops at the first that cannot be removed; what is gone by then is told. ERROR_REJECTED when
 * AWS refused it, ERROR_FAILED when it was not gone in time; else as aws_call(). It can be run again.
 */
int clean(struct run *run, struct aws *aws, const struct facts *facts, const struct blockers *blockers,
	struct error *err);

#endif
