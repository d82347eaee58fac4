/* SPDX-License-Identifier: Apache-2.0 */
/* Where the control-plane role ends: which tag its policies demand, and what it can change without any. */
#include "providers/aws/cloud/checks/catalogue.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/permissions/required_actions.h"
#include "providers/aws/cloud/permissions/role_policies.h"
#include "providers/aws/iam/arn.h"

#define POLICIES "the policies of the control-plane role"

static struct required_answers ask(const struct facts *facts, const struct required_list *list,
	const struct access_policies *policies)
{
	const struct required_by by = {
		.cloud = facts->cloud,
		.role_arn = role_arn(facts, ROLE_CONTROL_PLANE),
		.role_id = role_id(facts, ROLE_CONTROL_PLANE),
		.profile_arn = node_profile_arn(facts),
		.now_ms = facts->now_ms,
	};

	return required_decide(facts->arena, list, &by, policies);
}

/* --- the tag --- */

/* A condition of an Allow for launches on a tag in the request; NULL: it is none. */
static const char *tag_key(const struct condition *condition)
{
	return text_glob("aws:RequestTag/?*", condition->key, true) ? strchr(condition->key, '/') + 1 : NULL;
}

static bool is_launch(const struct iam_statement *statement)
{
	bool listed = false;

	for (size_t i = 0; i < statement->actions.count; i++)
		listed = listed || text_glob(statement->actions.items[i], "ec2:RunInstances", true);
	return statement->allow && listed != statement->not_action;
}

struct demand {
	const struct iam_statement *statement;
	const struct condition *condition;
};

/* The first condition on a tag of what is launched that is not on this key, or NULL: any key. */
static bool find_demand(const struct access_policies *policies, const char *but, struct demand *demand)
{
	for (size_t i = 0; i < policies->identity_count; i++)
		for (size_t k = 0; k < policies->identity[i].policy.count; k++) {
			const struct iam_statement *statement = &policies->identity[i].policy.statements[k];

			for (size_t m = 0; m < statement->condition_count && is_launch(statement); m++) {
				const char *key = tag_key(&statement->conditions[m]);

				*demand = (struct demand){statement, &statement->conditions[m]};
				if (key && !text_equal_nocase(key, but))
					return true;
			}
		}
	return false;
}

/* The tag of another key, or with another value. */
static struct finding judge_other_tag(const struct facts *facts, const struct demand *demand,
	const char *sent)
{
	struct arena *arena = facts->arena;
	const char *key = tag_key(demand->condition);
	bool of_another = text_equal_nocase(key, sent);
	struct finding finding = of_another
		? finding_make(facts, VERDICT_FAIL,
			  "instances must be launched with the tag %s of another cloud: %s, not %s", key,
			  text_join(arena, &demand->condition->values, ", "), facts->cloud->id)
		: finding_make(facts, VERDICT_FAIL,
			  "instances must be launched with the tag %s, but the control plane sends %s", key,
			  sent);

	finding_evidence(facts, &finding, "%s: condition %s", statement_name(arena, demand->statement),
		condition_text(arena, demand->condition));
	if (!remedy_is_stacks(facts, &finding, POLICIES) && !of_another)
		remedy_say(facts, &finding,
			"register the cloud with --cloud-tag %s if that is what its control plane sends; else let the conditions of %s demand %s",
			key, arn_name(role_arn(facts, ROLE_CONTROL_PLANE)), sent);
	return finding;
}

struct finding check_iam_control_plane_tag(const struct facts *facts)
{
	const char *sent = cloud_tag_sent(facts->cloud);
	struct access_policies policies = role_policies(facts, ROLE_CONTROL_PLANE);
	struct required_answers answers = ask(facts, &required_launch, &policies);
	const struct access *launch = &answers.items[0].access;
	struct demand demand;

	if (launch->decision.allowed != TRUTH_YES && launch->wrong)
		return finding_make(facts, VERDICT_UNKNOWN, "it is not known which tag is demanded: %s",
			access_text(facts->arena, launch));
	if (launch->decision.allowed == TRUTH_NO &&
		(find_demand(&policies, sent, &demand) || find_demand(&policies, NULL, &demand)))
		return judge_other_tag(facts, &demand, sent);
	if (!find_demand(&policies, NULL, &demand))
		return finding_make(facts, VERDICT_PASS, "no tag is demanded of instances that are launched");
	return finding_make(facts, VERDICT_PASS,
		"instances must be launched with the tag %s, which the control plane sends",
		tag_key(demand.condition));
}

/* --- what is not the cloud's --- */

/* Actions and, in brackets, what they let the role do; each that is not refused, once. */
struct reach {
	struct text_list actions;
	bool certain;                /* some action is allowed for sure */
	const struct access *unseen; /* not decided for want of a policy's text */
};

static void look_at(const struct facts *facts, const struct required_answer *answer, struct reach *reach,
	struct finding *finding)
{
	const struct access *access = &answer->access;

	if (access->decision.allowed == TRUTH_NO)
		return;
	if (access->wrong) {
		reach->unseen = access;
		return;
	}
	reach->certain = reach->certain || access->decision.allowed == TRUTH_YES;
	text_list_add_once(facts->arena, &reach->actions, answer->action);
	finding_evidence(facts, finding, "%s: could %s (%s)", answer->action, answer->lets,
		access_text(facts->arena, access));
}

static const char *some_of(struct arena *arena, const struct text_list *actions)
{
	enum { NAMED = 3 };
	const struct text_list first = {actions->items, actions->count < NAMED ? actions->count : NAMED};
	const char *names = text_join(arena, &first, ", ");

	return actions->count <= NAMED
		? names
		: arena_printf(arena, "%s and %zu more", names, actions->count - NAMED);
}

struct finding check_iam_control_plane_reach(const struct facts *facts)
{
	struct access_policies policies = role_policies(facts, ROLE_CONTROL_PLANE);
	struct required_answers answers = ask(facts, &required_reach, &policies);
	struct finding finding = finding_make(facts, VERDICT_PASS,
		"the control-plane role can change nothing that is not this cloud's");
	struct reach reach = {0};

	for (size_t i = 0; i < answers.count; i++)
		look_at(facts, &answers.items[i], &reach, &finding);
	if (reach.actions.count == 0 && reach.unseen)
		return finding_make(facts, VERDICT_UNKNOWN,
			"it is not known what the control-plane role can change: %s",
			access_text(facts->arena, reach.unseen));
	if (reach.actions.count == 0)
		return finding;
	finding.verdict = VERDICT_WARN;
	finding.text = arena_printf(facts->arena,
		"the control-plane role %s change what is not this cloud's: %s",
		reach.certain ? "can" : "perhaps can", some_of(facts->arena, &reach.actions));
	if (!remedy_is_stacks(facts, &finding, POLICIES))
		remedy_say(facts, &finding,
			"allow %s these actions only under a condition on aws:ResourceTag/%s, and tagging only under one on the action that creates; the policy in 'cloudctl template' does",
			arn_name(role_arn(facts, ROLE_CONTROL_PLANE)), cloud_tag_sent(facts->cloud));
	return finding;
}
