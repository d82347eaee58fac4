/* SPDX-License-Identifier: Apache-2.0 */
/* From a reply that is not a success to a struct error, and what may be done about it. AWS's codes are rows. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_FAULT_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_FAULT_H

#include <stdbool.h>

#include "base/error.h"
#include "providers/aws/client/operation.h"

struct arena;
struct exchange;
struct text_list;

enum fault_class {
	FAULT_FINAL,     /* asking again gives the same answer */
	FAULT_TRANSIENT, /* AWS failed; whether it did the work is unknown */
	FAULT_THROTTLE,  /* refused unread because of too many requests */
	FAULT_SKEW,      /* the signature's time may be wrong: see the Date header */
	FAULT_EXPIRED,   /* the credentials' time is over */
	FAULT_REGION,    /* S3: the bucket is elsewhere, see x-amz-bucket-region */
};

/* Is this reply a failure? Status 300 and above, and S3's 200 with an <Error> inside. */
bool fault_is(const struct aws_operation *operation, const struct exchange *exchange);

/*
 * Read a failure: kind, http_status, code, request id, for ERROR_DENIED the action, and AWS's message as root cause.
 * The secrets are hidden in all of its texts, before they are cut.
 * Bodies that are not AWS's (a proxy's page, nothing at all) give the HTTP status as code. Any bytes are accepted.
 */
enum fault_class fault_read(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *exchange, const struct text_list *secrets, struct error *err);

/* The request id of any reply from its headers; NULL when there is none. In arena. */
const char *fault_request_id(struct arena *arena, const struct exchange *exchange);

#endif
