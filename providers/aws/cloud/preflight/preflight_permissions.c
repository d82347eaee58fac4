/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the caller may do what setup does: put to IAM's policy simulator, which sees identity policies, the boundary
 * and an organization's policies, but neither session policies nor what a network or a device proves. So what depends on
 * a condition that is not known here is a warning, and what only a check looks at is one, too.
 */
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_parts.h"
#include "providers/aws/cloud/setup_choices.h"

enum { SHOWN = 40 }; /* lines of evidence; the text counts them all */

json_t *preflight_permissions(struct arena *arena, const struct caller_principal *caller,
	const struct needs *needs, const struct permission_scope *scope)
{
	json_t *questions = json_array(), *for_checks = json_array();

	if (caller->principal && !caller->root) {
		json_decref(questions);
		questions = needs_questions(arena, needs, scope, caller->principal);
	}
	for (size_t i = 0; i < needs->count; i++)
		if (needs->items[i].for_checks)
			json_array_append_new(for_checks, json_string(needs->items[i].permission->action));
	return json_pack("{s:s, s:s*, s:b, s:o, s:o}", "caller", caller->arn, "unread", caller->role_unread,
		"root", caller->root, "questions", questions, "for_checks", for_checks);
}

/* The same number for the question and its answer. */
static const char *key_of(const struct facts *facts, size_t number)
{
	return arena_printf(facts->arena, "%zu", number);
}

void permissions_ask(const struct facts *facts, struct ask *ask)
{
	size_t number = 0;

	TREE_EACH (question, facts_tree(facts, PREFLIGHT_PERMISSIONS), "questions")
		ask_add(ask, key_of(facts, number++), json_incref((json_t *)question));
}

static struct missing_permissions read_answers(const struct facts *facts)
{
	const json_t *answers = facts_tree(facts, PREFLIGHT_SIMULATION);
	struct missing_permissions missing = {0};
	size_t number = 0;

	TREE_EACH (question, facts_tree(facts, PREFLIGHT_PERMISSIONS), "questions")
		needs_read_answer(facts->arena, question, json_object_get(answers, key_of(facts, number++)),
			&missing);
	return missing;
}

/* What is missing: first what the work needs, then what only checks need, last what is uncertain. Each action once. */
enum weight { HINDERS, HIDES, UNCERTAIN, WEIGHTS };

static enum weight weight_of(const struct facts *facts, const struct missing_permission *one)
{
	const json_t *permissions = facts_tree(facts, PREFLIGHT_PERMISSIONS);

	if (one->uncertain)
		return UNCERTAIN;
	return tree_find(permissions, "for_checks", NULL, one->action) ? HIDES : HINDERS;
}

static struct text_list actions_of(const struct facts *facts, const struct missing_permissions *missing,
	enum weight weight)
{
	struct text_list actions = {0};

	for (size_t i = 0; i < missing->count; i++)
		if (weight_of(facts, &missing->items[i]) == weight)
			text_list_add_once(facts->arena, &actions, missing->items[i].action);
	return actions;
}

/* The first that the policy which `policy` prints would not allow: something denies it, or limits what may be allowed. */
static const struct missing_permission *standing_against(const struct missing_permissions *missing)
{
	for (size_t i = 0; i < missing->count; i++)
		if (!missing->items[i].lacking && !missing->items[i].uncertain)
			return &missing->items[i];
	return NULL;
}

/* What setup can add to its requests: for iam:PermissionsBoundary, and for aws:RequestTag/KEY, whose key may have a '/'. */
static const char *demand_text(struct arena *arena, const char *key)
{
	const char *tag = strchr(key, '/');

	return tag ? arena_printf(arena, "the tag %s (cloudctl setup --tag %s=VALUE)", tag + 1, tag + 1)
		   : "a permissions boundary for the roles (cloudctl setup --permissions-boundary ARN)";
}

