/* SPDX-License-Identifier: Apache-2.0 */
/* What each command consists of: the operations that it calls itself, checks, the work of a stack. */
#include "providers/aws/cloud/permissions/command_needs.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/aws/client/operation.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/delete/bucket.h"
#include "providers/aws/cloud/delete/clean.h"
#include "providers/aws/cloud/delete/keep_file_system.h"
#include "providers/aws/cloud/delete/recovery_points.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/aws/cloud/functional/launch.h"
#include "providers/aws/cloud/functional/sweep.h"
#include "providers/aws/cloud/preflight/preflight.h"
#include "providers/aws/cloud/resource_types.h"

/* The calls that a command makes itself, in the order of their first use; verify's are in its plan. */
#define CALLS(...) \
	(const struct aws_operation *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

/* With tags of the user's: what CloudFormation then changes, and reads back. */
#define RETAGGING \
	"ec2:CreateTags ec2:DescribeInternetGateways ec2:DescribeRouteTables " \
	"ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs elasticfilesystem:TagResource iam:TagRole " \
	"s3:PutBucketTagging"

enum deployments { MANAGED = 1, REGISTERED = 2, ANY = MANAGED | REGISTERED };

/* What a command does with clouds of these deployments; a command may have several rows. */
struct command_row {
	const char *command;
	enum deployments deployments;
	const struct aws_operation *const *calls;
	bool preflight;                                      /* runs the preflight of setup before */
	const struct aws_operation *const *calls_tags;       /* for tags of the user's */
	const struct aws_operation *const *calls_continue;   /* with --continue */
	const struct aws_operation *const *calls_from_stack; /* with --from-stack */
	const char *own_tags;   /* actions for these that no row of an operation has */
	const char *stack_tags; /* CloudFormation's for these, beyond those of the stack's work */
	/* those without which it does its work, and has less to tell */
	const struct aws_operation *const *looks;
	bool looks_for_drift;
	bool surveys; /* looks for what is in the way of a deletion, and may clean */
	bool verifies;
	bool launches;        /* can verify functionally */
	bool resolves;        /* reads the mount targets and the MemoryDB cluster itself, too */
	bool replaces;        /* also works with resources that the cloud's record does not name yet */
	unsigned stack;       /* enum stack_work */
	unsigned stack_later; /* the same for what an update can add and take away */
};

static const struct command_row rows[] = {
	{
		.command = "setup", /* it deletes what an earlier, failed run left */
		.deployments = MANAGED,
		.calls = CALLS(&sts_GetCallerIdentity, &ec2_DescribeRegions, &ec2_DescribeAvailabilityZones,
			&cloudformation_CreateStack, &cloudformation_DescribeStacks,
			&cloudformation_DescribeStackEvents, &cloudformation_DeleteStack,
			&cloudformation_SetStackPolicy, &cloudformation_UpdateTerminationProtection),
		.calls_tags = CALLS(&ec2_DescribeSecurityGroups, &ec2_DescribeNetworkAcls,
			&ec2_DescribeRouteTables, &ec2_DescribeSecurityGroupRules, &ec2_CreateTags,
			&iam_TagInstanceProfile),
		.looks = CALLS(&iam_ListAccountAliases, &cloudformation_DescribeEvents),
		.preflight = true,
		.verifies = true,
		.launches = true,
		.stack = STACK_CREATES | STACK_UNDOES,
		.stack_later = STACK_CREATES | STACK_UNDOES,
	},
	{.command = "register",
		.deployments = REGISTERED,
		.calls = CALLS(&sts_GetCallerIdentity, &iam_GetRole, &iam_UpdateAssumeRolePolicy),
		.calls_from_stack = CALLS(&cloudformation_DescribeStacks),
		.verifies = true,
		.launches = true,
		.resolves = true},
	{.command = "verify", .deployments = ANY, .verifies = true, .launches = true},
	{
		.command = "edit",
		.deployments = REGISTERED,
		.calls = CALLS(&sts_GetCallerIdentity, &iam_GetRole, &iam_UpdateAssumeRolePolicy),
		.looks = CALLS(&ec2_DescribeInstances, &s3_ListObjectsV2),
		.verifies = true,
		.launches = true,
		.resolves = true,
		.replaces = true,
	},
	{
		.command = "update",
		.deployments = MANAGED,
		.calls = CALLS(&sts_GetCallerIdentity, &cloudformation_DescribeStacks,
			&cloudformation_GetTemplate, &cloudformation_CreateChangeSet,
			&cloudformation_DescribeChangeSet, &cloudformation_DeleteChangeSet,
			&cloudformation_GetStackPolicy, &cloudformation_SetStackPolicy,
			&cloudformation_ExecuteChangeSet, &cloudformation_DescribeStackEvents),
		.calls_tags = CALLS(&ec2_DescribeSecurityGroups, &ec2_DescribeNetworkAcls,
			&ec2_DescribeRouteTables, &ec2_DescribeSecurityGroupRules, &ec2_CreateTags,
			&iam_TagInstanceProfile),
		.calls_continue = CALLS(&cloudformation_ContinueUpdateRollback),
		.own_tags = "cloudformation:TagResource",
		.stack_tags = RETAGGING,
		.looks = CALLS(&cloudformation_DescribeEvents, &cloudformation_DetectStackDrift,
			&cloudformation_DescribeStackDriftDetectionStatus,
			&cloudformation_DescribeStackResourceDrifts),
		.looks_for_drift = true,
		.verifies = true,
		.stack = STACK_UPDATES,
		.stack_later = STACK_CREATES | STACK_UNDOES,
	},
	{
		.command = "delete",
		.deployments = MANAGED,
		.calls = CALLS(&sts_GetCallerIdentity, &cloudformation_DescribeStacks,
			&cloudformation_DeleteStack, &cloudformation_DescribeStackEvents, &s3_HeadBucket,
			&iam_GetRole, &cloudformation_UpdateTerminationProtection,
			&cloudformation_ListStackResources),
		.surveys = true,
		.stack = STACK_REMOVES,
		.stack_later = STACK_REMOVES,
	},
	{.command = "delete",
		.deployments = REGISTERED,
		.calls = CALLS(&sts_GetCallerIdentity, &iam_GetRole, &iam_UpdateAssumeRolePolicy)},
	{.command = "import",
		.deployments = MANAGED,
		.calls = CALLS(&sts_GetCallerIdentity, &cloudformation_ListStacks,
			&cloudformation_DescribeStacks)},
	{.command = "import", .deployments = REGISTERED, .calls = CALLS(&sts_GetCallerIdentity)},
	{.command = "export",
		.deployments = ANY,
		.calls = CALLS(&ec2_DescribeInstanceTypes, &ec2_DescribeImages, &ssm_GetParameter)},
	{.command = "policy",
		.deployments = ANY,
		.calls = CALLS(&sts_GetCallerIdentity, &iam_GetRole, &iam_SimulatePrincipalPolicy)},
};

/* The deployments that the command is to be for. 0 with *err set when there are none. */
static unsigned choose_deployments(const struct command_subject *subject, struct error *err)
{
	const char *own = subject->cloud ? cloud_deployment_names[subject->cloud->deployment] : NULL;
	const char *word = subject->deployment ? subject->deployment : own;
	unsigned deployments = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(rows[i].command, subject->command))
			deployments |= rows[i].deployments;
	if (own && !text_equal(word, own)) {
		error_set(err, ERROR_USAGE, "--deployment: cloud '%s' is %s", subject->cloud->name, own);
		return 0;
	}
	if (!word)
		return deployments;
	deployments &= text_equal(word, "managed") ? MANAGED : REGISTERED;
	if (!deployments)
		error_set(err, ERROR_USAGE, "'%s' is not for %s clouds", subject->command, word);
	return deployments;
}

