/* SPDX-License-Identifier: Apache-2.0 */
/* How commands become a remedy. What each check puts into them is in testdata/facts/mutations. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "providers/aws/cloud/checks/facts_test.h"
#include "providers/aws/cloud/checks/remedy.h"

/* Longer than this, a remedy takes no further command. */
enum { LONGEST_EXTENDED = 1200 };

static void commands_are_joined_until_they_are_long(void **state)
{
	static const struct {
		size_t length;
		bool extended;
	} rows[] = {
		{LONGEST_EXTENDED, true},
		{LONGEST_EXTENDED + 1, false},
	};
	struct arena arena = {0};
	struct cloud cloud;
	const struct facts *facts = facts_test_load(&arena, facts_test_cloud(&arena, "direct"), &cloud);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		char *before = arena_alloc(&arena, rows[i].length + 1);
		struct finding finding = {.remedy = before};

		memset(before, 'x', rows[i].length);
		before[rows[i].length] = '\0';
		remedy_add(facts, &finding, "ec2 describe-vpcs");
		assert_string_equal(finding.remedy,
			rows[i].extended ? arena_printf(&arena,
						   "%s && aws ec2 describe-vpcs --region us-west-2", before)
					 : before);
		assert_int_equal(finding.remedy_kind, rows[i].extended ? REMEDY_FIX : REMEDY_DO);
	}
	arena_free(&arena);
}

static void commands_of_iam_have_no_region(void **state)
{
	struct arena arena = {0};
	struct cloud cloud;
	const struct facts *facts = facts_test_load(&arena, facts_test_cloud(&arena, "direct"), &cloud);
	struct finding finding = {0};

	(void)state;
	remedy_add(facts, &finding, "iam get-role --role-name %s", "ray");
	assert_string_equal(finding.remedy, "aws iam get-role --role-name ray");
	cloud.region = NULL;
	finding.remedy = NULL;
	remedy_add(facts, &finding, "ec2 describe-vpcs");
	assert_string_equal(finding.remedy, "aws ec2 describe-vpcs");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_joined_until_they_are_long),
		cmocka_unit_test(commands_of_iam_have_no_region),
	};

	return cmocka_run_group_tests_name("remedy", tests, NULL, NULL);
}
