/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AWS Signature Version 4: header signatures and presigned URLs. Pure: the time is an argument. Keys derived
 * on the way are wiped; signature, headers and URL are the caller's.
 *
 * Differences of S3 (AWS's "Signing AWS API requests"): the path is signed as it is sent, encoded once; every
 * other service's path is normalised and encoded again. S3 also wants the body's hash in a header.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_SIGV4_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_SIGV4_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "providers/aws/credentials/credentials.h"

struct arena;

/* The service, region and time that a signature is for. */
struct sigv4_scope {
	const char *service; /* signing name: "elasticfilesystem" */
	const char *region;
	int64_t at_ms; /* since 1970 */
};

struct sigv4_request {
	const char *method;
	const char *url; /* complete and percent-encoded; its host and port are signed */
	/* "Name: value"; all are signed but those that proxies change (User-Agent …) */
	struct text_list headers;
	const char *body; /* NULL for none */
	size_t body_length;
};

struct sigv4_result {
	/* to send in addition: X-Amz-Date, X-Amz-Security-Token, …, Authorization */
	struct text_list headers;
	const char *url;       /* presigned: the URL to use; else NULL */
	const char *canonical; /* canonical request, for tests and diagnosis; holds no secret */
	const char *to_sign;   /* string to sign */
	const char *signature; /* hexadecimal */
};

/* Sign with headers. Everything in *result belongs to arena. ERROR_INPUT for a URL or header that cannot be signed. */
int sigv4_sign(struct arena *arena, const struct sigv4_request *request, const struct sigv4_scope *scope,
	const struct credentials *credentials, struct sigv4_result *result, struct error *err);

/*
 * Sign by query parameters: the URL alone then carries the right to make this request for expires_s seconds (1–604800)
 * after scope->at_ms, whatever its body for S3, with an empty body for other services. Whoever uses it sends exactly
 * request->headers and no other header beginning with x-amz-. The URL is as secret as a password while it holds.
 */
int sigv4_presign(struct arena *arena, const struct sigv4_request *request, const struct sigv4_scope *scope,
	const struct credentials *credentials, int expires_s, struct sigv4_result *result, struct error *err);

#endif