/* A cloud like the one that the command is for, as far as verify's checks depend on it. */
static struct cloud example_of(struct arena *arena, const struct command_subject *subject,
	unsigned deployments)
{
	struct cloud cloud = subject->cloud ? cloud_copy(arena, subject->cloud) : (struct cloud){0};

	setup_choices_merge(&aws_cloud_edit(arena, &cloud)->setup, &subject->choices);
	cloud.deployment = deployments & MANAGED ? DEPLOYMENT_MANAGED : DEPLOYMENT_REGISTERED;
	if (subject->private_network)
		cloud.networking = NETWORKING_PRIVATE;
	if (subject->vpc_id)
		aws_cloud_edit(arena, &cloud)->network.vpc_id = subject->vpc_id;
	if (!aws_cloud(&cloud)->resources.memorydb_cluster && subject->memorydb)
		aws_cloud_edit(arena, &cloud)->resources.memorydb_cluster = "any";
	return cloud;
}

/* The bucket's key: what the subject says, else the one that setup is asked for. */
static const char *key_of(const struct command_subject *subject, const struct cloud *example)
{
	return subject->key_arn ? subject->key_arn : aws_cloud(example)->setup.kms_key;
}

/* Without the launching itself, unless that is the role's part; and to take away what was left. */
static void add_launching(struct arena *arena, const char *functional, struct needs *needs)
{
	if (text_equal(functional, FUNCTIONAL_ROLE)) {
		needs_add_launching(arena, needs, launch_role_operations);
		return;
	}
	needs_add_launching(arena, needs, launch_caller_operations);
	needs_add_launching(arena, needs, sweep_operations);
}

