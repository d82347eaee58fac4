/* SPDX-License-Identifier: Apache-2.0 */
/* What a record keeps of a verification. */
#include "base/arena.h"
#include "base/test.h"
#include "providers/records/cloud.h"
#include "providers/run.h"
#include "verify/verification.h"

static void the_record_keeps_the_verdict(void **state)
{
	struct arena arena = {0};
	struct cloud cloud = {0};
	const struct verification result = {.overall = VERDICT_WARN,
		.counts = {[VERDICT_PASS] = 4, [VERDICT_WARN] = 1}};

	(void)state;
	cloud_summarize(&arena, &result, "2026-01-02T03:04:05Z", &cloud);
	assert_string_equal(cloud.verification.at, "2026-01-02T03:04:05Z");
	assert_int_equal(cloud.verification.verdict, VERDICT_WARN);
	assert_int_equal(cloud.verification.counts[VERDICT_PASS], 4);
	assert_int_equal(cloud.verification.counts[VERDICT_WARN], 1);
	assert_int_equal(cloud.verification.counts[VERDICT_FAIL], 0);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_keeps_the_verdict),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
