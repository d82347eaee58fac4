/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, in the template's order; a test holds them against the roles of a stack. */
#include "providers/aws/cloud/ray/ray_policy.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_identity.h"
#include "providers/records/cloud.h"

struct policy {
	struct arena *arena;
	const struct cloud *cloud;
	const struct aws_cloud *section;
	const char *partition, *ec2; /* "arn:aws:ec2:us-west-2" */
	const char *cluster;
	json_t *statements;
};

/* What a policy is made of; passes: whose role, under this Sid. */
static const struct kind_of_policy {
	const char *name;
	bool launches;
	const char *sid, *passes;
	bool has_data;
} rows[] = {
	{"ray-launcher", true, "PassHeadRole", "head", false},
	{"ray-head", true, "PassWorkerRole", "worker", true},
	{"ray-worker", false, NULL, NULL, true},
};

static const struct kind_of_policy *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(rows[i].name, name))
			return &rows[i];
	return NULL;
}

bool ray_policy_is(const char *name)
{
	return find(name) != NULL;
}

const char *ray_role_name(struct arena *arena, const struct cloud *cloud, const char *whose)
{
	return arena_printf(arena, "%s-ray-%s", cloud->id, whose);
}

const char *ray_arn(struct arena *arena, const struct cloud *cloud, const char *resource, const char *whose)
{
	return arena_printf(arena, "arn:%s:iam::%s:%s%s%s", endpoint_partition(cloud->region)->name,
		cloud->account, resource, text_or(aws_cloud(cloud)->setup.role_path, "/"),
		ray_role_name(arena, cloud, whose));
}

