/* SPDX-License-Identifier: Apache-2.0 */
/* What sources of credentials have in common: looking up, checking, hashing, reading JSON. */
#include "providers/aws/credentials/credentials_source.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/credentials/profile.h"

enum { STORED_MAX = 64 << 10 };

const struct source_names source_process_names = {
	.access_key = "AccessKeyId",
	.secret_key = "SecretAccessKey",
	.token = "SessionToken",
	.expires = "Expiration",
};
const struct source_names source_metadata_names = {
	.access_key = "AccessKeyId",
	.secret_key = "SecretAccessKey",
	.token = "Token",
	.expires = "Expiration",
};

const char *source_variable(const struct credentials_search *search, const char *name)
{
	return search->world->environment(search->world, name);
}

const char *source_setting(const struct credentials_search *search, const char *key)
{
	return profiles_value(search->profiles, search->profile, key);
}

int source_tried(struct str *tried, const char *format, ...)
{
	va_list arguments;

	if (tried->length > 0)
		str_puts(tried, "; ");
	va_start(arguments, format);
	str_puts(tried, arena_vprintf(tried->arena, format, arguments));
	va_end(arguments);
	return SOURCE_ABSENT;
}

const char *source_home_file(const struct credentials_search *search, const char *path)
{
	const char *home = source_variable(search, "HOME");

	return home ? arena_printf(search->scratch, "%s/%s", home, path) : NULL;
}

const char *source_hash(const struct credentials_search *search, const char *algorithm, const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct str hex = {.arena = search->scratch, .max = sizeof(digest) * 2};
	size_t length = 0;

	/* Fails only when OpenSSL has no such hash: then no file has that name. */
	if (EVP_Q_digest(NULL, algorithm, NULL, text, strlen(text), digest, &length))
		str_put_hex(&hex, digest, length);
	return str_text(&hex);
}

int source_check_signal(const struct credentials_search *search, struct error *err)
{
	int number = search->uninterrupted ? 0 : search->world->interrupted(search->world);

	return number ? error_set(err, ERROR_INTERRUPTED, "interrupted by signal %d", number) : 0;
}

int source_wake_fd(const struct credentials_search *search)
{
	return search->uninterrupted ? -1 : search->world->wake_fd;
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

/* A token becomes a header of every request. */
static bool is_token(const char *token)
{
	if (strlen(token) > CREDENTIALS_TOKEN_MAX)
		return false;
	for (; *token; token++)
		if ((unsigned char)*token <= ' ' || (unsigned char)*token >= 0x7f)
			return false;
	return true;
}

int source_take(const struct credentials_search *search, const char *where, const char *access_key,
	const char *secret_key, const char *token, struct credentials *found, struct error *err)
{
	if (!access_key || !secret_key)
		return error_set(err, ERROR_CREDENTIALS, "%s has the %s key but not the %s key", where,
			access_key ? "access" : "secret", access_key ? "secret" : "access");
	if (copy_key(found->access_key, access_key, where, err) < 0 ||
		copy_key(found->secret_key, secret_key, where, err) < 0)
		return -1;
	if (token && !is_token(token))
		return error_set(err, ERROR_CREDENTIALS, "the session token in %s is not a token", where);
	found->session_token = arena_strdup(search->arena, token);
	return SOURCE_FOUND;
}

bool source_time(const char *text, int64_t *ms)
{
	char buffer[TIMESTAMP_SIZE];
	size_t length = strlen(text);

	if (!text_ends_with(text, "UTC"))
		return timestamp_parse_rfc3339(text, ms);
	if (length >= sizeof(buffer))
		return false;
	memcpy(buffer, text, length - 3);
	memcpy(buffer + length - 3, "Z", 2);
	return timestamp_parse_rfc3339(buffer, ms);
}

static const char *text_or_null(const json_t *tree, const char *path)
{
	const char *text = tree_text(tree, path);

	return *text ? text : NULL;
}

int source_take_tree(const struct credentials_search *search, const char *where, const json_t *tree,
	const struct source_names *names, struct credentials *found, struct error *err)
{
	const char *access_key = text_or_null(tree, names->access_key);
	const char *secret_key = text_or_null(tree, names->secret_key);
	const char *expires = text_or_null(tree, names->expires);

	if (!access_key || !secret_key)
		return error_set(err, ERROR_CREDENTIALS, "%s has no %s", where,
			access_key ? names->secret_key : names->access_key);
	if (expires ? !source_time(expires, &found->expires_ms)
		    : !tree_number(tree, names->expires, 1, INT64_MAX, &found->expires_ms) &&
				json_is_number(tree_get(tree, names->expires)))
		return error_set(err, ERROR_CREDENTIALS, "%s has an expiry time (%s) in an unknown format",
			where, names->expires);
	return source_take(search, where, access_key, secret_key, text_or_null(tree, names->token), found,
		err);
}

json_t *source_parse(const struct credentials_search *search, const char *bytes, size_t length,
	const char *where, struct error *err)
{
	json_t *tree = tree_defer(search->scratch, json_loadb(bytes, length, 0, NULL));

	if (json_is_object(tree))
		return tree;
	error_set(err, ERROR_CREDENTIALS, "%s is not JSON", where);
	return NULL;
}

int source_store(const struct credentials_search *search, const char *path, const json_t *tree,
	struct error *err)
{
	size_t length = json_dumpb(tree, NULL, 0, JSON_COMPACT);
	char *text;

	if (length == 0 || length > STORED_MAX)
		return error_set(err, ERROR_CREDENTIALS, "it is too large to be kept");
	text = arena_alloc(search->scratch, length);
	json_dumpb(tree, text, length, JSON_COMPACT);
	return file_replace(path, text, length, err);
}
