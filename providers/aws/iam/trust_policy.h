/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a role's trust policy lets in: the control plane's account under an external id, a service. Pure.
 *
 * What is known of a caller in an account: the account, and how its ARN begins (aws:PrincipalAccount, aws:PrincipalArn:
 * IAM User Guide, "AWS global condition context keys"). Whether the account belongs to an organization is not known.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H

#include "providers/aws/iam/decision.h"

struct arena;

/* May somebody in the account assume the role under some external id or none? */
struct decision trust_policy_account(struct arena *arena, const struct iam_policy *policy,
	const char *account);

/* May somebody in the account assume the role with this external id? NULL: without any. */
struct decision trust_policy_external_id(struct arena *arena, const struct iam_policy *policy,
	const char *account, const char *external_id);

/* A way into the role without the external id that should be demanded. */
struct trust_gap {
	struct decision decision; /* allowed NO: there is none; MAYBE: it depends on a condition */
	bool organization;        /* it exists only if the account belongs to an organization */
};

/*
 * May somebody in the account assume the role without this external id: with none, with a foreign one, or with one
 * that resembles it (a pattern)?
 */
struct trust_gap trust_policy_gap(struct arena *arena, const struct iam_policy *policy, const char *account,
	const char *external_id);

/* May an account assume the role, under some external id or none, that is in no organization and no policy names? */
struct decision trust_policy_anybody(struct arena *arena, const struct iam_policy *policy);

/* May the service ("ec2.amazonaws.com") assume the role? */
struct decision trust_policy_service(const struct iam_policy *policy, const char *service);

/* Is it an Allow of sts:AssumeRole that names the account itself, or somebody in it, as a principal? */
bool trust_policy_names(const struct iam_statement *statement, const char *account);

#endif
