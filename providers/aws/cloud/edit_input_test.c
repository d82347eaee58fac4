/* SPDX-License-Identifier: Apache-2.0 */
/* What a cloud becomes with what is asked for, what is the same, and what is refused for its shape. */
#include "providers/aws/cloud/edit_input.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"

#define ROLE "arn:aws:iam::123456789012:role/"

struct asked {
	struct arena arena;
	struct edit_options options;
	struct cloud file, cloud, candidate;
};

static struct cloud cloud_of(struct arena *arena)
{
	struct cloud cloud = {.name = "prod",
		.id = "cld_abcdefghijklmnopqrstuvwxyz",
		.provider = "aws",
		.region = "us-west-2",
		.account = "123456789012",
		.deployment = DEPLOYMENT_REGISTERED};

	aws_cloud_edit(arena, &cloud)->resources = (struct aws_resources){
		.vpc_id = "vpc-01234567",
		.subnet_ids = text_split(arena, "subnet-00000001,subnet-00000002", ','),
		.security_group_ids = text_split(arena, "sg-00000001", ','),
		.control_plane_role_arn = ROLE "control-plane",
		.node_role_arn = ROLE "node",
		.bucket = "data",
		.file_system_id = "fs-00000001",
		.mount_target_ip = "10.0.0.1",
		.memorydb_cluster = "store",
		.memorydb_arn = "arn:aws:memorydb:us-west-2:123456789012:cluster/store",
		.memorydb_endpoint = "store.example:6379",
	};
	return cloud;
}

static struct aws_resources *file_of(struct asked *asked)
{
	return &aws_cloud_edit(&asked->arena, &asked->file)->resources;
}

static const struct aws_resources *become(struct asked *asked)
{
	asked->cloud = cloud_of(&asked->arena);
	asked->candidate = edit_input_apply(&asked->arena, &asked->options, &asked->file, &asked->cloud);
	return &aws_cloud(&asked->candidate)->resources;
}

/* "bucket: data -> other; …" */
static const char *changes(struct asked *asked)
{
	struct edit_changes found = edit_changes(&asked->arena, &asked->cloud, &asked->candidate);
	struct text_list rows = {0};

	for (size_t i = 0; i < found.count; i++)
		text_list_add(&asked->arena, &rows,
			arena_printf(&asked->arena, "%s: %s -> %s", found.items[i].what,
				text_join(&asked->arena, &found.items[i].from, ","),
				text_join(&asked->arena, &found.items[i].to, ",")));
	return text_join(&asked->arena, &rows, "; ");
}

static const char *mistakes(struct asked *asked)
{
	struct text_list found;

	become(asked);
	found = edit_input_mistakes(&asked->arena, &asked->options, &asked->file, &asked->cloud,
		&asked->candidate);
	return text_join(&asked->arena, &found, "\n");
}

static void what_is_the_same_is_no_change(void **state)
{
	struct asked asked = {0};
	struct aws_resources *given = &asked.options.given.resources;

	(void)state;
	given->bucket = "arn:aws:s3:::data";
	given->subnet_ids = text_split(&asked.arena, "subnet-00000002,subnet-00000001", ',');
	given->memorydb_cluster = "arn:aws:memorydb:us-west-2:123456789012:cluster/store";
	given->mount_target_ip = "10.0.0.1";
	assert_string_equal(become(&asked)->subnet_ids.items[0], "subnet-00000001");
	assert_string_equal(aws_cloud(&asked.candidate)->resources.memorydb_endpoint, "store.example:6379");
	assert_string_equal(changes(&asked), "");
	assert_string_equal(mistakes(&asked), "");
	arena_free(&asked.arena);
}

static void what_was_found_out_is_forgotten(void **state)
{
	struct asked asked = {0};
	struct aws_resources *given = &asked.options.given.resources;

	(void)state;
	given->file_system_id = "fs-00000002";
	assert_null(become(&asked)->mount_target_ip);
	given->mount_target_ip = "10.0.0.9";
	assert_string_equal(become(&asked)->mount_target_ip, "10.0.0.9");
	given->file_system_id = NULL;
	assert_string_equal(become(&asked)->mount_target_ip, "10.0.0.9");
	assert_string_equal(changes(&asked), "mount target address: 10.0.0.1 -> 10.0.0.9");
	given->mount_target_ip = NULL;
	given->subnet_ids = text_split(&asked.arena, "subnet-00000003,subnet-00000002", ',');
	assert_null(become(&asked)->mount_target_ip);
	given->memorydb_cluster = "other";
	assert_null(become(&asked)->memorydb_arn);
	assert_null(aws_cloud(&asked.candidate)->resources.memorydb_endpoint);
	/* the cloud itself is as it was */
	assert_string_equal(aws_cloud(&asked.cloud)->resources.memorydb_endpoint, "store.example:6379");
	arena_free(&asked.arena);
}

static void without_memorydb(void **state)
{
	struct asked asked = {.options.given.resources.memorydb_cluster = "none"};

	(void)state;
	assert_null(become(&asked)->memorydb_cluster);
	assert_null(aws_cloud(&asked.candidate)->resources.memorydb_arn);
	assert_string_equal(changes(&asked), "memorydb cluster: store -> ");
	assert_string_equal(mistakes(&asked), "");
	arena_free(&asked.arena);
}

