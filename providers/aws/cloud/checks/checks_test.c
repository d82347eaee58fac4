/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue on facts: a good cloud of each kind passes everything, and each single change of
 * testdata/facts/mutations and testdata/permissions/cases.json makes exactly the findings it names, and no others,
 * with the words it names in them, and to the letter the evidence and the remedies it names. Every change is a test of
 * its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/facts_test.h"

enum { LEAST_CHANGES = 90 };

static const char *const kinds[] = {"direct", "private", "memorydb", "groups", "documented", "attached",
	"restricted", "kms"};

static void good_clouds_pass_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct arena arena = {0};
		struct verification result;
		struct cloud cloud;

		facts_test_judge(&arena, facts_test_cloud(&arena, kinds[i]), &cloud, &result);
		for (size_t k = 0; k < result.count; k++)
			if (result.findings[k].verdict != VERDICT_PASS)
				print_error("%s: %s is %s: %s\n", kinds[i], result.findings[k].check->id,
					verdict_name(result.findings[k].verdict), result.findings[k].text);
		assert_int_equal(result.counts[VERDICT_PASS], result.count);
		assert_int_equal(result.overall, VERDICT_PASS);
		arena_free(&arena);
	}
}

static size_t facts_of(const struct check *check)
{
	struct check_table table = cloud_checks;
	bool marks[FACT_COUNT] = {false};
	size_t count = 0;

	table.identity.count = 0; /* which every check waits for */
	check_facts(&table, check, marks);
	for (size_t i = 0; i < FACT_COUNT; i++)
		count += marks[i];
	return count;
}

/* Rows are complete, ids are unique, and each check but one, about the record, reads facts. */
static void rows_are_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_count(&cloud_checks); i++) {
		const struct check *check = check_at(&cloud_checks, i);

		assert_true(check->decide && check->holds && check->why && check->remedy);
		assert_true(check->requirement && check->reference);
		assert_ptr_equal(check_find(&cloud_checks, check->id, NULL), check);
		assert_true(check->severity == VERDICT_FAIL || check->severity == VERDICT_WARN);
		assert_int_equal(facts_of(check) == 0, text_equal(check->id, "subnets.count"));
	}
	assert_null(check_find(&cloud_checks, "vpc.nothing", NULL));
}

static void ids_begin_with_the_word_of_their_group(void **state)
{
	(void)state;
	for (size_t i = 0; i < cloud_checks.group_count; i++) {
		const struct check_group *group = cloud_checks.groups[i], *found = NULL;
		size_t word = strcspn(group->checks[0].id, ".") + 1;

		for (size_t k = 0; k < group->count; k++) {
			assert_int_equal(strncmp(group->checks[k].id, group->checks[0].id, word), 0);
			check_find(&cloud_checks, group->checks[k].id, &found);
			assert_ptr_equal(found, group);
		}
	}
}

/* A row depends on rows before it, so there is no circle, and every fact has its row. */
static void the_plan_has_no_circle_and_every_fact(void **state)
{
	const struct plan_row *rows = cloud_plan.rows;
	bool wanted[FACT_COUNT] = {[FACT_NODE_ATTACHED_DOCUMENTS] = true};

	(void)state;
	assert_int_equal(cloud_plan.count, FACT_COUNT);
	for (size_t i = 0; i < FACT_COUNT; i++) {
		assert_non_null(rows[i].name);
		assert_true(i == FACT_OTHER_CLOUDS || i == FACT_PROFILES ||
			(rows[i].operation && rows[i].ask && rows[i].doing));
		for (size_t k = 0; k < rows[i].after.count; k++)
			assert_true(rows[i].after.items[k] < i);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[k].name, rows[i].name);
	}
	plan_close(&cloud_plan, wanted);
	for (size_t i = 0; i < FACT_COUNT; i++)
		assert_int_equal(wanted[i],
			i == FACT_NODE_ATTACHED_DOCUMENTS || i == FACT_NODE_ATTACHED_VERSIONS ||
				i == FACT_NODE_ATTACHED || i == FACT_NODE_ROLE);
}

static size_t count_named(const json_t *mutations, const char *id, const char *verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(mutations); i++) {
		const json_t *expect = json_object_get(json_array_get(mutations, i), "expect");

		count += text_equal(json_string_value(json_object_get(expect, id)), verdict);
	}
	return count;
}

/* Each check's worst verdict is produced by some change, so that none of them can only ever pass. */
static void every_check_can_say_its_worst(void **state)
{
	const json_t *mutations = *state;

	assert_true(json_array_size(mutations) >= LEAST_CHANGES);
	for (size_t i = 0; i < check_count(&cloud_checks); i++) {
		const struct check *check = check_at(&cloud_checks, i);
		const char *worst = verdict_name(check->severity);

		if (count_named(mutations, check->id, worst) == 0)
			fail_msg("no change makes %s say %s", check->id, worst);
	}
}

