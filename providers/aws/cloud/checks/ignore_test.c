/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is ignored: on every change of testdata/facts/mutations, which knows nothing of ignoring, and in single
 * cases.
 */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/facts_test.h"
#include "verify/ignore.h"

struct fixture {
	struct arena arena;
	json_t *document;
	struct cloud cloud;
	struct verification result;
};

/* The cloud of a change, judged. */
static void judge(struct fixture *fixture, const json_t *mutation)
{
	*fixture = (struct fixture){0};
	fixture->document = facts_test_cloud(&fixture->arena, tree_text(mutation, "base"));
	facts_test_change(fixture->document, json_object_get(mutation, "change"));
	facts_test_judge(&fixture->arena, fixture->document, &fixture->cloud, &fixture->result);
}

/* The same cloud with entries in its record, judged once more. */
static struct verification judge_ignoring(struct fixture *fixture, const struct ignored_list *ignored)
{
	struct verify_options options = {0};
	const struct verify_input input = {
		.table = &cloud_checks,
		.facts = fixture->result.facts,
		.options = &options,
	};
	struct verification result;
	struct error err;

	fixture->cloud.ignored = *ignored;
	assert_int_equal(verify_run(&input, &result, &err), 0);
	return result;
}

static bool is_wrong(const struct finding *finding)
{
	return finding->verdict == VERDICT_WARN || finding->verdict == VERDICT_FAIL;
}

static bool says(const struct finding *finding, const char *id)
{
	bool found = strstr(finding->text, id) != NULL;

	for (size_t i = 0; i < finding->evidence.count; i++)
		found = found || strstr(finding->evidence.items[i], id);
	return found;
}

/* Every resource that a finding names is named to the user too, or he could not ignore it. */
static void resources_are_told(const struct verification *result)
{
	for (size_t i = 0; i < result->count; i++) {
		const struct finding *finding = &result->findings[i];

		for (size_t k = 0; is_wrong(finding) && k < finding->resources.count; k++)
			if (!*finding->resources.items[k] || !says(finding, finding->resources.items[k]))
				fail_msg("%s: '%s' is not in the evidence", finding->check->id,
					finding->resources.items[k]);
	}
}

/* Entries for every check that found something. */
static struct ignored_list ignore_checks(struct arena *arena, const struct verification *result)
{
	struct ignored_list list = {0};

	for (size_t i = 0; i < result->count; i++)
		ignored_put(arena, &list,
			&(struct ignored){.check = result->findings[i].check->id, .reason = "r"});
	return list;
}

/* Entries for each resource of a finding but the last, or for all of them. */
static struct ignored_list ignore_resources(struct arena *arena, const struct finding *finding, bool all)
{
	struct ignored_list list = {0};

	for (size_t i = 0; i + !all < finding->resources.count; i++)
		ignored_put(arena, &list,
			&(struct ignored){.check = finding->check->id,
				.resource = finding->resources.items[i],
				.reason = "r"});
	return list;
}

static void every_wrong_finding_can_be_ignored(void **state)
{
	struct arena arena = {0};
	const json_t *mutations = facts_test_mutations(&arena);

	(void)state;
	assert_true(json_array_size(mutations) > 90);
	for (size_t i = 0; i < json_array_size(mutations); i++) {
		struct fixture before;
		struct ignored_list all;
		struct verification after;

		judge(&before, json_array_get(mutations, i));
		resources_are_told(&before.result);
		all = ignore_checks(&arena, &before.result);
		after = judge_ignoring(&before, &all);
		assert_int_equal(verdict_exit_code(after.counts, true), 0);
		for (size_t k = 0; k < after.count; k++) {
			enum verdict verdict = after.findings[k].verdict;

			assert_int_equal(verdict, before.result.findings[k].verdict);
			assert_int_equal(after.findings[k].ignored != NULL, verdict != VERDICT_PASS);
		}
		arena_free(&before.arena);
	}
	arena_free(&arena);
}

