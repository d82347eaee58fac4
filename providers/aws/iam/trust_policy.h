/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom a role's trust policy lets in: the control plane's account under an external id, a service. Pure.
 *
 * What is known of a caller in an account: the account, and how its ARN begins (aws:PrincipalAccount, aws:PrincipalArn:
 * IAM User Guide, "AWS global condition context keys"). Whether the account belongs to an organization is not known.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_TRUST_POLICY_H

#include <stdint.h>

#include "providers/aws/iam/decision.h"

struct arena;

/* What is asked, of whom and when. */
struct trust {
	struct arena *arena;
	const struct iam_policy *policy;
	const char *account; /* of the control plane */
	int64_t now_ms;      /* since 1970; 0: not known */
	/* external ids that are no gap, for they are of other clouds of the same owner */
	struct text_list known_ids;
};

/* May somebody in the account assume the role under some external id or none? */
struct decision trust_policy_account(const struct trust *trust);

/* May somebody in the account assume the role with this external id? NULL: without any. */
struct decision trust_policy_external_id(const struct trust *trust, const char *external_id);

/* A way into the role without the external id that should be demanded. */
struct trust_gap {
	struct decision decision; /* allowed NO: there is none; MAYBE: it depends on a condition */
	bool organization;        /* it exists only if the account belongs to an organization */
	const char *external_id;  /* an id that opens it; NULL: none is needed */
	bool listed;              /* the policy lists that id itself; there is no other way in */
};

/*
 * May somebody in the account assume the role without this external id: with none, or with another one? Every id that
 * the policy's conditions tell apart is tried (pattern_example.h); where those are too many, MAYBE without a statement.
 */
struct trust_gap trust_policy_gap(const struct trust *trust, const char *external_id);

/* May an account assume the role, under some external id or none, that is in no organization and no policy names? */
struct decision trust_policy_anybody(const struct trust *trust);

/* May the service ("ec2.amazonaws.com") assume the role? Services give no external id, session tags or identity. */
struct decision trust_policy_service(const struct trust *trust, const char *service);

/* Is it an Allow of sts:AssumeRole that names the account itself, or somebody in it, as a principal? */
bool trust_policy_names(const struct iam_statement *statement, const char *account);

#endif
