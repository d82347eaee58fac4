/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's second attempts: when, how often, how long after, and when not. */
#include "base/test.h"

#include <string.h>

#include "base/tree.h"
#include "providers/aws/client/call_test_net.h"

#define IDENTITY \
	"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>" \
	"</GetCallerIdentityResponse>"
#define STACKS \
	"<DescribeStacksResponse><DescribeStacksResult><Stacks/></DescribeStacksResult></" \
	"DescribeStacksResponse>"
#define FAULT(code) "<ErrorResponse><Error><Code>" code "</Code><Message>m</Message></Error></ErrorResponse>"
#define THROTTLED \
	{ \
		400, FAULT("Throttling") \
	}
#define FAILED \
	{ \
		500, FAULT("InternalFailure") \
	}
#define LOST \
	{ \
		.status = 0, .transient = true \
	}

static const json_t *call(struct net *net, const struct aws_operation *operation, struct error *err)
{
	return aws_call(net->aws, &net->arena, operation, json_pack("{s:s}", "Bucket", "bucket"), err);
}

static void transient_failures_are_repeated_and_signed_anew(void **state)
{
	static const struct net_reply replies[] = {FAILED, LOST, {200, IDENTITY}};
	struct net net = {.random = UINT32_MAX};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	net.clock_ms = 950;
	assert_non_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_int_equal(net.requests[1].at_ms, 1000); /* 50 ms · 2^0 */
	assert_int_equal(net.requests[2].at_ms, 1100); /* 50 ms · 2^1 */
	assert_string_equal(net.requests[0].date, "20260102T030405Z");
	assert_string_equal(net.requests[1].date, "20260102T030406Z");
	assert_string_not_equal(net.requests[0].authorization, net.requests[1].authorization);
	assert_int_equal(net.event_count, 3);
	assert_int_equal(net.events[0].kind, EVENT_RETRY);
	assert_int_equal(net.events[0].wait_ms, 50);
	assert_int_equal(net.events[2].kind, EVENT_CALL);
	assert_int_equal(net.events[2].attempt, 3);
	assert_int_equal(net.stream.calls, 3);
	assert_int_equal(net.stream.retries, 2);
	net_close(&net);
}

static void three_attempts_then_the_error(void **state)
{
	static const struct net_reply replies[] = {FAILED, FAILED, FAILED};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_int_equal(err.kind, ERROR_SERVICE);
	assert_string_equal(err.code, "InternalFailure");
	assert_string_equal(err.frame[0], "m");
	assert_string_equal(err.frame[1], "giving up after 3 attempts");
	net_close(&net);
}

static void cloudformation_is_asked_more_patiently(void **state)
{
	static const struct net_reply replies[] = {THROTTLED, THROTTLED, THROTTLED, THROTTLED, THROTTLED,
		THROTTLED, THROTTLED, {200, STACKS}};
	struct net net = {.random = UINT32_MAX};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(call(&net, &cloudformation_DescribeStacks, &err));
	assert_int_equal(net.requests[1].at_ms, 1000);
	assert_int_equal(net.requests[7].at_ms, 1000 + 2000 + 4000 + 8000 + 16000 + 20000 + 20000);
	net_close(&net);
}

static void throttling_of_others_ends_after_three(void **state)
{
	static const struct net_reply replies[] = {THROTTLED, THROTTLED, THROTTLED};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_int_equal(err.kind, ERROR_THROTTLED);
	net_close(&net);
}

static void the_environment_sets_the_attempts(void **state)
{
	static const char *const environment[] = {"AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b",
		"AWS_REGION", "us-west-2", "AWS_MAX_ATTEMPTS", "1", NULL};
	static const struct net_reply replies[] = {THROTTLED};
	struct net net = {.environment = environment};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(call(&net, &cloudformation_DescribeStacks, &err));
	assert_int_equal(err.depth, 1); /* no "giving up after 1 attempts" */
	net_close(&net);
}

static void the_server_may_name_the_delay(void **state)
{
	static const struct net_reply replies[] = {
		{503, FAULT("ServiceUnavailable"), "x-amz-retry-after: 1500\r\n"},
		{503, FAULT("ServiceUnavailable"), "x-amz-retry-after: -1\r\n"},
		{200, IDENTITY},
	};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_int_equal(net.requests[1].at_ms, 1500);
	assert_int_equal(net.requests[2].at_ms, 1500);
	net_close(&net);
}

