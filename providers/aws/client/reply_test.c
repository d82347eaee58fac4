/* SPDX-License-Identifier: Apache-2.0 */
/* Replies unwrapped: result elements, raw payloads, headers as members, IAM's encoded documents. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/percent.h"
#include "providers/aws/client/reply.h"
#include "providers/net/transport.h"

struct reply_case {
	const struct aws_operation *operation;
	const char *headers, *body, *path, *text;
};

static const struct reply_case cases[] = {
	{&ec2_DescribeVpcAttribute, "",
		"<DescribeVpcAttributeResponse xmlns='u'><requestId>r</requestId><vpcId>vpc-1</vpcId><enableDnsSupport><value>true</value>"
		"</enableDnsSupport></DescribeVpcAttributeResponse>",
		"enableDnsSupport.value", "true"},
	{&sts_GetCallerIdentity, "",
		"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>012345678901</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
		"Account", "012345678901"},
	{&memorydb_DescribeClusters, "", "{\"Clusters\":[{\"Name\":\"c\"}]}", "Clusters.0.Name", "c"},
	{&s3_GetBucketPolicy, "", "{\"Version\":\"2012-10-17\"}", "Policy", "{\"Version\":\"2012-10-17\"}"},
	{&s3_HeadBucket, "Server: x\r\nX-AMZ-Bucket-Region:  eu-west-1\r\n", "", "BucketRegion", "eu-west-1"},
	{&s3_GetPublicAccessBlock, "", "<PublicAccessBlockConfiguration xmlns='u'/>", "BlockPublicAcls", ""},
	{&iam_GetRole, "",
		"<GetRoleResponse><GetRoleResult><Role><AssumeRolePolicyDocument>%7B%22a%22%3A%22b+c%20%C3%A9%22%7D</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>",
		"Role.AssumeRolePolicyDocument", "{\"a\":\"b+c \xc3\xa9\"}"},
	{&iam_ListInstanceProfilesForRole, "",
		"<ListInstanceProfilesForRoleResponse><ListInstanceProfilesForRoleResult><InstanceProfiles><member><Roles>"
		"<member><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></member></Roles></member></InstanceProfiles></ListInstanceProfilesForRoleResult></"
		"ListInstanceProfilesForRoleResponse>",
		"InstanceProfiles.0.Roles.0.AssumeRolePolicyDocument", "{}"},
	/* no UTF-8 after decoding: as it came */
	{&iam_GetRolePolicy, "",
		"<GetRolePolicyResponse><GetRolePolicyResult><PolicyDocument>%FF%FE</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>",
		"PolicyDocument", "%FF%FE"},
	{&cloudformation_DeleteStack, "",
		"<DeleteStackResponse><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></DeleteStackResponse>",
		"ResponseMetadata.RequestId", "r"},
	{&iam_ListRolePolicies, "",
		"<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames/></ListRolePoliciesResult></ListRolePoliciesResponse>",
		"PolicyNames", ""},
	{&efs_DescribeFileSystems, "", "{\"FileSystems\":[]}", "FileSystems", ""},
};

static void replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct error err = {0};
		struct exchange x = {
			.status = 200,
			.reply_headers = {.arena = &arena, .max = 1000},
			.reply_body = {.arena = &arena, .max = 10000},
		};
		json_t *tree;

		str_puts(&x.reply_headers, cases[i].headers);
		str_puts(&x.reply_body, cases[i].body);
		tree = reply_read(&arena, cases[i].operation, &x, &err);
		if (!tree)
			fail_msg("%s: %s", cases[i].operation->id, err.frame[0]);
		assert_true(json_is_object(tree));
		assert_string_equal(tree_text(tree, cases[i].path), cases[i].text);
		json_decref(tree);
		arena_free(&arena);
	}
}

