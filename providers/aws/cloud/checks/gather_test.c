/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of the plan on an AWS that answers from saved facts. */
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/facts_test.h"
#include "providers/aws/cloud/permissions/simulation.h"

struct fixture {
	struct arena arena;
	json_t *document;
	struct facts *saved, *facts;
	struct cloud cloud;
	struct fake_source fake;
	struct gather_figures figures;
	struct error err;
	size_t settled; /* calls of the callback */
};

static void fixture_open(struct fixture *fixture, const char *kind)
{
	*fixture = (struct fixture){0};
	fixture->document = facts_test_cloud(&fixture->arena, kind);
	fixture->saved = facts_test_load(&fixture->arena, fixture->document, &fixture->cloud);
	fixture->facts = facts_new(&fixture->arena, &cloud_plan, &fixture->cloud);
	facts_test_fake(&fixture->arena, fixture->saved, &fixture->fake);
}

static void fixture_close(struct fixture *fixture)
{
	arena_free(&fixture->arena);
}

static void count_settled(void *self, const struct facts *facts)
{
	struct fixture *fixture = self;

	assert_ptr_equal(facts, fixture->facts);
	fixture->settled++;
}

static int run(struct fixture *fixture, const bool *wanted)
{
	return gather(&fixture->fake.source, fixture->facts, wanted, count_settled, fixture,
		&fixture->figures, &fixture->err);
}

static int run_list(struct fixture *fixture, const struct index_list *list)
{
	bool wanted[FACT_COUNT] = {false};

	for (size_t i = 0; i < list->count; i++)
		wanted[list->items[i]] = true;
	return run(fixture, wanted);
}

#define RUN(fixture, ...) run_list((fixture), &(const struct index_list)FACTS(__VA_ARGS__))

/* Flags, in the fixture's arena. */
static bool *wanted_by_checks(struct fixture *fixture)
{
	bool *wanted = NEW_ARRAY(&fixture->arena, bool, FACT_COUNT);

	for (size_t i = 0; i < check_count(&cloud_checks); i++)
		if (check_applies(check_at(&cloud_checks, i), &fixture->cloud, NULL))
			check_facts(&cloud_checks, check_at(&cloud_checks, i), wanted);
	wanted[FACT_CONTROL_PLANE_SIMULATION] = wanted[FACT_NODE_SIMULATION] = wanted[FACT_PROFILES] = false;
	plan_close(&cloud_plan, wanted);
	return wanted;
}

/* These facts are lost, and no others. */
static void assert_only_lost(const struct fixture *fixture, const struct index_list *list)
{
	size_t lost = 0;

	for (unsigned i = 0; i < FACT_COUNT; i++)
		lost += facts_lost(fixture->facts, i);
	assert_int_equal(lost, list->count);
	for (size_t i = 0; i < list->count; i++)
		assert_true(facts_lost(fixture->facts, list->items[i]));
}

#define ASSERT_ONLY_LOST(fixture, ...) \
	assert_only_lost((fixture), &(const struct index_list)FACTS(__VA_ARGS__))

static void assert_lost(const struct fixture *fixture, enum fact fact, enum error_kind kind,
	const char *action, const char *doing)
{
	const struct fact_value *value = &fixture->facts->values[fact];

	assert_int_equal(value->state, FACT_LOST);
	assert_int_equal(value->error->kind, kind);
	assert_string_equal(value->error->action, action);
	assert_string_equal(value->doing, doing);
	assert_null(facts_tree(fixture->facts, fact));
}