/* 35 retries at 14 tokens empty the quota of 500; after that failures are final at once. */
static void the_quota_is_shared_by_a_service(void **state)
{
	static struct net_reply replies[NET_REQUESTS];
	struct net net = {0};
	struct error err = {0};
	size_t before;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(replies); i++)
		replies[i] = (struct net_reply)FAILED;
	net_open(&net, replies, 35 + 18 + 1 + 3);
	for (int i = 0; i < 17; i++) /* 34 retries */
		assert_null(call(&net, &iam_GetRole, &err));
	assert_null(call(&net, &iam_GetRole, &err)); /* the 35th, and then no more */
	before = net.request_count;
	assert_null(call(&net, &iam_GetRole, &err));
	assert_int_equal(net.request_count, before + 1);
	assert_null(call(&net, &sts_GetCallerIdentity, &err)); /* another service has its own */
	assert_int_equal(net.request_count, before + 4);
	net_close(&net);
}

static const struct aws_service query_service = {
	.name = "sts",
	.protocol = PROTOCOL_QUERY,
	.version = "1",
	.host_prefix = "sts",
	.signing_name = "sts",
	.endpoint_key = "STS",
};
static const struct aws_operation create_once = {
	.id = "sts:CreateOnce",
	.service = &query_service,
	.name = "CreateOnce",
	.idempotent = false,
};

static void unknown_outcomes_are_not_repeated(void **state)
{
	static const struct net_reply cases[] = {LOST, FAILED};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct net net = {0};
		struct error err = {0};

		net_open(&net, &cases[i], 1);
		assert_null(call(&net, &create_once, &err));
		assert_true(net.requests[0].once);
		assert_non_null(strstr(err.frame[1], "whether sts:CreateOnce took effect is not known"));
		net_close(&net);
	}
}

static void what_certainly_did_not_happen_is_repeated(void **state)
{
	static const struct net_reply replies[] = {
		{.status = 0, .transient = true, .unsent = true},
		THROTTLED,
		{200, "<CreateOnceResponse/>"},
	};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(call(&net, &create_once, &err));
	net_close(&net);
}

