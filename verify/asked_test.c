/* SPDX-License-Identifier: Apache-2.0 */
/* Replies that hold more than was asked for: gathered or loaded, the rest is not known. */
#include "verify/asked.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "verify/fake_source.h"
#include "verify/gather.h"

enum { FACT_DISKS, FACT_OWNER, FACT_MOUNTS, FACT_NOTES, FACT_NOTHING, FACTS_HERE };

static const char find[] = "find", own[] = "own", look[] = "look", note[] = "note", nothing[] = "nothing";

static bool asks_for(const json_t *input, const char *id)
{
	return text_equal(tree_text(input, "id"), id);
}

static void ask_disk(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	ask_add(ask, NULL, json_pack("{s:s}", "id", "d-1"));
}

static void ask_mounts(const struct facts *facts, struct ask *ask)
{
	TREE_EACH (mount, facts_tree(facts, FACT_DISKS), "disks.0.mounts")
		ask_add(ask, tree_text(mount, NULL), json_pack("{s:s}", "id", tree_text(mount, NULL)));
}

static void ask_no_one(const struct facts *facts, struct ask *ask)
{
	(void)facts;
	(void)ask;
}

static const struct plan_row rows[FACTS_HERE] = {
	[FACT_DISKS] = {.name = "disks",
		.operation = find,
		.ask = ask_disk,
		.doing = "finding disks",
		.list = "disks",
		.elements = "disks",
		.id = "id name"},
	[FACT_OWNER] = {.name = "owner",
		.operation = own,
		.ask = ask_disk,
		.doing = "finding the owner",
		.id = "owner.disk"},
	[FACT_MOUNTS] = {.name = "mounts",
		.after = FACTS(FACT_DISKS),
		.operation = look,
		.ask = ask_mounts,
		.doing = "looking at mounts",
		.id = "mount"},
	[FACT_NOTES] = {.name = "notes", .operation = note, .ask = ask_disk, .doing = "reading notes"},
	[FACT_NOTHING] = {.name = "nothing",
		.operation = nothing,
		.ask = ask_no_one,
		.doing = "asking nothing",
		.elements = "disks",
		.id = "id"},
};

static const struct plan plan = {rows, FACTS_HERE, asks_for};

#define DISK "{'disks': [{'id': 'd-1', 'mounts': ['m-1', 'm-2']}]}"

struct asked_case {
	unsigned fact;
	const char *reply;
	const char *known; /* NULL: lost */
};

static const struct asked_case cases[] = {
	{FACT_DISKS, DISK, DISK},
	{FACT_DISKS, "{'disks': [{'id': 'd-2'}, {'id': 'd-1'}, {'id': 'd-3'}], 'more': 1}",
		"{'disks': [{'id': 'd-1'}], 'more': 1}"},
	{FACT_DISKS, "{'disks': [{'name': 'd-1'}, {'name': 'd-2', 'id': 'x'}]}",
		"{'disks': [{'name': 'd-1'}]}"},
	{FACT_DISKS, "{'disks': {'id': 'd-1'}}", "{'disks': {'id': 'd-1'}}"},
	{FACT_DISKS, "{'disks': [{'id': 'd-2'}]}", "null"},
	{FACT_DISKS, "{'disks': [{}, 'd-1', null]}", "null"},
	{FACT_OWNER, "{'owner': {'disk': 'd-1'}}", "{'owner': {'disk': 'd-1'}}"},
	{FACT_OWNER, "{'owner': {'disk': 'd-2'}}", NULL},
	{FACT_OWNER, "{}", NULL},
	{FACT_NOTES, "{'disk': 'd-2'}", "{'disk': 'd-2'}"},
};

static const json_t *read(struct arena *arena, const char *text)
{
	json_error_t error;
	char *quoted = arena_strdup(arena, text);
	json_t *tree;

	for (char *at = quoted; *at; at++)
		if (*at == '\'')
			*at = '"';
	tree = json_loads(quoted, JSON_DECODE_ANY, &error);
	if (!tree)
		fail_msg("%s: %s", quoted, error.text);
	return tree_defer(arena, tree);
}

