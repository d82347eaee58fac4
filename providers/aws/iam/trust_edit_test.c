/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies in, trust policies out: which statements are touched, how, and that taking the id out restores. */
#include "base/test.h"

#include <string.h>

#include "providers/aws/iam/trust_edit.h"

#define CP "525325868955"
#define ID "cld_abcdefghijklmnopqrstuvwxyz"
#define EC2 \
	"{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:" \
	"AssumeRole\"}"
#define STATEMENT(principal, condition) \
	"{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":\"sts:AssumeRole\"" condition "}"
#define POLICY(statements) "{\"Version\":\"2012-10-17\",\"Statement\":" statements "}"
#define WITH(values) ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":" values "}}"
#define OURS WITH("\"" ID "\"")
#define NUMBER "{\"AWS\":\"" CP "\"}"

static json_t *parse(const char *text)
{
	json_t *tree = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!tree)
		fail_msg("test data is no JSON: %s", text);
	return tree;
}

static void assert_json(const char *name, const json_t *got, const char *want)
{
	json_t *wanted = parse(want);

	if (!json_equal(got, wanted)) {
		char *text = json_dumps(got, JSON_COMPACT);

		fail_msg("%s: got %s, want %s", name, text, want);
	}
	json_decref(wanted);
}

/* before → after; back is what removal makes of after, NULL when that is before itself. */
static const struct edit {
	const char *name, *before, *after, *back;
} edits[] = {
	{"account number", POLICY("[" STATEMENT(NUMBER, "") "]"), POLICY("[" STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"statement as an object", POLICY(STATEMENT(NUMBER, "")), POLICY(STATEMENT(NUMBER, OURS)), NULL},
	{"root ARN", POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":root\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":root\"}", OURS) "]"), NULL},
	{"role of the account",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":role/path/r\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":role/path/r\"}", OURS) "]"), NULL},
	{"session in the account",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:sts::" CP ":assumed-role/r/s\"}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:sts::" CP ":assumed-role/r/s\"}", OURS) "]"), NULL},
	{"list of principals of the account",
		POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"arn:aws:iam::" CP ":user/u\"]}", "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"arn:aws:iam::" CP ":user/u\"]}", OURS) "]"),
		NULL},
	{"the documented empty condition", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{}") "]"),
		POLICY("[" STATEMENT(NUMBER, OURS) "]"), POLICY("[" STATEMENT(NUMBER, "") "]")},
	{"another statement for a service stays", POLICY("[" EC2 "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" EC2 "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"another account's statement stays",
		POLICY("[" STATEMENT("{\"AWS\":\"111122223333\"}", "") "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" STATEMENT("{\"AWS\":\"111122223333\"}", "") "," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"two statements that let it in", POLICY("[" STATEMENT(NUMBER, "") "," STATEMENT(NUMBER, "") "]"),
		POLICY("[" STATEMENT(NUMBER, OURS) "," STATEMENT(NUMBER, OURS) "]"), NULL},
	{"a Deny stays",
		POLICY("[{\"Effect\":\"Deny\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, "") "]"),
		POLICY("[{\"Effect\":\"Deny\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"another action stays",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:SetSourceIdentity\"}," STATEMENT(NUMBER, "") "]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":\"sts:SetSourceIdentity\"}," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"action list, other case",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":[\"sts:TagSession\",\"STS:assumerole\"]}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"Action\":[\"sts:TagSession\",\"STS:assumerole\"]" OURS "}]"),
		NULL},
	{"action pattern", POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"Action\":\"sts:*\"}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"Action\":\"sts:*\"" OURS "}]"),
		NULL},
	{"NotAction that leaves it in",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"NotAction\":\"sts:TagSession\"}]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER ",\"NotAction\":\"sts:TagSession\"" OURS
		       "}]"),
		NULL},
	{"NotAction that takes it out stays",
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"NotAction\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, "") "]"),
		POLICY("[{\"Effect\":\"Allow\",\"Principal\":" NUMBER
		       ",\"NotAction\":\"sts:AssumeRole\"}," STATEMENT(NUMBER, OURS) "]"),
		NULL},
	{"beside one value", POLICY("[" STATEMENT(NUMBER, WITH("\"other\"")) "]"),
		POLICY("[" STATEMENT(NUMBER, WITH("[\"other\",\"" ID "\"]")) "]"), NULL},
	{"beside a list", POLICY("[" STATEMENT(NUMBER, WITH("[\"a\",\"b\"]")) "]"),
		POLICY("[" STATEMENT(NUMBER, WITH("[\"a\",\"b\",\"" ID "\"]")) "]"), NULL},
	{"key in another case",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"STS:externalid\":\"a\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"STS:externalid\":[\"a\",\"" ID "\"]}}") "]"),
		NULL},
	{"StringLike",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringLike\":{\"sts:ExternalId\":\"a*\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringLike\":{\"sts:ExternalId\":[\"a*\",\"" ID "\"]}}") "]"),
		NULL},
	{"a StringEquals on another key",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\",\"sts:ExternalId\":\"" ID
			"\"}}") "]"),
		NULL},
	{"Null that demands one",
		POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"false\"}}") "]"),
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"false\"},\"StringEquals\":{\"sts:ExternalId\":\"" ID
			"\"}}") "]"),
		NULL},
	{"everyone of an organization stays",
		POLICY("[" STATEMENT("\"*\"",
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "," STATEMENT(NUMBER,
			"") "]"),
		POLICY("[" STATEMENT("\"*\"",
			",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "," STATEMENT(NUMBER,
			OURS) "]"),
		NULL},
};

