/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests and replies as text, for --debug. What must not be seen is replaced by "[hidden]": signatures, tokens
 * and secrets in headers, in the query and in bodies; bodies of operations that carry secrets are left out
 * whole. Access key ids stay: they are names. Nothing is written when the session has no trace.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_TRACE_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "providers/aws/client/operation.h"

struct aws_session;
struct exchange;

/* An attempt begins. operation is NULL for endpoints of the machine itself, whose bodies are all secret. */
void trace_request(const struct aws_session *session, const struct aws_operation *operation, int attempt,
	const struct exchange *exchange);

/* It is over, with a reply or without one. */
void trace_reply(const struct aws_session *session, const struct aws_operation *operation, int64_t took_ms,
	const struct exchange *exchange);

/* Append text with the values of everything that is named like a secret hidden. For the tests, too. */
void trace_put(struct str *out, const char *text, size_t length);

#endif
