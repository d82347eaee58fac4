/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a trust policy, put as requests for sts:AssumeRole. */
#include "providers/aws/iam/trust_policy.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/iam/pattern_example.h"

#define EXTERNAL_ID "sts:ExternalId"
#define ASSUME_ROLE "sts:AssumeRole"

/* Nobody's: AWS gives no such number to an account. */
static const char unnamed_account[] = "000000000000";

/* Which organization an account is in cannot be known; one may ask as if it were in none. */
enum organization { ORGANIZATION_UNKNOWN, ORGANIZATION_NONE };

/* How the ARNs of an account's users, roles and federated users begin, in whichever partition it is. */
static struct text_list principal_arns(struct arena *arena, const char *account)
{
	static const char *const partitions[] = {"aws", "aws-cn", "aws-us-gov"},
				 *const services[] = {"iam", "sts"};
	struct text_list arns = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(partitions); i++)
		for (size_t k = 0; k < ARRAY_LENGTH(services); k++)
			text_list_add(arena, &arns,
				arena_printf(arena, "arn:%s:%s::%s:", partitions[i], services[k], account));
	return arns;
}

enum { VALUES_MAX = 8 };

/* The keys that are certain of somebody in the account, into values. */
static struct request_context context_of(const struct trust *trust, const char *external_id,
	enum organization organization, struct request_context_value values[VALUES_MAX])
{
	struct request_context context = {.action = ASSUME_ROLE, .values = values};
	const char **held = NEW_ARRAY(trust->arena, const char *, 2);

	held[0] = trust->account;
	held[1] = external_id;
	values[context.count++] = (struct request_context_value){"aws:PrincipalAccount", {held, 1}};
	values[context.count++] = (struct request_context_value){"aws:PrincipalArn",
		principal_arns(trust->arena, trust->account), .open = true};
	values[context.count++] = (struct request_context_value){EXTERNAL_ID,
		{held + 1, external_id != NULL}};
	context.count += request_context_time(trust->arena, trust->now_ms, values + context.count);
	if (organization == ORGANIZATION_NONE) {
		values[context.count++] = (struct request_context_value){"aws:PrincipalOrgID"};
		values[context.count++] = (struct request_context_value){"aws:PrincipalOrgPaths"};
	}
	return context;
}

static struct decision ask(const struct trust *trust, const char *external_id, enum organization organization)
{
	struct request_context_value values[VALUES_MAX];
	const struct iam_request request = {
		.caller = {.account = trust->account},
		.context = context_of(trust, external_id, organization, values),
	};

	return policy_decide(trust->policy, &request);
}

struct decision trust_policy_external_id(const struct trust *trust, const char *external_id)
{
	return ask(trust, external_id, ORGANIZATION_UNKNOWN);
}

/* Patterns that a value of a condition may be, whatever its operator: for one too many, ids are told apart in vain. */
static void add_patterns(const struct condition *condition, struct pattern like, struct pattern *patterns,
	size_t *count)
{
	for (size_t i = 0; i < condition->values.count; i++) {
		like.text = condition->values.items[i];
		like.wildcards = like.ignore_case = false;
		patterns[(*count)++] = like;
		like.ignore_case = strstr(condition->op, "IgnoreCase");
		like.wildcards = strstr(condition->op, "Like") || strstr(condition->op, "Arn");
		if (like.ignore_case || like.wildcards)
			patterns[(*count)++] = like;
	}
}

/* An id of each kind that the policy's conditions tell apart; *all false: not of each. */
static struct text_list ids_of(const struct trust *trust, const char *external_id, bool *all)
{
	struct request_context_value values[VALUES_MAX];
	const struct request_context context = context_of(trust, NULL, ORGANIZATION_UNKNOWN, values);
	const struct iam_policy *policy = trust->policy;
	struct pattern *patterns;
	size_t count = 0, room = 2;

	for (size_t i = 0; i < policy->count; i++)
		for (size_t k = 0; k < policy->statements[i].condition_count; k++)
			room += 2 * policy->statements[i].conditions[k].values.count;
	patterns = NEW_ARRAY(trust->arena, struct pattern, room);
	patterns[count++] = (struct pattern){.text = trust->account};
	if (external_id)
		patterns[count++] = (struct pattern){.text = external_id};
	for (size_t i = 0; i < policy->count; i++)
		for (size_t k = 0; k < policy->statements[i].condition_count; k++)
			if (text_equal_nocase(policy->statements[i].conditions[k].key, EXTERNAL_ID))
				add_patterns(&policy->statements[i].conditions[k],
					(struct pattern){.context = &context, .variables = policy->variables},
					patterns, &count);
	return pattern_examples(trust->arena, patterns, count, all);
}