static void add_row(struct arena *arena, const struct command_row *row, const struct command_subject *subject,
	const struct cloud *example, struct needs *needs)
{
	const struct verified verified = {
		.cloud = example,
		.simulate = subject->simulate,
		.key = key_of(subject, example) != NULL,
		.made_just_now = text_equal(row->command, "setup"),
	};
	unsigned parts = stack_parts(example);
	const bool never[PREFLIGHT_FACT_COUNT] = {
		[PREFLIGHT_ENDPOINT_SERVICES] = !(parts & (PART_EFS | PART_MEMORYDB)),
	};

	needs_add_operations(arena, needs, row->calls);
	if (subject->continues)
		needs_add_operations(arena, needs, row->calls_continue);
	if (subject->from_stack)
		needs_add_operations(arena, needs, row->calls_from_stack);
	if (aws_cloud(example)->setup.tags.count > 0) {
		needs_add_operations(arena, needs, row->calls_tags);
		needs_add(arena, needs, text_or(row->own_tags, ""), false);
		needs_add(arena, needs, text_or(row->stack_tags, ""), true);
	}
	if (row->stack & STACK_CREATES)
		needs_add(arena, needs, setup_choices_actions(arena, &aws_cloud(example)->setup, parts),
			true);
	if (row->stack & STACK_UPDATES)
		needs_add(arena, needs, setup_choices_update_actions(arena, &aws_cloud(example)->setup),
			true);
	needs_add_looks(arena, needs, row->looks);
	if (row->resolves && parts & PART_EFS)
		needs_add_operations(arena, needs, CALLS(&efs_DescribeMountTargets));
	if (row->resolves && parts & PART_MEMORYDB)
		needs_add_operations(arena, needs, CALLS(&memorydb_DescribeClusters));
	if (row->preflight)
		needs_add_checks(arena, needs, &preflight_table, example, never);
	if (row->looks_for_drift)
		needs_add_stack_looks(arena, needs, parts);
	if (row->surveys)
		needs_add_operations(arena, needs, survey_operations(arena, example, false));
	if (row->surveys && parts & PART_EFS)
		needs_add_looks(arena, needs, recovery_point_operations);
	if (row->surveys && subject->with_bucket)
		needs_add_operations(arena, needs, bucket_operations);
	if (row->surveys && subject->keep_file_system) {
		needs_add_operations(arena, needs, keep_operations);
		needs_add_looks(arena, needs, CALLS(&cloudformation_DescribeEvents));
	}
	if (row->surveys && subject->clean) {
		needs_add_operations(arena, needs, survey_operations(arena, example, true));
		needs_add_cleaning(arena, needs, clean_operations(arena));
	}
	if (row->verifies)
		needs_add_verify(arena, needs, &verified);
	needs_add_stack(arena, needs, row->stack, parts & ~(unsigned)PARTS_LATER);
	needs_add_stack(arena, needs, row->stack_later, parts & PARTS_LATER);
}

/* The cloud without the ids that a command may replace; NULL: any cloud. */
static const struct cloud *without_replaced(struct arena *arena, const struct cloud *cloud)
{
	struct cloud *kept = NEW(arena, struct cloud);

	if (!cloud)
		return NULL;
	*kept = cloud_copy(arena, cloud);
	aws_cloud_edit(arena, kept)->resources = (struct aws_resources){
		.vpc_id = aws_cloud(cloud)->resources.vpc_id};
	return kept;
}

int command_needs_make(struct arena *arena, const struct command_subject *subject, struct command_needs *made,
	struct error *err)
{
	unsigned deployments = choose_deployments(subject, err);
	struct cloud example;

	if (!deployments)
		return -1;
	example = example_of(arena, subject, deployments);
	*made = (struct command_needs){0};
	made->scope = (struct permission_scope){
		.partition = subject->partition,
		.region = subject->region,
		.account = subject->account,
		.cloud = subject->cloud,
		.managed = deployments == MANAGED,
		.parts = stack_parts(&example),
		.choices = &aws_cloud(&example)->setup,
		.vpc_id = aws_cloud(&example)->network.vpc_id,
		.stack = subject->from_stack,
		.key_arn = key_of(subject, &example),
	};
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (!text_equal(rows[i].command, subject->command) || !(rows[i].deployments & deployments))
			continue;
		if (rows[i].replaces) /* the cloud may get a file system */
			aws_cloud_edit(arena, &example)->setup.no_efs = false;
		if (subject->functional && !rows[i].launches)
			return error_set(err, ERROR_USAGE,
				"--functional is for setup, register, verify and edit, not for '%s'",
				subject->command);
		if (subject->functional)
			add_launching(arena, subject->functional, &made->needs);
		if (!text_equal(subject->functional, FUNCTIONAL_ROLE))
			add_row(arena, &rows[i], subject, &example, &made->needs);
		if (rows[i].replaces)
			made->scope.cloud = without_replaced(arena, subject->cloud);
	}
	return 0;
}
