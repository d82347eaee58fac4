/* SPDX-License-Identifier: Apache-2.0 */
/* IAM Identity Center: the token of `aws sso login`, renewed where it can be, exchanged for a role's credentials. */
#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/profile.h"

enum { TOKEN_FILE_MAX = 256 << 10, RENEW_EARLY_MS = 15 * 60 * 1000, TOKEN_LIFE_MAX_S = 30 * 86400 };

/* What the profile and its sso-session say together. */
struct sso {
	const char *session; /* NULL: the settings are in the profile itself */
	const char *start_url, *region, *account, *role;
	const char *file; /* of the token */
};

/* One setting from both places, which must not disagree. */
static int setting(const struct credentials_search *search, const char *session, const char *key,
	const char **value, struct error *err)
{
	const char *there = session
		? profiles_section_value(search->profiles, SECTION_SSO_SESSION, session, key)
		: NULL;

	*value = source_setting(search, key);
	if (*value && there && !text_equal(*value, there))
		return error_set(err, ERROR_CREDENTIALS,
			"%s is not the same in profile '%s' and in sso-session '%s'", key, search->profile,
			session);
	if (!*value)
		*value = there;
	if (!*value)
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s' uses IAM Identity Center but has no %s; run `aws configure sso`",
			search->profile, key);
	return 0;
}

static int read_settings(const struct credentials_search *search, struct sso *sso, struct error *err)
{
	const struct {
		const char *key, **value;
	} rows[] = {
		{"sso_account_id", &sso->account},
		{"sso_role_name", &sso->role},
		{"sso_start_url", &sso->start_url},
		{"sso_region", &sso->region},
	};

	sso->session = source_setting(search, "sso_session");
	if (sso->session && !profiles_section(search->profiles, SECTION_SSO_SESSION, sso->session))
		return error_set(err, ERROR_CREDENTIALS,
			"there is no [sso-session %s], which profile '%s' names", sso->session,
			search->profile);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (setting(search, sso->session, rows[i].key, rows[i].value, err) < 0)
			return -1;
	if (!endpoint_region_valid(sso->region))
		return error_set(err, ERROR_CREDENTIALS,
			"sso_region of profile '%s' is not the name of a region", search->profile);
	return 0;
}

/* The token's end of life as a sentence with what to do. */
static int login_needed(const struct credentials_search *search, const char *why, struct error *err)
{
	return error_set(err, ERROR_CREDENTIALS, "%s; run `aws sso login --profile %s`", why,
		search->profile);
}

static json_t *read_token(const struct credentials_search *search, struct sso *sso, struct error *err)
{
	const char *hash = source_hash(search, "SHA1", sso->session ? sso->session : sso->start_url);
	struct error problem;
	size_t length;
	char *text;
	json_t *token;

	sso->file = source_home_file(search, arena_printf(search->scratch, ".aws/sso/cache/%s.json", hash));
	if (!sso->file ||
		file_read(search->scratch, sso->file, TOKEN_FILE_MAX, &text, &length, &problem) < 0) {
		login_needed(search, "not logged in to IAM Identity Center", err);
		return NULL;
	}
	token = source_parse(search, text, length, sso->file, err);
	if (token && !*tree_text(token, "accessToken")) {
		login_needed(search, "the cached token of IAM Identity Center is incomplete", err);
		return NULL;
	}
	return token;
}

static int64_t time_at(const json_t *tree, const char *key)
{
	int64_t ms = 0;

	source_time(tree_text(tree, key), &ms);
	return ms;
}

/* Can the token be exchanged for a new one without a browser? */
static bool renewable(const struct credentials_search *search, const struct sso *sso, const json_t *token)
{
	return sso->session && *tree_text(token, "refreshToken") && *tree_text(token, "clientId") &&
		*tree_text(token, "clientSecret") && time_at(token, "registrationExpiresAt") > search->now_ms;
}