/* What was gathered is what was saved; in any order of answers. */
static void gather_like_saved(const char *kind, size_t per_step, bool newest_first, int calls, int chain)
{
	struct fixture fixture;
	bool *wanted;
	size_t facts = 0;

	fixture_open(&fixture, kind);
	fixture.fake.per_step = per_step;
	fixture.fake.newest_first = newest_first;
	wanted = wanted_by_checks(&fixture);
	assert_int_equal(run(&fixture, wanted), 0);
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		if (!wanted[i])
			continue;
		facts++;
		if (fixture.facts->values[i].state != FACT_KNOWN)
			fail_msg("%s: %s is not known", kind, cloud_plan.rows[i].name);
		assert_true(json_equal(facts_tree(fixture.facts, i), facts_tree(fixture.saved, i)));
	}
	assert_int_equal(fixture.settled, facts);
	if (fixture.figures.calls != calls || fixture.figures.longest_chain != chain)
		fail_msg("%s: %d calls, chain %d", kind, fixture.figures.calls,
			fixture.figures.longest_chain);
	assert_int_equal(fixture.fake.count, calls);
	assert_true(fake_all_differ(&fixture.fake));
	assert_null(fixture.fake.elsewhere);
	fixture_close(&fixture);
}

static void whole_clouds_are_gathered_as_they_were_saved(void **state)
{
	(void)state;
	gather_like_saved("direct", 0, false, 35, 2);
	gather_like_saved("direct", 1, false, 35, 2);
	gather_like_saved("direct", 1, true, 35, 2);
	gather_like_saved("memorydb", 0, false, 41, 4);
	gather_like_saved("private", 3, true, 47, 3);
	gather_like_saved("groups", 2, true, 43, 4);
	gather_like_saved("attached", 0, true, 43, 3);
	gather_like_saved("restricted", 1, false, 37, 3);
	gather_like_saved("kms", 1, false, 39, 3);
}

/* The key of a bucket elsewhere is asked about there. */
static void a_key_is_asked_about_in_its_region(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "kms");
	fixture.fake.place = "eu-west-1";
	assert_int_equal(RUN(&fixture, FACT_BUCKET_KEY_POLICY), 0);
	assert_int_equal(fake_count(&fixture.fake, &kms_GetKeyPolicy), 1);
	assert_string_equal(fixture.fake.elsewhere, "eu-west-1");
	fixture_close(&fixture);
}

/* Everything that needs nothing else is under way before the first answer, and a chain's first link goes first. */
static void independent_calls_start_before_the_first_answer(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.per_step = 1;
	assert_int_equal(run(&fixture, wanted_by_checks(&fixture)), 0);
	assert_int_equal(fixture.fake.at_first_step, 30);
	assert_ptr_equal(fake_operation(&fixture.fake, 0), &ec2_GetEbsEncryptionByDefault);
	fixture_close(&fixture);
}

static void calls_name_what_the_record_names(void **state)
{
	static const char *const filter =
		"{\"Filter\":[{\"Name\":\"subnet-id\",\"Value\":[\"subnet-00000000000000001\",\"subnet-00000000000000002\"]}]}";
	struct fixture fixture;
	json_t *expected = json_loads(filter, 0, NULL);

	(void)state;
	fixture_open(&fixture, "private");
	assert_int_equal(RUN(&fixture, FACT_SUBNETS), 0);
	assert_int_equal(fixture.fake.count, 1);
	assert_true(json_equal((json_t *)fake_input(&fixture.fake, 0), expected));
	assert_int_equal(RUN(&fixture, FACT_CONTROL_PLANE_ROLE), 0);
	assert_string_equal(tree_text(fake_input(&fixture.fake, 1), "RoleName"), "control-plane");
	assert_int_equal(RUN(&fixture, FACT_BUCKET), 0);
	assert_string_equal(tree_text(fake_input(&fixture.fake, 2), "Bucket"), "example-ray-data");
	assert_string_equal(tree_text(json_object_get(fake_input(&fixture.fake, 2),
					      "Header:x-amz-expected-bucket-owner"),
				    NULL),
		"111122223333");
	json_decref(expected);
	fixture_close(&fixture);
}

