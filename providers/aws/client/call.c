/* SPDX-License-Identifier: Apache-2.0 */
/* A call's life: queued, launched, over. What an attempt's outcome means: outcome.c. */
#include "providers/aws/client/call.h"

#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/sigv4.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/client/wire.h"

static void unlink_call(struct aws_session *session, struct call *call)
{
	struct call **at = &session->calls;

	while (*at && *at != call)
		at = &(*at)->next;
	if (*at)
		*at = call->next;
	call->next = NULL;
}

void call_finish(struct call *call)
{
	if (call->state == CALL_DONE)
		return;
	if (call->state == CALL_FLYING)
		call->aws->session->flying--;
	call->state = CALL_DONE;
	unlink_call(call->aws->session, call);
	arena_free(&call->scratch);
	if (call->error.kind != ERROR_NONE) {
		json_decref(call->reply);
		call->reply = NULL;
	}
}

void call_abandon(struct call *call, enum error_kind kind, const char *why)
{
	struct transport *transport = call->aws->session->transport;

	if (call->state == CALL_FLYING)
		transport->cancel(transport, &call->exchange);
	error_set(&call->error, kind, "%s", why);
	call_finish(call);
}

/* The caller's arena ends, perhaps while the call is flying. */
static void call_drop(void *self)
{
	struct call *call = self;

	if (call->state != CALL_DONE)
		call_abandon(call, ERROR_INTERRUPTED, "its caller has gone");
	json_decref(call->input);
	json_decref(call->reply);
}

struct call *aws_start(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input)
{
	struct call *call = NEW(arena, struct call), **at = &aws->session->calls;

	*call = (struct call){
		.aws = aws,
		.arena = arena,
		.operation = operation,
		.input = input ? input : json_object(),
	};
	while (*at)
		at = &(*at)->next;
	*at = call;
	arena_defer(arena, call_drop, call);
	return call;
}

bool call_done(const struct call *call)
{
	return call->state == CALL_DONE;
}

const json_t *call_reply(const struct call *call)
{
	return call->state == CALL_DONE ? call->reply : NULL;
}

const struct error *call_error(const struct call *call)
{
	return &call->error;
}

const char *call_region(const struct call *call)
{
	const char *region = call->bucket_region ? call->bucket_region : call->aws->region;

	return region ? region : "";
}

static int sign(struct call *call, const struct sigv4_request *request, const struct endpoint *endpoint,
	struct sigv4_result *result, struct error *err)
{
	struct aws_session *session = call->aws->session;
	struct credentials_provider *provider = session->credentials;
	const struct credentials *credentials;
	struct sigv4_scope scope = {
		.service = call->operation->service->signing_name,
		.region = endpoint->signing_region,
	};

	*result = (struct sigv4_result){0};
	if (call->operation->anonymous)
		return 0;
	credentials = provider->get(provider, err);
	call->generation = provider->generation;
	scope.at_ms = aws_now_ms(call->aws);
	return credentials ? sigv4_sign(&call->scratch, request, &scope, credentials, result, err) : -1;
}

static void fill_exchange(struct call *call, const struct sigv4_request *request,
	const struct sigv4_result *signed_parts)
{
	struct exchange *x = &call->exchange;

	*x = (struct exchange){
		.method = request->method,
		.url = request->url,
		.headers = request->headers,
		.body = request->body,
		.body_length = request->body_length,
		.ca_bundle = call->aws->session->ca_bundle,
		.once = !call->operation->idempotent,
		.reply_headers = {.arena = &call->scratch, .max = CALL_HEADERS_MAX},
		.reply_body = {.arena = &call->scratch, .max = CALL_BODY_MAX},
	};
	for (size_t i = 0; i < signed_parts->headers.count; i++)
		text_list_add(&call->scratch, &x->headers, signed_parts->headers.items[i]);
}

/* Where S3 has said that the bucket is; NULL when it has not. */
static const char *bucket_region(const struct call *call, const char *name)
{
	if (call->bucket_region)
		return call->bucket_region;
	for (const struct bucket_region *b = call->aws->session->buckets; name && b; b = b->next)
		if (text_equal(b->bucket, name))
			return b->region;
	return NULL;
}

/* From row and input to an exchange that is ready to start. input holds the bytes of some bodies. */
static int prepare(struct call *call, const json_t *input, struct error *err)
{
	const struct aws_service *service = call->operation->service;
	const char *bucket = service->protocol == PROTOCOL_REST_XML
		? json_string_value(json_object_get(input, "Bucket"))
		: NULL;
	const char *account = service->account_in_host
		? json_string_value(json_object_get(input, "Header:x-amz-account-id"))
		: NULL;
	const char *there = bucket_region(call, bucket);
	struct endpoint endpoint;
	struct sigv4_request request;
	struct sigv4_result signed_parts;

	call->bucket_region = there;
	if (endpoint_find(&call->scratch, &call->aws->settings, service, there ? there : call->aws->region,
		    account ? account : bucket, &endpoint, err) < 0 ||
		wire_build(&call->scratch, call->operation, input, &endpoint, &request, err) < 0 ||
		sign(call, &request, &endpoint, &signed_parts, err) < 0)
		return -1;
	fill_exchange(call, &request, &signed_parts);
	return 0;
}

void call_launch(struct call *call)
{
	struct aws_session *session = call->aws->session;
	json_t *input = json_copy(call->input);

	if (call->page)
		json_object_set_new(input, call->operation->paging.ask, json_string(call->page));
	arena_free(&call->scratch);
	call->attempt++;
	call->began_ms = session->world->steady_ms(session->world);
	if (prepare(call, input, &call->error) == 0 &&
		session->transport->start(session->transport, &call->exchange, &call->error) == 0) {
		trace_request(session, call->operation, call->attempt, &call->exchange);
		call->state = CALL_FLYING;
		session->flying++;
	} else {
		call_finish(call);
	}
	json_decref(input);
}
