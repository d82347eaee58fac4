/* SPDX-License-Identifier: Apache-2.0 */
/* Saved facts that are broken, and what is saved of a loss; the way there and back is in verify_test.c. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/cloud/checks/facts_test.h"

static void broken_documents_are_refused(void **state)
{
	static const struct {
		const char *change, *text;
	} rows[] = {
		{"{\"op\":\"replace\",\"path\":\"/schema\",\"value\":\"x\"}",
			"not saved facts: the schema is 'x', not 'cloudctl.facts/1'"},
		{"{\"op\":\"remove\",\"path\":\"/facts\"}", "saved facts have no member 'facts'"},
		{"{\"op\":\"add\",\"path\":\"/facts/vpn\",\"value\":{\"reply\":null}}",
			"there is no fact called 'vpn'"},
		{"{\"op\":\"replace\",\"path\":\"/facts/vpc\",\"value\":{}}",
			"fact 'vpc' needs either a reply or the reason it was lost"},
		{"{\"op\":\"replace\",\"path\":\"/facts/vpc/reply\",\"value\":\"x\"}",
			"fact 'vpc' needs either a reply or the reason it was lost"},
		{"{\"op\":\"add\",\"path\":\"/facts/vpc/lost\",\"value\":{}}",
			"fact 'vpc' needs either a reply or the reason it was lost"},
		{"{\"op\":\"replace\",\"path\":\"/facts/vpc\",\"value\":{\"lost\":{\"kind\":\"lazy\"}}}",
			"fact 'vpc': unknown error kind 'lazy'"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct arena arena = {0};
		json_t *document = facts_test_read(&arena, "facts/good-direct.json");
		json_t *change = json_loads(arena_printf(&arena, "[%s]", rows[i].change), 0, NULL);
		struct facts *facts = facts_new(&arena, &cloud_plan, NULL);
		struct error err;

		facts_test_change(document, change);
		assert_int_equal(facts_load(facts, document, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_string_equal(err.frame[0], rows[i].text);
		json_decref(change);
		arena_free(&arena);
	}
}

/* A loss keeps everything that its message needs, and its frames in their order. */
static void a_loss_is_read_as_it_was_saved(void **state)
{
	struct arena arena = {0};
	struct facts *facts, *again = facts_new(&arena, &cloud_plan, NULL);
	struct cloud cloud;
	struct error err, why;
	json_t *saved;

	(void)state;
	facts = facts_test_load(&arena, facts_test_read(&arena, "facts/good-direct.json"), &cloud);
	error_set(&why, ERROR_DENIED, "no permission");
	error_wrap(&why, "outer");
	why.http_status = 403;
	snprintf(why.code, sizeof(why.code), "%s", "AccessDenied");
	snprintf(why.action, sizeof(why.action), "%s", "ec2:DescribeVpcs");
	snprintf(why.request_id, sizeof(why.request_id), "%s", "4f2c");
	facts_lose(facts, FACT_VPC, "describing the VPC", &why);
	saved = facts_save(facts, cloud_to_tree(&cloud));
	assert_int_equal(facts_load(again, saved, &err), 0);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		assert_int_equal(again->values[i].state, i == FACT_VPC ? FACT_LOST : facts->values[i].state);
	assert_int_equal(facts_error(again, FACT_VPC)->kind, ERROR_DENIED);
	assert_int_equal(facts_error(again, FACT_VPC)->http_status, 403);
	assert_string_equal(facts_error(again, FACT_VPC)->code, "AccessDenied");
	assert_string_equal(facts_error(again, FACT_VPC)->action, "ec2:DescribeVpcs");
	assert_string_equal(facts_error(again, FACT_VPC)->request_id, "4f2c");
	assert_int_equal(facts_error(again, FACT_VPC)->depth, 2);
	assert_string_equal(facts_error(again, FACT_VPC)->frame[0], "no permission");
	assert_string_equal(facts_error(again, FACT_VPC)->frame[1], "outer");
	assert_string_equal(again->values[FACT_VPC].doing, "describing the VPC");
	json_decref(saved);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_documents_are_refused),
		cmocka_unit_test(a_loss_is_read_as_it_was_saved),
	};

	return cmocka_run_group_tests_name("facts file", tests, NULL, NULL);
}
