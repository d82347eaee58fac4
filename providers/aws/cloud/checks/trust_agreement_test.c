/* SPDX-License-Identifier: Apache-2.0 */
/*
 * register and verify read trust policies alike: what register makes of one, or leaves as it is, verify does not call
 * wrong, but for ids of other clouds that the policy lists, which register leaves and verify names; and what register
 * refuses, verify has something to say about. Over the cases of trust_edit_test and of testdata/iam/trust.json.
 */
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/facts_test.h"
#include "providers/aws/iam/trust_edit.h"
#include "providers/aws/iam/trust_edit_test_cases.h"

/* A cloud whose control-plane role has the policy, as verify sees it. */
static struct facts *facts_with(struct arena *arena, const json_t *policy, const char *account,
	const char *external_id, struct cloud *cloud)
{
	json_t *document = facts_test_cloud(arena, "direct");
	json_t *changes = tree_defer(arena,
		json_pack("[{s:s, s:s, s:O}, {s:s, s:s, s:s}, {s:s, s:s, s:s}]", "op", "document", "path",
			"/facts/control-plane-role/reply/Role/AssumeRolePolicyDocument", "value", policy,
			"op", "replace", "path", "/cloud/control_plane_account", "value", account, "op",
			"replace", "path", "/cloud/external_id", "value", external_id));

	facts_test_change(document, changes);
	return facts_test_load(arena, document, cloud);
}

static struct finding judge(const char *check, const struct facts *facts)
{
	return check_find(&cloud_checks, check, NULL)->decide(facts);
}

static void must_agree(const char *name, const json_t *policy, const char *account, const char *external_id)
{
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud;
	bool changed;
	json_t *after = tree_defer(&arena,
		trust_add_external_id(policy, account, external_id, &changed, &err));
	const struct facts *facts = facts_with(&arena, after ? after : policy, account, external_id, &cloud);
	struct finding trust = judge("iam.control-plane.trust", facts);
	struct finding id = judge("iam.control-plane.external-id", facts);

	if (after && trust.verdict != VERDICT_PASS && trust.verdict != VERDICT_WARN)
		fail_msg("%s: register takes it, verify says: %s", name, trust.text);
	if (after && id.verdict != VERDICT_PASS && id.verdict != VERDICT_WARN &&
		!strstr(id.text, " too, which is not this cloud's "))
		fail_msg("%s: register takes it, verify says: %s", name, id.text);
	if (!after && trust.verdict == VERDICT_PASS && id.verdict == VERDICT_PASS)
		fail_msg("%s: verify takes it, register says: %s", name, err.frame[0]);
	arena_free(&arena);
}

static void must_agree_on_text(const char *name, const char *text)
{
	json_t *policy = json_loads(text, 0, NULL);

	must_agree(name, policy, CP, ID);
	json_decref(policy);
}

static void on_the_cases_of_trust_edit_test(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(trust_edits); i++) {
		must_agree_on_text(trust_edits[i].name, trust_edits[i].before);
		must_agree_on_text(trust_edits[i].name, trust_edits[i].after);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(trust_kept); i++)
		must_agree_on_text(trust_kept[i].name, trust_kept[i].policy);
	for (size_t i = 0; i < ARRAY_LENGTH(trust_refusals); i++)
		must_agree_on_text(trust_refusals[i].name, trust_refusals[i].policy);
}

/* Each policy, for each account that one of them is about and one that none is. */
static void on_the_decisions_of_trust_json(void **state)
{
	static const char *const accounts[] = {"111122223333", "444455556666", "777788889999", CP};
	struct arena arena = {0};
	const json_t *document = facts_test_read(&arena, "iam/trust.json");
	size_t count = 0;

	(void)state;
	TREE_EACH (row, document, "cases") {
		json_t *policy = tree_defer(&arena,
			json_pack("{s:s, s:O}", "Version", "2012-10-17", "Statement",
				tree_get(row, "policy")));

		for (size_t i = 0; i < ARRAY_LENGTH(accounts); i++, count++)
			must_agree(tree_text(row, "name"), policy, accounts[i], "cld_1");
	}
	assert_true(count > 50);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_the_cases_of_trust_edit_test),
		cmocka_unit_test(on_the_decisions_of_trust_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
