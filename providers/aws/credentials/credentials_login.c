/* SPDX-License-Identifier: Apache-2.0 */
/* What `aws login` left in its cache: credentials for 15 minutes, renewed with the refresh token beside them. */
#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/dpop.h"

enum { LOGIN_FILE_MAX = 256 << 10, RENEW_EARLY_MS = 5 * 60 * 1000, LIFE_MAX_S = 86400, ID_SIZE = 16 };

static const char *cache_file(const struct credentials_search *search, const char *session)
{
	const char *folder = source_variable(search, "AWS_LOGIN_CACHE_DIRECTORY");
	const char *name = arena_printf(search->scratch, "%s.json", source_hash(search, "SHA256", session));

	if (folder)
		return arena_printf(search->scratch, "%s/%s", folder, name);
	return source_home_file(search, arena_printf(search->scratch, ".aws/login/cache/%s", name));
}

static int login_needed(const struct credentials_search *search, const char *why, struct error *err)
{
	return error_set(err, ERROR_CREDENTIALS, "%s; run `aws login --profile %s`", why, search->profile);
}

static json_t *read_session(const struct credentials_search *search, const char *path, struct error *err)
{
	struct error problem;
	size_t length;
	char *text;

	if (!path || file_read(search->scratch, path, LOGIN_FILE_MAX, &text, &length, &problem) < 0) {
		login_needed(search, "not logged in with `aws login`", err);
		return NULL;
	}
	return source_parse(search, text, length, path, err);
}

/* A name for one proof. */
static const char *proof_id(const struct credentials_search *search)
{
	struct str id = {.arena = search->scratch, .max = (size_t)2 * ID_SIZE};
	unsigned char bytes[ID_SIZE];

	search->world->random(search->world, bytes, sizeof(bytes));
	str_put_hex(&id, bytes, sizeof(bytes));
	return str_text(&id);
}

/* What AWS is asked with, the proof for its own address included; NULL with *err set. */
static json_t *refresh_input(const struct credentials_search *search, const struct aws *aws,
	const json_t *session, struct error *err)
{
	struct endpoint endpoint;
	const char *url, *proof;

	if (endpoint_find(search->scratch, &aws->settings, signin_CreateOAuth2Token.service, aws->region,
		    NULL, &endpoint, err) < 0)
		return NULL;
	url = arena_printf(search->scratch, "%s%s", endpoint.url, signin_CreateOAuth2Token.path);
	proof = dpop_proof(search->scratch, tree_text(session, "dpopKey"), url, search->now_ms / 1000,
		proof_id(search), err);
	if (!proof)
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s}", "clientId", tree_text(session, "clientId"), "refreshToken",
		tree_text(session, "refreshToken"), "grantType", "refresh_token", "Header:DPoP", proof);
}

/* The reply's members in place of the session's; the account stays. */
static int merge(const struct credentials_search *search, json_t *session, const json_t *reply,
	struct error *err)
{
	static const char *const keys[] = {"accessKeyId", "secretAccessKey", "sessionToken"};
	json_t *access = json_object_get(session, "accessToken");
	const json_t *given = tree_get(reply, "accessToken");
	char when[TIMESTAMP_SIZE];
	int64_t seconds;

	if (!tree_number(reply, "expiresIn", 1, LIFE_MAX_S, &seconds) || !*tree_text(reply, "refreshToken"))
		return error_set(err, ERROR_PROTOCOL, "the reply of AWS's sign-in has no new session");
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (!*tree_text(given, keys[i]))
			return error_set(err, ERROR_PROTOCOL, "the reply of AWS's sign-in has no %s",
				keys[i]);
		json_object_set_new(access, keys[i], json_string(tree_text(given, keys[i])));
	}
	json_object_set_new(access, "expiresAt",
		json_string(timestamp_rfc3339(search->now_ms + seconds * 1000, when)));
	json_object_set_new(session, "refreshToken", json_string(tree_text(reply, "refreshToken")));
	return 0;
}

static int renew(const struct credentials_search *search, const char *path, json_t *session,
	struct error *err)
{
	const char *region = *tree_text(session, "signInRegion") ? tree_text(session, "signInRegion")
		: search->aws                                    ? search->aws->region
								 : NULL;
	struct aws *aws = source_session(search, NULL, region, err);
	json_t *input = aws ? refresh_input(search, aws, session, err) : NULL;
	const json_t *reply = input ? aws_call(aws, search->scratch, &signin_CreateOAuth2Token, input, err)
				    : NULL;

	if (!reply || merge(search, session, reply, err) < 0)
		return -1;
	/* Not being able to keep it would lose the only refresh token that still counts: that is said. */
	if (source_store(search, path, session, err) == 0)
		return 0;
	return error_wrap(err, "keeping the renewed session of `aws login` (profile '%s')", search->profile);
}

/* Renewed early where that goes, used to the end where it does not. */
static int make_ready(const struct credentials_search *search, const char *path, json_t *session,
	struct error *err)
{
	struct error problem = {0};
	int64_t ends_ms = 0;

	source_time(tree_text(session, "accessToken.expiresAt"), &ends_ms);
	if (ends_ms - search->now_ms > RENEW_EARLY_MS)
		return 0;
	if (*tree_text(session, "refreshToken") && renew(search, path, session, &problem) == 0)
		return 0;
	if (problem.kind == ERROR_INTERRUPTED) {
		*err = problem;
		return -1;
	}
	if (ends_ms > search->now_ms)
		return 0;
	if (problem.kind == ERROR_NONE || problem.http_status == 400 || problem.http_status == 401 ||
		problem.http_status == 403)
		return login_needed(search, "the session of `aws login` has expired", err);
	*err = problem;
	return error_wrap(err, "renewing the session of `aws login` (profile '%s')", search->profile);
}

int source_login(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	static const struct source_names names = {
		.access_key = "accessToken.accessKeyId",
		.secret_key = "accessToken.secretAccessKey",
		.token = "accessToken.sessionToken",
		.expires = "accessToken.expiresAt",
	};
	const char *name = source_setting(search, "login_session"), *path;
	json_t *session;

	(void)tried; /* source_config_file() says it all */
	if (!name)
		return SOURCE_ABSENT;
	path = cache_file(search, name);
	session = read_session(search, path, err);
	if (!session)
		return -1;
	if (make_ready(search, path, session, err) < 0)
		return -1;
	return source_take_tree(search, path, session, &names, found, err);
}
