/* SPDX-License-Identifier: Apache-2.0 */
/* The calls around one instance. */
#include "providers/aws/cloud/functional/launch.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/client/endpoint.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/cloud_tag.h"
#include "providers/aws/cloud/delete/bucket.h"
#include "providers/aws/cloud/functional/launch_script.h"
#include "providers/aws/cloud/functional/probes.h"
#include "providers/aws/cloud/machine_image.h"
#include "providers/aws/iam/arn.h"
#include "providers/records/cloud.h"
#include "providers/waiter.h"

/* Canonical's own parameter ("Finding AMIs with SSM", documentation.ubuntu.com/aws). Its python3 is 3.10, which Ray takes. */
static const char pypi[] = "https://pypi.org/simple";

enum { USER_DATA_BASE64_MAX = USER_DATA_MAX * 4 / 3 + 8 };

const struct aws_operation *const launch_caller_operations[] = {&sts_AssumeRole, &ssm_GetParameter,
	&ec2_DescribeImages, &s3_PutObject, &s3_GetObject, &ec2_GetConsoleOutput, &s3_ListObjectVersions,
	&s3_DeleteObjects, NULL};

const struct aws_operation *const launch_role_operations[] = {&ec2_RunInstances, &ec2_DescribeInstances,
	&ec2_TerminateInstances, NULL};

/* --- who --- */

static int copy_key(char *to, const char *from, struct error *err)
{
	size_t length = strlen(from);

	if (length == 0 || length > CREDENTIALS_KEY_MAX)
		return error_set(err, ERROR_PROTOCOL, "STS answered without credentials");
	memcpy(to, from, length + 1);
	return 0;
}

struct aws *launch_become_role(struct aws *caller, struct arena *arena, const struct cloud *cloud,
	struct credentials **credentials, struct error *err)
{
	const struct aws_cloud *section = aws_cloud(cloud);
	const char *role = section->resources.control_plane_role_arn;
	struct credentials *made = NEW(arena, struct credentials);
	const json_t *reply = aws_call(caller, arena, &sts_AssumeRole,
		json_pack("{s:s, s:s, s:s*, s:i}", "RoleArn", role, "RoleSessionName", "cloudctl-functional",
			"ExternalId", section->external_id, "DurationSeconds", LAUNCH_ROLE_S),
		err);

	if (!reply || copy_key(made->access_key, tree_text(reply, "Credentials.AccessKeyId"), err) < 0 ||
		copy_key(made->secret_key, tree_text(reply, "Credentials.SecretAccessKey"), err) < 0) {
		error_wrap(err, "assuming the control-plane role %s", role);
		return NULL;
	}
	made->session_token = arena_strdup(arena, tree_text(reply, "Credentials.SessionToken"));
	made->source = "control-plane role";
	*credentials = made;
	return aws_with_credentials(caller, arena, made, cloud->region);
}

/* --- which image --- */

int launch_choose_image(struct launch *launch, const char *image, struct error *err)
{
	const struct machine_wish wish = {.id = image};
	struct machine_image found;

	if (machine_image_find(launch->caller, launch->arena, launch->cloud->region, &wish, &found, err) < 0)
		return -1;
	launch->image = found.id;
	launch->root_device = found.root_device;
	launch->volume_gib = found.volume_gib > LAUNCH_VOLUME_GIB ? found.volume_gib : LAUNCH_VOLUME_GIB;
	return 0;
}

/* --- launching --- */

const char *launch_prefix(const struct launch *launch)
{
	return launch->run ? arena_printf(launch->arena, LAUNCH_PREFIX "%s/", launch->run) : LAUNCH_PREFIX;
}

const char *launch_report_key(const struct launch *launch)
{
	return arena_printf(launch->arena, "%sreport.json", launch_prefix(launch));
}

static const char *file_system_host(const struct launch *launch)
{
	const char *id = aws_cloud(launch->cloud)->resources.file_system_id;

	return id && functional_wants(launch->what, FUNCTIONAL_WORKSPACE)
		? arena_printf(launch->arena, "%s.efs.%s.%s", id, launch->cloud->region,
			  endpoint_partition(launch->cloud->region)->suffix)
		: "";
}

static const char *memorydb_of(const struct launch *launch)
{
	bool wanted = functional_wants(launch->what, FUNCTIONAL_SERVICE);

	return wanted ? text_or(aws_cloud(launch->cloud)->resources.memorydb_endpoint, "") : "";
}

