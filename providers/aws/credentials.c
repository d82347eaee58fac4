/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources of credentials as rows, in the order of the AWS CLI. Nothing here prints or formats a key;
 * errors name variables, files and profiles only.
 */
#include "providers/aws/credentials.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/profile.h"

enum { FOUND = 1, NOT_HERE = 0 }; /* and -1 with *err set */

struct source {
	const char *name;
	/* FOUND, NOT_HERE with what was missing added to *tried, or -1. */
	int (*find)(const struct source *source, const struct credentials_search *search,
		struct credentials *found, struct str *tried, struct error *err);
	const char *key; /* sources that cannot be used: the profile's key, or variable, that asks for them */
};

static const char *variable(const struct credentials_search *search, const char *name)
{
	return search->world->environment(search->world, name);
}

static int copy_key(char to[CREDENTIALS_KEY_MAX + 1], const char *from, const char *where, struct error *err)
{
	size_t length = strlen(from);

	if (length > CREDENTIALS_KEY_MAX)
		return error_set(err, ERROR_CREDENTIALS, "a key in %s is longer than %d characters", where,
			CREDENTIALS_KEY_MAX);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)from[i] <= ' ' || (unsigned char)from[i] >= 0x7f)
			return error_set(err, ERROR_CREDENTIALS,
				"a key in %s has blanks or special characters in it", where);
	memcpy(to, from, length + 1);
	return 0;
}

/*
 * Both halves and the token from one place. One half alone is an error: silently passing on hides a mistake.
 */
static int take_keys(const struct credentials_search *search, const char *where, const char *access_key,
	const char *secret_key, const char *token, struct credentials *found, struct error *err)
{
	if (!access_key || !secret_key)
		return error_set(err, ERROR_CREDENTIALS, "%s has the %s key but not the %s key", where,
			access_key ? "access" : "secret", access_key ? "secret" : "access");
	if (copy_key(found->access_key, access_key, where, err) < 0 ||
		copy_key(found->secret_key, secret_key, where, err) < 0)
		return -1;
	if (token && (strlen(token) > CREDENTIALS_TOKEN_MAX || strpbrk(token, "\r\n\t ")))
		return error_set(err, ERROR_CREDENTIALS, "the session token in %s is not a token", where);
	found->session_token = arena_strdup(search->arena, token);
	return FOUND;
}

static int from_environment(const struct source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	const char *access_key = variable(search, "AWS_ACCESS_KEY_ID");
	const char *secret_key = variable(search, "AWS_SECRET_ACCESS_KEY");
	const char *token = variable(search, "AWS_SESSION_TOKEN");

	(void)source;
	if (search->profile_explicit) {
		str_puts(tried, "environment (not used with --profile)");
		return NOT_HERE;
	}
	if (!access_key && !secret_key) {
		str_puts(tried, "AWS_ACCESS_KEY_ID (not set)");
		return NOT_HERE;
	}
	return take_keys(search, "the environment", access_key, secret_key,
		token ? token : variable(search, "AWS_SECURITY_TOKEN"), found, err);
}

static int from_section(const struct credentials_search *search, enum section_kind kind, const char *path,
	struct credentials *found, struct str *tried, struct error *err)
{
	const char *access_key = profiles_section_value(search->profiles, kind, search->profile,
		"aws_access_key_id");
	const char *secret_key = profiles_section_value(search->profiles, kind, search->profile,
		"aws_secret_access_key");
	const char *token = profiles_section_value(search->profiles, kind, search->profile,
		"aws_session_token");

	if (!access_key && !secret_key) {
		str_printf(tried, "; profile '%s' in %s (no keys)", search->profile, path);
		return NOT_HERE;
	}
	return take_keys(search, arena_printf(search->arena, "profile '%s' in %s", search->profile, path),
		access_key, secret_key, token, found, err);
}

static int from_credentials_file(const struct source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	(void)source;
	return from_section(search, SECTION_CREDENTIALS, search->profiles->credentials_path, found, tried,
		err);
}

static int from_config_file(const struct source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	(void)source;
	return from_section(search, SECTION_PROFILE, search->profiles->config_path, found, tried, err);
}

/* A profile that asks for a source cloudctl cannot use: said, never passed over in silence. */
static int refuse_profile(const struct source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	(void)found, (void)tried;
	if (!profiles_value(search->profiles, search->profile, source->key))
		return NOT_HERE;
	return error_set(err, ERROR_CREDENTIALS,
		"profile '%s' gets its credentials by %s (%s), which cloudctl cannot use; run "
		"`eval \"$(aws configure export-credentials --profile %s --format env)\"` and leave out "
		"--profile",
		search->profile, source->name, source->key, search->profile);
}

static int refuse_variable(const struct source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	(void)found, (void)tried;
	if (!variable(search, source->key))
		return NOT_HERE;
	return error_set(err, ERROR_CREDENTIALS,
		"%s asks for credentials by %s, which cloudctl cannot use; set AWS_ACCESS_KEY_ID, "
		"AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN instead",
		source->key, source->name);
}

/*
 * In order; the first that applies counts (AWS CLI's documentation, "Configuration settings and precedence").
 */
static const struct source sources[] = {
	{"environment", from_environment, NULL},
	{"assuming a role", refuse_profile, "role_arn"},
	{"web identity", refuse_variable, "AWS_WEB_IDENTITY_TOKEN_FILE"},
	{"IAM Identity Center", refuse_profile, "sso_session"},
	{"IAM Identity Center", refuse_profile, "sso_start_url"},
	{"credentials file", from_credentials_file, NULL},
	{"an `aws login` session", refuse_profile, "login_session"},
	{"another program", refuse_profile, "credential_process"},
	{"config file", from_config_file, NULL},
	{"a container's endpoint", refuse_variable, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"},
	{"a container's endpoint", refuse_variable, "AWS_CONTAINER_CREDENTIALS_FULL_URI"},
};

int credentials_find(const struct credentials_search *search, struct credentials *credentials,
	struct error *err)
{
	struct str tried = {.arena = search->arena, .max = 2048};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		int result;

		*credentials = (struct credentials){.source = sources[i].name};
		result = sources[i].find(&sources[i], search, credentials, &tried, err);
		if (result == FOUND)
			return 0;
		if (result < 0) {
			credentials_wipe(credentials);
			return -1;
		}
	}
	return error_set(err, ERROR_CREDENTIALS,
		"no AWS credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run `aws "
		"configure`, or "
		"choose a profile with --profile; tried: %s",
		str_text(&tried));
}

void credentials_wipe(struct credentials *credentials)
{
	if (credentials->session_token)
		OPENSSL_cleanse(credentials->session_token, strlen(credentials->session_token));
	OPENSSL_cleanse(credentials, sizeof(*credentials));
}
