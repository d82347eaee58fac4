/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts, overrides and S3 addressing. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/world.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/credentials/profile.h"

static const char *const *variables; /* name, value, …, NULL */

static const char *environment(struct world *world, const char *name)
{
	(void)world;
	for (const char *const *v = variables; v && *v; v += 2)
		if (strcmp(*v, name) == 0)
			return v[1];
	return NULL;
}

static struct world world = {.environment = environment};

struct endpoint_case {
	const struct aws_operation *operation;
	const char *region, *bucket, *option, *config;
	const char *variables[5];
	const char *url, *signing_region;
	bool bucket_in_host;
};

static const struct endpoint_case cases[] = {
	{&ec2_DescribeVpcs, "us-west-2", .url = "https://ec2.us-west-2.amazonaws.com",
		.signing_region = "us-west-2"},
	{&sts_GetCallerIdentity, "eu-south-2", .url = "https://sts.eu-south-2.amazonaws.com",
		.signing_region = "eu-south-2"},
	{&memorydb_DescribeClusters, "us-west-2", .url = "https://memory-db.us-west-2.amazonaws.com",
		.signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "cn-north-1", .url = "https://ec2.cn-north-1.amazonaws.com.cn",
		.signing_region = "cn-north-1"},
	{&iam_GetRole, "us-west-2", .url = "https://iam.amazonaws.com", .signing_region = "us-east-1"},
	{&iam_GetRole, NULL, .url = "https://iam.amazonaws.com", .signing_region = "us-east-1"},
	{&iam_GetRole, "us-gov-east-1", .url = "https://iam.us-gov.amazonaws.com",
		.signing_region = "us-gov-west-1"},
	{&iam_GetRole, "cn-northwest-1", .url = "https://iam.cn-north-1.amazonaws.com.cn",
		.signing_region = "cn-north-1"},
	{&s3_HeadBucket, "us-west-2", "my-bucket", .url = "https://my-bucket.s3.us-west-2.amazonaws.com",
		.signing_region = "us-west-2", .bucket_in_host = true},
	{&s3_HeadBucket, "us-west-2", "dotted.bucket", .url = "https://s3.us-west-2.amazonaws.com",
		.signing_region = "us-west-2"},
	{&s3_HeadBucket, "us-west-2", "Old_Bucket", .url = "https://s3.us-west-2.amazonaws.com",
		.signing_region = "us-west-2"},
	/* overrides, in their order; IAM keeps its signing region; S3 goes by path */
	{&iam_GetRole, "us-west-2", .option = "http://127.0.0.1:5000/", .url = "http://127.0.0.1:5000",
		.signing_region = "us-east-1"},
	{&s3_HeadBucket, "us-west-2", "my-bucket", .option = "http://h:9000/base/",
		.url = "http://h:9000/base", .signing_region = "us-west-2"},
	{&s3_HeadBucket, "us-west-2", "my-bucket", .option = "https://h:9000",
		.config = "[default]\ns3 =\n  addressing_style = virtual\n",
		.url = "https://my-bucket.h:9000", .signing_region = "us-west-2", .bucket_in_host = true},
	{&s3_HeadBucket, "us-west-2", "my-bucket", .config = "[default]\ns3 =\n  addressing_style = path\n",
		.url = "https://s3.us-west-2.amazonaws.com", .signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2", .option = "http://o",
		.variables = {"AWS_ENDPOINT_URL_EC2", "http://v"}, .url = "http://o",
		.signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2",
		.variables = {"AWS_ENDPOINT_URL", "http://general", "AWS_ENDPOINT_URL_EC2", "http://ec2"},
		.url = "http://ec2", .signing_region = "us-west-2"},
	{&servicequotas_GetServiceQuota, "us-west-2",
		.variables = {"AWS_ENDPOINT_URL_SERVICE_QUOTAS", "http://q"}, .url = "http://q",
		.signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2", .variables = {"AWS_ENDPOINT_URL_EFS", "http://efs"},
		.url = "https://ec2.us-west-2.amazonaws.com", .signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2",
		.variables = {"AWS_ENDPOINT_URL", "http://g", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"},
		.url = "https://ec2.us-west-2.amazonaws.com", .signing_region = "us-west-2"},
	{&efs_DescribeFileSystems, "us-west-2",
		.config =
			"[default]\nendpoint_url = http://own\nservices = lab\n[services lab]\nefs =\n  endpoint_url = http://efs\n",
		.url = "http://efs", .signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2",
		.config =
			"[default]\nendpoint_url = http://own\nservices = lab\n[services lab]\nefs =\n  endpoint_url = http://efs\n",
		.url = "http://own", .signing_region = "us-west-2"},
	{&ec2_DescribeVpcs, "us-west-2",
		.config = "[default]\nendpoint_url = http://own\nignore_configured_endpoint_urls = true\n",
		.url = "https://ec2.us-west-2.amazonaws.com", .signing_region = "us-west-2"},
	{&s3_HeadBucket, "us-west-2", "my-bucket",
		.config = "[default]\ns3 =\n  use_dualstack_endpoint = true\n",
		.url = "https://my-bucket.s3.dualstack.us-west-2.amazonaws.com",
		.signing_region = "us-west-2", .bucket_in_host = true},
	{&ec2_DescribeVpcs, "us-west-2", .config = "[default]\nuse_fips_endpoint = true\n",
		.variables = {"AWS_USE_FIPS_ENDPOINT", "false"}, .url = "https://ec2.us-west-2.amazonaws.com",
		.signing_region = "us-west-2"},
};

static int find(struct arena *arena, const struct endpoint_case *c, struct endpoint *endpoint,
	struct error *err)
{
	struct profiles profiles = {0};
	struct endpoint_settings settings = {&world, &profiles, "default", c->option};

	variables = c->variables;
	assert_int_equal(profiles_parse(arena, &profiles, "f",
				 arena_strdup(arena, c->config ? c->config : ""), false, err),
		0);
	return endpoint_find(arena, &settings, c->operation->service, c->region, c->bucket, endpoint, err);
}

static void endpoints(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct endpoint endpoint;
		struct error err = {0};

		if (find(&arena, &cases[i], &endpoint, &err) < 0)
			fail_msg("%s: %s", cases[i].url, err.frame[0]);
		assert_string_equal(endpoint.url, cases[i].url);
		assert_string_equal(endpoint.signing_region, cases[i].signing_region);
		assert_int_equal(endpoint.bucket_in_host, cases[i].bucket_in_host);
		arena_free(&arena);
	}
}

