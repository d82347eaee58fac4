/* SPDX-License-Identifier: Apache-2.0 */
/* The streams and the sample run of the tests in this folder. */
#include "ui/capture.h"

#include <stdlib.h>

#include "base/array.h"

void capture_open(struct capture *capture)
{
	*capture = (struct capture){0};
	capture->results = open_memstream(&capture->results_text, &capture->results_size);
	capture->progress = open_memstream(&capture->progress_text, &capture->progress_size);
}

void capture_close(struct capture *capture)
{
	fclose(capture->results);
	fclose(capture->progress);
	free(capture->results_text);
	free(capture->progress_text);
	arena_free(&capture->arena);
}

const char *capture_results(struct capture *capture)
{
	size_t from = capture->results_taken;

	fflush(capture->results);
	capture->results_taken = capture->results_size;
	return arena_strdup(&capture->arena, capture->results_text + from);
}

const char *capture_progress(struct capture *capture)
{
	size_t from = capture->progress_taken;

	fflush(capture->progress);
	capture->progress_taken = capture->progress_size;
	return arena_strdup(&capture->arena, capture->progress_text + from);
}

void capture_emit(struct capture *capture, struct event event)
{
	capture->sink->emit(capture->sink, &event);
}

static void group(struct capture *capture, int64_t at_ms, struct event_group event)
{
	capture_emit(capture, (struct event){.kind = EVENT_GROUP, .at_ms = at_ms, .group = event});
}

static void finding(struct capture *capture, int64_t at_ms, struct event_finding event)
{
	capture_emit(capture, (struct event){.kind = EVENT_FINDING, .at_ms = at_ms, .finding = event});
}

static void subnets(struct capture *capture)
{
	static const char *const evidence[] = {"subnet-1: eu-west-1a", "subnet-2: eu-west-1a"};
	static const struct event_about both[] = {{"subnet", "subnet-1"}, {"subnet", "subnet-2"}};

	finding(capture, 1200,
		(struct event_finding){.check = "subnets.zones",
			.group = "subnets",
			.verdict = VERDICT_FAIL,
			.severity = VERDICT_FAIL,
			.holds = "the subnets are in two zones or more",
			.text = "all are in eu-west-1a",
			.why = "a zone can fail",
			.remedy = "add a subnet in eu-west-1b",
			.requirement = "docs/requirements.md#availability-zones",
			.reference = "https://example.com/guide#zones",
			.evidence = evidence,
			.evidence_count = 2,
			.resources = both,
			.resource_count = 2});
	finding(capture, 1200,
		(struct event_finding){.check = "subnets.route",
			.group = "subnets",
			.verdict = VERDICT_UNKNOWN,
			.severity = VERDICT_FAIL,
			.holds = "each subnet has a way out",
			.text = "the route tables could not be read",
			.action = "ec2:DescribeRouteTables"});
	group(capture, 1250,
		(struct event_group){.id = "subnets",
			.name = "subnets",
			.subject = "['subnet-1', 'subnet-2']",
			.state = RESOURCE_FAILED,
			.verdict = VERDICT_FAIL,
			.resources = both,
			.resource_count = 2});
}

void capture_verify(struct capture *capture)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true,
				.cloud = "prod",
				.cloud_id = "cld_abc",
				.region = "eu-west-1"}});
	group(capture, 400, (struct event_group){.id = "vpc", .name = "VPC", .state = RESOURCE_WORKING});
	group(capture, 410,
		(struct event_group){.id = "subnets", .name = "subnets", .state = RESOURCE_WORKING});
	finding(capture, 800,
		(struct event_finding){.check = "vpc.exists",
			.group = "vpc",
			.severity = VERDICT_FAIL,
			.verdict = VERDICT_PASS,
			.holds = "the VPC exists",
			.text = "vpc-1 is available"});
	finding(capture, 800,
		(struct event_finding){.check = "vpc.cidr-size",
			.group = "vpc",
			.verdict = VERDICT_WARN,
			.severity = VERDICT_FAIL,
			.holds = "the blocks are /20 or larger",
			.text = "10.0.0.0/22 has 1024 addresses",
			.remedy = "add a block:\naws ec2 associate-vpc-cidr-block --vpc-id vpc-1"});
	group(capture, 850,
		(struct event_group){.id = "vpc",
			.name = "VPC",
			.subject = "vpc-1",
			.state = RESOURCE_DONE,
			.verdict = VERDICT_WARN});
	subnets(capture);
	finding(capture, 1300,
		(struct event_finding){.check = "stack.status",
			.group = "stack",
			.verdict = VERDICT_SKIP,
			.severity = VERDICT_FAIL,
			.holds = "the stack is complete",
			.text = "needs vpc"});
	group(capture, 1300,
		(struct event_group){.id = "stack",
			.name = "CloudFormation stack",
			.state = RESOURCE_DONE,
			.verdict = VERDICT_SKIP});
	capture_emit(capture,
		(struct event){.kind = EVENT_END,
			.at_ms = 1400,
			.end = {.exit_code = 1,
				.judged = true,
				.verdict = VERDICT_FAIL,
				.counts = {1, 1, 1, 1, 1},
				.calls = 9,
				.retries = 2,
				.caller = "arn:aws:iam::111122223333:user/ci"}});
}

static void run(struct capture *capture, const char *cloud)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true,
				.cloud = cloud}});
}

