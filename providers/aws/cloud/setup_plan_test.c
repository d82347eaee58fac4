/* SPDX-License-Identifier: Apache-2.0 */
/* Options, blocks, regions, names, parameters and outputs of `setup`, as tables. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/setup_plan.h"

static void cuts_the_vpc(void **state)
{
	static const struct {
		const char *cidr;
		unsigned subnet_bits; /* 0: refused */
		bool small;
	} rows[] = {
		{NULL, 13, false},
		{"10.0.0.0/16", 13, false},
		{"172.16.128.0/17", 12, false},
		{"10.0.0.0/20", 9, false},
		{"10.0.0.0/21", 8, true},
		{"10.0.0.0/24", 5, true},
		{"8.8.8.0/24", 5, true},
		{"10.0.0.0/15", 0, false},
		{"10.0.0.0/25", 0, false},
		{"10.0.0.0/32", 0, false},
		{"10.0.0.0", 0, false},
		{"10.0.0.1/16", 0, false},
		{"10.0.0.0/16 ", 0, false},
		{"10.0.0/16", 0, false},
		{"256.0.0.0/16", 0, false},
		{"127.0.0.0/16", 0, false},
		{"169.254.0.0/16", 0, false},
		{"224.0.0.0/16", 0, false},
		{"0.0.0.0/16", 0, false},
		{"fd00::/16", 0, false},
		{"", 0, false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct setup_options options = {.name = "a", .vpc_cidr = rows[i].cidr};
		struct setup_plan plan;
		struct error err = {0};
		int result = setup_plan_options(&arena, &options, &plan, &err);

		if ((result == 0) != (rows[i].subnet_bits != 0))
			fail_msg("%s: %d %s", rows[i].cidr, result, err.frame[0]);
		if (result == 0) {
			assert_int_equal(plan.subnet_bits, rows[i].subnet_bits);
			assert_int_equal(plan.small, rows[i].small);
		} else {
			assert_int_equal(err.kind, ERROR_USAGE);
			assert_non_null(strstr(err.frame[0], "--vpc-cidr"));
		}
	}
	arena_free(&arena);
}

