/* SPDX-License-Identifier: Apache-2.0 */
/* The signer on the vectors of testdata/sigv4/vectors, stage by stage, and what it refuses. */
#include "base/test.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/tree.h"
#include "providers/aws/client/sigv4.h"

#define FOLDER "testdata/sigv4/vectors"

static const struct credentials keys = {.access_key = "AKIDEXAMPLE", .secret_key = "secret"};
static const struct sigv4_scope scope = {.service = "s3", .region = "us-west-2", .at_ms = 1767323045000};

/* The first 16 hexadecimal digits of the text's SHA-256. */
static void hash_begins(const char *text, char hex[17])
{
	unsigned char hash[32];

	EVP_Digest(text, strlen(text), hash, NULL, EVP_sha256(), NULL);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
}

static int sign_vector(struct arena *arena, const json_t *v, struct sigv4_result *result, struct error *err)
{
	struct credentials credentials = {.source = "vector"};
	struct sigv4_request request = {
		.method = tree_text(v, "method"),
		.url = tree_text(v, "url"),
		.body = tree_text(v, "body"),
		.body_length = strlen(tree_text(v, "body")),
	};
	struct sigv4_scope at = {.service = tree_text(v, "service"), .region = tree_text(v, "region")};
	int64_t expires = 0;

	snprintf(credentials.access_key, sizeof(credentials.access_key), "%s", tree_text(v, "access_key"));
	snprintf(credentials.secret_key, sizeof(credentials.secret_key), "%s", tree_text(v, "secret_key"));
	if (tree_get(v, "token"))
		credentials.session_token = arena_strdup(arena, tree_text(v, "token"));
	assert_true(tree_number(v, "at_ms", 0, INT64_MAX, &at.at_ms));
	TREE_EACH (line, v, "headers")
		text_list_add(arena, &request.headers, json_string_value(line));
	if (tree_number(v, "expires", 1, 604800, &expires))
		return sigv4_presign(arena, &request, &at, &credentials, (int)expires, result, err);
	return sigv4_sign(arena, &request, &at, &credentials, result, err);
}

static void check_vector(struct arena *arena, const char *name)
{
	const char *path = arena_printf(arena, "%s/%s", FOLDER, name);
	json_t *v = json_load_file(path, 0, NULL);
	struct sigv4_result result;
	struct error err = {0};
	char hash[17];

	assert_non_null(v);
	assert_int_equal(sign_vector(arena, v, &result, &err), 0);
	hash_begins(result.canonical, hash);
	if (strcmp(hash, tree_text(v, "canonical_sha256_begins")) != 0)
		fail_msg("%s (%s): canonical request is\n%s", name, tree_text(v, "about"), result.canonical);
	assert_string_equal(result.signature, tree_text(v, "signature"));
	assert_non_null(strstr(result.url ? result.url : result.headers.items[result.headers.count - 1],
		tree_text(v, "signature")));
	json_decref(v);
}

static void vectors(void **state)
{
	struct arena arena = {0};
	struct text_list names = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(file_names(&arena, FOLDER, ".json", &names, &err), 0);
	assert_int_equal(names.count, 17);
	for (size_t i = 0; i < names.count; i++)
		check_vector(&arena, names.items[i]);
	arena_free(&arena);
}

static void refused(void **state)
{
	static const struct {
		const char *url, *header;
	} cases[] = {
		{"ftp://x/", "A: b"},
		{"https:///path", "A: b"},
		{"https://x/a b", "A: b"},
		{"https://x/#fragment", "A: b"},
		{"https://x/\n", "A: b"},
		{"https://x/", "no colon"},
		{"https://x/", ": no name"},
		{"https://x/", "A: b\r\nInjected: c"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct sigv4_request request = {.method = "GET", .url = cases[i].url};
		struct sigv4_result result;
		struct error err = {0};

		text_list_add(&arena, &request.headers, cases[i].header);
		assert_int_equal(sigv4_sign(&arena, &request, &scope, &keys, &result, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		arena_free(&arena);
	}
}

static void life_of_presigned_urls_is_bounded(void **state)
{
	static const int wrong[] = {-1, 0, 604801};
	struct sigv4_request request = {.method = "GET", .url = "https://b.s3.us-west-2.amazonaws.com/k"};
	struct arena arena = {0};
	struct sigv4_result result;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
		assert_int_equal(sigv4_presign(&arena, &request, &scope, &keys, wrong[i], &result, &err), -1);
	assert_int_equal(sigv4_presign(&arena, &request, &scope, &keys, 604800, &result, &err), 0);
	assert_int_equal(result.headers.count, 0);
	arena_free(&arena);
}

/* Headers that proxies change must not be signed; the host is, without the port that goes without saying. */
static void what_is_signed(void **state)
{
	struct arena arena = {0};
	struct sigv4_request request = {.method = "GET", .url = "https://Example.ORG:443/"};
	struct sigv4_result result;
	struct error err = {0};

	(void)state;
	text_list_add(&arena, &request.headers, "User-Agent: cloudctl/1");
	text_list_add(&arena, &request.headers, "X-B:  two   words ");
	text_list_add(&arena, &request.headers, "x-b: three");
	assert_int_equal(sigv4_sign(&arena, &request, &scope, &keys, &result, &err), 0);
	assert_non_null(strstr(result.canonical, "\nhost:example.org\n"));
	assert_non_null(strstr(result.canonical, "\nx-b:two words,three\n"));
	assert_null(strstr(result.canonical, "user-agent"));
	assert_null(strstr(result.canonical, "secret"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(refused),
		cmocka_unit_test(life_of_presigned_urls_is_bounded),
		cmocka_unit_test(what_is_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
