/* SPDX-License-Identifier: Apache-2.0 */
/* The sources as rows, and the walk through them. Errors name variables, files and profiles, never a key. */
#include "providers/aws/credentials/credentials.h"

#include <openssl/crypto.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/timestamp.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/profile.h"

enum { TRIED_MAX = 2048, TRIED_FRAME = ERROR_FRAME_SIZE - 20, ROLES_DEEP = 8 };

struct credentials_source {
	const char *name;
	source_find *find;
	bool of_profile;  /* a profile that is another's source_profile is asked for these */
	const char *word; /* credential_source's word for it, or NULL */
};

static const struct credentials_source sources[] = {
	{.name = "environment", .find = source_environment, .word = "Environment"},
	{.name = "assumed role", .find = source_role, .of_profile = true},
	{.name = "web identity", .find = source_web_identity, .of_profile = true},
	{.name = "IAM Identity Center", .find = source_sso, .of_profile = true},
	{.name = "credentials file", .find = source_credentials_file, .of_profile = true},
	{.name = "aws login", .find = source_login, .of_profile = true},
	{.name = "credential_process", .find = source_process, .of_profile = true},
	{.name = "config file", .find = source_config_file, .of_profile = true},
	{.name = "container", .find = source_container, .word = "EcsContainer"},
	{.name = "instance metadata", .find = source_instance, .word = "Ec2InstanceMetadata"},
};

/* Credentials whose time is over are worse than none: AWS's refusal would not say where they came from. */
static int check_time(const struct credentials_search *search, const struct credentials *found,
	struct error *err)
{
	char when[TIMESTAMP_SIZE];

	if (found->expires_ms == 0 || found->expires_ms > search->now_ms)
		return SOURCE_FOUND;
	return error_set(err, ERROR_CREDENTIALS,
		"the credentials of profile '%s' (%s) expired at %s; get new ones", search->profile,
		found->source, timestamp_rfc3339(found->expires_ms, when));
}

static int ask(const struct credentials_source *source, const struct credentials_search *search,
	struct credentials *found, struct str *tried, struct error *err)
{
	int result;

	*found = (struct credentials){.source = source->name};
	result = source->find(search, found, tried, err);
	if (result == SOURCE_FOUND)
		result = check_time(search, found, err);
	if (result < 0)
		credentials_wipe(found);
	return result;
}

/* The first that applies. */
static int walk(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	int result = SOURCE_ABSENT;

	for (size_t i = 0; result == SOURCE_ABSENT && i < ARRAY_LENGTH(sources); i++)
		if (!search->from || sources[i].of_profile)
			result = ask(&sources[i], search, found, tried, err);
	return result;
}

/* Where the last piece of text[0..length) begins that fits a frame; pieces end after "; ". */
static size_t last_piece(const char *text, size_t length)
{
	size_t from = length > TRIED_FRAME ? length - TRIED_FRAME : 0;

	for (size_t at = from; from > 0 && at < length; at++)
		if (text[at] == ' ' && text[at - 1] == ';')
			return at + 1;
	return from;
}

/* What was tried, in its order, as frames around what to do: none is longer than a frame can be. */
static int nothing_found(const char *tried, struct error *err)
{
	size_t length = strlen(tried);

	error_set(err, ERROR_CREDENTIALS,
		"no AWS credentials found; run `aws configure` or `aws sso login`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile with --profile");
	while (length > 0) {
		size_t from = last_piece(tried, length);

		error_wrap(err, "%s%.*s", from == 0 ? "looked at " : "then at ", (int)(length - from),
			tried + from);
		for (length = from; length > 0 && strchr("; ", tried[length - 1]);)
			length--;
	}
	return -1;
}

int credentials_find(const struct credentials_search *search, struct credentials *credentials,
	struct error *err)
{
	struct str tried = {.arena = search->scratch, .max = TRIED_MAX};
	int result = walk(search, credentials, &tried, err);

	if (result == SOURCE_FOUND)
		return 0;
	return result < 0 ? -1 : nothing_found(str_text(&tried), err);
}

/* A profile may be its own source when it has keys: then these, not the role, are meant. */
int credentials_of_profile(const struct credentials_search *role, const char *profile,
	struct credentials *found, struct error *err)
{
	struct credentials_search search = *role;
	struct str tried = {.arena = role->scratch, .max = TRIED_MAX};
	bool keys = profiles_value(role->profiles, profile, "aws_access_key_id") != NULL, visited = false;
	int result, deep = 0;

	search.profile = profile;
	search.profile_explicit = true;
	search.from = role;
	for (const struct credentials_search *at = role; at; at = at->from, deep++)
		visited |= text_equal(at->profile, profile);
	if (!profiles_have(role->profiles, profile))
		return error_set(err, ERROR_CREDENTIALS, "source_profile '%s' of profile '%s' does not exist",
			profile, role->profile);
	if (deep > ROLES_DEEP)
		return error_set(err, ERROR_CREDENTIALS, "more than %d roles in a chain", ROLES_DEEP);
	if (visited && !(keys && text_equal(profile, role->profile)))
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s' leads back to itself through source_profile; one profile of the chain needs credentials of its own",
			profile);
	result = walk(&search, found, &tried, err);
	if (result == SOURCE_ABSENT)
		return error_set(err, ERROR_CREDENTIALS,
			"profile '%s', source of profile '%s', has no credentials: %s", profile,
			role->profile, str_text(&tried));
	return result;
}

int credentials_of_name(const struct credentials_search *role, const char *name, struct credentials *found,
	struct error *err)
{
	struct credentials_search search = *role;
	struct str tried = {.arena = role->scratch, .max = TRIED_MAX};

	search.profile_explicit = false; /* named in the profile itself */
	for (size_t i = 0; i < ARRAY_LENGTH(sources); i++) {
		int result;

		if (!sources[i].word || !text_equal_nocase(sources[i].word, name))
			continue;
		result = ask(&sources[i], &search, found, &tried, err);
		if (result == SOURCE_ABSENT)
			return error_set(err, ERROR_CREDENTIALS,
				"credential_source %s of profile '%s' gave no credentials: %s", name,
				role->profile, str_text(&tried));
		return result;
	}
	return error_set(err, ERROR_CREDENTIALS,
		"credential_source '%s' of profile '%s' is not one of Environment, Ec2InstanceMetadata, EcsContainer",
		name, role->profile);
}

void credentials_wipe(struct credentials *credentials)
{
	if (credentials->session_token)
		OPENSSL_cleanse(credentials->session_token, strlen(credentials->session_token));
	OPENSSL_cleanse(credentials, sizeof(*credentials));
}
