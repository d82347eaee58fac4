/* SPDX-License-Identifier: Apache-2.0 */
/* Roles: a profile's role_arn, assumed with the credentials of its source, and web identity tokens. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/profile.h"

enum {
	DURATION_MIN_S = 900,
	DURATION_MAX_S = 43200,
	CODE_MAX = 64,
	WEB_TOKEN_MAX = 64 << 10,
	KEY_MAX = 8192,
};

static const struct source_names names = {
	.access_key = "Credentials.AccessKeyId",
	.secret_key = "Credentials.SecretAccessKey",
	.token = "Credentials.SessionToken",
	.expires = "Credentials.Expiration",
};

static int check_source(const struct credentials_search *search, struct error *err)
{
	const char *profile = source_setting(search, "source_profile");
	const char *name = source_setting(search, "credential_source");

	if (profile && name)
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s' has both source_profile and credential_source; keep one",
			search->profile);
	if (!profile && !name)
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s' has a role_arn, but neither source_profile nor credential_source to assume it with",
			search->profile);
	return 0;
}

/* Seconds, or nothing where the profile says none. */
static int add_duration(const struct credentials_search *search, json_t *input, struct error *err)
{
	const char *text = source_setting(search, "duration_seconds");
	uint64_t seconds;

	if (!text)
		return 0;
	if (!text_number(text, DURATION_MIN_S, DURATION_MAX_S, &seconds))
		return error_set(err, ERROR_CREDENTIALS,
			"duration_seconds of profile '%s' must be %d to %d, not '%s'", search->profile,
			DURATION_MIN_S, DURATION_MAX_S, text);
	json_object_set_new(input, "DurationSeconds", json_integer((json_int_t)seconds));
	return 0;
}

/* The input of AssumeRole, without the MFA code and without a session name where the profile has none. */
static json_t *role_input(const struct credentials_search *search, struct error *err)
{
	static const struct {
		const char *key, *member;
	} rows[] = {
		{"role_arn", "RoleArn"},
		{"role_session_name", "RoleSessionName"},
		{"external_id", "ExternalId"},
		{"mfa_serial", "SerialNumber"},
	};
	json_t *input = tree_defer(search->scratch, json_object());

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *value = source_setting(search, rows[i].key);

		if (value)
			json_object_set_new(input, rows[i].member, json_string(value));
	}
	return add_duration(search, input, err) == 0 ? input : NULL;
}

/* The access key in the settings of the role's source; "" for sources that have none. */
static const char *source_key(const struct credentials_search *search)
{
	const char *profile = source_setting(search, "source_profile");
	const char *key = profile ? profiles_value(search->profiles, profile, "aws_access_key_id")
				  : source_variable(search, "AWS_ACCESS_KEY_ID");

	return key ? key : "";
}

/* Two runs may share credentials when this text is the same: the endpoint, the request and its credentials. */
static const char *cache_key(const struct credentials_search *search, const json_t *input)
{
	const struct profiles *profiles = search->profiles;
	const char *profile = source_setting(search, "source_profile");
	const char *name = source_setting(search, "credential_source");
	struct str key = {.arena = search->scratch, .max = KEY_MAX};
	struct endpoint endpoint = {.url = ""};
	struct error ignored;
	char *text = json_dumps(input, JSON_COMPACT | JSON_SORT_KEYS);

	if (search->aws)
		endpoint_find(search->scratch, &search->aws->settings, sts_AssumeRole.service,
			search->aws->region ? search->aws->region : "us-east-1", NULL, &endpoint, &ignored);
	str_printf(&key, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s", endpoint.url, profiles->config_path,
		profiles->credentials_path, search->profile, profile ? profile : "", name ? name : "",
		source_key(search), text);
	free(text);
	return str_text(&key);
}

static int add_code(const struct credentials_search *search, json_t *input, struct error *err)
{
	const char *serial = json_string_value(json_object_get(input, "SerialNumber"));
	char code[CODE_MAX] = "";

	if (!serial)
		return 0;
	if (search->renewal)
		return error_set(err, ERROR_CREDENTIALS,
			"the session of profile '%s' has expired, and a new one needs a code of the MFA device %s; run the command again",
			search->profile, serial);
	if (!search->prompt)
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s' needs a code of the MFA device %s, and there is no terminal to ask on",
			search->profile, serial);
	if (search->prompt->ask(search->prompt,
		    arena_printf(search->scratch, "Code of the MFA device %s", serial), code, sizeof(code),
		    err) < 0)
		return -1;
	if (!text_only(code, "0123456789", 6, 6))
		return error_set(err, ERROR_CREDENTIALS, "the code of an MFA device has six digits");
	json_object_set_new(input, "TokenCode", json_string(code));
	return 0;
}

