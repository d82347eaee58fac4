/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing, judging, reporting: verify_run() on a fake AWS, without a source on saved facts, findings and remedies. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/facts_test.h"

enum { EVENTS = 256 };

/* What a renderer would see. */
struct recorder {
	struct sink sink;
	struct arena *arena;
	struct {
		enum event_kind kind;
		const char *id, *text, *remedy;
		enum resource_state state;
		enum verdict verdict;
	} events[EVENTS];
	size_t count;
};

static void record(struct sink *sink, const struct event *event)
{
	struct recorder *recorder = (struct recorder *)sink;
	size_t at = recorder->count++;

	assert_true(at < EVENTS);
	recorder->events[at].kind = event->kind;
	if (event->kind == EVENT_GROUP) {
		recorder->events[at].id = arena_strdup(recorder->arena, event->group.id);
		recorder->events[at].text = arena_strdup(recorder->arena, event->group.subject);
		recorder->events[at].state = event->group.state;
		recorder->events[at].verdict = event->group.verdict;
	} else {
		assert_int_equal(event->kind, EVENT_FINDING);
		recorder->events[at].id = arena_strdup(recorder->arena, event->finding.check);
		recorder->events[at].text = arena_strdup(recorder->arena, event->finding.text);
		recorder->events[at].remedy = arena_strdup(recorder->arena, event->finding.remedy);
		recorder->events[at].verdict = event->finding.verdict;
	}
}

static int64_t no_time(struct world *world)
{
	(void)world;
	return 0;
}

struct fixture {
	struct arena arena;
	json_t *document;
	struct facts *facts;
	struct cloud cloud;
	struct fake_source fake;
	struct world world;
	struct recorder recorder;
	struct event_stream stream;
	struct verification result;
	struct error err;
};

static void fixture_open(struct fixture *fixture, const char *kind)
{
	*fixture = (struct fixture){.world = {.steady_ms = no_time, .wall_ms = no_time}};
	fixture->document = facts_test_cloud(&fixture->arena, kind);
	fixture->facts = facts_test_load(&fixture->arena, fixture->document, &fixture->cloud);
	facts_test_fake(&fixture->arena, fixture->facts, &fixture->fake);
	fixture->recorder = (struct recorder){.sink = {record}, .arena = &fixture->arena};
	event_begin(&fixture->stream, &fixture->recorder.sink, &fixture->world);
}

static void fixture_close(struct fixture *fixture)
{
	arena_free(&fixture->arena);
}

static int run(struct fixture *fixture, const char *only, const char *skip)
{
	struct verify_options options = {
		.only = text_split(&fixture->arena, only, ','),
		.skip = text_split(&fixture->arena, skip, ','),
	};

	return facts_test_run(&fixture->arena, &fixture->fake, &fixture->cloud, &options, &fixture->stream,
		&fixture->result, &fixture->err);
}

static enum verdict verdict_of(const struct fixture *fixture, const char *group)
{
	for (size_t i = 0; i < cloud_checks.group_count; i++)
		if (strcmp(cloud_checks.groups[i]->id, group) == 0)
			return fixture->result.groups[i];
	fail_msg("no group %s", group);
	return VERDICT_SKIP;
}

static const struct finding *find(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->result.count; i++)
		if (strcmp(fixture->result.findings[i].check->id, id) == 0)
			return &fixture->result.findings[i];
	return NULL;
}

/* Of the cloud, without an option that makes more of them apply. */
static size_t applying(const struct cloud *cloud)
{
	const struct verify_options options = {0};
	size_t count = 0;

	for (size_t i = 0; i < check_count(&cloud_checks); i++)
		count += check_applies(check_at(&cloud_checks, i), cloud, &options);
	return count;
}

