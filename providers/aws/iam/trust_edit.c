/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust policies: who is let in, adding and taking out an external id, comparing. Statements and lists may be written
 * as a single value (IAM JSON policy grammar); every reader here goes through tree_at(), which does not care.
 */
#include "providers/aws/iam/trust_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"

static const char key_external_id[] = "sts:ExternalId";

/* Whom a statement's Principal names, as seen from one account. */
struct trust_named {
	bool account;
	bool others;   /* another account, a service, a federation */
	bool everyone; /* "*" or NotPrincipal */
};

/* "" for anything that is no string. */
static const char *string_at(const json_t *list, size_t i)
{
	const char *text = json_string_value(tree_at(list, i));

	return text ? text : "";
}

/* Field number of an ARN ("arn:aws:iam::123456789012:root": 4 is the account) compared with text. */
static bool arn_field_is(const char *arn, int number, const char *text)
{
	size_t length = strlen(text);

	for (int i = 0; i < number; i++) {
		arn = strchr(arn, ':');
		if (!arn)
			return false;
		arn++;
	}
	return strncmp(arn, text, length) == 0 && arn[length] == ':';
}

static bool is_of_account(const char *principal, const char *account)
{
	if (text_equal(principal, account))
		return true;
	return arn_field_is(principal, 0, "arn") && arn_field_is(principal, 4, account) &&
		(arn_field_is(principal, 2, "iam") || arn_field_is(principal, 2, "sts"));
}

static void name_principals(struct trust_named *named, const json_t *list, const char *account)
{
	for (size_t i = 0; i < tree_count(list); i++) {
		if (text_equal(string_at(list, i), "*"))
			named->everyone = true;
		else if (is_of_account(string_at(list, i), account))
			named->account = true;
		else
			named->others = true;
	}
}

static struct trust_named named_by(const json_t *statement, const char *account)
{
	struct trust_named named = {.everyone = json_object_get(statement, "NotPrincipal") != NULL};
	json_t *principal = json_object_get(statement, "Principal");
	const char *type;
	json_t *list;

	if (json_is_string(principal))
		name_principals(&named, principal, account);
	json_object_foreach (principal, type, list) {
		if (text_equal(type, "AWS"))
			name_principals(&named, list, account);
		else
			named.others = true;
	}
	return named;
}

static bool holds_pattern_for(const json_t *patterns, const char *action)
{
	for (size_t i = 0; i < tree_count(patterns); i++) {
		if (text_glob(string_at(patterns, i), action, true))
			return true;
	}
	return false;
}

static bool allows_assume_role(const json_t *statement)
{
	const json_t *not_action = json_object_get(statement, "NotAction");

	if (!text_equal(json_string_value(json_object_get(statement, "Effect")), "Allow"))
		return false;
	if (not_action)
		return !holds_pattern_for(not_action, "sts:AssumeRole");
	return holds_pattern_for(json_object_get(statement, "Action"), "sts:AssumeRole");
}

bool trust_admits_account(const json_t *statement, const char *account)
{
	return allows_assume_role(statement) && named_by(statement, account).account;
}

/* Does a condition say whose principals they must be? Keys: IAM User Guide, "AWS global condition context keys". */
static bool condition_limits_caller(const json_t *statement)
{
	static const char *const keys[] = {"aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID",
		"aws:PrincipalOrgPaths"};
	json_t *condition = json_object_get(statement, "Condition"), *op, *value;
	const char *name, *key;

	json_object_foreach (condition, name, op) {
		if (text_glob("*Not*", name, true) || text_equal_nocase(name, "Null"))
			continue;
		json_object_foreach (op, key, value) {
			for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
				if (text_equal_nocase(key, keys[i]))
					return true;
			}
		}
	}
	return false;
}

/* Operators under which one more value lets one more external id in, and without which none. */
static bool operator_takes_values(const char *name)
{
	return text_equal_nocase(name, "StringEquals") || text_equal_nocase(name, "StringLike") ||
		text_equal_nocase(name, "StringEqualsIgnoreCase");
}

/* {"Null": {"sts:ExternalId": "false"}}: "there must be one", which ours satisfies. */
static bool demands_presence(const char *op, const json_t *value)
{
	return text_equal_nocase(op, "Null") &&
		(json_is_false(value) || text_equal_nocase(string_at(value, 0), "false"));
}

static bool has_value(const json_t *list, const char *text)
{
	for (size_t i = 0; i < tree_count(list); i++) {
		if (text_equal(string_at(list, i), text))
			return true;
	}
	return false;
}

