/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files ~/.aws/config and ~/.aws/credentials, read as the AWS CLI reads them: INI sections, keys without
 * case, whole-line comments (# and ;), a key with no value followed by indented "k = v" lines is a group
 * ("s3.addressing_style").
 *
 * AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other files; a missing file is an empty one. The
 * values may be secret; they live in the arena and die with it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_PROFILE_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_PROFILE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

struct arena;
struct world;

enum section_kind {
	SECTION_CREDENTIALS, /* [name] of the credentials file */
	SECTION_PROFILE,     /* [profile name] and [default] of the config file */
	SECTION_SSO_SESSION, /* [sso-session name] */
	SECTION_SERVICES,    /* [services name] */
	SECTION_OTHER,       /* anything else, kept out of the way */
};

/* Both files. Sections of one kind and name are one section. */
struct profiles {
	struct profile_section *sections;
	const char *config_path;
	const char *credentials_path;
};

/* Read both. ERROR_INPUT with file and line for a line that is not INI, or a file of more than 1 MiB. */
int profiles_load(struct arena *arena, struct world *world, struct profiles *profiles, struct error *err);

/* Is there a profile of this name, in either file? */
bool profiles_have(const struct profiles *profiles, const char *name);

/* Is there such a section? */
bool profiles_section(const struct profiles *profiles, enum section_kind kind, const char *section);

/* The value of a key in a section, NULL when absent or empty. Keys of groups are written "group.key". */
const char *profiles_section_value(const struct profiles *profiles, enum section_kind kind,
	const char *section, const char *key);

/* The value of a profile's key: the credentials file wins over the config file. */
const char *profiles_value(const struct profiles *profiles, const char *profile, const char *key);

/* The names of all profiles joined with ", ", for messages; "" when there are none. */
const char *profiles_names(const struct profiles *profiles, struct arena *arena);

/* Parse one file's text; name is used in messages. For profiles_load() and the tests. */
int profiles_parse(struct arena *arena, struct profiles *profiles, const char *name, char *text,
	bool is_credentials, struct error *err);

/*
 * {PROFILE: ACCOUNT} of the profiles whose settings say of which account their credentials are, as an id of 12 digits or in
 * an ARN: role_arn, else sso_account_id, login_session or aws_account_id, the first that a profile has. Keys alone do not
 * say it. New reference.
 */
json_t *profiles_accounts(const struct profiles *profiles);

/* Add the values of a key in all sections, whatever their kind, to a list in arena. */
void profiles_collect(const struct profiles *profiles, const char *key, struct arena *arena,
	struct text_list *values);

#endif