/* What the policies that refuse demand of the requests; "" when they demand nothing that can be given. */
static const char *demands_text(struct arena *arena, const struct missing_permissions *missing)
{
	struct text_list texts = {0};

	for (size_t i = 0; i < missing->count; i++)
		for (size_t k = 0; k < missing->items[i].demands.count; k++)
			text_list_add_once(arena, &texts,
				demand_text(arena, missing->items[i].demands.items[k]));
	return text_join(arena, &texts, ", ");
}

static struct finding judge_missing(const struct facts *facts, const struct missing_permissions *missing)
{
	static const char *const said[WEIGHTS] = {
		[HINDERS] = "may not do",
		[HIDES] = "may not read with",
		[UNCERTAIN] = "may or may not do",
	};
	struct text_list parts = {0};
	const struct aws_cloud *section = aws_cloud(facts->cloud);
	const struct missing_permission *against;
	enum verdict verdict = VERDICT_WARN;
	const char *demands;
	struct finding finding;

	for (enum weight weight = 0; weight < WEIGHTS; weight++) {
		const struct text_list actions = actions_of(facts, missing, weight);

		if (actions.count == 0)
			continue;
		if (weight == HINDERS)
			verdict = VERDICT_FAIL;
		text_list_add(facts->arena, &parts,
			arena_printf(facts->arena, "%s %s", said[weight],
				text_join(facts->arena, &actions, ", ")));
	}
	finding = finding_make(facts, verdict, "%s %s",
		tree_text(facts_tree(facts, PREFLIGHT_PERMISSIONS), "caller"),
		text_join(facts->arena, &parts, "; "));
	against = standing_against(missing);
	demands = demands_text(facts->arena, missing);
	finding.remedy_kind = REMEDY_DO;
	if (*demands)
		finding.remedy = arena_printf(facts->arena, "give what the policies demand: %s", demands);
	else if (against)
		finding.remedy = arena_printf(facts->arena,
			"change what stands against %s, which no further policy overrides: %s",
			against->action, against->why);
	else
		finding.remedy = arena_printf(facts->arena,
			"cloudctl policy setup%s%s%s --region %s --account %s   # attach the policy it prints",
			section->resources.memorydb_cluster ? " --enable-head-node-fault-tolerance" : "",
			facts->cloud->networking == NETWORKING_PRIVATE ? " --private-network" : "",
			setup_choices_words(facts->arena, &section->setup), facts->cloud->region,
			facts->cloud->account);
	for (size_t i = 0; i < missing->count && i < SHOWN; i++)
		finding_evidence(facts, &finding, "%s on %s: %s", missing->items[i].action,
			missing->items[i].resource, missing->items[i].why);
	return finding;
}

/* IAM knows no such role: the session's has a path, which could not be read. */
static struct finding unknown_principal(const struct facts *facts, const json_t *permissions)
{
	const char *unread = tree_text(permissions, "unread");
	struct finding finding = finding_make(facts, VERDICT_UNKNOWN, "IAM cannot find the role of %s%s%s",
		tree_text(permissions, "caller"), *unread ? ", whose path could not be read: " : "", unread);

	finding.action = *unread ? "iam:GetRole" : NULL;
	return finding;
}

struct finding check_preflight_permissions(const struct facts *facts)
{
	const json_t *permissions = facts_tree(facts, PREFLIGHT_PERMISSIONS);
	const char *caller = tree_text(permissions, "caller");
	struct missing_permissions missing;

	if (tree_bool(permissions, "root"))
		return finding_make(facts, VERDICT_PASS, "%s is the root user", caller);
	if (tree_count(tree_get(permissions, "questions")) == 0)
		return finding_make(facts, VERDICT_UNKNOWN,
			"IAM's policy simulator works for users and roles, not for %s", caller);
	if (json_is_null(json_object_get(facts_tree(facts, PREFLIGHT_SIMULATION), key_of(facts, 0))))
		return unknown_principal(facts, permissions);
	missing = read_answers(facts);
	if (missing.count > 0)
		return judge_missing(facts, &missing);
	return finding_make(facts, VERDICT_PASS, "%s may do everything that setup does", caller);
}
