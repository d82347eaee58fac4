/* SPDX-License-Identifier: Apache-2.0 */
/* Several verifications on one loop: each as if it were alone. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "providers/aws/cloud/checks/facts_test.h"

enum { JOBS = 4 };

/* Each cloud in an arena of its own, which goes as soon as the cloud is done. */
struct one {
	struct arena arena;
	struct cloud cloud;
	struct verification result;
	struct verify_input input;
	struct verify_job *job;
	struct error err;
	int status;
};

struct fixture {
	struct arena arena;
	struct facts *facts;
	struct fake_source fake;
	struct one ones[JOBS];
};

static void open_fake(struct fixture *fixture, size_t interrupt_after)
{
	facts_test_fake(&fixture->arena, fixture->facts, &fixture->fake);
	fixture->fake.per_step = 1;
	fixture->fake.interrupt_after = interrupt_after;
}

static void fixture_open(struct fixture *fixture, size_t interrupt_after)
{
	json_t *document;

	*fixture = (struct fixture){0};
	document = facts_test_read(&fixture->arena, "facts/good-direct.json");
	for (size_t i = 0; i < JOBS; i++) {
		struct one *one = &fixture->ones[i];

		fixture->facts = facts_test_load(&fixture->arena, document, &one->cloud);
		if (i == 0)
			open_fake(fixture, interrupt_after);
		one->input = (struct verify_input){.table = &cloud_checks,
			.source = &fixture->fake.source,
			.facts = facts_new(&one->arena, &cloud_plan, &one->cloud)};
		one->job = verify_begin(&one->input, &one->result, &one->err);
		assert_non_null(one->job);
	}
}

static void fixture_close(struct fixture *fixture)
{
	for (size_t i = 0; i < JOBS; i++)
		arena_free(&fixture->ones[i].arena);
	arena_free(&fixture->arena);
}

static size_t advance_all(struct fixture *fixture)
{
	size_t under_way = 0;

	for (size_t i = 0; i < JOBS; i++) {
		struct one *one = &fixture->ones[i];

		if (!one->job)
			continue;
		if (verify_advance(one->job)) {
			under_way++;
			continue;
		}
		one->status = verify_end(one->job, false, &one->err);
		one->job = NULL;
	}
	return under_way;
}

static void each_runs_as_if_it_were_alone(void **state)
{
	struct fixture fixture;
	size_t steps = 0;

	(void)state;
	fixture_open(&fixture, 0);
	assert_int_equal(fixture.fake.count, 0);
	while (advance_all(&fixture) > 0) {
		assert_true(fixture.fake.source.step(&fixture.fake.source, 0));
		steps++;
	}
	assert_int_equal(steps, fixture.fake.count);
	for (size_t i = 0; i < JOBS; i++) {
		const struct verification *result = &fixture.ones[i].result;

		assert_int_equal(fixture.ones[i].status, 0);
		assert_int_equal(result->counts[VERDICT_PASS], result->count);
		assert_int_equal(result->figures.calls * JOBS, fixture.fake.count);
		assert_int_equal(result->figures.longest_chain, fixture.ones[0].result.figures.longest_chain);
	}
	assert_true(fixture.fake.at_first_step > JOBS * 2); /* their calls flew together */
	fixture_close(&fixture);
}

static void an_interruption_ends_all_of_them(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, JOBS * 10);
	while (advance_all(&fixture) > 0 && fixture.fake.source.step(&fixture.fake.source, 0))
		;
	for (size_t i = 0; i < JOBS; i++) {
		struct one *one = &fixture.ones[i];
		size_t unknown = one->result.counts[VERDICT_UNKNOWN], judged = 0;

		assert_non_null(one->job);
		assert_int_equal(verify_end(one->job, true, &one->err), -1);
		assert_int_equal(one->err.kind, ERROR_INTERRUPTED);
		for (size_t k = 0; k < VERDICTS; k++)
			judged += one->result.counts[k];
		assert_int_equal(judged, one->result.count);
		assert_true(one->result.counts[VERDICT_UNKNOWN] > unknown);
	}
	fixture_close(&fixture);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_runs_as_if_it_were_alone),
		cmocka_unit_test(an_interruption_ends_all_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
