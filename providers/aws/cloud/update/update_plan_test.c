/* SPDX-License-Identifier: Apache-2.0 */
/* Options into parameters and tags, and what is refused of a plan. */
#include "providers/aws/cloud/update/update_plan.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/stack.h"
#include "providers/aws/cloud/update/update_consent.h"

/* "Name=value" of what is named, "Name" of what is kept, sorted. */
static const char *shown(struct arena *arena, const json_t *parameters)
{
	struct text_list list = {0};

	TREE_EACH (row, parameters, NULL) {
		const json_t *value = json_object_get(row, "ParameterValue");

		assert_int_equal(tree_bool(row, "UsePreviousValue"), value == NULL);
		text_list_add(arena, &list,
			value ? arena_printf(arena, "%s=%s", tree_text(row, "ParameterKey"),
					json_string_value(value))
			      : tree_text(row, "ParameterKey"));
	}
	text_list_sort(&list);
	return text_join(arena, &list, " ");
}

static void what_is_not_named_stays(void **state)
{
	static const char *ssh[] = {"ssh-cidr"}, *both[] = {"ssh-cidr", "node-cloudwatch"};
	static const struct {
		struct update_options options;
		const char *parameters;
	} rows[] = {
		{{0}, "CloudId CloudName=demo Networking=private NodeCloudWatch SshCidr"},
		{{.ssh_cidr = "10.0.0.0/8"},
			"CloudId CloudName=demo Networking=private NodeCloudWatch SshCidr=10.0.0.0/8"},
		/* one that the stack's older template has not got */
		{{.external_id = "theirs"},
			"CloudId CloudName=demo ExternalId=theirs Networking=private NodeCloudWatch SshCidr"},
		{{.memorydb_on = true},
			"CloudId CloudName=demo EnableMemoryDB=true Networking=private NodeCloudWatch SshCidr"},
		{{.memorydb_off = true},
			"CloudId CloudName=demo EnableMemoryDB=false Networking=private NodeCloudWatch SshCidr"},
		{{.choices = {.node_cloudwatch = true}},
			"CloudId CloudName=demo Networking=private NodeCloudWatch=true SshCidr"},
		{{.reset = {ssh, 1}}, "CloudId CloudName=demo Networking=private NodeCloudWatch"},
		{{.reset = {both, 2}}, "CloudId CloudName=demo Networking=private"},
	};
	struct arena arena = {0};
	const struct cloud cloud = {.name = "demo", .networking = NETWORKING_PRIVATE};
	/* Gone is a parameter that only the stack's template has. */
	json_t *stack = tree_defer(&arena,
		json_pack("{s:s, s:s, s:s, s:s}", "CloudId", "cld_x", "SshCidr", "1.0.0.0/8",
			"NodeCloudWatch", "false", "Gone", "1"));

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_string_equal(shown(&arena, update_parameters(&arena, &rows[i].options, &cloud, stack)),
			rows[i].parameters);
	arena_free(&arena);
}

static void tags_are_added_to_those_that_are_there(void **state)
{
	static const char *named[] = {"team=b", "cost=7"};
	const struct update_options options = {.choices = {.tags = {named, 2}}};
	struct arena arena = {0};
	json_t *stack = tree_defer(&arena,
		json_pack("{s:[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]}", "Tags", "Key", "team", "Value", "a",
			"Key", "kept", "Value", "1", "Key", "aws:own", "Value", "2"));
	json_t *expected = tree_defer(&arena,
		json_pack("{s:s, s:s, s:s}", "team", "b", "kept", "1", "cost", "7"));

	(void)state;
	assert_true(json_equal(update_tags(&arena, &options, stack), expected));
	assert_null(update_tags(&arena, &(struct update_options){0}, stack));
	arena_free(&arena);
}