static void assert_known(struct arena *arena, const struct facts *facts, const struct asked_case *row)
{
	const char *name = rows[row->fact].name;

	if (row->known && !json_equal(facts_tree(facts, row->fact), read(arena, row->known)))
		fail_msg("%s: %s is not reduced to %s", name, row->reply, row->known);
	if (!row->known) {
		assert_true(facts_lost(facts, row->fact));
		assert_int_equal(facts_error(facts, row->fact)->kind, ERROR_PROTOCOL);
		assert_string_equal(facts->values[row->fact].doing, rows[row->fact].doing);
	}
}

static void gathered_replies_are_reduced(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct facts *facts = facts_new(&arena, &plan, NULL);
		const bool wanted[FACTS_HERE] = {[FACT_DISKS] = cases[i].fact == FACT_DISKS,
			[FACT_OWNER] = cases[i].fact == FACT_OWNER,
			[FACT_NOTES] = cases[i].fact == FACT_NOTES};
		struct fake_source fake;
		struct error err;

		fake_source_open(&fake, &arena, "here");
		fake_reply(&fake, rows[cases[i].fact].operation, NULL, read(&arena, cases[i].reply));
		assert_int_equal(gather(&fake.source, facts, wanted, NULL, NULL, NULL, &err), 0);
		assert_known(&arena, facts, &cases[i]);
		arena_free(&arena);
	}
}

static void loaded_facts_are_reduced(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct facts *facts = facts_new(&arena, &plan, NULL);

		facts_learn(facts, cases[i].fact, read(&arena, cases[i].reply));
		asked_facts(facts);
		assert_known(&arena, facts, &cases[i]);
		arena_free(&arena);
	}
}

/* Under a key that is not asked for there is no reply; one lost reply loses the fact; an absent one stays absent. */
static void replies_by_key_are_reduced(void **state)
{
	static const struct asked_case by_key[] = {
		{FACT_MOUNTS, "{'m-1': {'mount': 'm-1'}, 'm-3': {'mount': 'm-3'}, 'm-2': null}",
			"{'m-1': {'mount': 'm-1'}, 'm-2': null}"},
		{FACT_MOUNTS, "{'m-1': {'mount': 'm-1'}, 'm-2': {'mount': 'm-1'}}", NULL},
		{FACT_MOUNTS, "{'m-3': {'mount': 'm-3'}}", "{}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(by_key); i++) {
		struct arena arena = {0};
		struct facts *facts = facts_new(&arena, &plan, NULL);

		facts_learn(facts, FACT_DISKS, read(&arena, DISK));
		facts_learn(facts, FACT_MOUNTS, read(&arena, by_key[i].reply));
		asked_facts(facts);
		assert_known(&arena, facts, &by_key[i]);
		arena_free(&arena);
	}
}

static void what_is_never_asked_is_absent(void **state)
{
	struct arena arena = {0};
	struct facts *facts = facts_new(&arena, &plan, NULL);

	(void)state;
	facts_learn(facts, FACT_NOTHING, read(&arena, "{'disks': [{'id': 'd-1'}]}"));
	asked_facts(facts);
	assert_true(json_is_null(facts_tree(facts, FACT_NOTHING)));
	arena_free(&arena);
}

/* What would have been asked is not known. */
static void what_depends_on_an_unknown_fact_stays(void **state)
{
	struct arena arena = {0};
	struct facts *facts = facts_new(&arena, &plan, NULL);
	const json_t *mounts = read(&arena, "{'m-9': {'mount': 'm-9'}}");

	(void)state;
	facts_learn(facts, FACT_MOUNTS, mounts);
	asked_facts(facts);
	assert_ptr_equal(facts_tree(facts, FACT_MOUNTS), mounts);
	assert_false(facts_settled(facts, FACT_DISKS));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gathered_replies_are_reduced),
		cmocka_unit_test(loaded_facts_are_reduced),
		cmocka_unit_test(replies_by_key_are_reduced),
		cmocka_unit_test(what_is_never_asked_is_absent),
		cmocka_unit_test(what_depends_on_an_unknown_fact_stays),
	};

	return cmocka_run_group_tests_name("asked", tests, NULL, NULL);
}