/* A record without ids asks nothing, and knows that there is nothing. */
static void an_empty_record_asks_nothing_of_resources(void **state)
{
	struct fixture fixture;
	bool all[FACT_COUNT];

	(void)state;
	fixture_open(&fixture, "direct");
	*aws_cloud_edit(&fixture.arena, &fixture.cloud) = (struct aws_cloud){0};
	memset(all, true, sizeof(all));
	assert_int_equal(run(&fixture, all), 0);
	assert_int_equal(fixture.fake.count, 5); /* caller, quotas, key of volumes, role of spot */
	assert_int_equal(fixture.figures.longest_chain, 1);
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_VPC)));
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_NODE_ATTACHED_DOCUMENTS)));
	fixture_close(&fixture);
}

static void a_denied_call_loses_what_depends_on_it(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fake_error(&fixture.fake, &efs_DescribeMountTargets, NULL, ERROR_DENIED, "AccessDeniedException",
		"no");
	assert_int_equal(run(&fixture, wanted_by_checks(&fixture)), 0);
	assert_lost(&fixture, FACT_MOUNT_TARGETS, ERROR_DENIED, "elasticfilesystem:DescribeMountTargets",
		"describing mount targets");
	assert_lost(&fixture, FACT_MOUNT_TARGET_INTERFACES, ERROR_DENIED,
		"elasticfilesystem:DescribeMountTargets", "describing mount targets");
	assert_lost(&fixture, FACT_MOUNT_TARGET_GROUPS, ERROR_DENIED,
		"elasticfilesystem:DescribeMountTargets", "describing mount targets");
	ASSERT_ONLY_LOST(&fixture, FACT_MOUNT_TARGETS, FACT_MOUNT_TARGET_INTERFACES,
		FACT_MOUNT_TARGET_GROUPS);
	assert_int_equal(fake_count(&fixture.fake, &ec2_DescribeNetworkInterfaces), 0);
	assert_int_equal(fixture.figures.longest_chain, 2);
	fixture_close(&fixture);
}

/* Absence by code, by an empty list, and by code and message; the same code with another message is a loss. */
static void absence_is_told_from_loss(void **state)
{
	struct fixture fixture;
	json_t *empty = json_loads("{\"vpcSet\":\"\"}", 0, NULL);

	(void)state;
	fixture_open(&fixture, "direct");
	fake_reply(&fixture.fake, &ec2_DescribeVpcs, NULL, empty);
	fake_error(&fixture.fake, &iam_GetRole, "node", ERROR_NOT_FOUND, "NoSuchEntity", "no role");
	fake_error(&fixture.fake, &s3_GetBucketEncryption, NULL, ERROR_NOT_FOUND, "NoSuchBucket",
		"not found");
	fake_error(&fixture.fake, &s3_GetBucketCors, NULL, ERROR_NOT_FOUND, "NoSuch", "a prefix is no code");
	fake_error(&fixture.fake, &cloudformation_DescribeStacks, NULL, ERROR_REJECTED, "ValidationError",
		"Stack with id x does not exist");
	assert_int_equal(RUN(&fixture, FACT_VPC, FACT_NODE_ROLE, FACT_BUCKET, FACT_BUCKET_CORS, FACT_STACK),
		0);
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_VPC)));
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_NODE_ROLE)));
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_BUCKET)));
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_STACK)));
	ASSERT_ONLY_LOST(&fixture, FACT_BUCKET_CORS);
	assert_false(facts_has(fixture.facts, FACT_VPC));
	fixture_close(&fixture);

	fixture_open(&fixture, "direct");
	fake_error(&fixture.fake, &cloudformation_DescribeStacks, NULL, ERROR_REJECTED, "ValidationError",
		"1 validation error detected");
	assert_int_equal(RUN(&fixture, FACT_STACK), 0);
	ASSERT_ONLY_LOST(&fixture, FACT_STACK);
	json_decref(empty);
	fixture_close(&fixture);
}

