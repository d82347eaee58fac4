/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of a policy statement, decided as far as the request is known. Pure.
 *
 * A request's context lists the keys whose values are certain; a listed key without values is certainly absent; a key
 * that is not listed is not known, and what depends on it is TRUTH_MAYBE.
 *
 * Operators: AWS IAM User Guide, "IAM JSON policy elements: Condition operators". Decided here: the string operators,
 * the ARN operators, Bool and Null, each with ForAnyValue:, ForAllValues: and IfExists. Numeric, date, IP and binary
 * operators are TRUTH_MAYBE whenever their key may be present.
 */
#ifndef CLOUDCTL_VERIFY_CONDITION_H
#define CLOUDCTL_VERIFY_CONDITION_H

#include <stddef.h>

#include "base/text.h"
#include "verify/statement.h"

enum truth { TRUTH_NO, TRUTH_MAYBE, TRUTH_YES };

struct context_value {
	const char *key; /* compared without case */
	struct text_list values;
};

struct context {
	const struct context_value *values;
	size_t count;
};

/* variables: "${…}" in the condition's values stands for something not known here (struct policy). */
enum truth condition_holds(const struct condition *condition, bool variables, const struct context *context);

/* Every condition of the statement; *open is the first one that is TRUTH_MAYBE, else NULL. */
enum truth conditions_hold(const struct statement *statement, bool variables, const struct context *context,
	const struct condition **open);

#endif
