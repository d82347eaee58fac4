/* SPDX-License-Identifier: Apache-2.0 */
/* Properties before and after, and the lines between them. */
#include "providers/aws/cloud/update/property_diff.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"

/* Properties of a resource before and after, as JSON, and the lines between them. */
static const struct property_case {
	const char *before, *after, *lines;
} property_cases[] = {
	{"{\"A\":\"1\"}", "{\"A\":\"1\"}", ""},
	{"{\"A\":\"1\"}", "{\"A\":\"2\"}", "A: 1 → 2"},
	{"{\"A\":\"1\"}", "{}", "A: - 1"},
	{"{}", "{\"A\":true}", "A: + true"},
	{"{\"A\":{\"B\":{\"C\":1}}}", "{\"A\":{\"B\":{\"C\":2}}}", "A.B.C: 1 → 2"},
	{"{\"A\":\"\"}", "{\"A\":\"x\"}", "A: \"\" → x"},
	{"{\"A\":{\"B\":1}}", "{\"A\":\"text\"}", "A: {\"B\":1} → text"},
	{"{\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"},{\"Key\":\"b\",\"Value\":\"2\"}]}",
		"{\"Tags\":[{\"Key\":\"b\",\"Value\":\"3\"},{\"Key\":\"c\",\"Value\":\"4\"}]}",
		"Tags.a: - 1|Tags.b: 2 → 3|Tags.c: + 4"},
	{"{\"L\":[\"x\"]}", "{\"L\":[\"x\",\"{{changeSet:KNOWN_AFTER_APPLY}}\"]}",
		"L: + (known after the update)"},
	{"{\"Tags\":[]}", "{\"Tags\":[{\"Key\":\"c\",\"Value\":\"4\"}]}", "Tags.c: + 4"},
	{"{\"L\":[\"x\",\"y\"]}", "{\"L\":[\"y\",\"z\"]}", "L: - x|L: + z"},
	{"{\"L\":[{\"CidrIp\":\"a\",\"FromPort\":443}]}", "{\"L\":[{\"CidrIp\":\"b\",\"FromPort\":443}]}",
		"L.CidrIp: a → b"},
	{"{\"L\":[{\"CidrIp\":\"a\"},{\"CidrIp\":\"b\"}]}", "{\"L\":[{\"CidrIp\":\"b\"}]}",
		"L: - {\"CidrIp\":\"a\"}"},
	/* rules of a security group are told apart by what they are for, unless two are for the same */
	{"{\"L\":[{\"Description\":\"x\",\"CidrIp\":\"a\"},{\"Description\":\"y\",\"CidrIp\":\"b\"}]}",
		"{\"L\":[{\"Description\":\"y\",\"CidrIp\":\"c\"}]}",
		"L.x: - {\"Description\":\"x\",\"CidrIp\":\"a\"}|L.y.CidrIp: b → c"},
	{"{\"L\":[{\"Description\":\"x\",\"CidrIp\":\"a\"},{\"Description\":\"x\",\"CidrIp\":\"b\"}]}",
		"{\"L\":[{\"Description\":\"x\",\"CidrIp\":\"b\"}]}",
		"L: - {\"Description\":\"x\",\"CidrIp\":\"a\"}"},
	{"{\"Policies\":[]}",
		"{\"Policies\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":[{\"Sid\":\"S\",\"Effect\":\"Allow\",\"Action\":\"a:B\",\"Resource\":\"*\"}]}}]}",
		"Policies.p: + S: Allow a:B, on *"},
	{"{\"Policies\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":[{\"Sid\":\"S\",\"Effect\":\"Allow\",\"Action\":\"a:B\",\"Resource\":\"*\"}]}}]}",
		"{\"Policies\":[{\"PolicyName\":\"p\",\"PolicyDocument\":{\"Statement\":[{\"Sid\":\"S\",\"Effect\":\"Allow\",\"Action\":[\"a:B\",\"a:C\"],\"Resource\":\"*\"}]}}]}",
		"Policies.p: S: + a:C"},
	/* a document that is text, as the template's large policy is */
	{"{\"D\":\"{\\\"Statement\\\":[{\\\"Sid\\\":\\\"S\\\",\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"a:B\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}",
		"{\"D\":\"{\\\"Statement\\\":[{\\\"Sid\\\":\\\"S\\\",\\\"Effect\\\":\\\"Deny\\\",\\\"Action\\\":\\\"a:B\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}",
		"D: S: Allow → Deny"},
	{"{\"D\":{\"Statement\":[{}]}}", "{\"D\":{\"Statement\":[]}}",
		"D: changes, and cannot be read as a policy"},
};

static void each_property_that_differs_is_a_line(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(property_cases); i++) {
		json_t *before = tree_defer(&arena, json_loads(property_cases[i].before, 0, NULL));
		json_t *after = tree_defer(&arena, json_loads(property_cases[i].after, 0, NULL));
		struct text_list lines = {0};

		property_diff(&arena, "", before, after, &lines);
		assert_string_equal(text_join(&arena, &lines, "|"), property_cases[i].lines);
	}
	arena_free(&arena);
}

static void long_values_are_cut(void **state)
{
	struct arena arena = {0};
	char *text = arena_alloc(&arena, 4001);
	struct text_list lines = {0};

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		text[i] = 'x';
	property_diff(&arena, "A", NULL, tree_defer(&arena, json_string(text)), &lines);
	assert_int_equal(lines.count, 1);
	assert_in_range(strlen(lines.items[0]), 100, 200);
	assert_true(text_ends_with(lines.items[0], "…"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_property_that_differs_is_a_line),
		cmocka_unit_test(long_values_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
