/* SPDX-License-Identifier: Apache-2.0 */
/* The streams and the sample run of the tests in this folder. */
#include "ui/capture.h"

#include <stdlib.h>

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

static void group(struct capture *capture, int64_t at_ms, struct event_resource resource)
{
	capture_emit(capture, (struct event){.kind = EVENT_RESOURCE, .at_ms = at_ms, .resource = resource});
}

static void finding(struct capture *capture, int64_t at_ms, struct event_finding event)
{
	capture_emit(capture, (struct event){.kind = EVENT_FINDING, .at_ms = at_ms, .finding = event});
}

static void subnets(struct capture *capture)
{
	static const char *const evidence[] = {"subnet-1: eu-west-1a", "subnet-2: eu-west-1a"};

	finding(capture, 1200,
		(struct event_finding){.check = "subnets.zones",
			.group = "subnets",
			.verdict = VERDICT_FAIL,
			.severity = VERDICT_FAIL,
			.holds = "the subnets are in two zones or more",
			.text = "all are in eu-west-1a",
			.why = "a zone can fail",
			.remedy = "add a subnet in eu-west-1b",
			.reference = "docs/checks.md",
			.evidence = evidence,
			.evidence_count = 2});
	finding(capture, 1200,
		(struct event_finding){.check = "subnets.route",
			.group = "subnets",
			.verdict = VERDICT_UNKNOWN,
			.severity = VERDICT_FAIL,
			.holds = "each subnet has a way out",
			.text = "the route tables could not be read",
			.action = "ec2:DescribeRouteTables"});
	group(capture, 1250,
		(struct event_resource){.id = "subnets",
			.name = "subnets",
			.physical_id = "['subnet-1', 'subnet-2']",
			.state = RESOURCE_FAILED,
			.verdict = VERDICT_FAIL});
}

void capture_verify(struct capture *capture)
{
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.cloud = "prod",
				.cloud_id = "cld_abc",
				.region = "eu-west-1"}});
	group(capture, 400, (struct event_resource){.id = "vpc", .name = "VPC", .state = RESOURCE_WORKING});
	group(capture, 410,
		(struct event_resource){.id = "subnets", .name = "subnets", .state = RESOURCE_WORKING});
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
		(struct event_resource){.id = "vpc",
			.name = "VPC",
			.physical_id = "vpc-1",
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
		(struct event_resource){.id = "stack",
			.name = "CloudFormation stack",
			.state = RESOURCE_DONE,
			.verdict = VERDICT_SKIP});
	capture_emit(capture,
		(struct event){.kind = EVENT_END,
			.at_ms = 1400,
			.end = {.exit_code = 1,
				.verdict = VERDICT_FAIL,
				.counts = {1, 1, 1, 1, 1},
				.calls = 9,
				.retries = 2}});
}
