/* SPDX-License-Identifier: Apache-2.0 */
/* Opening sessions: profile and region in force, and every mistake in them. */
#include "base/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/test_folder.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"

static const char *const *variables; /* name, value, …, NULL */
static const char *config_file;

static const char *environment(struct world *world, const char *name)
{
	(void)world;
	if (strcmp(name, "AWS_CONFIG_FILE") == 0)
		return config_file;
	for (const char *const *v = variables; v && *v; v += 2)
		if (strcmp(*v, name) == 0)
			return v[1];
	return NULL;
}

static struct world world = {.environment = environment, .wake_fd = -1};

struct session_case {
	struct aws_options options;
	const char *variables[7];
	const char *region, *partition;
	const char *says; /* instead: the error */
};

static const char config[] =
	"[default]\nregion = eu-west-1\n[profile dev]\nregion = eu-west-2\n"
	"[profile bad]\nregion = nowhere\n[profile none]\noutput = json\nmax_attempts = 100\n";

static const struct session_case cases[] = {
	{.region = "eu-west-1", .partition = "aws"},
	{.options = {.profile = "dev"}, .region = "eu-west-2", .partition = "aws"},
	{.variables = {"AWS_PROFILE", "dev"}, .region = "eu-west-2", .partition = "aws"},
	{.variables = {"AWS_DEFAULT_PROFILE", "dev"}, .region = "eu-west-2", .partition = "aws"},
	{.options = {.profile = "default"},
		.variables = {"AWS_PROFILE", "dev"},
		.region = "eu-west-1",
		.partition = "aws"},
	{.variables = {"AWS_DEFAULT_REGION", "us-east-1"}, .region = "us-east-1", .partition = "aws"},
	{.variables = {"AWS_DEFAULT_REGION", "us-east-1", "AWS_REGION", "cn-north-1"},
		.region = "cn-north-1",
		.partition = "aws-cn"},
	{.options = {.region = "us-gov-west-1"},
		.variables = {"AWS_REGION", "cn-north-1"},
		.region = "us-gov-west-1",
		.partition = "aws-us-gov"},
	{.options = {.profile = "nope"}, .says = "there is no profile 'nope'"},
	{.variables = {"AWS_PROFILE", "nope"}, .says = "profiles there: none, bad, dev, default"},
	{.options = {.profile = "bad"}, .says = "'nowhere' (the profile) is not the name of a region"},
	{.options = {.region = "us west 2"}, .says = "(--region)"},
	{.variables = {"AWS_REGION", "x"}, .says = "(AWS_REGION)"},
	{.options = {.endpoint_url = "localhost:5000"}, .says = "--endpoint-url must begin with"},
	{.variables = {"AWS_ENDPOINT_URL", "x"}, .says = "AWS_ENDPOINT_URL must begin with"},
	{.variables = {"AWS_MAX_ATTEMPTS", "0"}, .says = "AWS_MAX_ATTEMPTS"},
	{.options = {.profile = "none"}, .says = "max_attempts"},
};

static void sessions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct arena arena = {0};
		struct error err = {0};
		struct aws *aws;

		variables = cases[i].variables;
		aws = aws_open(&arena, &world, NULL, &cases[i].options, NULL, &err);
		if (cases[i].says) {
			assert_null(aws);
			assert_int_equal(err.kind, ERROR_INPUT);
			if (!strstr(err.frame[0], cases[i].says))
				fail_msg("'%s' does not say '%s'", err.frame[0], cases[i].says);
		} else {
			assert_non_null(aws);
			assert_string_equal(aws_region(aws), cases[i].region);
			assert_string_equal(aws_partition(aws), cases[i].partition);
		}
		arena_free(&arena);
	}
}

static void no_region_is_said_when_one_is_needed(void **state)
{
	static const struct aws_options options;
	struct arena arena = {0};
	struct error err = {0};
	struct aws *aws, *other;

	(void)state;
	variables = NULL;
	config_file = "/dev/null";
	aws = aws_open(&arena, &world, NULL, &options, NULL, &err);
	assert_null(aws_region(aws));
	assert_int_equal(aws_need_region(aws, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.frame[0], "--region"));
	other = aws_in_region(aws, &arena, "eu-central-1", &err);
	assert_string_equal(aws_region(other), "eu-central-1");
	assert_int_equal(aws_need_region(other, &err), 0);
	assert_null(aws_in_region(aws, &arena, "bad region", &err));
	arena_free(&arena);
}

static void broken_files_are_named(void **state)
{
	static const struct aws_options options;
	struct arena arena = {0};
	struct error err = {0};

	(void)state;
	config_file = "/";
	assert_null(aws_open(&arena, &world, NULL, &options, NULL, &err));
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.frame[1], "reading AWS profiles");
	arena_free(&arena);
}

/* The cases read a file of their own, in a folder that is gone afterwards. */
static int write_config(void **state)
{
	struct arena *place = calloc(1, sizeof(*place));
	const char *folder = test_folder(place);
	struct error err = {0};

	*state = place;
	if (!folder)
		return -1;
	config_file = arena_printf(place, "%s/config", folder);
	return file_create(config_file, config, sizeof(config) - 1, &err);
}

static int remove_config(void **state)
{
	arena_free(*state);
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sessions, write_config, remove_config),
		cmocka_unit_test(no_region_is_said_when_one_is_needed),
		cmocka_unit_test(broken_files_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
