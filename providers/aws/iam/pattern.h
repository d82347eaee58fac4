/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of a policy: wildcards, policy variables, and ARNs that are compared field by field. Pure, allocates
 * nothing, at worst quadratic in the lengths.
 *
 * AWS IAM User Guide: "IAM JSON policy elements: Resource" (wildcards), "IAM policy elements: Variables and tags".
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_PATTERN_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_PATTERN_H

#include <stdbool.h>

#include "providers/aws/iam/request_context.h"

struct pattern {
	const char *text;
	const struct request_context *context; /* values of variables; NULL: none is known */
	bool variables;                        /* "${key}" is a variable, else literal text */
	bool wildcards;                        /* '*' and '?' are special, else literal text */
	bool ignore_case;
	bool fields; /* an ARN: in the first five fields wildcards do not match ':' */
};

enum token { TOKEN_END, TOKEN_CHARACTER, TOKEN_ONE /* '?' */, TOKEN_RUN /* '*' */ };

/* The place reached: in the pattern, and inside the value of a variable while value < value_end. */
struct cursor {
	const char *at;
	const char *value, *value_end;
};

/*
 * The next token, and its character. A variable is read as its value's characters, or, when that is not known, as '*'.
 * Begins with {.at = pattern->text}.
 */
enum token pattern_next(const struct pattern *pattern, struct cursor *cursor, char *character);

/*
 * Does the pattern match the whole text? A variable whose key is certainly absent and that has no default matches
 * nothing; one whose value is not known makes a match TRUTH_MAYBE. The value of a variable is literal text.
 */
enum truth pattern_matches(const struct pattern *pattern, struct request_text value);

/*
 * An entry of Resource or NotResource. Wildcards stay in their field, except that a '*' at the end of a field may run
 * on; where AWS does not document whether a wildcard reaches over a colon, TRUTH_MAYBE.
 */
enum truth pattern_resource(const char *text, bool variables, const struct request_context *context,
	struct request_text value);

#endif