/* With one resource left that is not ignored the finding counts; without, it does not. Others are not touched. */
static void a_finding_counts_until_all_its_resources_are_ignored(void **state)
{
	struct arena arena = {0};
	const json_t *mutations = facts_test_mutations(&arena);
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i < json_array_size(mutations); i++) {
		struct fixture before;

		judge(&before, json_array_get(mutations, i));
		for (size_t k = 0; k < before.result.count; k++) {
			const struct finding *finding = &before.result.findings[k];
			struct verification some, all;
			struct ignored_list list;

			if (!is_wrong(finding) || finding->resources.count == 0)
				continue;
			tried++;
			list = ignore_resources(&arena, finding, false);
			some = judge_ignoring(&before, &list);
			assert_null(some.findings[k].ignored);
			assert_memory_equal(some.counts, before.result.counts, sizeof(some.counts));
			list = ignore_resources(&arena, finding, true);
			all = judge_ignoring(&before, &list);
			assert_non_null(all.findings[k].ignored);
			assert_int_equal(all.counts[finding->verdict] + 1,
				before.result.counts[finding->verdict]);
		}
		arena_free(&before.arena);
	}
	assert_true(tried > 15);
	arena_free(&arena);
}

/* A finding as a check would make it, and entries "check=resource: reason" against it. */
struct row {
	const char *check;
	enum verdict verdict;
	const char *resources; /* comma separated */
	struct ignored entries[3];
	const char *reason; /* expected */
};

static struct cloud cloud_of_rows(struct arena *arena)
{
	struct cloud cloud = {0};

	aws_cloud_edit(arena, &cloud)->resources = (struct aws_resources){
		.vpc_id = "vpc-1",
		.subnet_ids = text_split(arena, "subnet-1,subnet-2", ','),
		.security_group_ids = text_split(arena, "sg-1", ','),
		.control_plane_role_arn = "arn:aws:iam::111122223333:role/path/control",
		.node_role_arn = "arn:aws:iam::111122223333:role/node",
	};
	return cloud;
}