static void names_the_wrong_option(void **state)
{
	static const struct {
		struct setup_options options;
		const char *says;
	} rows[] = {
		{{0}, "--name"},
		{{.argument = "a/b"}, "'a/b' is not a name"},
		{{.argument = "a", .name = "b"}, "two clouds are named: 'a', and 'b' by --name"},
		{{.name = ""}, "--name"},
		{{.name = "_a"}, "--name"},
		{{.name = "a", .provider = "gcp"}, "gcp"},
		{{.name = "a", .control_plane_account = "1"}, "--control-plane-account"},
		{{.name = "a", .cloud_tag = ""}, "--cloud-tag"},
		{{.name = "a", .cloud_tag = "AWS:x"}, "--cloud-tag"},
		{{.name = "a", .cloud_tag = "a b"}, "--cloud-tag: 'a b'"},
		{{.name = "a", .cloud_tag = "a\"b"}, "--cloud-tag"},
		{{.name = "a",
			 .cloud_tag = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"},
			"1 to 64"},
		{{.name = "a", .https_cidr = "x"}, "--https-cidr"},
		{{.name = "a", .ssh_cidr = "10.0.0.1/8"}, "10.0.0.0/8"},
		{{.name = "a", .ssh_cidr = ""}, "--ssh-cidr"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_plan plan;
		struct error err = {0};

		assert_int_equal(setup_plan_options(&arena, &rows[i].options, &plan, &err), -1);
		assert_int_equal(err.kind, ERROR_USAGE);
		if (!strstr(err.frame[0], rows[i].says))
			fail_msg("%zu: %s", i, err.frame[0]);
	}
	arena_free(&arena);
}

/* In either way, and in both where they agree. */
static void takes_the_name(void **state)
{
	static const struct setup_options rows[] = {{.name = "prod"}, {.argument = "prod"},
		{.name = "prod", .argument = "prod"}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct setup_plan plan;
		struct error err = {0};

		assert_int_equal(setup_plan_options(&arena, &rows[i], &plan, &err), 0);
		assert_string_equal(plan.name, "prod");
	}
	arena_free(&arena);
}

static void knows_where_the_default_account_is(void **state)
{
	static const struct {
		const char *account, *region;
		bool fits;
	} rows[] = {
		{"525325868955", "us-west-2", true},
		{"525325868955", "eu-central-1", true},
		{"525325868955", "cn-north-1", false},
		{"525325868955", "us-gov-west-1", false},
		{"123456789012", "cn-north-1", true},
		{"123456789012", "us-gov-west-1", true},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const char *mistake = control_plane_account_mistake(&arena, rows[i].account, rows[i].region);

		assert_int_equal(mistake == NULL, rows[i].fits);
		if (mistake)
			assert_non_null(strstr(mistake, "--control-plane-account is needed in"));
	}
	arena_free(&arena);
}

static void looks_for_the_region(void **state)
{
	static const struct {
		const char *region, *says; /* NULL: there is one */
	} rows[] = {
		{"us-west-2", NULL},
		{"ap-east-1", NULL},
		{"af-south-1", "not enabled"},
		{"us-west-3", "did you mean us-west-2"},
		{"mars", "there are us-west-2, ap-east-1, af-south-1"},
	};
	json_t *regions = json_loads(
		"{\"regionInfo\":[{\"regionName\":\"us-west-2\",\"optInStatus\":\"opt-in-not-required\"},{\"regionName\":\"ap-east-1\",\"optInStatus\":"
		"\"opted-in\"},{\"regionName\":\"af-south-1\",\"optInStatus\":\"not-opted-in\"}]}",
		0, NULL);
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct error err = {0};
		int result = setup_plan_region(&arena, regions, rows[i].region, &err);

		if ((result == 0) != (rows[i].says == NULL) ||
			(rows[i].says && !strstr(err.frame[0], rows[i].says)))
			fail_msg("%s: %d %s", rows[i].region, result, err.frame[0]);
	}
	json_decref(regions);
	arena_free(&arena);
}

static void names_what_is_to_be(void **state)
{
	const struct cloud record = {.id = "cld_x",
		AWS_CLOUD(.stack_name = "cld-x"),
		.region = "cn-north-1",
		.account = "1"};
	struct setup_plan plan = {.memorydb = true};
	struct arena arena = {0};
	struct cloud cloud = setup_plan_cloud(&arena, &plan, &record);

	(void)state;
	assert_string_equal(aws_cloud(&cloud)->resources.bucket, "cloudctl-data-cld-x");
	assert_string_equal(aws_cloud(&cloud)->resources.control_plane_role_arn,
		"arn:aws-cn:iam::1:role/cloudctl-control-plane-cld_x");
	assert_string_equal(aws_cloud(&cloud)->resources.node_role_arn,
		"arn:aws-cn:iam::1:role/cld_x-cluster_node_role");
	assert_string_equal(aws_cloud(&cloud)->resources.memorydb_cluster, "cld-x");
	plan.memorydb = false;
	cloud = setup_plan_cloud(&arena, &plan, &record);
	assert_null(aws_cloud(&cloud)->resources.memorydb_cluster);
	arena_free(&arena);
}

/* The vendor's control plane sends the vendor's tag, any other the tool's own, unless the user says another. */
static void takes_the_tag_of_the_control_plane(void **state)
{
	static const struct {
		const char *account, *asked, *tag;
	} rows[] = {
		{NULL, NULL, "anyscale-cloud-id"},
		{"525325868955", NULL, "anyscale-cloud-id"},
		{"999999999999", NULL, "cloudctl-cloud-id"},
		{"999999999999", "team:cloud/id", "team:cloud/id"},
		{NULL, "cloudctl-cloud-id", "cloudctl-cloud-id"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct setup_options options = {
			.name = "a",
			.control_plane_account = rows[i].account,
			.cloud_tag = rows[i].asked,
		};
		struct setup_plan plan;
		struct error err = {0};

		assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
		assert_string_equal(plan.cloud_tag, rows[i].tag);
	}
	arena_free(&arena);
}

static void fills_the_parameters(void **state)
{
	struct setup_options options = {.name = "a", .vpc_cidr = "10.1.0.0/18", .memorydb = true};
	const struct cloud cloud = {.id = "cld_x", .name = "a", AWS_CLOUD(.external_id = "e")};
	struct arena arena = {0};
	struct setup_plan plan;
	struct error err = {0};
	json_t *got,
		*want = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
			"CloudId", "cld_x", "CloudName", "a", "Networking", "direct", "ControlPlaneAccount",
			"525325868955", "ExternalId", "e", "Zones", "z1,z2", "ZoneCount", "2", "VpcCidr",
			"10.1.0.0/18", "SubnetBits", "11", "NatGateways", "none", "HttpsCidr", "0.0.0.0/0",
			"SshCidr", "", "EnableMemoryDB", "true", "CloudTag", "anyscale-cloud-id");

	(void)state;
	assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
	plan.zones = text_split(&arena, "z1,z2", ',');
	got = setup_plan_parameters(&arena, &plan, &cloud);
	assert_true(json_equal(got, want));
	assert_int_equal(setup_plan_matches(&arena, &options, &cloud, got, NULL, &err), 0);
	json_object_set_new(got, "EnableMemoryDB", json_string("false"));
	json_object_set_new(got, "SshCidr", json_string("10.9.0.0/16"));
	options.ssh_cidr = "10.8.0.0/16";
	assert_int_equal(setup_plan_matches(&arena, &options, &cloud, got, NULL, &err), -1);
	assert_int_equal(err.kind, ERROR_CONFLICT);
	assert_non_null(strstr(err.frame[0], "--enable-head-node-fault-tolerance"));
	assert_non_null(strstr(err.frame[0],
		"--ssh-cidr: asked for '10.8.0.0/16', but its stack has SshCidr '10.9.0.0/16'"));
	json_decref(got);
	json_decref(want);
	arena_free(&arena);
}

/* What was asked for and recorded holds, until the options ask for something else; a stack that is there, always. */
static void goes_on_with_the_recorded_network(void **state)
{
	struct setup_options options = {.name = "a"};
	const struct cloud cloud = {.name = "a",
		.networking = NETWORKING_PRIVATE,
		AWS_CLOUD(.network = {.nat_gateways = "per-zone"}, .control_plane_account = "123456789012")};
	const struct cloud direct = {.name = "a"};
	json_t *parameters = json_pack("{s:s}", "NatGateways", "none");
	struct arena arena = {0};
	struct setup_plan plan;
	struct error err = {0};

	(void)state;
	assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
	assert_int_equal(setup_plan_resume(&arena, &options, &cloud, &plan, &err), 0);
	assert_int_equal(plan.networking, NETWORKING_PRIVATE);
	assert_string_equal(plan.network.nat_gateways, "per-zone");
	assert_string_equal(plan.control_plane_account, "123456789012");
	options.network.private_network = true;
	assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
	assert_int_equal(setup_plan_resume(&arena, &options, &cloud, &plan, &err), 0);
	assert_string_equal(plan.network.nat_gateways, "one");
	assert_int_equal(setup_plan_matches(&arena, &options, &cloud, parameters, NULL, &err), 0);
	assert_int_equal(setup_plan_matches(&arena, &options, &direct, parameters, NULL, &err), -1);
	assert_non_null(strstr(err.frame[0], "--private-network: asked for private subnets"));
	options.network.nat_gateways = "one";
	assert_int_equal(setup_plan_matches(&arena, &options, &cloud, parameters, NULL, &err), -1);
	assert_non_null(strstr(err.frame[0], "its stack has NatGateways 'none'"));
	json_decref(parameters);
	arena_free(&arena);
}

/* The block of an earlier run, which had no stack yet, holds; older records do not say it. */
static void goes_on_with_the_recorded_block(void **state)
{
	static const struct {
		const char *recorded, *asked, *block;
		unsigned subnet_bits;
	} rows[] = {
		{"10.1.0.0/20", NULL, "10.1.0.0/20", 9},
		{"10.1.0.0/20", "10.2.0.0/16", "10.2.0.0/16", 13},
		{NULL, NULL, "10.0.0.0/16", 13},
		{NULL, "10.2.0.0/16", "10.2.0.0/16", 13},
	};
	struct setup_options narrow = {.name = "a",
		.network = {.private_network = true, .nat_gateways = "per-zone"}};
	struct arena arena = {0};
	struct setup_plan plan;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct setup_options options = {.name = "a", .vpc_cidr = rows[i].asked};
		const struct cloud cloud = {.name = "a",
			AWS_CLOUD(.network = {.vpc_cidr = rows[i].recorded})};

		assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
		assert_int_equal(setup_plan_resume(&arena, &options, &cloud, &plan, &err), 0);
		assert_string_equal(plan.vpc_cidr, rows[i].block);
		assert_string_equal(plan.network.vpc_cidr, rows[i].block);
		assert_int_equal(plan.subnet_bits, rows[i].subnet_bits);
	}
	assert_int_equal(setup_plan_options(&arena, &narrow, &plan, &err), 0);
	assert_int_equal(setup_plan_resume(&arena, &narrow,
				 &(struct cloud){AWS_CLOUD(.network = {.vpc_cidr = "10.1.0.0/24"})}, &plan,
				 &err),
		-1);
	assert_non_null(strstr(err.frame[0], "choose a /23 or larger"));
	arena_free(&arena);
}

