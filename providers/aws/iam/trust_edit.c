/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust policies: adding and taking out an external id, comparing. What a statement means is asked of the policy as it
 * is read; what is changed is the same statement of a copy.
 */
#include "providers/aws/iam/trust_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/trust_policy.h"

static const char key_external_id[] = "sts:ExternalId";

struct trust_edit {
	struct arena *arena;
	const char *account, *external_id;
	struct iam_policy policy; /* as it was */
	json_t *copy;
	bool changed;
	bool admits; /* a statement lets the account in under the external id and not without it */
};

static int read_policy(struct arena *arena, const json_t *document, struct iam_policy *policy,
	struct error *err)
{
	const char *wrong;

	if (!json_is_object(document))
		return error_set(err, ERROR_INPUT, "the trust policy is not a JSON object");
	if (!policy_read(arena, document, policy, &wrong))
		return error_set(err, ERROR_INPUT, "the trust policy cannot be read: %s", wrong);
	if (policy->count == 0)
		return error_set(err, ERROR_INPUT, "the trust policy has no statements");
	return 0;
}

static json_t *statement_in_copy(const struct trust_edit *edit, const struct iam_statement *statement)
{
	/* ours: part of the copy */
	return (json_t *)tree_at(json_object_get(edit->copy, "Statement"), statement->number - 1);
}

/* Operators under which one more value lets one more external id in, and without which none. */
static bool takes_values(const char *op)
{
	return text_equal(op, "StringEquals") || text_equal(op, "StringLike") ||
		text_equal(op, "StringEqualsIgnoreCase");
}

/* {"Null": {"sts:ExternalId": "false"}}: "there must be one", which ours satisfies. */
static bool demands_presence(const struct condition *condition)
{
	return text_equal(condition->op, "Null") && condition->values.count > 0 &&
		text_equal_nocase(condition->values.items[0], "false");
}

static json_t *object_in(json_t *object, const char *name)
{
	json_t *member = json_object_get(object, name);

	if (!member) {
		member = json_object();
		json_object_set_new(object, name, member);
	}
	return member;
}

/* A new list of the values, without one of them and with another; NULL: none. */
static json_t *list_of(const struct text_list *values, const char *without, const char *with)
{
	json_t *list = json_array();

	for (size_t i = 0; i < values->count; i++)
		if (!text_equal(values->items[i], without))
			json_array_append_new(list, json_string(values->items[i]));
	if (with)
		json_array_append_new(list, json_string(with));
	return list;
}

/* Make one statement demand the external id. */
static int add_to_statement(struct trust_edit *edit, const struct iam_statement *statement, struct error *err)
{
	json_t *conditions = object_in(statement_in_copy(edit, statement), "Condition");
	bool found = false;

	for (size_t i = 0; i < statement->condition_count; i++) {
		const struct condition *condition = &statement->conditions[i];

		if (!text_equal_nocase(condition->key, key_external_id) || demands_presence(condition))
			continue;
		if (!takes_values(condition->op))
			return error_set(err, ERROR_FAILED,
				"%s already has the condition %s on %s, to which no external id can be added; write it as StringEquals and try again",
				statement_name(edit->arena, statement), condition->op, condition->key);
		found = true;
		if (!text_list_has(&condition->values, edit->external_id))
			json_object_set_new(json_object_get(conditions, condition->op), condition->key,
				list_of(&condition->values, NULL, edit->external_id));
	}
	if (!found)
		json_object_set_new(object_in(conditions, "StringEquals"), key_external_id,
			json_string(edit->external_id));
	edit->changed = true;
	return 0;
}

static bool names_others(const struct iam_statement *statement, const char *account)
{
	const struct caller caller = {.account = account};

	for (size_t i = 0; i < statement->principal_count; i++)
		if (principal_matches(&statement->principals[i], &caller) == TRUTH_NO)
			return true;
	return false;
}

static struct trust trust_of(const struct trust_edit *edit, const struct iam_policy *policy)
{
	return (struct trust){.arena = edit->arena, .policy = policy, .account = edit->account};
}

/*
 * Does the account get in under the external id, and without it in no way but under ids that the policy lists? Those
 * are of other clouds, which whoever wrote them knows.
 */
