/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a trust policy, put as requests for sts:AssumeRole. */
#include "verify/trust_policy.h"

#include <string.h>

#include "base/arena.h"

#define EXTERNAL_ID "sts:ExternalId"
#define ASSUME_ROLE "sts:AssumeRole"

struct decision trust_policy_external_id(const struct policy *policy, const char *account,
	const char *external_id)
{
	struct context_value values[] = {
		{"aws:PrincipalAccount", {&account, 1}},
		{EXTERNAL_ID, {&external_id, external_id ? 1 : 0}},
	};
	struct request request = {
		.caller = {.account = account},
		.action = ASSUME_ROLE,
		.context = {values, sizeof(values) / sizeof(values[0])},
	};

	return policy_decide(policy, &request);
}

struct decision trust_policy_account(struct arena *arena, const struct policy *policy, const char *account)
{
	struct policy without = policy_without_key(arena, policy, EXTERNAL_ID);

	return trust_policy_external_id(&without, account, NULL);
}

struct decision trust_policy_open(struct arena *arena, const struct policy *policy, const char *account,
	const char *external_id)
{
	char *resembling = arena_strdup(arena, external_id);
	size_t length = strlen(resembling);
	const char *others[] = {NULL, "another-external-id", resembling};
	struct decision open = {.allowed = TRUTH_NO};

	if (length > 0)
		resembling[length - 1] = resembling[length - 1] == 'x' ? 'y' : 'x';
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct decision decision = trust_policy_external_id(policy, account, others[i]);

		if (decision.allowed > open.allowed)
			open = decision;
	}
	return open;
}

struct decision trust_policy_service(const struct policy *policy, const char *service)
{
	struct request request = {.caller = {.service = service}, .action = ASSUME_ROLE};

	return policy_decide(policy, &request);
}
