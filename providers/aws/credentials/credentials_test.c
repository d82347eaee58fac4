/* SPDX-License-Identifier: Apache-2.0 */
/* Which source counts, what half a pair of keys gives, and what is said when there is none. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/world.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/aws/credentials/profile.h"

static const char *const *variables; /* name, value, …, NULL */

static const char *environment(struct world *world, const char *name)
{
	(void)world;
	for (const char *const *v = variables; v && *v; v += 2)
		if (strcmp(*v, name) == 0)
			return v[1];
	return NULL;
}

static struct world world = {.environment = environment};

#define KEYS(id) "aws_access_key_id = " id "\naws_secret_access_key = secret-of-" id "\n"

struct credentials_case {
	const char *variables[9], *config, *credentials, *profile;
	bool explicit_profile;
	/* the access key found, or what the error says, or what it says about what was tried */
	const char *found, *token, *says, *tried;
};

static const struct credentials_case cases[] = {
	{{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"}, "", "[default]\n" KEYS("FILE"),
		.found = "ENV"},
	{{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s", "AWS_SESSION_TOKEN", "t"}, "", "",
		.found = "ENV", .token = "t"},
	{{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"}, "", "[dev]\n" KEYS("FILE"),
		.profile = "dev", .explicit_profile = true, .found = "FILE"},
	{{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"}, "", "[dev]\n" KEYS("FILE"),
		.profile = "dev", .found = "ENV"},
	{{NULL}, "[default]\n" KEYS("CONFIG"), "[default]\n" KEYS("FILE") "aws_session_token = t\n",
		.found = "FILE", .token = "t"},
	{{NULL}, "[default]\n" KEYS("CONFIG"), "", .found = "CONFIG"},
	/* an access key without its secret is an error, not a reason to look further; a secret alone is nothing */
	{{"AWS_ACCESS_KEY_ID", "ENV"}, "", "[default]\n" KEYS("FILE"),
		.says = "the environment has the access key"},
	{{NULL}, "[default]\n" KEYS("CONFIG"), "[default]\naws_secret_access_key = s\n", .found = "CONFIG"},
	{{NULL}, "", "[default]\naws_access_key_id = a\n",
		.says = "has the access key but not the secret key"},
	{{"AWS_SECRET_ACCESS_KEY", "s"}, "", "",
		.tried = "(AWS_ACCESS_KEY_ID is not set, though AWS_SECRET_ACCESS_KEY is)"},
	/* what cannot be a key */
	{{"AWS_ACCESS_KEY_ID", "a b", "AWS_SECRET_ACCESS_KEY", "s"}, "", "",
		.says = "blanks or special characters"},
	{{"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s", "AWS_SESSION_TOKEN", "a\nb"}, "", "",
		.says = "is not a token"},
	/* times that are over, and none */
	{{"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s", "AWS_CREDENTIAL_EXPIRATION",
		 "2026-01-02T03:04:06Z"},
		"", "", .found = "a"},
	{{"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s", "AWS_CREDENTIAL_EXPIRATION",
		 "2026-01-02T03:04:05Z"},
		"", "", .says = "expired at 2026-01-02T03:04:05Z"},
	{{"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s", "AWS_CREDENTIAL_EXPIRATION", "soon"}, "",
		"", .says = "AWS_CREDENTIAL_EXPIRATION must be a time"},
	{{NULL}, "", "[default]\n" KEYS("FILE") "aws_security_token = old\n", .found = "FILE",
		.token = "old"},
	/* roles: what must be in the profile */
	{{NULL}, "[profile dev]\nrole_arn = r\n", "", .profile = "dev", .says = "neither source_profile nor"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\ncredential_source = Environment\n", "",
		.profile = "dev", .says = "has both source_profile and credential_source"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\n", "", .profile = "dev",
		.says = "source_profile 'a' of profile 'dev' does not exist"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = dev\n", "", .profile = "dev",
		.says = "leads back to itself"},
	{{NULL},
		"[profile dev]\nrole_arn = r\nsource_profile = a\n[profile a]\nrole_arn = r\nsource_profile = dev\n",
		"", .profile = "dev", .says = "one profile of the chain needs credentials of its own"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\n[profile a]\nregion = x\n", "",
		.profile = "dev", .says = "profile 'a', source of profile 'dev', has no credentials"},
	{{NULL}, "[profile dev]\nrole_arn = r\ncredential_source = Moon\n", "", .profile = "dev",
		.says = "is not one of Environment, Ec2InstanceMetadata, EcsContainer"},
	{{NULL}, "[profile dev]\nrole_arn = r\ncredential_source = environment\n", "", .profile = "dev",
		.says = "credential_source environment of profile 'dev' gave no credentials: environment (AWS_ACCESS_KEY_ID is not set)"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\nduration_seconds = 899\n", "",
		.profile = "dev", .says = "duration_seconds of profile 'dev' must be 900 to 43200"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\nmfa_serial = m1\n[profile a]\n" KEYS("A"),
		"", .profile = "dev", .says = "needs a code of the MFA device m1"},
	{{NULL}, "[profile dev]\nrole_arn = r\nsource_profile = a\n[profile a]\n" KEYS("A"), "",
		.profile = "dev", .says = "profile 'dev' needs the network"},
	/* the other sources: what is missing, and what to run */
	{{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, "", "", .says = "set AWS_ROLE_ARN or role_arn"},
	{{"AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/t", "AWS_ROLE_ARN", "r"}, "", "", .says = "/nowhere/t"},
	{{NULL}, "[profile dev]\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\n", "",
		.profile = "dev", .says = "has no sso_start_url"},
	{{NULL}, "[profile dev]\nsso_account_id = 1\nsso_session = corp\n", "", .profile = "dev",
		.says = "there is no [sso-session corp]"},
	{{NULL},
		"[profile dev]\nsso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = https://x\n",
		"", .profile = "dev", .says = "run `aws sso login --profile dev`"},
	{{NULL}, "[profile dev]\nlogin_session = l\n", "", .profile = "dev",
		.says = "run `aws login --profile dev`"},
	{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "x"}, "", "", .says = "must begin with /"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/x"}, "", "", .says = "must be https"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2.example.com/x"}, "", "",
		.says = "must be https"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::24]/x"}, "", "", .says = "must be https"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:80@2130706433:5/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:pw@192.0.2.1/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[::1]@192.0.2.1/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[::1]:1@192.0.2.1/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://u:pw@example.com/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1\\\\192.0.2.1/x"}, "", "",
		.says = "without user or backslashes"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:5/x"}, "", "", .says = "needs the network"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/x"}, "", "",
		.says = "needs the network"},
	{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
		 "a\r\nb"},
		"", "", .says = "line breaks"},
	/* nothing at all: each source with its reason, and what to do */
	{{NULL}, "", "", .says = "run `aws configure`"},
	{{NULL}, "", "", .tried = "environment (AWS_ACCESS_KEY_ID is not set)"},
	{{NULL}, "", "", .tried = "web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set)"},
	{{NULL}, "", "", .tried = "container (AWS_CONTAINER_CREDENTIALS_FULL_URI is not set)"},
	{{NULL}, "", "", .tried = "instance metadata (not asked)"},
	{{"AWS_EC2_METADATA_DISABLED", "TRUE"}, "", "", .tried = "(AWS_EC2_METADATA_DISABLED is true)"},
	{{NULL}, "", "", .profile = "dev", .tried = "profile 'dev' (not in /c/credentials or /c/config)"},
	{{NULL}, "[profile dev]\nregion = x\n", "", .profile = "dev", .explicit_profile = true,
		.tried = "environment (not used with --profile)"},
	{{NULL}, "[profile dev]\nregion = x\n", "", .profile = "dev", .tried = "(no keys, role_arn,"},
};

