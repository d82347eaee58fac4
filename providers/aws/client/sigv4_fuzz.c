/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any request to the signer. The first byte chooses service, token and kind of signature; then come
 * "METHOD URL", headers, an empty line and the body. What is refused is refused as input; what is signed is one line
 * a header, holds no secret, and is the same for parameters in another order.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "providers/aws/client/sigv4.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { QUERY_MAX = 1 << 20, FLAG_TOKEN = 4, FLAG_PRESIGN = 8 };

static const char secret[] = "7xQ/secret+of+the+fuzz+target";
static const char *const services[] = {"ec2", "s3", "elasticfilesystem", "sts"};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void read_request(struct arena *arena, const char *text, size_t length, struct sigv4_request *request)
{
	const char *end = memmem(text, length, "\n\n", 2);
	size_t head = end ? (size_t)(end - text) : length, method;
	struct text_list lines = text_split(arena, arena_strndup(arena, text, head), '\n');
	const char *first = lines.count > 0 ? lines.items[0] : "";

	method = strcspn(first, " ");
	request->method = arena_strndup(arena, first, method);
	request->url = first + method + (first[method] == ' ');
	for (size_t i = 1; i < lines.count; i++)
		text_list_add(arena, &request->headers, lines.items[i]);
	request->body = end ? end + 2 : NULL;
	request->body_length = end ? length - head - 2 : 0;
}

/* The URL with its parameters from last to first. */
static const char *reversed(struct arena *arena, const char *url)
{
	const char *query = strchr(url, '?');
	struct str out = {.arena = arena, .max = QUERY_MAX};
	struct text_list pieces;

	if (!query)
		return url;
	pieces = text_split(arena, query + 1, '&');
	str_add(&out, url, (size_t)(query - url) + 1);
	for (size_t i = pieces.count; i-- > 0;)
		str_printf(&out, "%s%s", pieces.items[i], i > 0 ? "&" : "");
	return str_text(&out);
}

static int sign(struct arena *arena, const struct sigv4_request *request, uint8_t flags,
	struct sigv4_result *result)
{
	char token[] = "token/of+it==";
	struct credentials credentials = {.session_token = flags & FLAG_TOKEN ? token : NULL};
	const struct sigv4_scope scope = {services[flags % 4], "us-west-2", 1767323045000};
	struct error err = {0};
	int failed;

	memcpy(credentials.access_key, "AKIDEXAMPLE", sizeof("AKIDEXAMPLE"));
	memcpy(credentials.secret_key, secret, sizeof(secret));
	if (flags & FLAG_PRESIGN)
		failed = sigv4_presign(arena, request, &scope, &credentials, 900, result, &err);
	else
		failed = sigv4_sign(arena, request, &scope, &credentials, result, &err);
	must(!failed || err.kind == ERROR_INPUT);
	return failed;
}

static void check(uint8_t flags, const struct sigv4_result *result)
{
	must(strlen(result->signature) == 64 && strspn(result->signature, "0123456789abcdef") == 64);
	must((flags & FLAG_PRESIGN) ? result->url != NULL : result->url == NULL);
	for (size_t i = 0; i < result->headers.count; i++)
		must(!strpbrk(result->headers.items[i], "\r\n"));
	if (result->url)
		must(text_starts_with(result->url, "http") && text_ends_with(result->url, result->signature));
}

/* The key shows nowhere, unless it came in with the request. */
static void check_silence(const struct sigv4_result *result)
{
	must(!strstr(result->canonical, secret) && !strstr(result->to_sign, secret));
	must(!result->url || !strstr(result->url, secret));
	for (size_t i = 0; i < result->headers.count; i++)
		must(!strstr(result->headers.items[i], secret));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct sigv4_request request = {0};
	struct sigv4_result result, again;
	struct arena arena = {0};

	if (length == 0)
		return 0;
	read_request(&arena, (const char *)bytes + 1, length - 1, &request);
	if (sign(&arena, &request, bytes[0], &result) == 0) {
		check(bytes[0], &result);
		if (!memmem(bytes, length, secret, sizeof(secret) - 1))
			check_silence(&result);
		request.url = reversed(&arena, request.url);
		must(sign(&arena, &request, bytes[0], &again) == 0);
		must(strcmp(result.signature, again.signature) == 0);
	}
	arena_free(&arena);
	return 0;
}
