/* SPDX-License-Identifier: Apache-2.0 */
/* From an operation's row and input (operation.h) to a request: a function for each protocol, pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_WIRE_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_WIRE_H

#include <jansson.h>

#include "base/error.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/client/sigv4.h"

/* Build the request, in arena; input may be NULL. ERROR_INPUT: a member is missing or cannot be sent, or over 1 MiB. */
int wire_build(struct arena *arena, const struct aws_operation *operation, const json_t *input,
	const struct endpoint *endpoint, struct sigv4_request *request, struct error *err);

#endif
