/* SPDX-License-Identifier: Apache-2.0 */
/* Changes as DescribeChangeSet tells them, judged and in words; every row of the table of judgements. */
#include "providers/aws/cloud/update/stack_change.h"

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"

#define IN_PLACE "\"Replacement\":\"False\",\"Scope\":[\"Properties\"]"
#define ROLE "\"LogicalResourceId\":\"NodeRole\",\"ResourceType\":\"AWS::IAM::Role\""
#define FILES "\"LogicalResourceId\":\"FileSystem\",\"ResourceType\":\"AWS::EFS::FileSystem\""
#define BUCKET "\"LogicalResourceId\":\"Bucket\",\"ResourceType\":\"AWS::S3::Bucket\""
#define CLUSTER "\"LogicalResourceId\":\"MemoryDBCluster\",\"ResourceType\":\"AWS::MemoryDB::Cluster\""
#define GROUP "\"LogicalResourceId\":\"SecurityGroup\",\"ResourceType\":\"AWS::EC2::SecurityGroup\""
#define MODIFY "\"Action\":\"Modify\","
#define REMOVE "\"Action\":\"Remove\","
#define RECREATED(when) \
	"\"Details\":[{\"Target\":{\"Attribute\":\"Properties\",\"Name\":\"P\",\"RequiresRecreation\":\"" when \
	"\"}}]"

static const struct judged_case {
	const char *change;
	enum change_judgement judgement;
	char sign;
} judged_cases[] = {
	{"\"Action\":\"Add\"," CLUSTER, CHANGE_SAFE, '+'},
	{"\"Action\":\"Import\"," BUCKET, CHANGE_SAFE, '+'},
	{REMOVE "\"PolicyAction\":\"Retain\"," BUCKET, CHANGE_SAFE, '-'},
	{REMOVE "\"PolicyAction\":\"Snapshot\"," CLUSTER, CHANGE_SAFE, '-'},
	{REMOVE "\"PolicyAction\":\"Delete\"," CLUSTER, CHANGE_LOSES_DATA, '-'},
	{REMOVE FILES, CHANGE_LOSES_DATA, '-'},
	{REMOVE BUCKET, CHANGE_LOSES_DATA, '-'},
	{REMOVE GROUP, CHANGE_INTERRUPTS, '-'},
	{MODIFY "\"Replacement\":\"True\"," ROLE, CHANGE_IMPOSSIBLE, '!'},
	{MODIFY "\"Replacement\":\"Conditional\"," BUCKET, CHANGE_IMPOSSIBLE, '!'},
	{MODIFY "\"Replacement\":\"True\",\"PolicyAction\":\"ReplaceAndDelete\"," FILES, CHANGE_LOSES_DATA,
		'!'},
	{MODIFY "\"Replacement\":\"True\",\"PolicyAction\":\"ReplaceAndRetain\"," FILES, CHANGE_LOSES_DATA,
		'!'},
	{MODIFY "\"Replacement\":\"Conditional\"," FILES, CHANGE_LOSES_DATA, '!'},
	{MODIFY "\"Replacement\":\"Conditional\"," GROUP, CHANGE_INTERRUPTS, '!'},
	{MODIFY "\"Replacement\":\"False\",\"PolicyAction\":\"ReplaceAndDelete\"," GROUP, CHANGE_INTERRUPTS,
		'~'},
	/* without the word, what AWS says of the properties */
	{MODIFY FILES "," RECREATED("Always"), CHANGE_LOSES_DATA, '~'},
	{MODIFY FILES "," RECREATED("Conditionally"), CHANGE_LOSES_DATA, '~'},
	{MODIFY FILES "," RECREATED("Never"), CHANGE_SAFE, '~'},
	{MODIFY "\"Replacement\":\"False\"," FILES "," RECREATED("Always"), CHANGE_SAFE, '~'},
	{MODIFY IN_PLACE "," ROLE, CHANGE_SAFE, '~'},
	{MODIFY IN_PLACE "," CLUSTER, CHANGE_INTERRUPTS, '~'},
	{MODIFY "\"Replacement\":\"False\",\"Scope\":[\"Tags\",\"Metadata\"]," CLUSTER, CHANGE_SAFE, '~'},
	{MODIFY "\"Replacement\":\"False\",\"Scope\":[\"Tags\",\"Properties\"]," CLUSTER, CHANGE_INTERRUPTS,
		'~'},
	{"\"Action\":\"Dynamic\"," FILES, CHANGE_LOSES_DATA, '~'},
	{"\"Action\":\"Dynamic\"," ROLE, CHANGE_INTERRUPTS, '~'},
	{"\"Action\":\"SomethingNew\"," CLUSTER, CHANGE_LOSES_DATA, '~'},
};

static struct stack_change read_one(struct arena *arena, const char *change)
{
	json_t *reply = json_loads(arena_printf(arena, "{\"Changes\":[{\"ResourceChange\":{%s}}]}", change),
		0, NULL);
	struct stack_changes changes;

	assert_non_null(tree_defer(arena, reply));
	changes = stack_changes_read(arena, reply);
	assert_int_equal(changes.count, 1);
	return changes.items[0];
}

static void each_change_is_judged(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(judged_cases); i++) {
		const struct judged_case *row = &judged_cases[i];
		struct stack_change change = read_one(&arena, row->change);

		assert_string_equal(change_judgement_names[change.judgement],
			change_judgement_names[row->judgement]);
		assert_int_equal(stack_change_sign(&change), row->sign);
		assert_true(change.why || change.judgement == CHANGE_SAFE);
	}
	arena_free(&arena);
}

/* Where the values are: in the contexts, else at each property, else nowhere. */
static void values_are_taken_from_where_they_are(void **state)
{
	static const struct {
		const char *change, *details;
	} rows[] = {
		{MODIFY ROLE
			",\"BeforeContext\":\"{\\\"Properties\\\":{\\\"A\\\":\\\"1\\\"}}\",\"AfterContext\":\"{\\\"Properties\\\":{\\\"A\\\":\\\"2\\\"}}\"",
			"A: 1 → 2"},
		{MODIFY ROLE
			",\"Details\":[{\"Target\":{\"Path\":\"/Properties/A/B\",\"Name\":\"A\",\"BeforeValue\":\"1\",\"AfterValue\":\"2\"}}]",
			"A/B: 1 → 2"},
		{MODIFY ROLE ",\"Details\":[{\"Target\":{\"Name\":\"A\"}},{\"Target\":{\"Name\":\"A\"}},"
			     "{\"Target\":{\"Attribute\":\"Tags\"}}]",
			"A: changes|Tags: changes"},
		{MODIFY ROLE ",\"BeforeContext\":\"not JSON\",\"AfterContext\":\"{}\"", ""},
		{"\"Action\":\"Add\"," ROLE
		 ",\"AfterContext\":\"{\\\"Properties\\\":{\\\"A\\\":\\\"2\\\"}}\"",
			""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct stack_change change = read_one(&arena, rows[i].change);

		assert_string_equal(text_join(&arena, &change.details, "|"), rows[i].details);
		assert_string_equal(change.name, "Node role");
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_judged),
		cmocka_unit_test(values_are_taken_from_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
