/* SPDX-License-Identifier: Apache-2.0 */
/* From what the command line says to a session, and from that to a source of facts. */
#include "providers/aws/cloud/cloud_session.h"

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/run.h"
#include "verify/source.h"

static int check_options(const struct connection *connection, struct error *err)
{
	const char *url = connection->endpoint_url, *region = connection->region;

	if (region && !endpoint_region_valid(region))
		return error_set(err, ERROR_USAGE,
			"--region: '%s' is not the name of a region, such as us-west-2", region);
	if (url && !text_starts_with(url, "https://") && !text_starts_with(url, "http://"))
		return error_set(err, ERROR_USAGE,
			"--endpoint-url: '%s' does not begin with https:// or http://", url);
	return 0;
}

struct aws *cloud_session(struct run *run, const char *region, bool uninterrupted, struct error *err)
{
	const struct connection *connection = run->connection(run, err);
	struct aws_options options;
	struct aws *aws;

	if (!connection || check_options(connection, err) < 0)
		return NULL;
	options = (struct aws_options){
		.profile = connection->profile,
		.region = region ? region : connection->region,
		.endpoint_url = connection->endpoint_url,
		.prompt = connection->prompt,
		.trace = connection->trace,
		.uninterrupted = uninterrupted,
	};
	aws = aws_open(run->arena, run->world, connection->transport, &options, run->stream, err);
	if (aws)
		aws_ask_early(aws);
	return aws;
}

/* --- a session as a source --- */

struct session_source {
	struct source source; /* first: the table is the object */
	struct aws *aws;
};

static void *start(struct source *self, struct arena *arena, const void *operation, const char *place,
	json_t *input)
{
	struct aws *home = ((struct session_source *)self)->aws, *there = NULL;
	struct error ignored;

	/* A name that is no region's is asked about at home: then AWS says what is wrong with it. */
	if (place)
		there = aws_in_region(home, arena, place, &ignored);
	return aws_start(there ? there : home, arena, operation, input);
}

static bool step(struct source *self, int wait_ms)
{
	return aws_step(((struct session_source *)self)->aws, wait_ms);
}

static bool done(const struct source *self, const void *call)
{
	(void)self;
	return call_done(call);
}

static const json_t *reply(const struct source *self, const void *call)
{
	(void)self;
	return call_reply(call);
}

static const struct error *error(const struct source *self, const void *call)
{
	(void)self;
	return call_error(call);
}

static const char *place(const struct source *self, const void *call)
{
	(void)self;
	return call_region(call);
}

struct source *aws_source(struct arena *arena, struct aws *aws)
{
	struct session_source *session = NEW(arena, struct session_source);

	*session = (struct session_source){
		.source = {.start = start,
			.step = step,
			.done = done,
			.reply = reply,
			.error = error,
			.place = place},
		.aws = aws,
	};
	return &session->source;
}

/* --- the sources of a run --- */

/* run->sources: those that were opened, the last one first. */
struct region_source {
	struct region_source *next;
	const char *region;
	struct aws *aws;
	struct source *source;
};

struct source *cloud_source(struct run *run, const char *region, struct error *err)
{
	struct region_source *others = run->sources, *made = others;
	struct aws *aws;

	while (made && !text_equal(made->region, region))
		made = made->next;
	if (made)
		return made->source;
	aws = others ? aws_in_region(others->aws, run->arena, region, err)
		     : cloud_session(run, region, false, err);
	if (!aws)
		return NULL;
	made = NEW(run->arena, struct region_source);
	*made = (struct region_source){
		.next = others,
		.region = arena_strdup(run->arena, region),
		.aws = aws,
		.source = aws_source(run->arena, aws),
	};
	run->sources = made;
	return made->source;
}
