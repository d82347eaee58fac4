/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the session of a run: profile, region, endpoints, credentials. */
#include "providers/aws/client/aws.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/aws/credentials/credentials_refresh.h"

enum { PROFILES_DEEP = 8 };

static const char *variable(const struct aws_session *session, const char *name)
{
	return session->world->environment(session->world, name);
}

/* The profile in force; one that was asked for by name must exist. */
static int choose_profile(struct aws_session *session, const char *option, struct error *err)
{
	const char *name = option ? option : variable(session, "AWS_PROFILE"), *known;

	if (!name)
		name = variable(session, "AWS_DEFAULT_PROFILE");
	session->profile = arena_strdup(session->arena, name ? name : "default");
	if (!name || text_equal(name, "default") || profiles_have(&session->profiles, name))
		return 0;
	known = profiles_names(&session->profiles, session->arena);
	return error_set(err, ERROR_INPUT,
		"there is no profile '%s' in %s or %s; profiles there: %s; `aws configure --profile %s` creates it",
		name, session->profiles.config_path, session->profiles.credentials_path,
		*known ? known : "none", name);
}

static int choose_region(struct aws *aws, const char *option, struct error *err)
{
	const struct aws_session *session = aws->session;
	const struct {
		const char *where, *value;
	} places[] = {
		{"--region", option},
		{"AWS_REGION", variable(session, "AWS_REGION")},
		{"AWS_DEFAULT_REGION", variable(session, "AWS_DEFAULT_REGION")},
		{"the profile", profiles_value(&session->profiles, session->profile, "region")},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		if (!places[i].value)
			continue;
		if (!endpoint_region_valid(places[i].value))
			return error_set(err, ERROR_INPUT,
				"'%s' (%s) is not the name of a region, such as us-west-2", places[i].value,
				places[i].where);
		aws->region = arena_strdup(session->arena, places[i].value);
		return 0;
	}
	return 0;
}

static int check_endpoints(const struct aws *aws, struct error *err)
{
	const char *general = variable(aws->session, "AWS_ENDPOINT_URL");

	if (aws->settings.url)
		return endpoint_check_url(aws->settings.url, "--endpoint-url", err);
	return general ? endpoint_check_url(general, "AWS_ENDPOINT_URL", err) : 0;
}

static int choose_attempts(struct aws_session *session, struct error *err)
{
	const char *text = variable(session, "AWS_MAX_ATTEMPTS");
	uint64_t attempts;

	if (!text)
		text = profiles_value(&session->profiles, session->profile, "max_attempts");
	if (!text)
		return 0;
	if (!text_number(text, 1, RETRY_ATTEMPTS_LIMIT, &attempts))
		return error_set(err, ERROR_INPUT,
			"AWS_MAX_ATTEMPTS (max_attempts) must be 1 to %d, not '%s'", RETRY_ATTEMPTS_LIMIT,
			text);
	session->max_attempts = (int)attempts;
	return 0;
}

/* Certificates of a private authority; botocore reads the last variable as well. "~/" is the home folder. */
static void choose_certificates(struct aws_session *session)
{
	const char *path = variable(session, "AWS_CA_BUNDLE"), *home = variable(session, "HOME");

	if (!path)
		path = profiles_value(&session->profiles, session->profile, "ca_bundle");
	if (!path)
		path = variable(session, "REQUESTS_CA_BUNDLE");
	if (text_starts_with(path ? path : "", "~/") && home)
		path = arena_printf(session->arena, "%s/%s", home, path + 2);
	session->ca_bundle = path;
}

struct aws *aws_open(struct arena *arena, struct world *world, struct transport *transport,
	const struct aws_options *options, struct event_stream *stream, struct error *err)
{
	struct aws *aws = NEW(arena, struct aws);
	struct aws_session *session = NEW(arena, struct aws_session);

	session->arena = arena;
	session->world = world;
	session->transport = transport;
	session->stream = stream;
	session->prompt = options->prompt;
	session->trace = options->trace;
	session->uninterrupted = options->uninterrupted;
	session->clock = NEW(arena, struct aws_clock);
	aws->session = session;
	if (profiles_load(arena, world, &session->profiles, err) < 0 ||
		choose_profile(session, options->profile, err) < 0)
		return NULL;
	aws->settings = (struct endpoint_settings){
		.world = world,
		.profiles = &session->profiles,
		.profile = session->profile,
		.url = arena_strdup(arena, options->endpoint_url),
	};
	if (choose_region(aws, options->region, err) < 0 || check_endpoints(aws, err) < 0 ||
		choose_attempts(session, err) < 0)
		return NULL;
	choose_certificates(session);
	session->credentials = credentials_refreshable(aws, options->profile != NULL);
	session_begin(session);
	return aws;
}

json_t *aws_profile_accounts(const struct aws *aws)
{
	return profiles_accounts(&aws->session->profiles);
}

/* Does the profile, or one that it takes its credentials from, want a code? */
static bool wants_code(const struct aws_session *session)
{
	const char *profile = session->profile;

	for (int deep = 0; profile && deep <= PROFILES_DEEP; deep++) {
		if (profiles_value(&session->profiles, profile, "mfa_serial"))
			return true;
		profile = profiles_value(&session->profiles, profile, "source_profile");
	}
	return false;
}

void aws_ask_early(struct aws *aws)
{
	struct aws_session *session = aws->session;
	struct event_stream *stream = session->stream;
	struct error ignored;

	if (!session->prompt || !session->transport || !wants_code(session))
		return;
	session->stream = NULL;
	session->credentials->get(session->credentials, &ignored);
	session->stream = stream;
}

int aws_need_region(struct aws *aws, struct error *err)
{
	struct aws_session *session = aws->session;

	if (!aws->region && session->transport)
		aws->region = credentials_instance_region(aws, session->arena);
	if (aws->region)
		return 0;
	return error_set(err, ERROR_INPUT,
		"no region: give --region, set AWS_REGION, or put 'region = …' into profile '%s' in %s",
		session->profile, session->profiles.config_path);
}
