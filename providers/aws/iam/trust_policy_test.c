/* SPDX-License-Identifier: Apache-2.0 */
/* Whom trust policies let in. Expected answers: AWS IAM User Guide, policy evaluation and the elements' pages. */
#include "providers/aws/iam/trust_policy.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/iam/pattern_example.h"
#include "providers/aws/iam/policy_test.h"

static struct arena arena;

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define ALLOW(principal) "{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":\"sts:AssumeRole\"}"
#define DENY(principal) "{\"Effect\":\"Deny\",\"Principal\":" principal ",\"Action\":\"sts:AssumeRole\"}"
#define UNDER(effect, condition) \
	"{\"Effect\":\"" effect \
	"\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Condition\":" condition "}"
#define POLICY(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define US "{\"AWS\":\"1\"}"
#define ID "{\"StringEquals\":{\"sts:ExternalId\":\"id\"}}"

/* Who gets in: with the external id, without any, and by whatever way does not demand it. */
static void trust_says_who_gets_in_and_how(void **state)
{
	static const struct {
		const char *text;
		enum truth account, with, without, open;
	} rows[] = {
		{POLICY(ALLOW(US)), TRUTH_YES, TRUTH_YES, TRUTH_YES, TRUTH_YES},
		{POLICY(ALLOW("{\"AWS\":\"2\"}")), TRUTH_NO, TRUTH_NO, TRUTH_NO, TRUTH_NO},
		{POLICY(ALLOW("{\"AWS\":\"arn:aws:iam::1:role/r\"}")), TRUTH_YES, TRUTH_YES, TRUTH_YES,
			TRUTH_YES},
		{POLICY(UNDER("Allow", ID)), TRUTH_YES, TRUTH_YES, TRUTH_NO, TRUTH_NO},
		/* an id that no condition names, and one that looks like a pattern */
		{POLICY(UNDER("Allow",
			 "{\"StringNotEquals\":{\"sts:ExternalId\":\"1\"},\"Null\":{\"sts:ExternalId\":\"false\"}}")),
			TRUTH_YES, TRUTH_YES, TRUTH_NO, TRUTH_YES},
		{POLICY(UNDER("Allow", "{\"StringEquals\":{\"sts:ExternalId\":\"i*\"}}")), TRUTH_YES,
			TRUTH_NO, TRUTH_NO, TRUTH_YES},
		{POLICY(UNDER("Allow", "{\"StringLike\":{\"sts:ExternalId\":\"i?\"}}")), TRUTH_YES, TRUTH_YES,
			TRUTH_NO, TRUTH_YES},
		{POLICY(ALLOW(US) "," UNDER("Deny", "{\"StringNotEquals\":{\"sts:ExternalId\":\"id\"}}")),
			TRUTH_YES, TRUTH_YES, TRUTH_NO, TRUTH_NO},
		{POLICY(ALLOW(US) "," UNDER("Deny", "{\"Null\":{\"sts:ExternalId\":\"true\"}}")), TRUTH_YES,
			TRUTH_YES, TRUTH_NO, TRUTH_YES},
		{POLICY(ALLOW(US) "," DENY("{\"AWS\":\"arn:aws:iam::1:role/r\"}")), TRUTH_MAYBE, TRUTH_MAYBE,
			TRUTH_MAYBE, TRUTH_MAYBE},
		{POLICY(UNDER("Allow", "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}")), TRUTH_MAYBE,
			TRUTH_MAYBE, TRUTH_MAYBE, TRUTH_MAYBE},
		{POLICY("{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"1\"},\"Action\":\"*\"}," ALLOW(US)),
			TRUTH_YES, TRUTH_YES, TRUTH_YES, TRUTH_YES},
		{POLICY("{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"2\"},\"Action\":\"*\"}"),
			TRUTH_YES, TRUTH_YES, TRUTH_YES, TRUTH_YES},
		{POLICY("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"1\"},\"NotAction\":\"sts:AssumeRole\"}"),
			TRUTH_NO, TRUTH_NO, TRUTH_NO, TRUTH_NO},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct iam_policy policy = policy_test_read(&arena, rows[i].text);

		const struct trust trust = {.arena = &arena, .policy = &policy, .account = "1"};

		assert_int_equal(trust_policy_account(&trust).allowed, rows[i].account);
		assert_int_equal(trust_policy_external_id(&trust, "id").allowed, rows[i].with);
		assert_int_equal(trust_policy_external_id(&trust, NULL).allowed, rows[i].without);
		assert_int_equal(trust_policy_gap(&trust, "id").decision.allowed, rows[i].open);
	}
}

#define MAYBE_ALL "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"
#define IDS(ids) "{\"StringEquals\":{\"sts:ExternalId\":[" ids "]}}"
#define MAYBE_IDS(ids) \
	"{\"StringEquals\":{\"sts:ExternalId\":[" ids "]},\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"

