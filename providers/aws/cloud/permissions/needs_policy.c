/* SPDX-License-Identifier: Apache-2.0 */
/* Needs as IAM policy documents. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/cloud/permissions/needs.h"

enum { SID_MAX = 128 };

/*
 * Conditions that the actions of a statement have in common. Needs with one binding share a statement, which lists the
 * resources of all of them: an action is decided only on resources of its own kinds. Roles are the exception, because all
 * of them are one kind to IAM: needs that are about roles share a statement only when they are about the same ones.
 */
struct binding {
	const char *service; /* "ec2", and its word in a Sid */
	const char *word;
	const char *roles; /* words of the kinds of resources when these are roles, else "" */
	bool by_stack, tagged, made, narrow, anywhere;
};

struct permission_statement {
	struct binding binding;
	json_t *actions;
	struct text_list resources;
};

/* "control-plane role, node role" → "ControlPlaneRoleNodeRole" */
static const char *camel(struct arena *arena, const char *words)
{
	struct str text = {.arena = arena, .max = SID_MAX};
	bool first = true;

	for (; *words; words++) {
		bool letter = text_is_letter(*words);

		if (letter)
			str_putc(&text, first ? (char)(*words - 'a' + 'A') : *words);
		first = !letter;
	}
	return str_text(&text);
}

