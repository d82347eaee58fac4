/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as a document: what is written comes back the same, and what is not such a document is refused. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "base/tree.h"
#include "verify/toy_fixture.h"

static struct facts *new_facts(struct toy_fixture *fixture)
{
	return facts_new(&fixture->arena, toy_table.plan, toy_cloud_of(fixture));
}

static struct facts *saved_and_loaded(struct toy_fixture *fixture, const struct facts *facts)
{
	struct facts *again = new_facts(fixture);
	const json_t *document = tree_defer(&fixture->arena, facts_save(facts, json_object()));

	assert_int_equal(facts_load(again, document, &fixture->err), 0);
	return again;
}

static void known_absent_and_pending_facts_come_back(void **state)
{
	struct toy_fixture fixture;
	struct facts *facts;

	(void)state;
	toy_open(&fixture);
	facts = new_facts(&fixture);
	facts_learn(facts, TOY_DISK, toy_reply(&fixture, "{\"disks\": [1]}"));
	facts_learn(facts, TOY_MOUNTS, NULL);
	facts = saved_and_loaded(&fixture, facts);
	assert_true(json_equal(facts_tree(facts, TOY_DISK), toy_reply(&fixture, "{\"disks\": [1]}")));
	assert_true(json_is_null(facts_tree(facts, TOY_MOUNTS)));
	assert_false(facts_settled(facts, TOY_USAGE));
	arena_free(&fixture.arena);
}

/* Every kind of error, with as many frames as there can be. */
static void losses_come_back(void **state)
{
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (int kind = ERROR_NONE + 1; kind <= ERROR_INTERRUPTED; kind++) {
		struct facts *facts = new_facts(&fixture);
		struct error why;

		error_set(&why, (enum error_kind)kind, "the cause");
		for (int i = 1; i < ERROR_FRAMES && i <= kind; i++)
			error_wrap(&why, "frame %d", i);
		why.http_status = kind == ERROR_DENIED ? 999 : 0;
		snprintf(why.code, sizeof(why.code), "Code%d", kind);
		snprintf(why.action, sizeof(why.action), "toy:Act");
		snprintf(why.request_id, sizeof(why.request_id), "r-1");
		facts_lose(facts, TOY_DISK, "looking", &why);
		facts = saved_and_loaded(&fixture, facts);
		assert_string_equal(facts->values[TOY_DISK].doing, "looking");
		assert_int_equal(facts_error(facts, TOY_DISK)->kind, kind);
		assert_int_equal(facts_error(facts, TOY_DISK)->http_status, why.http_status);
		assert_string_equal(facts_error(facts, TOY_DISK)->action, "toy:Act");
		assert_string_equal(facts_error(facts, TOY_DISK)->request_id, "r-1");
		assert_string_equal(error_text(&fixture.arena, facts_error(facts, TOY_DISK)),
			error_text(&fixture.arena, &why));
	}
	arena_free(&fixture.arena);
}

/* Members of a loss that are missing or make no sense are left out; it is a loss all the same. */
static void a_loss_needs_no_more_than_its_kind(void **state)
{
	static const struct {
		const char *more;
		int status, depth;
	} rows[] = {
		{"", 0, 0},
		{", \"status\": -1", 0, 0},
		{", \"status\": 0", 0, 0},
		{", \"status\": 1", 1, 0},
		{", \"status\": 1000", 0, 0},
		{", \"status\": \"not a number\"", 0, 0},
		{", \"status\": 404, \"frames\": [\"a\"]", 404, 1},
		{", \"frames\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\"]", 0,
			ERROR_FRAMES},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct facts *facts = new_facts(&fixture);
		const json_t *document = toy_reply(&fixture,
			arena_printf(&fixture.arena,
				"{\"schema\": \"cloudctl.facts/1\", "
				"\"facts\": {\"disk\": {\"lost\": {\"kind\": \"io\"%s}}}}",
				rows[i].more));

		assert_int_equal(facts_load(facts, document, &fixture.err), 0);
		assert_int_equal(facts_error(facts, TOY_DISK)->kind, ERROR_IO);
		assert_int_equal(facts_error(facts, TOY_DISK)->http_status, rows[i].status);
		assert_int_equal(facts_error(facts, TOY_DISK)->depth, rows[i].depth);
	}
	arena_free(&fixture.arena);
}

static void what_is_not_saved_facts_is_refused(void **state)
{
	static const struct {
		const char *facts, *why;
	} rows[] = {
		{"[]", "saved facts have no member 'facts'"},
		{"{\"moon\": {\"reply\": null}}", "there is no fact called 'moon'"},
		{"{\"beyond the end\": {\"reply\": null}}", "there is no fact called 'beyond the end'"},
		{"{\"disk\": {\"reply\": 1}}", "fact 'disk' needs either a reply or the reason it was lost"},
		{"{\"disk\": {}}", "fact 'disk' needs either a reply or the reason it was lost"},
		{"{\"disk\": {\"reply\": {}, \"lost\": {\"kind\": \"io\"}}}",
			"fact 'disk' needs either a reply or the reason it was lost"},
		{"{\"disk\": {\"lost\": \"io\"}}",
			"fact 'disk' needs either a reply or the reason it was lost"},
		{"{\"disk\": {\"lost\": {\"kind\": \"lazy\"}}}", "fact 'disk': unknown error kind 'lazy'"},
		{"{\"disk\": {\"lost\": {\"kind\": \"none\"}}}", "fact 'disk': unknown error kind 'none'"},
		{"{\"disk\": {\"lost\": {}}}", "fact 'disk': unknown error kind ''"},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const json_t *document = toy_reply(&fixture,
			arena_printf(&fixture.arena, "{\"schema\": \"cloudctl.facts/1\", \"facts\": %s}",
				rows[i].facts));

		assert_int_equal(facts_load(new_facts(&fixture), document, &fixture.err), -1);
		assert_int_equal(fixture.err.kind, ERROR_INPUT);
		assert_string_equal(fixture.err.frame[0], rows[i].why);
	}
	arena_free(&fixture.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_absent_and_pending_facts_come_back),
		cmocka_unit_test(losses_come_back),
		cmocka_unit_test(a_loss_needs_no_more_than_its_kind),
		cmocka_unit_test(what_is_not_saved_facts_is_refused),
	};

	return cmocka_run_group_tests_name("facts as a file", tests, NULL, NULL);
}