static void a_good_cloud_passes_in_catalogue_order(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.per_step = 1;
	fixture.fake.newest_first = true;
	assert_int_equal(run(&fixture, "", ""), 0);
	assert_int_equal(fixture.result.count, applying(&fixture.cloud));
	assert_int_equal(fixture.result.counts[VERDICT_PASS], fixture.result.count);
	assert_int_equal(fixture.result.overall, VERDICT_PASS);
	assert_int_equal(verdict_of(&fixture, "efs"), VERDICT_PASS);
	assert_int_equal(verdict_of(&fixture, "memorydb"), VERDICT_SKIP);
	assert_int_equal(verdict_of(&fixture, "quotas"), VERDICT_PASS);
	assert_int_equal(fixture.result.figures.calls, 35);
	for (size_t i = 0, k = 0; i < fixture.result.count; i++, k++) {
		while (k < check_count(&cloud_checks) &&
			check_at(&cloud_checks, k) != fixture.result.findings[i].check)
			k++;
		assert_true(k < check_count(&cloud_checks));
	}
	fixture_close(&fixture);
}

/* The findings of a group come in catalogue order, whatever the order of answers. */
static void assert_ordered(const struct recorder *recorder)
{
	const struct check *last[16] = {0};

	for (size_t i = 0; i < recorder->count; i++) {
		const struct check_group *group = NULL;
		const struct check *check = check_find(&cloud_checks, recorder->events[i].id, &group);
		size_t index;

		if (recorder->events[i].kind != EVENT_FINDING)
			continue;
		index = check_group_index(&cloud_checks, group);
		assert_true(index < 16 && (!last[index] || check > last[index]));
		last[index] = check;
	}
}

/* Each finding once, between its group's beginning and end, in any order of answers. */
static void findings_come_within_their_group(void **state)
{
	struct fixture fixture;
	const struct recorder *recorder = &fixture.recorder;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.per_step = 1;
	fixture.fake.newest_first = true;
	assert_int_equal(run(&fixture, "", ""), 0);
	assert_int_equal(recorder->count, fixture.result.count + 2 * 9);
	assert_ordered(recorder);
	for (size_t i = 0; i < fixture.result.count; i++) {
		const struct check *check = fixture.result.findings[i].check;
		size_t begun = EVENTS, ended = EVENTS, found = EVENTS, times = 0;

		for (size_t k = 0; k < recorder->count; k++) {
			if (recorder->events[k].kind == EVENT_FINDING &&
				strcmp(recorder->events[k].id, check->id) == 0) {
				found = k;
				times++;
			} else if (recorder->events[k].kind == EVENT_GROUP &&
				strcmp(recorder->events[k].id, fixture.result.findings[i].group->id) == 0) {
				*(recorder->events[k].state == RESOURCE_WORKING ? &begun : &ended) = k;
			}
		}
		assert_int_equal(times, 1);
		assert_true(begun < found && found < ended && ended < EVENTS);
		assert_int_equal(recorder->events[ended].state, RESOURCE_DONE);
		assert_int_equal(recorder->events[ended].verdict, VERDICT_PASS);
	}
	fixture_close(&fixture);
}

static void groups_name_their_resources(void **state)
{
	static const struct {
		const char *id, *subject;
	} rows[] = {
		{"account", "111122223333"},
		{"vpc", "vpc-0a1b2c3d4e5f60718"},
		{"subnets", "['subnet-00000000000000001', 'subnet-00000000000000002']"},
		{"iam roles",
			"['arn:aws:iam::111122223333:role/ray/control-plane', 'arn:aws:iam::111122223333:role/ray/nodes']"},
		{"security groups", "['sg-0a1b2c3d4e5f60718', 'sg-00000000000000002']"},
		{"s3", "example-ray-data"},
		{"efs", "fs-0a1b2c3d4e5f60718"},
	};
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "private");
	assert_int_equal(run(&fixture, "", ""), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_string_equal(fixture.recorder.events[i].id, rows[i].id);
		assert_string_equal(fixture.recorder.events[i].text, rows[i].subject);
		assert_int_equal(fixture.recorder.events[i].state, RESOURCE_WORKING);
	}
	fixture_close(&fixture);
}

