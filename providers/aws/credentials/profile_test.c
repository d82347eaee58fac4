/* SPDX-License-Identifier: Apache-2.0 */
/* Profile files as the AWS CLI reads them, and broken ones. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "providers/aws/credentials/profile.h"

static void parse(struct arena *arena, struct profiles *profiles, const char *text, bool is_credentials)
{
	struct error err = {0};

	if (profiles_parse(arena, profiles, "file", arena_strdup(arena, text), is_credentials, &err) < 0)
		fail_msg("%s", err.frame[0]);
}

static const char config[] = "# comment\n"
			     "[default]\r\n"
			     "region = us-east-1\r\n"
			     "  ; indented comment\n"
			     "[profile dev]\n"
			     "REGION=eu-west-1\n"
			     "s3 =\n"
			     "    addressing_style = path\n"
			     "\n"
			     "    max_concurrent_requests = 10\n"
			     "output : json\n"
			     "empty =\n"
			     "long = one\n"
			     "   two\n"
			     "[profile \"with space\"]\n"
			     "region = ap-south-1 # kept, as the CLI does\n"
			     "[plain]\n"
			     "region = never-1\n"
			     "[sso-session corp]\n"
			     "sso_region = us-east-2\n"
			     "[services lab]\n"
			     "ec2 = \n"
			     "  endpoint_url = http://127.0.0.1:1\n"
			     "[profile dev]\n"
			     "region = eu-west-2\n"
			     "  indented = in full\n";

static void values(void **state)
{
	struct arena arena = {0};
	struct profiles p = {0};

	(void)state;
	parse(&arena, &p, config, false);
	parse(&arena, &p, "[dev]\naws_access_key_id = A\noutput = text\n[other]\n", true);
	assert_string_equal(profiles_value(&p, "default", "region"), "us-east-1");
	assert_string_equal(profiles_value(&p, "dev", "s3.addressing_style"), "path");
	assert_string_equal(profiles_value(&p, "dev", "s3.max_concurrent_requests"), "10");
	assert_string_equal(profiles_value(&p, "dev", "long"), "one\ntwo");
	assert_string_equal(profiles_value(&p, "dev", "output"), "text"); /* the credentials file wins */
	assert_string_equal(profiles_value(&p, "with space", "region"), "ap-south-1 # kept, as the CLI does");
	assert_string_equal(profiles_section_value(&p, SECTION_SSO_SESSION, "corp", "sso_region"),
		"us-east-2");
	assert_string_equal(profiles_section_value(&p, SECTION_SERVICES, "lab", "ec2.endpoint_url"),
		"http://127.0.0.1:1");
	assert_null(profiles_value(&p, "dev", "empty"));
	assert_null(profiles_value(&p, "dev", "absent"));
	assert_true(profiles_have(&p, "dev") && profiles_have(&p, "other"));
	assert_false(profiles_have(&p, "plain") || profiles_have(&p, "corp"));
	assert_string_equal(profiles_names(&p, &arena), "other, dev, with space, default");
	arena_free(&arena);
}

/*
 * A section that occurs twice is one; the later value counts. An indent deeper than its key's continues it.
 */
static void repeated_sections(void **state)
{
	struct arena arena = {0};
	struct profiles p = {0};

	(void)state;
	parse(&arena, &p, config, false);
	assert_string_equal(profiles_value(&p, "dev", "region"), "eu-west-2\nindented = in full");
	arena_free(&arena);
}

/* A section may be indented as a whole. */
static void indented_sections(void **state)
{
	struct arena arena = {0};
	struct profiles p = {0};

	(void)state;
	parse(&arena, &p, "\xef\xbb\xbf[default]\n  region = us-east-1\n  output = json\n", false);
	assert_string_equal(profiles_value(&p, "default", "region"), "us-east-1");
	assert_string_equal(profiles_value(&p, "default", "output"), "json");
	arena_free(&arena);
}

static void refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"region = x\n", "file:1: a setting before the first [section]"},
		{"[default\n", "file:1: a section header without its closing ']'"},
		{"[default]\n\nregion\n", "file:3: neither a [section] nor 'key = value'"},
		{"[default]\n= x\n", "file:2: neither"},
		{"[default]\ns3 =\n  addressing_style\n",
			"file:3: an indented line that is not 'key = value'"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct profiles p = {0};
		struct error err = {0};

		assert_int_equal(profiles_parse(&arena, &p, "file", arena_strdup(&arena, cases[i].text),
					 false, &err),
			-1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!strstr(err.frame[0], cases[i].says))
			fail_msg("'%s' does not say '%s'", err.frame[0], cases[i].says);
		arena_free(&arena);
	}
}

/* Memory that grows with the square of the lines would be 40 GB here. */
static void many_lines_of_one_value(void **state)
{
	enum { LINES = 200000 };
	struct arena arena = {0};
	struct str text = {.arena = &arena, .max = 1 << 20};
	struct profiles profiles = {0};
	struct error err = {0};
	const char *value;

	(void)state;
	str_puts(&text, "[profile p]\nx = a\n");
	for (int i = 0; i < LINES; i++)
		str_puts(&text, " b\n");
	assert_int_equal(profiles_parse(&arena, &profiles, "config", text.data, false, &err), 0);
	value = profiles_value(&profiles, "p", "x");
	assert_int_equal(strlen(value), 1 + 2 * LINES);
	assert_memory_equal(value, "a\nb\nb", 5);
	arena_free(&arena);
}

/* What botocore takes first decides: a role, then IAM Identity Center, then the rest. */
static void accounts(void **state)
{
	static const char text[] =
		"[default]\nregion = us-west-2\n"
		"[profile role]\nrole_arn = arn:aws:iam::111111111111:role/a\n"
		"sso_account_id = 222222222222\n"
		"[profile sso]\nsso_account_id = 222222222222\n"
		"[profile login]\nlogin_session = arn:aws-cn:sts::333333333333:assumed-role/a/b\n"
		"[profile said]\naws_account_id = 444444444444\n"
		"[profile short]\nsso_account_id = 12345678901\n"
		"[profile long]\nsso_account_id = 1234567890123\n"
		"[profile odd]\nrole_arn = arn:aws:iam::x:role/a\n"
		"[sso-session corp]\nsso_account_id = 555555555555\n";
	struct arena arena = {0};
	struct profiles p = {0};
	json_t *found,
		*wanted = json_pack("{s:s, s:s, s:s, s:s}", "role", "111111111111", "sso", "222222222222",
			"login", "333333333333", "said", "444444444444");

	(void)state;
	parse(&arena, &p, text, false);
	parse(&arena, &p, "[keys]\naws_access_key_id = A\n", true);
	found = profiles_accounts(&p);
	assert_true(json_equal(found, wanted));
	json_decref(found);
	json_decref(wanted);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_lines_of_one_value),
		cmocka_unit_test(values),
		cmocka_unit_test(accounts),
		cmocka_unit_test(repeated_sections),
		cmocka_unit_test(indented_sections),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
