/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Editing a role's trust policy: the external id goes into the statements that let the control-plane account in, and
 * nowhere else (seeds: "IAM Role for cross account access"). Pure: JSON in, JSON out.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_TRUST_H
#define CLOUDCTL_PROVIDERS_AWS_TRUST_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/* Does this Allow statement let the account assume the role (number, :root ARN, or "*" are not the same: "*" is refused)? */
bool trust_admits_account(const json_t *statement, const char *account);

/*
 * A copy of the policy (new reference) in which every statement that admits the account demands external_id: added to
 * Condition.StringEquals.sts:ExternalId, beside values that are there already. *changed says whether anything had to
 * change. ERROR_FAILED when no statement admits the account, or one admits it in a way that cannot be narrowed.
 */
json_t *trust_add_external_id(const json_t *policy, const char *account, const char *external_id, bool *changed,
			      struct error *err);

/* The reverse: takes external_id out; empty operators and conditions that this leaves behind are removed. */
json_t *trust_remove_external_id(const json_t *policy, const char *account, const char *external_id, bool *changed,
				 struct error *err);

/* Same meaning: string or one-element array, order of arrays, account number or its :root ARN do not matter. */
bool trust_equal(const json_t *a, const json_t *b);

#endif