/* Answers of a proxy, a captive portal, a half-made emulator: none of them may pass for "there is nothing". */
static const struct {
	const struct aws_operation *operation;
	const char *body;
} strangers[] = {
	{&ec2_DescribeVpcs, "<DescribeVpcsResponse/>"},
	{&ec2_DescribeVpcs, "<DescribeVpcsResponse><vpcSet>none</vpcSet></DescribeVpcsResponse>"},
	{&ec2_DescribeVpcAttribute, "<DescribeVpcAttributeResponse/>"},
	{&sts_GetCallerIdentity,
		"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"},
	{&sts_GetCallerIdentity,
		"<GetCallerIdentityResponse><GetCallerIdentityResult><Account/></GetCallerIdentityResult></GetCallerIdentityResponse>"},
	{&sts_GetCallerIdentity,
		"<GetCallerIdentityResponse><GetCallerIdentityResult><Account><a>1</a></Account></GetCallerIdentityResult></GetCallerIdentityResponse>"},
	{&kms_GetKeyPolicy, "{\"Policy\": 7}"},
	{&kms_DescribeKey, "{\"KeyMetadata\": []}"},
	{&iam_GetRole, "<GetRoleResponse><GetRoleResult><Role>odd</Role></GetRoleResult></GetRoleResponse>"},
	{&iam_GetRole, "<GetRoleResponse><GetRoleResult><Role/></GetRoleResult></GetRoleResponse>"},
	{&ec2_DescribeRegions,
		"<DescribeRegionsResponse><regionInfo>odd</regionInfo></DescribeRegionsResponse>"},
	{&iam_ListRolePolicies,
		"<ListRolePoliciesResponse><ListRolePoliciesResult/></ListRolePoliciesResponse>"},
	{&efs_DescribeFileSystems, ""},
	{&efs_DescribeFileSystems, "{}"},
	{&efs_DescribeFileSystems, "{\"FileSystems\":\"x\"}"},
	{&efs_DescribeFileSystemPolicy, "{}"},
	{&efs_DescribeBackupPolicy, ""},
	{&memorydb_DescribeClusters, "{\"Clusters\":null}"},
	{&s3_HeadBucket, ""},
	{&s3_GetBucketCors, ""},
	{&s3_GetBucketCors, "<html><body>Log in</body></html>"},
	{&s3_GetPublicAccessBlock, "<CORSConfiguration/>"},
	{&s3_GetBucketPolicy, "<html/>"},
};

static void answers_of_strangers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(strangers); i++) {
		struct arena arena = {0};
		struct error err = {0};
		struct exchange x = {
			.status = 200,
			.reply_headers = {.arena = &arena, .max = 1000},
			.reply_body = {.arena = &arena, .max = 10000},
		};

		str_puts(&x.reply_body, strangers[i].body);
		if (reply_read(&arena, strangers[i].operation, &x, &err))
			fail_msg("%s took %s", strangers[i].operation->id, strangers[i].body);
		assert_int_equal(err.kind, ERROR_PROTOCOL);
		arena_free(&arena);
	}
}

static void percent(void **state)
{
	static const struct {
		const char *encoded, *decoded;
	} pairs[] = {
		{"a%20b", "a b"},
		{"%C3%a9", "\xc3\xa9"},
		{"a+b", "a+b"},
		{"%", "%"},
		{"%4", "%4"},
		{"%zz", "%zz"},
		{"%00", "%00"},
		{"100%25", "100%"},
	};
	struct arena arena = {0};
	struct str out = {.arena = &arena, .max = 100};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
		assert_string_equal(percent_decode(&arena, pairs[i].encoded), pairs[i].decoded);
	percent_encode(&out, "aZ09-_.~/ *+\xff", 13, false);
	assert_string_equal(str_text(&out), "aZ09-_.~%2F%20%2A%2B%FF");
	str_clear(&out);
	percent_encode(&out, "a/b c", 5, true);
	assert_string_equal(str_text(&out), "a/b%20c");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies),
		cmocka_unit_test(answers_of_strangers),
		cmocka_unit_test(percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
