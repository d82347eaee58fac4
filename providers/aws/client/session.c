/* SPDX-License-Identifier: Apache-2.0 */
/* A session's credentials through its life: found at the first call, renewed in time, replaced when expired. */
#include <string.h>

#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/call.h"
#include "providers/aws/credentials/credentials_source.h"

enum { RENEW_EARLY_MS = 15 * 60 * 1000, RENEW_AGAIN_MS = 60 * 1000, PROFILES_DEEP = 8 };

int64_t session_now_ms(const struct aws_session *session)
{
	return session->world->wall_ms(session->world) + session->clock->skew_ms;
}

int64_t aws_now_ms(const struct aws *aws)
{
	return session_now_ms(aws->session);
}

/* Fifteen minutes before the end, or when three quarters of a short life are over. */
static int64_t renewal_ms(const struct credentials *credentials, int64_t now_ms)
{
	int64_t quarter_ms = (credentials->expires_ms - now_ms) / 4;

	if (credentials->expires_ms == 0)
		return 0;
	return credentials->expires_ms - (quarter_ms < RENEW_EARLY_MS ? quarter_ms : RENEW_EARLY_MS);
}

static struct credentials_search search_of(struct aws_session *session, struct arena *scratch, bool renewal)
{
	return (struct credentials_search){
		.arena = session->arena,
		.scratch = scratch,
		.world = session->world,
		.now_ms = session_now_ms(session),
		.profiles = &session->profiles,
		.profile = session->profile,
		.profile_explicit = session->profile_explicit,
		.aws = session->home,
		.prompt = session->prompt,
		.renewal = renewal,
		.uninterrupted = session->uninterrupted,
	};
}

static int look(struct aws_session *session, bool renewal, struct credentials *found, struct error *err)
{
	struct arena scratch = {0};
	const struct credentials_search search = search_of(session, &scratch, renewal);
	int result = credentials_find(&search, found, err);

	arena_free(&scratch);
	return result;
}

/* They move: nothing of the keys stays where they were found. */
static void accept(struct aws_session *session, struct credentials *found)
{
	credentials_wipe(&session->credentials);
	session->credentials = *found;
	session->credentials_count++;
	session->renew_ms = renewal_ms(found, session_now_ms(session));
	found->session_token = NULL;
	credentials_wipe(found);
}

/* The first time a failure is for good; later the old ones are used as long as they hold. */
static void refresh(struct aws_session *session)
{
	struct credentials found;
	struct error problem = {0};
	int64_t now_ms = session_now_ms(session);
	bool first = session->credentials_count == 0;

	if (!first && (session->renew_ms == 0 || now_ms < session->renew_ms))
		return;
	if (look(session, !first, &found, &problem) == 0) {
		accept(session, &found);
	} else if (first || session->credentials.expires_ms <= now_ms || problem.kind == ERROR_INTERRUPTED) {
		session->credentials_error = problem;
		session->credentials_count++;
	} else {
		session->renew_ms = now_ms + RENEW_AGAIN_MS;
	}
}

const struct credentials *session_credentials(struct aws_session *session, struct error *err)
{
	if (session->inner) {
		if (!session->given)
			error_set(err, ERROR_CREDENTIALS, "there are no credentials for this call");
		return session->given;
	}
	if (session->credentials_error.kind == ERROR_NONE)
		refresh(session);
	if (session->credentials_error.kind == ERROR_NONE)
		return &session->credentials;
	*err = session->credentials_error;
	return NULL;
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
	session_credentials(session, &ignored);
	session->stream = stream;
}

bool session_renew(struct aws_session *session, int count)
{
	struct credentials found;
	struct profiles profiles;
	struct error problem = {0};

	if (count != session->credentials_count) /* another call has seen to it */
		return true;
	if (profiles_load(session->arena, session->world, &profiles, &problem) == 0)
		session->profiles = profiles;
	if (look(session, true, &found, &problem) < 0)
		return false;
	if (text_equal(found.access_key, session->credentials.access_key) &&
		text_equal(found.session_token, session->credentials.session_token)) {
		credentials_wipe(&found);
		return false;
	}
	accept(session, &found);
	return true;
}

struct aws *session_inner(const struct aws *aws, struct arena *arena, const struct credentials *credentials,
	const char *region)
{
	const struct aws_session *outer = aws->session;
	struct aws_session *session = NEW(arena, struct aws_session);
	struct aws *inner = NEW(arena, struct aws);

	*session = (struct aws_session){
		.arena = arena,
		.world = outer->world,
		.transport = outer->transport,
		.stream = outer->stream,
		.profiles = outer->profiles,
		.profile = outer->profile,
		.home = inner,
		.given = credentials,
		.inner = true,
		.max_attempts = outer->max_attempts,
		.clock = outer->clock,
		.ca_bundle = outer->ca_bundle,
		.trace = outer->trace,
		.uninterrupted = outer->uninterrupted,
	};
	*inner = (struct aws){.session = session, .settings = aws->settings, .region = region};
	return inner;
}

static const char *ask_region(struct aws_session *session)
{
	struct arena scratch = {0};
	const struct credentials_search search = search_of(session, &scratch, false);
	const char *region = arena_strdup(session->arena, instance_region(&search));

	arena_free(&scratch);
	return region;
}

int aws_need_region(struct aws *aws, struct error *err)
{
	struct aws_session *session = aws->session;

	if (!aws->region && session->transport)
		aws->region = ask_region(session);
	if (aws->region)
		return 0;
	return error_set(err, ERROR_INPUT,
		"no region: give --region, set AWS_REGION, or put 'region = …' into profile '%s' in %s",
		session->profile, session->profiles.config_path);
}
