/* SPDX-License-Identifier: Apache-2.0 */
/* Principals, actions, resources, conditions: which statements apply, and what those of one policy decide together. */
#include "providers/aws/iam/decision.h"

#include <string.h>

#include "providers/aws/iam/arn.h"

static bool is_account(const char *value, const char *account)
{
	return strcmp(value, account) == 0 ||
		(arn_field_is(value, ARN_ACCOUNT, account) && arn_field_is(value, ARN_RESOURCE, "root"));
}

static enum truth aws_principal_matches(const char *value, const struct caller *caller)
{
	bool whole_account;

	if (!caller->account)
		return TRUTH_NO;
	whole_account = is_account(value, caller->account);
	if (caller->arn)
		return strcmp(value, caller->arn) == 0 ? TRUTH_YES : whole_account ? TRUTH_MAYBE : TRUTH_NO;
	if (whole_account)
		return TRUTH_YES;
	return arn_field_is(value, ARN_ACCOUNT, caller->account) ? TRUTH_MAYBE : TRUTH_NO;
}

bool principal_is_everyone(const struct principal *principal)
{
	return principal->kind == PRINCIPAL_EVERYONE ||
		(principal->kind == PRINCIPAL_AWS && strcmp(principal->value, "*") == 0);
}

enum truth principal_matches(const struct principal *principal, const struct caller *caller)
{
	if (principal_is_everyone(principal))
		return caller->service ? TRUTH_MAYBE : TRUTH_YES;
	switch (principal->kind) {
	case PRINCIPAL_AWS: return aws_principal_matches(principal->value, caller);
	case PRINCIPAL_SERVICE:
		return caller->service && text_equal(principal->value, caller->service) ? TRUTH_YES
											: TRUTH_NO;
	case PRINCIPAL_EVERYONE:
	case PRINCIPAL_FEDERATED:
	case PRINCIPAL_CANONICAL_USER: return TRUTH_NO;
	}
	return TRUTH_NO;
}

static enum truth names_caller(const struct iam_statement *statement, const struct caller *caller)
{
	enum truth found = TRUTH_NO;

	for (size_t i = 0; i < statement->principal_count; i++)
		found = truth_or(found, principal_matches(&statement->principals[i], caller));
	/* An Allow for one role of the account is an Allow for somebody in the account. */
	if (found == TRUTH_MAYBE && statement->allow && !statement->not_principal && !caller->arn &&
		!caller->service)
		found = TRUTH_YES;
	return statement->not_principal ? truth_not(found) : found;
}

static bool is_role(const struct caller *caller)
{
	return strstr(caller->arn, ":role/");
}

/* arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION: may it be a session of the calling role? */
static enum truth session_matches(const char *value, const struct caller *caller)
{
	static const char session_of[] = "assumed-role/";
	const char *role = arn_name(caller->arn), *name;
	size_t length;

	name = arn_find(value, ARN_RESOURCE, &length);
	if (!is_role(caller) || !name || !text_starts_with(name, session_of) ||
		!arn_field_is(value, ARN_ACCOUNT, caller->account))
		return TRUTH_NO;
	name += strlen(session_of);
	length = strlen(role);
	if (strncmp(name, role, length) != 0 || name[length] != '/')
		return TRUTH_NO;
	if (!caller->session)
		return TRUTH_MAYBE;
	return strcmp(name + length + 1, caller->session) == 0 ? TRUTH_YES : TRUTH_NO;
}

static void add_naming(const struct principal *principal, const struct caller *caller,
	enum truth named[NAMINGS])
{
	if (principal_is_everyone(principal)) {
		named[NAMED_SELF] = TRUTH_YES;
	} else if (principal->kind == PRINCIPAL_CANONICAL_USER) {
		named[NAMED_ACCOUNT] = truth_or(named[NAMED_ACCOUNT], TRUTH_MAYBE);
	} else if (principal->kind != PRINCIPAL_AWS) {
		return;
	} else if (is_account(principal->value, caller->account)) {
		named[NAMED_ACCOUNT] = TRUTH_YES;
	} else if (strcmp(principal->value, caller->arn) == 0) {
		named[is_role(caller) ? NAMED_ROLE : NAMED_SELF] = TRUTH_YES;
	} else {
		named[NAMED_SELF] = truth_or(named[NAMED_SELF], session_matches(principal->value, caller));
	}
}