/* The widest way in without "id": one that is listed only if there is no other, and of several alike the first. */
static void gaps_have_their_id(void **state)
{
	static const struct {
		const char *text;
		enum truth allowed;
		const char *id;
		bool listed;
		enum truth account; /* under whatever id */
	} rows[] = {
		{POLICY(UNDER("Allow", ID)), TRUTH_NO, NULL, false, TRUTH_YES},
		{POLICY(ALLOW(US)), TRUTH_YES, NULL, false, TRUTH_YES},
		{POLICY(UNDER("Allow", IDS("\"id\",\"b\""))), TRUTH_YES, "b", true, TRUTH_YES},
		{POLICY(UNDER("Allow", MAYBE_IDS("\"b\",\"c\""))), TRUTH_MAYBE, "b", true, TRUTH_MAYBE},
		{POLICY(UNDER("Allow", "{\"StringLike\":{\"sts:ExternalId\":\"?*\"}}")), TRUTH_YES, "x",
			false, TRUTH_YES},
		{POLICY(UNDER("Allow", MAYBE_ALL)), TRUTH_MAYBE, NULL, false, TRUTH_MAYBE},
		{POLICY(UNDER("Allow", MAYBE_ALL) "," UNDER("Allow", IDS("\"b\""))), TRUTH_MAYBE, NULL, false,
			TRUTH_YES},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct iam_policy policy = policy_test_read(&arena, rows[i].text);
		const struct trust trust = {.arena = &arena, .policy = &policy, .account = "1"};
		struct trust_gap gap = trust_policy_gap(&trust, "id");

		assert_int_equal(gap.decision.allowed, rows[i].allowed);
		assert_int_equal(gap.listed, rows[i].listed);
		if (rows[i].id)
			assert_string_equal(gap.external_id, rows[i].id);
		else
			assert_null(gap.external_id);
		assert_int_equal(trust_policy_account(&trust).allowed, rows[i].account);
	}
}

/* Where not every id can be tried, one that was not may open it. */
static void too_many_ids_leave_it_open(void **state)
{
	char id[PATTERN_STATES_MAX + 1] = "";
	struct iam_policy policy;
	struct trust trust = {.arena = &arena, .policy = &policy, .account = "1"};

	(void)state;
	memset(id, 'a', PATTERN_STATES_MAX);
	policy = policy_test_read(&arena, arena_printf(&arena, POLICY(UNDER("Allow", IDS("\"%s\""))), id));
	assert_int_equal(trust_policy_gap(&trust, "id").decision.allowed, TRUTH_MAYBE);
	policy = policy_test_read(&arena,
		arena_printf(&arena, POLICY(ALLOW(US) "," UNDER("Allow", IDS("\"%s\""))), id));
	assert_int_equal(trust_policy_gap(&trust, "id").decision.allowed, TRUTH_YES);
}

static void services_get_in_as_themselves(void **state)
{
	static const struct {
		const char *condition;
		enum truth allowed;
	} rows[] = {
		{"{}", TRUTH_YES},
		{"{\"StringEquals\":{\"aws:PrincipalServiceName\":\"ec2.amazonaws.com\"}}", TRUTH_YES},
		{"{\"StringEquals\":{\"aws:PrincipalServiceName\":\"ecs.amazonaws.com\"}}", TRUTH_NO},
		{"{\"Bool\":{\"aws:PrincipalIsAWSService\":\"true\"}}", TRUTH_YES},
		{ID, TRUTH_NO},
		{"{\"StringEquals\":{\"aws:SourceAccount\":\"1\"}}", TRUTH_MAYBE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct iam_policy policy = policy_test_read(&arena,
			arena_printf(&arena,
				POLICY("{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},"
				       "\"Action\":\"sts:AssumeRole\",\"Condition\":%s}"),
				rows[i].condition));
		const struct trust trust = {.arena = &arena, .policy = &policy, .account = "1"};

		assert_int_equal(trust_policy_service(&trust, "ec2.amazonaws.com").allowed, rows[i].allowed);
	}
}

static void statements_name_accounts(void **state)
{
	static const struct {
		const char *statement;
		bool names; /* account 1 */
	} rows[] = {
		{ALLOW(US), true},
		{ALLOW("{\"AWS\":[\"2\",\"1\"]}"), true},
		{ALLOW("{\"AWS\":\"arn:aws:iam::1:role/r\"}"), true},
		{ALLOW("{\"AWS\":\"2\"}"), false},
		{ALLOW("\"*\""), false},
		{ALLOW("{\"AWS\":\"*\"}"), false},
		{DENY(US), false},
		{"{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"1\"},\"Action\":\"sts:AssumeRole\"}",
			false},
		{"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"1\"},\"Action\":\"sts:TagSession\"}", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct iam_policy policy = policy_test_read(&arena,
			arena_printf(&arena, POLICY("%s"), rows[i].statement));

		if (trust_policy_names(&policy.statements[0], "1") != rows[i].names)
			fail_msg("%s", rows[i].statement);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust_says_who_gets_in_and_how),
		cmocka_unit_test(gaps_have_their_id),
		cmocka_unit_test(too_many_ids_leave_it_open),
		cmocka_unit_test(services_get_in_as_themselves),
		cmocka_unit_test(statements_name_accounts),
	};

	return cmocka_run_group_tests_name("trust_policy", tests, NULL, close_arena);
}
