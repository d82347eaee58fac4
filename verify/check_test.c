/* SPDX-License-Identifier: Apache-2.0 */
/* What checks share, on the toy table: finding them, what they are about, the text of findings, remedies. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"
#include "verify/toy_fixture.h"

static const struct check *check_called(const char *id)
{
	return check_find(&toy_table, id, NULL);
}

static void checks_are_found(void **state)
{
	struct arena arena = {0};
	struct text_list ids = check_ids(&arena, &toy_table);
	const struct check_group *group = NULL;

	(void)state;
	assert_int_equal(check_count(&toy_table), 3);
	assert_string_equal(text_join(&arena, &ids, " "), "disk.exists disk.usage mounts.up");
	for (size_t i = 0; i < ids.count; i++)
		assert_ptr_equal(check_find(&toy_table, ids.items[i], &group), check_at(&toy_table, i));
	assert_string_equal(group->id, "mounts");
	assert_int_equal(check_group_index(&toy_table, group), 1);
	assert_null(check_find(&toy_table, "disk.colour", &group));
	assert_null(check_find(&toy_table, "beyond.the-end", &group));
	arena_free(&arena);
}

/* Subjects are of the check's kinds, else of the group; each id is shown with the kind that the record has it under. */
static void resources_have_their_kinds(void **state)
{
	static const char *const some[] = {"m-2", "disks/d-1", "s-1"};
	const struct check plain = {.id = "a.b"}, on_disk = {.id = "a.c", .subjects = KINDS(TOY_KIND_DISK)},
			   on_all = {.subjects = KINDS(TOY_KIND_MOUNTS, TOY_KIND_DISK)},
			   with_part = {.id = "a.d", .part = "wheel"};
	const struct check_group other = {.id = "other"};
	const struct check_group *mounts = toy_table.groups[1];
	const struct {
		const struct check_group *group;
		const struct check *check;
		const char *subjects; /* by the record */
		const char *kinds;    /* of some[] */
	} rows[] = {
		{mounts, NULL, "m-1 m-2", "mount disk mount"},
		{mounts, &plain, "m-1 m-2", "mount disk mount"},
		{mounts, &on_disk, "disks/d-1", "mount disk mount"},
		{mounts, &on_all, "m-1 m-2 disks/d-1", "mount disk mount"},
		{mounts, &with_part, "m-1 m-2", "mount disk wheel"},
		{toy_table.groups[0], &plain, "disks/d-1", "mount disk disk"},
		{&other, NULL, "", "mount disk other"},
	};
	const struct text_list ids = {(const char **)some, ARRAY_LENGTH(some)};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct text_list subjects = check_subjects(&fixture.arena, &toy_table, rows[i].group,
			rows[i].check, toy_cloud_of(&fixture));
		struct about_list about = check_about(&fixture.arena, &toy_table, rows[i].group,
			rows[i].check, toy_cloud_of(&fixture), &ids);
		struct text_list kinds = {0};

		assert_string_equal(text_join(&fixture.arena, &subjects, " "), rows[i].subjects);
		assert_int_equal(about.count, ids.count);
		for (size_t k = 0; k < about.count; k++) {
			assert_string_equal(about.items[k].id, some[k]);
			text_list_add(&fixture.arena, &kinds, about.items[k].kind);
		}
		assert_string_equal(text_join(&fixture.arena, &kinds, " "), rows[i].kinds);
	}
	arena_free(&fixture.arena);
}

static void a_conclusion_names_resources_unless_it_is_pass(void **state)
{
	static const struct {
		enum verdict verdict;
		size_t resources;
	} rows[] = {{VERDICT_PASS, 0}, {VERDICT_WARN, 1}, {VERDICT_FAIL, 1}, {VERDICT_UNKNOWN, 1}};
	struct toy_fixture fixture;
	struct facts *facts;

	(void)state;
	toy_open(&fixture);
	facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct finding found = {0};

		finding_resource(facts, &found, "m-1");
		finding_resource(facts, &found, "m-1");
		finding_evidence(facts, &found, "m-1 is %s", "down");
		found = finding_conclude(facts, found, rows[i].verdict, "%d of %d", 1, 2);
		assert_int_equal(found.verdict, rows[i].verdict);
		assert_string_equal(found.text, "1 of 2");
		assert_int_equal(found.evidence.count, 1);
		assert_int_equal(found.resources.count, rows[i].resources);
	}
	arena_free(&fixture.arena);
}

static const char *asked_elsewhere(const struct facts *facts)
{
	return facts_has(facts, TOY_USAGE) ? "asked in another toy box" : NULL;
}

static struct finding passes(const struct facts *facts)
{
	return finding_make(facts, VERDICT_PASS, "fine");
}