bool ray_cluster_name_valid(const char *name)
{
	return text_only(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", 1, 63);
}

/* Of EC2, in the cloud's account. */
static const char *of(const struct policy *policy, const char *resource)
{
	return arena_printf(policy->arena, "%s:%s:%s", policy->ec2, policy->cloud->account, resource);
}

/* References of actions, resources and conditions (NULL: none) are taken. */
static void add(struct policy *policy, const char *sid, json_t *actions, json_t *resources,
	json_t *conditions)
{
	json_array_append_new(policy->statements,
		json_pack("{s:s, s:s, s:o, s:o, s:o*}", "Sid", sid, "Effect", "Allow", "Action", actions,
			"Resource", resources, "Condition", conditions));
}

/* The tags of the cloud and of the cluster, in the request or on the resource: {operator: {key: value}}. */
static json_t *tags(const struct policy *policy, const char *where)
{
	const char *cloud = arena_printf(policy->arena, "aws:%sTag/" CLOUD_TAG, where);
	const char *cluster = arena_printf(policy->arena, "aws:%sTag/ray-cluster-name", where);

	return policy->cluster ? json_pack("{s:{s:s, s:s}}", "StringEquals", cloud, policy->cloud->id,
					 cluster, policy->cluster)
			       : json_pack("{s:{s:s}, s:{s:s}}", "StringEquals", cloud, policy->cloud->id,
					 "StringLike", cluster, "?*");
}

static void add_launching(struct policy *policy)
{
	const char *id = policy->cloud->id, *vpc = policy->section->resources.vpc_id;
	json_t *own = tags(policy, "Resource");

	add(policy, "Look",
		json_pack("[s, s, s, s]", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances",
			"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"),
		json_string("*"), NULL);
	add(policy, "LaunchTagged", json_string("ec2:RunInstances"), json_string(of(policy, "instance/*")),
		tags(policy, "Request"));
	add(policy, "LaunchWith", json_string("ec2:RunInstances"),
		json_pack("[s, s, s, s]", arena_printf(policy->arena, "%s::image/*", policy->ec2),
			of(policy, "key-pair/*"), of(policy, "spot-instances-request/*"),
			of(policy, "volume/*")),
		NULL);
	add(policy, "LaunchInOwnVpc", json_string("ec2:RunInstances"),
		json_pack("[s, s, s]", of(policy, "network-interface/*"), of(policy, "security-group/*"),
			of(policy, "subnet/*")),
		json_pack("{s:{s:s}}", "ArnEquals", "ec2:Vpc",
			of(policy, arena_printf(policy->arena, "vpc/%s", vpc))));
	add(policy, "TagLaunched", json_string("ec2:CreateTags"),
		json_pack("[s, s]", of(policy, "instance/*"), of(policy, "volume/*")),
		json_pack("{s:{s:s, s:s}}", "StringEquals", "ec2:CreateAction", "RunInstances",
			"aws:RequestTag/" CLOUD_TAG, id));
	json_object_set_new(own, "StringEqualsIfExists", json_pack("{s:s}", "aws:RequestTag/" CLOUD_TAG, id));
	add(policy, "ManageOwn",
		json_pack("[s, s, s, s]", "ec2:CreateTags", "ec2:StartInstances", "ec2:StopInstances",
			"ec2:TerminateInstances"),
		json_string(of(policy, "instance/*")), own);
}

static void add_passing(struct policy *policy, const char *sid, const char *whose)
{
	const char *service = arena_printf(policy->arena, "ec2.%s",
		text_equal(policy->partition, "aws-cn") ? "amazonaws.com.cn" : "amazonaws.com");

	add(policy, sid, json_string("iam:PassRole"),
		json_string(ray_arn(policy->arena, policy->cloud, "role", whose)),
		json_pack("{s:{s:s}}", "StringEquals", "iam:PassedToService", service));
}

static void add_asked_for(struct policy *policy)
{
	const struct setup_choices *setup = &policy->section->setup;
	const char *region = policy->cloud->region;

	if (setup->node_cloudwatch) {
		add(policy, "WriteMetrics", json_string("cloudwatch:PutMetricData"), json_string("*"), NULL);
		add(policy, "WriteLogs",
			json_pack("[s, s, s, s]", "logs:CreateLogGroup", "logs:CreateLogStream",
				"logs:DescribeLogStreams", "logs:PutLogEvents"),
			json_string(arena_printf(policy->arena, "arn:%s:logs:%s:%s:log-group:*",
				policy->partition, region, policy->cloud->account)),
			NULL);
	}
	if (setup->ray_session_manager)
		add(policy, "OpenSessions",
			json_pack("[s, s, s, s, s]", "ssm:UpdateInstanceInformation",
				"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
				"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"),
			json_string("*"), NULL);
	if (setup->ray_fsx)
		add(policy, "UseFsx",
			json_pack("[s, s, s]", "fsx:CreateDataRepositoryTask",
				"fsx:DescribeDataRepositoryTasks", "fsx:DescribeFileSystems"),
			json_string("*"), NULL);
}

static void add_data(struct policy *policy)
{
	const struct setup_choices *setup = &policy->section->setup;
	const char *bucket = arena_printf(policy->arena, "arn:%s:s3:::%s", policy->partition,
		policy->section->resources.bucket);

	add(policy, "ListObjectsInBucket", json_string("s3:ListBucket"), json_string(bucket), NULL);
	add(policy, "AllObjectActions",
		json_pack("[s, s, s]", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
		json_string(arena_printf(policy->arena, "%s/*", bucket)), NULL);
	if (setup->kms_key)
		add(policy, "UseKeyThroughS3", json_pack("[s, s]", "kms:Decrypt", "kms:GenerateDataKey"),
			json_string(setup->kms_key),
			json_pack("{s:{s:s}}", "StringLike", "kms:ViaService",
				arena_printf(policy->arena, "s3.%s.amazonaws.com*", policy->cloud->region)));
	add_asked_for(policy);
}

const json_t *ray_policy(struct arena *arena, const struct cloud *cloud, const char *name,
	const char *cluster)
{
	const char *partition = endpoint_partition(cloud->region)->name;
	const struct kind_of_policy *row = find(name);
	struct policy policy = {
		.arena = arena,
		.cloud = cloud,
		.section = aws_cloud(cloud),
		.partition = partition,
		.ec2 = arena_printf(arena, "arn:%s:ec2:%s", partition, cloud->region),
		.cluster = cluster,
		.statements = json_array(),
	};

	if (row->launches)
		add_launching(&policy);
	if (row->passes)
		add_passing(&policy, row->sid, row->passes);
	if (row->has_data)
		add_data(&policy);
	return tree_defer(arena,
		json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", policy.statements));
}
