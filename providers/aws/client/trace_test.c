/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace hides, and that it hides nothing else. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/world.h"
#include "providers/aws/client/session.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/credentials/credentials.h"
#include "providers/net/transport.h"

struct text_case {
	const char *text, *shown;
};

static const struct text_case texts[] = {
	{"Action=DescribeVpcs&Version=2016-11-15", "Action=DescribeVpcs&Version=2016-11-15"},
	{"a=1&TokenCode=123456&b=2", "a=1&TokenCode=[hidden]&b=2"},
	{"WebIdentityToken=eyJ.a.b", "WebIdentityToken=[hidden]"},
	{"https://h/p?X-Amz-Signature=abc123&X-Amz-Date=2026",
		"https://h/p?X-Amz-Signature=[hidden]&X-Amz-Date=2026"},
	{"X-Amz-Credential=AKIA%2F2026&x=1", "X-Amz-Credential=[hidden]&x=1"},
	{"u=https%3A%2F%2Fh%3FX-Amz-Signature%3Dabc123%26y",
		"u=https%3A%2F%2Fh%3FX-Amz-Signature%3D[hidden]"},
	{"{\"secretAccessKey\": \"abc\", \"x\": 1}", "{\"secretAccessKey\": \"[hidden]\", \"x\": 1}"},
	{"{\"SessionToken\":\"a/b+c==\"}", "{\"SessionToken\":\"[hidden]\"}"},
	{"<SecretAccessKey>abc</SecretAccessKey>", "<SecretAccessKey>[hidden]</SecretAccessKey>"},
	{"{\\\"clientSecret\\\":\\\"abc\\\"}", "{\\\"clientSecret\\\":\\\"[hidden]\\\"}"},
	{"{\"SessionToken\":\"a\\/b\\u003d\"}", "{\"SessionToken\":\"[hidden]\"}"},
	{"aws_secret_access_key = abc", "aws_secret_access_key = [hidden]"},
	{"SignedHeaders=host;x-amz-date, Signature=0123abcd",
		"SignedHeaders=host;x-amz-date, Signature=[hidden]"},
	{"The request signature we calculated does not match",
		"The request signature we calculated does not match"},
	{"\"PasswordPolicy\": true", "\"PasswordPolicy\": true"},
	{"NextToken=abc&MaxResults=5", "NextToken=abc&MaxResults=5"},
	{"x-amz-signature", "x-amz-signature"},
	{"password=", "password="},
	{"", ""},
};

static void secrets_are_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		struct arena arena = {0};
		struct str out = {.arena = &arena, .max = 4096};

		trace_put(&out, texts[i].text, strlen(texts[i].text));
		assert_string_equal(str_text(&out), texts[i].shown);
		arena_free(&arena);
	}
}

/* A session with a trace into a buffer. */
struct recorder {
	struct trace_output trace;
	struct str written;
};

static void record(struct trace_output *trace, const char *text, size_t length)
{
	str_add(&((struct recorder *)trace)->written, text, length);
}

static int64_t wall_ms(struct world *world)
{
	(void)world;
	return 1767323045000;
}

static const char *traced(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *exchange)
{
	static struct world world = {.wall_ms = wall_ms};
	struct recorder *recorder = NEW(arena, struct recorder);
	struct credentials credentials = {
		.secret_key = "the-secret-key",
		.session_token = arena_strdup(arena, "the-token"),
	};
	struct credentials_provider provider = {.current = &credentials};
	struct aws_session session = {
		.world = &world,
		.trace = &recorder->trace,
		.credentials = &provider,
	};

	recorder->trace.write = record;
	recorder->written = (struct str){.arena = arena, .max = 1 << 20};
	trace_request(&session, operation, 1, exchange);
	trace_reply(&session, operation, 5, exchange);
	return str_text(&recorder->written);
}

static struct exchange example(struct arena *arena)
{
	static const char *const headers[] = {
		"Host: ec2.us-west-2.amazonaws.com",
		("Authorization: AWS4-HMAC-SHA256 Credential=AKIAX/20260102/us-west-2/ec2/aws4_request, SignedHeaders=host, Signature=feed01"),
		"X-Amz-Security-Token: the-token",
		"x-amz-sso_bearer_token: bearer-1",
		"Cookie: session-1",
		"Authorization: Bearer basic-1",
	};
	struct exchange x = {.method = "POST", .url = "https://h/?X-Amz-Signature=feed02", .status = 200};

	for (size_t i = 0; i < ARRAY_LENGTH(headers); i++)
		text_list_add(arena, &x.headers, headers[i]);
	x.body = "Action=X&Note=the-secret-key&TokenCode=123456";
	x.body_length = strlen(x.body);
	x.reply_headers = (struct str){.arena = arena, .max = 4096};
	x.reply_body = (struct str){.arena = arena, .max = 1 << 20};
	str_puts(&x.reply_headers, "x-amzn-RequestId: id-1\r\nSet-Cookie: session-2\r\n");
	str_puts(&x.reply_body, "<R>\n<SessionToken>reply-1</SessionToken>\x1b[31m</R>");
	return x;
}

