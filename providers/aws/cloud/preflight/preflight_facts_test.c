/* SPDX-License-Identifier: Apache-2.0 */
/* Test support, no test itself: see preflight_facts_test.h. */
#include "providers/aws/cloud/preflight/preflight_facts_test.h"

#include <string.h>

#include "base/test.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"

const json_t *fixture_read(struct fixture *fixture, const char *text)
{
	json_error_t error;
	json_t *tree = json_loads(text, JSON_DECODE_ANY, &error);

	if (!tree)
		fail_msg("%s: %s", text, error.text);
	return tree_defer(&fixture->arena, tree);
}

void fixture_learn(struct fixture *fixture, enum preflight_fact fact, const char *text)
{
	facts_learn(fixture->facts, fact, fixture_read(fixture, text));
}

void fixture_give(struct fixture *fixture, enum preflight_fact fact, json_t *tree)
{
	facts_learn(fixture->facts, fact, tree_defer(&fixture->arena, tree));
}

void fixture_request(struct fixture *fixture, const char *block, bool must_differ)
{
	fixture_give(fixture, PREFLIGHT_REQUEST,
		preflight_request(block, must_differ, &(struct text_list){0}));
}

void fixture_lose(struct fixture *fixture, enum preflight_fact fact, const char *action)
{
	struct error error;

	error_set(&error, ERROR_DENIED, "no");
	memcpy(error.action, action, strlen(action) + 1);
	facts_lose(fixture->facts, fact, "asking", &error);
}

static const char *action_of(const void *operation)
{
	return ((const struct aws_operation *)operation)->actions;
}

void fixture_open(struct fixture *fixture)
{
	*fixture = (struct fixture){
		.cloud = {.name = "demo", .region = "us-west-2", .account = "123456789012"}};
	*aws_cloud_edit(&fixture->arena, &fixture->cloud) = (struct aws_cloud){.stack_name = "cld-x",
		.resources = {.bucket = "cloudctl-data-cld-x",
			.control_plane_role_arn = "arn:aws:iam::1:role/control",
			.node_role_arn = "arn:aws:iam::1:role/node",
			.memorydb_cluster = "cld-x"}};
	fake_source_open(&fixture->fake, &fixture->arena, "us-west-2");
	fixture->fake.action = action_of;
	fixture->facts = facts_new(&fixture->arena, &preflight_plan, &fixture->cloud);
	fixture_request(fixture, "10.0.0.0/16", false);
	fixture_learn(fixture, PREFLIGHT_PERMISSIONS,
		"{\"caller\":\"arn:aws:iam::123456789012:user/ann\",\"root\":false,\"for_checks\":[\"ec2:DescribeVpcs\"],\"questions\":[{\"ActionNames\":[\"cloudformation:CreateStack\","
		"\"ec2:DescribeVpcs\"],\"ResourceArns\":[\"*\"]}]}");
}

struct finding fixture_judge(const struct fixture *fixture, const char *id)
{
	const struct check *check = check_find(&preflight_table, id, NULL);

	assert_non_null(check);
	return check_judge(&preflight_table, check, fixture->facts);
}

void assert_finding(const struct finding *finding, enum verdict verdict, const char *text)
{
	if (finding->verdict != verdict || !strstr(finding->text, text))
		fail_msg("%s %s, not %s %s", verdict_name(finding->verdict), finding->text,
			verdict_name(verdict), text);
}
