/* SPDX-License-Identifier: Apache-2.0 */
/* Test support: see fake_aws.h. Calls fly until a step finishes them, in an order that the test chooses. */
#include "providers/aws/cloud/checks/fake_aws.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/tree.h"

struct call {
	const struct aws_operation *operation;
	json_t *input;
	bool done;
	const char *region;
	const json_t *reply;
	struct error error;
};

/*
 * Which saved fact answers a call; where several share an operation, the input tells them apart. A fact made of
 * several calls holds each reply under what the input's member `key` says.
 */
static const struct source {
	const struct aws_operation *operation;
	const char *input, *fact, *key;
} sources[] = {
	{&sts_GetCallerIdentity, "", "identity"},
	{&ec2_DescribeVpcs, "", "vpc"},
	{&ec2_DescribeVpcAttribute, "enableDnsSupport", "vpc-dns-support"},
	{&ec2_DescribeVpcAttribute, "enableDnsHostnames", "vpc-dns-hostnames"},
	{&ec2_DescribeSubnets, "", "subnets"},
	{&ec2_DescribeRouteTables, "", "route-tables"},
	{&ec2_DescribeNatGateways, "", "nat-gateways"},
	{&ec2_DescribeVpcEndpoints, "", "vpc-endpoints"},
	{&ec2_DescribeNetworkAcls, "", "network-acls"},
	{&ec2_DescribeSecurityGroups, "sg-00000000000000003", "mount-target-security-groups"},
	{&ec2_DescribeSecurityGroups, "sg-00000000000000005", "memorydb-security-groups"},
	{&ec2_DescribeSecurityGroups, "", "security-groups"},
	{&iam_GetRole, "node", "node-role"},
	{&iam_GetRole, "", "control-plane-role"},
	{&iam_ListInstanceProfilesForRole, "", "node-instance-profiles"},
	{&iam_ListRolePolicies, "node", "node-policy-names"},
	{&iam_ListRolePolicies, "", "control-plane-policy-names"},
	{&iam_GetRolePolicy, "node", "node-policies", "PolicyName"},
	{&iam_GetRolePolicy, "", "control-plane-policies", "PolicyName"},
	{&iam_ListAttachedRolePolicies, "node", "node-attached-policies"},
	{&iam_ListAttachedRolePolicies, "", "control-plane-attached-policies"},
	{&iam_GetPolicy, "", "control-plane-attached-versions", "PolicyArn"},
	{&iam_GetPolicy, "", "node-attached-versions", "PolicyArn"},
	{&iam_GetPolicyVersion, "", "control-plane-attached-documents", "PolicyArn"},
	{&iam_GetPolicyVersion, "", "node-attached-documents", "PolicyArn"},
	{&s3_GetBucketPolicy, "", "bucket-policy"},
	{&s3_GetBucketCors, "", "bucket-cors"},
	{&s3_GetBucketEncryption, "", "bucket-encryption"},
	{&kms_DescribeKey, "", "bucket-key"},
	{&kms_GetKeyPolicy, "", "bucket-key-policy"},
	{&s3_GetPublicAccessBlock, "", "bucket-public-access"},
	{&efs_DescribeFileSystems, "", "file-system"},
	{&efs_DescribeMountTargets, "", "mount-targets"},
	{&ec2_DescribeNetworkInterfaces, "", "mount-target-interfaces"},
	{&efs_DescribeFileSystemPolicy, "", "file-system-policy"},
	{&efs_DescribeBackupPolicy, "", "file-system-backup"},
	{&memorydb_DescribeClusters, "", "memorydb-cluster"},
	{&memorydb_DescribeSubnetGroups, "", "memorydb-subnet-group"},
	{&memorydb_DescribeParameters, "", "memorydb-parameters"},
	{&cloudformation_DescribeStacks, "", "stack"},
	{&servicequotas_GetServiceQuota, "", "vcpu-quota"},
};

static bool input_holds(const json_t *input, const char *text)
{
	char *dumped = json_dumps(input, JSON_COMPACT);
	bool holds = !text || strstr(dumped, text);

	free(dumped);
	return holds;
}

void fake_reply(struct aws *aws, const struct aws_operation *operation, const char *input,
	const json_t *reply)
{
	assert(aws->answer_count < FAKE_ANSWERS);
	aws->answers[aws->answer_count++] = (struct fake_answer){operation, input, reply, {0}};
}

