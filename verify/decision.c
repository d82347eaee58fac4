/* SPDX-License-Identifier: Apache-2.0 */
/* Principals, actions, conditions: which statements apply, and what they decide together. */
#include "verify/decision.h"

#include <string.h>

#include "verify/arn.h"

static enum truth aws_principal_matches(const char *value, const struct caller *caller)
{
	bool whole_account;

	if (!caller->account)
		return TRUTH_NO;
	if (strcmp(value, "*") == 0)
		return TRUTH_YES;
	whole_account = strcmp(value, caller->account) == 0 ||
		(arn_is_in_account(value, caller->account) && text_ends_with(value, ":root"));
	if (caller->arn)
		return strcmp(value, caller->arn) == 0 ? TRUTH_YES : whole_account ? TRUTH_MAYBE : TRUTH_NO;
	if (whole_account)
		return TRUTH_YES;
	return arn_is_in_account(value, caller->account) ? TRUTH_MAYBE : TRUTH_NO;
}

enum truth principal_matches(const struct principal *principal, const struct caller *caller)
{
	switch (principal->kind) {
	case PRINCIPAL_EVERYONE: return caller->service ? TRUTH_MAYBE : TRUTH_YES;
	case PRINCIPAL_AWS: return aws_principal_matches(principal->value, caller);
	case PRINCIPAL_SERVICE:
		return caller->service && text_equal(principal->value, caller->service) ? TRUTH_YES
											: TRUTH_NO;
	case PRINCIPAL_FEDERATED:
	case PRINCIPAL_CANONICAL_USER: return TRUTH_NO;
	}
	return TRUTH_NO;
}

static enum truth names_caller(const struct statement *statement, const struct caller *caller)
{
	enum truth found = TRUTH_NO;

	for (size_t i = 0; i < statement->principal_count; i++) {
		enum truth truth = principal_matches(&statement->principals[i], caller);

		found = truth > found ? truth : found;
	}
	/* A statement that lets one role of the account in does let that account in. */
	if (found == TRUTH_MAYBE && statement->allow && !statement->not_principal && !caller->arn &&
		!caller->service)
		found = TRUTH_YES;
	if (!statement->not_principal)
		return found;
	return found == TRUTH_MAYBE ? TRUTH_MAYBE : found == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

static bool names_action(const struct statement *statement, const char *action)
{
	bool named = false;

	for (size_t i = 0; i < statement->actions.count; i++)
		named = named || text_glob(statement->actions.items[i], action, true);
	return named != statement->not_action;
}

enum truth statement_applies(const struct statement *statement, bool variables, const struct request *request,
	const struct condition **open)
{
	enum truth named, held;

	*open = NULL;
	if (!names_action(statement, request->action))
		return TRUTH_NO;
	named = names_caller(statement, &request->caller);
	if (named == TRUTH_NO)
		return TRUTH_NO;
	held = conditions_hold(statement, variables, &request->context, open);
	return named < held ? named : held;
}

struct decision policy_decide(const struct policy *policy, const struct request *request)
{
	struct decision allow = {.allowed = TRUTH_NO}, deny = {.allowed = TRUTH_NO};

	for (size_t i = 0; i < policy->count; i++) {
		const struct statement *statement = &policy->statements[i];
		struct decision *strongest = statement->allow ? &allow : &deny;
		const struct condition *open;
		enum truth truth = statement_applies(statement, policy->variables, request, &open);

		if (truth > strongest->allowed)
			*strongest = (struct decision){truth, statement, open};
	}
	if (deny.allowed == TRUTH_YES)
		return (struct decision){TRUTH_NO, deny.by, NULL};
	if (deny.allowed == TRUTH_MAYBE && allow.allowed != TRUTH_NO)
		return (struct decision){TRUTH_MAYBE, deny.by, deny.open};
	return allow;
}
