/* SPDX-License-Identifier: Apache-2.0 */
/* The life of sessions, and sessions made of others. How the first one is opened: aws.c. */
#include "providers/aws/client/session.h"

#include "base/arena.h"
#include "base/world.h"
#include "providers/aws/client/call.h"

/* Calls made in other arenas must not look for the session any more. */
static void end_session(void *self)
{
	struct aws_session *session = self;

	while (session->calls) {
		struct call *call = session->calls;

		call_abandon(call, ERROR_INTERRUPTED, "the AWS session was closed");
		call->aws = NULL;
	}
}

void session_begin(struct aws_session *session)
{
	arena_defer(session->arena, end_session, session);
}

int64_t aws_now_ms(const struct aws *aws)
{
	return aws->session->world->wall_ms(aws->session->world) + aws->session->clock->skew_ms;
}

const char *aws_region(const struct aws *aws)
{
	return aws->region;
}

const char *aws_partition(const struct aws *aws)
{
	return endpoint_partition(aws->region)->name;
}

struct aws *aws_in_region(struct aws *aws, struct arena *arena, const char *region, struct error *err)
{
	struct aws *other = NEW(arena, struct aws);

	if (!endpoint_region_valid(region)) {
		error_set(err, ERROR_INPUT, "'%s' is not the name of a region, such as us-west-2", region);
		return NULL;
	}
	*other = *aws;
	other->region = arena_strdup(arena, region);
	return other;
}

static const struct credentials *get_given(struct credentials_provider *self, struct error *err)
{
	if (!self->current)
		error_set(err, ERROR_CREDENTIALS, "there are no credentials for this call");
	return self->current;
}

static bool never_renew(struct credentials_provider *self, int generation)
{
	(void)self;
	(void)generation;
	return false;
}

struct aws *aws_with_credentials(const struct aws *aws, struct arena *arena,
	const struct credentials *credentials, const char *region)
{
	const struct aws_session *outer = aws->session;
	struct aws_session *session = NEW(arena, struct aws_session);
	struct credentials_provider *given = NEW(arena, struct credentials_provider);
	struct aws *other = NEW(arena, struct aws);

	*given = (struct credentials_provider){
		.get = get_given,
		.renew = never_renew,
		.current = credentials,
	};
	*session = (struct aws_session){
		.arena = arena,
		.outer = outer,
		.world = outer->world,
		.transport = outer->transport,
		.stream = outer->stream,
		.profiles = outer->profiles,
		.profile = outer->profile,
		.credentials = given,
		.trace = outer->trace,
		.uninterrupted = outer->uninterrupted,
		.max_attempts = outer->max_attempts,
		.clock = outer->clock,
		.ca_bundle = outer->ca_bundle,
	};
	*other = (struct aws){
		.session = session,
		.settings = aws->settings,
		.region = arena_strdup(arena, region ? region : aws->region),
	};
	session_begin(session);
	return other;
}
