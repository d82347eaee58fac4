/* SPDX-License-Identifier: Apache-2.0 */
/* What the outcome of an attempt means: a page, the end, or another attempt later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/event.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/call.h"
#include "providers/aws/client/error_advice.h"
#include "providers/aws/client/reply.h"
#include "providers/aws/client/secrets.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/net/xml.h"

enum {
	RETRY_AFTER_MAX_MS = 3600000,
	/* AWS accepts five minutes: IAM User Guide, "Troubleshoot Signature Version 4 signing for AWS API requests". */
	SKEW_MIN_MS = 4 * 60 * 1000,
};

/* What an error or an event of this call must not repeat. */
static struct text_list secrets_of(struct call *call)
{
	return session_secrets(call->aws->session, &call->exchange, &call->scratch);
}

/* AWS's name for the request, or whatever the reply has in its place; NULL without one. */
static const char *request_id(struct call *call)
{
	const char *id = fault_request_id(&call->scratch, &call->exchange);
	const struct text_list secrets = secrets_of(call);

	return id ? redacted(&call->scratch, &secrets, id) : NULL;
}

/* One event for each attempt: EVENT_RETRY when another will follow, else EVENT_CALL. */
static void tell(struct call *call, enum event_kind kind, const struct error *error, int64_t wait_ms)
{
	struct aws_session *session = call->aws->session;
	struct event event = {
		.kind = kind,
		.call =
			{
				.operation = call->operation->id,
				.request_id = request_id(call),
				.code = error->code[0] ? error->code : NULL,
				.status = call->exchange.status,
				.attempt = call->attempt,
				.took_ms = session->world->steady_ms(session->world) - call->began_ms,
				.wait_ms = wait_ms,
			},
	};

	if (error->request_id[0])
		event.call.request_id = error->request_id;
	if (session->stream)
		event_emit(session->stream, &event);
}

/* A reply that cannot be understood came from somewhere: what AWS needs to find it. */
static void note_origin(struct call *call, struct error *problem)
{
	const char *id = request_id(call);

	problem->http_status = call->exchange.status;
	snprintf(problem->request_id, sizeof(problem->request_id), "%s", id ? id : "");
}

/* AWS's clock minus ours by this reply; false, and 0, when it does not say. */
static bool read_skew(struct call *call, int64_t *skew_ms)
{
	struct world *world = call->aws->session->world;
	const char *date = exchange_header(&call->exchange, &call->scratch, "date");
	int64_t server_ms;
	bool said = date && timestamp_parse_http(date, &server_ms);

	*skew_ms = said ? server_ms - world->wall_ms(world) : 0;
	return said;
}

static void advise(struct call *call)
{
	const struct aws_session *session = call->aws->session;
	const struct credentials *credentials = session->credentials->current;
	struct advice_context context = {
		.profile = session->profile,
		.source = credentials ? credentials->source : NULL,
		.region = call->aws->region,
		.bucket_region = exchange_header(&call->exchange, &call->scratch, "x-amz-bucket-region"),
	};

	read_skew(call, &context.skew_ms);
	error_advice_add(&context, &call->error);
}

static void end(struct call *call, const struct error *error)
{
	const struct text_list secrets = secrets_of(call);

	call->error = *error;
	if (error->kind != ERROR_NONE)
		redact_error(&call->error, &secrets);
	advise(call);
	tell(call, EVENT_CALL, &call->error, 0);
	call_finish(call);
}

static void again(struct call *call, const struct error *error, int64_t wait_ms)
{
	struct world *world = call->aws->session->world;

	tell(call, EVENT_RETRY, error, wait_ms);
	call->wake_ms = world->steady_ms(world) + wait_ms;
	call->state = CALL_WAITING;
	call->aws->session->flying--;
}

static struct retry_quota *quota_of(struct call *call)
{
	struct aws_session *session = call->aws->session;

	return retry_quota_of(&session->quotas, call->operation->service, session->arena);
}

static void succeed(struct call *call)
{
	static const struct error none;
	struct aws_session *session = call->aws->session;
	struct error problem = {0};
	json_t *page = reply_read(&call->scratch, call->operation, &call->exchange, &problem);
	const char *token = page ? call_add_page(call, page, &problem) : NULL;

	retry_release(quota_of(call), call->cost);
	if (!token || call->one_page) {
		call->next_page = token;
		if (problem.kind != ERROR_NONE)
			note_origin(call, &problem);
		end(call, problem.kind == ERROR_NONE ? &none : &problem);
		return;
	}
	tell(call, EVENT_CALL, &none, 0);
	call->page = token;
	call->attempt = 0;
	call->cost = 0;
	call->state = CALL_QUEUED;
	session->flying--;
}

static int64_t retry_after(struct call *call)
{
	const char *text = exchange_header(&call->exchange, &call->scratch, "x-amz-retry-after");
	uint64_t ms;

	return text && text_number(text, 0, RETRY_AFTER_MAX_MS, &ms) ? (int64_t)ms : -1;
}

