/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing, judging and reporting: the rules that a whole run on a good cloud does not show. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "verify/toy_fixture.h"

static void globs_choose_checks(void **state)
{
	static const struct {
		const char *only, *skip;
		const char *ids;   /* of the findings; NULL: refused */
		const char *error; /* then */
	} rows[] = {
		{"", "", "disk.exists disk.usage mounts.up", NULL},
		{"disk.*", "", "disk.exists disk.usage", NULL},
		{"disk.exists,mounts.*", "", "disk.exists mounts.up", NULL},
		{"", "disk.*", "mounts.up", NULL},
		{"", "mounts.up,disk.usage", "disk.exists", NULL},
		{"disk.*", "*.usage", "disk.exists", NULL},
		{"disk.exists", "disk.usage", "disk.exists", NULL},
		{"DISK.*", "", NULL, "no check matches 'DISK.*'; 'cloudctl checks' lists them"},
		{"disk", "", NULL, "no check matches 'disk'; did you mean 'disk.*'?"},
		{"mounts", "", NULL, "no check matches 'mounts'; did you mean 'mounts.*'?"},
		{"disk.*,disk.usag", "", NULL, "no check matches 'disk.usag'; did you mean 'disk.usage'?"},
		{"beyond", "", NULL, "no check matches 'beyond'; 'cloudctl checks' lists them"},
		{"", "moon.*", NULL, "no check matches 'moon.*'; 'cloudctl checks' lists them"},
		{"", "disk.*,mounts.*", NULL,
			"no check is left to run: everything that is chosen is skipped as well"},
		{"disk.*", "*", NULL,
			"no check is left to run: everything that is chosen is skipped as well"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct toy_fixture fixture;
		struct text_list ids = {0};

		toy_open(&fixture);
		toy_answer_well(&fixture);
		fixture.options.only = text_split(&fixture.arena, rows[i].only, ',');
		fixture.options.skip = text_split(&fixture.arena, rows[i].skip, ',');
		assert_int_equal(toy_run(&fixture), rows[i].ids ? 0 : -1);
		assert_int_equal(fixture.result.overall, rows[i].ids ? VERDICT_PASS : VERDICT_SKIP);
		for (size_t k = 0; k < fixture.result.count; k++)
			text_list_add(&fixture.arena, &ids, fixture.result.findings[k].check->id);
		if (rows[i].ids)
			assert_string_equal(text_join(&fixture.arena, &ids, " "), rows[i].ids);
		else
			assert_string_equal(fixture.err.frame[0], rows[i].error);
		arena_free(&fixture.arena);
	}
}

static struct finding passes(const struct facts *facts)
{
	return finding_make(facts, VERDICT_PASS, "fine");
}

static struct finding skips(const struct facts *facts)
{
	return finding_make(facts, VERDICT_SKIP, "needs more");
}

static struct finding warns(const struct facts *facts)
{
	return finding_make(facts, VERDICT_WARN, "not so fine");
}

/* Verify without asking anybody; the table's groups are this one. */
static int run_group(struct toy_fixture *fixture, const struct check_group *group)
{
	const struct check_group *const groups[] = {group};
	struct check_table table = toy_table;
	struct verify_input input = {.table = &table, .options = &fixture->options};

	table.groups = groups;
	table.group_count = 1;
	input.facts = facts_new(&fixture->arena, table.plan, toy_cloud_of(fixture));
	return verify_run(&input, &fixture->result, &fixture->err);
}

static void globs_tell_capitals_and_know_the_first_check(void **state)
{
	static const struct check checks[] = {
		{.id = "a.small", .decide = passes},
		{.id = "A.capital", .decide = passes},
	};
	static const struct check_group group = {.id = "a", .checks = checks, .count = ARRAY_LENGTH(checks)};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	fixture.options.only = text_split(&fixture.arena, "A.*", ',');
	assert_int_equal(run_group(&fixture, &group), 0);
	assert_int_equal(fixture.result.count, 1);
	assert_string_equal(fixture.result.findings[0].check->id, "A.capital");
	fixture.options.only = text_split(&fixture.arena, "a", ',');
	assert_int_equal(run_group(&fixture, &group), -1);
	assert_string_equal(fixture.err.frame[0], "no check matches 'a'; did you mean 'a.*'?");
	arena_free(&fixture.arena);
}

/* Each event names its resources: those that fail, else all that the check is about. */
static void events_name_their_resources(void **state)
{
	static const struct {
		const char *line, *about;
	} rows[] = {
		{"storage of disks/d-1", "disk disks/d-1"},
		{"mounts of ['m-1', 'm-2']", "mount m-1, mount m-2"},
		{"disk.exists: PASS: disks/d-1", "disk disks/d-1"},
		{"disk.usage: PASS: 50 % are in use", "disk disks/d-1"},
		{"storage is PASS", "disk disks/d-1"},
		{"mounts.up: FAIL: 1 of 2 mounts are not up; do: toy mount m-1 m-2", "mount m-2"},
		{"mounts is FAIL", "mount m-1, mount m-2"},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	fake_reply(&fixture.fake, toy_read_mount, "m-2", toy_reply(&fixture, "{\"state\": \"down\"}"));
	toy_answer_well(&fixture);
	/* all is known beforehand, so that the order is the table's */
	fixture.options.optional = true;
	assert_int_equal(toy_run(&fixture), 0);
	assert_int_equal(toy_run_on(&fixture, NULL, fixture.result.facts), 0);
	assert_int_equal(fixture.recorder.count, ARRAY_LENGTH(rows));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_string_equal(fixture.recorder.lines[i], rows[i].line);
		assert_string_equal(fixture.recorder.about[i], rows[i].about);
	}
	arena_free(&fixture.arena);
}

/* A group of several kinds has a list for its subject, even of one id; kinds that no record holds do not count. */
static void a_group_of_several_kinds_has_a_list(void **state)
{
	static const struct {
		enum kind_form first, second; /* of two kinds in the group "storage" */
		const char *line;
	} rows[] = {
		{KIND_TEXT, KIND_TEXT, "storage of ['disks/d-1']"},
		{KIND_TEXT, KIND_UNRECORDED, "storage of disks/d-1"},
		{KIND_UNRECORDED, KIND_TEXT, "storage of disks/d-1"},
		{KIND_UNRECORDED, KIND_UNRECORDED, "storage of nothing"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct resource_kind kinds[] = {toy_table.kinds[TOY_KIND_DISK],
			toy_table.kinds[TOY_KIND_DISK]};
		struct check_table table = toy_table;
		struct toy_fixture fixture;
		struct verify_input input = {.table = &table};

		toy_open(&fixture);
		kinds[0].form = rows[i].first;
		kinds[1].form = rows[i].second;
		table.kinds = kinds;
		table.kind_count = ARRAY_LENGTH(kinds);
		table.group_count = 1;
		input.stream = &fixture.stream;
		input.facts = facts_new(&fixture.arena, table.plan, toy_cloud_of(&fixture));
		assert_int_equal(verify_run(&input, &fixture.result, &fixture.err), 0);
		assert_string_equal(fixture.recorder.lines[0], rows[i].line);
		arena_free(&fixture.arena);
	}
}

/*
 * Of findings that count. A requirement that was skipped leaves its group open, a recommendation does not; the whole is
 * left open by either.
 */
static void a_group_has_a_verdict(void **state)
{
	static struct ignored entries[] = {{"a.first", NULL, "known", NULL}};
	static const struct {
		check_fn *first, *second;
		enum verdict severity; /* of both */
		bool ignored;          /* the first */
		enum verdict group, overall;
	} rows[] = {
		{passes, passes, VERDICT_FAIL, false, VERDICT_PASS, VERDICT_PASS},
		{passes, skips, VERDICT_WARN, false, VERDICT_PASS, VERDICT_SKIP},
		{passes, skips, VERDICT_FAIL, false, VERDICT_SKIP, VERDICT_SKIP},
		{skips, skips, VERDICT_WARN, false, VERDICT_SKIP, VERDICT_SKIP},
		{warns, passes, VERDICT_WARN, false, VERDICT_WARN, VERDICT_WARN},
		{warns, passes, VERDICT_WARN, true, VERDICT_PASS, VERDICT_PASS},
		{warns, skips, VERDICT_WARN, true, VERDICT_SKIP, VERDICT_SKIP},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct check checks[] = {
			{.id = "a.first", .severity = rows[i].severity, .decide = rows[i].first},
			{.id = "a.second", .severity = rows[i].severity, .decide = rows[i].second},
		};
		const struct check_group group = {.id = "a", .checks = checks, .count = ARRAY_LENGTH(checks)};
		struct toy_fixture fixture;

		toy_open(&fixture);
		if (rows[i].ignored)
			fixture.cloud.ignored = (struct ignored_list){entries, 1};
		assert_int_equal(run_group(&fixture, &group), 0);
		assert_int_equal(fixture.result.groups[0], rows[i].group);
		assert_int_equal(fixture.result.overall, rows[i].overall);
		arena_free(&fixture.arena);
	}
}

/* Without options everything is verified, without a stream nothing is said, and optional facts are not asked for. */
static void options_and_a_stream_may_be_missing(void **state)
{
	struct toy_fixture fixture;
	struct verify_input input = {.table = &toy_table};

	(void)state;
	toy_open(&fixture);
	toy_answer_well(&fixture);
	input.source = &fixture.fake.source;
	input.facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
	assert_int_equal(verify_run(&input, &fixture.result, &fixture.err), 0);
	assert_int_equal(fixture.result.count, 3);
	assert_int_equal(fixture.result.counts[VERDICT_PASS], 3);
	assert_int_equal(fake_count(&fixture.fake, toy_measure_disk), 0);
	assert_int_equal(fixture.recorder.count, 0);
	arena_free(&fixture.arena);
}

/*
 * That nobody is let in, or reached, is an error as long as not one call went through. A refusal counts whatever else
 * happened; that nothing was reached, only when nothing else was heard of.
 */
static void nothing_is_judged_when_nobody_answers(void **state)
{
	static const struct {
		enum error_kind disk, mounts; /* ERROR_NONE: it answers */
		bool given;                   /* the disk was known before */
		enum error_kind error;        /* ERROR_NONE: there are findings */
	} rows[] = {
		{ERROR_NONE, ERROR_NONE, false, ERROR_NONE},
		{ERROR_CREDENTIALS, ERROR_CREDENTIALS, false, ERROR_CREDENTIALS},
		{ERROR_CREDENTIALS, ERROR_CREDENTIALS, true, ERROR_CREDENTIALS},
		{ERROR_CREDENTIALS, ERROR_DENIED, false, ERROR_CREDENTIALS},
		{ERROR_DENIED, ERROR_CREDENTIALS, false, ERROR_CREDENTIALS},
		{ERROR_CREDENTIALS, ERROR_NETWORK, false, ERROR_CREDENTIALS},
		{ERROR_NETWORK, ERROR_CREDENTIALS, false, ERROR_CREDENTIALS},
		{ERROR_NETWORK, ERROR_NETWORK, false, ERROR_NETWORK},
		{ERROR_NETWORK, ERROR_NETWORK, true, ERROR_NETWORK},
		{ERROR_NETWORK, ERROR_DENIED, false, ERROR_NONE},
		{ERROR_DENIED, ERROR_NETWORK, false, ERROR_NONE},
		{ERROR_DENIED, ERROR_DENIED, false, ERROR_NONE},
		{ERROR_NONE, ERROR_CREDENTIALS, false, ERROR_NONE},
		{ERROR_CREDENTIALS, ERROR_NONE, false, ERROR_NONE},
		{ERROR_NONE, ERROR_NETWORK, false, ERROR_NONE},
		{ERROR_NETWORK, ERROR_NONE, false, ERROR_NONE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct toy_fixture fixture;
		struct facts *facts;

		toy_open(&fixture);
		facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
		if (rows[i].disk != ERROR_NONE)
			fake_error(&fixture.fake, toy_find_disk, NULL, rows[i].disk, "Code", "the disk");
		if (rows[i].mounts != ERROR_NONE)
			fake_error(&fixture.fake, toy_read_mount, NULL, rows[i].mounts, "Code", "the mounts");
		toy_answer_well(&fixture);
		if (rows[i].given)
			facts_learn(facts, TOY_DISK, toy_reply(&fixture, "{\"disks\": [{\"id\": \"d-1\"}]}"));
		assert_int_equal(toy_run_on(&fixture, &fixture.fake.source, facts),
			rows[i].error == ERROR_NONE ? 0 : -1);
		assert_int_equal(fixture.result.counts[VERDICT_PASS] +
				fixture.result.counts[VERDICT_UNKNOWN] + fixture.result.counts[VERDICT_FAIL] +
				fixture.result.counts[VERDICT_SKIP],
			rows[i].error == ERROR_NONE ? 3
				: rows[i].given     ? 2
						    : 0);
		if (rows[i].error != ERROR_NONE)
			assert_int_equal(fixture.err.kind, rows[i].error);
		arena_free(&fixture.arena);
	}
}

/* The first one's own words. */
static void the_first_refusal_is_the_error(void **state)
{
	static const enum error_kind kinds[] = {ERROR_CREDENTIALS, ERROR_NETWORK};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct toy_fixture fixture;

		toy_open(&fixture);
		fake_error(&fixture.fake, toy_find_disk, NULL, kinds[i], "Code", "the disk");
		fake_error(&fixture.fake, toy_read_mount, NULL, kinds[i], "Code", "the mounts");
		assert_int_equal(toy_run(&fixture), -1);
		assert_string_equal(fixture.err.frame[0], "the disk");
		arena_free(&fixture.arena);
	}
}

/* Only the checks of the part change; all is counted again. The findings behind the end are nobody's. */
static void a_merge_counts_again(void **state)
{
	const struct check *disk = check_find(&toy_table, "disk.exists", NULL);
	const struct check *usage = check_find(&toy_table, "disk.usage", NULL);
	const struct check_group *storage = toy_table.groups[0], *mounts = toy_table.groups[1];
	struct finding before[] = {
		{.check = disk, .group = storage, .verdict = VERDICT_FAIL, .text = "gone"},
		{.check = usage, .group = storage, .verdict = VERDICT_WARN, .text = "full"},
		{.check = disk, .group = mounts, .verdict = VERDICT_FAIL, .text = "beyond the end"},
	};
	struct finding after[] = {
		{.check = disk, .group = storage, .verdict = VERDICT_PASS, .text = "there"},
		{.check = usage, .group = storage, .verdict = VERDICT_FAIL, .text = "beyond the end"},
	};
	enum verdict groups[] = {VERDICT_FAIL, VERDICT_FAIL, VERDICT_UNKNOWN};
	struct verification whole = {.findings = before,
		.count = 2,
		.counts = {[VERDICT_FAIL] = 7},
		.overall = VERDICT_FAIL,
		.groups = groups,
		.table = &toy_table};
	const struct verification part = {.findings = after, .count = 1, .table = &toy_table};

	(void)state;
	verify_merge(&whole, &part);
	assert_int_equal(whole.counts[VERDICT_PASS], 1);
	assert_int_equal(whole.counts[VERDICT_WARN], 1);
	assert_int_equal(whole.counts[VERDICT_FAIL], 0);
	assert_int_equal(whole.overall, VERDICT_WARN);
	assert_int_equal(groups[0], VERDICT_WARN);
	assert_int_equal(groups[1], VERDICT_SKIP);
	assert_int_equal(groups[2], VERDICT_UNKNOWN);
	assert_string_equal(before[2].text, "beyond the end");
	before[1].verdict = after[0].verdict = VERDICT_SKIP;
	verify_merge(&whole, &part);
	assert_int_equal(whole.overall, VERDICT_SKIP);
	before[1].verdict = VERDICT_WARN;
	before[1].ignored = after[0].ignored = "known";
	groups[0] = whole.overall = VERDICT_WARN;
	verify_merge(&whole, &part);
	assert_int_equal(groups[0], VERDICT_SKIP);
	assert_int_equal(whole.overall, VERDICT_SKIP);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_choose_checks),
		cmocka_unit_test(globs_tell_capitals_and_know_the_first_check),
		cmocka_unit_test(events_name_their_resources),
		cmocka_unit_test(a_group_of_several_kinds_has_a_list),
		cmocka_unit_test(a_group_has_a_verdict),
		cmocka_unit_test(options_and_a_stream_may_be_missing),
		cmocka_unit_test(nothing_is_judged_when_nobody_answers),
		cmocka_unit_test(the_first_refusal_is_the_error),
		cmocka_unit_test(a_merge_counts_again),
	};

	return cmocka_run_group_tests_name("verification", tests, NULL, NULL);
}