static int find(struct arena *arena, const struct credentials_case *c, struct credentials *found,
	struct error *err)
{
	struct profiles profiles = {.config_path = "/c/config", .credentials_path = "/c/credentials"};
	struct arena scratch = {0};
	struct credentials_search search = {
		.arena = arena,
		.scratch = &scratch,
		.world = &world,
		.now_ms = 1767323045000, /* 2026-01-02T03:04:05Z */
		.profiles = &profiles,
		.profile = c->profile ? c->profile : "default",
		.profile_explicit = c->explicit_profile,
	};
	int result;

	variables = c->variables;
	assert_int_equal(profiles_parse(arena, &profiles, "c", arena_strdup(arena, c->config), false, err),
		0);
	assert_int_equal(profiles_parse(arena, &profiles, "f", arena_strdup(arena, c->credentials), true,
				 err),
		0);
	result = credentials_find(&search, found, err);
	arena_free(&scratch);
	return result;
}

static void must_say(const struct error *err, const char *text)
{
	for (int i = 0; i < err->depth; i++)
		if (strstr(err->frame[i], text))
			return;
	fail_msg("'%s' (%d frames) does not say '%s'", err->frame[0], err->depth, text);
}

static void sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct credentials found;
		struct error err = {0};
		int result = find(&arena, &cases[i], &found, &err);

		if (result < 0) {
			assert_null(cases[i].found);
			assert_int_equal(err.kind, ERROR_CREDENTIALS);
			must_say(&err, cases[i].says ? cases[i].says : cases[i].tried);
		} else {
			assert_non_null(cases[i].found);
			assert_string_equal(found.access_key, cases[i].found);
			assert_true((found.session_token == NULL) == (cases[i].token == NULL));
		}
		arena_free(&arena);
	}
}

/* Neither an error nor a wiped set of credentials shows a secret. */
static void secrets_stay(void **state)
{
	static const struct credentials_case half = {{"AWS_ACCESS_KEY_ID", "canary"}, "", ""};
	static const struct credentials_case full = {{"AWS_ACCESS_KEY_ID", "canary", "AWS_SECRET_ACCESS_KEY",
							     "canary", "AWS_SESSION_TOKEN", "canary"},
		"", ""};
	static const struct credentials zero;
	struct arena arena = {0};
	struct credentials found;
	struct error err = {0};
	char *token;

	(void)state;
	assert_int_equal(find(&arena, &half, &found, &err), -1);
	assert_null(strstr(err.frame[0], "canary"));
	assert_memory_equal(&found, &zero, sizeof(found));
	assert_int_equal(find(&arena, &full, &found, &err), 0);
	token = found.session_token;
	credentials_wipe(&found);
	assert_memory_equal(&found, &zero, sizeof(found));
	assert_int_equal(token[0], 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources),
		cmocka_unit_test(secrets_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
