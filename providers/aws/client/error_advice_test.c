/* SPDX-License-Identifier: Apache-2.0 */
/* One sentence for each family of codes, and none for codes that say it all. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "providers/aws/client/error_advice.h"

struct advice_case {
	const char *code, *says;
	struct advice_context context;
};

static const struct advice_case cases[] = {
	{"ExpiredToken", "the credentials (assumed role) have expired: run the command again",
		{.source = "assumed role", .profile = "dev"}},
	{"ExpiredToken", "(environment) have expired: get new ones and set AWS_ACCESS_KEY_ID",
		{.source = "environment", .profile = "dev"}},
	{"ExpiredTokenException", "run `aws sso login --profile dev`",
		{.source = "IAM Identity Center", .profile = "dev"}},
	{"ExpiredTokenException", "run `aws login --profile dev`", {.source = "aws login", .profile = "dev"}},
	{"ExpiredToken", "have expired: get new ones for profile 'dev'",
		{.source = "credentials file", .profile = "dev"}},
	{"ExpiredToken", "have expired: get new ones for profile 'default'"},
	{"InvalidClientTokenId",
		"AWS does not know these credentials (environment, profile 'dev'), or the account has not enabled me-south-1",
		{.source = "environment", .profile = "dev", .region = "me-south-1"}},
	{"AuthFailure", "has not enabled the region"},
	{"SignatureDoesNotMatch", "the secret key does not belong to the access key"},
	{"RequestTimeTooSkewed", "this machine's clock is 61 minutes behind AWS's", {.skew_ms = 3660000}},
	{"RequestExpired", "this machine's clock is 61 minutes ahead of AWS's", {.skew_ms = -3660000}},
	/* EC2 says so of credentials too: then the clocks agree */
	{"RequestExpired", "the credentials (environment) have expired", {.source = "environment"}},
	{"RequestTimeTooSkewed", "this machine's clock differs from AWS's; set it"},
	{"PermanentRedirect", "the request went to us-west-2, but the resource is in eu-west-1",
		{.region = "us-west-2", .bucket_region = "eu-west-1"}},
	{"301", "the request went to one region, but the resource is in another region"},
	{"OptInRequired", "has not enabled this service or us-west-2", {.region = "us-west-2"}},
};

static void families(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct error err;

		error_set(&err, ERROR_CREDENTIALS, "AWS's words");
		snprintf(err.code, sizeof(err.code), "%s", cases[i].code);
		error_advice_add(&cases[i].context, &err);
		assert_memory_equal(err.frame[0], "AWS's words; ", 13);
		if (!strstr(err.frame[0], cases[i].says))
			fail_msg("'%s' does not say '%s'", err.frame[0], cases[i].says);
	}
}

static void others_stay_as_they_are(void **state)
{
	static const char *const codes[] = {"", "AccessDenied", "Throttling", "InvalidVpcID.NotFound", "500"};
	static const struct advice_context context;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(codes); i++) {
		struct error err;

		error_set(&err, ERROR_REJECTED, "AWS's words");
		snprintf(err.code, sizeof(err.code), "%s", codes[i]);
		error_advice_add(&context, &err);
		assert_string_equal(err.frame[0], "AWS's words");
	}
}

/* The sentence survives a message that fills the frame alone. */
static void a_long_message_is_cut(void **state)
{
	static const struct advice_context context;
	struct error err;
	char words[ERROR_FRAME_SIZE * 2];

	(void)state;
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	error_set(&err, ERROR_CREDENTIALS, "%s", words);
	snprintf(err.code, sizeof(err.code), "ExpiredToken");
	error_advice_add(&context, &err);
	assert_true(strlen(err.frame[0]) < ERROR_FRAME_SIZE);
	assert_non_null(strstr(err.frame[0], "have expired: get new ones"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families),
		cmocka_unit_test(others_stay_as_they_are),
		cmocka_unit_test(a_long_message_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
