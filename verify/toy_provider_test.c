/* SPDX-License-Identifier: Apache-2.0 */
/* The engine on a provider of two kinds, three facts and three checks: it needs nothing of any other. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "verify/toy_fixture.h"

static void a_good_cloud_passes(void **state)
{
	static const char *const lines[] = {
		"storage of disks/d-1",
		"mounts of ['m-1', 'm-2']",
		"disk.exists: PASS: disks/d-1",
		"mounts.up: PASS: 0 of 2 mounts are not up",
		"mounts is PASS",
		"disk.usage: PASS: 50 % are in use",
		"storage is PASS",
		NULL,
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	toy_answer_well(&fixture);
	fixture.options.optional = true;
	fixture.fake.newest_first = true;
	fixture.fake.per_step = 1;
	assert_int_equal(toy_run(&fixture), 0);
	toy_assert_said(&fixture, lines);
	assert_int_equal(fixture.result.overall, VERDICT_PASS);
	assert_int_equal(fixture.result.figures.calls, 4);
	assert_int_equal(fixture.result.figures.longest_chain, 2);
	assert_string_equal(fixture.fake.elsewhere, "there");
	arena_free(&fixture.arena);
}

static void a_failure_names_what_fails(void **state)
{
	static const char *const lines[] = {
		"storage of disks/d-1",
		"mounts of ['m-1', 'm-2']",
		"disk.exists: PASS: disks/d-1",
		"disk.usage: WARN: 90 % are in use; do: toy grow d-1 for us <nobody>",
		"storage is WARN",
		"mounts.up: FAIL: 2 of 2 mounts are not up; do: toy mount m-1 m-2",
		"mounts is FAIL",
		NULL,
	};
	struct toy_fixture fixture;
	const struct finding *mounts;

	(void)state;
	toy_open(&fixture);
	fake_reply(&fixture.fake, toy_read_mount, "m-1", toy_reply(&fixture, "{\"state\": \"down\"}"));
	fake_error(&fixture.fake, toy_read_mount, "m-2", ERROR_NOT_FOUND, "NoMount", "gone");
	fake_reply(&fixture.fake, toy_measure_disk, NULL, toy_reply(&fixture, "{\"percent\": 90}"));
	toy_answer_well(&fixture);
	fixture.options.optional = true;
	assert_int_equal(toy_run(&fixture), 0);
	mounts = &fixture.result.findings[2];
	assert_string_equal(text_join(&fixture.arena, &mounts->evidence, "; "), "m-1 is down; m-2 is gone");
	assert_string_equal(text_join(&fixture.arena, &mounts->resources, " "), "m-1 m-2");
	assert_int_equal(fixture.result.counts[VERDICT_FAIL], 1);
	assert_int_equal(verdict_exit_code(fixture.result.counts, false), 1);
	for (size_t i = 0; lines[i]; i++) {
		bool said = false;

		for (size_t k = 0; k < fixture.recorder.count; k++)
			said = said || strcmp(fixture.recorder.lines[k], lines[i]) == 0;
		if (!said)
			fail_msg("not said: %s", lines[i]);
	}
	arena_free(&fixture.arena);
}

/* Without its disk a cloud's mounts are not looked at, and nobody says that they passed. */
static void what_does_not_exist_skips_the_rest(void **state)
{
	static const char *const lines[] = {
		"storage of disks/d-1",
		"mounts of ['m-1', 'm-2']",
		"disk.exists: FAIL: there is no disk disks/d-1; do: toy make d-1",
		"disk.usage: SKIP: needs disk",
		"storage is FAIL",
		"mounts.up: SKIP: needs disk",
		"mounts is SKIP",
		NULL,
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	fake_error(&fixture.fake, toy_find_disk, NULL, ERROR_NOT_FOUND, "NoDisk", "no");
	toy_answer_well(&fixture);
	assert_int_equal(toy_run(&fixture), 0);
	toy_assert_said(&fixture, lines);
	arena_free(&fixture.arena);
}

static void a_denied_call_is_unknown_and_names_the_permission(void **state)
{
	struct toy_fixture fixture;
	const struct finding *finding;

	(void)state;
	toy_open(&fixture);
	fake_error(&fixture.fake, toy_read_mount, "m-2", ERROR_DENIED, "Denied", "no");
	toy_answer_well(&fixture);
	assert_int_equal(toy_run(&fixture), 0);
	finding = &fixture.result.findings[2];
	assert_int_equal(finding->verdict, VERDICT_UNKNOWN);
	assert_string_equal(finding->action, "toy:ReadMount");
	assert_non_null(strstr(finding->text, "reading the mounts: "));
	assert_int_equal(fixture.result.groups[1], VERDICT_UNKNOWN);
	assert_int_equal(verdict_exit_code(fixture.result.counts, false), 3);
	arena_free(&fixture.arena);
}

static void checks_are_chosen_and_apply(void **state)
{
	static const char *const lines[] = {"storage of disks/d-1", "disk.exists: PASS: disks/d-1",
		"storage is PASS", NULL};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	toy_answer_well(&fixture);
	fixture.cloud.shared = false;
	fixture.options.skip = text_split(&fixture.arena, "*.usage", ',');
	assert_int_equal(toy_run(&fixture), 0);
	toy_assert_said(&fixture, lines);
	assert_int_equal(fixture.fake.count, 1);
	assert_int_equal(fixture.result.groups[1], VERDICT_SKIP);

	fixture.options.only = text_split(&fixture.arena, "disk", ',');
	assert_int_equal(toy_run(&fixture), -1);
	assert_string_equal(fixture.err.frame[0], "no check matches 'disk'; did you mean 'disk.*'?");
	fixture.options.only = text_split(&fixture.arena, "disk.usage", ',');
	assert_int_equal(toy_run(&fixture), -1);
	assert_int_equal(fixture.err.kind, ERROR_USAGE);
	arena_free(&fixture.arena);
}

/* By the check; by each resource that fails; by the name in the id of what the check is about. */
static void findings_are_ignored(void **state)
{
	static const struct {
		struct ignored entries[2];
		size_t count;
		const char *reason; /* of mounts.up, or of disk.exists */
	} rows[] = {
		{{{"mounts.up", NULL, "planned", NULL}}, 1, "planned"},
		{{{"mounts.up", "m-1", "old", NULL}}, 1, NULL},
		{{{"mounts.up", "m-1", "old", NULL}, {"mounts.up", "m-2", "new", NULL}}, 2,
			"m-1: old; m-2: new"},
		{{{"disk.usage", "d-1", "small", NULL}}, 1, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct toy_fixture fixture;
		const struct finding *mounts;

		toy_open(&fixture);
		fixture.cloud.ignored = (struct ignored_list){(struct ignored *)rows[i].entries,
			rows[i].count};
		fake_reply(&fixture.fake, toy_read_mount, NULL, toy_reply(&fixture, "{\"state\": \"down\"}"));
		fake_reply(&fixture.fake, toy_measure_disk, NULL, toy_reply(&fixture, "{\"percent\": 90}"));
		toy_answer_well(&fixture);
		fixture.options.optional = true;
		assert_int_equal(toy_run(&fixture), 0);
		mounts = &fixture.result.findings[2];
		assert_int_equal(mounts->verdict, VERDICT_FAIL);
		if (rows[i].reason)
			assert_string_equal(mounts->ignored, rows[i].reason);
		else
			assert_null(mounts->ignored);
		assert_int_equal(fixture.result.groups[1], rows[i].reason ? VERDICT_SKIP : VERDICT_FAIL);
		if (i == 3)
			assert_string_equal(fixture.result.findings[1].ignored, "disks/d-1: small");
		arena_free(&fixture.arena);
	}
}

static void what_ignored_entries_are_worth_is_told(void **state)
{
	static const struct {
		struct ignored entry;
		enum ignore_use use;
	} rows[] = {
		{{"mounts.up", NULL, "r", NULL}, IGNORE_OF_USE},
		{{"mounts.up", "m-1", "r", NULL}, IGNORE_OF_USE},
		{{"mounts.up", "m-3", "r", NULL}, IGNORE_PASSED},
		{{"disk.exists", NULL, "r", NULL}, IGNORE_PASSED},
		{{"disk.usage", NULL, "r", NULL}, IGNORE_NOT_JUDGED},
		{{"disk.colour", NULL, "r", NULL}, IGNORE_UNKNOWN_CHECK},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	fake_reply(&fixture.fake, toy_read_mount, NULL, toy_reply(&fixture, "{\"state\": \"down\"}"));
	toy_answer_well(&fixture);
	fixture.options.skip = text_split(&fixture.arena, "disk.usage", ',');
	assert_int_equal(toy_run(&fixture), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_int_equal(ignore_use(&fixture.arena, &toy_table, toy_cloud_of(&fixture),
					 &rows[i].entry, fixture.result.findings, fixture.result.count),
			rows[i].use);
	arena_free(&fixture.arena);
}

/* Saved, read and judged again without anybody to ask; what was not saved is unknown. */
static void saved_facts_are_judged_again(void **state)
{
	struct toy_fixture fixture;
	struct facts *again;
	json_t *saved;

	(void)state;
	toy_open(&fixture);
	fake_error(&fixture.fake, toy_read_mount, "m-2", ERROR_DENIED, "Denied", "no");
	toy_answer_well(&fixture);
	fixture.options.optional = true;
	assert_int_equal(toy_run(&fixture), 0);
	saved = tree_defer(&fixture.arena, facts_save(fixture.result.facts, json_object()));
	json_object_del(json_object_get(saved, "facts"), "disk");
	again = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
	assert_int_equal(facts_load(again, saved, &fixture.err), 0);
	assert_int_equal(toy_run_on(&fixture, NULL, again), 0);
	assert_string_equal(fixture.result.findings[0].text,
		"reading saved facts: the saved facts do not hold 'disk'");
	assert_int_equal(fixture.result.findings[1].verdict, VERDICT_PASS);
	assert_string_equal(fixture.result.findings[2].action, "toy:ReadMount");
	arena_free(&fixture.arena);
}

static void saved_facts_that_are_broken_are_refused(void **state)
{
	static const char *const documents[] = {
		"{\"schema\": \"cloudctl.facts/0\", \"facts\": {}}",
		"{\"schema\": \"cloudctl.facts/1\"}",
		"{\"schema\": \"cloudctl.facts/1\", \"facts\": {\"moon\": {\"reply\": null}}}",
		"{\"schema\": \"cloudctl.facts/1\", \"facts\": {\"disk\": {\"reply\": 1}}}",
		"{\"schema\": \"cloudctl.facts/1\", \"facts\": {\"disk\": {\"lost\": {\"kind\": \"lazy\"}}}}",
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(documents); i++) {
		struct facts *facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));

		assert_int_equal(facts_load(facts, toy_reply(&fixture, documents[i]), &fixture.err), -1);
		assert_int_equal(fixture.err.kind, ERROR_INPUT);
	}
	arena_free(&fixture.arena);
}

static void an_interruption_leaves_the_rest_unknown(void **state)
{
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	toy_answer_well(&fixture);
	fixture.fake.per_step = 1;
	fixture.fake.interrupt_after = 1;
	assert_int_equal(toy_run(&fixture), -1);
	assert_int_equal(fixture.err.kind, ERROR_INTERRUPTED);
	assert_int_equal(fixture.result.counts[VERDICT_PASS] + fixture.result.counts[VERDICT_UNKNOWN], 3);
	assert_true(fixture.result.counts[VERDICT_UNKNOWN] > 0);
	arena_free(&fixture.arena);
}

static void nobody_who_answers_is_an_error(void **state)
{
	static const enum error_kind kinds[] = {ERROR_CREDENTIALS, ERROR_NETWORK};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct toy_fixture fixture;

		toy_open(&fixture);
		fake_error(&fixture.fake, toy_find_disk, NULL, kinds[i], "Code", "in the way");
		fake_error(&fixture.fake, toy_read_mount, NULL, kinds[i], "Code", "in the way");
		assert_int_equal(toy_run(&fixture), -1);
		assert_int_equal(fixture.err.kind, kinds[i]);
		arena_free(&fixture.arena);
	}
}

static void a_part_is_merged_into_the_whole(void **state)
{
	struct toy_fixture fixture;
	struct verification whole;

	(void)state;
	toy_open(&fixture);
	fake_reply(&fixture.fake, toy_read_mount, NULL, toy_reply(&fixture, "{\"state\": \"down\"}"));
	toy_answer_well(&fixture);
	assert_int_equal(toy_run(&fixture), 0);
	whole = fixture.result;
	assert_int_equal(whole.groups[1], VERDICT_FAIL);
	fake_source_open(&fixture.fake, &fixture.arena, "here");
	toy_answer_well(&fixture);
	fixture.options.only = text_split(&fixture.arena, "mounts.*", ',');
	assert_int_equal(toy_run(&fixture), 0);
	verify_merge(&whole, &fixture.result);
	assert_int_equal(whole.groups[1], VERDICT_PASS);
	assert_int_equal(whole.overall, VERDICT_PASS);
	assert_int_equal(whole.counts[VERDICT_PASS], 3);
	arena_free(&fixture.arena);
}

static void facts_of_another_plan_are_refused(void **state)
{
	struct plan other = *toy_table.plan;
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	toy_answer_well(&fixture);
	assert_int_equal(toy_run_on(&fixture, &fixture.fake.source,
				 facts_new(&fixture.arena, &other, toy_cloud_of(&fixture))),
		-1);
	assert_int_equal(fixture.err.kind, ERROR_USAGE);
	assert_int_equal(fixture.fake.count, 0);
	arena_free(&fixture.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_cloud_passes),
		cmocka_unit_test(a_failure_names_what_fails),
		cmocka_unit_test(what_does_not_exist_skips_the_rest),
		cmocka_unit_test(a_denied_call_is_unknown_and_names_the_permission),
		cmocka_unit_test(checks_are_chosen_and_apply),
		cmocka_unit_test(findings_are_ignored),
		cmocka_unit_test(what_ignored_entries_are_worth_is_told),
		cmocka_unit_test(saved_facts_are_judged_again),
		cmocka_unit_test(saved_facts_that_are_broken_are_refused),
		cmocka_unit_test(an_interruption_leaves_the_rest_unknown),
		cmocka_unit_test(nobody_who_answers_is_an_error),
		cmocka_unit_test(a_part_is_merged_into_the_whole),
		cmocka_unit_test(facts_of_another_plan_are_refused),
	};

	return cmocka_run_group_tests_name("toy provider", tests, NULL, NULL);
}
