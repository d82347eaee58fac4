/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose calls these are. Credentials come from the first source of a table that applies; a source that
 * applies and fails ends the search. A further source is a row in credentials.c and a file credentials_*.c.
 * The order is the AWS CLI's ("Configuration settings and precedence" of its user guide).
 *
 * struct credentials has no print path: nothing formats it, and it is wiped after use.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct arena;
struct aws;
struct prompt;
struct profiles;
struct world;

enum { CREDENTIALS_KEY_MAX = 256, CREDENTIALS_TOKEN_MAX = 16384 };

struct credentials {
	char access_key[CREDENTIALS_KEY_MAX + 1];
	char secret_key[CREDENTIALS_KEY_MAX + 1];
	char *session_token; /* NULL for long-lived keys */
	int64_t expires_ms;  /* since 1970; 0 when no end is known */
	const char *source;  /* "environment": the row's name */
};

/* What the sources look at. */
struct credentials_search {
	struct arena *arena;   /* of what is found */
	struct arena *scratch; /* of what is needed on the way; holds secrets, the caller frees it at once */
	struct world *world;
	int64_t now_ms; /* since 1970, by AWS's clock */
	const struct profiles *profiles;
	const char *profile;   /* name in force */
	bool profile_explicit; /* given by --profile: the environment's keys do not count then */
	/* Its transport and endpoints are used by sources that need the network; NULL: these fail. */
	const struct aws *aws;
	struct prompt *prompt; /* asks the user for codes of MFA devices, or NULL */
	/* In the middle of a run: the user is not asked for a code, and the cache of roles is not read. */
	bool renewal;
	bool uninterrupted;                    /* signals do not stop it */
	const struct credentials_search *from; /* the search of a role whose source is looked for, or NULL */
};

/*
 * Find credentials. ERROR_CREDENTIALS says for each source why it gave none and what to do; also for half a
 * pair of keys, for those whose time is over and for a source that applies and fails. ERROR_INTERRUPTED when
 * a signal came meanwhile.
 */
int credentials_find(const struct credentials_search *search, struct credentials *credentials,
	struct error *err);

/*
 * The region of the EC2 instance this is, by its metadata service, in arena. NULL when this is not an instance, or it
 * does not say, or it must not be asked. Takes a second at most without an answer, unless settings say otherwise.
 */
const char *credentials_instance_region(const struct aws *aws, struct arena *arena);

/* Overwrite keys and token. */
void credentials_wipe(struct credentials *credentials);

#endif