static bool is_listed(const struct iam_policy *policy, const char *external_id)
{
	for (size_t i = 0; i < policy->count; i++)
		for (size_t k = 0; k < policy->statements[i].condition_count; k++) {
			const struct condition *condition = &policy->statements[i].conditions[k];

			if (text_equal_nocase(condition->key, EXTERNAL_ID) &&
				text_list_has(&condition->values, external_id))
				return true;
		}
	return false;
}

/* The widest way in under no id or any other than external_id: one that is listed only if there is no other way. */
static struct trust_gap widest(const struct trust *trust, const char *external_id,
	enum organization organization)
{
	bool all;
	struct text_list ids = ids_of(trust, external_id, &all);
	struct trust_gap gap = {.decision = ask(trust, NULL, organization)};

	for (int listed = 0; listed <= 1; listed++) {
		for (size_t i = 0; i < ids.count && gap.decision.allowed != TRUTH_YES; i++) {
			struct decision decision;

			if (text_equal(ids.items[i], external_id) ||
				(external_id && text_list_has(&trust->known_ids, ids.items[i])) ||
				is_listed(trust->policy, ids.items[i]) != listed)
				continue;
			decision = ask(trust, ids.items[i], organization);
			if (decision.allowed > gap.decision.allowed)
				gap = (struct trust_gap){decision, .external_id = ids.items[i],
					.listed = listed};
		}
		if (!all && gap.decision.allowed == TRUTH_NO)
			gap.decision = (struct decision){.allowed = TRUTH_MAYBE};
		if (gap.decision.allowed != TRUTH_NO && external_id)
			break;
	}
	return gap;
}

struct decision trust_policy_account(const struct trust *trust)
{
	return widest(trust, NULL, ORGANIZATION_UNKNOWN).decision;
}

struct decision trust_policy_anybody(const struct trust *trust)
{
	struct trust unnamed = *trust;

	unnamed.account = unnamed_account;
	return widest(&unnamed, NULL, ORGANIZATION_NONE).decision;
}

struct trust_gap trust_policy_gap(const struct trust *trust, const char *external_id)
{
	struct trust_gap gap = widest(trust, external_id, ORGANIZATION_NONE);

	if (gap.decision.allowed != TRUTH_NO)
		return gap;
	gap = widest(trust, external_id, ORGANIZATION_UNKNOWN);
	gap.organization = gap.decision.allowed != TRUTH_NO;
	return gap;
}

/*
 * AWS global condition context keys: an organization's are those of its principals, which services are not; tags and
 * an identity are given by who assumes a role in a session of its own. What a service says of its source is not known.
 */
struct decision trust_policy_service(const struct trust *trust, const char *service)
{
	const char *yes = "true";
	struct request_context_value values[] = {
		{"aws:PrincipalIsAWSService", {&yes, 1}},
		{"aws:PrincipalServiceName", {&service, 1}},
		{EXTERNAL_ID},
		{"sts:SourceIdentity"},
		{"sts:TransitiveTagKeys"},
		{"aws:RequestTag/*"},
		{"aws:TagKeys"},
		{"aws:PrincipalOrgID"},
		{"aws:PrincipalOrgPaths"},
		{"aws:PrincipalTag/*"},
		{"aws:username"},
		{"aws:MultiFactorAuthPresent"},
		{"aws:MultiFactorAuthAge"},
		{NULL},
		{NULL},
	};
	size_t count = ARRAY_LENGTH(values) - REQUEST_CONTEXT_TIMES;
	struct iam_request request = {.caller = {.service = service},
		.context = {.action = ASSUME_ROLE, .values = values, .count = count}};

	request.context.count += request_context_time(trust->arena, trust->now_ms, values + count);
	return policy_decide(trust->policy, &request);
}

bool trust_policy_names(const struct iam_statement *statement, const char *account)
{
	const struct caller caller = {.account = account};

	if (!statement->allow || statement->not_principal || !statement_names_action(statement, ASSUME_ROLE))
		return false;
	for (size_t i = 0; i < statement->principal_count; i++)
		if (!principal_is_everyone(&statement->principals[i]) &&
			principal_matches(&statement->principals[i], &caller) != TRUTH_NO)
			return true;
	return false;
}