/*
 * NotPrincipal excepts those it lists, but only together with their account, and sessions with their role: AWS may
 * check those first ("AWS JSON policy elements: NotPrincipal"). With Allow that is not for us to trust: MAYBE at best. A
 * Deny denies a principal with a permissions boundary whatever it lists (same page).
 */
static enum truth is_left(const struct iam_statement *statement, const struct caller *caller,
	const enum truth listed[NAMINGS])
{
	enum truth itself = truth_or(listed[NAMED_ROLE], listed[NAMED_SELF]);

	if (!statement->allow && caller->bounded)
		return TRUTH_YES;
	for (size_t i = 0; i < statement->principal_count; i++)
		if (principal_is_everyone(&statement->principals[i]))
			return TRUTH_NO;
	if (statement->allow)
		return truth_not(truth_or(itself, truth_and(listed[NAMED_ACCOUNT], TRUTH_MAYBE)));
	if (is_role(caller))
		itself = truth_or(listed[NAMED_ROLE], truth_and(listed[NAMED_SELF], TRUTH_MAYBE));
	return truth_not(truth_and(itself, truth_or(listed[NAMED_ACCOUNT], TRUTH_MAYBE)));
}

void statement_names(const struct iam_statement *statement, const struct caller *caller,
	enum truth named[NAMINGS])
{
	for (size_t i = 0; i < NAMINGS; i++)
		named[i] = TRUTH_NO;
	for (size_t i = 0; i < statement->principal_count; i++)
		add_naming(&statement->principals[i], caller, named);
	if (statement->not_principal) {
		named[NAMED_SELF] = is_left(statement, caller, named);
		named[NAMED_ROLE] = named[NAMED_ACCOUNT] = TRUTH_NO;
	}
}

bool statement_names_action(const struct iam_statement *statement, const char *action)
{
	bool named = false;

	for (size_t i = 0; i < statement->actions.count && !named; i++)
		named = text_glob(statement->actions.items[i], action, true);
	return named != statement->not_action;
}

enum truth statement_covers(const struct iam_statement *statement, bool variables,
	const struct iam_request *request, const char **part)
{
	enum truth found = TRUTH_NO;

	*part = NULL;
	if (!request->context.resource.text || (statement->resources.count == 0 && !statement->not_resource))
		return TRUTH_YES;
	for (size_t i = 0; i < statement->resources.count && found != TRUTH_YES; i++) {
		const char *resource = statement->resources.items[i];
		enum truth truth = pattern_resource(resource, variables, &request->context,
			request->context.resource);

		if (truth > found)
			*part = truth == TRUTH_MAYBE ? resource : NULL;
		found = truth_or(found, truth);
	}
	return statement->not_resource ? truth_not(found) : found;
}

struct decision statement_weigh(const struct iam_statement *statement, bool variables,
	const struct iam_request *request)
{
	struct decision decision = {.allowed = TRUTH_NO, .by = statement};

	if (!statement_names_action(statement, request->context.action))
		return decision;
	decision.allowed = statement_covers(statement, variables, request, &decision.part);
	if (decision.allowed == TRUTH_NO)
		return decision;
	decision.allowed = truth_and(decision.allowed,
		conditions_hold(statement, variables, &request->context, &decision.open));
	return decision;
}

static struct decision weigh_for_caller(const struct iam_statement *statement, bool variables,
	const struct iam_request *request)
{
	enum truth named = names_caller(statement, &request->caller);
	struct decision decision = {.allowed = TRUTH_NO, .by = statement};

	if (named == TRUTH_NO)
		return decision;
	decision = statement_weigh(statement, variables, request);
	decision.allowed = truth_and(decision.allowed, named);
	return decision;
}

struct decision policy_decide(const struct iam_policy *policy, const struct iam_request *request)
{
	struct decision allow = {.allowed = TRUTH_NO}, deny = {.allowed = TRUTH_NO};

	for (size_t i = 0; i < policy->count; i++) {
		const struct iam_statement *statement = &policy->statements[i];
		struct decision *strongest = statement->allow ? &allow : &deny;
		struct decision decision = weigh_for_caller(statement, policy->variables, request);

		if (decision.allowed > strongest->allowed)
			*strongest = decision;
	}
	if (deny.allowed == TRUTH_YES) {
		deny.allowed = TRUTH_NO;
		return deny;
	}
	return deny.allowed == TRUTH_MAYBE && allow.allowed != TRUTH_NO ? deny : allow;
}
