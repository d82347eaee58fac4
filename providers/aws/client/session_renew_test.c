/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials in the course of a run: renewed before they end, kept when that fails, not used when over. */
#include "base/test.h"

#include <string.h>

#include "base/tree.h"
#include "providers/aws/client/call_test_net.h"

#define IDENTITY \
	"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account><Arn>a</Arn>" \
	"<UserId>u</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>"

#define KEYS(id, end) \
	"AWS_ACCESS_KEY_ID", id, "AWS_SECRET_ACCESS_KEY", "secret", "AWS_CREDENTIAL_EXPIRATION", end, \
		"AWS_REGION", "us-west-2", "AWS_CONFIG_FILE", "/dev/null", "AWS_SHARED_CREDENTIALS_FILE", \
		"/dev/null", "AWS_EC2_METADATA_DISABLED", "true", NULL

/* The test's clock begins at 2026-01-02T03:04:05Z. */
static const char *const first_keys[] = {KEYS("FIRST", "2026-01-02T04:04:05Z")};
static const char *const second_keys[] = {KEYS("SECOND", "2026-01-02T05:04:05Z")};
static const char *const half_keys[] = {"AWS_ACCESS_KEY_ID", "HALF", NULL};

enum { MINUTE_MS = 60000 };

static const struct net_reply replies[] = {{200, IDENTITY}, {200, IDENTITY}, {200, IDENTITY}};

/* One call; the access key it was signed with, or the error. */
static void must_use(struct net *net, const char *access_key)
{
	struct error err = {0};

	if (!aws_call(net->aws, &net->arena, &sts_GetCallerIdentity, NULL, &err))
		fail_msg("%s", err.frame[0]);
	if (!strstr(net->requests[net->request_count - 1].authorization, access_key))
		fail_msg("not signed by %s: %s", access_key,
			net->requests[net->request_count - 1].authorization);
}

static void renewed_a_quarter_of_an_hour_before_the_end(void **state)
{
	struct net net = {.environment = first_keys};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	must_use(&net, "FIRST");
	net.environment = second_keys;
	net.clock_ms = 44 * MINUTE_MS;
	must_use(&net, "FIRST");
	net.clock_ms = 46 * MINUTE_MS;
	must_use(&net, "SECOND");
	net_close(&net);
}

static void kept_while_they_hold_when_there_are_no_new_ones(void **state)
{
	struct net net = {.environment = first_keys};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, 2);
	must_use(&net, "FIRST");
	net.environment = half_keys;
	net.clock_ms = 50 * MINUTE_MS;
	must_use(&net, "FIRST");
	net.clock_ms = 61 * MINUTE_MS;
	assert_null(aws_call(net.aws, &net.arena, &sts_GetCallerIdentity, NULL, &err));
	assert_int_equal(err.kind, ERROR_CREDENTIALS);
	assert_non_null(strstr(err.frame[0], "the environment has the access key but not the secret key"));
	net_close(&net);
}

static void not_used_when_over(void **state)
{
	struct net net = {.environment = first_keys};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, 1);
	must_use(&net, "FIRST");
	net.clock_ms = 61 * MINUTE_MS;
	assert_null(aws_call(net.aws, &net.arena, &sts_GetCallerIdentity, NULL, &err));
	assert_non_null(strstr(err.frame[0], "expired at 2026-01-02T04:04:05Z"));
	net_close(&net);
}

static void replaced_when_aws_calls_them_expired(void **state)
{
	static const struct net_reply expired[] = {
		{200, IDENTITY},
		{403, "<E><Error><Code>ExpiredToken</Code></Error></E>"},
		{200, IDENTITY},
	};
	struct net net = {.environment = first_keys};

	(void)state;
	net_open(&net, expired, ARRAY_LENGTH(expired));
	must_use(&net, "FIRST");
	net.environment = second_keys;
	must_use(&net, "SECOND");
	assert_non_null(strstr(net.requests[1].authorization, "FIRST"));
	net_close(&net);
}

/* Both calls learn it; the second takes what the first has found. */
static void replaced_once_for_all_calls(void **state)
{
	static const struct net_reply expired[] = {
		{200, IDENTITY},
		{403, "<E><Error><Code>ExpiredToken</Code></Error></E>", .takes_ms = 10},
		{403, "<E><Error><Code>ExpiredToken</Code></Error></E>", .takes_ms = 20},
		{200, IDENTITY},
		{200, IDENTITY},
	};
	struct net net = {.environment = first_keys};
	struct call *calls[2];

	(void)state;
	net_open(&net, expired, ARRAY_LENGTH(expired));
	must_use(&net, "FIRST");
	for (size_t i = 0; i < ARRAY_LENGTH(calls); i++)
		calls[i] = aws_start(net.aws, &net.arena, &sts_GetCallerIdentity, NULL);
	aws_step(net.aws, 0); /* both fly, signed by the first keys */
	net.environment = second_keys;
	while ((!call_done(calls[0]) || !call_done(calls[1])) && aws_step(net.aws, 100))
		;
	assert_non_null(call_reply(calls[0]));
	assert_non_null(call_reply(calls[1]));
	assert_non_null(strstr(net.requests[4].authorization, "SECOND"));
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renewed_a_quarter_of_an_hour_before_the_end),
		cmocka_unit_test(kept_while_they_hold_when_there_are_no_new_ones),
		cmocka_unit_test(not_used_when_over),
		cmocka_unit_test(replaced_when_aws_calls_them_expired),
		cmocka_unit_test(replaced_once_for_all_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
