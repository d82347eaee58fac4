/* SPDX-License-Identifier: Apache-2.0 */
/* Events of updates that could not be taken back: what failed, and which request arrived. */
#include "providers/aws/cloud/update/rollback.h"

#include "base/arena.h"
#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"

#define ARN "arn:aws:cloudformation:us-west-2:123456789012:stack/s/1"
#define ROW(id, physical, status, more) \
	"{\"LogicalResourceId\":\"" id "\",\"PhysicalResourceId\":\"" physical \
	"\",\"ResourceStatus\":\"" status "\"" more "}"
#define STACK(status, token) ROW("s", ARN, status, ",\"ClientRequestToken\":\"" token "\"")
#define OF(id, status, reason) ROW(id, id "-1", status, ",\"ResourceStatusReason\":\"" reason "\"")
#define UPDATE \
	STACK("UPDATE_ROLLBACK_IN_PROGRESS", "t1") \
	"," OF("Bucket", "UPDATE_FAILED", "in the update") "," STACK("UPDATE_IN_PROGRESS", "t1")

static const struct rollback_case {
	const char *events; /* newest first, as AWS sends them */
	const char *failed; /* oldest first */
} cases[] = {
	{"", ""},
	{UPDATE, ""},
	{STACK("UPDATE_ROLLBACK_FAILED", "t1") "," OF("Vpc", "UPDATE_FAILED", "held") "," UPDATE, "Vpc held"},
	/* the first is the cause; what was cancelled may not be skipped */
	{OF("Subnet2", "UPDATE_FAILED", "Resource update cancelled") "," OF("Subnet1", "UPDATE_FAILED",
		 "b") "," OF("Vpc", "UPDATE_FAILED", "a") "," UPDATE,
		"Vpc a, Subnet1 b"},
	/* gone on with: one is taken back, one failed again, one was not reached */
	{OF("Subnet1", "UPDATE_FAILED", "again") "," OF("Vpc", "UPDATE_COMPLETE",
		 "") "," STACK("UPDATE_ROLLBACK_IN_PROGRESS", "t2") "," OF("Subnet1", "UPDATE_FAILED",
		 "b") "," OF("Vpc", "UPDATE_FAILED", "a") "," OF("Subnet3", "UPDATE_FAILED", "c") "," UPDATE,
		"Subnet3 c, Subnet1 again"},
	/* an earlier update's are not of this one */
	{STACK("UPDATE_ROLLBACK_IN_PROGRESS", "t3") "," STACK("UPDATE_IN_PROGRESS", "t3") "," OF("Vpc",
		 "UPDATE_FAILED", "a") "," UPDATE,
		""},
};

static const json_t *reply_of(struct arena *arena, const char *events)
{
	json_t *reply = json_loads(arena_printf(arena, "{\"StackEvents\":[%s]}", events), 0, NULL);

	assert_non_null(reply);
	return tree_defer(arena, reply);
}

static void what_failed(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct stack_failures found = rollback_failures(&arena, ARN,
			reply_of(&arena, cases[i].events));
		struct text_list told = {0};

		for (size_t k = 0; k < found.count; k++)
			text_list_add(&arena, &told,
				arena_printf(&arena, "%s %s", found.items[k].logical_id,
					found.items[k].reason));
		assert_string_equal(text_join(&arena, &told, ", "), cases[i].failed);
	}
	arena_free(&arena);
}

static void which_request_arrived(void **state)
{
	struct arena arena = {0};
	const json_t *reply = reply_of(&arena,
		STACK("UPDATE_ROLLBACK_IN_PROGRESS", "t2") "," UPDATE "," STACK("UPDATE_COMPLETE", "t0"));

	(void)state;
	assert_true(rollback_shows_token(ARN, reply, "t2"));
	assert_true(rollback_shows_token(ARN, reply, "t1"));
	assert_false(rollback_shows_token(ARN, reply, "t0"));
	assert_false(rollback_shows_token(ARN, reply, "t3"));
	assert_false(rollback_shows_token(ARN, reply, NULL));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_failed),
		cmocka_unit_test(which_request_arrived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
