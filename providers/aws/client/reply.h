/* SPDX-License-Identifier: Apache-2.0 */
/* From a successful reply to the tree of tree.h, in the shape that the operation's row describes. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_REPLY_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_REPLY_H

#include <jansson.h>

#include "base/error.h"
#include "providers/aws/client/operation.h"

struct arena;
struct exchange;

/* A new object, or NULL with ERROR_PROTOCOL. arena is for what is needed on the way. */
json_t *reply_read(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *exchange, struct error *err);

#endif
