/* SPDX-License-Identifier: Apache-2.0 */
/* Trust policies in, trust policies out: which statements are touched, how, and that taking the id out restores. */
#include "base/test.h"

#include <string.h>

#include "providers/aws/iam/trust_edit.h"
#include "providers/aws/iam/trust_edit_test_cases.h"

static json_t *parse(const char *text)
{
	json_t *tree = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!tree)
		fail_msg("test data is not JSON: %s", text);
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

static void adds_and_takes_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(trust_edits); i++) {
		const struct trust_edit_case *edit = &trust_edits[i];
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

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(trust_refusals); i++) {
		const struct trust_refusal_case *refusal = &trust_refusals[i];
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

static void accepts_what_demands_it_already(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(trust_kept); i++) {
		json_t *policy = parse(trust_kept[i].policy);
		struct error err = {0};
		bool changed = true;
		json_t *after = trust_add_external_id(policy, CP, ID, &changed, &err);

		if (!after || changed || !json_equal(policy, after))
			fail_msg("%s: %s", trust_kept[i].name, after ? "changed" : err.frame[0]);
		json_decref(policy);
		json_decref(after);
	}
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
		{STATEMENT(NUMBER, WITH("[\"a\",\"c\"]")), STATEMENT(NUMBER, WITH("[\"b\",\"c\"]")), false},
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
