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
	bool by_stack, cleans, launches, tagged, made, narrow, anywhere;
};

struct permission_statement {
	const char *sid;
	struct binding binding;
	struct text_list actions, resources;
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
	return on->count > 0 && strstr(kinds[on->items[0]].identifier, ":role");
}

/* Words of those kinds of roles that the cloud can have. */
static const char *role_words(struct arena *arena, const struct permission_scope *scope,
	const struct index_list *on)
{
	unsigned *items = NEW_ARRAY(arena, unsigned, on->count);
	struct index_list there = {items, 0};

	for (size_t i = 0; i < on->count; i++) {
		struct text_list resources = {0};

		permission_resources(arena, scope, &(struct index_list){&on->items[i], 1}, &resources);
		if (resources.count > 0)
			items[there.count++] = on->items[i];
	}
	return need_words(arena, &there);
}

static struct binding binding_of(struct arena *arena, const struct need_way *way,
	const struct permission_scope *scope)
{
	const struct need *need = way->need;
	const char *action = need->permission->action;
	const char *service = arena_strndup(arena, action, strcspn(action, ":"));

	return (struct binding){
		.service = service,
		.word = service_word(arena, service),
		.roles = are_roles(way->on) ? role_words(arena, scope, way->on) : "",
		.by_stack = need->by_stack,
		.cleans = need->cleans,
		.launches = need->launches,
		.tagged = need_way_is_tagged(way, scope),
		.made = need->by_stack && way->made,
		.narrow = need_is_narrow(way->on),
		.anywhere = need->permission->anywhere,
	};
}

/* A different one for each binding, so that statements are told apart by it. */
static const char *sid_of(struct arena *arena, const struct binding *binding)
{
	return arena_printf(arena, "%s%s%s%s%s%s",
		binding->by_stack           ? "Stack"
			: binding->cleans   ? "Clean"
			: binding->launches ? "Launch"
					    : "",
		binding->word, camel(arena, binding->roles), binding->narrow ? "" : "All",
		binding->tagged         ? "Tagged"
			: binding->made ? "New"
					: "",
		binding->anywhere ? "Anywhere" : "");
}

/* Add {operator: {key: value}}; the value's reference is taken. */
static void add_condition(json_t *conditions, const char *op, const char *key, json_t *value)
{
	json_t *keys = json_object_get(conditions, op);

	if (!keys) {
		keys = json_object();
		json_object_set_new(conditions, op, keys);
	}
	json_object_set_new(keys, key, value);
}

static const char *equals_or_like(const char *value)
{
	return strchr(value, '*') ? "StringLike" : "StringEquals";
}

static void add_key_services(struct arena *arena, const struct permission_scope *scope, json_t *conditions)
{
	struct text_list services = needs_key_services(arena, scope, NULL), names = {0};
	/* No source says whether the names have China's own suffix there. */
	const char *suffix = text_equal(scope->partition, "aws-cn") ? "*" : "";

	for (size_t i = 0; i < services.count; i++)
		text_list_add(arena, &names, arena_printf(arena, "%s%s", services.items[i], suffix));
	if (names.count > 0)
		add_condition(conditions, equals_or_like(names.items[0]), "kms:ViaService",
			names.count > 1 ? tree_array(&names) : json_string(names.items[0]));
}

/* New reference; empty when the statement has none. */
static json_t *conditions_of(struct arena *arena, const struct binding *binding,
	const struct permission_scope *scope)
{
	const char *id = scope->cloud && scope->cloud->id ? scope->cloud->id : "cld_*";
	json_t *conditions = json_object();

	if (binding->by_stack)
		add_condition(conditions, "StringEquals", "aws:CalledViaFirst",
			json_string("cloudformation.amazonaws.com"));
	if (binding->cleans)
		add_condition(conditions, equals_or_like(id),
			arena_printf(arena, "aws:ResourceTag/%s", needs_cloud_tag(scope)), json_string(id));
	if (binding->launches && text_equal(binding->service, "ec2"))
		add_condition(conditions, "StringEquals", "ec2:CreateAction", json_string("RunInstances"));
	if (binding->tagged)
		add_condition(conditions, equals_or_like(id), "aws:ResourceTag/cloudctl-cloud-id",
			json_string(id));
	if (binding->made)
		add_condition(conditions, equals_or_like(id), "aws:RequestTag/cloudctl-cloud-id",
			json_string(id));
	if (binding->by_stack && text_equal(binding->service, "kms"))
		add_key_services(arena, scope, conditions);
	/* Where there is an ARN, it holds the region. */
	if (!binding->narrow && !binding->anywhere && !text_equal(scope->region, "*"))
		add_condition(conditions, "StringEquals", "aws:RequestedRegion", json_string(scope->region));
	return conditions;
}

static json_t *statement_tree(struct arena *arena, struct permission_statement *statement,
	const struct permission_scope *scope)
{
	json_t *conditions = conditions_of(arena, &statement->binding, scope), *tree;

	text_list_sort(&statement->resources);
	tree = json_pack("{s:s, s:s, s:o, s:o}", "Sid", statement->sid, "Effect", "Allow", "Action",
		tree_array(&statement->actions), "Resource", tree_array(&statement->resources));
	if (json_object_size(conditions) > 0)
		json_object_set(tree, "Condition", conditions);
	json_decref(conditions);
	return tree;
}

/* The statement for such a binding among so many, which has room for one more: a new one when there is none yet. */
static struct permission_statement *statement_for(struct arena *arena,
	struct permission_statement *statements, size_t *count, struct binding binding)
{
	const char *sid = sid_of(arena, &binding);

	for (size_t i = 0; i < *count; i++)
		if (text_equal(statements[i].sid, sid))
			return &statements[i];
	statements[*count] = (struct permission_statement){.sid = sid, .binding = binding};
	return &statements[(*count)++];
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
	struct need_ways ways = needs_ways(arena, needs);
	struct permission_statement *statements = NEW_ARRAY(arena, struct permission_statement, ways.count);
	json_t *trees = json_array();
	size_t count = 0;

	for (size_t i = 0; i < ways.count; i++) {
		const struct need_way *way = &ways.items[i];
		struct permission_statement *statement = statement_for(arena, statements, &count,
			binding_of(arena, way, scope));

		text_list_add(arena, &statement->actions, way->need->permission->action);
		permission_resources(arena, scope, way->on, &statement->resources);
	}
	for (size_t i = 0; i < count; i++)
		json_array_append_new(trees, statement_tree(arena, &statements[i], scope));
	return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", trees);
}

json_t *needs_policy_parts(const json_t *policy)
{
	json_t *parts = json_array(), *part = NULL;

	TREE_EACH (statement, policy, "Statement") {
		size_t size = needs_policy_size(statement) + 1; /* and a comma */

		if (!part || needs_policy_size(part) + size > NEEDS_POLICY_MAX) {
			part = json_pack("{s:s, s:[]}", "Version", "2012-10-17", "Statement");
			json_array_append_new(parts, part);
		}
		json_array_append(json_object_get(part, "Statement"), (json_t *)statement);
	}
	return parts;
}
