/* SPDX-License-Identifier: Apache-2.0 */
#include "providers/aws/cloud/functional/launch_script.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"

static struct arena arena;

static const struct launch_script usual = {
	.run = "run-abcdefghijklmnopqrstuvwxyz",
	.region = "us-west-2",
	.report_url = "https://bucket/key?X-Amz-Signature=1&X-Amz-Date=2",
	.bucket_url = "https://bucket",
	.sts_url = "https://sts",
	.ecr_url = "https://ecr",
	.pypi_url = "https://index/simple",
	.names = "bucket fs-1.efs",
	.efs_name = "fs-1.efs",
	.efs_address = "",
	.what = "workspace,service",
	.redis = "store.example:6379",
	.minutes = 20,
};

static void the_end_comes_first(void **state)
{
	struct error err = {0};
	const char *text = launch_script(&arena, &usual, &err);

	(void)state;
	assert_non_null(text);
	assert_int_equal(strncmp(text, "#!/bin/bash\nshutdown -h +20 ", 28), 0);
}

static void values_are_words_of_a_shell(void **state)
{
	struct launch_script values = usual;
	struct error err = {0};
	const char *text;

	(void)state;
	values.report_url = "https://b/k?a=1&b=$(reboot)'\n";
	text = launch_script(&arena, &values, &err);
	assert_non_null(text);
	assert_non_null(strstr(text, "\nREPORT='https://b/k?a=1&b=$(reboot)'\\''\n'\n"));
	assert_non_null(strstr(text, "\nEFS_ADDRESS=''\n"));
}

/* Comments and indentation are for people; documents inside the script keep theirs. */
static void what_is_for_people_is_left_out(void **state)
{
	struct error err = {0};
	const char *text = launch_script(&arena, &usual, &err);

	(void)state;
	assert_non_null(text);
	assert_null(strstr(text + 2, "\n#"));
	assert_null(strstr(text, "\n\t"));
	assert_null(strstr(text, "\n\n"));
	assert_non_null(strstr(text, "\n    def __call__(self, request): return \"cloudctl\"\n"));
	assert_non_null(strstr(text, "\nREDIS=store.example:6379\n"));
}

static char *url_of(size_t length)
{
	char *url = arena_array(&arena, length + 1, 1);

	memset(url, 'a', length);
	return url;
}

/* A URL that is signed with the credentials of a session carries its token. */
static void it_fits_with_the_longest_url(void **state)
{
	struct launch_script values = usual;
	struct error err = {0};

	(void)state;
	values.report_url = url_of(4096);
	assert_non_null(launch_script(&arena, &values, &err));
	values.report_url = url_of(USER_DATA_MAX);
	assert_null(launch_script(&arena, &values, &err));
	assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_comes_first),
		cmocka_unit_test(values_are_words_of_a_shell),
		cmocka_unit_test(what_is_for_people_is_left_out),
		cmocka_unit_test(it_fits_with_the_longest_url),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return failed;
}
