/* SPDX-License-Identifier: Apache-2.0 */
/* Which source counts, what half a pair of keys gives, and what is said when there is none. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/world.h"
#include "providers/aws/credentials.h"
#include "providers/aws/profile.h"

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
	const char *found, *token, *says; /* the access key found, or what the error says */
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
	/* half a pair is an error, not a reason to look further */
	{{"AWS_ACCESS_KEY_ID", "ENV"}, "", "[default]\n" KEYS("FILE"),
		.says = "the environment has the access key"},
	{{NULL}, "[default]\n" KEYS("CONFIG"), "[default]\naws_secret_access_key = s\n",
		.says = "has the secret key but not the access key"},
	/* what cannot be a key */
	{{"AWS_ACCESS_KEY_ID", "a b", "AWS_SECRET_ACCESS_KEY", "s"}, "", "",
		.says = "blanks or special characters"},
	{{"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "s", "AWS_SESSION_TOKEN", "a\nb"}, "", "",
		.says = "is not a token"},
	/* sources that are not supported are named */
	{{NULL}, "[profile dev]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n", "",
		.profile = "dev", .says = "by assuming a role (role_arn)"},
	{{NULL}, "[profile dev]\nsso_session = corp\n", "", .profile = "dev", .says = "(sso_session)"},
	{{NULL}, "[profile dev]\ncredential_process = /bin/x\n", "", .profile = "dev",
		.says = "(credential_process)"},
	{{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, "", "", .says = "AWS_WEB_IDENTITY_TOKEN_FILE"},
	{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}, "", "",
		.says = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"},
	/* nothing at all: what was tried, what to do */
	{{NULL}, "", "", .says = "AWS_ACCESS_KEY_ID (not set)"},
	{{NULL}, "", "", .says = "run `aws configure`"},
	{{NULL}, "", "", .profile = "dev", .says = "profile 'dev' in /c/credentials (no keys)"},
};

static int find(struct arena *arena, const struct credentials_case *c, struct credentials *found,
	struct error *err)
{
	struct profiles profiles = {.config_path = "/c/config", .credentials_path = "/c/credentials"};
	struct credentials_search search = {arena, &world, &profiles, c->profile ? c->profile : "default",
		c->explicit_profile};

	variables = c->variables;
	assert_int_equal(profiles_parse(arena, &profiles, "c", arena_strdup(arena, c->config), false, err),
		0);
	assert_int_equal(profiles_parse(arena, &profiles, "f", arena_strdup(arena, c->credentials), true,
				 err),
		0);
	return credentials_find(&search, found, err);
}

static void sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena arena = {0};
		struct credentials found;
		struct error err = {0};
		int result = find(&arena, &cases[i], &found, &err);

		assert_int_equal(result, cases[i].says ? -1 : 0);
		if (cases[i].says) {
			assert_int_equal(err.kind, ERROR_CREDENTIALS);
			if (!strstr(err.frame[0], cases[i].says))
				fail_msg("'%s' does not say '%s'", err.frame[0], cases[i].says);
		} else {
			assert_string_equal(found.access_key, cases[i].found);
			assert_true((found.session_token == NULL) == (cases[i].token == NULL));
		}
		arena_free(&arena);
	}
}

/* Neither an error nor a wiped set of credentials shows a secret. */
static void secrets_stay(void **state)
{
	static const struct credentials_case half = {{"AWS_SECRET_ACCESS_KEY", "canary"}, "", ""};
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
