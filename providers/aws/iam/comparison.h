/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The condition operators of the policy language, each as one comparison of a policy's value with a request's. Pure.
 *
 * AWS IAM User Guide, "IAM JSON policy elements: Condition operators". IfExists, Null and the set operators are
 * about keys, not values: condition.h.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_COMPARISON_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_COMPARISON_H

#include "providers/aws/iam/pattern.h"

struct comparison;

/* By the operator's bare name, which has length bytes: "StringLike". NULL when AWS has no such operator. */
const struct comparison *comparison_find(const char *name, size_t length);

/* "StringNotEquals" is negated: it holds when comparison_holds() says no for every value. */
bool comparison_negated(const struct comparison *comparison);

/* Variables in wanted count for string and ARN operators only. A value of the wrong form is TRUTH_MAYBE. */
enum truth comparison_holds(const struct comparison *comparison, const char *wanted, bool variables,
	const struct request_context *context, struct request_text actual);

#endif
