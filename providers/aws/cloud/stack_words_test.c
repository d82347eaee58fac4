/* SPDX-License-Identifier: Apache-2.0 */
/* Names of a stack's resources, and reasons of AWS in plain words. */
#include "base/test.h"

#include <string.h>

#include "base/arena.h"
#include "providers/aws/cloud/stack_log.h"

#define DECODE \
	"the stack's events have an encoded message, which `aws sts decode-authorization-message` reads"

static void says_reasons_in_plain_words(void **state)
{
	static const char *const rows[][2] = {
		{"", "no reason given"},
		{"Something happened.", "Something happened"},
		{"Resource handler returned message: \"Bad subnet (Service: Efs, Status Code: 400, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: InvalidRequest)",
			"Bad subnet"},
		{"Resource handler returned message: \"User: u is not authorized to perform: ec2:CreateVpc (Service: Ec2, "
		 "Status Code: 403, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: AccessDenied)",
			"User: u is not authorized to perform: ec2:CreateVpc (AccessDenied)"},
		{"AccessDenied already said (Service: S3; Status Code: 403; Error Code: AccessDenied; Request ID: x)",
			"AccessDenied already said"},
		{"(Service: S3; Status Code: 403; Error Code: AccessDenied; Request ID: x)", "AccessDenied"},
		{"Resource handler returned message: \"unfinished", "unfinished"},
		{"Access Denied (Service: S3, Status Code: 403, Request ID: 1) (RequestToken: 2, HandlerErrorCode: AccessDenied)",
			"Access Denied (AccessDenied)"},
		{"Forbidden by a hook (RequestToken: 2, HandlerErrorCode: NonCompliant)",
			"Forbidden by a hook (NonCompliant)"},
		/* a message within a message, with the quotes of both */
		{"Resource handler returned message: \"Encountered a permissions error performing a tagging operation. "
		 "Resource handler returned message: \"User: u is not authorized to perform: logs:TagResource (Service: "
		 "CloudWatchLogs, Status Code: 400, Request ID: 1)\"\" (RequestToken: 2, HandlerErrorCode: UnauthorizedTaggingOperation)",
			"User: u is not authorized to perform: logs:TagResource (UnauthorizedTaggingOperation)"},
		{"Resource handler returned message: \"Outer: Resource handler returned message: \"Inner.\"\" (RequestToken: 2, HandlerErrorCode: NotStabilized)",
			"Inner (NotStabilized)"},
		{"Resource handler returned message: \"Not a \"name\"\" (RequestToken: 2, HandlerErrorCode: InvalidRequest)",
			"Not a \"name\""},
		{"API: ec2:CreateVpc You are not authorized to perform this operation. Encoded authorization failure message: Zm9vYmFy-_x",
			"API: ec2:CreateVpc You are not authorized to perform this operation; " DECODE},
		{"Resource handler returned message: \"You are not authorized. Encoded authorization failure message: Zm9vYmFy "
		 "(Service: Ec2, Status Code: 403, Request ID: 1)\" (RequestToken: 2, HandlerErrorCode: AccessDenied)",
			"You are not authorized (AccessDenied); " DECODE},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_string_equal(stack_reason(&arena, rows[i][0]), rows[i][1]);
	arena_free(&arena);
}

static void knows_denials(void **state)
{
	static const char *const denials[] = {"User: u is not authorized to perform: ec2:CreateVpc",
		"You are not authorized to perform this operation", "Access Denied (AccessDenied)",
		"AccessDenied", "Tags (UnauthorizedTaggingOperation)"};
	static const char *const others[] = {"", "Bad subnet", "Too many (ServiceLimitExceeded)"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(denials); i++)
		assert_true(stack_reason_is_denial(denials[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
		assert_false(stack_reason_is_denial(others[i]));
}

/* Who can change what forbids it. */
static void advises_on_denials(void **state)
{
	static const char *const rows[][2] = {
		{"User: u is not authorized to perform: ec2:CreateVpc with an explicit deny in a service control policy",
			"administer the organization"},
		{"not authorized to perform: iam:CreateRole because no service control policy allows the iam:CreateRole action",
			"administer the organization"},
		{"not authorized to perform: s3:CreateBucket with an explicit deny in a resource control policy",
			"administer the organization"},
		{"not authorized to perform: iam:CreateRole because no permissions boundary allows the iam:CreateRole action",
			"who set the boundary"},
		{"not authorized to perform: iam:CreateRole with an explicit deny in an identity-based policy",
			"--profile"},
		{"not authorized to perform: iam:CreateRole because no session policy allows it",
			"session policy"},
		{"not authorized to perform: ec2:CreateVpc because no identity-based policy allows it",
			"cloudctl policy setup --check"},
		{"You are not authorized to perform this operation", "cloudctl policy setup --check"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_non_null(strstr(stack_denial_advice(rows[i][0]), rows[i][1]));
}

static void names_resources(void **state)
{
	static const char *const rows[][2] = {{"Vpc", "VPC"}, {"Subnet6", "Subnet 6"}, {"Subnet", "Subnet"},
		{"Subnet12", "Subnet12"}, {"MountTarget1", "Mount target 1"}, {"Other", "Other"}, {"", ""}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_string_equal(stack_resource_name(&arena, rows[i][0]), rows[i][1]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_reasons_in_plain_words),
		cmocka_unit_test(knows_denials),
		cmocka_unit_test(advises_on_denials),
		cmocka_unit_test(names_resources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
