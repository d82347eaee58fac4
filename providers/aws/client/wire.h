/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an operation row and an input tree to a request: one function a protocol, no network, no signature.
 * The rules of serialisation are in operation.h.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_WIRE_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_WIRE_H

#include <jansson.h>

#include "base/error.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/client/sigv4.h"

/*
 * Build the request; everything in *request belongs to arena. input is an object or NULL. ERROR_INPUT for a
 * missing path member, values of a kind the protocol cannot carry, header values with line breaks, or more
 * than 1 MiB.
 */
int wire_build(struct arena *arena, const struct aws_operation *operation, const json_t *input,
	const struct endpoint *endpoint, struct sigv4_request *request, struct error *err);

#endif