static void adds_and_takes_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(edits); i++) {
		const struct edit *edit = &edits[i];
		struct error err = {0};
		bool changed = false;
		json_t *before = parse(edit->before), *untouched = json_deep_copy(before), *again, *back;
		json_t *after = trust_add_external_id(before, CP, ID, &changed, &err);

		if (!after)
			fail_msg("%s: %s", edit->name, err.frame[0]);
		assert_true(changed);
		assert_json(edit->name, after, edit->after);
		assert_true(json_equal(before, untouched));

		again = trust_add_external_id(after, CP, ID, &changed, &err);
		assert_false(changed);
		assert_json(edit->name, again, edit->after);

		back = trust_remove_external_id(after, CP, ID, &changed, &err);
		assert_true(changed);
		assert_json(edit->name, back, edit->back ? edit->back : edit->before);
		assert_true(trust_equal(back, before));
		json_decref(before);
		json_decref(untouched);
		json_decref(after);
		json_decref(again);
		json_decref(back);
	}
}

static const struct refusal {
	const char *name, *policy, *says;
	enum error_kind kind;
} refusals[] = {
	{"nobody of the account", POLICY("[" EC2 "]"), "no statement lets account " CP, ERROR_FAILED},
	{"another account only", POLICY("[" STATEMENT("{\"AWS\":\"111122223333\"}", "") "]"), "no statement",
		ERROR_FAILED},
	{"a number that only contains it",
		POLICY("[" STATEMENT("{\"AWS\":\"arn:aws:iam::1" CP ":root\"}", "") "]"), "no statement",
		ERROR_FAILED},
	{"together with another account",
		POLICY("[" EC2 "," STATEMENT("{\"AWS\":[\"" CP "\",\"111122223333\"]}", "") "]"),
		"statement 2 lets in account " CP " together with others", ERROR_FAILED},
	{"together with a service",
		POLICY("[" STATEMENT("{\"AWS\":\"" CP "\",\"Service\":\"ec2.amazonaws.com\"}", "") "]"),
		"together with others", ERROR_FAILED},
	{"everyone", POLICY("[" STATEMENT("\"*\"", "") "]"), "lets everyone in", ERROR_FAILED},
	{"everyone beside the right statement",
		POLICY("[" STATEMENT(NUMBER, "") "," STATEMENT("{\"AWS\":\"*\"}", "") "]"),
		"statement 2 lets everyone in", ERROR_FAILED},
	{"everyone but an organization",
		POLICY("[" STATEMENT("{\"AWS\":\"*\"}",
			",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalOrgID\":\"o-1\"}}") "]"),
		"lets everyone in", ERROR_FAILED},
	{"NotPrincipal",
		POLICY("[{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:AssumeRole\"}]"),
		"lets everyone in", ERROR_FAILED},
	{"StringNotEquals",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringNotEquals\":{\"sts:ExternalId\":\"a\"}}") "]"),
		"condition StringNotEquals", ERROR_FAILED},
	{"IfExists",
		POLICY("[" STATEMENT(NUMBER,
			",\"Condition\":{\"StringEqualsIfExists\":{\"sts:ExternalId\":\"a\"}}") "]"),
		"condition StringEqualsIfExists", ERROR_FAILED},
	{"Null that forbids one",
		POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"Null\":{\"sts:ExternalId\":\"true\"}}") "]"),
		"condition Null", ERROR_FAILED},
	{"no statements", POLICY("[]"), "no statements", ERROR_INPUT},
	{"no Statement", "{}", "no statements", ERROR_INPUT},
	{"not an object", "[1]", "no statements", ERROR_INPUT},
	{"statement that is text", POLICY("[\"x\"]"), "no statements", ERROR_INPUT},
	{"condition that is text", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":\"x\"") "]"), "no statements",
		ERROR_INPUT},
	{"operator that is a list", POLICY("[" STATEMENT(NUMBER, ",\"Condition\":{\"StringEquals\":[]}") "]"),
		"no statements", ERROR_INPUT},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
		const struct refusal *refusal = &refusals[i];
		struct error err = {0};
		bool changed = true;
		json_t *policy = parse(refusal->policy);

		assert_null(trust_add_external_id(policy, CP, ID, &changed, &err));
		assert_false(changed);
		if (err.kind != refusal->kind || !strstr(err.frame[0], refusal->says))
			fail_msg("%s: %s", refusal->name, err.frame[0]);
		json_decref(policy);
	}
}