/* Whoever answers what encryption a bucket has, has the bucket: without any as well, and in the region that answered. */
static void encryption_says_that_the_bucket_exists(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.place = "eu-west-1";
	assert_int_equal(RUN(&fixture, FACT_BUCKET, FACT_BUCKET_ENCRYPTION), 0);
	assert_int_equal(fixture.figures.calls, 1);
	assert_string_equal(tree_text(facts_tree(fixture.facts, FACT_BUCKET), "BucketRegion"), "eu-west-1");
	assert_non_null(tree_get(facts_tree(fixture.facts, FACT_BUCKET_ENCRYPTION), "Rule"));
	fixture_close(&fixture);

	fixture_open(&fixture, "direct");
	fake_error(&fixture.fake, &s3_GetBucketEncryption, NULL, ERROR_NOT_FOUND,
		"ServerSideEncryptionConfigurationNotFoundError", "none");
	assert_int_equal(RUN(&fixture, FACT_BUCKET, FACT_BUCKET_ENCRYPTION), 0);
	assert_string_equal(tree_text(facts_tree(fixture.facts, FACT_BUCKET), "BucketRegion"), "us-west-2");
	assert_true(json_is_null(facts_tree(fixture.facts, FACT_BUCKET_ENCRYPTION)));
	fixture_close(&fixture);

	fixture_open(&fixture, "direct");
	fake_error(&fixture.fake, &s3_GetBucketEncryption, NULL, ERROR_DENIED, "AccessDenied", "no");
	assert_int_equal(RUN(&fixture, FACT_BUCKET, FACT_BUCKET_ENCRYPTION), 0);
	assert_lost(&fixture, FACT_BUCKET, ERROR_DENIED, "s3:GetEncryptionConfiguration",
		"looking at the bucket");
	fixture_close(&fixture);
}

/* The backup policy is asked for only when no tag says that there are backups. */
static void the_backup_policy_is_asked_for_without_a_tag_only(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	assert_int_equal(RUN(&fixture, FACT_FILE_SYSTEM_BACKUP), 0);
	assert_int_equal(fixture.figures.calls, 1);
	fixture_close(&fixture);
	fixture_open(&fixture, "private");
	assert_int_equal(RUN(&fixture, FACT_FILE_SYSTEM_BACKUP), 0);
	assert_int_equal(fixture.figures.calls, 2);
	assert_true(facts_has(fixture.facts, FACT_FILE_SYSTEM_BACKUP));
	fixture_close(&fixture);
}

/* A role with two inline and two attached policies. */
static void answer_policies(struct fixture *fixture)
{
	static const struct {
		const struct aws_operation *operation;
		const char *input, *reply;
	} replies[] = {
		{&iam_ListRolePolicies, NULL, "{\"PolicyNames\":[\"one\",\"two\"]}"},
		{&iam_GetRolePolicy, "one", "{\"PolicyName\":\"one\"}"},
		{&iam_GetRolePolicy, "two", "{\"PolicyName\":\"two\"}"},
		{&iam_ListAttachedRolePolicies, NULL,
			"{\"AttachedPolicies\":[{\"PolicyArn\":\"arn:a\"},{\"PolicyArn\":\"arn:b\"}]}"},
		{&iam_GetPolicy, "arn:a", "{\"Policy\":{\"Arn\":\"arn:a\",\"DefaultVersionId\":\"v3\"}}"},
		{&iam_GetPolicy, "arn:b", "{\"Policy\":{\"Arn\":\"arn:b\",\"DefaultVersionId\":\"v1\"}}"},
		{&iam_GetPolicyVersion, "v3", "{\"PolicyVersion\":{\"VersionId\":\"v3\"}}"},
		{&iam_GetPolicyVersion, "v1", "{\"PolicyVersion\":{\"VersionId\":\"v1\"}}"},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(replies); i++) {
		json_t *reply = json_loads(replies[i].reply, 0, NULL);

		json_object_set_new(fixture->document, replies[i].reply, reply);
		fake_reply(&fixture->fake, replies[i].operation, replies[i].input, reply);
	}
}

