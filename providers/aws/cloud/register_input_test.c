/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of everything that `register` is told, what it forgets of a file, and all mistakes at once. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/register_input.h"
#include "providers/aws/iam/arn.h"

#define ROLE "arn:aws:iam::123456789012:role/"

static struct register_options good_options(struct arena *arena)
{
	return (struct register_options){.name = "mine",
		.given.resources = {
			.vpc_id = "vpc-0123456789abcdef0",
			.subnet_ids = text_split(arena, "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
				','),
			.security_group_ids = text_split(arena, "sg-01234567", ','),
			.file_system_id = "fs-0123456789abcdef0",
			.control_plane_role_arn = ROLE "path/control-plane",
			.node_role_arn = ROLE "node",
			.bucket = "a-bucket",
		}};
}

/* The mistakes, one a line. */
static const char *mistakes(struct arena *arena, const struct register_options *options, const char *region)
{
	struct cloud cloud = {0};
	struct text_list list;

	register_input_merge(arena, options, region, &cloud);
	list = register_input_mistakes(arena, &cloud);
	return text_join(arena, &list, "\n");
}

static void accepts_what_is_right(void **state)
{
	struct arena arena = {0};
	struct register_options options = good_options(&arena);

	(void)state;
	assert_string_equal(mistakes(&arena, &options, "us-west-2"), "");
	options.given.resources.memorydb_cluster = "store-1";
	options.provider = "AWS";
	assert_string_equal(mistakes(&arena, &options, "us-west-2"), "");
	arena_free(&arena);
}

static void lists_everything_missing(void **state)
{
	const struct register_options none = {0};
	struct arena arena = {0};

	(void)state;
	assert_string_equal(mistakes(&arena, &none, NULL),
		"missing: --name, --region, --vpc-id, --subnet-ids, --security-group-ids, --efs-id, --control-plane-role-arn, --node-role-arn, --s3-bucket-id");
	arena_free(&arena);
}

/* One wrong value in otherwise right options. */
enum which { VPC, SUBNETS, GROUPS_, EFS, CONTROL_PLANE, NODE, BUCKET, MEMORYDB, ACCOUNT, TAG, NAME };

static void put(struct arena *arena, struct register_options *options, enum which which, const char *value)
{
	const char **const places[] = {
		[VPC] = &options->given.resources.vpc_id,
		[EFS] = &options->given.resources.file_system_id,
		[CONTROL_PLANE] = &options->given.resources.control_plane_role_arn,
		[NODE] = &options->given.resources.node_role_arn,
		[BUCKET] = &options->given.resources.bucket,
		[MEMORYDB] = &options->given.resources.memorydb_cluster,
		[ACCOUNT] = &options->given.control_plane_account,
		[TAG] = &options->given.cloud_tag,
		[NAME] = &options->name,
	};

	if (which == SUBNETS)
		options->given.resources.subnet_ids = text_split(arena, value, ',');
	else if (which == GROUPS_)
		options->given.resources.security_group_ids = text_split(arena, value, ',');
	else
		*places[which] = value;
}