static void headers_and_bodies(void **state)
{
	static const char *const gone[] = {"feed01", "feed02", "the-token", "the-secret-key", "bearer-1",
		"session-1", "session-2", "basic-1", "123456", "reply-1", "\x1b"};
	static const char *const there[] = {"> 2026-01-02T03:04:05Z ec2:DescribeVpcs, attempt 1\n",
		"> POST https://h/?X-Amz-Signature=[hidden]\n", "Credential=AKIAX/20260102/",
		"Signature=[hidden]\n", "> X-Amz-Security-Token: [hidden]\n",
		"> Action=X&Note=[hidden]&TokenCode=[hidden]\n",
		"< 2026-01-02T03:04:05Z ec2:DescribeVpcs: HTTP 200 after 5 ms\n",
		"< x-amzn-RequestId: id-1\n", "< <SessionToken>[hidden]</SessionToken>"};
	struct arena arena = {0};
	const struct exchange x = example(&arena);
	const char *text = traced(&arena, &ec2_DescribeVpcs, &x);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(gone); i++)
		if (strstr(text, gone[i]))
			fail_msg("'%s' shows in:\n%s", gone[i], text);
	for (size_t i = 0; i < ARRAY_LENGTH(there); i++)
		if (!strstr(text, there[i]))
			fail_msg("'%s' is not in:\n%s", there[i], text);
	arena_free(&arena);
}

static void secret_operations_show_no_body(void **state)
{
	static const struct aws_operation *const operations[] = {&sts_AssumeRole,
		&sts_AssumeRoleWithWebIdentity, &sso_GetRoleCredentials, &sso_oidc_CreateToken, NULL};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(operations); i++) {
		struct arena arena = {0};
		const struct exchange x = example(&arena);
		const char *text = traced(&arena, operations[i], &x);

		assert_null(strstr(text, "Action=X"));
		assert_null(strstr(text, "<R>"));
		assert_non_null(strstr(text, "> [45 bytes hidden]\n"));
		arena_free(&arena);
	}
}

static void long_bodies_are_cut(void **state)
{
	struct arena arena = {0};
	struct exchange x = example(&arena);
	const char *text;

	(void)state;
	for (int i = 0; i < 20000; i++)
		str_puts(&x.reply_body, "x");
	text = traced(&arena, &ec2_DescribeVpcs, &x);
	assert_non_null(strstr(text, "more bytes]\n"));
	arena_free(&arena);
}

/* The session's secrets in other spellings. */
static void every_spelling(void **state)
{
	static const char *const spellings[] = {"the-token", "7468652d746f6b656e",
		"74 68 65 2D 74 6F 6B 65 6E", "the%2Dtoken", "the\\u002dtoken", "dGhlLXRva2Vu"};
	struct arena arena = {0};
	struct exchange x = example(&arena);
	const char *text;

	(void)state;
	str_clear(&x.reply_body);
	for (size_t i = 0; i < ARRAY_LENGTH(spellings); i++)
		str_printf(&x.reply_body, "<R>%s</R>\n", spellings[i]);
	text = traced(&arena, &ec2_DescribeVpcs, &x);
	for (size_t i = 0; i < ARRAY_LENGTH(spellings); i++)
		assert_null(strstr(text, spellings[i]));
	arena_free(&arena);
}

/* Half of one would not be known as a secret any more. */
static void a_secret_across_the_limit(void **state)
{
	struct arena arena = {0};
	struct exchange x = example(&arena);
	const char *text;

	(void)state;
	str_clear(&x.reply_body);
	while (x.reply_body.length < (16 << 10) - 5)
		str_putc(&x.reply_body, '.');
	str_puts(&x.reply_body, "the-secret-key and more");
	text = traced(&arena, &ec2_DescribeVpcs, &x);
	assert_null(strstr(text, ".the-"));
	assert_non_null(strstr(text, "more bytes]"));
	arena_free(&arena);
}

static void without_a_trace_nothing_happens(void **state)
{
	const struct aws_session session = {0};
	const struct exchange x = {.url = "u"};

	(void)state;
	trace_request(&session, NULL, 1, &x);
	trace_reply(&session, NULL, 1, &x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_hidden),
		cmocka_unit_test(headers_and_bodies),
		cmocka_unit_test(secret_operations_show_no_body),
		cmocka_unit_test(long_bodies_are_cut),
		cmocka_unit_test(every_spelling),
		cmocka_unit_test(a_secret_across_the_limit),
		cmocka_unit_test(without_a_trace_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
