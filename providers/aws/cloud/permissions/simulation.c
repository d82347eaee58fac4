/* SPDX-License-Identifier: Apache-2.0 */
/* Questions for IAM's policy simulator, and its answers compared with ours. */
#include "providers/aws/cloud/permissions/simulation.h"

#include "base/arena.h"
#include "base/tree.h"
#include "verify/plan.h"

enum { RESULTS_MAX = 1000 };

/* What each role is asked about; NULL ends it. */
static const struct required_list *const lists[][5] = {
	[ROLE_CONTROL_PLANE] = {&required_clusters, &required_pass_role, &required_services, &required_spot},
	[ROLE_NODE] = {&required_ecr},
};

/* Answers with one key share their call: the resource, and what decides the context (IAM is asked in one region). */
static const char *key_of(const struct facts *facts, const struct required_answer *answer)
{
	return arena_printf(facts->arena, "%s %#x%s", answer->resource, answer->context_flags,
		text_starts_with(answer->action, "iam:") ? " iam" : "");
}

static const char *type_of(const char *key)
{
	if (text_is_among(key, "aws:TagKeys aws:CalledVia"))
		return "stringList";
	return text_is_among(key, "aws:SecureTransport aws:ViaAWSService") ? "boolean" : "string";
}

/* Who asks is the simulator's own knowledge; what is absent or only begun cannot be given. */
static json_t *context_entries(const struct request_context *context)
{
	json_t *entries = json_array();

	for (size_t i = 0; i < context->count; i++) {
		const struct request_context_value *value = &context->values[i];

		if (value->values.count == 0 || value->open ||
			text_starts_with(value->key, "aws:Principal") || text_starts_with(value->key, "s3:"))
			continue;
		json_array_append_new(entries,
			json_pack("{s:s,s:o,s:s}", "ContextKeyName", value->key, "ContextKeyValues",
				tree_array(&value->values), "ContextKeyType", type_of(value->key)));
	}
	return entries;
}

static void ask_about(const struct facts *facts, const char *principal,
	const struct required_answers *answers, struct ask *ask)
{
	json_t *by_key = json_object(), *question;
	const char *key;

	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];

		key = key_of(facts, answer);
		if (!json_object_get(by_key, key))
			json_object_set_new(by_key, key,
				json_pack("{s:s,s:[],s:[s],s:o,s:i}", "PolicySourceArn", principal,
					"ActionNames", "ResourceArns", answer->resource, "ContextEntries",
					context_entries(&answer->context), "MaxItems", RESULTS_MAX));
		json_array_append_new(json_object_get(json_object_get(by_key, key), "ActionNames"),
			json_string(answer->action));
	}
	json_object_foreach (by_key, key, question)
		ask_add(ask, key, json_incref(question));
	json_decref(by_key);
}

void simulation_ask(const struct facts *facts, struct ask *ask)
{
	enum role role = ask->row->which;
	struct required_by by = {
		.cloud = facts->cloud,
		.role_arn = role_arn(facts, role),
		.role_id = role_id(facts, role),
		.profile_arn = node_profile_arn(facts),
		.now_ms = facts->now_ms,
	};
	struct access_policies policies;

	if (!by.role_arn || !by.role_id)
		return;
	policies = role_policies(facts, role);
	for (const struct required_list *const *list = lists[role]; *list; list++) {
		struct required_answers answers = required_decide(facts->arena, *list, &by, &policies);

		ask_about(facts, by.role_arn, &answers, ask);
	}
}

/* What the simulator said; "" when it said nothing of this answer. */
static const json_t *result_of(const struct facts *facts, const json_t *replies,
	const struct required_answer *answer)
{
	const json_t *reply = json_object_get(replies, key_of(facts, answer));

	TREE_EACH (result, reply, "EvaluationResults")
		if (text_equal_nocase(tree_text(result, "EvalActionName"), answer->action))
			return result;
	return NULL;
}

/* Service control policies are not seen here: what the simulator says of them is certain. */
static bool is_forbidden(const json_t *result)
{
	const json_t *allowed = tree_get(result, "OrganizationsDecisionDetail.AllowedByOrganizations");

	return allowed && !tree_bool(allowed, NULL);
}

static void cite(const struct facts *facts, const json_t *result, const struct required_answer *answer,
	struct finding *finding)
{
	static const char *const own_words[] = {
		[TRUTH_NO] = "not allowed",
		[TRUTH_MAYBE] = "not certain",
		[TRUTH_YES] = "allowed",
	};

	finding_evidence(facts, finding, "IAM's policy simulator says %s for %s on %s, decided here as %s%s",
		tree_text(result, "EvalDecision"), answer->action, answer->resource,
		own_words[answer->access.decision.allowed],
		is_forbidden(result) ? ": a policy of the organization forbids it" : "");
}

void simulation_compare(const struct facts *facts, enum role role, const struct required_answers *answers,
	struct finding *finding)
{
	unsigned fact = role_facts[role].simulation;
	const json_t *replies = facts_tree(facts, fact);
	struct text_list forbidden = {0};
	size_t same = 0, asked = 0;

	if (facts_lost(facts, fact))
		finding_evidence(facts, finding, "IAM's policy simulator could not be asked: %s",
			finding_lost(facts, fact).text);
	if (!replies)
		return;
	for (size_t i = 0; i < answers->count; i++) {
		const struct required_answer *answer = &answers->items[i];
		const json_t *result = result_of(facts, replies, answer);
		enum truth allowed = answer->access.decision.allowed;
		bool yes = text_equal(tree_text(result, "EvalDecision"), "allowed");

		if (!result)
			continue;
		asked++;
		if (is_forbidden(result) && allowed == TRUTH_YES &&
			!text_list_has(&forbidden, answer->action))
			text_list_add(facts->arena, &forbidden, answer->action);
		if (allowed != TRUTH_MAYBE && yes == (allowed == TRUTH_YES))
			same++;
		else
			cite(facts, result, answer, finding);
	}
	if (asked == 0)
		finding_evidence(facts, finding,
			"IAM's policy simulator did not answer: it does not know the role");
	else
		finding_evidence(facts, finding, "IAM's policy simulator agrees on %zu of %zu questions",
			same, asked);
	if (forbidden.count > 0 && finding->verdict == VERDICT_PASS) {
		finding->verdict = VERDICT_WARN;
		finding->text = arena_printf(facts->arena, "a policy of the organization forbids %s",
			text_join(facts->arena, &forbidden, ", "));
	}
}