static void every_policy_of_a_role_is_read(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	answer_policies(&fixture);
	assert_int_equal(RUN(&fixture, FACT_NODE_POLICIES, FACT_NODE_ATTACHED_DOCUMENTS), 0);
	assert_string_equal(tree_text(facts_tree(fixture.facts, FACT_NODE_POLICIES), "two.PolicyName"),
		"two");
	assert_string_equal(tree_text(json_object_get(facts_tree(fixture.facts, FACT_NODE_ATTACHED_DOCUMENTS),
					      "arn:a"),
				    "PolicyVersion.VersionId"),
		"v3");
	assert_int_equal(fixture.figures.calls, 9);
	assert_int_equal(fixture.figures.longest_chain, 3);
	fixture_close(&fixture);
}

/* A permissions boundary comes with the attached policies, in the same number of steps. */
static void a_permissions_boundary_takes_no_step_more(void **state)
{
	struct fixture fixture;
	json_t *role = json_loads(
		"{\"Role\":{\"RoleName\":\"cld_abcdefghijklmnopqrstuvwxyz-cluster_node_role\",\"PermissionsBoundary\":{\"PermissionsBoundaryArn\":\"arn:c\"}}}",
		0, NULL);
	json_t *policy = json_loads("{\"Policy\":{\"Arn\":\"arn:c\",\"DefaultVersionId\":\"v7\"}}", 0, NULL);
	json_t *version = json_loads("{\"PolicyVersion\":{\"VersionId\":\"v7\"}}", 0, NULL);
	const json_t *documents;

	(void)state;
	fixture_open(&fixture, "direct");
	fake_reply(&fixture.fake, &iam_GetRole, NULL, role);
	fake_reply(&fixture.fake, &iam_GetPolicy, "arn:c", policy);
	fake_reply(&fixture.fake, &iam_GetPolicyVersion, "v7", version);
	answer_policies(&fixture);
	assert_int_equal(RUN(&fixture, FACT_NODE_ATTACHED_DOCUMENTS), 0);
	documents = facts_tree(fixture.facts, FACT_NODE_ATTACHED_DOCUMENTS);
	assert_int_equal(json_object_size(documents), 3);
	assert_string_equal(tree_text(json_object_get(documents, "arn:c"), "PolicyVersion.VersionId"), "v7");
	assert_int_equal(fixture.figures.longest_chain, 3);
	json_decref(role);
	json_decref(policy);
	json_decref(version);
	fixture_close(&fixture);
}

/* One lost call loses the fact; a thing that vanished between two calls is absent under its key. */
static void one_lost_call_of_many_loses_the_fact(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fake_error(&fixture.fake, &iam_GetRolePolicy, "two", ERROR_NOT_FOUND, "NoSuchEntity", "gone");
	fake_error(&fixture.fake, &iam_GetPolicy, "arn:b", ERROR_THROTTLED, "Throttling", "Rate exceeded");
	answer_policies(&fixture);
	assert_int_equal(RUN(&fixture, FACT_NODE_POLICIES, FACT_NODE_ATTACHED_DOCUMENTS), 0);
	assert_true(json_is_null(tree_get(facts_tree(fixture.facts, FACT_NODE_POLICIES), "two")));
	assert_lost(&fixture, FACT_NODE_ATTACHED_VERSIONS, ERROR_THROTTLED, "",
		"finding the node role's attached policies");
	assert_lost(&fixture, FACT_NODE_ATTACHED_DOCUMENTS, ERROR_THROTTLED, "",
		"finding the node role's attached policies");
	fixture_close(&fixture);
}

