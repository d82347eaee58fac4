/* SPDX-License-Identifier: Apache-2.0 */
/* Retry arithmetic against the published parameters. */
#include "base/test.h"

#include "providers/aws/client/retry.h"

static void delays_are_full_jitter_under_a_cap(void **state)
{
	static const struct {
		enum fault_class class;
		int retry;
		int64_t ceiling;
	} cases[] = {
		{FAULT_TRANSIENT, 0, 50},
		{FAULT_TRANSIENT, 1, 100},
		{FAULT_TRANSIENT, 4, 800},
		{FAULT_TRANSIENT, 30, 20000},
		{FAULT_THROTTLE, 0, 1000},
		{FAULT_THROTTLE, 1, 2000},
		{FAULT_THROTTLE, 4, 16000},
		{FAULT_THROTTLE, 5, 20000},
		{FAULT_THROTTLE, 1000, 20000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		assert_int_equal(retry_delay_ms(cases[i].class, cases[i].retry, 0, -1), 0);
		assert_int_equal(retry_delay_ms(cases[i].class, cases[i].retry, UINT32_MAX, -1),
			cases[i].ceiling);
		assert_in_range(retry_delay_ms(cases[i].class, cases[i].retry, UINT32_MAX / 2, -1),
			cases[i].ceiling / 2 - 1, cases[i].ceiling / 2);
	}
}

/* x-amz-retry-after raises the delay by no more than five seconds and never shortens it. */
static void the_server_may_ask_for_patience(void **state)
{
	(void)state;
	assert_int_equal(retry_delay_ms(FAULT_TRANSIENT, 0, 0, 1500), 1500);
	assert_int_equal(retry_delay_ms(FAULT_TRANSIENT, 0, 0, 3600000), 5000);
	assert_int_equal(retry_delay_ms(FAULT_THROTTLE, 0, UINT32_MAX, 10), 1000);
	assert_int_equal(retry_delay_ms(FAULT_THROTTLE, 0, UINT32_MAX, 60000), 6000);
}

static void attempts(void **state)
{
	static const struct aws_service usual = {.name = "ec2"}, patient = {.throttle_attempts = 8};

	(void)state;
	assert_int_equal(retry_attempts(&usual, FAULT_THROTTLE, 0), 3);
	assert_int_equal(retry_attempts(&patient, FAULT_THROTTLE, 0), 8);
	assert_int_equal(retry_attempts(&patient, FAULT_TRANSIENT, 0), 3);
	assert_int_equal(retry_attempts(&patient, FAULT_THROTTLE, 1), 1);
}

static void the_quota_runs_out_and_fills_up(void **state)
{
	struct retry_quota quota = {.tokens = RETRY_TOKENS};
	int cost, acquired = 0;

	(void)state;
	while (retry_acquire(&quota, FAULT_TRANSIENT, &cost))
		acquired++;
	assert_int_equal(acquired, 500 / 14);
	assert_true(
		retry_acquire(&quota, FAULT_THROTTLE, &cost)); /* ten are left: enough for the cheaper kind */
	assert_int_equal(cost, 5);
	retry_release(&quota, 14);
	assert_int_equal(quota.tokens, 500 - 35 * 14 - 5 + 14);
	retry_release(&quota, 0);
	assert_int_equal(quota.tokens, 500 - 35 * 14 - 5 + 15);
	quota.tokens = RETRY_TOKENS;
	retry_release(&quota, 14);
	assert_int_equal(quota.tokens, RETRY_TOKENS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays_are_full_jitter_under_a_cap),
		cmocka_unit_test(the_server_may_ask_for_patience),
		cmocka_unit_test(attempts),
		cmocka_unit_test(the_quota_runs_out_and_fills_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
