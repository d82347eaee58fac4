/* SPDX-License-Identifier: Apache-2.0 */
/* The policy simulator as a second opinion: what it is asked, and what is said of its answers. */
#include "providers/aws/cloud/permissions/simulation.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/checks/facts_test.h"

struct fixture {
	struct arena arena;
	struct facts *facts;
	struct cloud cloud;
	struct fake_source fake;
	struct verification result;
	struct error err;
};

static void fixture_open(struct fixture *fixture)
{
	json_t *document;

	*fixture = (struct fixture){0};
	document = facts_test_cloud(&fixture->arena, "direct");
	fixture->facts = facts_test_load(&fixture->arena, document, &fixture->cloud);
	facts_test_fake(&fixture->arena, fixture->facts, &fixture->fake);
}

/* warnings: how many findings are WARN; the others are PASS. */
static void run(struct fixture *fixture, bool simulate, size_t warnings)
{
	struct verify_options options = {.optional = simulate};

	assert_int_equal(facts_test_run(&fixture->arena, &fixture->fake, &fixture->cloud, &options, NULL,
				 &fixture->result, &fixture->err),
		0);
	assert_int_equal(fixture->result.counts[VERDICT_WARN], warnings);
	assert_int_equal(fixture->result.counts[VERDICT_PASS], fixture->result.count - warnings);
}

static const struct finding *find(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->result.count; i++)
		if (strcmp(fixture->result.findings[i].check->id, id) == 0)
			return &fixture->result.findings[i];
	fail_msg("%s is not judged", id);
	return NULL;
}

static bool says(const struct finding *finding, const char *words)
{
	for (size_t i = 0; i < finding->evidence.count; i++)
		if (strstr(finding->evidence.items[i], words))
			return true;
	return false;
}

static void the_simulator_is_asked_on_demand_only(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	run(&fixture, false, 0);
	assert_int_equal(fake_count(&fixture.fake, &iam_SimulatePrincipalPolicy), 0);
	assert_false(says(find(&fixture, "iam.node.ecr"), "simulator"));
	arena_free(&fixture.arena);
}

/* A key that is not in the request, or of which only the beginning is known, has no value that could be given. */
static void every_circumstance_has_its_value(void **state)
{
	struct fixture fixture;
	size_t entries = 0;

	(void)state;
	fixture_open(&fixture);
	run(&fixture, true, 0);
	for (size_t i = 0; i < fixture.fake.count; i++)
		TREE_EACH (entry, fake_input(&fixture.fake, i), "ContextEntries") {
			const char *key = tree_text(entry, "ContextKeyName");

			entries++;
			assert_string_not_equal(tree_text(entry, "ContextKeyValues.0"), "");
			assert_string_not_equal(key, "aws:username"); /* no role has one */
			assert_string_not_equal(key, "aws:userid");   /* ends with the session's name */
			assert_false(text_starts_with(key, "aws:Principal"));
		}
	assert_true(entries > 0);
	arena_free(&fixture.arena);
}

/* Each question once: a role's ARN, a resource, the circumstances, and every action that goes with them. */
static void each_question_is_asked_once(void **state)
{
	struct fixture fixture;
	size_t stops = 0, ecr = 0;

	(void)state;
	fixture_open(&fixture);
	run(&fixture, true, 0);
	assert_true(fake_all_differ(&fixture.fake));
	assert_in_range(fixture.result.figures.longest_chain, 3, 4);
	for (size_t i = 0; i < fixture.fake.count; i++) {
		const json_t *input = fake_input(&fixture.fake, i);
		const json_t *context = tree_find(input, "ContextEntries", "ContextKeyName",
			"aws:ResourceTag/cloudctl-cloud-id");

		if (fake_operation(&fixture.fake, i) != &iam_SimulatePrincipalPolicy)
			continue;
		assert_true(text_starts_with(tree_text(input, "PolicySourceArn"),
			"arn:aws:iam::111122223333:role/"));
		assert_int_equal(tree_count(tree_get(input, "ResourceArns")), 1);
		TREE_EACH (action, input, "ActionNames") {
			ecr += text_starts_with(tree_text(action, NULL), "ecr:");
			if (!text_equal(tree_text(action, NULL), "ec2:StopInstances"))
				continue;
			stops++;
			assert_string_equal(tree_text(context, "ContextKeyValues.0"),
				"cld_abcdefghijklmnopqrstuvwxyz");
			assert_string_equal(tree_text(context, "ContextKeyType"), "string");
		}
	}
	assert_int_equal(stops, 1);
	assert_int_equal(ecr, 4);
	arena_free(&fixture.arena);
}

