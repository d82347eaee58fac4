/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements against a request: whether one speaks of it, and what one resource or trust policy decides alone. Pure.
 *
 * AWS IAM User Guide, "Policy evaluation logic": an explicit Deny wins, else an Allow lets in, else nothing does.
 * What cannot be known (a condition on an unknown key, a principal that may or may not be the caller) makes the
 * answer TRUTH_MAYBE. Several policies together, boundaries and accounts are access.h's.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_IAM_DECISION_H
#define CLOUDCTL_PROVIDERS_AWS_IAM_DECISION_H

#include "providers/aws/iam/condition.h"
#include "providers/aws/iam/pattern.h"
#include "providers/aws/iam/statement.h"

/* Who asks. A role or user: account and arn. "Somebody in that account": account alone. A service: service alone. */
struct caller {
	const char *account;
	const char *arn;
	const char *service;
	const char *session; /* a role's session name; NULL: not known */
	bool bounded;        /* it has a permissions boundary */
};

struct iam_request {
	struct caller caller;
	struct request_context context;
};

struct decision {
	enum truth allowed;
	/* the Deny, or the Allow; NULL when no statement lets the caller in */
	const struct iam_statement *by;
	const struct condition *open; /* TRUTH_MAYBE: the condition that could not be decided, or NULL */
	/* TRUTH_MAYBE: the Resource that holds only a part of the request's resource, or NULL */
	const char *part;
};

/* "*" or {"AWS": "*"}, which are the same ("AWS JSON policy elements: Principal", All principals). */
bool principal_is_everyone(const struct principal *principal);

/*
 * Is the principal the caller? For a caller that is "somebody in an account", a role of that account is MAYBE; so is
 * everyone for a service, which AWS does not document.
 */
enum truth principal_matches(const struct principal *principal, const struct caller *caller);

/*
 * By which name a resource policy speaks of a caller that has an ARN. What a grant is worth differs: one to the account
 * leaves it to the identity policies; one to the role's ARN is limited by its boundary; one to the session, the user
 * or everyone is not ("Policy evaluation logic", resource-based policies within one account).
 */
enum naming { NAMED_ACCOUNT, NAMED_ROLE, NAMED_SELF, NAMINGS };

/*
 * Fills named[] for one statement, Principal or NotPrincipal. A unique id (AROA…, AIDA…) is that of a role or user
 * that was deleted, and matches nobody; a canonical user id is that of an account that is not known.
 */
void statement_names(const struct iam_statement *statement, const struct caller *caller,
	enum truth named[NAMINGS]);

/* Action or NotAction, without case. */
bool statement_names_action(const struct iam_statement *statement, const char *action);

/* Resource or NotResource; *part as in struct decision. A statement without either is about what it is attached to. */
enum truth statement_covers(const struct iam_statement *statement, bool variables,
	const struct iam_request *request, const char **part);

/*
 * Does the statement speak about the action, the resource and the context, whoever the caller is? Truth is in allowed,
 * whether it is an Allow or a Deny; by is the statement.
 */
struct decision statement_weigh(const struct iam_statement *statement, bool variables,
	const struct iam_request *request);

struct decision policy_decide(const struct iam_policy *policy, const struct iam_request *request);

#endif