/* The host of a URL, without its port. */
static const char *host_of(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	return arena_strndup(arena, host, strcspn(host, ":/?"));
}

/* A presigned URL of the report; the bucket's own URL is what comes before the key. */
static const char *sign_report(const struct launch *launch, const char **bucket_url, struct error *err)
{
	const char *key = launch_report_key(launch), *at;
	const json_t *input = tree_defer(launch->arena,
		json_pack("{s:s, s:s, s:s}", "Bucket", aws_cloud(launch->cloud)->resources.bucket, "Key", key,
			"Header:Content-Type", "application/json"));
	const char *url = aws_presign(launch->caller, launch->arena, &s3_PutObject, input,
		LAUNCH_MINUTES * 60, err);

	if (!url)
		return NULL;
	at = strstr(url, key);
	*bucket_url = arena_strndup(launch->arena, url, at ? (size_t)(at - url - 1) : strlen(url));
	return url;
}

static const char *make_script(const struct launch *launch, struct error *err)
{
	struct arena *arena = launch->arena;
	const char *bucket_url = NULL, *efs = file_system_host(launch), *redis = memorydb_of(launch);
	const char *index = launch->world->environment(launch->world, "PIP_INDEX_URL");
	struct launch_script values = {
		.run = launch->run,
		.region = launch->cloud->region,
		.report_url = sign_report(launch, &bucket_url, err),
		.pypi_url = text_or(index, pypi),
		.efs_name = efs,
		.efs_address = text_or(aws_cloud(launch->cloud)->resources.mount_target_ip, ""),
		.what = *launch->what ? launch->what : FUNCTIONAL_WORKSPACE,
		.redis = redis,
		.minutes = LAUNCH_MINUTES,
	};

	if (!values.report_url)
		return NULL;
	values.bucket_url = bucket_url;
	values.names = arena_printf(arena, "%s %s %s", host_of(arena, bucket_url), efs,
		host_of(arena, redis));
	values.sts_url = aws_service_url(launch->caller, arena, sts_GetCallerIdentity.service, err);
	values.ecr_url = values.sts_url ? aws_service_url(launch->caller, arena, &aws_ecr, err) : NULL;
	return values.ecr_url ? launch_script(arena, &values, err) : NULL;
}

static json_t *tags(const struct launch *launch)
{
	struct world *world = launch->world;
	int64_t expires_ms = world->wall_ms(world) + LAUNCH_MINUTES * 60000;
	char expires[TIMESTAMP_SIZE];

	return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "Key",
		cloud_tag_sent(launch->cloud), "Value", launch->cloud->id, "Key", RUN_TAG, "Value",
		launch->run, "Key", EXPIRES_TAG, "Value", timestamp_rfc3339(expires_ms, expires), "Key",
		"Name", "Value", "cloudctl functional verification");
}

/* With direct networking an instance is reached, and reaches out, by a public address of its own. */
static json_t *interface(const struct launch *launch)
{
	const struct aws_resources *resources = &aws_cloud(launch->cloud)->resources;
	json_t *one = json_pack("{s:i, s:s, s:o, s:b}", "DeviceIndex", 0, "SubnetId",
		resources->subnet_ids.items[0], "SecurityGroupId", tree_array(&resources->security_group_ids),
		"DeleteOnTermination", 1);

	if (launch->cloud->networking == NETWORKING_DIRECT)
		json_object_set_new(one, "AssociatePublicIpAddress", json_true());
	return one;
}

static json_t *request(const struct launch *launch, const char *token, const char *script)
{
	struct str encoded = {.arena = launch->arena, .max = USER_DATA_BASE64_MAX};

	str_put_base64(&encoded, script, strlen(script));
	return json_pack(
		"{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:{s:s}, s:{s:s, s:i}, s:[o], s:[{s:s, s:{s:b, s:b, s:s, s:i}}], s:[{s:s, s:o}, {s:s, s:o}]}",
		"ImageId", launch->image, "InstanceType", launch->instance_type, "MinCount", 1, "MaxCount", 1,
		"ClientToken", token, "UserData", str_text(&encoded), "InstanceInitiatedShutdownBehavior",
		"terminate", "IamInstanceProfile", "Name",
		arn_name(aws_cloud(launch->cloud)->resources.node_role_arn), "MetadataOptions", "HttpTokens",
		"required", "HttpPutResponseHopLimit", 1, "NetworkInterface", interface(launch),
		"BlockDeviceMapping", "DeviceName", launch->root_device, "Ebs", "Encrypted", 1,
		"DeleteOnTermination", 1, "VolumeType", "gp3", "VolumeSize", launch->volume_gib,
		"TagSpecification", "ResourceType", "instance", "Tag", tags(launch), "ResourceType", "volume",
		"Tag", tags(launch));
}

