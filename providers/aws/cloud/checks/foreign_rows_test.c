/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS says of things that were not asked for is as if it had not been said, in replies and in files of facts. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/facts_test.h"
#include "verify/gather.h"

static const char *const clouds[] = {"direct", "private", "memorydb", "groups", "attached", "kms",
	"restricted", "documented"};

/* Give another id to each place that may hold one. */
static void rename_it(struct arena *arena, json_t *node, const char *places)
{
	struct text_list list = text_split(arena, places, ' ');

	for (size_t i = 0; i < list.count; i++) {
		char *place = arena_strdup(arena, list.items[i]), *dot = strrchr(place, '.');
		json_t *parent;

		if (dot)
			*dot = '\0';
		parent = (json_t *)tree_get(node, dot ? place : NULL);
		json_object_set_new(parent, dot ? dot + 1 : place, json_string("foreign"));
	}
}

/* The same element once more, before the others, as something else's. */
static void add_foreign(struct arena *arena, json_t *reply, const struct plan_row *row)
{
	json_t *list = json_object_get(reply, row->elements);
	json_t *foreign = json_deep_copy(json_array_get(list, 0));

	rename_it(arena, foreign, row->id);
	json_array_insert_new(list, 0, foreign);
}

/* A reply that was asked for, with elements. */
static json_t *reply_with_elements(json_t *document, const struct plan_row *row)
{
	json_t *reply = json_object_get(json_object_get(json_object_get(document, "facts"), row->name),
		"reply");

	return row->elements && tree_count(tree_get(reply, row->elements)) > 0 ? reply : NULL;
}

static void assert_same(const struct facts *facts, const struct facts *good, unsigned fact)
{
	if (!json_equal(facts_tree(facts, fact), facts_tree(good, fact)))
		fail_msg("%s holds what was not asked for", cloud_plan.rows[fact].name);
}

/* Loaded, and gathered from an AWS that sends it. False: the document has no elements of the fact. */
static bool try_foreign(struct arena *arena, json_t *document, unsigned fact)
{
	json_t *reply = reply_with_elements(document, &cloud_plan.rows[fact]);
	bool wanted[FACT_COUNT] = {false};
	struct facts *good, *facts;
	struct fake_source fake;
	struct cloud cloud;
	struct error err;

	if (!reply)
		return false;
	wanted[fact] = true;
	good = facts_test_load(arena, tree_defer(arena, json_deep_copy(document)), &cloud);
	facts_test_fake(arena, good, &fake);
	add_foreign(arena, reply, &cloud_plan.rows[fact]);
	fake_reply(&fake, cloud_plan.rows[fact].operation, NULL, reply);
	facts = facts_new(arena, &cloud_plan, &cloud);
	for (unsigned i = 0; i < fact; i++)
		facts_learn(facts, i, facts_tree(good, i));
	assert_int_equal(gather(&fake.source, facts, wanted, NULL, NULL, NULL, &err), 0);
	assert_same(facts, good, fact);
	assert_same(facts_test_load(arena, document, &cloud), good, fact);
	return true;
}

static bool changes_fact(const json_t *changes, const char *name)
{
	TREE_EACH (change, changes, NULL) {
		const char *path = tree_text(change, "path");

		if (text_starts_with(path, "/facts/") && text_starts_with(path + strlen("/facts/"), name))
			return true;
	}
	return false;
}

/* In the good clouds that have elements of the fact; where none has, in the changed ones. */
static size_t try_everywhere(unsigned fact, const json_t *mutations)
{
	size_t tried = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(clouds); i++) {
		struct arena arena = {0};

		tried += try_foreign(&arena, facts_test_cloud(&arena, clouds[i]), fact);
		arena_free(&arena);
	}
	for (size_t i = 0; tried == 0 && i < json_array_size(mutations); i++) {
		const json_t *changes = json_object_get(json_array_get(mutations, i), "change");
		struct arena arena = {0};
		json_t *document;

		if (changes_fact(changes, cloud_plan.rows[fact].name)) {
			document = facts_test_cloud(&arena, tree_text(json_array_get(mutations, i), "base"));
			facts_test_change(document, changes);
			tried += try_foreign(&arena, document, fact);
		}
		arena_free(&arena);
	}
	return tried;
}

static void what_was_not_asked_for_is_not_known(void **state)
{
	struct arena arena = {0};
	const json_t *mutations = facts_test_mutations(&arena);

	(void)state;
	for (unsigned fact = 0; fact < FACT_COUNT; fact++)
		if (cloud_plan.rows[fact].elements && try_everywhere(fact, mutations) == 0)
			fail_msg("no cloud has elements of %s", cloud_plan.rows[fact].name);
	arena_free(&arena);
}

/* A reply about one thing that is about another loses the fact: nothing is known of what was asked for. */
static void a_reply_about_another_thing_is_lost(void **state)
{
	size_t tried = 0;

	(void)state;
	for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
		const struct plan_row *row = &cloud_plan.rows[fact];
		struct arena arena = {0};
		json_t *document = facts_test_cloud(&arena, "direct");
		json_t *reply = json_object_get(json_object_get(json_object_get(document, "facts"),
							row->name),
			"reply");
		struct cloud cloud;

		if (row->id && !row->elements && *tree_text(reply, row->id)) {
			rename_it(&arena, reply, row->id);
			assert_true(facts_lost(facts_test_load(&arena, document, &cloud), fact));
			tried++;
		}
		arena_free(&arena);
	}
	assert_true(tried >= 6);
}

/* MemoryDB keeps names in lower case, however they were given. */
static void case_does_not_matter(void **state)
{
	const json_t *input = json_pack("{s:s}", "ClusterName", "Ray-Head");

	(void)state;
	assert_true(cloud_plan.asks_for(input, "ray-head"));
	assert_false(cloud_plan.asks_for(input, "ray-head-2"));
	json_decref((json_t *)input);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_asked_for_is_not_known),
		cmocka_unit_test(a_reply_about_another_thing_is_lost),
		cmocka_unit_test(case_does_not_matter),
	};

	return cmocka_run_group_tests_name("what was asked", tests, NULL, NULL);
}
