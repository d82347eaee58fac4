/* SPDX-License-Identifier: Apache-2.0 */
/* Layers of policies, combined with "and" and "or" that remember whose word it was. */
#include "providers/aws/iam/access.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/iam/condition_key.h"

/* What one layer says: the strongest Allow for each way of naming the caller, and the strongest Deny. */
struct access_tally {
	struct access allow[NAMINGS]; /* identity policies and boundaries: all the same */
	struct access deny;
	struct access near;
};

struct access_policy access_policy_read(struct arena *arena, enum access_layer layer, const char *name,
	const json_t *document)
{
	struct access_policy result = {.name = name};

	if (!policy_read(arena, document, &result.policy, &result.wrong))
		return result;
	for (size_t i = 0; i < result.policy.count && layer != ACCESS_RESOURCE && !result.wrong; i++) {
		const struct iam_statement *statement = &result.policy.statements[i];

		if (statement->resources.count == 0 && !statement->not_resource)
			result.wrong = arena_printf(arena, "statement %zu has no Resource",
				statement->number);
		else if (statement->principal_count > 0)
			result.wrong = arena_printf(arena, "statement %zu has a Principal",
				statement->number);
	}
	return result;
}

static struct access lesser(struct access a, struct access b)
{
	return b.decision.allowed < a.decision.allowed ? b : a;
}

static struct access greater(struct access a, struct access b)
{
	return b.decision.allowed > a.decision.allowed ? b : a;
}

static struct access_tally empty_tally(enum access_layer layer)
{
	struct access_tally tally = {.deny = {.layer = layer}};

	for (size_t i = 0; i < NAMINGS; i++)
		tally.allow[i].layer = layer;
	return tally;
}

static void note_near(const struct access_policy *policy, const struct iam_statement *statement,
	const struct iam_request *request, struct access_tally *tally)
{
	const char *part;

	if (tally->near.near || !statement->allow ||
		!statement_names_action(statement, request->context.action))
		return;
	tally->near.near = statement;
	tally->near.near_policy = policy->name;
	tally->near.near_resource = statement_covers(statement, policy->policy.variables, request, &part) ==
		TRUTH_NO;
	for (size_t i = 0; i < statement->condition_count && !tally->near.near_condition; i++)
		if (condition_holds(&statement->conditions[i], policy->policy.variables, &request->context) ==
			TRUTH_NO)
			tally->near.near_condition = &statement->conditions[i];
	if (tally->near.near_condition)
		tally->near.near_never = condition_key_ruled_out(&request->context,
			tally->near.near_condition->key, strlen(tally->near.near_condition->key));
}

static void weigh_statement(const struct access_policy *policy, enum access_layer layer,
	const struct iam_statement *statement, const struct iam_request *request, struct access_tally *tally)
{
	enum truth named[NAMINGS] = {TRUTH_YES, TRUTH_YES, TRUTH_YES};
	struct access access = {.layer = layer, .policy = policy->name};
	enum truth weight;

	access.decision = statement_weigh(statement, policy->policy.variables, request);
	weight = access.decision.allowed;
	if (weight == TRUTH_NO) {
		note_near(policy, statement, request, tally);
		return;
	}
	if (layer == ACCESS_RESOURCE)
		statement_names(statement, &request->caller, named);
	for (size_t i = 0; i < NAMINGS; i++) {
		access.decision.allowed = truth_and(weight, named[i]);
		if (statement->allow)
			tally->allow[i] = greater(tally->allow[i], access);
		else
			tally->deny = greater(tally->deny, access);
	}
}

static void weigh_policy(const struct access_policy *policy, enum access_layer layer,
	const struct iam_request *request, struct access_tally *tally)
{
	struct access unseen = {.decision = {.allowed = TRUTH_MAYBE}, .layer = layer};

	if (policy->wrong) {
		unseen.policy = policy->name;
		unseen.wrong = policy->wrong;
		tally->deny = greater(tally->deny, unseen);
		for (size_t i = 0; i < NAMINGS; i++)
			tally->allow[i] = greater(tally->allow[i], unseen);
		return;
	}
	for (size_t i = 0; i < policy->policy.count; i++)
		weigh_statement(policy, layer, &policy->policy.statements[i], request, tally);
}

/* One account: the layers add up, within the boundary; what names the caller itself is not bounded. */
static struct access combine(const struct access_policies *policies, const struct access *identity,
	const struct access *boundary, const struct access resource[NAMINGS])
{
	struct access granted = *identity;

	if (policies->resource_decides)
		granted = lesser(resource[NAMED_ACCOUNT], granted);
	granted = greater(granted, resource[NAMED_ROLE]);
	if (boundary)
		granted = lesser(granted, *boundary);
	return greater(granted, resource[NAMED_SELF]);
}

