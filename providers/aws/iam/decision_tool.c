/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions for the test that compares them with other judges: a case a line in, its answer a line out.
 *
 *     {"action": …, "identity": […], …} as in access_test_case.h
 *         {"answer": "maybe", "text": what decided}
 *     {"trust": DOCUMENT, "account": "111122223333", "external_id": "id", "service": "ec2.amazonaws.com"}
 *         {"account", "with", "without", "gap", "anybody", "service": answers of trust_policy.h, "organization": BOOLEAN}
 *
 * What is not such a case ends the program with code 2.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/iam/access_test_case.h"
#include "providers/aws/iam/trust_policy.h"

static json_t *decide_access(struct arena *arena, const json_t *tree)
{
	struct access access = access_test_case_decide(arena, tree);

	return json_pack("{s:s, s:s}", "answer", truth_word(access.decision.allowed), "text",
		access_text(arena, &access));
}

static json_t *decide_trust(struct arena *arena, const json_t *tree)
{
	const char *account = tree_text(tree, "account"), *id = tree_text(tree, "external_id"), *wrong;
	struct iam_policy policy;
	const struct trust trust = {.arena = arena, .policy = &policy, .account = account};
	struct trust_gap gap;

	if (!policy_read(arena, json_object_get(tree, "trust"), &policy, &wrong)) {
		fprintf(stderr, "the trust policy cannot be read: %s\n", wrong);
		exit(2);
	}
	gap = trust_policy_gap(&trust, id);
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:s}", "account",
		truth_word(trust_policy_account(&trust).allowed), "with",
		truth_word(trust_policy_external_id(&trust, id).allowed), "without",
		truth_word(trust_policy_external_id(&trust, NULL).allowed), "gap",
		truth_word(gap.decision.allowed), "organization", (int)gap.organization, "anybody",
		truth_word(trust_policy_anybody(&trust).allowed), "service",
		truth_word(trust_policy_service(&trust, tree_text(tree, "service")).allowed));
}

static void answer(const char *line)
{
	struct arena arena = {0};
	json_error_t problem;
	json_t *tree = json_loads(line, JSON_REJECT_DUPLICATES, &problem), *result;

	if (!tree) {
		fprintf(stderr, "not JSON: %s\n", problem.text);
		exit(2);
	}
	result = json_object_get(tree, "trust") ? decide_trust(&arena, tree) : decide_access(&arena, tree);
	json_dumpf(result, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(result);
	json_decref(tree);
	arena_free(&arena);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) >= 0)
		answer(line);
	free(line);
	return 0;
}
