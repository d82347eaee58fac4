/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signer for tests in other languages: one JSON object a line in, one out. Never part of the program that
 * users run: here the keys come in the open.
 *
 * In: method, url, headers [..], body, service, region, at_ms, access_key, secret_key, token, expires
 * (presign). Out: canonical, signature, headers, url; or error.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/tree.h"
#include "providers/aws/client/sigv4.h"

static struct text_list lines(struct arena *arena, const json_t *in, const char *path)
{
	struct text_list list = {0};

	TREE_EACH (line, in, path)
		text_list_add(arena, &list, json_string_value(line));
	return list;
}

static json_t *answer(const struct sigv4_result *result)
{
	json_t *headers = json_array();

	for (size_t i = 0; i < result->headers.count; i++)
		json_array_append_new(headers, json_string(result->headers.items[i]));
	return json_pack("{s:s, s:s, s:o, s:s?}", "canonical", result->canonical, "signature",
		result->signature, "headers", headers, "url", result->url);
}

static json_t *sign(struct arena *arena, const json_t *in)
{
	const char *body = tree_text(in, "body"), *token = tree_text(in, "token");
	struct sigv4_request request = {
		.method = tree_text(in, "method"),
		.url = tree_text(in, "url"),
		.headers = lines(arena, in, "headers"),
		.body = body,
		.body_length = json_string_length(tree_get(in, "body")),
	};
	struct sigv4_scope scope = {.service = tree_text(in, "service"), .region = tree_text(in, "region")};
	struct credentials credentials = {.session_token = *token ? arena_strdup(arena, token) : NULL};
	struct sigv4_result result;
	struct error err = {0};
	int64_t expires = 0;
	int failed;

	tree_number(in, "at_ms", 0, INT64_MAX, &scope.at_ms);
	snprintf(credentials.access_key, sizeof(credentials.access_key), "%s", tree_text(in, "access_key"));
	snprintf(credentials.secret_key, sizeof(credentials.secret_key), "%s", tree_text(in, "secret_key"));
	if (tree_number(in, "expires", INT32_MIN, INT32_MAX, &expires))
		failed = sigv4_presign(arena, &request, &scope, &credentials, (int)expires, &result, &err);
	else
		failed = sigv4_sign(arena, &request, &scope, &credentials, &result, &err);
	return failed ? json_pack("{s:s}", "error", err.frame[0]) : answer(&result);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		struct arena arena = {0};
		json_error_t problem;
		json_t *in = json_loads(line, 0, &problem);
		json_t *out = in ? sign(&arena, in) : json_pack("{s:s}", "error", problem.text);

		json_dumpf(out, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(out);
		json_decref(in);
		arena_free(&arena);
	}
	free(line);
	return 0;
}
