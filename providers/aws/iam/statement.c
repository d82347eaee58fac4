/* SPDX-License-Identifier: Apache-2.0 */
/* From JSON to statements. Refuses what AWS refuses, so that nothing is decided on a misread document. */
#include "providers/aws/iam/statement.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"

struct statement_reader {
	struct arena *arena;
	const char *wrong; /* the first thing that is wrong; NULL while all is well */
	size_t number;     /* statement being read */
};

static void refuse(struct statement_reader *reader, const char *what)
{
	if (!reader->wrong)
		reader->wrong = arena_printf(reader->arena, "statement %zu %s", reader->number, what);
}

/* Condition values may be numbers and booleans. */
static const char *scalar_text(struct statement_reader *reader, const json_t *value)
{
	char *dumped;
	const char *text;

	if (json_is_string(value))
		return json_string_value(value);
	if (!json_is_boolean(value) && !json_is_number(value))
		return NULL;
	dumped = json_dumps(value, JSON_ENCODE_ANY);
	text = arena_strdup(reader->arena, dumped);
	free(dumped);
	return text;
}

/* A string or a list of strings. */
static struct text_list read_list(struct statement_reader *reader, const json_t *value, const char *what)
{
	struct text_list list = {0};
	size_t count = json_is_array(value) ? json_array_size(value) : 1;

	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
		const char *text = scalar_text(reader, item);

		if (text)
			text_list_add(reader->arena, &list, text);
		else
			refuse(reader, arena_printf(reader->arena, "has %s that is not text", what));
	}
	return list;
}

/* "Action" or "NotAction": exactly one of the two. */
static struct text_list read_either(struct statement_reader *reader, const json_t *tree, const char *name,
	bool *negated, bool needed)
{
	const char *not_name = arena_printf(reader->arena, "Not%s", name);
	const json_t *plain = json_object_get(tree, name);
	const json_t *negative = json_object_get(tree, not_name);

	*negated = negative != NULL;
	if (plain && negative)
		refuse(reader, arena_printf(reader->arena, "has both %s and %s", name, not_name));
	if (!plain && !negative) {
		if (needed)
			refuse(reader, arena_printf(reader->arena, "has no %s", name));
		return (struct text_list){0};
	}
	return read_list(reader, plain ? plain : negative, name);
}

static void add_principals(struct statement_reader *reader, struct iam_statement *statement,
	enum principal_kind kind, const json_t *values)
{
	struct text_list list = read_list(reader, values, "a Principal");
	struct principal *grown = NEW_ARRAY(reader->arena, struct principal,
		statement->principal_count + list.count);

	if (statement->principal_count > 0)
		memcpy(grown, statement->principals, statement->principal_count * sizeof(*grown));
	for (size_t i = 0; i < list.count; i++)
		grown[statement->principal_count++] = (struct principal){kind, list.items[i]};
	statement->principals = grown;
}

static void read_principals(struct statement_reader *reader, struct iam_statement *statement,
	const json_t *tree)
{
	static const struct {
		const char *name;
		enum principal_kind kind;
	} kinds[] = {
		{"AWS", PRINCIPAL_AWS},
		{"Service", PRINCIPAL_SERVICE},
		{"Federated", PRINCIPAL_FEDERATED},
		{"CanonicalUser", PRINCIPAL_CANONICAL_USER},
	};
	const json_t *plain = json_object_get(tree, "Principal");
	const json_t *principals = plain ? plain : json_object_get(tree, "NotPrincipal");
	const char *name;
	json_t *values;

	statement->not_principal = !plain && principals;
	if (!principals)
		return;
	if (json_is_string(principals) && strcmp(json_string_value(principals), "*") == 0) {
		add_principals(reader, statement, PRINCIPAL_EVERYONE, principals);
		return;
	}
	if (!json_is_object(principals)) {
		refuse(reader, "has a Principal that is neither \"*\" nor an object");
		return;
	}
	json_object_foreach ((json_t *)principals, name, values) {
		size_t i = 0;

		while (i < ARRAY_LENGTH(kinds) && strcmp(kinds[i].name, name) != 0)
			i++;
		if (i < ARRAY_LENGTH(kinds))
			add_principals(reader, statement, kinds[i].kind, values);
		else
			refuse(reader,
				arena_printf(reader->arena, "has a Principal of the unknown kind %s", name));
	}
}

