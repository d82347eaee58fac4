/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials of roles, kept between runs so that a code is asked for once and STS is not asked each time. */
#include "base/arena.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "providers/aws/credentials/credentials_source.h"

enum { CACHE_FILE_MAX = 64 << 10, CACHE_LEFT_MS = 5 * 60 * 1000 };

static const char *cache_folder(const struct credentials_search *search)
{
	const char *folder = source_variable(search, "XDG_CACHE_HOME");

	if (folder &&
		folder[0] == '/') /* a relative one is to be ignored: XDG Base Directory Specification */
		return arena_printf(search->scratch, "%s/cloudctl/credentials", folder);
	return source_home_file(search, ".cache/cloudctl/credentials");
}

static const char *cache_file(const struct credentials_search *search, const char *key)
{
	const char *folder = cache_folder(search);

	return folder
		? arena_printf(search->scratch, "%s/%s.json", folder, source_hash(search, "SHA256", key))
		: NULL;
}

bool credentials_cached(const struct credentials_search *search, const char *key, struct credentials *found)
{
	const char *path = cache_file(search, key), *source = found->source;
	struct error ignored;
	size_t length;
	json_t *tree;
	char *text;
	bool good;

	if (search->renewal || !path ||
		file_read(search->scratch, path, CACHE_FILE_MAX, &text, &length, &ignored) < 0)
		return false;
	tree = source_parse(search, text, length, path, &ignored);
	good = tree &&
		source_take_tree(search, path, tree, &source_process_names, found, &ignored) ==
			SOURCE_FOUND &&
		found->expires_ms > search->now_ms + CACHE_LEFT_MS;
	if (!good)
		credentials_wipe(found);
	found->source = source;
	return good;
}

void credentials_keep(const struct credentials_search *search, const char *key,
	const struct credentials *credentials)
{
	const char *path = cache_file(search, key);
	const struct source_names *names = &source_process_names;
	char when[TIMESTAMP_SIZE];
	struct error ignored;
	json_t *tree;

	if (!path || credentials->expires_ms <= search->now_ms + CACHE_LEFT_MS ||
		file_make_folder(cache_folder(search), &ignored) < 0)
		return;
	tree = tree_defer(search->scratch,
		json_pack("{s:s, s:s, s:s*, s:s}", names->access_key, credentials->access_key,
			names->secret_key, credentials->secret_key, names->token, credentials->session_token,
			names->expires, timestamp_rfc3339(credentials->expires_ms, when)));
	source_store(search, path, tree, &ignored);
}
