/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a trust policy, put as requests for sts:AssumeRole. */
#include "providers/aws/iam/trust_policy.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"

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

static struct decision ask(struct arena *arena, const struct iam_policy *policy, const char *account,
	const char *external_id, enum organization organization)
{
	const struct request_context_value values[] = {
		{.key = "aws:PrincipalAccount", .values = {&account, 1}},
		{.key = "aws:PrincipalArn", .values = principal_arns(arena, account), .open = true},
		{.key = EXTERNAL_ID, .values = {&external_id, external_id ? 1 : 0}},
		{.key = "aws:PrincipalOrgID"},
		{.key = "aws:PrincipalOrgPaths"},
	};
	const struct iam_request request = {
		.caller = {.account = account},
		.context = {.action = ASSUME_ROLE,
			.values = values,
			.count = ARRAY_LENGTH(values) - (organization == ORGANIZATION_UNKNOWN ? 2 : 0)},
	};

	return policy_decide(policy, &request);
}

struct decision trust_policy_external_id(struct arena *arena, const struct iam_policy *policy,
	const char *account, const char *external_id)
{
	return ask(arena, policy, account, external_id, ORGANIZATION_UNKNOWN);
}

struct decision trust_policy_account(struct arena *arena, const struct iam_policy *policy,
	const char *account)
{
	struct iam_policy without = policy_without_key(arena, policy, EXTERNAL_ID);

	return ask(arena, &without, account, NULL, ORGANIZATION_UNKNOWN);
}

struct decision trust_policy_anybody(struct arena *arena, const struct iam_policy *policy)
{
	struct iam_policy without = policy_without_key(arena, policy, EXTERNAL_ID);

	return ask(arena, &without, unnamed_account, NULL, ORGANIZATION_NONE);
}

/* A foreign id, and those that a pattern made of this one might let in: each character another, one more, one less. */
static struct text_list resembling(struct arena *arena, const char *external_id)
{
	size_t length = strlen(external_id);
	struct text_list ids = {0};

	text_list_add(arena, &ids, "another-external-id");
	text_list_add(arena, &ids, arena_printf(arena, "%sx", external_id));
	text_list_add(arena, &ids, arena_printf(arena, "x%s", external_id));
	if (length > 0)
		text_list_add(arena, &ids, arena_strndup(arena, external_id, length - 1));
	for (size_t i = 0; i < length; i++) {
		char *other = arena_strdup(arena, external_id);

		other[i] = other[i] == 'x' ? 'y' : 'x';
		text_list_add(arena, &ids, other);
	}
	return ids;
}

static struct decision widest(struct arena *arena, const struct iam_policy *policy, const char *account,
	const struct text_list *ids, enum organization organization)
{
	struct decision found = ask(arena, policy, account, NULL, organization);

	for (size_t i = 0; i < ids->count && found.allowed != TRUTH_YES; i++) {
		struct decision decision = ask(arena, policy, account, ids->items[i], organization);

		if (decision.allowed > found.allowed)
			found = decision;
	}
	return found;
}

struct trust_gap trust_policy_gap(struct arena *arena, const struct iam_policy *policy, const char *account,
	const char *external_id)
{
	struct text_list ids = resembling(arena, external_id);
	struct trust_gap gap = {.decision = widest(arena, policy, account, &ids, ORGANIZATION_NONE)};

	if (gap.decision.allowed != TRUTH_NO)
		return gap;
	gap.decision = widest(arena, policy, account, &ids, ORGANIZATION_UNKNOWN);
	gap.organization = gap.decision.allowed != TRUTH_NO;
	return gap;
}

struct decision trust_policy_service(const struct iam_policy *policy, const char *service)
{
	struct iam_request request = {.caller = {.service = service}, .context = {.action = ASSUME_ROLE}};

	return policy_decide(policy, &request);
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
