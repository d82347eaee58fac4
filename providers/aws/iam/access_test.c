/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus of testdata/iam: policies and requests with the answers that AWS's documentation gives, one test each.
 *
 * A file is {"source": DOCUMENT, "cases": [CASE]}. A case:
 *
 *     name       what it shows
 *     source     document and section, where it is not the file's
 *     role       the caller: an ARN; ROLE below when it is left out. "session": the role session's name, if known
 *     action, resource    a '*' at the resource's end: everything that begins so
 *     context    {key: value or list of values}; an empty list: certainly absent. "more": keys with further values
 *     open       keys whose values are only the beginning of the true one
 *     identity, boundary, policy (the resource's): statements, or a list of whole documents, or "unseen"
 *     version    of the documents made from statements; 2012-10-17 when it is left out
 *     owner      account of the resource, when it is not the caller's
 *     decides    true: the resource's policy must itself allow
 *     answer     yes, no or maybe
 *     by         Sid of the statement that decided; null: none did
 *     hangs_on   maybe: the condition key, or the Resource, that left it open
 */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/iam/access.h"
#include "providers/aws/iam/arn.h"

#define FOLDER "testdata/iam/"
#define ROLE "arn:aws:iam::111122223333:role/app"

enum { CASES_MINIMUM = 150, CASES_ROOM = 500, KEYS_MAX = 16, POLICIES_MAX = 8 };

static const char *const files[] = {
	"actions.json",
	"boundaries.json",
	"buckets.json",
	"conditions.json",
	"context.json",
	"cross-account.json",
	"effects.json",
	"keys.json",
	"principals.json",
	"resources.json",
	"sets.json",
	"trust.json",
	"variables.json",
};

static const char *const answers[] = {[TRUTH_NO] = "no", [TRUTH_MAYBE] = "maybe", [TRUTH_YES] = "yes"};

struct corpus_case {
	const json_t *tree;
	const char *file, *source;
};

static bool lists(const json_t *list, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (text_equal(json_string_value(json_array_get(list, i)), name))
			return true;
	return false;
}

static struct request_context read_context(struct arena *arena, const json_t *tree)
{
	struct request_context_value *values = NEW_ARRAY(arena, struct request_context_value, KEYS_MAX);
	struct request_context context = {.values = values};
	const char *key;
	json_t *value;

	json_object_foreach (json_object_get(tree, "context"), key, value) {
		struct request_context_value *added = &values[context.count++];

		assert_true(context.count <= KEYS_MAX);
		added->key = key;
		added->open = lists(json_object_get(tree, "open"), key);
		added->more = lists(json_object_get(tree, "more"), key);
		for (size_t i = 0; i < tree_count(value); i++)
			text_list_add(arena, &added->values, json_string_value(tree_at(value, i)));
	}
	return context;
}

/* Statements made into a document, or documents as they are. */
static size_t read_policies(struct arena *arena, const json_t *tree, const char *member,
	enum access_layer layer, struct access_policy *policies)
{
	const json_t *value = json_object_get(tree, member);
	const char *version = json_string_value(json_object_get(tree, "version"));
	json_t *document;

	if (!value)
		return 0;
	if (json_is_string(value)) {
		policies[0] = (struct access_policy){.name = member, .wrong = "it was not seen"};
		return 1;
	}
	if (!json_object_get(json_array_get(value, 0), "Statement")) {
		document = json_pack("{s:s,s:O}", "Version", version ? version : "2012-10-17", "Statement",
			value);
		policies[0] = access_policy_read(arena, layer, member, document);
		json_decref(document); /* the arena keeps its own reference */
		return 1;
	}
	assert_true(json_array_size(value) <= POLICIES_MAX);
	for (size_t i = 0; i < json_array_size(value); i++)
		policies[i] = access_policy_read(arena, layer, member, json_array_get(value, i));
	return json_array_size(value);
}

static struct request_text read_resource(struct arena *arena, const char *text)
{
	size_t length = strlen(text);

	if (length > 1 && text[length - 1] == '*')
		return (struct request_text){arena_strndup(arena, text, length - 1), true};
	return (struct request_text){*text ? text : NULL, false};
}

static struct access decide(struct arena *arena, const json_t *tree)
{
	struct access_policy *identity = NEW_ARRAY(arena, struct access_policy, POLICIES_MAX);
	struct access_policy *boundary = NEW_ARRAY(arena, struct access_policy, POLICIES_MAX);
	struct access_policy *resource = NEW_ARRAY(arena, struct access_policy, POLICIES_MAX);
	struct access_policies policies = {.identity = identity};
	const char *role = json_string_value(json_object_get(tree, "role"));
	struct iam_request request = {
		.caller = {.arn = role ? role : ROLE,
			.session = json_string_value(json_object_get(tree, "session"))},
		.action = tree_text(tree, "action"),
		.resource = read_resource(arena, tree_text(tree, "resource")),
		.context = read_context(arena, tree),
	};

	request.caller.account = arn_account(arena, request.caller.arn);
	policies.identity_count = read_policies(arena, tree, "identity", ACCESS_IDENTITY, identity);
	if (read_policies(arena, tree, "boundary", ACCESS_BOUNDARY, boundary) > 0)
		policies.boundary = boundary;
	if (read_policies(arena, tree, "policy", ACCESS_RESOURCE, resource) > 0)
		policies.resource = resource;
	policies.resource_account = json_string_value(json_object_get(tree, "owner"));
	policies.resource_decides = json_is_true(json_object_get(tree, "decides"));
	return access_decide(&policies, &request);
}

static void check_reason(const struct corpus_case *item, const struct access *access)
{
	const json_t *by = json_object_get(item->tree, "by");
	const char *hangs_on = json_string_value(json_object_get(item->tree, "hangs_on"));
	const struct decision *decision = &access->decision;

	if (json_is_string(by) && (!decision->by || !text_equal(decision->by->sid, json_string_value(by))))
		fail_msg("%s (%s): not decided by %s", item->file, item->source, json_string_value(by));
	if (json_is_null(by) && decision->by)
		fail_msg("%s (%s): decided by a statement", item->file, item->source);
	if (hangs_on && !(decision->open && text_equal(decision->open->key, hangs_on)) &&
		!text_equal(decision->part, hangs_on))
		fail_msg("%s (%s): does not hang on %s", item->file, item->source, hangs_on);
}

static void run_case(void **state)
{
	const struct corpus_case *item = *state;
	const char *wanted = tree_text(item->tree, "answer");
	struct arena arena = {0};
	struct access access = decide(&arena, item->tree);

	if (!text_equal(answers[access.decision.allowed], wanted))
		fail_msg("%s (%s): %s, not %s: %s", item->file, item->source, wanted,
			answers[access.decision.allowed], access_text(&arena, &access));
	assert_true(*access_text(&arena, &access) != '\0');
	check_reason(item, &access);
	arena_free(&arena);
}

/* A case that cites nothing or says nothing is a mistake of the corpus. */
static void read_file(struct arena *arena, const char *file, struct CMUnitTest *tests, size_t *count,
	size_t room)
{
	const char *path = arena_printf(arena, FOLDER "%s", file);
	json_error_t problem;
	json_t *tree = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);

	if (!tree) {
		fprintf(stderr, "%s:%d: %s\n", path, problem.line, problem.text);
		exit(1);
	}
	tree_defer(arena, tree);
	TREE_EACH (item, tree, "cases") {
		struct corpus_case *added = NEW(arena, struct corpus_case);
		const char *source = tree_text(item, "source");

		*added = (struct corpus_case){item, file, *source ? source : tree_text(tree, "source")};
		if (*count == room || !*tree_text(item, "name") || !*added->source) {
			fprintf(stderr, "%s: case %zu has no name or source\n", path, *count);
			exit(1);
		}
		tests[(*count)++] = (struct CMUnitTest){.name = tree_text(item, "name"),
			.test_func = run_case,
			.initial_state = added};
	}
}

int main(void)
{
	static struct CMUnitTest tests[CASES_ROOM];
	struct arena arena = {0};
	size_t count = 0;
	int failed;

	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		read_file(&arena, files[i], tests, &count, ARRAY_LENGTH(tests));
	if (count < CASES_MINIMUM) {
		fprintf(stderr, "only %zu cases\n", count);
		return 1;
	}
	failed = _cmocka_run_group_tests("access", tests, count, NULL, NULL);
	arena_free(&arena);
	return failed;
}
