/* SPDX-License-Identifier: Apache-2.0 */
/* Where a session's secrets are, as tables. */
#include "providers/aws/client/secrets.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/world.h"
#include "providers/aws/client/percent.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/net/transport.h"

/* Headers whose value is not shown; of an AWS Authorization only the signature is secret. */
static const char *const secret_headers[] = {"*token*", "*secret*", "*cookie*", "*authorization*",
	"*customer-key*", "dpop"};

static const char *const secret_variables[] = {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"};

/* Addresses that may have a password: those that libcurl reads, and ours. */
static const char *const address_variables[] = {"HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY",
	"all_proxy", "AWS_ENDPOINT_URL"};

static const char *const secret_settings[] = {"aws_secret_access_key", "aws_session_token"};

bool secret_header(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(secret_headers); i++)
		if (text_glob(secret_headers[i], name, true))
			return true;
	return false;
}

static void add(struct arena *arena, struct text_list *secrets, const char *text)
{
	if (text && *text && !text_list_has(secrets, text))
		text_list_add(arena, secrets, arena_strdup(arena, text));
}

/* The password of "http://user:password@host"; one that is percent-encoded is added decoded as well. */
static void add_password(struct arena *arena, struct text_list *secrets, const char *address)
{
	const char *start = address ? strstr(address, "://") : NULL,
		   *at = address ? strrchr(address, '@') : NULL;
	const char *colon, *password;

	start = start ? start + 3 : address;
	colon = at && at > start ? memchr(start, ':', (size_t)(at - start)) : NULL;
	if (!colon)
		return;
	password = arena_strndup(arena, colon + 1, (size_t)(at - colon - 1));
	add(arena, secrets, password);
	add(arena, secrets, percent_decode(arena, password));
}

/* "X-Amz-Security-Token: VALUE", and the last word of "Authorization: Bearer VALUE". */
static void add_header(struct arena *arena, struct text_list *secrets, const char *line)
{
	size_t colon = strcspn(line, ":");
	const char *value = line + colon, *blank;

	if (text_starts_with(line, "Authorization: AWS4-") ||
		!secret_header(arena_strndup(arena, line, colon)))
		return;
	value += strspn(value, ": ");
	add(arena, secrets, value);
	blank = strrchr(value, ' ');
	add(arena, secrets, blank ? blank + 1 : NULL);
}

struct text_list session_secrets(const struct aws_session *session, const struct exchange *exchange,
	struct arena *arena)
{
	struct text_list secrets = {0};
	struct world *world = session->world;

	for (const struct aws_session *s = session; s; s = s->outer) {
		const struct credentials *credentials = s->credentials ? s->credentials->current : NULL;

		add(arena, &secrets, credentials ? credentials->secret_key : NULL);
		add(arena, &secrets, credentials ? credentials->session_token : NULL);
	}
	for (size_t i = 0; exchange && i < exchange->headers.count; i++)
		add_header(arena, &secrets, exchange->headers.items[i]);
	for (size_t i = 0; world->environment && i < ARRAY_LENGTH(secret_variables); i++)
		add(arena, &secrets, world->environment(world, secret_variables[i]));
	for (size_t i = 0; world->environment && i < ARRAY_LENGTH(address_variables); i++)
		add_password(arena, &secrets, world->environment(world, address_variables[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(secret_settings); i++)
		profiles_collect(&session->profiles, secret_settings[i], arena, &secrets);
	return secrets;
}