/* A cloud of --no-efs gets a file system, and loses it again. */
static void from_no_file_system_to_one_and_back(void **state)
{
	struct asked asked = {.options.given.resources.file_system_id = "fs-00000002"};
	struct error err = {0};
	struct cloud cloud;

	(void)state;
	cloud = cloud_of(&asked.arena);
	aws_cloud_edit(&asked.arena, &cloud)->setup.no_efs = true;
	aws_cloud_edit(&asked.arena, &cloud)->resources.file_system_id = NULL;
	asked.candidate = edit_input_apply(&asked.arena, &asked.options, &asked.file, &cloud);
	assert_false(aws_cloud(&asked.candidate)->setup.no_efs);
	asked.cloud = asked.candidate;
	aws_cloud_edit(&asked.arena, &asked.cloud)->previous.resources = aws_cloud(&cloud)->resources;
	assert_int_equal(edit_input_revert(&asked.arena, &asked.cloud, &asked.candidate, &err), 0);
	assert_true(aws_cloud(&asked.candidate)->setup.no_efs);
	assert_null(aws_cloud(&asked.candidate)->resources.file_system_id);
	arena_free(&asked.arena);
}

static void a_file_and_options_over_it(void **state)
{
	struct asked asked = {.options.given.resources.bucket = "of-the-option"};

	(void)state;
	*file_of(&asked) = (struct aws_resources){.vpc_id = "vpc-01234567",
		.bucket = "of-the-file",
		.file_system_id = "fs-00000002",
		.mount_target_ip = "10.0.0.1"};
	assert_string_equal(become(&asked)->bucket, "of-the-option");
	assert_string_equal(aws_cloud(&asked.candidate)->resources.file_system_id, "fs-00000002");
	/* The file was printed before: its address is that of the old file system. */
	assert_null(aws_cloud(&asked.candidate)->resources.mount_target_ip);
	file_of(&asked)->mount_target_ip = "10.0.0.7";
	assert_string_equal(become(&asked)->mount_target_ip, "10.0.0.7");
	assert_string_equal(mistakes(&asked), "");
	arena_free(&asked.arena);
}

static void all_mistakes_at_once(void **state)
{
	struct asked asked = {0};
	struct aws_resources *given = &asked.options.given.resources;
	const char *found;

	(void)state;
	given->bucket = "arn:aws:s3:::a/b";
	given->file_system_id = "fs-xyz";
	given->mount_target_ip = "10.0.0.0/8";
	given->subnet_ids = text_split(&asked.arena, "subnet-00000001,subnet-00000001", ',');
	given->node_role_arn = "arn:aws:iam::111122223333:role/node";
	*file_of(&asked) = (struct aws_resources){.vpc_id = "vpc-76543210"};
	asked.file.name = "other";
	asked.file.region = "us-east-1";
	asked.file.networking = NETWORKING_PRIVATE;
	found = mistakes(&asked);
	for (size_t i = 0; i < 8; i++) {
		static const char *const parts[] = {"--file: its name is other, the cloud's is prod",
			"its region is us-east-1", "its VPC is vpc-76543210", "its networking is private",
			"--subnet-ids: 'subnet-00000001' is given twice", "--efs-id: 'fs-xyz' is not",
			"--efs-mount-target-ip: '10.0.0.0/8' is not",
			"--node-role-arn: the role is in account 111122223333, the cloud in 123456789012"};

		if (!strstr(found, parts[i]))
			fail_msg("not named: %s in\n%s", parts[i], found);
	}
	assert_non_null(strstr(found, "--s3-bucket-id: 'a/b' is not"));
	arena_free(&asked.arena);
}

static void the_way_back(void **state)
{
	struct asked asked = {0};
	struct error err = {0};

	(void)state;
	become(&asked);
	assert_int_equal(edit_input_revert(&asked.arena, &asked.cloud, &asked.candidate, &err), -1);
	assert_int_equal(err.kind, ERROR_CONFLICT);
	aws_cloud_edit(&asked.arena, &asked.cloud)->previous.resources =
		(struct aws_resources){.vpc_id = "vpc-01234567", .bucket = "before"};
	assert_int_equal(edit_input_revert(&asked.arena, &asked.cloud, &asked.candidate, &err), 0);
	assert_string_equal(aws_cloud(&asked.candidate)->resources.bucket, "before");
	assert_null(aws_cloud(&asked.candidate)->resources.memorydb_cluster);
	arena_free(&asked.arena);
}

static void what_is_asked(void **state)
{
	struct edit_options nothing = {.yes = true}, both = {.revert = true, .file = "f"},
			    bucket = {.given.resources.bucket = "b"},
			    address = {.given.resources.mount_target_ip = "10.0.0.1"};
	struct error err = {0};
	bool asked;

	(void)state;
	assert_int_equal(edit_input_asked(&nothing, &asked, &err), 0);
	assert_false(asked);
	assert_int_equal(edit_input_asked(&bucket, &asked, &err), 0);
	assert_true(asked);
	assert_int_equal(edit_input_asked(&address, &asked, &err), 0);
	assert_true(asked);
	assert_int_equal(edit_input_asked(&both, &asked, &err), -1);
	assert_int_equal(err.kind, ERROR_USAGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_the_same_is_no_change),
		cmocka_unit_test(what_was_found_out_is_forgotten),
		cmocka_unit_test(without_memorydb),
		cmocka_unit_test(from_no_file_system_to_one_and_back),
		cmocka_unit_test(a_file_and_options_over_it),
		cmocka_unit_test(all_mistakes_at_once),
		cmocka_unit_test(the_way_back),
		cmocka_unit_test(what_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
