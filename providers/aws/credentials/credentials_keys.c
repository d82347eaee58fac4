/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials that are written down: in the environment, in the credentials file, in the config file. */
#include "base/arena.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/profile.h"

int source_environment(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	const char *access_key = source_variable(search, "AWS_ACCESS_KEY_ID");
	const char *secret_key = source_variable(search, "AWS_SECRET_ACCESS_KEY");
	const char *token = source_variable(search, "AWS_SESSION_TOKEN");
	const char *expires = source_variable(search, "AWS_CREDENTIAL_EXPIRATION");

	if (search->profile_explicit)
		return source_tried(tried, "environment (not used with --profile)");
	if (!access_key)
		return source_tried(tried, "environment (AWS_ACCESS_KEY_ID is not set%s)",
			secret_key ? ", though AWS_SECRET_ACCESS_KEY is" : "");
	if (expires && !source_time(expires, &found->expires_ms))
		return error_set(err, ERROR_CREDENTIALS,
			"AWS_CREDENTIAL_EXPIRATION must be a time such as 2026-01-02T03:04:05Z");
	return source_take(search, "the environment", access_key, secret_key,
		token ? token : source_variable(search, "AWS_SECURITY_TOKEN"), found, err);
}

static int from_section(const struct credentials_search *search, enum section_kind kind, const char *path,
	struct credentials *found, struct error *err)
{
	const struct profiles *profiles = search->profiles;
	const char *access_key = profiles_section_value(profiles, kind, search->profile, "aws_access_key_id");
	const char *secret_key = profiles_section_value(profiles, kind, search->profile,
		"aws_secret_access_key");
	const char *token = profiles_section_value(profiles, kind, search->profile, "aws_session_token");

	if (!access_key)
		return SOURCE_ABSENT;
	if (!token) /* its older name */
		token = profiles_section_value(profiles, kind, search->profile, "aws_security_token");
	return source_take(search, arena_printf(search->scratch, "profile '%s' in %s", search->profile, path),
		access_key, secret_key, token, found, err);
}

int source_credentials_file(const struct credentials_search *search, struct credentials *found,
	struct str *tried, struct error *err)
{
	(void)tried; /* said once for both files: source_config_file() comes last */
	return from_section(search, SECTION_CREDENTIALS, search->profiles->credentials_path, found, err);
}

int source_config_file(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	const struct profiles *profiles = search->profiles;
	int result = from_section(search, SECTION_PROFILE, profiles->config_path, found, err);

	if (result == SOURCE_ABSENT && profiles_have(profiles, search->profile))
		source_tried(tried,
			"profile '%s' in %s and %s (no keys, role_arn, sso_account_id, login_session or credential_process)",
			search->profile, profiles->credentials_path, profiles->config_path);
	else if (result == SOURCE_ABSENT)
		source_tried(tried, "profile '%s' (not in %s or %s)", search->profile,
			profiles->credentials_path, profiles->config_path);
	return result;
}
