/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody else changed, against the last deployment and the update: every row of the table of classes. */
#include "providers/aws/cloud/update/drift.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"
#include "base/tree.h"

static const json_t *value_of(struct arena *arena, const char *text)
{
	return text ? tree_defer(arena, json_loads(text, JSON_DECODE_ANY, NULL)) : NULL;
}

/* --- the table --- */

static const struct class_case {
	const char *previous, *actual, *next; /* JSON; NULL: none */
	enum drift_class class;
} class_cases[] = {
	{"\"a\"", "\"a\"", "\"a\"", DRIFT_NONE},
	{"\"a\"", "\"a\"", "\"b\"", DRIFT_CHANGE},
	{NULL, NULL, "\"b\"", DRIFT_CHANGE},
	{"\"a\"", "\"b\"", "\"b\"", DRIFT_ALREADY_SO},
	{"\"a\"", NULL, NULL, DRIFT_ALREADY_SO},
	{NULL, "\"b\"", "\"b\"", DRIFT_ALREADY_SO},
	{"\"a\"", "\"b\"", "\"a\"", DRIFT_CHANGED},
	{"\"a\"", NULL, "\"a\"", DRIFT_CHANGED},
	{NULL, "\"b\"", NULL, DRIFT_CHANGED},
	{"\"a\"", "\"b\"", "\"c\"", DRIFT_CONFLICT},
	{"\"a\"", NULL, "\"c\"", DRIFT_CONFLICT},
	{"\"a\"", "\"b\"", NULL, DRIFT_CONFLICT},
	{NULL, "\"b\"", "\"c\"", DRIFT_CONFLICT},
};

static void test_classes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(class_cases); i++) {
		const struct class_case *row = &class_cases[i];
		struct arena arena = {0};
		const struct drift_values values = {value_of(&arena, row->previous),
			value_of(&arena, row->actual), value_of(&arena, row->next)};

		assert_string_equal(drift_class_names[drift_classify(&values)],
			drift_class_names[row->class]);
		arena_free(&arena);
	}
}

static const struct same_case {
	const char *a, *b;
	bool same;
} same_cases[] = {
	{"1", "\"1\"", true},
	{"true", "\"true\"", true},
	{"\"a\"", "[\"a\"]", true},
	{"[\"a\",\"b\"]", "[\"b\",\"a\"]", true},
	{"[\"a\",\"a\"]", "[\"a\",\"b\"]", false},
	{"[\"a\",\"b\"]", "[\"a\"]", false},
	{"[]", "{}", false},
	{"[]", "\"\"", false},
	{"{\"x\":[1,2]}", "{\"x\":[\"2\",\"1\"]}", true},
	{"{\"x\":1}", "{\"x\":1,\"y\":2}", false},
	{"{\"x\":1}", "{\"y\":1}", false},
	{"{\"x\":1}", "\"x\"", false},
	{"false", "null", false},
};

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(same_cases); i++) {
		struct arena arena = {0};
		const json_t *a = value_of(&arena, same_cases[i].a), *b = value_of(&arena, same_cases[i].b);

		assert_int_equal(drift_same(a, b), same_cases[i].same);
		assert_int_equal(drift_same(b, a), same_cases[i].same);
		arena_free(&arena);
	}
	assert_true(drift_same(NULL, NULL));
}

/* --- what CloudFormation reports --- */

#define BUCKET \
	"\"LogicalResourceId\":\"Bucket\",\"PhysicalResourceId\":\"b\",\"ResourceType\":\"AWS::S3::Bucket\""
#define ROLE \
	"\"LogicalResourceId\":\"NodeRole\",\"PhysicalResourceId\":\"r\",\"ResourceType\":\"AWS::IAM::Role\""
#define GROUP \
	"\"LogicalResourceId\":\"SecurityGroup\",\"PhysicalResourceId\":\"g\"," \
	"\"ResourceType\":\"AWS::EC2::SecurityGroup\""