static void end(struct capture *capture, int64_t at_ms, struct event_end event)
{
	capture_emit(capture, (struct event){.kind = EVENT_END, .at_ms = at_ms, .end = event});
}

void capture_ignored(struct capture *capture)
{
	static const struct event_finding findings[] = {
		{.check = "efs.exists",
			.verdict = VERDICT_FAIL,
			.severity = VERDICT_FAIL,
			.holds = "the file system exists",
			.text = "fs-1 is gone",
			.remedy = "make one",
			.ignored = "moved to FSx"},
		{.check = "efs.backup",
			.verdict = VERDICT_WARN,
			.severity = VERDICT_WARN,
			.holds = "backups are on",
			.text = "backups are off"},
		{.check = "efs.policy",
			.verdict = VERDICT_UNKNOWN,
			.severity = VERDICT_WARN,
			.holds = "the policy allows mounts",
			.text = "the policy could not be read",
			.action = "elasticfilesystem:DescribeFileSystemPolicy",
			.ignored = "not ours to read"},
	};

	run(capture, "prod");
	for (size_t i = 0; i < ARRAY_LENGTH(findings); i++) {
		struct event_finding event = findings[i];

		event.group = "efs";
		finding(capture, 100, event);
	}
	group(capture, 100,
		(struct event_group){.id = "efs",
			.name = "EFS",
			.subject = "fs-1",
			.state = RESOURCE_DONE,
			.verdict = VERDICT_WARN});
	end(capture, 200,
		(struct event_end){.judged = true, .verdict = VERDICT_WARN, .counts = {[VERDICT_WARN] = 1}});
}

#define MARKUP "]]><b>&amp;\"'|` @one `` #2 ``` @team {0} [x](evil) \\\r\n| a | b |\n# h\n~~~\n<i>\n\t"
#define CONTROLS "\x01\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xef\xbf\xbe"

static const char bad[] = MARKUP CONTROLS;
static const char bad_bytes[] = MARKUP CONTROLS "https://evil \xff\xed\xa0\x80";

/* The i-th of ten findings: each verdict twice, the second time ignored where it did not pass. */
static struct event_finding hostile_finding(size_t i)
{
	static const char *const evidence[][6] = {
		{bad, "", "`", "```", "~~~", "|"},
		{bad_bytes, "", "`", "```", "~~~", "|"},
	};
	static const struct event_about hostile[] = {{bad, bad}, {bad_bytes, bad_bytes}};
	static const char *const checks[VERDICTS] = {"vpc.exists", "vpc.dns", "vpc.cidr-size",
		"vpc.s3-endpoint", "vpc.other"};
	const char *text = i % 2 ? bad_bytes : bad;

	return (struct event_finding){.check = checks[i % VERDICTS],
		.group = bad_bytes,
		.verdict = (enum verdict)(i % VERDICTS),
		.severity = VERDICT_WARN,
		.holds = text,
		.text = text,
		.why = text,
		.remedy = text,
		.reference = i > 2 ? text : "https://example.com/checks#dns",
		.action = text,
		.evidence = evidence[i % 2],
		.evidence_count = 6,
		.resources = hostile,
		.resource_count = 2,
		.ignored = i > VERDICTS ? text : NULL};
}

void capture_hostile(struct capture *capture)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {"verify", bad_bytes, bad_bytes, bad_bytes, bad_bytes, .effect = EFFECT_NONE,
				.judges = true}});
	for (size_t i = 0; i < 2 * (size_t)VERDICTS; i++)
		finding(capture, 100, hostile_finding(i));
	group(capture, 100,
		(struct event_group){.id = bad_bytes,
			.name = bad_bytes,
			.subject = bad_bytes,
			.state = RESOURCE_FAILED,
			.verdict = VERDICT_FAIL});
	group(capture, 100,
		(struct event_group){.id = bad,
			.name = bad,
			.subject = bad,
			.state = RESOURCE_DONE,
			.verdict = VERDICT_PASS});
	end(capture, 200,
		(struct event_end){.exit_code = 1,
			.judged = true,
			.verdict = VERDICT_FAIL,
			.counts = {2, 1, 1, 1, 1}});
}

void capture_broken_off(struct capture *capture)
{
	run(capture, "prod");
	group(capture, 10, (struct event_group){.id = "vpc", .name = "VPC", .state = RESOURCE_WORKING});
	finding(capture, 300,
		(struct event_finding){.check = "vpc.exists",
			.group = "vpc",
			.severity = VERDICT_FAIL,
			.verdict = VERDICT_PASS,
			.holds = "the VPC exists",
			.text = "vpc-1 is available"});
	end(capture, 1500, (struct event_end){.exit_code = 4, .counts = {[VERDICT_PASS] = 1}});
}

void capture_empty(struct capture *capture)
{
	run(capture, "prod");
	end(capture, 5, (struct event_end){.judged = true, .verdict = VERDICT_SKIP});
}

void capture_many(struct capture *capture)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify-all",
				.effect = EFFECT_NONE,
				.judges = true,
				.outer = true}});
	capture_verify(capture);
	capture_ignored(capture);
	capture_hostile(capture);
	capture_broken_off(capture);
	capture_emit(capture,
		(struct event){.kind = EVENT_END,
			.end = {.exit_code = 1,
				.judged = true,
				.verdict = VERDICT_FAIL,
				.counts = {4, 3, 2, 1, 1}}});
}