/* Two accounts: each must allow. */
static struct access combine_accounts(const struct access *identity, const struct access *boundary,
	const struct access resource[NAMINGS])
{
	struct access granted = greater(greater(resource[NAMED_SELF], resource[NAMED_ROLE]),
		resource[NAMED_ACCOUNT]);

	granted = lesser(*identity, granted);
	return boundary ? lesser(granted, *boundary) : granted;
}

static struct access deny(struct access denied, struct access granted)
{
	if (denied.decision.allowed == TRUTH_YES) {
		denied.decision.allowed = TRUTH_NO;
		return denied;
	}
	if (denied.decision.allowed == TRUTH_MAYBE && granted.decision.allowed == TRUTH_YES)
		return denied;
	return granted;
}

struct access access_decide(const struct access_policies *policies, const struct iam_request *asked)
{
	struct iam_request bounded = *asked;
	const struct iam_request *request = &bounded;
	struct access_tally identity = empty_tally(ACCESS_IDENTITY), boundary = empty_tally(ACCESS_BOUNDARY);
	struct access_tally resource = empty_tally(ACCESS_RESOURCE);
	const char *owner = policies->resource_account;
	bool another = owner && !text_equal(owner, request->caller.account);
	const struct access *bounds = policies->boundary ? &boundary.allow[NAMED_SELF] : NULL;
	struct access result;

	bounded.caller.bounded = policies->boundary != NULL;
	for (size_t i = 0; i < policies->identity_count; i++)
		weigh_policy(&policies->identity[i], ACCESS_IDENTITY, request, &identity);
	if (policies->boundary)
		weigh_policy(policies->boundary, ACCESS_BOUNDARY, request, &boundary);
	if (policies->resource)
		weigh_policy(policies->resource, ACCESS_RESOURCE, request, &resource);
	result = another ? combine_accounts(&identity.allow[NAMED_SELF], bounds, resource.allow)
			 : combine(policies, &identity.allow[NAMED_SELF], bounds, resource.allow);
	result = deny(greater(greater(identity.deny, boundary.deny), resource.deny), result);
	result.another_account = another;
	if (result.decision.allowed == TRUTH_NO && !result.decision.by && result.layer == ACCESS_IDENTITY) {
		identity.near.decision = result.decision;
		identity.near.layer = result.layer;
		identity.near.another_account = another;
		return identity.near;
	}
	return result;
}

static const char *lack_text(struct arena *arena, const struct access *access)
{
	const char *text = "no policy allows it";

	if (access->layer == ACCESS_BOUNDARY)
		text = "the permissions boundary does not allow it";
	else if (access->layer == ACCESS_ENDPOINT)
		text = arena_printf(arena, "%s does not let it through", access->policy);
	else if (access->layer == ACCESS_RESOURCE)
		text = access->another_account
			? "the resource is another account's, whose policy does not allow it"
			: "the resource's own policy does not allow it";
	if (!access->near)
		return text;
	text = arena_printf(arena, "%s: %s of %s names it, but ", text, statement_name(arena, access->near),
		access->near_policy);
	if (access->near_resource || !access->near_condition)
		return arena_printf(arena, "%snot for this resource", text);
	return arena_printf(arena, "%sonly if %s%s", text, condition_text(arena, access->near_condition),
		access->near_never ? ", and no such request carries that key" : "");
}

const char *access_text(struct arena *arena, const struct access *access)
{
	const struct decision *decision = &access->decision;
	const char *verb, *source;

	if (access->wrong)
		return arena_printf(arena, "%s cannot be judged: %s", access->policy, access->wrong);
	if (!decision->by)
		return lack_text(arena, access);
	verb = decision->by->allow ? "allowed" : "denied";
	source = arena_printf(arena, "%s of %s", statement_name(arena, decision->by), access->policy);
	if (decision->allowed != TRUTH_MAYBE)
		return arena_printf(arena, "%s by %s", verb, source);
	if (decision->open)
		return arena_printf(arena, "%s by %s if %s", verb, source,
			condition_text(arena, decision->open));
	if (decision->part)
		return arena_printf(arena, "%s by %s on %s only", verb, source, decision->part);
	return arena_printf(arena, "%s by %s, which may or may not speak of this caller", verb, source);
}
