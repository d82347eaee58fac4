/* SPDX-License-Identifier: Apache-2.0 */
/* What a role's trust policy lets in: the control plane's account under an external id, a service. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H

#include "providers/aws/iam/decision.h"

struct arena;

/* May somebody in the account assume the role under some external id or none? */
struct decision trust_policy_account(struct arena *arena, const struct iam_policy *policy,
	const char *account);

/* May somebody in the account assume the role with this external id? NULL: without any. */
struct decision trust_policy_external_id(const struct iam_policy *policy, const char *account,
	const char *external_id);

/*
 * The way in that does not demand this external id: with none, with a foreign one, or with one that resembles it (a
 * pattern). TRUTH_NO when there is none; MAYBE when one hangs on a condition other than the external id.
 */
struct decision trust_policy_open(struct arena *arena, const struct iam_policy *policy, const char *account,
	const char *external_id);

/* May the service ("ec2.amazonaws.com") assume the role? */
struct decision trust_policy_service(const struct iam_policy *policy, const char *service);

#endif
