/* SPDX-License-Identifier: Apache-2.0 */
/* Asking EFS for a mount target's address, and MemoryDB for a cluster's ARN and endpoint. */
#include "providers/aws/cloud/resource_details.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/event.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/records/cloud.h"

enum { PORT_MAX = 65535 };

/* The address of an available mount target in this subnet, NULL: in any; NULL when there is none. */
static const char *address_in(const json_t *reply, const char *subnet)
{
	TREE_EACH (target, reply, "MountTargets") {
		const char *address = tree_text(target, "IpAddress");

		if (*address && text_equal(tree_text(target, "LifeCycleState"), "available") &&
			(!subnet || text_equal(tree_text(target, "SubnetId"), subnet)))
			return address;
	}
	return NULL;
}

/* The same in a zone by its id: a mount target serves all subnets of its zone. */
static const char *address_in_zone(const json_t *reply, const char *zone)
{
	TREE_EACH (target, reply, "MountTargets")
		if (text_equal(tree_text(target, "AvailabilityZoneId"), zone) &&
			text_equal(tree_text(target, "LifeCycleState"), "available") &&
			*tree_text(target, "IpAddress"))
			return tree_text(target, "IpAddress");
	return NULL;
}

/* In the zone of the first subnet that has one. That the zones cannot be read is no reason to do without an address. */
static const char *address_near(struct aws *aws, struct arena *arena, const struct text_list *subnets,
	const json_t *reply)
{
	const char *address = NULL;
	struct error ignored;
	json_t *input = json_pack("{s:[{s:s,s:o}]}", "Filter", "Name", "subnet-id", "Value",
		tree_array(subnets));
	const json_t *found = aws_call(aws, arena, &ec2_DescribeSubnets, input, &ignored);

	for (size_t i = 0; i < subnets->count && !address; i++) {
		const json_t *subnet = tree_find(found, "subnetSet", "subnetId", subnets->items[i]);

		address = address_in_zone(reply, tree_text(subnet, "availabilityZoneId"));
	}
	return address;
}

/* That of the first subnet of the cloud that has one, else one in a zone of theirs, else any; borrowed from the reply of efs:DescribeMountTargets. */
static int resolve_mount_target(struct aws *aws, struct arena *arena, struct cloud *cloud, struct error *err)
{
	struct aws_resources *resources = &aws_cloud_edit(arena, cloud)->resources;
	json_t *input;
	const json_t *reply;

	if (resources->mount_target_ip)
		return 0;
	input = json_pack("{s:s}", "FileSystemId", resources->file_system_id);
	reply = aws_call(aws, arena, &efs_DescribeMountTargets, input, err);
	if (!reply)
		return error_wrap(err, "looking for mount targets of %s", resources->file_system_id);
	for (size_t i = 0; i < resources->subnet_ids.count && !resources->mount_target_ip; i++)
		resources->mount_target_ip = address_in(reply, resources->subnet_ids.items[i]);
	if (!resources->mount_target_ip)
		resources->mount_target_ip = address_near(aws, arena, &resources->subnet_ids, reply);
	if (!resources->mount_target_ip)
		resources->mount_target_ip = address_in(reply, NULL);
	if (resources->mount_target_ip)
		return 0;
	return error_set(err, ERROR_FAILED, "the file system %s has no mount target that is available",
		resources->file_system_id);
}

static int resolve_memorydb(struct aws *aws, struct arena *arena, struct cloud *cloud, struct error *err)
{
	struct aws_resources *resources = &aws_cloud_edit(arena, cloud)->resources;
	json_t *input;
	const json_t *cluster;
	int64_t port;

	if (resources->memorydb_arn)
		return 0;
	input = json_pack("{s:s}", "ClusterName", resources->memorydb_cluster);
	cluster = tree_get(aws_call(aws, arena, &memorydb_DescribeClusters, input, err), "Clusters.0");
	if (!cluster)
		return error_wrap(err, "looking for the MemoryDB cluster %s", resources->memorydb_cluster);
	if (!text_equal(tree_text(cluster, "Status"), "available"))
		return error_set(err, ERROR_FAILED, "the MemoryDB cluster %s is %s, not available",
			resources->memorydb_cluster, tree_text(cluster, "Status"));
	resources->memorydb_arn = tree_text(cluster, "ARN");
	if (tree_number(cluster, "ClusterEndpoint.Port", 1, PORT_MAX, &port))
		resources->memorydb_endpoint = arena_printf(arena, "%s:%lld",
			tree_text(cluster, "ClusterEndpoint.Address"), (long long)port);
	return 0;
}

int resource_details_find(struct aws *aws, struct arena *arena, struct event_stream *stream, bool must,
	struct cloud *cloud, struct error *err)
{
	static const struct {
		unsigned part;
		int (*resolve)(struct aws *, struct arena *, struct cloud *, struct error *);
	} steps[] = {{PART_EFS, resolve_mount_target}, {PART_MEMORYDB, resolve_memorydb}};

	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		if (!(stack_parts(cloud) & steps[i].part) || steps[i].resolve(aws, arena, cloud, err) == 0)
			continue;
		if (must || err->kind == ERROR_INTERRUPTED || err->kind == ERROR_CREDENTIALS)
			return -1;
		event_step(stream, STEP_WARNING, "%s", error_text(arena, err));
		error_clear(err);
	}
	return 0;
}
