/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that change what a role may do and who may assume it; nothing that is there is replaced. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/iam/arn.h"

static const char *const policies_of[] = {
	[ROLE_CONTROL_PLANE] = "the policies of the control-plane role",
	[ROLE_NODE] = "the policies of the node role",
};

/* Would an Allow among the role's own policies turn the refusal? */
static bool is_lacking(const struct access *access)
{
	return !access->decision.by && !access->another_account &&
		(access->layer == ACCESS_IDENTITY || access->layer == ACCESS_RESOURCE);
}

/* The first refusal, or answer that is not certain, that an Allow would not turn; NULL: none. */
static const struct required_answer *obstacle(const struct required_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];

		if (answer->access.decision.allowed == TRUTH_MAYBE ||
			(answer->access.decision.allowed == TRUTH_NO && !is_lacking(&answer->access)))
			return answer;
	}
	return NULL;
}

/* Statements for the refused answers: one for what has resources, one for what has none. A new reference. */
static json_t *statements(struct arena *arena, const struct required_answers *answers)
{
	struct text_list actions[2] = {0}, resources[2] = {0};
	json_t *made = json_array();

	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];
		bool any = text_equal(answer->resource, "*");

		if (answer->access.decision.allowed != TRUTH_NO)
			continue;
		text_list_add_once(arena, &actions[any], answer->action);
		text_list_add_once(arena, &resources[any], answer->resource);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(actions); i++)
		if (actions[i].count > 0)
			json_array_append_new(made,
				json_pack("{s:s,s:o,s:o}", "Effect", "Allow", "Action",
					tree_array(&actions[i]), "Resource", tree_array(&resources[i])));
	return made;
}

/* A name that none of the role's inline policies has, so that nothing of its own is replaced. */
static const char *free_name(const struct facts *facts, enum role role, const char *name)
{
	const json_t *policies = facts_tree(facts, role_facts[role].policies);
	const char *wanted = arena_printf(facts->arena, "cloudctl-%s", name), *found = wanted;

	for (int i = 2; json_object_get(policies, found); i++)
		found = arena_printf(facts->arena, "%s-%d", wanted, i);
	return found;
}

/* What no policy of the role's own mends, said; or what its stack must. */
static bool is_said(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers)
{
	const struct required_answer *answer = obstacle(answers);

	if (!answer)
		return remedy_is_stacks(facts, finding, policies_of[role]);
	remedy_say(facts, finding,
		"change what decides %s on %s, because no Allow in the role's own policies overrides it: %s",
		answer->action, answer->resource, access_text(facts->arena, &answer->access));
	return true;
}

static const char *role_word(const struct facts *facts, enum role role)
{
	return shell_word(facts->arena, arn_name(role_arn(facts, role)));
}

void remedy_grant(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *name)
{
	json_t *document;
	char *text;

	if (finding->verdict == VERDICT_PASS || is_said(facts, finding, role, answers))
		return;
	document = json_pack("{s:s,s:o}", "Version", "2012-10-17", "Statement",
		statements(facts->arena, answers));
	if (json_array_size(json_object_get(document, "Statement")) > 0) {
		text = json_dumps(document, JSON_COMPACT);
		remedy_add(facts, finding,
			"iam put-role-policy --role-name %s --policy-name %s --policy-document %s",
			role_word(facts, role), free_name(facts, role, name), shell_word(facts->arena, text));
		free(text);
	}
	json_decref(document);
}

void remedy_attach(const struct facts *facts, struct finding *finding, enum role role,
	const struct required_answers *answers, const char *policy_arn)
{
	if (finding->verdict != VERDICT_PASS && !is_said(facts, finding, role, answers))
		remedy_add(facts, finding, "iam attach-role-policy --role-name %s --policy-arn %s",
			role_word(facts, role), policy_arn);
}

void remedy_trust(const struct facts *facts, struct finding *finding, enum role role, const json_t *policy)
{
	char *text = json_dumps(policy, JSON_COMPACT);

	remedy_add(facts, finding, "iam update-assume-role-policy --role-name %s --policy-document %s",
		role_word(facts, role), shell_word(facts->arena, text));
	free(text);
}

json_t *remedy_trust_document(const struct facts *facts, enum role role)
{
	const json_t *document = tree_get(facts_tree(facts, role_facts[role].role),
		"Role.AssumeRolePolicyDocument");

	return tree_defer(facts->arena,
		json_is_string(document) ? json_loads(json_string_value(document), 0, NULL)
					 : json_deep_copy(document));
}

const json_t *remedy_trust_with(const struct facts *facts, enum role role, json_t *statement)
{
	json_t *policy = remedy_trust_document(facts, role);
	json_t *list = json_object_get(policy, "Statement");

	if (json_is_object(list)) {
		list = json_pack("[O]", list);
		json_object_set_new(policy, "Statement", list);
	}
	return json_array_append_new(list, statement) == 0 ? policy : NULL;
}
