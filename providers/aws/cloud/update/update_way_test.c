/* SPDX-License-Identifier: Apache-2.0 */
/* Each state of a stack: the way an update takes, and the command that helps where it takes none. */
#include "providers/aws/cloud/update/update_way.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"

#define SETUP "cloudctl setup --name prod"
#define DELETE "cloudctl delete --name prod"
#define WAIT "wait until that has ended"

/* Every status that CloudFormation has (AWS CloudFormation API Reference, "Stack"), one that it may have, and none. */
static const struct {
	const char *status;
	enum update_way way;
	const char *says; /* NULL: nothing is refused */
} rows[] = {
	{"CREATE_COMPLETE", UPDATE_GO, NULL},
	{"UPDATE_COMPLETE", UPDATE_GO, NULL},
	{"UPDATE_ROLLBACK_COMPLETE", UPDATE_GO, NULL},
	{"IMPORT_COMPLETE", UPDATE_GO, NULL},
	{"IMPORT_ROLLBACK_COMPLETE", UPDATE_GO, NULL},
	{"UPDATE_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"UPDATE_ROLLBACK_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"IMPORT_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"IMPORT_ROLLBACK_IN_PROGRESS", UPDATE_WAIT, WAIT},
	{"SOMETHING_NEW", UPDATE_WAIT, WAIT},
	{NULL, UPDATE_WAIT, WAIT},
	{"UPDATE_FAILED", UPDATE_IS_STUCK,
		"aws cloudformation rollback-stack --stack-name cld-1 --region us-west-2"},
	{"UPDATE_ROLLBACK_FAILED", UPDATE_IS_STUCK, "cloudctl update prod --continue"},
	{"IMPORT_ROLLBACK_FAILED", UPDATE_IS_STUCK, "AWS Support, who need to know its ARN: arn:1."},
	{"CREATE_IN_PROGRESS", UPDATE_SETUP, SETUP},
	{"CREATE_FAILED", UPDATE_SETUP, SETUP},
	{"ROLLBACK_IN_PROGRESS", UPDATE_SETUP, SETUP},
	{"ROLLBACK_COMPLETE", UPDATE_SETUP, SETUP},
	{"ROLLBACK_FAILED", UPDATE_SETUP, SETUP},
	{"REVIEW_IN_PROGRESS", UPDATE_SETUP, SETUP},
	{"DELETE_IN_PROGRESS", UPDATE_DELETE, DELETE},
	{"DELETE_FAILED", UPDATE_DELETE, DELETE},
	{"DELETE_COMPLETE", UPDATE_DELETE, DELETE},
};

static void each_status_has_a_way_out(void **state)
{
	struct arena arena = {0};
	const struct cloud cloud = {.name = "prod", .region = "us-west-2"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct stack stack = {.arn = "arn:1", .name = "cld-1", .status = rows[i].status};
		const char *refusal = update_way_refusal(&arena, &cloud, &stack);

		assert_int_equal(update_way(rows[i].status), rows[i].way);
		assert_int_equal(!refusal, !rows[i].says);
		if (!refusal)
			continue;
		assert_non_null(strstr(refusal, rows[i].says));
		assert_non_null(strstr(refusal, rows[i].status ? rows[i].status : "in no state"));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_a_way_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