#define MODIFIED ",\"StackResourceDriftStatus\":\"MODIFIED\""
#define DELETED ",\"StackResourceDriftStatus\":\"DELETED\""
#define OF(path) ",\"PropertyDifferences\":[{\"PropertyPath\":\"" path "\"}]"
#define WAS(text) ",\"ExpectedProperties\":\"" text "\""
#define IS(text) ",\"ActualProperties\":\"" text "\""
#define REMOVED(resource) "{\"ResourceChange\":{\"Action\":\"Remove\"," resource "}}"
#define MADE(resource, before, after) \
	"{\"ResourceChange\":{\"Action\":\"Modify\"," resource \
	",\"BeforeContext\":\"{\\\"Properties\\\":" before \
	"}\",\"AfterContext\":\"{\\\"Properties\\\":" after "}\"}}"
#define POLICY(statements) \
	"{\\\"Policies\\\":[{\\\"PolicyName\\\":\\\"p\\\",\\\"PolicyDocument\\\":{\\\"Statement\\\":[" statements \
	"]}}]}"
#define STATEMENT(sid, action) \
	"{\\\"Sid\\\":\\\"" sid "\\\",\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"" action \
	"\\\",\\\"Resource\\\":\\\"*\\\"}"
#define VERSIONS(status) "{\\\"V\\\":{\\\"Status\\\":\\\"" status "\\\"}}"
#define RULE(port) "{\\\"FromPort\\\":" port "}"
#define RULES(rules) "{\\\"I\\\":[" rules "]}"

/* A row of DescribeStackResourceDrifts, changes of DescribeChangeSet, and the items: "CLASS PATH: DETAIL, DETAIL|…". */
static const struct report_case {
	const char *drift, *changes;
	bool reverts;
	const char *items;
} report_cases[] = {
	{BUCKET ",\"StackResourceDriftStatus\":\"IN_SYNC\"", "", false, ""},
	{BUCKET ",\"StackResourceDriftStatus\":\"NOT_CHECKED\"", "", false, ""},
	{BUCKET ",\"StackResourceDriftStatus\":\"UNKNOWN\",\"DriftStatusReason\":\"no right\"", "", false,
		"unknown : no right"},
	{ROLE DELETED, "", false, "lost : "},
	{BUCKET DELETED, "", false, "lost with data : "},
	{ROLE DELETED, REMOVED(ROLE), false, ""},
	{ROLE MODIFIED, REMOVED(ROLE), false, "changed, then removed : "},
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")), "", false,
		"drift V.Status: V.Status: Enabled → Suspended"},
	/* the update does not touch it */
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")),
		MADE(BUCKET, VERSIONS("Enabled"), VERSIONS("Enabled")), false,
		"drift V.Status: V.Status: Enabled → Suspended"},
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")),
		MADE(BUCKET, VERSIONS("Enabled"), VERSIONS("Suspended")), false,
		"already so V.Status: V.Status: Enabled → Suspended"},
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")),
		MADE(BUCKET, VERSIONS("Enabled"), VERSIONS("Off")), false,
		"conflict V.Status: V.Status: Enabled → Suspended"},
	/* a set that reverts begins with what is */
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")),
		MADE(BUCKET, VERSIONS("Suspended"), VERSIONS("Enabled")), true,
		"drift V.Status: V.Status: Enabled → Suspended"},
	{BUCKET MODIFIED OF("/V/Status") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")),
		MADE(BUCKET, VERSIONS("Suspended"), VERSIONS("Suspended")), true,
		"already so V.Status: V.Status: Enabled → Suspended"},
	/* only what CloudFormation calls different counts */
	{BUCKET MODIFIED OF("/W") WAS(VERSIONS("Enabled")) IS(VERSIONS("Suspended")), "", false, ""},
	/* rules are a set: one more, one other */
	{GROUP MODIFIED OF("/I/1") WAS(RULES(RULE("443"))) IS(RULES(RULE("443") "," RULE("22"))), "", false,
		"drift I: I: + {\"FromPort\":22}"},
	{GROUP MODIFIED OF("/I/0") WAS(RULES(RULE("443"))) IS(RULES(RULE("22"))),
		MADE(GROUP, RULES(RULE("443")), RULES(RULE("22"))), false,
		"already so I: I: - {\"FromPort\":443}|already so I: I: + {\"FromPort\":22}"},
	/* statements by their Sid */
	{ROLE MODIFIED OF("/Policies/0/PolicyDocument/Statement/1") WAS(POLICY(STATEMENT("A", "s3:Get")))
			IS(POLICY(STATEMENT("A", "s3:Get") "," STATEMENT("B", "s3:List"))),
		"", false, "drift Policies.p.B: Policies.p: + B: Allow s3:List, on *"},
	{ROLE MODIFIED OF("/Policies/0/PolicyDocument/Statement/0")
			WAS(POLICY(STATEMENT("A", "s3:Get") "," STATEMENT("B", "s3:List")))
				IS(POLICY(STATEMENT("A", "s3:Put"))),
		"", false,
		"drift Policies.p.A: Policies.p: A: - s3:Get, Policies.p: A: + s3:Put|"
		"drift Policies.p.B: Policies.p: - B: Allow s3:List, on *"},
	/* the update changes another statement of the same policy, and writes all of it */
	{ROLE MODIFIED OF("/Policies/0/PolicyDocument/Statement/1") WAS(POLICY(STATEMENT("A", "s3:Get")))
			IS(POLICY(STATEMENT("A", "s3:Get") "," STATEMENT("B", "s3:List"))),
		MADE(ROLE, POLICY(STATEMENT("A", "s3:Get")), POLICY(STATEMENT("A", "s3:Put"))), false,
		"conflict Policies.p.B: Policies.p: + B: Allow s3:List, on *"},
	{ROLE MODIFIED OF("/Policies/0/PolicyDocument/Statement/0") WAS(POLICY(STATEMENT("A", "s3:Get")))
			IS(POLICY(STATEMENT("A", "s3:List"))),
		MADE(ROLE, POLICY(STATEMENT("A", "s3:Get")), POLICY(STATEMENT("A", "s3:Put"))), false,
		"conflict Policies.p.A: Policies.p: A: - s3:Get, Policies.p: A: + s3:List"},
	/* a policy more, as a whole */
	{ROLE MODIFIED OF("/Policies/0") WAS("{\\\"Policies\\\":[]}") IS(POLICY(STATEMENT("A", "s3:Get"))),
		"", false, "drift Policies.p.A: Policies.p: + A: Allow s3:Get, on *"},
};

