/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one place that knows which texts are secrets of a session: what it signs with, and the sessions that it was
 * made of; keys, tokens and passwords of proxies in the environment; keys and tokens in the AWS files; and what the
 * headers of an exchange carry. They are collected when something is to be shown, so that nothing outlives its owner.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_SECRETS_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_SECRETS_H

#include <stdbool.h>

#include "base/text.h"

struct aws_session;
struct exchange;

/* Is the value of a header of this name not to be shown? */
bool secret_header(const char *name);

/* For redact(): copies in arena, which wipes them. exchange may be NULL. */
struct text_list session_secrets(const struct aws_session *session, const struct exchange *exchange,
	struct arena *arena);

#endif
