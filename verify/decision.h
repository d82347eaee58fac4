/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deciding a request by the statements of one resource policy or trust policy. Pure.
 *
 * AWS IAM User Guide, "Policy evaluation logic": an explicit Deny wins, else an Allow lets in, else nothing does.
 * What cannot be known (a condition on an unknown key, a principal that may or may not be the caller) makes the
 * answer TRUTH_MAYBE; service control policies, session policies and boundaries are not looked at here.
 */
#ifndef CLOUDCTL_VERIFY_DECISION_H
#define CLOUDCTL_VERIFY_DECISION_H

#include "verify/condition.h"
#include "verify/statement.h"

/* Who asks. A role: account and arn. "Somebody in that account": account alone. A service: service alone. */
struct caller {
	const char *account;
	const char *arn;
	const char *service;
};

struct request {
	struct caller caller;
	const char *action;     /* "sts:AssumeRole" */
	struct context context; /* keys whose values are certain */
};

struct decision {
	enum truth allowed;
	const struct statement *by;   /* the Deny, or the Allow; NULL when no statement lets the caller in */
	const struct condition *open; /* TRUTH_MAYBE: the condition that could not be decided, or NULL */
};

/* Is the principal the caller? For a caller that is "somebody in an account", a role of that account is MAYBE. */
enum truth principal_matches(const struct principal *principal, const struct caller *caller);

/* Does the statement speak about the caller, the action and the circumstances? Resources are not compared. */
enum truth statement_applies(const struct statement *statement, bool variables, const struct request *request,
	const struct condition **open);

struct decision policy_decide(const struct policy *policy, const struct request *request);

#endif
