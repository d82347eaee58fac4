/* SPDX-License-Identifier: Apache-2.0 */
/* Records of clouds whose members fit each other or do not. */
#include "providers/aws/cloud/cloud_identity.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/test.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/records/cloud.h"

#define ID "cld_abcdefghijklmnopqrstuvwxyz"
#define OTHER_ID "cld_bbcdefghijklmnopqrstuvwxyz"
#define NAME "cld-abcdefghijklmnopqrstuvwxyz"
#define OTHER_NAME "cld-bbcdefghijklmnopqrstuvwxyz"
#define ARN(region, account, name) "arn:aws:cloudformation:" region ":" account ":stack/" name "/0"
#define OUR_ARN ARN("us-west-2", "012345678901", NAME)
#define ROLE "arn:aws:iam::012345678901:role/path/control"

/* One record, and the member that its error names; NULL: it fits. */
struct row {
	const char *region, *account;
	struct aws_cloud section;
	const char *names;
};

static void check_rows(enum cloud_deployment deployment, const struct row *rows, size_t count)
{
	struct arena arena = {0};

	for (size_t i = 0; i < count; i++) {
		struct aws_cloud section = rows[i].section;
		const struct cloud cloud = {.id = ID,
			.name = "prod",
			.region = rows[i].region,
			.account = rows[i].account,
			.deployment = deployment,
			.schema = &aws_cloud_schema,
			.section = &section};
		struct error err = {0};

		assert_int_equal(cloud_identity_check(&arena, &cloud, &err), rows[i].names ? -1 : 0);
		if (!rows[i].names)
			continue;
		assert_int_equal(err.kind, ERROR_CONFLICT);
		assert_non_null(strstr(err.frame[0], rows[i].names));
		assert_non_null(strstr(err.frame[0], "nothing was changed"));
		assert_non_null(strstr(err.frame[0], "clouds/prod.yaml"));
	}
	arena_free(&arena);
}

#define US "us-west-2", "012345678901"
#define MANAGED(name, arn) \
	{ \
		.stack_name = (name), .stack_arn = (arn), .external_id = ID \
	}

static void managed(void **state)
{
	static const struct row rows[] = {
		{US, MANAGED(NAME, OUR_ARN), NULL},
		{US, MANAGED(NAME, NULL), NULL},
		{"cn-north-1", "012345678901",
			MANAGED(NAME, "arn:aws-cn:cloudformation:cn-north-1:012345678901:stack/" NAME "/0"),
			NULL},
		{US, MANAGED(NULL, OUR_ARN), "no stack_name, which is " NAME},
		{US, MANAGED(NULL, NULL), "no stack_name"},
		{US, MANAGED(OTHER_NAME, OUR_ARN), "stack_name is " NAME ", not " OTHER_NAME},
		{US, MANAGED("payroll", OUR_ARN), "stack_name"},
		{US, MANAGED(NAME, "garbage"), "stack_arn"},
		{US, MANAGED(NAME, ""), "stack_arn"},
		{US, MANAGED(NAME, ARN("us-west-2", "012345678901", OTHER_NAME)), "stack_arn"},
		{US, MANAGED(NAME, ARN("us-west-2", "012345678901", NAME "x")), "stack_arn"},
		{US, MANAGED(NAME, ARN("us-west-2", "210987654321", NAME)), "stack_arn"},
		{US, MANAGED(NAME, ARN("us-east-1", "012345678901", NAME)), "stack_arn"},
		{"us-east-1", "012345678901", MANAGED(NAME, OUR_ARN), "stack_arn"},
		{"us-west-2", "210987654321", MANAGED(NAME, OUR_ARN), "stack_arn"},
		{"us-west-2", NULL, MANAGED(NAME, OUR_ARN), "account"},
		{"us-west-2", NULL, MANAGED(NAME, NULL), "account"},
		{US, {.stack_name = NAME}, "external_id"},
		{US, {.stack_name = NAME, .external_id = OTHER_ID}, "external_id"},
		{US, {.stack_name = NAME, .external_id = ID, .external_id_added = true}, "external_id_added"},
	};

	(void)state;
	check_rows(DEPLOYMENT_MANAGED, rows, ARRAY_LENGTH(rows));
}

#define REGISTERED(id, of_account, role) \
	{ \
		.external_id_added = true, .external_id = (id), .control_plane_account = (of_account), \
		.resources = { \
			.control_plane_role_arn = (role) \
		} \
	}

static void registered(void **state)
{
	static const struct row rows[] = {
		{US, REGISTERED(ID, "525325868955", ROLE), NULL},
		{US, REGISTERED("fixed-by-terraform", "525325868955", ROLE), NULL},
		{"us-west-2", NULL, REGISTERED(ID, "525325868955", ROLE), NULL},
		{US, {.external_id = ID}, NULL},
		{US, {.external_id = NULL}, NULL},
		{US, REGISTERED(OTHER_ID, "525325868955", ROLE), "external_id"},
		{US, {.external_id = OTHER_ID}, "external_id"},
		{US, REGISTERED(NULL, "525325868955", ROLE), "external_id"},
		{US, REGISTERED(ID, NULL, ROLE), "control_plane_account"},
		{US, REGISTERED(ID, "525325868955", NULL), "control_plane_role_arn"},
		{US, REGISTERED(ID, "525325868955", "garbage"), "control_plane_role_arn"},
		{"us-west-2", "210987654321", REGISTERED(ID, "525325868955", ROLE), "control_plane_role_arn"},
		{US, {.external_id = ID, .stack_name = NAME}, "stack_name"},
		{US, {.external_id = ID, .stack_arn = OUR_ARN}, "stack_arn"},
	};

	(void)state;
	check_rows(DEPLOYMENT_REGISTERED, rows, ARRAY_LENGTH(rows));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(managed), cmocka_unit_test(registered)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