static void a_failed_check_fails_its_group(void **state)
{
	struct fixture fixture;
	json_t *peered = json_loads(
		"{\"subnetSet\":[{\"subnetId\":\"subnet-00000000000000001\",\"vpcId\":\"vpc-2\"}]}", 0, NULL);
	const struct finding *finding;
	size_t last = 0;

	(void)state;
	fixture_open(&fixture, "direct");
	fake_reply(&fixture.fake, &ec2_DescribeSubnets, NULL, peered);
	assert_int_equal(run(&fixture, "subnets.vpc", ""), 0);
	finding = find(&fixture, "subnets.vpc");
	assert_int_equal(finding->verdict, VERDICT_FAIL);
	assert_string_equal(finding->evidence.items[0], "subnet-00000000000000001 is in vpc-2");
	assert_int_equal(fixture.result.overall, VERDICT_FAIL);
	last = fixture.recorder.count - 1;
	assert_int_equal(fixture.recorder.events[last].state, RESOURCE_FAILED);
	assert_int_equal(fixture.recorder.events[last].verdict, VERDICT_FAIL);
	assert_string_equal(fixture.recorder.events[last - 1].remedy,
		"aws ec2 describe-subnets --filters Name=vpc-id,Values=vpc-0a1b2c3d4e5f60718 --region us-west-2");
	json_decref(peered);
	fixture_close(&fixture);
}

/* The file system is there, and without the VPC nobody knows whether instances reach it. */
static void a_group_whose_required_checks_are_skipped_has_not_passed(void **state)
{
	struct fixture fixture;
	json_t *none = json_loads("{\"vpcSet\":[]}", 0, NULL);

	(void)state;
	fixture_open(&fixture, "direct");
	fake_reply(&fixture.fake, &ec2_DescribeVpcs, NULL, none);
	assert_int_equal(run(&fixture, "", ""), 0);
	assert_int_equal(find(&fixture, "efs.exists")->verdict, VERDICT_PASS);
	assert_int_equal(find(&fixture, "efs.mount-targets")->verdict, VERDICT_SKIP);
	assert_int_equal(verdict_of(&fixture, "efs"), VERDICT_SKIP);
	assert_int_equal(verdict_of(&fixture, "vpc"), VERDICT_FAIL);
	assert_int_equal(verdict_of(&fixture, "s3"), VERDICT_PASS);
	json_decref(none);
	fixture_close(&fixture);
}

/* Only who asks, what the chosen checks need, and what says whether their things exist is asked for. */
static void only_chosen_checks_ask(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	assert_int_equal(run(&fixture, "vpc.dns,efs.b*", ""), 0);
	assert_int_equal(fixture.result.count, 2);
	assert_int_equal(fixture.fake.count, 6);
	assert_int_equal(verdict_of(&fixture, "s3"), VERDICT_SKIP);
	fixture_close(&fixture);

	fixture_open(&fixture, "direct");
	assert_int_equal(run(&fixture, "vpc.*", "vpc.s3*,memorydb.*"), 0);
	assert_int_equal(fixture.result.count, 6);
	assert_null(find(&fixture, "vpc.s3-endpoint"));
	fixture_close(&fixture);
}

static void checks_that_do_not_apply_ask_nothing(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	assert_int_equal(run(&fixture, "memorydb.*", ""), 0);
	assert_int_equal(fixture.result.count, 0);
	assert_int_equal(fixture.result.overall, VERDICT_SKIP);
	assert_int_equal(fixture.fake.count, 0);
	assert_int_equal(fixture.recorder.count, 0);
	fixture_close(&fixture);
}

