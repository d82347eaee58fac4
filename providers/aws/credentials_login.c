/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials that `aws login` left in its cache: used while they hold, never renewed here. */
#include "base/arena.h"
#include "base/file.h"
#include "providers/aws/credentials_source.h"

enum { LOGIN_FILE_MAX = 256 << 10 };

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

int source_login(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	static const struct source_names names = {
		.access_key = "accessToken.accessKeyId",
		.secret_key = "accessToken.secretAccessKey",
		.token = "accessToken.sessionToken",
		.expires = "accessToken.expiresAt",
	};
	const char *session = source_setting(search, "login_session"), *path;
	struct error problem;
	size_t length;
	json_t *tree;
	char *text;
	int result;

	(void)tried; /* source_config_file() says it all */
	if (!session)
		return SOURCE_ABSENT;
	path = cache_file(search, session);
	if (!path || file_read(search->scratch, path, LOGIN_FILE_MAX, &text, &length, &problem) < 0)
		return login_needed(search, "nobody is logged in with `aws login`", err);
	tree = source_parse(text, length, path, err);
	if (!tree)
		return -1;
	result = source_take_tree(search, path, tree, &names, found, err);
	json_decref(tree);
	if (result == SOURCE_FOUND && found->expires_ms <= search->now_ms)
		return login_needed(search, "the session of `aws login` has expired", err);
	return result;
}
