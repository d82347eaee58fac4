/* SPDX-License-Identifier: Apache-2.0 */
/* Error replies of all protocols, and bodies that are not AWS's. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "providers/aws/client/fault.h"
#include "providers/net/transport.h"

#define QUERY_ERROR(code, message) \
	"<ErrorResponse xmlns='u'><Error><Type>Sender</Type><Code>" code "</Code><Message>" message \
	"</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
#define EC2_ERROR(code, message) \
	"<?xml version='1.0'?><Response><Errors><Error><Code>" code "</Code><Message>" message \
	"</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
#define S3_ERROR(code) \
	"<Error><Code>" code "</Code><Message>m</Message><RequestId>r-1</RequestId><HostId>h</HostId></" \
	"Error>"

struct fault_case {
	const struct aws_operation *operation;
	int status;
	const char *headers, *body;
	enum error_kind kind;
	enum fault_class class;
	const char *code, *action;
};

static const struct fault_case cases[] = {
	/* one error, five protocols */
	{&ec2_DescribeVpcs, 400, "", EC2_ERROR("InvalidVpcID.NotFound", "m"), ERROR_NOT_FOUND, FAULT_FINAL,
		"InvalidVpcID.NotFound", ""},
	{&iam_GetRole, 404, "", QUERY_ERROR("NoSuchEntity", "m"), ERROR_NOT_FOUND, FAULT_FINAL,
		"NoSuchEntity", ""},
	{&memorydb_DescribeClusters, 400, "x-amzn-RequestId: r-1\r\n",
		"{\"__type\":\"com.amazonaws.memorydb#ClusterNotFoundFault\",\"message\":\"m\"}",
		ERROR_NOT_FOUND, FAULT_FINAL, "ClusterNotFoundFault", ""},
	{&efs_DescribeFileSystems, 404,
		"x-amzn-RequestId: r-1\r\nx-amzn-ErrorType: FileSystemNotFound:http://i/\r\n",
		"{\"ErrorCode\":\"Other\",\"Message\":\"m\"}", ERROR_NOT_FOUND, FAULT_FINAL,
		"FileSystemNotFound", ""},
	{&s3_GetBucketCors, 404, "", S3_ERROR("NoSuchCORSConfiguration"), ERROR_NOT_FOUND, FAULT_FINAL,
		"NoSuchCORSConfiguration", ""},
	{&kms_DescribeKey, 400, "x-amzn-RequestId: r-1\r\nx-amzn-query-error: NotFound;Sender\r\n",
		"{\"__type\":\"X\",\"message\":\"m\"}", ERROR_NOT_FOUND, FAULT_FINAL, "NotFound", ""},
	/* denied: AWS's word for the action, else the row's */
	{&ec2_DescribeVpcs, 403, "",
		EC2_ERROR("UnauthorizedOperation",
			"User: arn:aws:iam::1:user/a is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows it"),
		ERROR_DENIED, FAULT_FINAL, "UnauthorizedOperation", "ec2:DescribeVpcs"},
	{&cloudformation_CreateStack, 403, "",
		QUERY_ERROR("AccessDenied",
			"User: u is not authorized to perform: iam:PassRole on resource: r"),
		ERROR_DENIED, FAULT_FINAL, "AccessDenied", "iam:PassRole"},
	{&ec2_DescribeSubnets, 403, "", EC2_ERROR("UnauthorizedOperation", "You may not perform this"),
		ERROR_DENIED, FAULT_FINAL, "UnauthorizedOperation", "ec2:DescribeSubnets"},
	{&s3_HeadBucket, 403, "x-amz-request-id: r-1\r\n", "", ERROR_DENIED, FAULT_FINAL, "403",
		"s3:ListBucket"},
	{&s3_GetBucketCors, 403, "", S3_ERROR("AccessDenied"), ERROR_DENIED, FAULT_FINAL, "AccessDenied",
		"s3:GetBucketCORS"},
	/* S3 HEAD */
	{&s3_HeadBucket, 404, "x-amz-request-id: r-1\r\n", "", ERROR_NOT_FOUND, FAULT_FINAL, "404", ""},
	/* Only the answer to HEAD has no body; without one, a 404 says nothing about the resource. */
	{&iam_GetRole, 404, "x-amzn-requestid: r-1\r\n", "", ERROR_PROTOCOL, FAULT_FINAL, "404", ""},
	{&s3_GetBucketCors, 404, "x-amz-request-id: r-1\r\n", "", ERROR_PROTOCOL, FAULT_FINAL, "404", ""},
	{&s3_HeadBucket, 301, "x-amz-request-id: r-1\r\n", "", ERROR_REJECTED, FAULT_REGION, "301", ""},
	{&s3_GetBucketCors, 301, "", S3_ERROR("PermanentRedirect"), ERROR_REJECTED, FAULT_REGION,
		"PermanentRedirect", ""},
	/* throttling, and what only sounds like it */
	{&cloudformation_DescribeStacks, 400, "", QUERY_ERROR("Throttling", "Rate exceeded"), ERROR_THROTTLED,
		FAULT_THROTTLE, "Throttling", ""},
	{&ec2_DescribeVpcs, 503, "", EC2_ERROR("RequestLimitExceeded", "m"), ERROR_THROTTLED, FAULT_THROTTLE,
		"RequestLimitExceeded", ""},
	{&s3_GetBucketCors, 503, "", S3_ERROR("SlowDown"), ERROR_THROTTLED, FAULT_THROTTLE, "SlowDown", ""},
	{&kms_DescribeKey, 400, "x-amzn-RequestId: r-1\r\n", "{\"__type\":\"LimitExceededException\"}",
		ERROR_THROTTLED, FAULT_THROTTLE, "LimitExceededException", ""},
	{&cloudformation_CreateStack, 400, "", QUERY_ERROR("LimitExceededException", "m"), ERROR_REJECTED,
		FAULT_FINAL, "LimitExceededException", ""},
	{&iam_GetRole, 409, "", QUERY_ERROR("LimitExceeded", "m"), ERROR_CONFLICT, FAULT_FINAL,
		"LimitExceeded", ""},
	{&iam_GetRole, 429, "x-amzn-RequestId: r-1\r\n", "", ERROR_THROTTLED, FAULT_THROTTLE, "429", ""},
	{&cloudformation_CreateStack, 429, "", QUERY_ERROR("ConcurrentResourcesLimitExceeded", "m"),
		ERROR_REJECTED, FAULT_FINAL, "ConcurrentResourcesLimitExceeded", ""},
	/* AWS failed */
	{&iam_GetRole, 501, "x-amzn-RequestId: r-1\r\n", "", ERROR_SERVICE, FAULT_FINAL, "501", ""},
	{&iam_GetRole, 504, "x-amzn-RequestId: r-1\r\n", "", ERROR_SERVICE, FAULT_TRANSIENT, "504", ""},
	{&iam_GetRole, 500, "", QUERY_ERROR("ServiceFailure", "m"), ERROR_SERVICE, FAULT_TRANSIENT,
		"ServiceFailure", ""},
	{&iam_GetRole, 503, "", QUERY_ERROR("ServiceUnavailable", "m"), ERROR_SERVICE, FAULT_TRANSIENT,
		"ServiceUnavailable", ""},
	{&iam_GetRole, 502, "x-amzn-RequestId: r-1\r\n", "", ERROR_SERVICE, FAULT_TRANSIENT, "502", ""},
	{&s3_GetBucketCors, 200, "", S3_ERROR("InternalError"), ERROR_SERVICE, FAULT_TRANSIENT,
		"InternalError", ""},
	/* credentials and time */
	{&sts_GetCallerIdentity, 403, "", QUERY_ERROR("InvalidClientTokenId", "m"), ERROR_CREDENTIALS,
		FAULT_FINAL, "InvalidClientTokenId", ""},
	{&sts_GetCallerIdentity, 403, "", QUERY_ERROR("ExpiredToken", "m"), ERROR_CREDENTIALS, FAULT_EXPIRED,
		"ExpiredToken", ""},
	{&sts_GetCallerIdentity, 403, "", QUERY_ERROR("SignatureDoesNotMatch", "m"), ERROR_CREDENTIALS,
		FAULT_SKEW, "SignatureDoesNotMatch", ""},
	{&s3_GetBucketCors, 403, "", S3_ERROR("RequestTimeTooSkewed"), ERROR_CREDENTIALS, FAULT_SKEW,
		"RequestTimeTooSkewed", ""},
	/* a missing stack is known by its text only */
	{&cloudformation_DescribeStacks, 400, "",
		QUERY_ERROR("ValidationError", "Stack with id x does not exist"), ERROR_NOT_FOUND,
		FAULT_FINAL, "ValidationError", ""},
	{&cloudformation_DescribeStacks, 400, "", QUERY_ERROR("ValidationError", "bad name"), ERROR_REJECTED,
		FAULT_FINAL, "ValidationError", ""},
	{&cloudformation_CreateStack, 400, "", QUERY_ERROR("AlreadyExistsException", "m"), ERROR_CONFLICT,
		FAULT_FINAL, "AlreadyExistsException", ""},
};

