/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of a policy statement, decided as far as the request is known. Pure.
 *
 * AWS IAM User Guide: "IAM JSON policy elements: Condition operators", "Multivalued context keys". An operator on an
 * absent key does not hold; a negated one, one with IfExists and ForAllValues: do. An operator that AWS does not know
 * is TRUTH_MAYBE.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_CONDITION_H

#include <stddef.h>

#include "base/text.h"
#include "providers/aws/iam/request_context.h"
#include "providers/aws/iam/statement.h"

/* variables: "${…}" in the condition's values is replaced by a value of the request (struct iam_policy). */
enum truth condition_holds(const struct condition *condition, bool variables,
	const struct request_context *context);

/* Every condition of the statement; *open is the first one that is TRUTH_MAYBE, else NULL. */
enum truth conditions_hold(const struct iam_statement *statement, bool variables,
	const struct request_context *context, const struct condition **open);

#endif