int launch_instance(const struct launch *launch, const char *token, const char **instance, struct error *err)
{
	const char *script = make_script(launch, err);
	const json_t *reply = script ? aws_call(launch->launcher, launch->arena, &ec2_RunInstances,
					       request(launch, token, script), err)
				     : NULL;

	if (!reply)
		return error_wrap(err, "launching an instance (%s)", launch->instance_type);
	*instance = arena_strdup(launch->arena, tree_text(reply, "instancesSet.0.instanceId"));
	return 0;
}

/* --- taking away --- */

json_t *launch_filter(const struct launch *launch)
{
	json_t *run = launch->run ? json_pack("{s:s, s:[s]}", "Name", "tag:" RUN_TAG, "Value", launch->run)
				  : json_pack("{s:s, s:[s]}", "Name", "tag-key", "Value", RUN_TAG);

	return json_pack("{s:[{s:s, s:[s]}, o]}", "Filter", "Name",
		arena_printf(launch->arena, "tag:%s", cloud_tag_sent(launch->cloud)), "Value",
		launch->cloud->id, run);
}

static json_t *living(const struct launch *launch)
{
	json_t *input = launch_filter(launch);

	json_array_append_new(json_object_get(input, "Filter"),
		json_pack("{s:s, s:[s, s, s, s, s]}", "Name", "instance-state-name", "Value", "pending",
			"running", "shutting-down", "stopping", "stopped"));
	return input;
}

static struct text_list instances_in(struct arena *arena, const json_t *reply)
{
	struct text_list found = {0};

	TREE_EACH (reservation, reply, "reservationSet")
		TREE_EACH (instance, reservation, "instancesSet")
			text_list_add(arena, &found, tree_text(instance, "instanceId"));
	return found;
}

static const char *all_gone(const void *self, const json_t *reply)
{
	(void)self;
	return json_array_size(tree_get(reply, "reservationSet")) == 0 ? "gone" : "there";
}

static const struct waiter until_gone = {
	.doing = "waiting for the instance to be gone",
	.operation = &ec2_DescribeInstances,
	.state = all_gone,
	.done = "gone",
	.failed = "",
	.interval_ms = 2000,
	.limit_ms = 600000,
};

static int terminate(const struct launch *launch, const struct text_list *instances, struct error *err)
{
	struct arena *arena = launch->arena;
	const struct wait wait = {
		.source = aws_source(arena, launch->launcher),
		.world = launch->world,
		.input = tree_defer(arena, living(launch)),
	};
	int waited;

	if (!aws_call(launch->launcher, arena, &ec2_TerminateInstances,
		    json_pack("{s:o}", "InstanceId", tree_array(instances)), err))
		return error_wrap(err, "terminating %s", text_join(arena, instances, ", "));
	waited = waiter_wait(&until_gone, &wait, err);
	if (waited == WAITED_IN_VAIN)
		return error_set(err, ERROR_NETWORK, "%s is still not terminated after %d minutes",
			text_join(arena, instances, ", "), until_gone.limit_ms / 60000);
	return waited;
}

const json_t *launch_describe(const struct launch *launch, struct error *err)
{
	const json_t *reply = aws_call(launch->launcher, launch->arena, &ec2_DescribeInstances,
		living(launch), err);

	if (!reply && launch->run)
		error_wrap(err, "looking for instances of the run %s", launch->run);
	else if (!reply)
		error_wrap(err, "looking for instances of functional verifications");
	return reply;
}

int launch_take_away(const struct launch *launch, int *count, struct error *err)
{
	const json_t *reply = launch_describe(launch, err);
	struct text_list instances;

	if (!reply)
		return -1;
	instances = instances_in(launch->arena, reply);
	*count = (int)instances.count;
	if (instances.count > 0 && terminate(launch, &instances, err) < 0)
		return -1;
	return bucket_remove_below(launch->caller, aws_cloud(launch->cloud)->resources.bucket,
		launch_prefix(launch), err);
}
