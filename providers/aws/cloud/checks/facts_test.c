/* SPDX-License-Identifier: Apache-2.0 */
/* Test support, no test itself: see facts_test.h. */
#include "providers/aws/cloud/checks/facts_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/aws_provider.h"
#include "verify/asked.h"

json_t *facts_test_read(struct arena *arena, const char *name)
{
	const char *path = arena_printf(arena, "testdata/%s", name);
	json_error_t error;
	json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!document)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	return tree_defer(arena, document);
}

json_t *facts_test_mutations(struct arena *arena)
{
	json_t *all = tree_defer(arena, json_array());

	for (size_t i = 0; i < cloud_checks.group_count; i++) {
		const char *id = cloud_checks.groups[i]->checks[0].id;
		const char *name = arena_strndup(arena, id, strcspn(id, "."));
		json_t *cases = facts_test_read(arena, arena_printf(arena, "facts/mutations/%s.json", name));

		if (!json_is_array(cases) || json_array_size(cases) == 0)
			fail_msg("no case in facts/mutations/%s.json", name);
		json_array_extend(all, cases);
	}
	return all;
}

json_t *facts_test_cloud(struct arena *arena, const char *kind)
{
	json_t *document = facts_test_read(arena, arena_printf(arena, "facts/good-%s.json", kind));
	const char *base = json_string_value(json_object_get(document, "base"));
	json_t *under;

	if (!base)
		return document;
	under = facts_test_read(arena, arena_printf(arena, "facts/%s", base));
	if (json_object_get(document, "cloud"))
		json_object_set(under, "cloud", json_object_get(document, "cloud"));
	assert_int_equal(json_object_update(json_object_get(under, "facts"),
				 json_object_get(document, "facts")),
		0);
	return under;
}

/* An index into a list. */
static size_t index_of(const char *name)
{
	uint64_t value = 0;

	if (!text_number(name, 0, SIZE_MAX, &value))
		fail_msg("'%s' is no index", name);
	return (size_t)value;
}

/* One step down a JSON pointer; NULL when it leads nowhere. */
static json_t *step(json_t *node, const char *name)
{
	return json_is_array(node) ? json_array_get(node, index_of(name)) : json_object_get(node, name);
}

/* The node that holds the last step of path; *last receives that step (into buffer). */
static json_t *find_parent(json_t *document, const char *path, char *buffer, size_t size, char **last)
{
	json_t *node = document;

	assert_true(strlen(path) < size && path[0] == '/');
	memcpy(buffer, path + 1, strlen(path));
	*last = buffer;
	for (char *slash = strchr(buffer, '/'); slash; slash = strchr(*last, '/')) {
		*slash = '\0';
		node = step(node, *last);
		if (!node)
			fail_msg("no '%s' in %s", *last, path);
		*last = slash + 1;
	}
	return node;
}

static json_t *value_of(const json_t *change, const char *operation)
{
	json_t *value = json_object_get(change, "value"), *text;
	char *dumped;

	if (strcmp(operation, "document") != 0)
		return json_deep_copy(value);
	dumped = json_dumps(value, JSON_COMPACT);
	text = json_string(dumped);
	free(dumped);
	return text;
}

static void put(json_t *parent, const char *last, json_t *value)
{
	if (!json_is_array(parent))
		assert_int_equal(json_object_set_new(parent, last, value), 0);
	else if (strcmp(last, "-") == 0)
		assert_int_equal(json_array_append_new(parent, value), 0);
	else
		assert_int_equal(json_array_set_new(parent, index_of(last), value), 0);
}

static void change_once(json_t *document, const json_t *change)
{
	const char *operation = tree_text(change, "op");
	const char *path = tree_text(change, "path");
	char buffer[256], *last;
	json_t *parent = find_parent(document, path, buffer, sizeof(buffer), &last);

	if (strcmp(operation, "add") != 0 && !step(parent, last))
		fail_msg("nothing at %s", path);
	if (strcmp(operation, "remove") != 0)
		put(parent, last, value_of(change, operation));
	else if (json_is_array(parent))
		assert_int_equal(json_array_remove(parent, index_of(last)), 0);
	else
		assert_int_equal(json_object_del(parent, last), 0);
}

void facts_test_change(json_t *document, const json_t *changes)
{
	for (size_t i = 0; i < json_array_size(changes); i++)
		change_once(document, json_array_get(changes, i));
}

struct facts *facts_test_load(struct arena *arena, const json_t *document, struct cloud *cloud)
{
	static const struct cloud_schema *const schemas[] = {&aws_cloud_schema, NULL};
	struct facts *facts = facts_new(arena, &cloud_plan, cloud);
	struct error err;

	if (cloud_from_tree(arena, schemas, json_object_get(document, "cloud"), cloud, &err) < 0)
		fail_msg("cloud: %s", err.frame[0]);
	if (facts_load(facts, document, &err) < 0)
		fail_msg("facts: %s", err.frame[0]);
	asked_facts(facts);
	facts->now_ms = FACTS_TEST_NOW_MS;
	return facts;
}

static const char *action_of(const void *operation)
{
	return ((const struct aws_operation *)operation)->actions;
}

void facts_test_fake(struct arena *arena, const struct facts *facts, struct fake_source *fake)
{
	fake_source_open(fake, arena, "us-west-2");
	fake->action = action_of;
	fake_facts(fake, facts);
}

void facts_test_judge(struct arena *arena, const json_t *document, struct cloud *cloud,
	struct verification *result)
{
	struct verify_options options = {0};
	const struct verify_input input = {
		.table = &cloud_checks,
		.facts = facts_test_load(arena, document, cloud),
		.options = &options,
	};
	struct error err;

	if (verify_run(&input, result, &err) < 0)
		fail_msg("verify: %s", err.frame[0]);
}

int facts_test_run(struct arena *arena, struct fake_source *fake, const struct cloud *cloud,
	const struct verify_options *options, struct event_stream *stream, struct verification *result,
	struct error *err)
{
	const struct verify_input input = {
		.table = &cloud_checks,
		.source = &fake->source,
		.facts = facts_new(arena, &cloud_plan, cloud),
		.options = options,
		.stream = stream,
	};

	return verify_run(&input, result, err);
}