static void puts_a_cloud_into_a_vpc_that_is_there(void **state)
{
	struct arena arena = {0};
	struct setup_options options = {.name = "a",
		.network = {.vpc_id = "vpc-0a1b2c3d",
			.subnet_ids = text_split(&arena, "subnet-0a1b2c3d,subnet-0a1b2c3e", ',')}};
	const struct cloud record = {.id = "cld_x",
		.name = "a",
		.account = "1",
		.region = "us-west-2",
		AWS_CLOUD(.external_id = "e", .stack_name = "cld-x")};
	struct setup_plan plan;
	struct error err = {0};
	struct cloud planned;
	json_t *parameters;

	(void)state;
	assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), 0);
	planned = setup_plan_cloud(&arena, &plan, &record);
	assert_string_equal(aws_cloud(&planned)->resources.vpc_id, "vpc-0a1b2c3d");
	assert_int_equal(aws_cloud(&planned)->resources.subnet_ids.count, 2);
	assert_null(aws_cloud(&planned)->network.vpc_cidr);
	parameters = setup_plan_parameters(&arena, &plan, &record);
	assert_string_equal(tree_text(parameters, "SubnetIds"), "subnet-0a1b2c3d,subnet-0a1b2c3e");
	json_object_set_new(parameters, "SubnetIds", json_string("subnet-0a1b2c3e,subnet-0a1b2c3d"));
	assert_int_equal(setup_plan_matches(&arena, &options, &record, parameters, NULL, &err), 0);
	json_object_set_new(parameters, "SubnetIds", json_string("subnet-0a1b2c3e"));
	assert_int_equal(setup_plan_matches(&arena, &options, &record, parameters, NULL, &err), -1);
	assert_non_null(strstr(err.frame[0], "--subnet-ids: asked for"));
	options.vpc_cidr = "10.0.0.0/16";
	assert_int_equal(setup_plan_options(&arena, &options, &plan, &err), -1);
	assert_non_null(strstr(err.frame[0], "--vpc-cidr: with --vpc-id"));
	json_decref(parameters);
	arena_free(&arena);
}