#define RESULT(action, decision) "{\"EvalActionName\":\"" action "\",\"EvalDecision\":\"" decision "\"}"

static void disagreement_is_told(void **state)
{
	static const char text[] = "{\"EvaluationResults\":[" RESULT("ecr:GetAuthorizationToken",
		"allowed") "," RESULT("ecr:BatchGetImage",
		"allowed") "," RESULT("ecr:BatchCheckLayerAvailability",
		"allowed") ",{\"EvalActionName\":\"ecr:GetDownloadUrlForLayer\",\"EvalDecision\":\"implicitDeny\","
			   "\"OrganizationsDecisionDetail\":{\"AllowedByOrganizations\":\"false\"}}]}";
	struct fixture fixture;
	json_t *reply = json_loads(text, 0, NULL);
	const struct finding *finding;

	(void)state;
	fixture_open(&fixture);
	fake_reply(&fixture.fake, &iam_SimulatePrincipalPolicy, "ecr:", reply);
	run(&fixture, true, 1);
	finding = find(&fixture, "iam.node.ecr");
	assert_true(says(finding, "agrees on 3 of 4 questions"));
	assert_true(says(finding, "says implicitDeny for ecr:GetDownloadUrlForLayer on arn:aws:ecr:"));
	assert_true(says(finding, "decided here as allowed: a policy of the organization forbids it"));
	assert_int_equal(finding->verdict, VERDICT_WARN);
	assert_string_equal(finding->text, "a policy of the organization forbids ecr:GetDownloadUrlForLayer");
	json_decref(reply);
	arena_free(&fixture.arena);
}

/* What the organization forbids is no reason to warn where something is missing already. */
static void an_organization_makes_no_failure_milder(void **state)
{
	struct fixture fixture;
	json_t *reply = json_loads(
		"{\"EvaluationResults\":[{\"EvalActionName\":\"iam:PassRole\",\"EvalDecision\":"
		"\"implicitDeny\",\"OrganizationsDecisionDetail\":{\"AllowedByOrganizations\":\"false\"}}]}",
		0, NULL);
	struct verify_options options = {.optional = true};

	(void)state;
	fixture_open(&fixture);
	fake_reply(&fixture.fake, &iam_ListRolePolicies, NULL,
		tree_defer(&fixture.arena, json_pack("{s:[]}", "PolicyNames")));
	fake_reply(&fixture.fake, &iam_SimulatePrincipalPolicy, "iam:PassRole", reply);
	assert_int_equal(facts_test_run(&fixture.arena, &fixture.fake, &fixture.cloud, &options, NULL,
				 &fixture.result, &fixture.err),
		0);
	assert_int_equal(find(&fixture, "iam.control-plane.pass-role")->verdict, VERDICT_FAIL);
	json_decref(reply);
	arena_free(&fixture.arena);
}

static void no_answer_is_no_agreement(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	fake_error(&fixture.fake, &iam_SimulatePrincipalPolicy, NULL, ERROR_NOT_FOUND, "NoSuchEntity", "no");
	run(&fixture, true, 0);
	assert_true(
		says(find(&fixture, "iam.node.ecr"), "simulator did not answer: it does not know the role"));
	assert_false(says(find(&fixture, "iam.node.ecr"), "agrees"));
	arena_free(&fixture.arena);
}

/* It is no judge: without it everything stands, and the finding says why it was not heard. */
static void a_denied_simulation_changes_no_verdict(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture);
	fake_error(&fixture.fake, &iam_SimulatePrincipalPolicy, NULL, ERROR_DENIED, "AccessDenied", "no");
	run(&fixture, true, 0);
	assert_true(says(find(&fixture, "iam.node.ecr"),
		"simulator could not be asked: simulating the node role"));
	arena_free(&fixture.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_simulator_is_asked_on_demand_only),
		cmocka_unit_test(each_question_is_asked_once),
		cmocka_unit_test(every_circumstance_has_its_value),
		cmocka_unit_test(disagreement_is_told),
		cmocka_unit_test(an_organization_makes_no_failure_milder),
		cmocka_unit_test(no_answer_is_no_agreement),
		cmocka_unit_test(a_denied_simulation_changes_no_verdict),
	};

	return cmocka_run_group_tests_name("simulation", tests, NULL, NULL);
}