static void entries_match_by_check_and_resource(void **state)
{
	static const struct row rows[] = {
		{"vpc.dns", VERDICT_WARN, "", {{"vpc.dns", NULL, "r", NULL}}, "r"},
		{"vpc.dns", VERDICT_UNKNOWN, "", {{"vpc.dns", NULL, "r", NULL}}, "r"},
		{"vpc.dns", VERDICT_PASS, "", {{"vpc.dns", NULL, "r", NULL}}, NULL},
		{"vpc.dns", VERDICT_SKIP, "", {{"vpc.dns", NULL, "r", NULL}}, "r"},
		{"vpc.dns", VERDICT_SKIP, "", {{"vpc.dns", "vpc-1", "r", NULL}}, NULL},
		{"vpc.dns", VERDICT_WARN, "", {{"vpc.exists", NULL, "r", NULL}}, NULL},
		{"vpc.dns", VERDICT_WARN, "", {{"vpc.dns", "vpc-1", "r", NULL}}, "vpc-1: r"},
		{"vpc.dns", VERDICT_WARN, "", {{"vpc.dns", "vpc-2", "r", NULL}}, NULL},
		{"vpc.dns", VERDICT_UNKNOWN, "", {{"vpc.dns", "vpc-1", "r", NULL}}, NULL},
		{"subnets.route", VERDICT_FAIL, "subnet-2", {{"subnets.route", "subnet-2", "r", NULL}},
			"subnet-2: r"},
		{"subnets.route", VERDICT_FAIL, "subnet-2", {{"subnets.route", "subnet-1", "r", NULL}}, NULL},
		{"subnets.zones", VERDICT_FAIL, "", {{"subnets.zones", "subnet-1", "r", NULL}}, NULL},
		{"subnets.zones", VERDICT_FAIL, "",
			{{"subnets.zones", "subnet-1", "a", NULL}, {"subnets.zones", "subnet-2", "b", NULL}},
			"subnet-1: a; subnet-2: b"},
		{"security-groups.https", VERDICT_FAIL, "", {{"security-groups.https", "sg-1", "r", NULL}},
			"sg-1: r"},
		{"iam.node.trust", VERDICT_WARN, "", {{"iam.node.trust", "node", "r", NULL}},
			"arn:aws:iam::111122223333:role/node: r"},
		{"iam.control-plane.trust", VERDICT_FAIL, "",
			{{"iam.control-plane.trust", "control", "r", NULL}},
			"arn:aws:iam::111122223333:role/path/control: r"},
		{"iam.account", VERDICT_FAIL, "", {{"iam.account", "node", "r", NULL}}, NULL},
		{"s3.cors", VERDICT_WARN, "", {{"s3.cors", "bucket", "r", NULL}}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct arena arena = {0};
		struct cloud cloud = cloud_of_rows(&arena);
		struct finding finding = {.verdict = rows[i].verdict,
			.text = "t",
			.resources = text_split(&arena, rows[i].resources, ',')};
		const char *reason;

		finding.check = check_find(&cloud_checks, rows[i].check, &finding.group);
		while (rows[i].entries[cloud.ignored.count].check)
			cloud.ignored.count++;
		cloud.ignored.items = (struct ignored *)rows[i].entries;
		reason = ignore_reason(&arena, &cloud_checks, &cloud, &finding);
		if (!text_equal(reason, rows[i].reason) && (reason || rows[i].reason))
			fail_msg("row %zu: '%s', not '%s'", i, reason ? reason : "-",
				rows[i].reason ? rows[i].reason : "-");
		arena_free(&arena);
	}
}

static void useless_entries_are_told(void **state)
{
	static const struct {
		struct ignored entry;
		enum verdict verdict;
		enum ignore_use use;
	} rows[] = {
		{{"subnets.route", NULL, "r", NULL}, VERDICT_FAIL, IGNORE_OF_USE},
		{{"subnets.route", NULL, "r", NULL}, VERDICT_UNKNOWN, IGNORE_OF_USE},
		{{"subnets.route", NULL, "r", NULL}, VERDICT_SKIP, IGNORE_OF_USE},
		{{"subnets.route", NULL, "r", NULL}, VERDICT_PASS, IGNORE_PASSED},
		{{"subnets.route", "subnet-1", "r", NULL}, VERDICT_PASS, IGNORE_PASSED},
		{{"subnets.route", "subnet-1", "r", NULL}, VERDICT_FAIL, IGNORE_PASSED},
		{{"subnets.route", "subnet-1", "r", NULL}, VERDICT_UNKNOWN, IGNORE_OF_USE},
		{{"subnets.route", "subnet-2", "r", NULL}, VERDICT_FAIL, IGNORE_OF_USE},
		{{"vpc.dns", NULL, "r", NULL}, VERDICT_FAIL, IGNORE_NOT_JUDGED},
		{{"vpc.moon", NULL, "r", NULL}, VERDICT_FAIL, IGNORE_UNKNOWN_CHECK},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct arena arena = {0};
		struct cloud cloud = cloud_of_rows(&arena);
		struct finding finding = {.verdict = rows[i].verdict,
			.resources = text_split(&arena, "subnet-2", ',')};

		finding.check = check_find(&cloud_checks, "subnets.route", &finding.group);
		assert_int_equal(ignore_use(&arena, &cloud_checks, &cloud, &rows[i].entry, &finding, 1),
			rows[i].use);
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_finding_can_be_ignored),
		cmocka_unit_test(a_finding_counts_until_all_its_resources_are_ignored),
		cmocka_unit_test(entries_match_by_check_and_resource),
		cmocka_unit_test(useless_entries_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