static void judges_shapes(void **state)
{
	static const struct {
		enum which which;
		const char *value;
		const char *says; /* NULL: fine */
	} rows[] = {
		{VPC, "vpc-01234567", NULL},
		{VPC, "vpc-00000000000000000", NULL},
		{VPC, "vpc-0123456", "--vpc-id"},
		{VPC, "vpc-012345678901234567", "--vpc-id"},
		{VPC, "vpc-0123456g", "--vpc-id"},
		{VPC, "VPC-01234567", "--vpc-id"},
		{VPC, "subnet-01234567", "--vpc-id"},
		{VPC, "", "--vpc-id"},
		{SUBNETS, "subnet-01234567", NULL}, /* that two are needed is a check's to say */
		{SUBNETS, "subnet-01234567,subnet-1", "'subnet-1'"},
		{SUBNETS, "subnet-01234567,subnet-01234567", "given twice"},
		{GROUPS_, "sg-01234567,sg-89abcdef", NULL},
		{GROUPS_, "sg-01234567,vpc-01234567", "--security-group-ids"},
		{EFS, "fs-01234567", NULL},
		{EFS, "fs-", "--efs-id"},
		{CONTROL_PLANE, ROLE "a", NULL},
		{CONTROL_PLANE, "arn:aws-cn:iam::123456789012:role/a", NULL},
		{CONTROL_PLANE, ROLE, "--control-plane-role-arn"},
		{CONTROL_PLANE, "arn:aws:iam::123456789012:user/a", "--control-plane-role-arn"},
		{CONTROL_PLANE, "arn:aws:iam::12345678901:role/a", "--control-plane-role-arn"},
		{CONTROL_PLANE, "arn:aws:iam::1234567890123:role/a", "--control-plane-role-arn"},
		{CONTROL_PLANE, "arn:aws:iam:us-west-2:123456789012:role/a", "--control-plane-role-arn"},
		{CONTROL_PLANE, "arn:aws:x:iam::123456789012:role/a", "--control-plane-role-arn"},
		{CONTROL_PLANE, ROLE "a b", "--control-plane-role-arn"},
		{CONTROL_PLANE, ROLE "a:b", "--control-plane-role-arn"},
		{CONTROL_PLANE, "control-plane", "--control-plane-role-arn"},
		{NODE, "arn:aws:iam::999999999999:role/node",
			"different accounts, 123456789012 and 999999999999"},
		{BUCKET, "arn:aws:s3:::a-bucket", NULL},
		{BUCKET, "a.b-3", NULL},
		{BUCKET, "ab", "--s3-bucket-id"},
		{BUCKET, "Upper", "--s3-bucket-id"},
		{BUCKET, "a_b", "--s3-bucket-id"},
		{BUCKET, "-ab", "--s3-bucket-id"},
		{BUCKET, "ab-", "--s3-bucket-id"},
		{BUCKET, "a..b", "--s3-bucket-id"},
		{BUCKET, "192.168.5.4", "--s3-bucket-id"},
		{BUCKET, "arn:aws:s3:::a-bucket/key", "--s3-bucket-id"},
		{BUCKET, "s3://a-bucket", "--s3-bucket-id"},
		{MEMORYDB, "arn:aws:memorydb:us-west-2:123456789012:cluster/store", NULL},
		{MEMORYDB, "1store", "--memorydb-cluster-id"},
		{MEMORYDB, "a--b", "--memorydb-cluster-id"},
		{MEMORYDB, "a-", "--memorydb-cluster-id"},
		{ACCOUNT, "999999999999", NULL},
		{ACCOUNT, "99999999999", "--control-plane-account"},
		{TAG, "team:cloud/id", NULL},
		{TAG, "", "--cloud-tag"},
		{TAG, "aws:cloud", "--cloud-tag"},
		{TAG, "a*", "--cloud-tag"},
		{NAME, "a/b", "--name"},
		{NAME, "..", "--name"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct register_options options = good_options(&arena);
		const char *text;

		put(&arena, &options, rows[i].which, rows[i].value);
		text = mistakes(&arena, &options, "us-west-2");
		if (rows[i].says ? !strstr(text, rows[i].says) || strchr(text, '\n') : *text)
			fail_msg("'%s': %s", rows[i].value, text);
	}
	arena_free(&arena);
}

/* An option goes before the file, and neither of them may say both. */
static void the_file_system_may_be_left_out(void **state)
{
	static const struct {
		bool file_no_efs, no_efs;
		const char *file_id, *id;
		bool is_left_out;
		const char *mistakes;
	} rows[] = {
		{.is_left_out = false, .mistakes = "missing: --efs-id"},
		{.no_efs = true, .is_left_out = true, .mistakes = ""},
		{.file_no_efs = true, .is_left_out = true, .mistakes = ""},
		{.file_no_efs = true, .id = "fs-01234567", .mistakes = ""},
		{.file_id = "fs-01234567", .no_efs = true, .is_left_out = true, .mistakes = ""},
		{.no_efs = true,
			.id = "fs-01234567",
			.is_left_out = true,
			.mistakes = "--no-efs: --efs-id names a file system; leave out one of them"},
		{.file_no_efs = true,
			.file_id = "fs-01234567",
			.is_left_out = true,
			.mistakes = "--no-efs: --efs-id names a file system; leave out one of them"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct arena arena = {0};
		struct register_options options = good_options(&arena);
		struct cloud cloud = {AWS_CLOUD(.setup = {.no_efs = rows[i].file_no_efs},
			.resources = {.file_system_id = rows[i].file_id})};
		struct text_list found;

		options.given.resources.file_system_id = rows[i].id;
		options.given.setup.no_efs = rows[i].no_efs;
		register_input_merge(&arena, &options, "us-west-2", &cloud);
		found = register_input_mistakes(&arena, &cloud);
		assert_string_equal(text_join(&arena, &found, "\n"), rows[i].mistakes);
		assert_int_equal(aws_cloud(&cloud)->setup.no_efs, rows[i].is_left_out);
		arena_free(&arena);
	}
}

static void too_many_are_counted(void **state)
{
	struct arena arena = {0};
	struct register_options options = good_options(&arena);
	struct text_list *subnets = &options.given.resources.subnet_ids;

	(void)state;
	*subnets = (struct text_list){0};
	for (int i = 0; i < RESOURCES_MAX; i++)
		text_list_add(&arena, subnets, arena_printf(&arena, "subnet-%08x", i));
	assert_string_equal(mistakes(&arena, &options, "us-west-2"), "");
	text_list_add(&arena, subnets, "subnet-0123456789abcdef0");
	assert_string_equal(mistakes(&arena, &options, "us-west-2"),
		"--subnet-ids: 1001 are given; a cloud has at most 1000");
	arena_free(&arena);
}

static void strips_arns_and_fills_in(void **state)
{
	struct arena arena = {0};
	struct register_options options = good_options(&arena);
	struct cloud cloud = {0};

	(void)state;
	options.given.resources.bucket = "arn:aws:s3:::a-bucket";
	options.given.resources.memorydb_cluster = "arn:aws:memorydb:us-west-2:123456789012:cluster/store";
	options.private_network = true;
	register_input_merge(&arena, &options, "us-west-2", &cloud);
	assert_string_equal(aws_cloud(&cloud)->resources.bucket, "a-bucket");
	assert_string_equal(aws_cloud(&cloud)->resources.memorydb_cluster, "store");
	assert_string_equal(cloud.account, "123456789012");
	assert_string_equal(aws_cloud(&cloud)->control_plane_account, "525325868955");
	assert_string_equal(aws_cloud(&cloud)->cloud_tag, "anyscale-cloud-id");
	assert_string_equal(cloud.provider, "aws");
	assert_int_equal(cloud.networking, NETWORKING_PRIVATE);
	assert_int_equal(cloud.deployment, DEPLOYMENT_REGISTERED);
	assert_string_equal(arn_name(aws_cloud(&cloud)->resources.control_plane_role_arn), "control-plane");
	arena_free(&arena);
}

/* A record of another cloud gives its resources; what only that cloud can say is forgotten. */
static void options_go_before_the_file(void **state)
{
	struct arena arena = {0};
	const struct register_options options = {.given.resources.vpc_id = "vpc-01234567", .name = "other"};
	struct cloud cloud = {.id = "cld_x",
		.name = "first",
		.region = "eu-west-1",
		.deployment = DEPLOYMENT_MANAGED,
		.state = CLOUD_READY,
		.networking = NETWORKING_PRIVATE,
		AWS_CLOUD(.stack_arn = "arn:stack", .stack_name = "stack", .external_id_added = true,
			.control_plane_account = "999999999999", .cloud_tag = "team",
			.resources = {.vpc_id = "vpc-89abcdef",
				.file_system_id = "fs-01234567",
				.mount_target_ip = "10.0.0.1"}),
		.operation = {.kind = "setup"},
		.verification = {.at = "2026-01-01T00:00:00Z"}};

	(void)state;
	register_input_merge(&arena, &options, NULL, &cloud);
	assert_string_equal(cloud.name, "other");
	assert_string_equal(aws_cloud(&cloud)->resources.vpc_id, "vpc-01234567");
	assert_string_equal(aws_cloud(&cloud)->resources.file_system_id, "fs-01234567");
	assert_string_equal(cloud.region, "eu-west-1");
	assert_string_equal(aws_cloud(&cloud)->control_plane_account, "999999999999");
	assert_string_equal(aws_cloud(&cloud)->cloud_tag, "team");
	assert_int_equal(cloud.networking, NETWORKING_PRIVATE);
	assert_int_equal(cloud.deployment, DEPLOYMENT_REGISTERED);
	assert_int_equal(cloud.state, CLOUD_CREATING);
	assert_null(aws_cloud(&cloud)->stack_arn);
	assert_null(aws_cloud(&cloud)->stack_name);
	assert_null(cloud.operation.kind);
	assert_null(cloud.verification.at);
	assert_null(aws_cloud(&cloud)->resources.mount_target_ip); /* asked for anew */
	assert_false(aws_cloud(&cloud)->external_id_added);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_is_right),
		cmocka_unit_test(lists_everything_missing),
		cmocka_unit_test(judges_shapes),
		cmocka_unit_test(the_file_system_may_be_left_out),
		cmocka_unit_test(too_many_are_counted),
		cmocka_unit_test(strips_arns_and_fills_in),
		cmocka_unit_test(options_go_before_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