/* Put text beside the values of key in operator. */
static void add_value(json_t *op, const char *key, const json_t *values, const char *text)
{
	json_t *list = json_array();

	for (size_t i = 0; i < tree_count(values); i++)
		json_array_append_new(list, json_deep_copy(tree_at(values, i)));
	json_array_append_new(list, json_string(text));
	json_object_set_new(op, key, list);
}

static json_t *member_nocase(json_t *object, const char *name)
{
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		if (text_equal_nocase(key, name))
			return value;
	}
	return NULL;
}

static void add_new_condition(json_t *statement, json_t *condition, const char *external_id)
{
	json_t *op;

	if (!condition) {
		condition = json_object();
		json_object_set_new(statement, "Condition", condition);
	}
	op = member_nocase(condition, "StringEquals");
	if (!op) {
		op = json_object();
		json_object_set_new(condition, "StringEquals", op);
	}
	json_object_set_new(op, key_external_id, json_string(external_id));
}

/* Make one statement demand the id. The number (from 1) is for messages. */
static int demand(json_t *statement, size_t number, const char *external_id, bool *changed, struct error *err)
{
	json_t *condition = json_object_get(statement, "Condition"), *op, *value;
	const char *name, *key;
	bool found = false;

	json_object_foreach (condition, name, op) {
		json_object_foreach (op, key, value) {
			if (!text_equal_nocase(key, key_external_id) || demands_presence(name, value))
				continue;
			if (!operator_takes_values(name))
				return error_set(err, ERROR_FAILED,
					"statement %zu already has the condition %s on %s, to which no external id can be added; write it as StringEquals and try again",
					number, name, key);
			found = true;
			if (has_value(value, external_id))
				continue;
			add_value(op, key, value, external_id);
			*changed = true;
		}
	}
	if (!found) {
		add_new_condition(statement, condition, external_id);
		*changed = true;
	}
	return 0;
}

/* Does the statement, as it is, demand the id already? */
static bool demands_already(const json_t *statement, const char *external_id)
{
	json_t *copy = json_deep_copy(statement);
	bool changed = false;
	struct error ignored = {0};
	bool already = demand(copy, 0, external_id, &changed, &ignored) == 0 && !changed;

	json_decref(copy);
	return already;
}

/* Narrow one statement when it lets the account in; *admits is set then. */
static int narrow(json_t *statement, size_t number, const char *account, const char *external_id,
	bool *admits, bool *changed, struct error *err)
{
	struct trust_named named = named_by(statement, account);

	if (!allows_assume_role(statement))
		return 0;
	if (named.everyone && !condition_limits_caller(statement))
		return error_set(err, ERROR_FAILED,
			"statement %zu lets everyone in, not only account %s; name the account as its principal and try again",
			number, account);
	if (!named.account)
		return 0;
	*admits = true;
	if (demands_already(statement, external_id))
		return 0;
	if (named.others || named.everyone)
		return error_set(err, ERROR_FAILED,
			"statement %zu lets in account %s together with others, who would then need the external id too; give the account a statement of its own and try again",
			number, account);
	return demand(statement, number, external_id, changed, err);
}

/* The statements of a policy, NULL with *err set when it is none. */
static const json_t *statements_of(const json_t *policy, struct error *err)
{
	const json_t *statements = json_object_get(policy, "Statement");

	for (size_t i = 0; i < tree_count(statements); i++) {
		const json_t *condition = json_object_get(tree_at(statements, i), "Condition");
		const char *name;
		json_t *op;

		if (!json_is_object(tree_at(statements, i)) || (condition && !json_is_object(condition)))
			statements = NULL;
		json_object_foreach ((json_t *)condition, name, op) {
			if (!json_is_object(op))
				statements = NULL;
		}
	}
	if (tree_count(statements) == 0) {
		error_set(err, ERROR_INPUT, "the trust policy has no statements that can be read");
		return NULL;
	}
	return statements;
}

json_t *trust_add_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err)
{
	json_t *copy = json_deep_copy(policy);
	const json_t *statements = statements_of(copy, err);
	bool admits = false;

	*changed = false;
	if (!statements)
		goto fail;
	for (size_t i = 0; i < tree_count(statements); i++) {
		json_t *statement = (json_t *)tree_at(statements, i); /* ours: part of the copy */

		if (narrow(statement, i + 1, account, external_id, &admits, changed, err) < 0)
			goto fail;
	}
	if (admits)
		return copy;
	error_set(err, ERROR_FAILED,
		"no statement lets account %s assume the role; add one with \"Principal\": {\"AWS\": \"%s\"} and \"Action\": \"sts:AssumeRole\"",
		account, account);
fail:
	json_decref(copy);
	*changed = false;
	return NULL;
}