static enum fault_class read_case(struct arena *arena, const struct fault_case *c, struct error *err)
{
	struct exchange x = {
		.status = c->status,
		.reply_headers = {.arena = arena, .max = 1 << 16},
		.reply_body = {.arena = arena, .max = 1 << 20},
	};

	str_puts(&x.reply_headers, c->headers);
	str_puts(&x.reply_body, c->body);
	assert_true(fault_is(c->operation, &x));
	return fault_read(arena, c->operation, &x, NULL, err);
}

static void families(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct error err = {0};
		enum fault_class class = read_case(&arena, &cases[i], &err);

		if (err.kind != cases[i].kind || class != cases[i].class)
			fail_msg("%s %d %s: kind %d, class %d", cases[i].operation->id, cases[i].status,
				cases[i].code, err.kind, class);
		assert_string_equal(err.code, cases[i].code);
		assert_string_equal(err.action, cases[i].action);
		assert_string_equal(err.request_id, "r-1");
		assert_int_equal(err.http_status, cases[i].status);
		assert_true(err.frame[0][0] != '\0');
		arena_free(&arena);
	}
}

/* Pages of proxies and load balancers, cut and broken bodies: no code, no claim about the thing asked for. */
static void strangers(void **state)
{
	static const char *const bodies[] = {
		"<html><body>503</body></html>",
		"<!DOCTYPE html><html>",
		"plain text",
		"{\"a\":",
		"[1]",
		"null",
		"<Response><Errors><Error><Code>Inv",
		"\xff\xfe\x00",
		"<Error/>",
		"{\"__type\":5}",
		"   ",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
		struct arena arena = {0};
		struct error err = {0};
		struct fault_case c = {&iam_GetRole, 404, "Content-Type: text/html\r\n", bodies[i]};

		assert_int_equal(read_case(&arena, &c, &err), FAULT_FINAL);
		assert_int_equal(err.kind, ERROR_PROTOCOL);
		assert_string_equal(err.code, "404");
		assert_non_null(strstr(err.frame[0], "text/html"));
		c.status = 503;
		assert_int_equal(read_case(&arena, &c, &err), FAULT_TRANSIENT);
		assert_int_equal(err.kind, ERROR_SERVICE);
		arena_free(&arena);
	}
}