static void final_failures_are_final(void **state)
{
	static const struct net_reply cases[] = {
		{403, FAULT("InvalidClientTokenId")},
		{403, FAULT("ExpiredToken")},
		{400, FAULT("ValidationError")},
		{302, "", "Location: http://elsewhere/\r\n"},
		{.status = 0, .transient = false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct net net = {0};
		struct error err = {0};

		net_open(&net, &cases[i], 1);
		assert_null(call(&net, &iam_GetRole, &err));
		assert_int_equal(net.request_count, 1);
		net_close(&net);
	}
}

static void a_wrong_clock_is_corrected_once(void **state)
{
	static const struct net_reply replies[] = {
		{403, FAULT("SignatureDoesNotMatch"), "Date: Fri, 02 Jan 2026 04:04:05 GMT\r\n"},
		{200, IDENTITY},
		{200, IDENTITY},
	};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_string_equal(net.requests[1].date, "20260102T040405Z");
	assert_int_equal(net.requests[1].at_ms, 0); /* no delay */
	assert_int_equal(net.events[0].kind, EVENT_STEP);
	assert_non_null(strstr(net.events[0].code, "60 minutes behind"));
	assert_non_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_string_equal(net.requests[2].date, "20260102T040405Z"); /* remembered */
	net_close(&net);
}

static void a_wrong_signature_is_no_wrong_clock(void **state)
{
	static const struct net_reply near = {403, FAULT("SignatureDoesNotMatch"),
		"Date: Fri, 02 Jan 2026 03:06:05 GMT\r\n"};
	static const struct net_reply twice[] = {
		{403, FAULT("SignatureDoesNotMatch"), "Date: Fri, 02 Jan 2026 04:04:05 GMT\r\n"},
		{403, FAULT("SignatureDoesNotMatch"), "Date: Fri, 02 Jan 2026 09:04:05 GMT\r\n"},
	};
	struct net one = {0}, two = {0};
	struct error err = {0};

	(void)state;
	net_open(&one, &near, 1);
	assert_null(call(&one, &sts_GetCallerIdentity, &err));
	assert_int_equal(err.kind, ERROR_CREDENTIALS);
	net_close(&one);
	net_open(&two, twice, 2);
	assert_null(call(&two, &sts_GetCallerIdentity, &err));
	net_close(&two);
}

static void a_bucket_elsewhere_is_asked_there(void **state)
{
	static const struct net_reply replies[] = {
		{400, "", "x-amz-bucket-region: eu-west-1\r\n"},
		{200, "", "x-amz-bucket-region: eu-west-1\r\n"},
		{301, "", "x-amz-bucket-region: bad..region/\r\n"},
		{301, "", "x-amz-bucket-region: eu-west-1\r\n"},
		{400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>"},
		{400, "", "x-amz-bucket-region: eu-west-1\r\n"},
	};
	struct net net = {0};
	struct error err = {0};
	const json_t *reply;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	reply = call(&net, &s3_HeadBucket, &err);
	assert_string_equal(tree_text(reply, "BucketRegion"), "eu-west-1");
	assert_string_equal(net.requests[1].url, "https://bucket.s3.eu-west-1.amazonaws.com/");
	assert_non_null(strstr(net.requests[1].authorization, "/eu-west-1/s3/"));
	/* learned: asked there at once, and what makes no sense changes nothing */
	assert_null(call(&net, &s3_HeadBucket, &err));
	assert_string_equal(net.requests[2].url, "https://bucket.s3.eu-west-1.amazonaws.com/");
	assert_null(call(&net, &s3_HeadBucket, &err)); /* the region that was asked: no loop */
	/* the region from the body; back again is once too often */
	assert_null(call(&net, &s3_HeadBucket, &err));
	assert_string_equal(net.requests[4].url, "https://bucket.s3.eu-west-1.amazonaws.com/");
	assert_string_equal(net.requests[5].url, "https://bucket.s3.us-west-2.amazonaws.com/");
	net_close(&net);
}

/* Keys of the environment cannot change while we run: no second request, but what to do. */
static void expired_credentials_are_looked_for_once_more(void **state)
{
	static const struct net_reply replies[] = {
		{403, "<E><Error><Code>ExpiredToken</Code><Message>m</Message></Error></E>"}};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(call(&net, &sts_GetCallerIdentity, &err));
	assert_int_equal(err.kind, ERROR_CREDENTIALS);
	assert_string_equal(err.code, "ExpiredToken");
	assert_non_null(strstr(err.frame[0], "the credentials (environment) have expired"));
	net_close(&net);
}

static const json_t *call_propagating(struct net *net, int limit_ms, struct error *err)
{
	aws_expect_propagation(net->aws, limit_ms);
	return aws_call(net->aws, &net->arena, &ec2_DescribeVpcs, NULL, err);
}

#define NOT_FOUND \
	{ \
		400, "<R><Errors><Error><Code>InvalidVpcID.NotFound</Code></Error></Errors></R>" \
	}

#define VPCS "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"

static void what_was_created_may_not_have_propagated(void **state)
{
	static const struct net_reply replies[] = {NOT_FOUND, NOT_FOUND, {200, VPCS}, NOT_FOUND, NOT_FOUND,
		{400, "<R><Errors><Error><Code>InvalidParameterValue</Code></Error></Errors></R>"}};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(call_propagating(&net, 60000, &err));
	assert_int_equal(net.requests[1].at_ms - net.requests[0].at_ms, 2000);
	assert_int_equal(net.requests[2].at_ms - net.requests[1].at_ms, 4000);
	assert_null(call_propagating(&net, 3000, &err)); /* time for one more only */
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	err = (struct error){0};
	assert_null(call_propagating(&net, 60000, &err)); /* another refusal is final */
	assert_int_equal(err.kind, ERROR_REJECTED);
	net_close(&net);
}

static void what_services_make_themselves_is_not_waited_for(void **state)
{
	static const struct net_reply replies[] = {
		{404, "<E><Error><Code>NoSuchEntity</Code><Message>The role with name node cannot be found.</Message></Error></E>"},
		{404, "<E><Error><Code>NoSuchEntity</Code><Message>The role with name AWSServiceRoleForEC2Spot cannot be found.</Message></Error></E>"},
	};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	aws_expect_propagation(net.aws, 60000);
	assert_null(aws_call(net.aws, &net.arena, &iam_GetRole, json_pack("{s:s}", "RoleName", "x"), &err));
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_int_equal(net.requests[1].at_ms - net.requests[0].at_ms,
		2000); /* the node role was; the other was not */
	net_close(&net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transient_failures_are_repeated_and_signed_anew),
		cmocka_unit_test(three_attempts_then_the_error),
		cmocka_unit_test(cloudformation_is_asked_more_patiently),
		cmocka_unit_test(throttling_of_others_ends_after_three),
		cmocka_unit_test(the_environment_sets_the_attempts),
		cmocka_unit_test(the_server_may_name_the_delay),
		cmocka_unit_test(the_quota_is_shared_by_a_service),
		cmocka_unit_test(unknown_outcomes_are_not_repeated),
		cmocka_unit_test(what_certainly_did_not_happen_is_repeated),
		cmocka_unit_test(final_failures_are_final),
		cmocka_unit_test(a_wrong_clock_is_corrected_once),
		cmocka_unit_test(a_wrong_signature_is_no_wrong_clock),
		cmocka_unit_test(a_bucket_elsewhere_is_asked_there),
		cmocka_unit_test(expired_credentials_are_looked_for_once_more),
		cmocka_unit_test(what_was_created_may_not_have_propagated),
		cmocka_unit_test(what_services_make_themselves_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
