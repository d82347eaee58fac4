/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/iam/access_test_case.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/iam/arn.h"

static bool lists(const json_t *list, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (text_equal(json_string_value(json_array_get(list, i)), name))
			return true;
	return false;
}

static struct request_text read_resource(struct arena *arena, const char *text)
{
	size_t length = strlen(text);

	if (length > 1 && text[length - 1] == '*')
		return (struct request_text){arena_strndup(arena, text, length - 1), true};
	return (struct request_text){*text ? text : NULL, false};
}

static struct request_context read_context(struct arena *arena, const json_t *tree)
{
	json_t *keys = json_object_get(tree, "context"), *value;
	struct request_context_value *values = NEW_ARRAY(arena, struct request_context_value,
		json_object_size(keys));
	struct request_context context = {
		.action = tree_text(tree, "action"),
		.resource = read_resource(arena, tree_text(tree, "resource")),
		.values = values,
	};
	const char *key;

	json_object_foreach (keys, key, value) {
		struct request_context_value *added = &values[context.count++];

		added->key = key;
		added->open = lists(json_object_get(tree, "open"), key);
		added->more = lists(json_object_get(tree, "more"), key);
		for (size_t i = 0; i < tree_count(value); i++)
			text_list_add(arena, &added->values, json_string_value(tree_at(value, i)));
	}
	return context;
}

/* Statements made into a document, or documents as they are. */
static struct access_policy *read_policies(struct arena *arena, const json_t *tree, const char *member,
	enum access_layer layer, size_t *count)
{
	const json_t *value = json_object_get(tree, member);
	const char *version = json_string_value(json_object_get(tree, "version"));
	struct access_policy *policies;
	json_t *document;

	*count = 0;
	if (!value)
		return NULL;
	policies = NEW_ARRAY(arena, struct access_policy, json_array_size(value) + 1);
	if (json_is_string(value)) {
		policies[(*count)++] = (struct access_policy){.name = member, .wrong = "it was not seen"};
	} else if (!json_object_get(json_array_get(value, 0), "Statement")) {
		document = json_pack("{s:s,s:O}", "Version", version ? version : "2012-10-17", "Statement",
			value);
		policies[(*count)++] = access_policy_read(arena, layer, member, document);
		json_decref(document); /* the arena keeps its own reference */
	} else {
		for (; *count < json_array_size(value); ++*count)
			policies[*count] = access_policy_read(arena, layer, member,
				json_array_get(value, *count));
	}
	return policies;
}

struct access access_test_case_decide(struct arena *arena, const json_t *tree)
{
	const char *role = json_string_value(json_object_get(tree, "role"));
	struct access_policies policies = {
		.resource_account = json_string_value(json_object_get(tree, "owner")),
		.resource_decides = json_is_true(json_object_get(tree, "decides")),
	};
	struct iam_request request = {
		.caller = {.arn = role ? role : ACCESS_TEST_CASE_ROLE,
			.session = json_string_value(json_object_get(tree, "session"))},
		.context = read_context(arena, tree),
	};
	size_t count;

	request.caller.account = arn_account(arena, request.caller.arn);
	policies.identity = read_policies(arena, tree, "identity", ACCESS_IDENTITY, &policies.identity_count);
	policies.boundary = read_policies(arena, tree, "boundary", ACCESS_BOUNDARY, &count);
	policies.resource = read_policies(arena, tree, "policy", ACCESS_RESOURCE, &count);
	return access_decide(&policies, &request);
}

const char *truth_word(enum truth truth)
{
	static const char *const words[] = {[TRUTH_NO] = "no", [TRUTH_MAYBE] = "maybe", [TRUTH_YES] = "yes"};

	return words[truth];
}