static void takes_the_outputs(void **state)
{
	json_t *outputs = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "VpcId", "vpc-1", "SubnetIds",
		"subnet-1,subnet-2", "SecurityGroupId", "sg-1", "BucketName", "b", "FileSystemId", "fs-1",
		"MountTargetIp", "10.0.0.4", "ControlPlaneRoleArn", "arn:c", "NodeRoleArn", "arn:n");
	struct arena arena = {0};
	struct cloud cloud = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(setup_plan_outputs(&arena, outputs, &cloud, &err), 0);
	assert_string_equal(text_join(&arena, &aws_cloud(&cloud)->resources.subnet_ids, "|"),
		"subnet-1|subnet-2");
	assert_string_equal(text_join(&arena, &aws_cloud(&cloud)->resources.security_group_ids, "|"), "sg-1");
	assert_null(aws_cloud(&cloud)->resources.memorydb_cluster);
	json_object_set_new(outputs, "MemoryDBClusterName", json_string("m"));
	assert_int_equal(setup_plan_outputs(&arena, outputs, &cloud, &err),
		-1); /* one of MemoryDB, so all of them */
	assert_non_null(strstr(err.frame[0], "MemoryDBClusterArn"));
	json_object_del(outputs, "MemoryDBClusterName");
	json_object_del(outputs, "FileSystemId");
	assert_int_equal(setup_plan_outputs(&arena, outputs, &cloud, &err), -1);
	assert_non_null(strstr(err.frame[0], "FileSystemId"));
	json_object_del(outputs, "MountTargetIp");
	aws_cloud_edit(&arena, &cloud)->setup.no_efs = true;
	assert_int_equal(setup_plan_outputs(&arena, outputs, &cloud, &err), 0);
	assert_null(aws_cloud(&cloud)->resources.file_system_id);
	assert_null(aws_cloud(&cloud)->resources.mount_target_ip);
	assert_string_equal(aws_cloud(&cloud)->resources.node_role_arn, "arn:n");
	json_object_clear(outputs);
	assert_int_equal(setup_plan_outputs(&arena, outputs, &cloud, &err), -1);
	assert_int_equal(err.kind, ERROR_PROTOCOL);
	json_decref(outputs);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_the_vpc),
		cmocka_unit_test(names_the_wrong_option),
		cmocka_unit_test(takes_the_name),
		cmocka_unit_test(knows_where_the_default_account_is),
		cmocka_unit_test(looks_for_the_region),
		cmocka_unit_test(names_what_is_to_be),
		cmocka_unit_test(takes_the_tag_of_the_control_plane),
		cmocka_unit_test(fills_the_parameters),
		cmocka_unit_test(goes_on_with_the_recorded_network),
		cmocka_unit_test(goes_on_with_the_recorded_block),
		cmocka_unit_test(puts_a_cloud_into_a_vpc_that_is_there),
		cmocka_unit_test(takes_the_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