static void refused(void **state)
{
	static const struct endpoint_case wrong[] = {
		{&ec2_DescribeVpcs, NULL, .url = "--region"},
		{&ec2_DescribeVpcs, "us-west-2.evil.org/", .url = "not the name of a region"},
		{&s3_HeadBucket, "us-west-2", "b/../c", .url = "not the name of a bucket"},
		{&s3_HeadBucket, "us-west-2", "", .url = "not the name of a bucket"},
		{&s3_HeadBucket, "us-west-2", "arn:aws:s3:::b", .url = "not the name of a bucket"},
		{&ec2_DescribeVpcs, "us-west-2", .variables = {"AWS_ENDPOINT_URL", "file:///etc/passwd"},
			.url = "AWS_ENDPOINT_URL must begin"},
		{&ec2_DescribeVpcs, "us-west-2", .variables = {"AWS_ENDPOINT_URL_EC2", "http://u:p@h/"},
			.url = "AWS_ENDPOINT_URL_EC2 must be a plain URL"},
		{&ec2_DescribeVpcs, "us-west-2", .option = "http://", .url = "--endpoint-url is not a URL"},
		{&ec2_DescribeVpcs, "us-west-2", .option = "http://h/?q", .url = "--endpoint-url"},
		{&ec2_DescribeVpcs, "us-west-2", .option = "http://h/\n", .url = "--endpoint-url"},
		{&ec2_DescribeVpcs, "us-west-2", .option = "http://h",
			.variables = {"AWS_USE_FIPS_ENDPOINT", "true"},
			.url = "--endpoint-url cannot be combined with FIPS"},
		{&s3_HeadBucket, "cn-north-1", "bucket", .variables = {"AWS_USE_FIPS_ENDPOINT", "true"},
			.url = "no FIPS endpoints in China"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
		struct arena arena = {0};
		struct endpoint endpoint;
		struct error err = {0};

		assert_int_equal(find(&arena, &wrong[i], &endpoint, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		if (!strstr(err.frame[0], wrong[i].url))
			fail_msg("'%s' does not say '%s'", err.frame[0], wrong[i].url);
		arena_free(&arena);
	}
}

static void region_names(void **state)
{
	static const char *const good[] = {"us-west-2", "us-gov-east-1", "ap-southeast-12", "eusc-de-east-1"};
	static const char *const bad[] = {"", "us", "us-west", "us-west-", "us-west-2a", "US-WEST-2",
		"us-west-2 ", "-us-west-2", "us--west-2", "us-west-2\n", "2-us-west",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbb-1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
		assert_true(endpoint_region_valid(good[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
		if (endpoint_region_valid(bad[i]))
			fail_msg("'%s' passes for a region", bad[i]);
	assert_string_equal(endpoint_partition(NULL)->name, "aws");
	assert_string_equal(endpoint_partition("us-gov-west-1")->name, "aws-us-gov");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints),
		cmocka_unit_test(refused),
		cmocka_unit_test(region_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
