/* SPDX-License-Identifier: Apache-2.0 */
/* The engine on a fake network: calls, pages, order, interrupts, lifetimes. Retries: call_retry_test.c. */
#include "base/test.h"

#include <string.h>

#include "base/tree.h"
#include "providers/aws/client/call_test_net.h"
#include "providers/aws/credentials/credentials.h"

#define IDENTITY \
	"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>" \
	"</GetCallerIdentityResponse>"
#define VPCS(items, token) \
	"<DescribeVpcsResponse><vpcSet>" items "</vpcSet><nextToken>" token \
	"</nextToken></DescribeVpcsResponse>"
#define VPC(id) "<item><vpcId>" id "</vpcId></item>"

static void one_call(void **state)
{
	static const struct net_reply replies[] = {{200, IDENTITY, "x-amzn-RequestId: r\r\n"}};
	struct net net = {0};
	struct error err = {0};
	const json_t *reply;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	reply = aws_call(net.aws, &net.arena, &sts_GetCallerIdentity, NULL, &err);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_string_equal(tree_text(reply, "Account"), "1");
	assert_string_equal(net.requests[0].url, "https://sts.us-west-2.amazonaws.com/");
	assert_string_equal(net.requests[0].date, "20260102T030405Z");
	assert_true(strncmp(net.requests[0].authorization,
			    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-west-2/sts", 60) == 0);
	assert_int_equal(net.event_count, 1);
	assert_int_equal(net.events[0].kind, EVENT_CALL);
	assert_int_equal(net.stream.calls, 1);
	net_close(&net);
}

static void pages_become_one_reply(void **state)
{
	static const struct net_reply replies[] = {
		{200, VPCS(VPC("vpc-1") VPC("vpc-2"), "t1")},
		{200, VPCS("", "t2")}, /* an empty page may carry a token */
		{200, VPCS(VPC("vpc-3"), "")},
	};
	struct net net = {0};
	struct error err = {0};
	const json_t *reply;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	reply = aws_call(net.aws, &net.arena, &ec2_DescribeVpcs,
		json_pack("{s:[{s:s,s:[s]}]}", "Filter", "Name", "vpc-id", "Value", "x"), &err);
	assert_int_equal(tree_count(tree_get(reply, "vpcSet")), 3);
	assert_string_equal(tree_text(reply, "vpcSet.2.vpcId"), "vpc-3");
	assert_null(tree_get(reply, "nextToken"));
	assert_null(strstr(net.requests[0].body, "NextToken"));
	assert_non_null(strstr(net.requests[1].body, "NextToken=t1"));
	assert_non_null(strstr(net.requests[2].body, "NextToken=t2"));
	assert_non_null(strstr(net.requests[2].body, "Filter.1.Value.1=x")); /* every page asks the same */
	assert_int_equal(net.stream.calls, 3);
	net_close(&net);
}

static void other_shapes_of_paging(void **state)
{
#define POLICIES(names, more, marker) \
	"<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames>" names \
	"</PolicyNames><IsTruncated>" more "</IsTruncated>" marker \
	"</ListRolePoliciesResult></ListRolePoliciesResponse>"
	static const struct net_reply replies[] = {
		{200, POLICIES("<member>a</member>", "true", "<Marker>m</Marker>")},
		{200, POLICIES("<member>b</member>", "false", "<Marker>left over</Marker>")},
		{200, "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>1</Key></Contents><NextContinuationToken>t</NextContinuationToken></ListBucketResult>"},
		{200, "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>2</Key></Contents><CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>"},
		{200, "{\"FileSystems\":[{\"FileSystemId\":\"fs-1\"}],\"NextMarker\":\"a/b\"}"},
		{200, "{\"FileSystems\":[{\"FileSystemId\":\"fs-2\"}],\"NextMarker\":null}"},
	};
	const struct aws_operation list_objects = {
		.id = "s3:ListObjectsV2",
		.service = s3_HeadBucket.service,
		.name = "ListObjectsV2",
		.method = "GET",
		.path = "/{Bucket}",
		.query = "list-type=2,continuation-token",
		.root = "ListBucketResult",
		.paging = {"continuation-token", "NextContinuationToken", "IsTruncated",
			"Contents,CommonPrefixes"},
		.idempotent = true,
	};
	struct net net = {0};
	struct error err = {0};
	const json_t *reply;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	reply = aws_call(net.aws, &net.arena, &iam_ListRolePolicies, json_pack("{s:s}", "RoleName", "r"),
		&err);
	assert_string_equal(tree_text(reply, "PolicyNames.1"), "b");
	assert_string_equal(net.requests[0].url, "https://iam.amazonaws.com/");
	reply = aws_call(net.aws, &net.arena, &list_objects, json_pack("{s:s}", "Bucket", "bucket"), &err);
	assert_int_equal(tree_count(tree_get(reply, "Contents")), 2);
	assert_string_equal(tree_text(reply, "CommonPrefixes.0.Prefix"), "p/");
	assert_string_equal(net.requests[3].url,
		"https://bucket.s3.us-west-2.amazonaws.com/?list-type=2&continuation-token=t");
	reply = aws_call(net.aws, &net.arena, &efs_DescribeFileSystems, NULL, &err);
	assert_int_equal(tree_count(tree_get(reply, "FileSystems")), 2);
	assert_true(strstr(net.requests[5].url, "?Marker=a%2Fb") != NULL);
	net_close(&net);
}

static void one_page_at_a_time(void **state)
{
	static const struct net_reply replies[] = {
		{200, VPCS(VPC("vpc-1"), "t1")},
		{200, VPCS(VPC("vpc-2"), "")},
		{400, ""},
	};
	struct net net = {0};
	struct error err = {0};
	const char *token = NULL;
	const json_t *reply;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	reply = aws_call_page(net.aws, &net.arena, &ec2_DescribeVpcs, NULL, &token, &err);
	assert_string_equal(tree_text(reply, "vpcSet.0.vpcId"), "vpc-1");
	assert_string_equal(token, "t1");
	assert_int_equal(net.request_count, 1);
	reply = aws_call_page(net.aws, &net.arena, &ec2_DescribeVpcs, NULL, &token, &err);
	assert_non_null(strstr(net.requests[1].body, "NextToken=t1"));
	assert_int_equal(tree_count(tree_get(reply, "vpcSet")), 1);
	assert_string_equal(tree_text(reply, "vpcSet.0.vpcId"), "vpc-2");
	assert_null(token);
	token = "t2";
	assert_null(aws_call_page(net.aws, &net.arena, &ec2_DescribeVpcs, NULL, &token, &err));
	assert_null(token);
	net_close(&net);
}

static void a_repeated_page_token_is_an_error(void **state)
{
	static const struct net_reply replies[] = {
		{200, VPCS(VPC("vpc-1"), "same")},
		{200, VPCS(VPC("vpc-1"), "same")},
	};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(aws_call(net.aws, &net.arena, &ec2_DescribeVpcs, NULL, &err));
	assert_int_equal(err.kind, ERROR_PROTOCOL);
	net_close(&net);
}

static void malformed_replies_of_every_protocol(void **state)
{
	static const struct {
		const struct aws_operation *operation;
		const char *body;
	} cases[] = {
		{&ec2_DescribeVpcs, "<DescribeVpcsResponse><vpcSet>"},
		{&ec2_DescribeVpcs, "<html><body>Welcome</body></html>"},
		{&ec2_DescribeVpcs, ""},
		{&ec2_DescribeVpcs, "{}"},
		{&iam_GetPolicy, "<GetPolicyResponse><Other/></GetPolicyResponse>"},
		{&memorydb_DescribeClusters, "{\"Clusters\":["},
		{&memorydb_DescribeClusters, "[]"},
		{&memorydb_DescribeClusters, "<html/>"},
		{&efs_DescribeFileSystems, "null"},
		{&s3_GetBucketCors, "<CORSConfiguration><CORSRule>"},
		{&s3_GetBucketPolicy, "\xff\xfe"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct net_reply reply = {200, cases[i].body, "x-amzn-RequestId: r-5\r\n"};
		struct net net = {0};
		struct error err = {0};

		net_open(&net, &reply, 1);
		assert_null(aws_call(net.aws, &net.arena, cases[i].operation,
			json_pack("{s:s}", "Bucket", "bkt"), &err));
		if (err.kind != ERROR_PROTOCOL)
			fail_msg("%s '%s': kind %d", cases[i].operation->id, cases[i].body, err.kind);
		assert_string_equal(err.request_id, "r-5");
		net_close(&net);
	}
}

static void a_denial_says_what_to_grant(void **state)
{
	static const struct net_reply replies[] = {{403,
		"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>r-9</RequestID></Response>"}};
	struct net net = {0};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_null(aws_call(net.aws, &net.arena, &ec2_DescribeSubnets, NULL, &err));
	assert_int_equal(err.kind, ERROR_DENIED);
	assert_string_equal(err.action, "ec2:DescribeSubnets");
	assert_string_equal(err.request_id, "r-9");
	assert_string_equal(net.events[0].code, "UnauthorizedOperation");
	net_close(&net);
}

/* Calls fly together, no more than 32 at a time, and an error of one is no error of another. */
static void calls_fly_together(void **state)
{
	struct net_reply replies[40];
	struct call *calls[40];
	struct net net = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(replies); i++)
		replies[i] = (struct net_reply){200, VPCS(VPC("vpc-1"), ""), .takes_ms = 1000};
	replies[7] = (struct net_reply){400,
		"<Response><Errors><Error><Code>X</Code></Error></Errors></Response>"};
	net_open(&net, replies, ARRAY_LENGTH(replies));
	for (size_t i = 0; i < ARRAY_LENGTH(calls); i++)
		calls[i] = aws_start(net.aws, &net.arena, &ec2_DescribeVpcs, NULL);
	while (!call_done(calls[39]) && aws_step(net.aws, 1000))
		;
	assert_int_equal(net.most_flying, 32);
	assert_in_range(net.clock_ms, 2000, 2100);
	for (size_t i = 0; i < ARRAY_LENGTH(calls); i++) {
		assert_true(call_done(calls[i]));
		assert_int_equal(call_error(calls[i])->kind, i == 7 ? ERROR_REJECTED : ERROR_NONE);
		assert_true((call_reply(calls[i]) == NULL) == (i == 7));
	}
	net_close(&net);
}

static void an_interrupt_ends_every_call(void **state)
{
	static const struct net_reply replies[] = {
		{200, IDENTITY, .takes_ms = 60000},
		{503, "", .takes_ms = 1},
	};
	struct net net = {.interrupt_at_ms = 5000, .random = UINT32_MAX};
	struct call *flying, *waiting;
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	flying = aws_start(net.aws, &net.arena, &sts_GetCallerIdentity, NULL);
	net.clock_ms = 4990;
	waiting = aws_start(net.aws, &net.arena, &ec2_DescribeVpcs, NULL);
	while (aws_step(net.aws, 60000))
		;
	assert_in_range(net.clock_ms, 5000, 5200);
	assert_true(call_done(flying) && call_done(waiting));
	assert_int_equal(call_error(flying)->kind, ERROR_INTERRUPTED);
	assert_int_equal(call_error(waiting)->kind, ERROR_INTERRUPTED);
	assert_int_equal(net.cancelled, 1);
	assert_int_equal(aws_sleep(net.aws, 1000, &err), -1);
	assert_int_equal(err.kind, ERROR_INTERRUPTED);
	net_close(&net);
}

static void an_uninterrupted_session_goes_on(void **state)
{
	static const struct net_reply replies[] = {{200, IDENTITY, .takes_ms = 7000}};
	struct net net = {.interrupt_at_ms = 5000, .options = {.uninterrupted = true}};
	struct error err = {0};

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	assert_non_null(aws_call(net.aws, &net.arena, &sts_GetCallerIdentity, NULL, &err));
	assert_int_equal(aws_sleep(net.aws, 1000, &err), 0);
	assert_int_equal(net.clock_ms, 8000);
	net_close(&net);
}

static void a_session_signs_with_given_credentials(void **state)
{
	static const struct net_reply replies[] = {{200, IDENTITY}, {200, IDENTITY}};
	static const struct credentials assumed = {.access_key = "ASIAASSUMED", .secret_key = "s"};
	struct net net = {0};
	struct arena arena = {0};
	struct error err = {0};
	struct aws *role, *nobody;
	struct call *unfinished;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	role = aws_with_credentials(net.aws, &arena, &assumed, "eu-west-1");
	assert_string_equal(aws_region(role), "eu-west-1");
	assert_non_null(aws_call(role, &arena, &sts_GetCallerIdentity, NULL, &err));
	assert_non_null(strstr(net.requests[0].authorization, "Credential=ASIAASSUMED/20260102/eu-west-1/"));
	assert_non_null(aws_call(net.aws, &arena, &sts_GetCallerIdentity, NULL, &err));
	assert_non_null(strstr(net.requests[1].authorization, "Credential=AKIDEXAMPLE/20260102/us-west-2/"));

	nobody = aws_with_credentials(net.aws, &arena, NULL, NULL);
	assert_string_equal(aws_region(nobody), "us-west-2");
	assert_null(aws_call(nobody, &arena, &sts_GetCallerIdentity, NULL, &err));
	assert_int_equal(err.kind, ERROR_CREDENTIALS);
	unfinished = aws_start(role, &net.arena, &sts_GetCallerIdentity, NULL);
	arena_free(&arena);
	assert_true(call_done(unfinished));
	assert_int_equal(call_error(unfinished)->kind, ERROR_INTERRUPTED);
	net_close(&net);
}

static void sleeping_turns_the_loop(void **state)
{
	static const struct net_reply replies[] = {{200, IDENTITY, .takes_ms = 500}};
	struct net net = {0};
	struct error err = {0};
	struct call *call;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	call = aws_start(net.aws, &net.arena, &sts_GetCallerIdentity, NULL);
	assert_int_equal(aws_sleep(net.aws, 2000, &err), 0);
	assert_int_equal(net.clock_ms, 2000);
	assert_true(call_done(call));
	net_close(&net);
}

/* The arena of a call may end while it flies; the session goes on. */
static void arenas_end_in_any_order(void **state)
{
	static const struct net_reply replies[] = {{200, IDENTITY, .takes_ms = 1000}, {200, IDENTITY}};
	struct net net = {0};
	struct arena shorter = {0}, longer = {0};
	struct error err = {0};
	struct call *outlived;

	(void)state;
	net_open(&net, replies, ARRAY_LENGTH(replies));
	aws_start(net.aws, &shorter, &sts_GetCallerIdentity, NULL);
	aws_step(net.aws, 10);
	arena_free(&shorter);
	assert_int_equal(net.cancelled, 1);
	assert_non_null(aws_call(net.aws, &net.arena, &sts_GetCallerIdentity, NULL, &err));
	outlived = aws_start(net.aws, &longer, &sts_GetCallerIdentity, NULL);
	net_close(&net);
	assert_int_equal(call_error(outlived)->kind, ERROR_INTERRUPTED);
	arena_free(&longer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_call),
		cmocka_unit_test(pages_become_one_reply),
		cmocka_unit_test(other_shapes_of_paging),
		cmocka_unit_test(one_page_at_a_time),
		cmocka_unit_test(a_repeated_page_token_is_an_error),
		cmocka_unit_test(malformed_replies_of_every_protocol),
		cmocka_unit_test(a_denial_says_what_to_grant),
		cmocka_unit_test(calls_fly_together),
		cmocka_unit_test(an_interrupt_ends_every_call),
		cmocka_unit_test(an_uninterrupted_session_goes_on),
		cmocka_unit_test(a_session_signs_with_given_credentials),
		cmocka_unit_test(sleeping_turns_the_loop),
		cmocka_unit_test(arenas_end_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