static const char *service_word(struct arena *arena, const char *service)
{
	static const struct {
		const char *service, *word;
	} words[] = {
		{"cloudformation", "CloudFormation"},
		{"ec2", "EC2"},
		{"elasticfilesystem", "EFS"},
		{"iam", "IAM"},
		{"kms", "KMS"},
		{"memorydb", "MemoryDB"},
		{"s3", "S3"},
		{"servicequotas", "ServiceQuotas"},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (text_equal(words[i].service, service))
			return words[i].word;
	return camel(arena, service);
}

static bool are_roles(const struct index_list *on)
{
	return on->count > 0 && strstr(kinds[on->items[0]].identifier, ":role/");
}

/* For what the action makes, or for the others that it is decided on. */
static struct binding binding_of(struct arena *arena, const struct need *need, bool made)
{
	const char *action = need->permission->action;
	const char *service = arena_strndup(arena, action, strcspn(action, ":"));
	const struct index_list *on = need_kinds(need, made);

	return (struct binding){
		.service = service,
		.word = service_word(arena, service),
		.roles = are_roles(on) ? need_words(arena, on) : "",
		.by_stack = need->by_stack,
		.tagged = need->permission->tagged && need->by_stack && !made,
		.made = need->by_stack && made,
		.narrow = need_is_narrow(on),
		.anywhere = need->permission->anywhere,
	};
}

static bool binding_equal(const struct binding *a, const struct binding *b)
{
	return text_equal(a->service, b->service) && text_equal(a->roles, b->roles) &&
		a->by_stack == b->by_stack && a->tagged == b->tagged && a->made == b->made &&
		a->narrow == b->narrow && a->anywhere == b->anywhere;
}

/* A different one for each binding. */
static const char *sid(struct arena *arena, const struct binding *binding)
{
	return arena_printf(arena, "%s%s%s%s%s%s", binding->by_stack ? "Stack" : "", binding->word,
		camel(arena, binding->roles), binding->narrow ? "" : "All",
		binding->tagged         ? "Tagged"
			: binding->made ? "New"
					: "",
		binding->anywhere ? "Anywhere" : "");
}

/* Add {operator: {key: value}}. */
static void add_condition(json_t *conditions, const char *op, const char *key, const char *value)
{
	json_t *keys = json_object_get(conditions, op);

	if (!keys) {
		keys = json_object();
		json_object_set_new(conditions, op, keys);
	}
	json_object_set_new(keys, key, json_string(value));
}

static const char *equals_or_like(const char *value)
{
	return strchr(value, '*') ? "StringLike" : "StringEquals";
}

/* New reference; empty when the statement has none. */
static json_t *conditions_of(struct arena *arena, const struct binding *binding,
	const struct permission_scope *scope)
{
	const char *id = scope->cloud && scope->cloud->id ? scope->cloud->id : "cld_*";
	json_t *conditions = json_object();

	if (binding->by_stack)
		add_condition(conditions, "StringEquals", "aws:CalledViaFirst",
			"cloudformation.amazonaws.com");
	if (binding->tagged)
		add_condition(conditions, equals_or_like(id), "aws:ResourceTag/cloudctl-cloud-id", id);
	if (binding->made)
		add_condition(conditions, equals_or_like(id), "aws:RequestTag/cloudctl-cloud-id", id);
	if (binding->by_stack && text_equal(binding->service, "kms")) {
		/* No source says whether the name has China's own suffix there. */
		const char *suffix = text_equal(scope->partition, "aws-cn") ? "*" : "";
		const char *via = arena_printf(arena, "elasticfilesystem.%s.amazonaws.com%s", scope->region,
			suffix);

		add_condition(conditions, equals_or_like(via), "kms:ViaService", via);
	}
	/* Where there is an ARN, it holds the region. */
	if (!binding->narrow && !binding->anywhere && !text_equal(scope->region, "*"))
		add_condition(conditions, "StringEquals", "aws:RequestedRegion", scope->region);
	return conditions;
}

static json_t *sorted(struct text_list *list)
{
	json_t *array = json_array();

	text_list_sort(list);
	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

static json_t *statement_tree(struct arena *arena, struct permission_statement *statement,
	const struct permission_scope *scope)
{
	json_t *conditions = conditions_of(arena, &statement->binding, scope);
	json_t *tree = json_pack("{s:s, s:s, s:O, s:o}", "Sid", sid(arena, &statement->binding), "Effect",
		"Allow", "Action", statement->actions, "Resource", sorted(&statement->resources));

	if (json_object_size(conditions) > 0)
		json_object_set(tree, "Condition", conditions);
	json_decref(conditions);
	return tree;
}

struct permission_statements {
	struct arena *arena;
	const struct permission_scope *scope;
	struct permission_statement *items;
	size_t count;
};

static struct permission_statement *statement_for(struct permission_statements *statements,
	const struct binding *binding)
{
	for (size_t i = 0; i < statements->count; i++)
		if (binding_equal(&statements->items[i].binding, binding))
			return &statements->items[i];
	statements->items[statements->count] = (struct permission_statement){.binding = *binding,
		.actions = json_array()};
	return &statements->items[statements->count++];
}

static void add_need(void *self, const struct need *need, bool made)
{
	struct permission_statements *statements = self;
	struct binding binding = binding_of(statements->arena, need, made);
	struct permission_statement *statement = statement_for(statements, &binding);

	json_array_append_new(statement->actions, json_string(need->permission->action));
	permission_resources(statements->arena, statements->scope, need_kinds(need, made),
		&statement->resources);
}

/* First what the caller does itself, then what CloudFormation does. */
static json_t *statements_of(struct arena *arena, const struct needs *needs,
	const struct permission_scope *scope)
{
	struct permission_statements statements = {arena, scope,
		NEW_ARRAY(arena, struct permission_statement, 2 * needs->count), 0};
	json_t *trees = json_array();

	needs_each(needs, false, add_need, &statements);
	needs_each(needs, true, add_need, &statements);
	for (size_t i = 0; i < statements.count; i++) {
		json_array_append_new(trees, statement_tree(arena, &statements.items[i], scope));
		json_decref(statements.items[i].actions);
	}
	return trees;
}

static json_t *empty_document(void)
{
	return json_pack("{s:s, s:[]}", "Version", "2012-10-17", "Statement");
}

size_t needs_policy_size(const json_t *document)
{
	char *text = json_dumps(document, JSON_COMPACT);
	size_t size = text ? strlen(text) : 0;

	free(text);
	return size;
}

json_t *needs_policy(struct arena *arena, const struct needs *needs, const struct permission_scope *scope)
{
	return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement",
		statements_of(arena, needs, scope));
}

json_t *needs_policy_parts(const json_t *policy)
{
	json_t *parts = json_array(), *part = NULL;

	TREE_EACH (statement, policy, "Statement") {
		size_t size = needs_policy_size(statement) + 1; /* and a comma */

		if (!part || needs_policy_size(part) + size > NEEDS_POLICY_MAX) {
			part = empty_document();
			json_array_append_new(parts, part);
		}
		json_array_append(json_object_get(part, "Statement"), (json_t *)statement);
	}
	return parts;
}