static struct drift read_case(struct arena *arena, const struct report_case *row)
{
	const json_t *drifts = value_of(arena,
		arena_printf(arena, "{\"StackResourceDrifts\":[{%s}]}", row->drift));
	const json_t *changes = value_of(arena, arena_printf(arena, "{\"Changes\":[%s]}", row->changes));
	struct stack_changes *read = NEW(arena, struct stack_changes);

	assert_non_null(drifts);
	assert_non_null(changes);
	*read = stack_changes_read(arena, changes);
	return drift_read(arena, drifts, read, row->reverts);
}

static void test_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(report_cases); i++) {
		struct arena arena = {0};
		struct drift drift = read_case(&arena, &report_cases[i]);
		struct text_list items = {0};

		for (size_t k = 0; k < drift.count; k++) {
			const struct drift_item *item = &drift.items[k];

			text_list_add(&arena, &items,
				arena_printf(&arena, "%s %s: %s%s", drift_class_names[item->class],
					item->path, text_or(item->why, ""),
					text_join(&arena, &item->details, ", ")));
		}
		assert_string_equal(text_join(&arena, &items, "|"), report_cases[i].items);
		arena_free(&arena);
	}
}

static void test_what_is_open(void **state)
{
	struct drift_item items[] = {{.class = DRIFT_ALREADY_SO}, {.class = DRIFT_UNKNOWN},
		{.class = DRIFT_CHANGED}};
	struct drift drift = {.items = items, .count = 1};

	(void)state;
	assert_false(drift_is_open(&drift));
	assert_false(drift_is_unknown(&drift));
	drift.count = 2;
	assert_false(drift_is_open(&drift));
	assert_true(drift_is_unknown(&drift));
	drift.count = 3;
	assert_true(drift_is_open(&drift));
	drift = (struct drift){.not_compared = "denied"};
	assert_true(drift_is_unknown(&drift));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_what_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
