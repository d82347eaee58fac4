/* SPDX-License-Identifier: Apache-2.0 */
/* Three questions: instances, the bucket, the file system. */
#include "providers/aws/cloud/edit_survey.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_plan.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/records/cloud.h"
#include "providers/run.h"
#include "verify/facts.h"

enum {
	TURN_MS = 1000,
	SHOWN = 5, /* instances by id */
	EMPTY_BYTES =
		6144 /* EFS User Guide, "Metering: How Amazon EFS reports file system and object sizes" */
};

/* The survey under way. */
struct taking {
	struct run *run;
	struct aws *aws;
	const struct facts *was;
	const struct cloud *before, *after;
	struct call *in_vpc, *tagged; /* instances */
	struct call *objects;         /* NULL: the bucket stays */
	struct edit_survey *survey;
};

static const struct aws_resources *old(const struct taking *taking)
{
	return &aws_cloud(taking->before)->resources;
}

static const struct aws_resources *new (const struct taking *taking)
{
	return &aws_cloud(taking->after)->resources;
}

static void add(struct taking *taking, const char *text, const char *command)
{
	taking->survey->items[taking->survey->count++] = (struct edit_use){.text = text, .command = command};
}

static void add_unknown(struct taking *taking, const char *what, const struct error *why)
{
	struct edit_survey *survey = taking->survey;

	survey->items[survey->count++] = (struct edit_use){.text = arena_printf(taking->run->arena,
								   "%s could not be determined: %s", what,
								   error_text(taking->run->arena, why)),
		.unknown = true};
	survey->unknown++;
}

/* --- instances --- */

/* Those that are not gone for good. */
static json_t *instances_with(const char *filter, const char *value)
{
	return json_pack("{s:[{s:s,s:[s]},{s:s,s:[s,s,s,s]}]}", "Filter", "Name", filter, "Value", value,
		"Name", "instance-state-name", "Value", "pending", "running", "stopping", "stopped");
}

static void add_ids(struct arena *arena, const json_t *reply, struct text_list *ids)
{
	TREE_EACH (reservation, reply, "reservationSet")
		TREE_EACH (instance, reservation, "instancesSet")
			if (*tree_text(instance, "instanceId"))
				text_list_add_once(arena, ids, tree_text(instance, "instanceId"));
}

static void judge_instances(struct taking *taking)
{
	struct arena *arena = taking->run->arena;
	const char *region = taking->before->region;
	struct text_list ids = {0}, shown;

	if (!call_reply(taking->in_vpc) || !call_reply(taking->tagged)) {
		add_unknown(taking, "Whether instances use the old resources",
			call_error(call_reply(taking->in_vpc) ? taking->tagged : taking->in_vpc));
		return;
	}
	add_ids(arena, call_reply(taking->in_vpc), &ids);
	add_ids(arena, call_reply(taking->tagged), &ids);
	if (ids.count == 0)
		return;
	shown = (struct text_list){ids.items, ids.count < SHOWN ? ids.count : SHOWN};
	add(taking,
		arena_printf(arena,
			"%zu instance%s of the cloud or in its VPC (%s%s): what runs there uses the old resources until the control plane starts it again",
			ids.count, ids.count == 1 ? "" : "s", text_join(arena, &shown, ", "),
			ids.count > SHOWN ? ", …" : ""),
		arena_printf(arena, "aws ec2 describe-instances --instance-ids %s --region %s",
			shell_words(arena, &shown), shell_word(arena, region)));
}

/* --- the bucket --- */

static json_t *one_object(const struct taking *taking)
{
	json_t *input = json_pack("{s:s,s:s}", "Bucket", old(taking)->bucket, "max-keys", "1");

	if (taking->before->account)
		json_object_set_new(input, "Header:x-amz-expected-bucket-owner",
			json_string(taking->before->account));
	return input;
}

/* A bucket that is gone holds nothing. */
static void judge_bucket(struct taking *taking)
{
	struct arena *arena = taking->run->arena;
	const struct error *why = call_error(taking->objects);
	const char *from = old(taking)->bucket, *to = new (taking)->bucket;

	if (!call_reply(taking->objects)) {
		if (!text_equal(why->code, "NoSuchBucket"))
			add_unknown(taking, arena_printf(arena, "Whether the bucket %s holds objects", from),
				why);
		return;
	}
	if (tree_count(tree_get(call_reply(taking->objects), "Contents")) == 0)
		return;
	add(taking,
		arena_printf(arena, "The old bucket %s holds objects, which stay there and are not copied",
			from),
		arena_printf(arena, "aws s3 sync %s %s --region %s",
			shell_word(arena, arena_printf(arena, "s3://%s", from)),
			shell_word(arena, arena_printf(arena, "s3://%s", to)),
			shell_word(arena, taking->after->region)));
}