static int assume(const struct credentials_search *search, const struct aws_operation *operation,
	const struct credentials *with, json_t *input, struct credentials *found, struct error *err)
{
	const char *role = json_string_value(json_object_get(input, "RoleArn"));
	const char *region = search->aws ? search->aws->region : NULL;
	struct aws *sts = source_session(search, with, region ? region : "us-east-1", err);
	const json_t *reply;

	if (!json_object_get(input, "RoleSessionName"))
		json_object_set_new(input, "RoleSessionName",
			json_sprintf("cloudctl-%lld", (long long)(search->now_ms / 1000)));
	reply = sts ? aws_call(sts, search->scratch, operation, json_incref(input), err) : NULL;
	if (!reply)
		return error_wrap(err, "assuming role %s (profile '%s')", role, search->profile);
	return source_take_tree(search, "the reply of STS", reply, &names, found, err);
}

static int assume_with_source(const struct credentials_search *search, json_t *input,
	struct credentials *found, struct error *err)
{
	const char *profile = source_setting(search, "source_profile");
	const char *name = source_setting(search, "credential_source");
	struct credentials source = {0};
	int result = profile ? credentials_of_profile(search, profile, &source, err)
			     : credentials_of_name(search, name, &source, err);

	if (result == SOURCE_FOUND)
		result = add_code(search, input, err);
	result = result < 0 ? -1 : assume(search, &sts_AssumeRole, &source, input, found, err);
	credentials_wipe(&source);
	return result;
}

int source_role(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	json_t *input;
	const char *key;
	int result = SOURCE_FOUND;

	(void)tried; /* source_config_file() says it all */
	if (!source_setting(search, "role_arn") || source_setting(search, "web_identity_token_file"))
		return SOURCE_ABSENT;
	/* The source of a role counts by its keys when it has some, though it has a role as well. */
	if (search->from && source_setting(search, "aws_access_key_id"))
		return SOURCE_ABSENT;
	if (check_source(search, err) < 0)
		return -1;
	input = role_input(search, err);
	if (!input)
		return -1;
	key = cache_key(search, input);
	if (!credentials_cached(search, key, found)) {
		result = assume_with_source(search, input, found, err);
		if (result == SOURCE_FOUND)
			credentials_keep(search, key, found);
	}
	return result;
}

/* The environment's value, unless --profile was given, then the profile's. */
static const char *web_setting(const struct credentials_search *search, const char *variable, const char *key)
{
	const char *value = search->profile_explicit ? NULL : source_variable(search, variable);

	return value ? value : source_setting(search, key);
}

int source_web_identity(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	const char *path = web_setting(search, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
	const char *role = web_setting(search, "AWS_ROLE_ARN", "role_arn");
	const char *name = web_setting(search, "AWS_ROLE_SESSION_NAME", "role_session_name");
	size_t length;
	json_t *input;
	char *token;

	if (!path && search->profile_explicit)
		return SOURCE_ABSENT;
	if (!path)
		return source_tried(tried, "web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set)");
	if (!role)
		return error_set(err, ERROR_CREDENTIALS,
			"there is a web identity token (%s) but no role for it: set AWS_ROLE_ARN or role_arn",
			path);
	if (file_read(search->scratch, path, WEB_TOKEN_MAX, &token, &length, err) < 0) {
		err->kind = ERROR_CREDENTIALS;
		return error_wrap(err, "reading the web identity token");
	}
	while (length > 0 && strchr(" \t\r\n", token[length - 1]))
		token[--length] = '\0';
	input = tree_defer(search->scratch,
		json_pack("{s:s, s:s*, s:s}", "RoleArn", role, "RoleSessionName", name, "WebIdentityToken",
			token));
	if (!input)
		return error_set(err, ERROR_CREDENTIALS, "the web identity token in %s is not valid text",
			path);
	return assume(search, &sts_AssumeRoleWithWebIdentity, NULL, input, found, err);
}