/* Then only the check about the caller is judged; each waits for the facts that say so. */
static void answers_may_be_from_elsewhere(void **state)
{
	static const struct check plain = {.decide = passes},
				  of_caller = {.decide = passes, .judges_caller = true};
	const struct index_list identity = FACTS(TOY_USAGE);
	bool marks[TOY_FACTS] = {false};
	struct check_table table = toy_table;
	struct toy_fixture fixture;
	struct facts *facts;

	(void)state;
	toy_open(&fixture);
	table.identity = identity;
	table.elsewhere = asked_elsewhere;
	check_facts(&table, &plain, marks);
	assert_true(marks[TOY_USAGE]);
	assert_false(marks[TOY_DISK]);
	facts = facts_new(&fixture.arena, table.plan, toy_cloud_of(&fixture));
	assert_string_equal(check_judge(&table, &plain, facts).text, "fine");
	facts_learn(facts, TOY_USAGE, json_true());
	assert_string_equal(check_judge(&toy_table, &plain, facts).text, "fine");
	assert_string_equal(check_judge(&table, &of_caller, facts).text, "fine");
	assert_string_equal(check_judge(&table, &plain, facts).text, "asked in another toy box");
	assert_int_equal(check_judge(&table, &plain, facts).verdict, VERDICT_UNKNOWN);
	arena_free(&fixture.arena);
}

static struct error lost_by(enum error_kind kind, const char *message, const char *action)
{
	struct error why;

	error_set(&why, kind, "%s", message);
	snprintf(why.action, sizeof(why.action), "%s", action);
	return why;
}

/* Only a denied call names a permission to grant; the permission has its own place, not in the text. */
static void a_lost_fact_says_why(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *action, *doing;
		const char *text, *granted;
	} rows[] = {
		{ERROR_DENIED, "toy:Find", "finding it", "finding it: no", "toy:Find"},
		{ERROR_DENIED, "", "finding it", "finding it: no", NULL},
		{ERROR_NETWORK, "toy:Find", "finding it", "finding it: no", NULL},
		{ERROR_DENIED, "toy:Find", "", "disk: no", "toy:Find"},
		{ERROR_NETWORK, "", NULL, "disk: no", NULL},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct facts *facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
		struct error why = lost_by(rows[i].kind, "no", rows[i].action);
		struct finding finding;

		facts_lose(facts, TOY_DISK, rows[i].doing, &why);
		finding = finding_lost(facts, TOY_DISK);
		assert_int_equal(finding.verdict, VERDICT_UNKNOWN);
		assert_string_equal(finding.text, rows[i].text);
		if (rows[i].granted)
			assert_string_equal(finding.action, rows[i].granted);
		else
			assert_null(finding.action);
	}
	arena_free(&fixture.arena);
}

/* The first loss is the text, what others say differently is evidence, and what is known says nothing. */
static void several_lost_facts_are_one_finding(void **state)
{
	const struct index_list all = FACTS(TOY_MOUNTS, TOY_DISK, TOY_USAGE), two = {all.items, 2};
	const struct error first = lost_by(ERROR_NETWORK, "cut off", ""),
			   other = lost_by(ERROR_IO, "full", "");
	struct toy_fixture fixture;
	struct facts *facts;
	struct finding finding;

	(void)state;
	toy_open(&fixture);
	facts = facts_new(&fixture.arena, toy_table.plan, toy_cloud_of(&fixture));
	facts_learn(facts, TOY_MOUNTS, NULL);
	facts_lose(facts, TOY_DISK, "looking", &first);
	facts_lose(facts, TOY_USAGE, "looking", &first);
	finding = finding_unknown(facts, &all);
	assert_string_equal(finding.text, "looking: cut off");
	assert_int_equal(finding.evidence.count, 0);
	facts_lose(facts, TOY_USAGE, "looking", &other);
	assert_int_equal(finding_unknown(facts, &two).evidence.count, 0);
	finding = finding_unknown(facts, &all);
	assert_string_equal(finding.text, "looking: cut off");
	assert_string_equal(text_join(&fixture.arena, &finding.evidence, "; "), "looking: full");
	arena_free(&fixture.arena);
}

static const char *long_text, *const *evidence;

static struct finding say_it_at_length(const struct facts *facts)
{
	struct finding finding = finding_make(facts, VERDICT_FAIL, "%s", long_text);

	for (size_t i = 0; evidence[i]; i++)
		finding_evidence(facts, &finding, "%s", evidence[i]);
	return finding;
}

static const char *times(struct arena *arena, size_t count, const char *text)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf(arena, "%s%s", all, text);
	return all;
}

