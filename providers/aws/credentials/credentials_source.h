/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The insides of credentials.h, shared by its own files only: the sources, and what they have in common. A source
 * returns SOURCE_FOUND, SOURCE_ABSENT with the reason added to *tried, or -1 with *err set when it applies and fails.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_SOURCE_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_SOURCE_H

#include <jansson.h>

#include "base/str.h"
#include "base/text.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/credentials/credentials.h"

enum { SOURCE_FOUND = 1, SOURCE_ABSENT = 0 };

typedef int source_find(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err);

source_find source_environment, source_role, source_web_identity, source_sso, source_credentials_file,
	source_login, source_process, source_config_file, source_container, source_instance;

/* An environment variable, and a setting of the profile in force; NULL when absent or empty. */
const char *source_variable(const struct credentials_search *search, const char *name);
const char *source_setting(const struct credentials_search *search, const char *key);

/* One more reason why there are no credentials: "environment (AWS_ACCESS_KEY_ID is not set)". Returns SOURCE_ABSENT. */
int source_tried(struct str *tried, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A file below the home folder; NULL when there is no HOME. In scratch. */
const char *source_home_file(const struct credentials_search *search, const char *path);

/* The hash of text as lower-case hexadecimal, in scratch. algorithm is OpenSSL's name, "SHA1" or "SHA256". */
const char *source_hash(const struct credentials_search *search, const char *algorithm, const char *text);

/*
 * Take both halves and the token (or NULL) from one place. One half alone is an error; sources that are to be passed
 * over when they have no access key look before. Checks what can be a key and a token. Returns SOURCE_FOUND or -1.
 */
int source_take(const struct credentials_search *search, const char *where, const char *access_key,
	const char *secret_key, const char *token, struct credentials *found, struct error *err);

/* Where a JSON reply keeps what (paths of tree.h). expires: RFC 3339, or milliseconds since 1970. */
struct source_names {
	const char *access_key, *secret_key, *token, *expires;
};

/* What credential_process prints, and the cache keeps; what the endpoints of containers and instances reply. */
extern const struct source_names source_process_names, source_metadata_names;

/* The same from a tree. */
int source_take_tree(const struct credentials_search *search, const char *where, const json_t *tree,
	const struct source_names *names, struct credentials *found, struct error *err);

/* RFC 3339, or the "UTC" that earlier versions of the AWS CLI wrote for "Z". False leaves *ms untouched. */
bool source_time(const char *text, int64_t *ms);

/* A JSON object from bytes, which belongs to scratch, or NULL with ERROR_CREDENTIALS naming where; never shows a byte of it. */
json_t *source_parse(const struct credentials_search *search, const char *bytes, size_t length,
	const char *where, struct error *err);

/* -1 with ERROR_INTERRUPTED when a signal asks the search to stop, else 0; and what wakes a wait, or -1. */
int source_check_signal(const struct credentials_search *search, struct error *err);
int source_wake_fd(const struct credentials_search *search);

/* Put a JSON object with secrets (at most 64 KiB) in place of the file, mode 0600. -1 with *err set. */
int source_store(const struct credentials_search *search, const char *path, const json_t *tree,
	struct error *err);

/* What another profile's own sources give, role included: source_profile. Never SOURCE_ABSENT. */
int credentials_of_profile(const struct credentials_search *role, const char *profile,
	struct credentials *found, struct error *err);

/* What credential_source names: Environment, Ec2InstanceMetadata, EcsContainer. Never SOURCE_ABSENT. */
int credentials_of_name(const struct credentials_search *role, const char *name, struct credentials *found,
	struct error *err);

/* A session in scratch, signed with these credentials (NULL: not at all). NULL with *err set without a network. */
struct aws *source_session(const struct credentials_search *search, const struct credentials *credentials,
	const char *region, struct error *err);

/* One question to an endpoint of the machine itself, never through a proxy. */
struct source_question {
	const char *method, *url;
	struct text_list headers;
	int timeout_ms; /* of one attempt */
	int attempts;   /* 1 s apart, on time-outs and replies of 500 and above */
};

/*
 * Ask and wait. Returns the HTTP status with *body (scratch; at most 64 KiB), or 0 with *err saying why there
 * was no reply; -1 with ERROR_INTERRUPTED or ERROR_CREDENTIALS when nothing may be asked.
 */
int source_ask(const struct credentials_search *search, const struct source_question *question,
	const char **body, struct error *err);

/*
 * Role credentials kept from an earlier run, in $XDG_CACHE_HOME/cloudctl/credentials (mode 0600), under a
 * hash of key. Read only when they hold for five more minutes. Failing to keep them is not an error.
 */
bool credentials_cached(const struct credentials_search *search, const char *key, struct credentials *found);
void credentials_keep(const struct credentials_search *search, const char *key,
	const struct credentials *credentials);

/*
 * Split a command line as the AWS CLI does (POSIX shell's quoting without expansions): blanks, '…', "…" with
 * \" and \\ inside, backslash. NULL-terminated in arena; NULL with ERROR_INPUT for open quotes and nothing.
 */
char **process_split(struct arena *arena, const char *command, struct error *err);

#endif
