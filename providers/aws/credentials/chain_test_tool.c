/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a session resolves to, for the test that compares it with botocore: credentials, region and endpoints.
 * Never part of the program that users run: here the keys come out in the open.
 *
 * In (one JSON object): profile, region, endpoint_url, code (of an MFA device), services [[name, bucket or
 * null]..], need_region (true: an instance is asked when none is configured). The environment and the clock are
 * the process's own. Out: access_key, secret_key, token, source, region, endpoints [..]; or error, with endpoints
 * where they do not depend on it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/str.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/net/transport.h"

static const char *code;

static int64_t now(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int64_t wall_ms(struct world *self)
{
	(void)self;
	return now(CLOCK_REALTIME);
}

static int64_t steady_ms(struct world *self)
{
	(void)self;
	return now(CLOCK_MONOTONIC);
}

static const char *environment(struct world *self, const char *name)
{
	const char *value = getenv(name);

	(void)self;
	return value && *value ? value : NULL;
}

static void random_bytes(struct world *self, void *bytes, size_t length)
{
	(void)self;
	if (getrandom(bytes, length, 0) != (ssize_t)length)
		abort();
}

static int interrupted(struct world *self)
{
	(void)self;
	return 0;
}

static int ask(struct prompt *self, const char *question, char *answer, size_t size, struct error *err)
{
	(void)self, (void)question, (void)err;
	snprintf(answer, size, "%s", code);
	return 0;
}

static bool may_lend(struct prompt *self)
{
	(void)self;
	return false;
}

static const char *text_or_null(const json_t *in, const char *path)
{
	const char *text = tree_text(in, path);

	return *text ? text : NULL;
}

static const struct aws_operation *const operations[] = {
#define AWS_OPERATION(prefix, service, operation, ...) &service##_##operation,
#include "providers/aws/client/operation_list.h"
};

static const struct aws_service *service_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(operations); i++)
		if (text_equal(operations[i]->service->name, name))
			return operations[i]->service;
	return NULL;
}

static json_t *endpoints(struct arena *arena, const struct aws *aws, const json_t *in)
{
	json_t *out = json_array();

	TREE_EACH (pair, in, "services") {
		const struct aws_service *service = service_named(json_string_value(json_array_get(pair, 0)));
		const char *bucket = json_string_value(json_array_get(pair, 1));
		struct endpoint endpoint = {0};
		struct error err = {0};

		if (!service ||
			endpoint_find(arena, &aws->settings, service, aws->region, bucket, &endpoint, &err) <
				0)
			json_array_append_new(out, json_pack("{s:s}", "error", err.frame[0]));
		else
			json_array_append_new(out,
				json_pack("{s:s, s:s, s:b}", "url", endpoint.url, "signing_region",
					endpoint.signing_region, "in_host", (int)endpoint.bucket_in_host));
	}
	return out;
}

static json_t *failed(struct arena *arena, const struct error *err)
{
	struct str text = {.arena = arena, .max = 8192};

	error_format(err, &text);
	return json_pack("{s:s}", "error", str_text(&text));
}

static json_t *resolve(struct arena *arena, struct world *world, const json_t *in)
{
	struct prompt prompt = {ask, may_lend};
	const struct curl_options curl = {.user_agent = "cloudctl/test", .connections = 4};
	const struct aws_options options = {
		.profile = text_or_null(in, "profile"),
		.region = text_or_null(in, "region"),
		.endpoint_url = text_or_null(in, "endpoint_url"),
		.prompt = &prompt,
	};
	struct error err = {0};
	struct aws *aws = aws_open(arena, world, curl_transport(arena, &curl), &options, NULL, &err);
	const struct credentials *found = aws
		? aws->session->credentials->get(aws->session->credentials, &err)
		: NULL;
	json_t *out;

	if (aws && tree_bool(in, "need_region"))
		aws_need_region(aws, &err);
	if (found)
		out = json_pack("{s:s, s:s, s:s?, s:s}", "access_key", found->access_key, "secret_key",
			found->secret_key, "token", found->session_token, "source", found->source);
	else
		out = failed(arena, &err);
	if (aws) {
		json_object_set_new(out, "region",
			aws_region(aws) ? json_string(aws_region(aws)) : json_null());
		json_object_set_new(out, "endpoints", endpoints(arena, aws, in));
	}
	return out;
}

int main(void)
{
	struct world world = {wall_ms, steady_ms, environment, random_bytes, interrupted, -1};
	struct arena arena = {0};
	json_t *in = json_loadf(stdin, 0, NULL), *out;

	code = tree_text(in, "code");
	out = resolve(&arena, &world, in);
	json_dumpf(out, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(out);
	json_decref(in);
	arena_free(&arena);
	return 0;
}
