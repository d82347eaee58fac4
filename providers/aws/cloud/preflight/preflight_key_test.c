/* SPDX-License-Identifier: Apache-2.0 */
/* The key of --kms-key: what it is, and whom its policy lets use it. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

#define KEY(account) "arn:aws:kms:us-west-2:" account ":key/1234abcd-12ab-34cd-56ef-1234567890ab"
#define OWN KEY("123456789012")

static void open_with_key(struct fixture *fixture, const char *key)
{
	struct aws_cloud *section;

	fixture_open(fixture);
	section = aws_cloud_edit(&fixture->arena, &fixture->cloud);
	section->setup.kms_key = key;
	section->resources.control_plane_role_arn = "arn:aws:iam::123456789012:role/control";
	section->resources.node_role_arn = "arn:aws:iam::123456789012:role/node";
}

/* members: more of the description. */
static void learn_key(struct fixture *fixture, const char *key, const char *members)
{
	fixture_learn(fixture, PREFLIGHT_KEY,
		arena_printf(&fixture->arena, "{\"KeyMetadata\":{\"Arn\":\"%s\",%s}}", key, members));
}

#define USABLE "\"KeyState\":\"Enabled\",\"KeySpec\":\"SYMMETRIC_DEFAULT\",\"KeyManager\":\"CUSTOMER\""

static void says_what_the_key_lacks(void **state)
{
	static const struct {
		const char *members, *text;
		const char *remedy; /* NULL: the row's */
	} rows[] = {
		{"\"KeyState\":\"Disabled\"", "it is Disabled", "kms enable-key --key-id " OWN},
		{"\"KeyState\":\"PendingDeletion\"", "it is PendingDeletion",
			"kms cancel-key-deletion --key-id " OWN},
		{"\"KeyState\":\"PendingImport\"", "it is PendingImport", NULL},
		{"\"KeyState\":\"Enabled\",\"KeySpec\":\"RSA_2048\"", "type RSA_2048", NULL},
		{"\"KeyState\":\"Enabled\",\"KeySpec\":\"HMAC_256\"", "type HMAC_256", NULL},
		{"\"KeyState\":\"Enabled\",\"KeyManager\":\"AWS\"", "of AWS's own", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		open_with_key(&fixture, OWN);
		learn_key(&fixture, OWN, rows[i].members);
		fixture_learn(&fixture, PREFLIGHT_KEY_POLICY, "null");
		finding = fixture_judge(&fixture, "preflight.key");
		assert_finding(&finding, VERDICT_FAIL, rows[i].text);
		if (rows[i].remedy)
			assert_non_null(strstr(finding.remedy, rows[i].remedy));
		else
			assert_null(finding.remedy);
		arena_free(&fixture.arena);
	}
}

#define ALLOWS(principal, actions) \
	"{\"Policy\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" principal \
	",\"Action\":" actions ",\"Resource\":\"*\"}]}}"
#define TO_IAM "{\"AWS\":\"arn:aws:iam::123456789012:root\"}"
#define BOTH "[\"kms:Decrypt\",\"kms:GenerateDataKey\"]"
#define OF_ROLES(condition) \
	"{\"Policy\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"}" \
	",\"Action\":\"kms:*\",\"Resource\":\"*\",\"Condition\":" condition "}]}}"

static void judges_the_policy_of_the_key(void **state)
{
	static const struct {
		const char *policy;
		enum verdict verdict;
		const char *text, *evidence;
	} rows[] = {
		{ALLOWS(TO_IAM, "\"kms:*\""), VERDICT_PASS, "its policy allows it", NULL},
		{ALLOWS(TO_IAM, BOTH), VERDICT_PASS, "its policy allows it", NULL},
		{ALLOWS(TO_IAM, "\"kms:Decrypt\""), VERDICT_FAIL, "does not let both roles",
			"kms:GenerateDataKey for control"},
		{ALLOWS("{\"AWS\":\"arn:aws:iam::123456789012:user/ann\"}", "\"kms:*\""), VERDICT_FAIL,
			"does not let both roles", "kms:Decrypt for node"},
		{ALLOWS("{\"AWS\":\"arn:aws:iam::999999999999:root\"}", "\"kms:*\""), VERDICT_FAIL,
			"does not let both roles", "kms:Decrypt for control"},
		{OF_ROLES("{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/*\"}}"), VERDICT_PASS,
			"its policy allows it", NULL},
		{OF_ROLES("{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/node\"}}"), VERDICT_FAIL,
			"does not let both roles", "for control"},
		{OF_ROLES("{\"StringEquals\":{\"kms:ViaService\":\"s3.us-west-2.amazonaws.com\"}}"),
			VERDICT_PASS, "its policy allows it", NULL},
		{OF_ROLES("{\"StringEquals\":{\"kms:ViaService\":\"ec2.us-west-2.amazonaws.com\"}}"),
			VERDICT_FAIL, "does not let both roles", "for node"},
		{OF_ROLES("{\"StringEquals\":{\"aws:PrincipalTag/team\":\"ray\"}}"), VERDICT_WARN,
			"not certain", "for node"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;
		struct finding finding;

		open_with_key(&fixture, OWN);
		learn_key(&fixture, OWN, USABLE);
		fixture_learn(&fixture, PREFLIGHT_KEY_POLICY, rows[i].policy);
		finding = fixture_judge(&fixture, "preflight.key");
		assert_finding(&finding, rows[i].verdict, rows[i].text);
		if (rows[i].evidence)
			assert_non_null(
				strstr(text_join(&fixture.arena, &finding.evidence, "\n"), rows[i].evidence));
		else
			assert_int_equal(finding.evidence.count, 0);
		arena_free(&fixture.arena);
	}
}

static void a_key_that_is_not_there_fails(void **state)
{
	struct fixture fixture;
	struct finding finding;

	(void)state;
	open_with_key(&fixture, OWN);
	fixture_learn(&fixture, PREFLIGHT_KEY, "null");
	fixture_learn(&fixture, PREFLIGHT_KEY_POLICY, "null");
	finding = fixture_judge(&fixture, "preflight.key");
	assert_finding(&finding, VERDICT_FAIL, "there is no key " OWN);
	arena_free(&fixture.arena);
}

/* What cannot be read is said, and does not stop a setup. */
static void a_policy_that_is_not_read_is_said(void **state)
{
	struct fixture fixture;
	struct finding finding;

	(void)state;
	open_with_key(&fixture, KEY("999999999999"));
	learn_key(&fixture, KEY("999999999999"), USABLE);
	fixture_learn(&fixture, PREFLIGHT_KEY_POLICY, "null");
	finding = fixture_judge(&fixture, "preflight.key");
	assert_finding(&finding, VERDICT_WARN, "it must let account 123456789012 use the key");
	arena_free(&fixture.arena);

	open_with_key(&fixture, OWN);
	learn_key(&fixture, OWN, USABLE);
	fixture_lose(&fixture, PREFLIGHT_KEY_POLICY, "kms:GetKeyPolicy");
	finding = fixture_judge(&fixture, "preflight.key");
	assert_int_equal(finding.verdict, VERDICT_UNKNOWN);
	assert_string_equal(finding.action, "kms:GetKeyPolicy");
	arena_free(&fixture.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_the_key_lacks),
		cmocka_unit_test(judges_the_policy_of_the_key),
		cmocka_unit_test(a_key_that_is_not_there_fails),
		cmocka_unit_test(a_policy_that_is_not_read_is_said),
	};

	return cmocka_run_group_tests_name("preflight key", tests, NULL, NULL);
}