/* What was got in place of what was there. Not being able to keep it only means asking again. */
static void store(const struct credentials_search *search, const struct sso *sso, json_t *token,
	const json_t *reply)
{
	char when[TIMESTAMP_SIZE];
	struct error ignored;
	int64_t seconds = 0;

	tree_number(reply, "expiresIn", 0, TOKEN_LIFE_MAX_S, &seconds);
	json_object_set_new(token, "accessToken", json_string(tree_text(reply, "accessToken")));
	json_object_set_new(token, "expiresAt",
		json_string(timestamp_rfc3339(search->now_ms + seconds * 1000, when)));
	if (*tree_text(reply, "refreshToken"))
		json_object_set_new(token, "refreshToken", json_string(tree_text(reply, "refreshToken")));
	source_store(search, sso->file, token, &ignored);
}

static int renew(const struct credentials_search *search, const struct sso *sso, json_t *token,
	struct error *err)
{
	struct aws *aws = source_session(search, NULL, sso->region, err);
	const json_t *reply = NULL;

	if (aws)
		reply = aws_call(aws, search->scratch, &sso_oidc_CreateToken,
			json_pack("{s:s, s:s, s:s, s:s}", "clientId", tree_text(token, "clientId"),
				"clientSecret", tree_text(token, "clientSecret"), "grantType",
				"refresh_token", "refreshToken", tree_text(token, "refreshToken")),
			err);
	if (!reply)
		return -1;
	if (!*tree_text(reply, "accessToken"))
		return error_set(err, ERROR_PROTOCOL, "the reply of IAM Identity Center has no accessToken");
	store(search, sso, token, reply);
	return 0;
}

/* A token that still holds: renewed early where that goes, used to its end where it does not. */
static int ready_token(const struct credentials_search *search, const struct sso *sso, json_t *token,
	struct error *err)
{
	int64_t left_ms = time_at(token, "expiresAt") - search->now_ms;
	struct error problem = {0};

	if (left_ms > RENEW_EARLY_MS)
		return 0;
	if (renewable(search, sso, token) && renew(search, sso, token, &problem) == 0)
		return 0;
	if (problem.kind == ERROR_INTERRUPTED || (problem.kind == ERROR_NETWORK && left_ms <= 0)) {
		*err = problem;
		return -1;
	}
	return left_ms > 0 ? 0 : login_needed(search, "the login to IAM Identity Center has expired", err);
}

static int exchange_token(const struct credentials_search *search, const struct sso *sso, const json_t *token,
	struct credentials *found, struct error *err)
{
	static const struct source_names names = {
		.access_key = "roleCredentials.accessKeyId",
		.secret_key = "roleCredentials.secretAccessKey",
		.token = "roleCredentials.sessionToken",
		.expires = "roleCredentials.expiration",
	};
	struct aws *aws = source_session(search, NULL, sso->region, err);
	const json_t *reply = NULL;

	if (aws)
		reply = aws_call(aws, search->scratch, &sso_GetRoleCredentials,
			json_pack("{s:s, s:s, s:s}", "account_id", sso->account, "role_name", sso->role,
				"Header:x-amz-sso_bearer_token", tree_text(token, "accessToken")),
			err);
	if (reply)
		return source_take_tree(search, "the reply of IAM Identity Center", reply, &names, found,
			err);
	if (err->http_status == 401)
		return login_needed(search, "IAM Identity Center no longer accepts the login", err);
	if (err->http_status == 403 || err->http_status == 404)
		return error_wrap(err,
			"asking IAM Identity Center for role %s in account %s, which may not be assigned to this user (profile '%s')",
			sso->role, sso->account, search->profile);
	return error_wrap(err, "asking IAM Identity Center for role %s in account %s", sso->role,
		sso->account);
}

int source_sso(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	struct sso sso = {0};
	json_t *token;

	(void)tried; /* source_config_file() says it all */
	if (!source_setting(search, "sso_account_id") && !source_setting(search, "sso_role_name"))
		return SOURCE_ABSENT;
	if (read_settings(search, &sso, err) < 0)
		return -1;
	token = read_token(search, &sso, err);
	if (!token)
		return -1;
	if (ready_token(search, &sso, token, err) < 0)
		return -1;
	return exchange_token(search, &sso, token, found, err);
}