static bool demands_id(const struct trust *trust, const char *external_id)
{
	struct trust_gap gap = trust_policy_gap(trust, external_id);

	return (gap.decision.allowed == TRUTH_NO || gap.listed) &&
		trust_policy_external_id(trust, external_id).allowed != TRUTH_NO;
}

/* See that a statement that lets the account in demands the external id. */
static int narrow(struct trust_edit *edit, struct iam_statement *statement, struct error *err)
{
	const struct iam_policy alone = {statement, 1, edit->policy.variables};
	const struct trust trust = trust_of(edit, &alone);
	const char *account = edit->account, *name = statement_name(edit->arena, statement);

	if (!statement->allow)
		return 0;
	if (trust_policy_anybody(&trust).allowed != TRUTH_NO)
		return error_set(err, ERROR_FAILED,
			"%s lets everyone in, not only account %s; name the account as its principal and try again",
			name, account);
	if (trust_policy_account(&trust).allowed == TRUTH_NO)
		return 0;
	if (demands_id(&trust, edit->external_id)) {
		edit->admits = true;
		return 0;
	}
	if (!trust_policy_names(statement, account))
		return trust_policy_gap(&trust, edit->external_id).organization
			? 0
			: error_set(err, ERROR_FAILED,
				  "%s lets account %s in without naming it; name the account as its principal and try again",
				  name, account);
	if (names_others(statement, account))
		return error_set(err, ERROR_FAILED,
			"%s lets in account %s together with others, who would then need the external id too; give the account a statement of its own and try again",
			name, account);
	edit->admits = true;
	return add_to_statement(edit, statement, err);
}

/* What the statements say together: a Deny, or a pattern, may thwart what each of them says. */
static int check_result(const struct trust_edit *edit, struct error *err)
{
	struct iam_policy policy = {0};
	const struct trust trust = trust_of(edit, &policy);
	struct decision with;
	struct trust_gap gap;

	if (read_policy(edit->arena, edit->copy, &policy, err) < 0)
		return -1;
	with = trust_policy_external_id(&trust, edit->external_id);
	if (with.allowed == TRUTH_NO && with.by)
		return error_set(err, ERROR_FAILED,
			"%s keeps account %s out; except the account from it and try again",
			statement_name(edit->arena, with.by), edit->account);
	if (with.allowed == TRUTH_NO || !edit->admits)
		return error_set(err, ERROR_FAILED,
			"no statement lets account %s assume the role; add one with \"Principal\": {\"AWS\": \"%s\"} and \"Action\": \"sts:AssumeRole\"",
			edit->account, edit->account);
	gap = trust_policy_gap(&trust, edit->external_id);
	if (gap.decision.allowed == TRUTH_NO || gap.organization || gap.listed)
		return 0;
	return error_set(err, ERROR_FAILED,
		"%s lets account %s in under other external ids as well; write those that are meant with StringEquals, without a pattern, and try again",
		gap.decision.by ? statement_name(edit->arena, gap.decision.by) : "it may be that the policy",
		edit->account);
}

/* The account gets in under the external id and not without it, and nobody does whom no statement names. */
static bool is_narrow(const struct trust_edit *edit)
{
	const struct trust trust = trust_of(edit, &edit->policy);

	return demands_id(&trust, edit->external_id) && trust_policy_anybody(&trust).allowed == TRUTH_NO;
}

static int add_to_policy(struct trust_edit *edit, struct error *err)
{
	if (is_narrow(edit))
		return 0;
	for (size_t i = 0; i < edit->policy.count; i++)
		if (narrow(edit, &edit->policy.statements[i], err) < 0)
			return -1;
	return check_result(edit, err);
}

