/* SPDX-License-Identifier: Apache-2.0 */
/* Records of clouds on AWS: what is written is read back, and what is wrong is refused by name. */
#include "providers/aws/cloud/aws_cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/test.h"
#include "base/yaml.h"
#include "providers/records/cloud.h"
#include "providers/records/refusal_test.h"

#define ID "cld_abcdefghijklmnopqrstuvwxyz"

static const struct cloud_schema *const schemas[] = {&aws_cloud_schema, NULL};

static const char full_record[] = "version: 1\n"
				  "id: " ID "\n"
				  "name: prod\n"
				  "provider: aws\n"
				  "region: us-west-2\n"
				  "account: '012345678901'\n"
				  "networking: private\n"
				  "deployment: registered\n"
				  "state: failed\n"
				  "resources:\n"
				  "  vpc_id: vpc-0a1b2c3d\n"
				  "  subnet_ids:\n"
				  "  - subnet-0a1b2c3d\n"
				  "  - subnet-1a1b2c3d\n"
				  "  security_group_ids:\n"
				  "  - sg-0a1b2c3d\n"
				  "  control_plane_role_arn: arn:aws:iam::012345678901:role/c\n"
				  "  node_role_arn: arn:aws:iam::012345678901:role/n\n"
				  "  bucket: data.prod\n"
				  "  file_system_id: fs-0a1b2c3d\n"
				  "  mount_target_ip: 10.0.0.4\n"
				  "  memorydb_cluster: m\n"
				  "  memorydb_arn: arn:aws:memorydb:us-west-2:012345678901:cluster/m\n"
				  "  memorydb_endpoint: m.example:6379\n"
				  "stack_arn: arn:aws:cloudformation:us-west-2:012345678901:stack/s/1\n"
				  "stack_name: s\n"
				  "control_plane_account: '525325868955'\n"
				  "external_id: x\n"
				  "external_id_added: true\n"
				  "previous:\n"
				  "  resources:\n"
				  "    vpc_id: vpc-0a1b2c3d\n"
				  "    bucket: data.old\n"
				  "  external_id_added: true\n"
				  "created: '2026-01-02T03:04:05Z'\n"
				  "updated: '2026-01-02T03:04:06Z'\n"
				  "verification:\n"
				  "  at: '2026-01-02T03:04:07Z'\n"
				  "  verdict: WARN\n"
				  "  counts:\n"
				  "    pass: 20\n"
				  "    warn: 1\n"
				  "    fail: 0\n"
				  "    unknown: 0\n"
				  "    skip: 2\n"
				  "ignored:\n"
				  "- check: subnets.public-ip\n"
				  "  resource: subnet-0a1b2c3d\n"
				  "  reason: 'a: b'\n"
				  "  since: '2026-01-02T03:04:05Z'\n"
				  "- check: vpc.dns\n"
				  "  reason: accepted\n"
				  "operation:\n"
				  "  kind: register\n"
				  "  token: t\n"
				  "  step: trust-policy\n"
				  "  undo: '{\"a\": \"NO\"}'\n"
				  "  started: '2026-01-02T03:04:05Z'\n";

static const char *written(struct arena *arena, const struct cloud *cloud)
{
	struct str text = {.arena = arena, .max = 1 << 16};
	json_t *tree = cloud_to_tree(cloud);
	struct error err;

	assert_int_equal(yaml_format(tree, &text, &err), 0);
	json_decref(tree);
	return str_text(&text);
}

static void every_member_survives(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud, again;
	const char *once;

	(void)state;
	assert_int_equal(record_of_yaml(&arena, schemas, full_record, &cloud, &err), 0);
	assert_string_equal(cloud.id, ID);
	assert_int_equal(cloud.networking, NETWORKING_PRIVATE);
	assert_int_equal(cloud.deployment, DEPLOYMENT_REGISTERED);
	assert_int_equal(cloud.state, CLOUD_FAILED);
	assert_int_equal(aws_cloud(&cloud)->resources.subnet_ids.count, 2);
	assert_string_equal(aws_cloud(&cloud)->resources.subnet_ids.items[1], "subnet-1a1b2c3d");
	assert_string_equal(cloud.operation.undo, "{\"a\": \"NO\"}");
	assert_true(aws_cloud(&cloud)->external_id_added);
	assert_int_equal(cloud.ignored.count, 2);
	assert_string_equal(cloud.ignored.items[0].resource, "subnet-0a1b2c3d");
	assert_null(cloud.ignored.items[1].resource);
	assert_int_equal(cloud.verification.verdict, VERDICT_WARN);
	assert_int_equal(cloud.verification.counts[VERDICT_PASS], 20);
	assert_int_equal(cloud.verification.counts[VERDICT_SKIP], 2);
	once = written(&arena, &cloud);
	/* Every line of the input has a line in the output: no member is lost. */
	for (const char *line = full_record; *line; line += strcspn(line, "\n") + 1) {
		const char *key = arena_strndup(&arena, line, strcspn(line, ":\n"));

		if (!strstr(once, key))
			fail_msg("'%s' is not in:\n%s", key, once);
	}
	assert_int_equal(record_of_yaml(&arena, schemas, once, &again, &err), 0);
	assert_string_equal(written(&arena, &again), once);
	arena_free(&arena);
}