void fake_error(struct aws *aws, const struct aws_operation *operation, const char *input,
	enum error_kind kind, const char *code, const char *message)
{
	struct error *error;

	fake_reply(aws, operation, input, NULL);
	error = &aws->answers[aws->answer_count - 1].error;
	error_set(error, kind, "%s", message);
	snprintf(error->code, sizeof(error->code), "%s", code);
	if (kind == ERROR_DENIED)
		snprintf(error->action, sizeof(error->action), "%s", operation->actions);
}

static const json_t *saved_reply(const struct aws *aws, const struct source *source, const json_t *input)
{
	const json_t *reply = tree_get(json_object_get(aws->facts, source->fact), "reply");

	return source->key ? json_object_get(reply, tree_text(input, source->key)) : reply;
}

static void answer(const struct aws *aws, struct call *call)
{
	for (size_t i = 0; i < aws->answer_count; i++) {
		const struct fake_answer *given = &aws->answers[i];

		if (given->operation != call->operation || !input_holds(call->input, given->input))
			continue;
		call->reply = given->reply;
		call->error = given->error;
		return;
	}
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]) && !call->reply; i++)
		if (sources[i].operation == call->operation && input_holds(call->input, sources[i].input))
			call->reply = saved_reply(aws, &sources[i], call->input);
	if (call->reply && !json_is_null(call->reply))
		return;
	call->reply = NULL;
	error_set(&call->error, ERROR_NOT_FOUND, "there is none");
	snprintf(call->error.code, sizeof(call->error.code), "%s",
		call->operation == &s3_GetBucketPolicy ? "NoSuchBucketPolicy" : "PolicyNotFound");
}

static void release(void *input)
{
	json_decref(input);
}

struct aws *aws_in_region(struct aws *aws, struct arena *arena, const char *region, struct error *err)
{
	(void)err;
	aws->elsewhere = arena_strdup(arena, region);
	return aws;
}

struct call *aws_start(struct aws *aws, struct arena *arena, const struct aws_operation *operation,
	json_t *input)
{
	struct call *call = NEW(arena, struct call);

	assert(aws->count < FAKE_CALLS);
	call->operation = operation;
	call->input = input;
	call->region = aws->region ? aws->region : "us-west-2";
	arena_defer(arena, release, input);
	aws->calls[aws->count++] = call;
	return call;
}

/* Finish up to per_step calls, the oldest or the newest first. */
static void finish_some(struct aws *aws)
{
	size_t left = aws->per_step ? aws->per_step : FAKE_CALLS, count = aws->count;

	for (size_t i = 0; i < count && left > 0; i++) {
		struct call *call = aws->calls[aws->newest_first ? count - 1 - i : i];

		if (call->done)
			continue;
		answer(aws, call);
		call->done = true;
		left--;
	}
}

static void interrupt_rest(struct aws *aws)
{
	for (size_t i = 0; i < aws->count; i++) {
		if (aws->calls[i]->done)
			continue;
		error_set(&aws->calls[i]->error, ERROR_INTERRUPTED, "interrupted");
		aws->calls[i]->done = true;
	}
}

bool aws_step(struct aws *aws, int wait_ms)
{
	(void)wait_ms;
	if (aws->steps++ == 0)
		aws->at_first_step = aws->count;
	if (aws->interrupt_after && aws->steps > aws->interrupt_after) {
		interrupt_rest(aws);
		return false;
	}
	finish_some(aws);
	return true;
}

bool call_done(const struct call *call)
{
	return call->done;
}

const json_t *call_reply(const struct call *call)
{
	return call->reply;
}

const char *call_region(const struct call *call)
{
	return call->region;
}

const struct error *call_error(const struct call *call)
{
	return &call->error;
}

size_t fake_count(const struct aws *aws, const struct aws_operation *operation)
{
	size_t count = 0;

	for (size_t i = 0; i < aws->count; i++)
		count += !operation || aws->calls[i]->operation == operation;
	return count;
}

bool fake_all_differ(const struct aws *aws)
{
	for (size_t i = 0; i < aws->count; i++)
		for (size_t k = 0; k < i; k++)
			if (aws->calls[i]->operation == aws->calls[k]->operation &&
				json_equal(aws->calls[i]->input, aws->calls[k]->input))
				return false;
	return true;
}

const struct aws_operation *fake_operation(const struct aws *aws, size_t index)
{
	return aws->calls[index]->operation;
}

const json_t *fake_input(const struct aws *aws, size_t index)
{
	return aws->calls[index]->input;
}