/* --- the file system --- */

/* "$(aws datasync create-location-efs …)", which makes the file system a place to copy from or to. */
static const char *location(const struct taking *taking, const char *file_system)
{
	struct arena *arena = taking->run->arena;
	const struct cloud *cloud = taking->after;
	const struct aws_resources *resources = new (taking);
	const char *partition = aws_partition(taking->aws);
	const char *subnet = resources->subnet_ids.count > 0 ? resources->subnet_ids.items[0] : "SUBNET";
	const char *group = resources->security_group_ids.count > 0 ? resources->security_group_ids.items[0]
								    : "GROUP";

	return arena_printf(arena,
		"\"$(aws datasync create-location-efs --efs-filesystem-arn arn:%s:elasticfilesystem:%s:%s:file-system/%s --ec2-config SubnetArn=arn:%s:ec2:%s:%s:subnet/%s,SecurityGroupArns=arn:%s:ec2:%s:%s:security-group/%s --query LocationArn --output text --region %s)\"",
		partition, cloud->region, cloud->account, file_system, partition, cloud->region,
		cloud->account, subnet, partition, cloud->region, cloud->account, group, cloud->region);
}

static const char *copy_files(const struct taking *taking)
{
	return arena_printf(taking->run->arena,
		"aws datasync start-task-execution --task-arn \"$(aws datasync create-task --source-location-arn %s --destination-location-arn %s --query TaskArn --output text --region %s)\" --region %s",
		location(taking, old(taking)->file_system_id), location(taking, new (taking)->file_system_id),
		taking->after->region, taking->after->region);
}

static const char *size_text(struct arena *arena, int64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
	double size = (double)bytes / 1024;
	size_t unit = 0;

	for (; size >= 1024 && unit + 1 < ARRAY_LENGTH(units); unit++)
		size /= 1024;
	return arena_printf(arena, "%.1f %s", size, units[unit]);
}

static void judge_file_system(struct taking *taking)
{
	struct arena *arena = taking->run->arena;
	const char *id = old(taking)->file_system_id;
	int64_t bytes = 0;

	if (text_equal(id, new (taking)->file_system_id))
		return;
	if (facts_lost(taking->was, FACT_FILE_SYSTEM)) {
		add_unknown(taking, arena_printf(arena, "How much the file system %s holds", id),
			facts_error(taking->was, FACT_FILE_SYSTEM));
		return;
	}
	if (!tree_number(facts_tree(taking->was, FACT_FILE_SYSTEM), "FileSystems.0.SizeInBytes.Value", 0,
		    INT64_MAX, &bytes) ||
		bytes <= EMPTY_BYTES)
		return;
	add(taking,
		arena_printf(arena, "The old file system %s holds %s, which stay there and are not copied",
			id, size_text(arena, bytes)),
		copy_files(taking));
}

/* --- all of it --- */

static bool under_way(const struct taking *taking)
{
	return !call_done(taking->in_vpc) || !call_done(taking->tagged) ||
		(taking->objects && !call_done(taking->objects));
}

int edit_survey_take(struct run *run, struct aws *aws, const struct facts *was, const struct cloud *candidate,
	struct edit_survey *survey, struct error *err)
{
	struct taking taking = {.run = run,
		.aws = aws,
		.was = was,
		.before = was->cloud,
		.after = candidate,
		.survey = survey};
	const char *tag = arena_printf(run->arena, "tag:%s", cloud_tag_sent(taking.before));

	*survey = (struct edit_survey){0};
	taking.in_vpc = aws_start(aws, run->arena, &ec2_DescribeInstances,
		instances_with("vpc-id", old(&taking)->vpc_id));
	taking.tagged = aws_start(aws, run->arena, &ec2_DescribeInstances,
		instances_with(tag, taking.before->id));
	if (!text_equal(old(&taking)->bucket, new (&taking)->bucket))
		taking.objects = aws_start(aws, run->arena, &s3_ListObjectsV2, one_object(&taking));
	while (under_way(&taking))
		if (!aws_step(aws, TURN_MS))
			return error_set(err, ERROR_INTERRUPTED, "interrupted");
	judge_instances(&taking);
	if (taking.objects)
		judge_bucket(&taking);
	judge_file_system(&taking);
	return 0;
}