static size_t count_conditions(const json_t *conditions)
{
	size_t count = 0;
	const char *name;
	json_t *keys;

	json_object_foreach ((json_t *)conditions, name, keys)
		count += json_object_size(keys);
	return count;
}

static void read_conditions(struct statement_reader *reader, struct iam_statement *statement,
	const json_t *tree)
{
	const json_t *conditions = json_object_get(tree, "Condition");
	const char *name, *key;
	json_t *keys, *values;

	if (!conditions)
		return;
	if (!json_is_object(conditions)) {
		refuse(reader, "has a Condition that is not an object");
		return;
	}
	statement->conditions = NEW_ARRAY(reader->arena, struct condition, count_conditions(conditions));
	json_object_foreach ((json_t *)conditions, name, keys) {
		if (!json_is_object(keys))
			refuse(reader,
				arena_printf(reader->arena, "has a Condition whose %s is not an object",
					name));
		json_object_foreach (keys, key, values) {
			statement->conditions[statement->condition_count++] = (struct condition){
				.op = name,
				.key = key,
				.values = read_list(reader, values, "a condition value"),
			};
		}
	}
}

static void read_statement(struct statement_reader *reader, const json_t *tree,
	struct iam_statement *statement)
{
	const char *effect = tree_text(tree, "Effect");
	const char *sid = tree_text(tree, "Sid");

	statement->number = reader->number;
	if (!json_is_object(tree)) {
		refuse(reader, "is not an object");
		return;
	}
	statement->sid = *sid ? sid : NULL;
	statement->allow = strcmp(effect, "Allow") == 0;
	if (!statement->allow && strcmp(effect, "Deny") != 0)
		refuse(reader, "has no Effect");
	statement->actions = read_either(reader, tree, "Action", &statement->not_action, true);
	statement->resources = read_either(reader, tree, "Resource", &statement->not_resource, false);
	read_principals(reader, statement, tree);
	read_conditions(reader, statement, tree);
}

/* The document itself, kept by the arena because statements point into it. NULL when it is not an object. */
static const json_t *open_document(struct arena *arena, const json_t *document)
{
	json_t *kept = NULL;

	if (json_is_object(document))
		kept = json_incref((json_t *)document);
	else if (json_is_string(document))
		kept = json_loadb(json_string_value(document), json_string_length(document),
			JSON_REJECT_DUPLICATES, NULL);
	tree_defer(arena, kept);
	return json_is_object(kept) ? kept : NULL;
}

bool policy_read(struct arena *arena, const json_t *document, struct iam_policy *policy, const char **wrong)
{
	struct statement_reader reader = {.arena = arena};
	const json_t *tree = open_document(arena, document);
	const json_t *list = json_object_get(tree, "Statement");

	*policy = (struct iam_policy){0};
	if (!tree || !list) {
		*wrong = tree ? "it has no Statement" : "it is not a JSON object";
		return false;
	}
	policy->variables = strcmp(tree_text(tree, "Version"), "2012-10-17") == 0;
	policy->statements = NEW_ARRAY(arena, struct iam_statement, tree_count(list));
	for (size_t i = 0; i < tree_count(list); i++) {
		reader.number = i + 1;
		read_statement(&reader, tree_at(list, i), &policy->statements[policy->count++]);
	}
	*wrong = reader.wrong;
	return !reader.wrong;
}

const char *statement_name(struct arena *arena, const struct iam_statement *statement)
{
	if (!statement->sid)
		return arena_printf(arena, "statement %zu", statement->number);
	return arena_printf(arena, "statement %zu (%s)", statement->number, statement->sid);
}

const char *condition_text(struct arena *arena, const struct condition *condition)
{
	return arena_printf(arena, "%s %s [%s]", condition->op, condition->key,
		text_join(arena, &condition->values, ", "));
}
