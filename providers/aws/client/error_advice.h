/* SPDX-License-Identifier: Apache-2.0 */
/* What the user can do about an error of AWS's: one sentence for each family of codes. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_ERROR_ADVICE_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_ERROR_ADVICE_H

#include <stdint.h>

#include "base/error.h"

/* What is known about the call that failed. Members may be NULL. */
struct advice_context {
	const char *profile; /* in force */
	const char *source;  /* of the credentials: "environment" */
	const char *region;  /* for which the call was signed */
	const char *bucket_region;
	int64_t skew_ms; /* AWS's clock minus this machine's, by the reply's Date; 0 unknown */
};

/* Add the sentence to the root cause when there is one for the error's code. */
void error_advice_add(const struct advice_context *context, struct error *err);

#endif