static void globs_without_a_match_are_refused(void **state)
{
	static const struct {
		const char *only, *skip, *text;
	} rows[] = {
		{"vpc.exist", "", "no check matches 'vpc.exist'; did you mean 'vpc.exists'?"},
		{"", "vpc", "no check matches 'vpc'; did you mean 'vpc.*'?"},
		{"vpc.*,zzz", "", "no check matches 'zzz'; 'cloudctl checks' lists them"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct fixture fixture;

		fixture_open(&fixture, "direct");
		assert_int_equal(run(&fixture, rows[i].only, rows[i].skip), -1);
		assert_int_equal(fixture.err.kind, ERROR_USAGE);
		assert_string_equal(fixture.err.frame[0], rows[i].text);
		assert_int_equal(fixture.fake.count, 0);
		fixture_close(&fixture);
	}
}

/* Who we are, or whether anybody listens, is no property of the cloud; what we may do is. */
static void no_credentials_and_no_network_fail_the_run(void **state)
{
	static const enum error_kind causes[] = {ERROR_CREDENTIALS, ERROR_NETWORK, ERROR_DENIED,
		ERROR_SERVICE};
	static const struct aws_operation *const operations[] = {
#define AWS_OPERATION(prefix, service, operation, ...) &service##_##operation,
#include "providers/aws/client/operation_list.h"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(causes); i++) {
		struct fixture fixture;

		fixture_open(&fixture, "direct");
		for (size_t k = 0; k < ARRAY_LENGTH(operations); k++)
			fake_error(&fixture.fake, operations[k], NULL, causes[i], "SomeCode", "in the way");
		assert_int_equal(run(&fixture, "", ""), i < 2 ? -1 : 0);
		assert_int_equal(fixture.err.kind, i < 2 ? causes[i] : ERROR_NONE);
		assert_int_equal(fixture.result.counts[VERDICT_UNKNOWN] > 0, i >= 2);
		fixture_close(&fixture);
	}
}

static void an_interruption_leaves_findings_unknown(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	fixture.fake.per_step = 4;
	fixture.fake.interrupt_after = 1;
	assert_int_equal(run(&fixture, "", ""), -1);
	assert_int_equal(fixture.err.kind, ERROR_INTERRUPTED);
	assert_true(fixture.result.counts[VERDICT_UNKNOWN] > 0);
	assert_true(fixture.result.counts[VERDICT_PASS] > 0);
	assert_int_equal(fixture.result.counts[VERDICT_UNKNOWN] + fixture.result.counts[VERDICT_PASS],
		fixture.result.count);
	assert_non_null(strstr(find(&fixture, "vpc.dns")->text, "interrupted"));
	assert_int_equal(fixture.recorder.count, fixture.result.count + 2 * 9);
	fixture_close(&fixture);
}

/* What was gathered, saved, written, read and judged again gives the same findings, losses included. */
static void saved_facts_give_the_same_findings(void **state)
{
	struct fixture fixture;
	struct verification again;
	struct cloud cloud;
	json_t *saved, *read;
	char *text;

	(void)state;
	fixture_open(&fixture, "memorydb");
	fake_error(&fixture.fake, &ec2_DescribeRouteTables, NULL, ERROR_DENIED, "UnauthorizedOperation",
		"no");
	fake_error(&fixture.fake, &s3_GetBucketEncryption, NULL, ERROR_NOT_FOUND, "NoSuchBucket", "no");
	assert_int_equal(run(&fixture, "", ""), 0);
	saved = facts_save(fixture.result.facts, cloud_to_tree(&fixture.cloud));
	text = json_dumps(saved, JSON_INDENT(2));
	read = json_loads(text, 0, NULL);
	free(text);
	facts_test_judge(&fixture.arena, read, &cloud, &again);
	assert_int_equal(again.count, fixture.result.count);
	for (size_t i = 0; i < again.count; i++) {
		assert_int_equal(again.findings[i].verdict, fixture.result.findings[i].verdict);
		assert_string_equal(again.findings[i].text, fixture.result.findings[i].text);
	}
	assert_int_equal(again.counts[VERDICT_UNKNOWN], 2);
	assert_int_equal(again.counts[VERDICT_SKIP], 8);
	json_decref(saved);
	fixture_close(&fixture);
	json_decref(read);
}

static void a_fact_that_was_not_saved_is_unknown(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_open(&fixture, "direct");
	json_object_del(json_object_get(fixture.document, "facts"), "stack");
	facts_test_judge(&fixture.arena, fixture.document, &fixture.cloud, &fixture.result);
	assert_int_equal(find(&fixture, "stack.status")->verdict, VERDICT_UNKNOWN);
	assert_string_equal(find(&fixture, "stack.status")->text,
		"reading saved facts: the saved facts do not hold 'stack'");
	assert_int_equal(fixture.result.counts[VERDICT_UNKNOWN], 1);
	fixture_close(&fixture);
}

static const char *remedy(struct arena *arena, const char *id, const struct cloud *cloud,
	enum remedy_kind *kind)
{
	return check_remedy(arena, &cloud_checks, check_find(&cloud_checks, id, NULL), cloud, kind);
}

static void remedies_name_the_resources(void **state)
{
	struct fixture fixture;
	struct cloud empty = {0};
	enum remedy_kind kind;
	const char *text;

	(void)state;
	fixture_open(&fixture, "private");
	text = remedy(&fixture.arena, "iam.control-plane.external-id", &fixture.cloud, &kind);
	assert_non_null(strstr(text, "demand sts:ExternalId cld_abcdefghijklmnopqrstuvwxyz"));
	assert_non_null(strstr(text, "the trust policy of control-plane"));
	assert_int_equal(kind, REMEDY_DO);
	text = remedy(&fixture.arena, "efs.mount-targets", &fixture.cloud, &kind);
	assert_non_null(strstr(text, "--security-groups sg-0a1b2c3d4e5f60718 sg-00000000000000002"));
	remedy(&fixture.arena, "efs.backup", &fixture.cloud, &kind);
	assert_int_equal(kind, REMEDY_FIX);
	text = remedy(&fixture.arena, "efs.backup", &empty, &kind);
	assert_non_null(strstr(text, "--file-system-id <file-system>"));
	assert_int_equal(kind, REMEDY_DO);
	for (size_t i = 0; i < check_count(&cloud_checks); i++)
		assert_null(
			strstr(remedy(&fixture.arena, check_at(&cloud_checks, i)->id, &fixture.cloud, &kind),
				"{region}"));
	fixture_close(&fixture);
}

/* What a record says is a word to the shell, or not there at all. */
static void remedies_quote_what_the_record_says(void **state)
{
	struct fixture fixture;
	enum remedy_kind kind;

	(void)state;
	fixture_open(&fixture, "private");
	aws_cloud_edit(&fixture.arena, &fixture.cloud)->resources.vpc_id = "vpc-$(id)";
	assert_string_equal(remedy(&fixture.arena, "vpc.exists", &fixture.cloud, &kind),
		"aws ec2 describe-vpcs --region us-west-2   # then cloudctl register with the right --vpc-id");
	assert_int_equal(kind, REMEDY_LOOK);
	assert_string_equal(remedy(&fixture.arena, "vpc.dns", &fixture.cloud, &kind),
		"aws ec2 modify-vpc-attribute --vpc-id 'vpc-$(id)' --enable-dns-support --region us-west-2 && "
		"aws ec2 modify-vpc-attribute --vpc-id 'vpc-$(id)' --enable-dns-hostnames --region us-west-2");
	assert_int_equal(kind, REMEDY_FIX);
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_cloud_passes_in_catalogue_order),
		cmocka_unit_test(findings_come_within_their_group),
		cmocka_unit_test(groups_name_their_resources),
		cmocka_unit_test(a_failed_check_fails_its_group),
		cmocka_unit_test(a_group_whose_required_checks_are_skipped_has_not_passed),
		cmocka_unit_test(only_chosen_checks_ask),
		cmocka_unit_test(checks_that_do_not_apply_ask_nothing),
		cmocka_unit_test(globs_without_a_match_are_refused),
		cmocka_unit_test(no_credentials_and_no_network_fail_the_run),
		cmocka_unit_test(an_interruption_leaves_findings_unknown),
		cmocka_unit_test(saved_facts_give_the_same_findings),
		cmocka_unit_test(a_fact_that_was_not_saved_is_unknown),
		cmocka_unit_test(remedies_name_the_resources),
		cmocka_unit_test(remedies_quote_what_the_record_says),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