/* What the record has after an update: what the stack says, and nothing of what was there before. */
static void the_record_has_what_the_stack_has(void **state)
{
	static const char *old_tags[] = {"old=1"};
	struct arena arena = {0};
	struct cloud cloud = {.id = "cld_x",
		AWS_CLOUD(.external_id = "cld_x", .setup = {.node_secrets = "old/", .tags = {old_tags, 1}})};
	struct stack stack = {.arn = "arn:stack",
		.parameters = tree_defer(&arena,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "ControlPlaneAccount",
				"210987654321", "ExternalId", "theirs", "CloudTag", "tag", "OldVersionDays",
				"90", "NodeSecrets", "", "NodeCloudWatch", "true", "RolePath", "/")),
		.description = tree_defer(&arena,
			json_pack("{s:[{s:s, s:s}, {s:s, s:s}]}", "Tags", "Key", "cloudctl-cloud-id", "Value",
				"cld_x", "Key", "team", "Value", "ray")),
		.outputs = tree_defer(&arena,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "VpcId", "vpc-1", "SubnetIds",
				"subnet-1,subnet-2", "SecurityGroupId", "sg-1", "BucketName", "b",
				"FileSystemId", "fs-1", "MountTargetIp", "10.0.0.1", "ControlPlaneRoleArn",
				"arn:c", "NodeRoleArn", "arn:n"))};
	struct error err = {0};
	const struct aws_cloud *section = aws_cloud(&cloud);

	(void)state;
	assert_int_equal(update_take(&arena, &stack, &cloud, &err), 0);
	assert_string_equal(section->control_plane_account, "210987654321");
	assert_string_equal(section->external_id, "theirs");
	assert_string_equal(section->cloud_tag, "tag");
	assert_null(section->setup.old_version_days);
	assert_null(section->setup.node_secrets);
	assert_null(section->setup.role_path);
	assert_true(section->setup.node_cloudwatch);
	assert_int_equal(section->setup.tags.count, 1);
	assert_string_equal(section->setup.tags.items[0], "team=ray");
	assert_string_equal(section->resources.vpc_id, "vpc-1");
	arena_free(&arena);
}

/* What stops an update, in the order in which it is said. */
static void what_is_refused_says_what_helps(void **state)
{
	static const struct drift drift;
	static const char *files[] = {"FileSystem"};
	struct stack_change lost = {.logical_id = "FileSystem",
		.name = "EFS file system",
		.why = "is lost",
		.judgement = CHANGE_LOSES_DATA};
	struct stack_change impossible = {.logical_id = "NodeRole",
		.name = "Node role",
		.why = "has a name",
		.judgement = CHANGE_IMPOSSIBLE};
	struct stack_change disturbs = {.logical_id = "Subnet1",
		.name = "Subnet 1",
		.why = "is replaced",
		.judgement = CHANGE_INTERRUPTS};
	const struct {
		const struct template_version *template;
		struct stack_change *change;
		struct update_options options;
		bool empty;
		const char *says; /* NULL: it goes on */
	} rows[] = {
		{template_versions, &disturbs, {0}, false, NULL},
		{template_versions, &lost, {0}, false, "--allow-loss FileSystem"},
		{template_versions, &lost, {.allow_loss = {files, 1}}, false, NULL},
		{template_versions, &lost, {.allow_loss = {files, 1}}, true, NULL},
		{template_versions, &impossible, {.allow_loss = {files, 1}}, false,
			"cannot replace Node role"},
		{NULL, &disturbs, {0}, false, "--overwrite-template"},
		{NULL, &disturbs, {.overwrite_template = true}, false, NULL},
		{NULL, &lost, {.overwrite_template = true}, false, "--allow-loss FileSystem"},
		{NULL, &disturbs, {0}, true, NULL},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct change_set set = {rows[i].empty, {rows[i].change, rows[i].empty ? 0 : 1}};
		const struct update_consent what = {.options = &rows[i].options,
			.template = rows[i].template,
			.set = &set,
			.drift = &drift};
		const char *refusal = update_refusal(&arena, &what);

		assert_int_equal(refusal != NULL, rows[i].says != NULL);
		assert_true(!refusal || strstr(refusal, rows[i].says));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_named_stays),
		cmocka_unit_test(tags_are_added_to_those_that_are_there),
		cmocka_unit_test(the_record_has_what_the_stack_has),
		cmocka_unit_test(what_is_refused_says_what_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
