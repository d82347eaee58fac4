/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of all protocols, byte by byte. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/wire.h"

static const struct endpoint plain = {.url = "https://h", .signing_region = "us-west-2"};
static const struct endpoint virtual_host = {"https://b.s3.us-west-2.amazonaws.com", "us-west-2", true};

static const char *header(const struct sigv4_request *request, const char *name)
{
	for (size_t i = 0; i < request->headers.count; i++)
		if (text_starts_with(request->headers.items[i], name))
			return request->headers.items[i] + strlen(name) + 2;
	return NULL;
}

static int build(struct arena *arena, const struct aws_operation *operation, const char *input,
	const struct endpoint *endpoint, struct sigv4_request *request, struct error *err)
{
	json_t *tree = json_loads(input, 0, NULL);

	assert_non_null(tree);
	tree_defer(arena, tree);
	return wire_build(arena, operation, tree, endpoint, request, err);
}

static void forms(void **state)
{
	static const struct {
		const struct aws_operation *operation;
		const char *input, *body;
	} cases[] = {
		{&sts_GetCallerIdentity, "{}", "Action=GetCallerIdentity&Version=2011-06-15"},
		{&ec2_DescribeVpcs,
			"{\"Filter\":[{\"Name\":\"tag:Name\",\"Value\":[\"a b\",\"c*\"]}],\"VpcId\":[\"vpc-1\"]}",
			"Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=tag%3AName&Filter.1.Value.1=a%20b&Filter.1.Value.2=c%2A&VpcId.1=vpc-1"},
		{&cloudformation_CreateStack,
			"{\"StackName\":\"s\",\"Capabilities\":[\"CAPABILITY_NAMED_IAM\"],\"Parameters\":[{\"ParameterKey\":\"A\",\"ParameterValue\":\"1\"},{\"ParameterKey\":\"B\","
			"\"UsePreviousValue\":true}],\"TimeoutInMinutes\":60,\"Tags\":[],\"RoleARN\":null}",
			"Action=CreateStack&Version=2010-05-15&StackName=s&Capabilities.member.1=CAPABILITY_NAMED_IAM"
			"&Parameters.member.1.ParameterKey=A&Parameters.member.1.ParameterValue=1&Parameters.member.2.ParameterKey=B&Parameters.member.2.UsePreviousValue=true"
			"&TimeoutInMinutes=60"},
		{&iam_UpdateAssumeRolePolicy,
			"{\"RoleName\":\"r\",\"PolicyDocument\":\"{\\\"é\\\":\\\"a+b\\\"}\"}",
			"Action=UpdateAssumeRolePolicy&Version=2010-05-08&RoleName=r&PolicyDocument=%7B%22%C3%A9%22%3A%22a%2Bb%22%7D"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct sigv4_request request;
		struct error err = {0};

		assert_int_equal(build(&arena, cases[i].operation, cases[i].input, &plain, &request, &err),
			0);
		assert_string_equal(request.method, "POST");
		assert_string_equal(request.url, "https://h/");
		assert_string_equal(request.body, cases[i].body);
		assert_int_equal(request.body_length, strlen(cases[i].body));
		assert_string_equal(header(&request, "Content-Type"),
			"application/x-www-form-urlencoded; charset=utf-8");
		arena_free(&arena);
	}
}

static void json_bodies(void **state)
{
	struct arena arena = {0};
	struct sigv4_request request;
	struct error err = {0};

	(void)state;
	assert_int_equal(build(&arena, &memorydb_DescribeClusters,
				 "{\"ClusterName\":\"c\",\"ShowShardDetails\":true}", &plain, &request, &err),
		0);
	assert_string_equal(request.body, "{\"ClusterName\":\"c\",\"ShowShardDetails\":true}");
	assert_string_equal(header(&request, "Content-Type"), "application/x-amz-json-1.1");
	assert_string_equal(header(&request, "X-Amz-Target"), "AmazonMemoryDB.DescribeClusters");
	assert_int_equal(wire_build(&arena, &memorydb_DescribeClusters, NULL, &plain, &request, &err), 0);
	assert_string_equal(request.body, "{}");
	arena_free(&arena);
}

static const struct aws_service s3_like = {.name = "s3", .protocol = PROTOCOL_REST_XML};
static const struct aws_operation put_object = {
	.id = "s3:PutObject",
	.service = &s3_like,
	.name = "PutObject",
	.method = "PUT",
	.path = "/{Bucket}/{Key+}",
};
static const struct aws_operation list_objects = {
	.id = "s3:ListObjectsV2",
	.service = &s3_like,
	.name = "ListObjectsV2",
	.method = "GET",
	.path = "/{Bucket}",
	.query = "list-type=2,prefix,delimiter,continuation-token,max-keys,start-after,encoding-type",
};
static const struct aws_service rest_like = {.name = "efs", .protocol = PROTOCOL_REST_JSON};
static const struct aws_operation put_backup = {
	.id = "efs:PutBackupPolicy",
	.service = &rest_like,
	.name = "PutBackupPolicy",
	.method = "PUT",
	.path = "/x/{FileSystemId}/backup-policy",
	.query = ",Marker",
};

static void rest_urls(void **state)
{
	static const struct {
		const struct aws_operation *operation;
		const char *input;
		const struct endpoint *endpoint;
		const char *method, *url;
	} cases[] = {
		{&efs_DescribeFileSystems, "{}", &plain, "GET", "https://h/2015-02-01/file-systems"},
		{&efs_DescribeFileSystems, "{\"FileSystemId\":\"fs-1\",\"Marker\":\"a/b\",\"MaxItems\":5}",
			&plain, "GET",
			"https://h/2015-02-01/file-systems?FileSystemId=fs-1&MaxItems=5&Marker=a%2Fb"},
		{&efs_DescribeFileSystemPolicy, "{\"FileSystemId\":\"arn:aws:x/fs-1\"}", &plain, "GET",
			"https://h/2015-02-01/file-systems/arn%3Aaws%3Ax%2Ffs-1/policy"},
		{&s3_HeadBucket, "{\"Bucket\":\"b\"}", &plain, "HEAD", "https://h/b"},
		{&s3_HeadBucket, "{\"Bucket\":\"b\"}", &virtual_host, "HEAD",
			"https://b.s3.us-west-2.amazonaws.com/"},
		{&s3_GetBucketPolicy, "{\"Bucket\":\"b\"}", &plain, "GET", "https://h/b?policy"},
		{&s3_GetBucketPolicy, "{\"Bucket\":\"b\"}", &virtual_host, "GET",
			"https://b.s3.us-west-2.amazonaws.com/?policy"},
		{&list_objects, "{\"Bucket\":\"b\",\"prefix\":\"r/a b\",\"continuation-token\":\"1/ab+c==\"}",
			&plain, "GET",
			"https://h/b?list-type=2&prefix=r%2Fa%20b&continuation-token=1%2Fab%2Bc%3D%3D"},
		{&put_object, "{\"Bucket\":\"b\",\"Key\":\"reg/a b+c/é=1~*.json\",\"Body\":\"x\"}", &plain,
			"PUT", "https://h/b/reg/a%20b%2Bc/%C3%A9%3D1~%2A.json"},
		{&put_object, "{\"Bucket\":\"b\",\"Key\":\"../k/\",\"Body\":\"x\"}", &virtual_host, "PUT",
			"https://b.s3.us-west-2.amazonaws.com/../k/"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct sigv4_request request;
		struct error err = {0};

		if (build(&arena, cases[i].operation, cases[i].input, cases[i].endpoint, &request, &err) < 0)
			fail_msg("%s: %s", cases[i].url, err.frame[0]);
		assert_string_equal(request.method, cases[i].method);
		assert_string_equal(request.url, cases[i].url);
		arena_free(&arena);
	}
}

static void rest_bodies_and_headers(void **state)
{
	struct arena arena = {0};
	struct sigv4_request request;
	struct error err = {0};

	(void)state;
	assert_int_equal(
		build(&arena, &put_object,
			"{\"Bucket\":\"b\",\"Key\":\"k\",\"Body\":\"<x/>\",\"Header:If-None-Match\":\"*\"}",
			&plain, &request, &err),
		0);
	assert_string_equal(request.body, "<x/>");
	assert_int_equal(request.body_length, 4);
	assert_string_equal(header(&request, "If-None-Match"), "*");
	assert_int_equal(
		build(&arena, &put_backup,
			"{\"FileSystemId\":\"fs-1\",\"Marker\":\"m\",\"BackupPolicy\":{\"Status\":\"ENABLED\"}}",
			&plain, &request, &err),
		0);
	assert_string_equal(request.body, "{\"BackupPolicy\":{\"Status\":\"ENABLED\"}}");
	assert_string_equal(header(&request, "Content-Type"), "application/json");
	assert_int_equal(build(&arena, &s3_HeadBucket, "{\"Bucket\":\"b\"}", &plain, &request, &err), 0);
	assert_null(request.body);
	assert_int_equal(request.headers.count, 0);
	arena_free(&arena);
}

static void refused(void **state)
{
	static const struct {
		const struct aws_operation *operation;
		const char *input, *says;
	} cases[] = {
		{&efs_DescribeFileSystemPolicy, "{}", "needs the member FileSystemId"},
		{&efs_DescribeFileSystemPolicy, "{\"FileSystemId\":\"\"}", "needs the member FileSystemId"},
		{&efs_DescribeFileSystemPolicy, "{\"FileSystemId\":[1]}", "needs the member FileSystemId"},
		{&efs_DescribeFileSystems, "{\"Marker\":{}}", "Marker"},
		{&put_object, "{\"Bucket\":\"b\",\"Key\":\"k\",\"Header:X\":\"a\\r\\nB: c\"}", "Header:X"},
		{&put_object, "{\"Bucket\":\"b\",\"Key\":\"k\",\"Header:\":\"a\"}", "Header:"},
		{&put_object, "{\"Bucket\":\"b\",\"Key\":\"k\",\"Surplus\":\"a\"}", "Surplus"},
		{&ec2_DescribeVpcs, "{\"a\":[[[[[[[[[[[[[[[[[[\"x\"]]]]]]]]]]]]]]]]]]}", "cannot be sent"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct sigv4_request request;
		struct error err = {0};

		assert_int_equal(build(&arena, cases[i].operation, cases[i].input, &plain, &request, &err),
			-1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!strstr(err.frame[0], cases[i].says))
			fail_msg("'%s' does not say '%s'", err.frame[0], cases[i].says);
		arena_free(&arena);
	}
}

static void requests_are_bounded(void **state)
{
	struct arena arena = {0};
	struct sigv4_request request;
	struct error err = {0};
	char *large = arena_alloc(&arena, 2 << 20);
	json_t *input = json_object();

	(void)state;
	memset(large, 'a', (2 << 20) - 1);
	json_object_set_new(input, "ClusterName", json_string(large));
	tree_defer(&arena, input);
	assert_int_equal(wire_build(&arena, &memorydb_DescribeClusters, input, &plain, &request, &err), -1);
	assert_int_equal(wire_build(&arena, &ec2_DescribeVpcs, input, &plain, &request, &err), -1);
	assert_non_null(strstr(err.frame[0], "1 MiB"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(json_bodies),
		cmocka_unit_test(rest_urls),
		cmocka_unit_test(rest_bodies_and_headers),
		cmocka_unit_test(refused),
		cmocka_unit_test(requests_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