/* Take the external id out of one statement, and what is empty then. */
static void remove_from_statement(struct trust_edit *edit, const struct iam_statement *statement)
{
	json_t *tree = statement_in_copy(edit, statement), *conditions = json_object_get(tree, "Condition");

	for (size_t i = 0; i < statement->condition_count; i++) {
		const struct condition *condition = &statement->conditions[i];
		json_t *op = json_object_get(conditions, condition->op), *left;

		if (!text_equal_nocase(condition->key, key_external_id) || !takes_values(condition->op) ||
			!text_list_has(&condition->values, edit->external_id))
			continue;
		edit->changed = true;
		left = list_of(&condition->values, edit->external_id, NULL);
		if (json_array_size(left) > 0)
			json_object_set(op, condition->key,
				json_array_size(left) > 1 ? left : json_array_get(left, 0));
		else
			json_object_del(op, condition->key);
		json_decref(left);
		if (json_object_size(op) == 0)
			json_object_del(conditions, condition->op);
		if (json_object_size(conditions) == 0)
			json_object_del(tree, "Condition");
	}
}

static int remove_from_policy(struct trust_edit *edit, struct error *err)
{
	(void)err;
	for (size_t i = 0; i < edit->policy.count; i++)
		if (trust_policy_names(&edit->policy.statements[i], edit->account))
			remove_from_statement(edit, &edit->policy.statements[i]);
	return 0;
}

static json_t *edit_policy(const json_t *policy, int (*change)(struct trust_edit *edit, struct error *err),
	const char *account, const char *external_id, bool *changed, struct error *err)
{
	struct arena arena = {0};
	struct trust_edit edit = {.arena = &arena, .account = account, .external_id = external_id};
	json_t *result = NULL;

	edit.copy = tree_defer(&arena, json_deep_copy(policy));
	*changed = false;
	if (read_policy(&arena, policy, &edit.policy, err) == 0 && change(&edit, err) == 0) {
		*changed = edit.changed;
		result = json_incref(edit.copy);
	}
	arena_free(&arena);
	return result;
}

json_t *trust_add_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err)
{
	return edit_policy(policy, add_to_policy, account, external_id, changed, err);
}

json_t *trust_remove_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err)
{
	return edit_policy(policy, remove_from_policy, account, external_id, changed, err);
}

/* --- comparing: both sides are brought into one form and then compared as JSON --- */

static json_t *canonical(struct arena *arena, const json_t *value, const char *name);

/* "arn:aws:iam::123456789012:root" → "123456789012". */
static json_t *canonical_principal(const char *text)
{
	size_t length;
	const char *account = arn_find(text, ARN_ACCOUNT, &length);

	if (account && arn_field_is(text, ARN_SERVICE, "iam") && arn_field_is(text, ARN_RESOURCE, "root"))
		return json_stringn(account, length);
	return json_string(text);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The elements as a sorted array of their JSON texts, or the element itself when there is one. */
static json_t *canonical_list(struct arena *arena, const json_t *list, const char *name)
{
	size_t count = json_array_size(list);
	json_t *sorted;
	char **texts;

	if (count == 1)
		return canonical(arena, json_array_get(list, 0), name);
	texts = NEW_ARRAY(arena, char *, count);
	sorted = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *element = canonical(arena, json_array_get(list, i), name);
		char *text = json_dumps(element, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);

		texts[i] = arena_strdup(arena, text);
		free(text);
		json_decref(element);
	}
	qsort(texts, count, sizeof(*texts), compare_strings);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(sorted, json_string(texts[i]));
	return sorted;
}

/* name is the member that value belongs to: principals are compared as accounts, everything else as it is. */
static json_t *canonical(struct arena *arena, const json_t *value, const char *name)
{
	const char *key;
	json_t *member, *object;

	if (json_is_string(value) && text_equal(name, "AWS"))
		return canonical_principal(json_string_value(value));
	if (json_is_array(value))
		return canonical_list(arena, value, name);
	if (!json_is_object(value))
		return json_deep_copy(value);
	object = json_object();
	json_object_foreach ((json_t *)value, key, member) {
		if (!text_equal(key, "Condition") || json_object_size(member) > 0)
			json_object_set_new(object, key, canonical(arena, member, key));
	}
	return object;
}

bool trust_equal(const json_t *a, const json_t *b)
{
	struct arena arena = {0};
	json_t *left = tree_defer(&arena, canonical(&arena, a, ""));
	json_t *right = tree_defer(&arena, canonical(&arena, b, ""));
	bool equal = json_equal(left, right) == 1;

	arena_free(&arena);
	return equal;
}
