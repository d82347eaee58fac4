/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Editing a role's trust policy: the external id goes into the statements that let the control-plane account in, and
 * nowhere else (Detailed resource requirements, "IAM Role for cross account access"). Pure: JSON in, JSON out; no input
 * is changed.
 *
 * A statement lets an account in when it is an Allow for sts:AssumeRole whose Principal names the account: its number,
 * its :root ARN, or a user, role or session in it. "*" and NotPrincipal name nobody.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* Does this statement let the account in, by name (see above)? */
bool trust_admits_account(const json_t *statement, const char *account);

/*
 * A copy of the policy (new reference) in which every statement that lets the account in demands external_id: added to
 * Condition.StringEquals.sts:ExternalId, or, where a StringEquals, StringLike or StringEqualsIgnoreCase on that key is
 * there already, beside its values. Nothing else is touched and no value is added twice. *changed says whether
 * anything had to change.
 *
 * NULL with ERROR_FAILED, saying which statement and what to do about it, when no statement lets the account in, or
 * one does that cannot be narrowed for this account alone:
 * - it names other accounts or services too. It is not split: taking the external id out again could not restore it;
 * - it lets everyone in ("*", NotPrincipal) and no condition on the caller's account, ARN or organization limits it;
 * - it has another operator on sts:ExternalId (StringNotEquals, …IfExists), which a second value would not satisfy.
 * ERROR_INPUT when it is not a policy at all.
 */
json_t *trust_add_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err);

/*
 * The reverse, new reference: takes external_id out of the statements that let the account in; empty operators and
 * conditions that this leaves behind are removed, and a list of one becomes its value. After trust_add_external_id()
 * with *changed true the result is trust_equal() to the policy before. Statements of any other shape are left alone.
 */
json_t *trust_remove_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err);

/*
 * Same meaning: string or one-element array, order of arrays, an account's number or its :root ARN, an empty Condition
 * or none do not matter. IAM rewrites documents in these ways when it stores them.
 */
bool trust_equal(const json_t *a, const json_t *b);

#endif