static void what_is_unknown_is_left_out(void **state)
{
	struct arena arena = {0};
	const struct cloud cloud = {.name = "prod",
		AWS_CLOUD(.stack_arn = ""),
		.verification = {.counts = {7}}};

	(void)state;
	assert_string_equal(written(&arena, &cloud),
		"version: 1\nname: prod\nnetworking: direct\ndeployment: managed\nstate: creating\n");
	arena_free(&arena);
}

static const struct refusal refusals[] = {
	{"resources: {vpc: vpc-0a1b2c3d}", "resources.vpc: no such member"},
	{"resources: {vpc_ids: vpc-0a1b2c3d}",
		"resources.vpc_ids: no such member; did you mean 'resources.vpc_id'?"},
	{"resources: none", "resources: must be a mapping"},
	{"region: us-west-2.evil.example", "region: "},
	{"account: '12345'", "account: "},
	{"provider: gcp", "provider: must be aws"},
	{"resources: {subnet_ids: subnet-0a1b2c3d}", "resources.subnet_ids: must be a list"},
	{"resources: {subnet_ids: [[]]}", "resources.subnet_ids: "},
	{"resources: {vpc_id: vpc-0a1b2c3d$(id)}", "resources.vpc_id: must be a VPC id"},
	{"resources: {vpc_id: igw-0a1b2c3d}", "resources.vpc_id: must be a VPC id"},
	{"resources: {subnet_ids: [subnet-0a1b2c3d, 'subnet-0a1b2c3d;id']}",
		"resources.subnet_ids: item 2 must be a subnet id"},
	{"resources: {security_group_ids: [sg-1]}",
		"resources.security_group_ids: item 1 must be a security group id"},
	{"resources: {control_plane_role_arn: role/c}",
		"resources.control_plane_role_arn: must be a role's ARN"},
	{"resources: {node_role_arn: 'arn:aws:iam::012345678901:role/$(id)'}",
		"resources.node_role_arn: must be a role's ARN"},
	{"resources: {file_system_id: fs-}", "resources.file_system_id: must be a file system id"},
	{"resources: {mount_target_ip: 10.0.0.0/8}", "resources.mount_target_ip: must be an IP address"},
	{"resources: {mount_target_ip: '`id`'}", "resources.mount_target_ip: must be an IP address"},
	{"resources: {memorydb_cluster: a b}",
		"resources.memorydb_cluster: must be a MemoryDB cluster's name"},
	{"resources: {bucket: 'arn:aws:s3:::b'}", "resources.bucket: "},
	{"resources: {bucket: evil.example/b}", "resources.bucket: "},
	{"external_id_added: maybe", "external_id_added: "},
	{"previous: {resources: {bucket: 'arn:aws:s3:::b'}}", "previous.resources.bucket: "},
	{"previous: {previous: {}}", "previous.previous: "},
};

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	each_is_refused(schemas, refusals, ARRAY_LENGTH(refusals));
}

static void null_and_missing_are_the_same(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud;

	(void)state;
	assert_int_equal(record_of_yaml(&arena, schemas, "name: ~\nresources:\naccount: null", &cloud, &err),
		0);
	assert_null(cloud.name);
	assert_null(cloud.account);
	assert_int_equal(aws_cloud(&cloud)->resources.subnet_ids.count, 0);
	arena_free(&arena);
}

static void regions_and_accounts(void **state)
{
	(void)state;
	assert_true(aws_region_valid("ap-southeast-1"));
	assert_false(aws_region_valid("-1"));
	assert_false(aws_region_valid("us-west-"));
	assert_false(aws_region_valid("US-WEST-2"));
	assert_false(aws_account_valid("1234567890123"));
}

/* Checks compare each with each. */
static void lists_are_bounded(void **state)
{
	static const char *const members[] = {"subnet_ids", "security_group_ids"};
	static const char *const kinds_of_ids[] = {"subnet", "sg"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
		struct arena arena = {0};
		struct str yaml = {.arena = &arena, .max = 64 << 10};
		struct cloud cloud;
		struct error err = {0};

		str_printf(&yaml, "resources: {%s: [", members[i]);
		for (int n = 0; n < RESOURCES_MAX; n++)
			str_printf(&yaml, "%s-%08x,", kinds_of_ids[i], n);
		assert_int_equal(record_of_yaml(&arena, schemas,
					 arena_printf(&arena, "%s]}", str_text(&yaml)), &cloud, &err),
			0);
		str_printf(&yaml, "%s-0123456789abcdef0]}", kinds_of_ids[i]);
		assert_int_equal(record_of_yaml(&arena, schemas, str_text(&yaml), &cloud, &err), -1);
		assert_string_equal(err.frame[0],
			arena_printf(&arena, "resources.%s: must be a list of at most 1000", members[i]));
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_survives),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(null_and_missing_are_the_same),
		cmocka_unit_test(regions_and_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