/* At most 200 bytes with the mark, which is 4: cut at a space, else anywhere, but never inside a character. */
static void long_text_is_cut_at_a_word(void **state)
{
	static const char *const more[] = {"one", "two", NULL};
	static const struct check talker = {.id = "a.b", .decide = say_it_at_length};
	struct toy_fixture fixture;
	struct arena *arena = &fixture.arena;

	(void)state;
	toy_open(&fixture);
	evidence = more;
	{
		const struct {
			const char *text, *cut;
		} rows[] = {
			{times(arena, 200, "a"), times(arena, 200, "a")},
			{times(arena, 201, "a"), arena_printf(arena, "%s …", times(arena, 196, "a"))},
			{arena_printf(arena, "b c %s", times(arena, 200, "a")), "b c …"},
			{arena_printf(arena, "b %s", times(arena, 200, "a")), "b …"},
			{arena_printf(arena, "%s %s", times(arena, 196, "a"), times(arena, 9, "a")),
				arena_printf(arena, "%s …", times(arena, 196, "a"))},
			{arena_printf(arena, "a%s", times(arena, 100, "é")),
				arena_printf(arena, "a%s …", times(arena, 97, "é"))},
		};

		for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
			struct facts *facts = facts_new(arena, toy_table.plan, toy_cloud_of(&fixture));
			struct finding finding;
			bool is_cut = strcmp(rows[i].text, rows[i].cut) != 0;

			long_text = rows[i].text;
			finding = check_judge(&toy_table, &talker, facts);
			assert_string_equal(finding.text, rows[i].cut);
			assert_int_equal(finding.evidence.count, is_cut ? 3 : 2);
			if (is_cut)
				assert_string_equal(finding.evidence.items[0], rows[i].text);
			assert_string_equal(finding.evidence.items[finding.evidence.count - 2], "one");
		}
	}
	arena_free(arena);
}

static void remedies_are_filled_in(void **state)
{
	static const struct {
		const char *remedy, *text;
		enum remedy_kind kind;
	} rows[] = {
		{"toy make {disk}", "toy make d-1", REMEDY_FIX},
		{"toy mount {mounts}; toy tell {owner}", "toy mount m-1 m-2; toy tell us", REMEDY_FIX},
		{"toy tell {nobody}", "toy tell <nobody>", REMEDY_DO},
		{"toy set '{owner}'", "toy set 'us'", REMEDY_FIX},
		{"toy set '{mounts}' {disk}", "toy set '<mounts>' d-1", REMEDY_DO},
		{"toy set 'a' {mounts}", "toy set 'a' m-1 m-2", REMEDY_FIX},
		/* a name may be one letter; other braces are the command's own */
		{"toy {x}", "toy <x>", REMEDY_DO},
		{"toy {} {disk", "toy {} {disk", REMEDY_FIX},
		{"toy disk} {Disk} {disk 1}", "toy disk} {Disk} {disk 1}", REMEDY_FIX},
		{"{\"disk\": \"{disk}\"}", "{\"disk\": \"d-1\"}", REMEDY_FIX},
		{NULL, NULL, REMEDY_FIX},
	};
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct check check = {.remedy = rows[i].remedy, .remedy_kind = REMEDY_FIX};
		enum remedy_kind kind;
		const char *text = check_remedy(&fixture.arena, &toy_table, &check, toy_cloud_of(&fixture),
			&kind);

		if (rows[i].text)
			assert_string_equal(text, rows[i].text);
		else
			assert_null(text);
		assert_int_equal(kind, rows[i].kind);
	}
	fixture.cloud.disk = NULL;
	{
		enum remedy_kind kind;

		assert_string_equal(check_remedy(&fixture.arena, &toy_table, check_called("disk.exists"),
					    toy_cloud_of(&fixture), &kind),
			"toy make <disk>");
	}
	arena_free(&fixture.arena);
}

/* A command of which the end is missing might do something else. */
static void a_remedy_is_whole_or_not_there(void **state)
{
	struct toy_fixture fixture;

	(void)state;
	toy_open(&fixture);
	for (size_t length = REMEDY_MAX; length <= REMEDY_MAX + 1; length++) {
		const struct check check = {
			.remedy = memset(arena_alloc(&fixture.arena, length + 1), 'x', length)};
		enum remedy_kind kind;
		const char *text = check_remedy(&fixture.arena, &toy_table, &check, toy_cloud_of(&fixture),
			&kind);

		if (length <= REMEDY_MAX)
			assert_string_equal(text, check.remedy);
		else
			assert_null(text);
	}
	arena_free(&fixture.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_are_found),
		cmocka_unit_test(resources_have_their_kinds),
		cmocka_unit_test(a_conclusion_names_resources_unless_it_is_pass),
		cmocka_unit_test(answers_may_be_from_elsewhere),
		cmocka_unit_test(a_lost_fact_says_why),
		cmocka_unit_test(several_lost_facts_are_one_finding),
		cmocka_unit_test(long_text_is_cut_at_a_word),
		cmocka_unit_test(remedies_are_filled_in),
		cmocka_unit_test(a_remedy_is_whole_or_not_there),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
