/* SPDX-License-Identifier: Apache-2.0 */
/* A managed cloud out of its stack: the record that `setup` wrote, or would have. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_CLOUD_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_CLOUD_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct cloud;
struct stack;

/* Is it the name of a stack that setup makes? */
bool stack_cloud_named(const char *stack_name);

/*
 * Fill in a cloud from a stack that is there, all of it in arena: what setup was asked for out of its parameters and tags,
 * the resources out of its outputs. The state is that in which setup or delete goes on with such a stack: creating,
 * failed and deleting with their operation, or ready. A stack of an earlier version that does not say the cloud's name gets
 * the stack's.
 *
 * ERROR_CONFLICT names all that a stack lacks which setup did not make, or the member that does not fit the cloud's id.
 * What a record cannot hold (an output that is no id) is refused when the record is written.
 */
int stack_cloud_read(struct arena *arena, const struct stack *stack, struct cloud *cloud, struct error *err);

#endif
