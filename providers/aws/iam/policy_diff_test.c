/* SPDX-License-Identifier: Apache-2.0 */
/* Policies before and after, and the lines between them. */
#include "providers/aws/iam/policy_diff.h"

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"

#define POLICY(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define A "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:Get\",\"s3:Put\"],\"Resource\":\"*\"}"
#define A_WITHOUT_PUT "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"s3:Get\",\"Resource\":\"*\"}"
#define A_TURNED \
	"{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:Put\",\"s3:Get\"],\"Resource\":[\"*\"]}"
#define A_DENIED "{\"Sid\":\"A\",\"Effect\":\"Deny\",\"Action\":[\"s3:Get\",\"s3:Put\"],\"Resource\":\"*\"}"
#define A_NARROW \
	"{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:Get\",\"s3:Put\"],\"Resource\":\"b\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}"
#define B "{\"Sid\":\"B\",\"Effect\":\"Deny\",\"NotAction\":\"ec2:Run\",\"NotResource\":\"r\"}"
#define NAMELESS(action) "{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"x\"}"
#define RENAMED "{\"Sid\":\"C\",\"Effect\":\"Allow\",\"Action\":[\"s3:Get\",\"s3:Put\"],\"Resource\":\"*\"}"
#define TRUST(account, id) \
	"{\"Sid\":\"T\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" account \
	"\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"" id \
	"\"}}}"

static const struct diff_case {
	const char *before, *after, *lines; /* NULL: no policy is there */
} cases[] = {
	{POLICY(A), POLICY(A), ""},
	{POLICY(A), POLICY(A_TURNED), ""},
	{POLICY(A "," B), POLICY(B "," A), ""},
	{POLICY(A_WITHOUT_PUT), POLICY(A), "A: + s3:Put"},
	{POLICY(A), POLICY(A_WITHOUT_PUT), "A: - s3:Put"},
	{POLICY(A), POLICY(A_DENIED), "A: Allow → Deny"},
	{POLICY(A), POLICY(A_NARROW), "A: - on *|A: + on b|A: + if Bool aws:SecureTransport [true]"},
	{POLICY(A), POLICY(A "," B), "+ B: Deny all but ec2:Run, on all but r"},
	{POLICY(A "," B), POLICY(A), "- B: Deny all but ec2:Run, on all but r"},
	{POLICY(A), POLICY(RENAMED), "A → C: another name"},
	{POLICY(NAMELESS("a:B")), POLICY(NAMELESS("a:C")), "statement 1: - a:B|statement 1: + a:C"},
	/* the partner of an equal one is not taken by one that is only like it */
	{POLICY(NAMELESS("a:B")), POLICY(NAMELESS("a:C") "," NAMELESS("a:B")),
		"+ statement 1: Allow a:C, on x"},
	{POLICY(TRUST("1", "i")), POLICY(TRUST("2", "k")),
		"T: - for 1|T: + for 2|T: - if StringEquals sts:ExternalId [i]|T: + if StringEquals sts:ExternalId [k]"},
	{NULL, POLICY(A), "+ A: Allow s3:Get, s3:Put, on *"},
	{POLICY(A), NULL, "- A: Allow s3:Get, s3:Put, on *"},
};

static void each_difference_is_a_line(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		const struct diff_case *row = &cases[i];
		json_t *before = row->before ? tree_defer(&arena, json_string(row->before)) : NULL;
		json_t *after = row->after ? tree_defer(&arena, json_loads(row->after, 0, NULL)) : NULL;
		struct text_list lines = {0};

		assert_true(policy_diff(&arena, before, after, &lines));
		assert_string_equal(text_join(&arena, &lines, "|"), row->lines);
	}
	arena_free(&arena);
}

static void what_is_no_policy_is_not_compared(void **state)
{
	struct arena arena = {0};
	json_t *good = tree_defer(&arena, json_string(POLICY(A)));
	json_t *bad = tree_defer(&arena, json_string("{\"Statement\":[{\"Sid\":\"A\"}]}"));
	struct text_list lines = {0};

	(void)state;
	assert_false(policy_diff(&arena, good, bad, &lines));
	assert_false(policy_diff(&arena, bad, good, &lines));
	assert_int_equal(lines.count, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_difference_is_a_line),
		cmocka_unit_test(what_is_no_policy_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