/* Mount targets and MemoryDB behind the same group that is not the cloud's: it is asked for once. */
static void a_group_of_two_services_is_asked_for_once(void **state)
{
	struct fixture fixture;
	json_t *changes = json_loads(
		"[{\"op\":\"replace\",\"path\":\"/facts/memorydb-cluster/reply/Clusters/0/SecurityGroups/0/SecurityGroupId\",\"value\":\"sg-00000000000000003\"}]",
		0, NULL);
	json_t *interfaces = json_loads(
		"{\"networkInterfaceSet\":[{\"networkInterfaceId\":\"eni-00000000000000001\",\"groupSet\":[{\"groupId\":\"sg-00000000000000003\"}]}]}",
		0, NULL);
	json_t *groups = json_loads("{\"securityGroupInfo\":[{\"groupId\":\"sg-00000000000000003\"}]}", 0,
		NULL);

	(void)state;
	fixture_open(&fixture, "memorydb");
	facts_test_change(fixture.document, changes);
	fake_reply(&fixture.fake, &ec2_DescribeNetworkInterfaces, NULL, interfaces);
	fake_reply(&fixture.fake, &ec2_DescribeSecurityGroups, "sg-00000000000000003", groups);
	assert_int_equal(RUN(&fixture, FACT_MOUNT_TARGET_GROUPS, FACT_MEMORYDB_GROUPS), 0);
	assert_int_equal(fake_count(&fixture.fake, &ec2_DescribeSecurityGroups), 1);
	assert_ptr_equal(facts_tree(fixture.facts, FACT_MEMORYDB_GROUPS), groups);
	assert_ptr_equal(facts_tree(fixture.facts, FACT_MOUNT_TARGET_GROUPS), groups);
	json_decref(changes);
	json_decref(interfaces);
	json_decref(groups);
	fixture_close(&fixture);
}

static void known_facts_are_not_asked_for(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	facts_learn(fixture.facts, FACT_MOUNT_TARGETS, facts_tree(fixture.saved, FACT_MOUNT_TARGETS));
	assert_int_equal(RUN(&fixture, FACT_MOUNT_TARGET_INTERFACES), 0);
	assert_int_equal(fixture.fake.count, 1);
	assert_ptr_equal(fake_operation(&fixture.fake, 0), &ec2_DescribeNetworkInterfaces);
	assert_int_equal(RUN(&fixture, FACT_MOUNT_TARGET_INTERFACES), 0);
	assert_int_equal(fixture.fake.count, 1);
	fixture_close(&fixture);
}

static void an_interruption_loses_the_rest(void **state)
{
	struct fixture fixture;
	size_t known = 0, lost = 0;
	bool *wanted;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.per_step = 5;
	fixture.fake.interrupt_after = 2;
	wanted = wanted_by_checks(&fixture);
	assert_int_equal(run(&fixture, wanted), -1);
	assert_int_equal(fixture.err.kind, ERROR_INTERRUPTED);
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		assert_int_equal(facts_settled(fixture.facts, i), wanted[i]);
		known += facts_tree(fixture.facts, i) != NULL;
		lost += facts_lost(fixture.facts, i);
		if (facts_lost(fixture.facts, i))
			assert_int_equal(facts_error(fixture.facts, i)->kind, ERROR_INTERRUPTED);
	}
	assert_true(known > 0 && lost > 0);
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_clouds_are_gathered_as_they_were_saved),
		cmocka_unit_test(a_key_is_asked_about_in_its_region),
		cmocka_unit_test(independent_calls_start_before_the_first_answer),
		cmocka_unit_test(calls_name_what_the_record_names),
		cmocka_unit_test(an_empty_record_asks_nothing_of_resources),
		cmocka_unit_test(a_denied_call_loses_what_depends_on_it),
		cmocka_unit_test(absence_is_told_from_loss),
		cmocka_unit_test(encryption_says_that_the_bucket_exists),
		cmocka_unit_test(the_backup_policy_is_asked_for_without_a_tag_only),
		cmocka_unit_test(every_policy_of_a_role_is_read),
		cmocka_unit_test(a_permissions_boundary_takes_no_step_more),
		cmocka_unit_test(one_lost_call_of_many_loses_the_fact),
		cmocka_unit_test(a_group_of_two_services_is_asked_for_once),
		cmocka_unit_test(known_facts_are_not_asked_for),
		cmocka_unit_test(an_interruption_loses_the_rest),
	};

	return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
