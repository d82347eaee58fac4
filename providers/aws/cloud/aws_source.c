/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's questions, put to a session with AWS. */
#include "providers/aws/cloud/aws_source.h"

#include "base/arena.h"
#include "providers/aws/client/aws.h"

struct session_source {
	struct source source; /* first: the table is the object */
	struct aws *aws;
};

/* A name that is no region's is asked about at home: then AWS says what is wrong with it. */
static struct aws *session_in(struct aws *aws, struct arena *arena, const char *region)
{
	struct error ignored;
	struct aws *there = region ? aws_in_region(aws, arena, region, &ignored) : NULL;

	return there ? there : aws;
}

static void *start(struct source *self, struct arena *arena, const void *operation, const char *place,
	json_t *input)
{
	struct session_source *session = (struct session_source *)self;

	return aws_start(session_in(session->aws, arena, place), arena, operation, input);
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