/* values without text: NULL when nothing is left, the value itself when it is the only one. New reference. */
static json_t *without_value(const json_t *values, const char *text)
{
	json_t *list = json_array(), *only;

	for (size_t i = 0; i < tree_count(values); i++) {
		if (!text_equal(string_at(values, i), text))
			json_array_append_new(list, json_deep_copy(tree_at(values, i)));
	}
	if (json_array_size(list) > 1)
		return list;
	only = json_incref(json_array_get(list, 0));
	json_decref(list);
	return only;
}

/* Take the id out of one operator; true when it was there. */
static bool forget_in_operator(json_t *op, const char *external_id)
{
	const char *key;
	json_t *value;
	void *next;
	bool changed = false;

	json_object_foreach_safe(op, next, key, value)
	{
		json_t *left;

		if (!text_equal_nocase(key, key_external_id) || !has_value(value, external_id))
			continue;
		changed = true;
		left = without_value(value, external_id);
		if (left)
			json_object_set_new(op, key, left);
		else
			json_object_del(op, key);
	}
	return changed;
}

static bool forget(json_t *statement, const char *external_id)
{
	json_t *condition = json_object_get(statement, "Condition"), *op;
	const char *name;
	void *next;
	bool changed = false;

	json_object_foreach_safe(condition, next, name, op)
	{
		if (!operator_takes_values(name) || !forget_in_operator(op, external_id))
			continue;
		changed = true;
		if (json_object_size(op) == 0)
			json_object_del(condition, name);
	}
	if (changed && json_object_size(condition) == 0)
		json_object_del(statement, "Condition");
	return changed;
}

json_t *trust_remove_external_id(const json_t *policy, const char *account, const char *external_id,
	bool *changed, struct error *err)
{
	json_t *copy = json_deep_copy(policy);
	const json_t *statements = statements_of(copy, err);

	*changed = false;
	if (!statements) {
		json_decref(copy);
		return NULL;
	}
	for (size_t i = 0; i < tree_count(statements); i++) {
		json_t *statement = (json_t *)tree_at(statements, i); /* ours: part of the copy */

		if (trust_admits_account(statement, account) && forget(statement, external_id))
			*changed = true;
	}
	return copy;
}

/* --- comparing: both sides are brought into one form and then compared as JSON --- */

static json_t *canonical(const json_t *value, const char *name);

/* "arn:aws:iam::123456789012:root" → "123456789012". */
static json_t *canonical_string(const char *text)
{
	static const char root[] = ":root";
	const char *account = strstr(text, ":iam::");

	if (arn_field_is(text, 0, "arn") && account && strlen(account) == 6 + 12 + 5 &&
		text_ends_with(text, root))
		return json_stringn(account + 6, 12);
	return json_string(text);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The elements as a sorted array of their JSON texts, or the element itself when there is one. */
static json_t *canonical_list(const json_t *list, const char *name)
{
	size_t count = json_array_size(list);
	char **texts;
	json_t *sorted;

	if (count == 1)
		return canonical(json_array_get(list, 0), name);
	texts = calloc(count + 1, sizeof(*texts));
	sorted = json_array();
	for (size_t i = 0; texts && i < count; i++) {
		json_t *element = canonical(json_array_get(list, i), name);

		texts[i] = json_dumps(element, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
		json_decref(element);
	}
	if (texts)
		qsort(texts, count, sizeof(*texts), compare_strings);
	for (size_t i = 0; texts && i < count; i++) {
		json_array_append_new(sorted, json_string(texts[i]));
		free(texts[i]);
	}
	free(texts);
	return sorted;
}

/* name is the member the value stands under: principals are compared as accounts, everything else as it is. */
static json_t *canonical(const json_t *value, const char *name)
{
	const char *key;
	json_t *member, *object;

	if (json_is_string(value) && text_equal(name, "AWS"))
		return canonical_string(json_string_value(value));
	if (json_is_array(value))
		return canonical_list(value, name);
	if (!json_is_object(value))
		return json_deep_copy(value);
	object = json_object();
	json_object_foreach ((json_t *)value, key, member) {
		if (!text_equal(key, "Condition") || json_object_size(member) > 0)
			json_object_set_new(object, key, canonical(member, key));
	}
	return object;
}

bool trust_equal(const json_t *a, const json_t *b)
{
	json_t *left = canonical(a, ""), *right = canonical(b, "");
	bool equal = json_equal(left, right) == 1;

	json_decref(left);
	json_decref(right);
	return equal;
}
