/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a trust policy, put as requests for sts:AssumeRole. */
#include "providers/aws/iam/trust_policy.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"

#define EXTERNAL_ID "sts:ExternalId"
#define ASSUME_ROLE "sts:AssumeRole"

struct decision trust_policy_external_id(const struct iam_policy *policy, const char *account,
	const char *external_id)
{
	struct request_context_value values[] = {
		{"aws:PrincipalAccount", {&account, 1}},
		{EXTERNAL_ID, {&external_id, external_id ? 1 : 0}},
	};
	struct iam_request request = {
		.caller = {.account = account},
		.action = ASSUME_ROLE,
		.context = {values, ARRAY_LENGTH(values)},
	};

	return policy_decide(policy, &request);
}

struct decision trust_policy_account(struct arena *arena, const struct iam_policy *policy,
	const char *account)
{
	struct iam_policy without = policy_without_key(arena, policy, EXTERNAL_ID);

	return trust_policy_external_id(&without, account, NULL);
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

struct decision trust_policy_open(struct arena *arena, const struct iam_policy *policy, const char *account,
	const char *external_id)
{
	struct decision open = trust_policy_external_id(policy, account, NULL);
	struct text_list others = resembling(arena, external_id);

	for (size_t i = 0; i < others.count; i++) {
		struct decision decision = trust_policy_external_id(policy, account, others.items[i]);

		if (decision.allowed > open.allowed)
			open = decision;
	}
	return open;
}

struct decision trust_policy_service(const struct iam_policy *policy, const char *service)
{
	struct iam_request request = {.caller = {.service = service}, .action = ASSUME_ROLE};

	return policy_decide(policy, &request);
}
