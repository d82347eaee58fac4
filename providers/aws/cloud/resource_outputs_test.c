/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs of Terraform and of stacks into resources: the names that are known, and values of every wrong kind. */
#include "providers/aws/cloud/resource_outputs.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/terraform_outputs.h"
#include "providers/records/cloud.h"

/* The error's text, or "" and the cloud. */
static const char *read(struct arena *arena, const char *text, struct cloud *cloud)
{
	struct error err = {0};
	const json_t *outputs = terraform_outputs_parse(arena, text, strlen(text), &err);

	*cloud = (struct cloud){0};
	if (outputs && resource_outputs_read(arena, outputs, cloud, &err) == 0)
		return "";
	assert_int_equal(err.kind, ERROR_INPUT);
	return arena_strdup(arena, err.frame[0]);
}

#define OUT(name, value) "\"" name "\": {\"sensitive\": false, \"type\": \"string\", \"value\": " value "}"

static void the_modules_outputs(void **state)
{
	static const char *const forms[] = {"{%s}",
		"{\"version\": 4, \"terraform_version\": \"1.9.0\", \"serial\": 3, \"lineage\": \"x\", \"outputs\": {%s}, \"resources\": []}"};
	static const char outputs[] = OUT("anyscale_vpc_id",
		"\"vpc-1\"") ", " OUT("anyscale_vpc_public_subnet_ids",
		"[\"subnet-1\"]") ", " OUT("anyscale_vpc_private_subnet_ids",
		"[\"subnet-2\", \"subnet-3\"]") ", " OUT("anyscale_security_group_id",
		"\"sg-1\"") ", " OUT("anyscale_s3_bucket_id", "\"data\"") ", " OUT("anyscale_efs_id",
		"\"\"") ", " OUT("anyscale_iam_role_arn",
		"\"arn:c\"") ", " OUT("anyscale_iam_role_cluster_node_arn",
		"\"arn:n\"") ", " OUT("anyscale_iam_role_external_id",
		"\"theirs\"") ", " OUT("anyscale_memorydb_cluster_id", "null") ", " OUT("password",
		"{\"a\": [1]}");
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = arena_strdup(&arena,
			i == 0 ? arena_printf(&arena, "{%s}", outputs)
			       : arena_printf(&arena, "%.*s%s}, \"resources\": []}",
					 (int)(strstr(forms[1], "%s") - forms[1]), forms[1], outputs));
		struct cloud cloud;
		const struct aws_cloud *section;

		assert_string_equal(read(&arena, text, &cloud), "");
		section = aws_cloud(&cloud);
		assert_string_equal(section->resources.vpc_id, "vpc-1");
		assert_int_equal(section->resources.subnet_ids.count, 2);
		assert_string_equal(section->resources.subnet_ids.items[0], "subnet-2");
		assert_int_equal(cloud.networking, NETWORKING_PRIVATE);
		assert_string_equal(section->resources.security_group_ids.items[0], "sg-1");
		assert_string_equal(section->resources.bucket, "data");
		assert_null(section->resources.file_system_id);
		assert_null(section->resources.memorydb_cluster);
		assert_string_equal(section->resources.control_plane_role_arn, "arn:c");
		assert_string_equal(section->resources.node_role_arn, "arn:n");
		assert_string_equal(section->external_id, "theirs");
	}
	arena_free(&arena);
}

static void public_subnets_alone(void **state)
{
	struct arena arena = {0};
	struct cloud cloud;

	(void)state;
	assert_string_equal(read(&arena,
				    "{" OUT("anyscale_vpc_private_subnet_ids",
					    "[]") ", " OUT("anyscale_vpc_public_subnet_ids",
					    "[\"subnet-1\", \"subnet-2\"]") "}",
				    &cloud),
		"");
	assert_int_equal(aws_cloud(&cloud)->resources.subnet_ids.count, 2);
	assert_int_equal(cloud.networking, NETWORKING_DIRECT);
	arena_free(&arena);
}

static void what_cannot_be_read(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{"", "line 1: not JSON"},
		{"\n\n{\"secret\": hunter2", "line 3: not JSON"},
		{"{\"a\": {\"value\": 1}, \"a\": {\"value\": 2}}", "not JSON"},
		{"[]", "not an object"},
		{"null", "not JSON"},
		{"{}", "no output has a name that is recognized"},
		{"{\"a\": 1}", "an output without a value"},
		{"{\"a\": {\"type\": \"string\"}}", "an output without a value"},
		{"{" OUT("other", "\"x\"") "}", "no output has a name that is recognized"},
		{"{" OUT("VpcId", "\"\"") "}", "no output has a name that is recognized"},
		{"{\"version\": 3, \"outputs\": {}}", "a state that is not of version 4"},
		{"{\"version\": 4}", "a state that is not of version 4 with outputs"},
		{"{\"version\": 4, \"outputs\": []}", "a state that is not of version 4 with outputs"},
		{"{" OUT("VpcId", "5") "}", "the output VpcId is neither a text nor a list of texts"},
		{"{" OUT("VpcId", "true") "}", "the output VpcId is neither"},
		{"{" OUT("VpcId", "{\"id\": \"vpc-1\"}") "}", "the output VpcId is neither"},
		{"{" OUT("SubnetIds", "[\"subnet-1\", 7]") "}", "the output SubnetIds is neither"},
		{"{" OUT("SubnetIds", "[[\"subnet-1\"]]") "}", "the output SubnetIds is neither"},
		{"{" OUT("VpcId", "[\"vpc-1\", \"vpc-2\"]") "}", "an output names more than one vpc: 2"},
		{"{" OUT("VpcId", "\"vpc-1\"") ", " OUT("vpc_id", "\"vpc-2\"") "}",
			"the outputs VpcId and vpc_id differ"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cloud cloud;
		const char *said = read(&arena, rows[i].text, &cloud);

		if (!strstr(said, rows[i].says))
			fail_msg("'%s': '%s'", rows[i].text, said);
		assert_null(strstr(said, "hunter2"));
	}
	arena_free(&arena);
}

/* Every beginning of a good file, and that with each byte changed, is read or refused. */
static void broken_anywhere(void **state)
{
	static const char good[] = "{\"version\": 4, \"outputs\": {" OUT("VpcId",
		"\"vpc-1\"") ", " OUT("SubnetIds", "[\"subnet-1\"]") "}}";
	struct arena arena = {0};
	struct cloud cloud;

	(void)state;
	for (size_t i = 0; i < strlen(good); i++) {
		char *text = arena_strdup(&arena, good);

		read(&arena, arena_strndup(&arena, good, i), &cloud);
		for (const char *with = "\"[]{}:,\\0 x\xff"; *with; with++) {
			text[i] = *with;
			read(&arena, text, &cloud);
		}
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_modules_outputs),
		cmocka_unit_test(public_subnets_alone),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(broken_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
