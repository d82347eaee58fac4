/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/credentials/credentials_refresh.h"

#include "base/arena.h"
#include "base/redact.h"
#include "base/text.h"
#include "providers/aws/client/secrets.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials_source.h"

enum { RENEW_EARLY_MS = 15 * 60 * 1000, RENEW_AGAIN_MS = 60 * 1000 };

struct refreshable {
	struct credentials_provider provider;
	struct aws *aws;
	bool profile_explicit;
	struct credentials credentials;
	struct error error; /* why there are none, for good */
	int64_t renew_ms;   /* since 1970: when to look again; 0 never */
};

/* Fifteen minutes before the end, or when three quarters of a short life are over. */
static int64_t renewal_ms(const struct credentials *credentials, int64_t now_ms)
{
	int64_t quarter_ms = (credentials->expires_ms - now_ms) / 4;

	if (credentials->expires_ms == 0)
		return 0;
	return credentials->expires_ms - (quarter_ms < RENEW_EARLY_MS ? quarter_ms : RENEW_EARLY_MS);
}

static int look(const struct refreshable *refreshable, bool renewal, struct credentials *found,
	struct error *err)
{
	const struct aws_session *session = refreshable->aws->session;
	struct arena scratch = {0};
	const struct credentials_search search = {
		.arena = session->arena,
		.scratch = &scratch,
		.world = session->world,
		.now_ms = aws_now_ms(refreshable->aws),
		.profiles = &session->profiles,
		.profile = session->profile,
		.profile_explicit = refreshable->profile_explicit,
		.aws = refreshable->aws,
		.prompt = session->prompt,
		.renewal = renewal,
		.uninterrupted = session->uninterrupted,
	};
	int result = credentials_find(&search, found, err);

	if (result < 0) {
		const struct text_list secrets = session_secrets(session, NULL, &scratch);

		redact_error(err, &secrets);
	}
	arena_free(&scratch);
	return result;
}

/* They move: nothing of the keys stays where they were found. */
static void take_over(struct refreshable *refreshable, struct credentials *found)
{
	credentials_wipe(&refreshable->credentials);
	refreshable->credentials = *found;
	refreshable->provider.current = &refreshable->credentials;
	refreshable->provider.generation++;
	refreshable->renew_ms = renewal_ms(found, aws_now_ms(refreshable->aws));
	found->session_token = NULL;
	credentials_wipe(found);
}

/* The first time a failure is for good; later the old ones are used as long as they hold. */
static void refresh(struct refreshable *refreshable)
{
	struct credentials found;
	struct error problem = {0};
	int64_t now_ms = aws_now_ms(refreshable->aws);
	bool first = refreshable->provider.generation == 0;

	if (!first && (refreshable->renew_ms == 0 || now_ms < refreshable->renew_ms))
		return;
	if (look(refreshable, !first, &found, &problem) == 0) {
		take_over(refreshable, &found);
	} else if (first || refreshable->credentials.expires_ms <= now_ms ||
		problem.kind == ERROR_INTERRUPTED) {
		refreshable->error = problem;
		refreshable->provider.generation++;
	} else {
		refreshable->renew_ms = now_ms + RENEW_AGAIN_MS;
	}
}

static const struct credentials *get(struct credentials_provider *self, struct error *err)
{
	struct refreshable *refreshable = (struct refreshable *)self;

	if (refreshable->error.kind == ERROR_NONE)
		refresh(refreshable);
	if (refreshable->error.kind == ERROR_NONE)
		return self->current;
	*err = refreshable->error;
	return NULL;
}

/* The files are read again: `aws configure` or another program may have put others there. */
static bool renew(struct credentials_provider *self, int generation)
{
	struct refreshable *refreshable = (struct refreshable *)self;
	struct aws_session *session = refreshable->aws->session;
	struct credentials found;
	struct profiles profiles;
	struct error problem = {0};

	if (generation != self->generation) /* another call has seen to it */
		return true;
	if (profiles_load(session->arena, session->world, &profiles, &problem) == 0)
		session->profiles = profiles;
	if (look(refreshable, true, &found, &problem) < 0)
		return false;
	if (text_equal(found.access_key, refreshable->credentials.access_key) &&
		text_equal(found.session_token, refreshable->credentials.session_token)) {
		credentials_wipe(&found);
		return false;
	}
	take_over(refreshable, &found);
	return true;
}

static void wipe(void *self)
{
	credentials_wipe(&((struct refreshable *)self)->credentials);
}

struct credentials_provider *credentials_refreshable(struct aws *aws, bool profile_explicit)
{
	struct arena *arena = aws->session->arena;
	struct refreshable *refreshable = NEW(arena, struct refreshable);

	refreshable->provider.get = get;
	refreshable->provider.renew = renew;
	refreshable->aws = aws;
	refreshable->profile_explicit = profile_explicit;
	arena_defer(arena, wipe, refreshable);
	return &refreshable->provider;
}