/* The number of findings that are not as the change says; each is printed. */
static size_t count_wrong(const struct verification *result, const json_t *expect)
{
	size_t wrong = 0, named = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];
		const char *expected = json_string_value(json_object_get(expect, finding->check->id));
		const char *actual = verdict_name(finding->verdict);

		named += expected != NULL;
		if (strcmp(actual, expected ? expected : "PASS") == 0)
			continue;
		print_error("%s is %s, not %s: %s\n", finding->check->id, actual,
			expected ? expected : "PASS", finding->text);
		wrong++;
	}
	if (named != json_object_size(expect))
		print_error("%zu expected findings name checks that do not apply\n",
			json_object_size(expect) - named);
	return wrong + (json_object_size(expect) - named);
}

static bool says(const struct finding *finding, const char *words)
{
	bool found = strstr(finding->text, words) != NULL;

	for (size_t i = 0; i < finding->evidence.count && !found; i++)
		found = strstr(finding->evidence.items[i], words) != NULL;
	return found;
}

/* The number of findings without the words that a change wants in them. */
static size_t count_silent(const struct verification *result, const json_t *wanted)
{
	size_t silent = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];
		const char *words = json_string_value(json_object_get(wanted, finding->check->id));

		assert_true(finding->text && *finding->text && strlen(finding->text) <= FINDING_TEXT_MAX);
		if (!words || says(finding, words))
			continue;
		print_error("%s does not say \"%s\": %s\n", finding->check->id, words, finding->text);
		for (size_t k = 0; k < finding->evidence.count; k++)
			print_error("    %s\n", finding->evidence.items[k]);
		silent++;
	}
	return silent;
}

/* What the user is told to do: the finding's own remedy, or its row's. */
static const char *told(struct arena *arena, const struct verification *result, const struct finding *finding)
{
	enum remedy_kind kind;

	return finding->remedy
		? finding->remedy
		: check_remedy(arena, &cloud_checks, finding->check, result->facts->cloud, &kind);
}

/* The number of findings whose remedy is not, to the letter, what a change wants it to be. */
static size_t count_unmended(struct arena *arena, const struct verification *result, const json_t *wanted)
{
	size_t unmended = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];
		const char *remedy = json_string_value(json_object_get(wanted, finding->check->id));

		if (!remedy || text_equal(told(arena, result, finding), remedy))
			continue;
		print_error("%s is mended by\n%s\n", finding->check->id, told(arena, result, finding));
		unmended++;
	}
	return unmended;
}

static bool has_lines(const struct finding *finding, const json_t *lines)
{
	bool same = json_array_size(lines) == finding->evidence.count;

	for (size_t i = 0; same && i < finding->evidence.count; i++)
		same = text_equal(json_string_value(json_array_get(lines, i)), finding->evidence.items[i]);
	return same;
}

/* The number of findings whose evidence is not, line by line, what a change wants it to be. */
static size_t count_other_evidence(const struct verification *result, const json_t *wanted)
{
	size_t other = 0;

	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];
		const json_t *lines = json_object_get(wanted, finding->check->id);

		if (!lines || has_lines(finding, lines))
			continue;
		for (size_t k = 0; k < finding->evidence.count; k++)
			print_error("%s shows: %s\n", finding->check->id, finding->evidence.items[k]);
		other++;
	}
	return other;
}

static void a_change_makes_exactly_its_findings(void **state)
{
	const json_t *mutation = *state;
	struct arena arena = {0};
	json_t *document = facts_test_cloud(&arena, tree_text(mutation, "base"));
	struct verification result;
	struct cloud cloud;

	facts_test_change(document, json_object_get(mutation, "change"));
	facts_test_judge(&arena, document, &cloud, &result);
	assert_int_equal(count_wrong(&result, json_object_get(mutation, "expect")), 0);
	assert_int_equal(count_silent(&result, json_object_get(mutation, "says")), 0);
	assert_int_equal(count_unmended(&arena, &result, json_object_get(mutation, "remedy")), 0);
	assert_int_equal(count_other_evidence(&result, json_object_get(mutation, "evidence")), 0);
	arena_free(&arena);
}

int main(void)
{
	struct arena arena = {0};
	json_t *mutations = facts_test_mutations(&arena);
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(good_clouds_pass_everything),
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(ids_begin_with_the_word_of_their_group),
		cmocka_unit_test(the_plan_has_no_circle_and_every_fact),
		cmocka_unit_test_prestate(every_check_can_say_its_worst, mutations),
	};
	enum { FIXED = ARRAY_LENGTH(fixed) };
	size_t count;
	struct CMUnitTest *tests;
	int failed;

	if (json_array_extend(mutations, facts_test_read(&arena, "permissions/cases.json")) < 0)
		return 1;
	count = FIXED + json_array_size(mutations);
	tests = NEW_ARRAY(&arena, struct CMUnitTest, count);
	memcpy(tests, fixed, sizeof(fixed));
	for (size_t i = 0; i < json_array_size(mutations); i++) {
		json_t *mutation = json_array_get(mutations, i);

		tests[FIXED + i] = (struct CMUnitTest){.name = tree_text(mutation, "name"),
			.test_func = a_change_makes_exactly_its_findings,
			.initial_state = mutation};
	}
	failed = _cmocka_run_group_tests("checks", tests, count, NULL, NULL);
	arena_free(&arena);
	return count > FIXED ? failed : 1;
}
