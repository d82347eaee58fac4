/* SPDX-License-Identifier: Apache-2.0 */
/* Looking, asking, taking away, and looking again. */
#include "providers/aws/cloud/functional/sweep.h"

#include <string.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/caller.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/consent.h"
#include "providers/aws/cloud/functional/launch.h"
#include "providers/records/cloud.h"
#include "providers/records/registry.h"
#include "providers/run.h"

const struct aws_operation *const sweep_operations[] = {&sts_GetCallerIdentity, &ec2_DescribeInstances,
	&ec2_DescribeVolumes, &s3_ListObjectVersions, &ec2_TerminateInstances, &ec2_DeleteVolume,
	&s3_DeleteObjects, NULL};

struct left {
	const json_t *instances, *volumes, *objects; /* replies of EC2 and S3 */
	size_t count;
};

/* --- looking --- */

/* The value of a tag of an instance or a volume. */
static const char *tag_of(const json_t *thing, const char *key)
{
	return text_or(tree_text(tree_find(thing, "tagSet", "key", key), "value"), "a time not known");
}

static size_t objects_in(const json_t *page)
{
	return tree_count(tree_get(page, "Version")) + tree_count(tree_get(page, "DeleteMarker"));
}

/* A volume that is in use goes with its instance. */
static json_t *free_volumes(const struct launch *launch)
{
	json_t *input = launch_filter(launch);

	json_array_append_new(json_object_get(input, "Filter"),
		json_pack("{s:s, s:[s]}", "Name", "status", "Value", "available"));
	return input;
}

static int look(const struct launch *launch, struct left *left, struct error *err)
{
	const char *bucket = aws_cloud(launch->cloud)->resources.bucket;

	*left = (struct left){.instances = launch_describe(launch, err)};
	if (!left->instances)
		return -1;
	left->volumes = aws_call(launch->caller, launch->arena, &ec2_DescribeVolumes, free_volumes(launch),
		err);
	if (!left->volumes)
		return error_wrap(err, "looking for volumes of functional verifications");
	left->count = tree_count(tree_get(left->volumes, "volumeSet"));
	TREE_EACH (reservation, left->instances, "reservationSet")
		left->count += tree_count(tree_get(reservation, "instancesSet"));
	if (!bucket)
		return 0;
	left->objects = aws_call(launch->caller, launch->arena, &s3_ListObjectVersions,
		json_pack("{s:s, s:s, s:s}", "Bucket", bucket, "encoding-type", "url", "prefix",
			launch_prefix(launch)),
		err);
	if (!left->objects)
		return error_wrap(err, "looking for reports in s3://%s/%s", bucket, launch_prefix(launch));
	left->count += objects_in(left->objects);
	return 0;
}

/* --- asking --- */

static void tell(struct run *run, const struct launch *launch, const struct left *left)
{
	struct consent lines = consent_new(run->arena, "What functional verifications left");
	size_t objects = objects_in(left->objects);

	TREE_EACH (reservation, left->instances, "reservationSet")
		TREE_EACH (instance, reservation, "instancesSet")
			consent_add(&lines, "Ends", "%s (%s) of the run %s, which was to end itself at %s",
				tree_text(instance, "instanceId"), tree_text(instance, "instanceState.name"),
				tag_of(instance, RUN_TAG), tag_of(instance, EXPIRES_TAG));
	TREE_EACH (volume, left->volumes, "volumeSet")
		consent_add(&lines, "Deletes", "%s (%s GiB) of the run %s", tree_text(volume, "volumeId"),
			tree_text(volume, "size"), tag_of(volume, RUN_TAG));
	if (objects > 0)
		consent_add(&lines, "Deletes", "%s%zu version%s of objects below s3://%s/%s",
			tree_bool(left->objects, "IsTruncated") ? "more than " : "", objects,
			objects == 1 ? "" : "s", aws_cloud(launch->cloud)->resources.bucket,
			launch_prefix(launch));
	consent_tell(run, &lines);
}

/* --- taking away --- */

static int delete_volumes(const struct launch *launch, const struct left *left, struct error *err)
{
	TREE_EACH (volume, left->volumes, "volumeSet") {
		const char *id = tree_text(volume, "volumeId");

		if (!aws_call(launch->caller, launch->arena, &ec2_DeleteVolume,
			    json_pack("{s:s}", "VolumeId", id), err) &&
			err->kind != ERROR_NOT_FOUND)
			return error_wrap(err, "deleting the volume %s", id);
		error_clear(err);
	}
	return 0;
}

static int take_away(struct run *run, const struct launch *launch, struct left *left, struct error *err)
{
	int terminated;

	event_step(run->stream, STEP_PROGRESS, "Taking it away ...");
	if (delete_volumes(launch, left, err) < 0 || launch_take_away(launch, &terminated, err) < 0 ||
		look(launch, left, err) < 0)
		return -1;
	if (left->count > 0)
		return error_set(err, ERROR_FAILED,
			"%zu of these are there still, or came meanwhile; run the same command again",
			left->count);
	event_step(run->stream, STEP_NOTE, "All of it is gone.");
	return 0;
}

/* What the record's run left is gone as well, so its record ends. */
static int end_in_record(struct run *run, const struct registry *registry, struct cloud *cloud,
	struct error *err)
{
	if (!text_equal(cloud->operation.kind, "verify"))
		return 0;
	cloud->operation = (struct cloud_operation){0};
	history_end(run->arena, &cloud->history, "verify", HISTORY_UNDONE, world_now(run->world, run->arena));
	return registry_update(registry, cloud, err);
}

static int sweep(struct run *run, const struct launch *launch, bool yes, struct error *err)
{
	const struct cloud *cloud = launch->cloud;
	struct left left;

	if (!caller_of(launch->caller, launch->arena, cloud, err) || look(launch, &left, err) < 0)
		return -1;
	if (left.count == 0) {
		event_step(run->stream, STEP_NOTE,
			"No functional verification has left anything in cloud '%s', region %s.", cloud->name,
			cloud->region);
		return 0;
	}
	tell(run, launch, &left);
	if (run->confirm(run, yes,
		    arena_printf(run->arena, "Take this away from cloud '%s', account %s, region %s?",
			    cloud->name, cloud->account, cloud->region),
		    err) < 0)
		return -1;
	return take_away(run, launch, &left, err);
}

int functional_sweep(struct run *run, bool yes, struct cloud *cloud, struct error *err)
{
	const struct registry *registry = run->registry(run, err);
	_cleanup_unlock_ struct registry_lock *lock = NULL;
	struct launch launch = {.arena = run->arena, .world = run->world, .cloud = cloud};

	if (registry)
		lock = registry_lock(registry, cloud->name, 0, err);
	if (!lock || registry_load(registry, cloud->name, cloud, err) < 0)
		return -1;
	launch.caller = launch.launcher = cloud_session(run, cloud->region, false, err);
	if (!launch.caller)
		return -1;
	if (sweep(run, &launch, yes, err) < 0 || end_in_record(run, registry, cloud, err) < 0)
		return error_wrap(err, "sweeping cloud '%s'", cloud->name);
	return 0;
}