/* Try again later if attempts, quota and the operation's nature allow it; otherwise the error is final. */
static void retry_or_end(struct call *call, enum fault_class class, struct error *error)
{
	struct aws_session *session = call->aws->session;
	const struct aws_operation *operation = call->operation;
	bool unknown = class == FAULT_TRANSIENT && !call->exchange.unsent;
	uint32_t random;

	if (unknown && !operation->idempotent) {
		error_wrap(error, "whether %s took effect is not known, so it is not repeated",
			operation->id);
		end(call, error);
		return;
	}
	if (call->attempt >= retry_attempts(operation->service, class, session->max_attempts) ||
		!retry_acquire(quota_of(call), class, &call->cost)) {
		if (call->attempt > 1)
			error_wrap(error, "giving up after %d attempts", call->attempt);
		end(call, error);
		return;
	}
	session->world->random(session->world, &random, sizeof(random));
	again(call, error, retry_delay_ms(class, call->attempt - 1, random, retry_after(call)));
}

/* Our clock may be off: once a call, sign again by AWS's (docs/design.md, "Calls to AWS"). */
static bool correct_skew(struct call *call)
{
	struct aws_session *session = call->aws->session;
	struct aws_clock *clock = session->clock;
	int64_t skew_ms;

	if (call->skew_corrected || !read_skew(call, &skew_ms) ||
		llabs(skew_ms - clock->skew_ms) < SKEW_MIN_MS)
		return false;
	clock->skew_ms = skew_ms;
	call->skew_corrected = true;
	if (session->stream && !clock->warned)
		event_step(session->stream, STEP_WARNING,
			"the clock of this machine is %lld minutes %s AWS's; signing with AWS's time",
			(llabs(clock->skew_ms) + 30000) / 60000, clock->skew_ms > 0 ? "behind" : "ahead of");
	clock->warned = true;
	return true;
}

/* The region that S3 names: in a header, or in the body of a refused signature. */
static const char *named_region(struct call *call)
{
	const struct exchange *x = &call->exchange;
	const char *region = exchange_header(x, &call->scratch, "x-amz-bucket-region");
	struct error ignored;
	json_t *tree = NULL;

	if (region)
		return region;
	tree = xml_parse(str_text(&x->reply_body), x->reply_body.length, NULL, &ignored);
	region = arena_strdup(&call->scratch, tree_text(tree, "Region"));
	json_decref(tree);
	return region;
}

/* Every later call for the bucket goes there at once. */
static void remember_bucket(struct call *call, const char *region)
{
	struct aws_session *session = call->aws->session;
	const char *name = json_string_value(json_object_get(call->input, "Bucket"));
	struct bucket_region *known;

	for (known = session->buckets; known && !text_equal(known->bucket, name);)
		known = known->next;
	if (!known) {
		known = NEW(session->arena, struct bucket_region);
		known->next = session->buckets;
		known->bucket = arena_strdup(session->arena, name);
		session->buckets = known;
	}
	known->region = arena_strdup(session->arena, region);
}

/* S3 says where the bucket is; ask once more, signed for that region. */
static bool correct_region(struct call *call)
{
	const char *tried = call->bucket_region ? call->bucket_region : call->aws->region, *region;

	if (!json_object_get(call->input, "Bucket") || call->region_corrected)
		return false;
	region = named_region(call);
	if (!endpoint_region_valid(region) || text_equal(region, tried))
		return false;
	remember_bucket(call, region);
	call->bucket_region = arena_strdup(call->arena, region);
	call->region_corrected = true;
	return true;
}

/* Other credentials may be there by now; once a call. */
static bool renew_credentials(struct call *call)
{
	struct credentials_provider *provider = call->aws->session->credentials;

	if (call->renewed || call->operation->anonymous)
		return false;
	call->renewed = true;
	return provider->renew(provider, call->generation);
}

/* Has the cause of a refusal been removed, so that asking again at once is worth it? */
static bool corrected(struct call *call, enum fault_class class, const struct error *error)
{
	if (class == FAULT_SKEW && correct_skew(call))
		return true;
	if (class == FAULT_REGION)
		return correct_region(call);
	/* EC2 calls a request expired when its credentials are. */
	return (class == FAULT_EXPIRED || text_equal(error->code, "RequestExpired")) &&
		renew_credentials(call);
}

static void fail(struct call *call)
{
	struct error error;
	int64_t wait_ms;
	const struct text_list secrets = secrets_of(call);
	enum fault_class class = fault_read(&call->scratch, call->operation, &call->exchange, &secrets,
		&error);

	/* S3 answers HEAD for a bucket elsewhere with a bare 400. */
	if (call->exchange.status == 400 && call->exchange.reply_body.length == 0)
		class = FAULT_REGION;
	if (class == FAULT_TRANSIENT || class == FAULT_THROTTLE)
		retry_or_end(call, class, &error);
	else if (corrected(call, class, &error))
		again(call, &error, 0);
	else if (call_awaits_propagation(call, &error, &wait_ms))
		again(call, &error, wait_ms);
	else
		end(call, &error);
}

void call_end_attempt(struct call *call)
{
	struct exchange *x = &call->exchange;
	struct world *world = call->aws->session->world;

	trace_reply(call->aws->session, call->operation, world->steady_ms(world) - call->began_ms, x);
	if (x->status == 0 && x->transient)
		retry_or_end(call, FAULT_TRANSIENT, &x->error);
	else if (x->status == 0)
		end(call, &x->error);
	else if (fault_is(call->operation, x))
		fail(call);
	else
		succeed(call);
}