/* A statement shared with others is fine when it demands the id already: nothing has to change. */
static void accepts_what_demands_it_already(void **state)
{
	json_t *policy = parse(POLICY("[" STATEMENT("{\"AWS\":[\"" CP "\",\"111122223333\"]}", OURS) "]"));
	struct error err = {0};
	bool changed = true;
	json_t *after = trust_add_external_id(policy, CP, ID, &changed, &err);

	(void)state;
	assert_non_null(after);
	assert_false(changed);
	assert_true(json_equal(policy, after));
	json_decref(policy);
	json_decref(after);
}

/* What the customer put there since stays; what other statements say is never touched. */
static void takes_out_only_its_own(void **state)
{
	json_t *policy = parse(POLICY("[" STATEMENT(NUMBER,
		WITH("[\"" ID "\",\"newer\"]")) "," STATEMENT("{\"AWS\":\"111122223333\"}", OURS) "]"));
	struct error err = {0};
	bool changed = false;
	json_t *after = trust_remove_external_id(policy, CP, ID, &changed, &err), *again;

	(void)state;
	assert_true(changed);
	assert_json("own", after,
		POLICY("[" STATEMENT(NUMBER, WITH("\"newer\"")) "," STATEMENT("{\"AWS\":\"111122223333\"}",
			OURS) "]"));
	again = trust_remove_external_id(after, CP, ID, &changed, &err);
	assert_false(changed);
	assert_true(json_equal(after, again));
	json_decref(policy);
	json_decref(after);
	json_decref(again);
}

static void compares_meaning(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
		{POLICY("[" STATEMENT(NUMBER, "") "]"),
			POLICY(STATEMENT("{\"AWS\":[\"arn:aws:iam::" CP ":root\"]}", "")), true},
		{STATEMENT(NUMBER, WITH("[\"a\",\"b\"]")), STATEMENT(NUMBER, WITH("[\"b\",\"a\"]")), true},
		{STATEMENT(NUMBER, ",\"Condition\":{}"), STATEMENT(NUMBER, ""), true},
		{STATEMENT(NUMBER, WITH("[\"a\",\"b\"]")), STATEMENT(NUMBER, WITH("[\"a\",\"c\"]")), false},
		{STATEMENT(NUMBER, WITH("\"a\"")), STATEMENT(NUMBER, ""), false},
		{STATEMENT("{\"AWS\":\"arn:aws:iam::" CP ":role/root\"}", ""), STATEMENT(NUMBER, ""), false},
		{STATEMENT("{\"Service\":\"" CP "\"}", ""),
			STATEMENT("{\"Service\":\"arn:aws:iam::" CP ":root\"}", ""), false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		json_t *a = parse(rows[i].a), *b = parse(rows[i].b);

		if (trust_equal(a, b) != rows[i].equal || trust_equal(b, a) != rows[i].equal)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
		json_decref(a);
		json_decref(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_and_takes_out),
		cmocka_unit_test(refuses),
		cmocka_unit_test(accepts_what_demands_it_already),
		cmocka_unit_test(takes_out_only_its_own),
		cmocka_unit_test(compares_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
