/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Editing a role's trust policy: the external id goes into the statements that name the control-plane account, and
 * nowhere else (IAM User Guide, "Access to AWS accounts owned by third parties"). Whom statements let in is decided
 * by trust_policy.h, as in verify. Pure: JSON in, JSON out; no input is changed.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_EDIT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * A copy of the policy (new reference) that lets the account in under external_id and not without it. A policy, or a
 * statement, that does so already stays as it is. Other statements that name the account (trust_policy_names()) get it: added to
 * Condition.StringEquals.sts:ExternalId, or, where a StringEquals, StringLike or StringEqualsIgnoreCase on that key is
 * there already, to its values. Nothing else is touched. *changed says whether anything had to change. A statement that
 * names nobody and lets the account in only if it belongs to an organization is left alone.
 *
 * NULL with ERROR_FAILED, saying which statement and what to do about it, when
 * - no statement lets the account in, or one denies it;
 * - a statement that would need the id names other accounts or services too. It is not split: taking the external id
 *   out again could not restore it;
 * - a statement lets in accounts that it does not name ("*", NotPrincipal), or the account without naming it;
 * - it has another operator on sts:ExternalId (StringNotEquals, …IfExists), which a second value would not satisfy;
 * - the account would be let in under other ids all the same, because of a pattern.
 * ERROR_INPUT when it cannot be read.
 */
json_t *trust_add_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err);

/*
 * The reverse, new reference: takes external_id out of the statements that name the account; empty operators and
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
