/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose calls these are. Credentials come from the first source of a table that applies; a source that
 * applies and fails ends the search. A further source (assumed role, SSO, instance metadata …) is a row and a
 * function.
 *
 * struct credentials has no print path: nothing formats it, and it is wiped after use.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct profiles;
struct world;

enum { CREDENTIALS_KEY_MAX = 256, CREDENTIALS_TOKEN_MAX = 16384 };

struct credentials {
	char access_key[CREDENTIALS_KEY_MAX + 1];
	char secret_key[CREDENTIALS_KEY_MAX + 1];
	char *session_token; /* NULL for long-lived keys */
	const char *source;  /* "environment": the row's name */
};

/* What the sources look at. */
struct credentials_search {
	struct arena *arena;
	struct world *world;
	const struct profiles *profiles;
	const char *profile;   /* name in force */
	bool profile_explicit; /* given by --profile: the environment's keys do not count then */
};

/*
 * Find credentials. ERROR_CREDENTIALS says what was tried and what to do; also for half a pair of keys and
 * for a profile whose source is not supported, which is named.
 */
int credentials_find(const struct credentials_search *search, struct credentials *credentials,
	struct error *err);

/* Overwrite keys and token. */
void credentials_wipe(struct credentials *credentials);

#endif