static void the_encoded_blob_is_left_out(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct fault_case c = {&ec2_DescribeVpcs, 403, "",
		EC2_ERROR("UnauthorizedOperation",
			"You are not authorized. Encoded authorization failure message: AAAABBBB")};

	(void)state;
	read_case(&arena, &c, &err);
	assert_string_equal(err.frame[0], "You are not authorized");
	arena_free(&arena);
}

static void long_fields_are_cut(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	char body[2048], code[600];
	struct fault_case c = {&iam_GetRole, 400, "", body};

	(void)state;
	memset(code, 'C', sizeof(code));
	code[sizeof(code) - 1] = '\0';
	snprintf(body, sizeof(body), "{\"code\":\"%s\",\"message\":\"to perform: %s:%s\"}", code, code, code);
	read_case(&arena, &c, &err);
	assert_int_equal(strlen(err.code), sizeof(err.code) - 1);
	assert_int_equal(err.kind, ERROR_REJECTED);
	arena_free(&arena);
}

static void success_is_no_fault(void **state)
{
	struct arena arena = {0};
	struct exchange x = {.status = 200, .reply_body = {.arena = &arena, .max = 1000}};

	(void)state;
	str_puts(&x.reply_body,
		"<CORSConfiguration><CORSRule><ID>&lt;Error></ID></CORSRule></CORSConfiguration>");
	assert_false(fault_is(&s3_GetBucketCors, &x));
	str_clear(&x.reply_body);
	str_puts(&x.reply_body, "<CORSConfiguration><Error/></CORSConfiguration>");
	assert_false(fault_is(&s3_GetBucketCors, &x));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families),
		cmocka_unit_test(strangers),
		cmocka_unit_test(the_encoded_blob_is_left_out),
		cmocka_unit_test(long_fields_are_cut),
		cmocka_unit_test(success_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
