/* SPDX-License-Identifier: Apache-2.0 */
/* What blocks, a row each, in the order in which it is best removed: what uses others comes before these. */
#include "providers/aws/cloud/delete/blockers.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/delete/interface_owner.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/records/cloud.h"
#include "verify/facts.h"

/* --- the stack --- */

static bool is_protected_by_others(const struct candidate *stack)
{
	return tree_bool(stack->element, "EnableTerminationProtection") &&
		!aws_cloud(stack->facts->cloud)->stack_protected;
}

static bool is_under_way(const struct candidate *stack)
{
	return text_ends_with(tree_text(stack->element, "StackStatus"), "_IN_PROGRESS");
}

/* --- in the VPC --- */

static bool is_not_default_group(const struct candidate *group)
{
	return !text_equal(tree_text(group->element, "groupName"), "default");
}

/* The main table goes with the VPC. */
static bool is_not_main(const struct candidate *table)
{
	TREE_EACH (association, table->element, "associationSet")
		if (tree_bool(association, "main"))
			return false;
	return true;
}

/* Of a table of the stack's; those of others go with them. */
static bool is_by_hand(const struct candidate *association)
{
	return !tree_bool(association->element, "main") &&
		survey_logical_id(association->facts, tree_text(association->element, "routeTableId"));
}

static bool is_not_default_acl(const struct candidate *acl)
{
	return !tree_bool(acl->element, "default");
}

static bool is_peered(const struct candidate *peering)
{
	return text_is_among(tree_text(peering->element, "status.code"),
		"initiating-request pending-acceptance provisioning active");
}

static bool is_alive(const struct candidate *thing)
{
	return !text_is_among(tree_text(thing->element, thing->row->state), "deleted failed rejected");
}

/* One that failed is still there. */
static bool is_not_deleted(const struct candidate *endpoint)
{
	return !text_equal_nocase(tree_text(endpoint->element, "state"), "deleted");
}

static bool is_attached(const struct candidate *gateway, const char *list)
{
	const char *vpc = survey_physical_id(gateway->facts, "Vpc");
	const json_t *attachment = tree_find(gateway->element, list, "vpcId", vpc);

	return attachment && !text_equal(tree_text(attachment, "state"), "detached");
}

static bool is_attached_vpn(const struct candidate *gateway)
{
	return is_attached(gateway, "attachments");
}

static bool is_attached_egress(const struct candidate *gateway)
{
	return is_attached(gateway, "attachmentSet");
}

/* Of one that a service uses, the service lets go itself. */
static bool is_address_in_vpc(const struct candidate *address)
{
	const char *id = tree_text(address->element, "networkInterfaceId");
	const json_t *interface = tree_find(facts_tree(address->facts, SURVEY_INTERFACES),
		"networkInterfaceSet", "networkInterfaceId", id);

	return interface && !interface_owner_find(interface);
}

/* --- rules that name the cloud's group --- */

static bool names_group(const json_t *permission, const char *group)
{
	return tree_find(permission, "groups", "groupId", group);
}

/* A group of the cloud's own VPC is in the way itself. */
static bool is_rule_elsewhere(const struct candidate *group)
{
	const char *vpc = survey_physical_id(group->facts, "Vpc");

	return !text_equal(tree_text(group->element, "vpcId"), vpc) || !is_not_default_group(group);
}

/* A list for --ip-permissions, quoted. */
static const char *permissions_word(struct arena *arena, const json_t *list)
{
	char *text = json_dumps(list, JSON_COMPACT);
	const char *word = shell_word(arena, text_or(text, ""));

	free(text);
	return word;
}

/* What of the rules names the cloud's group, and nothing else of them. */
static const char *revoke(const struct candidate *candidate)
{
	struct arena *arena = candidate->facts->arena;
	const char *group = survey_physical_id(candidate->facts, "SecurityGroup");
	bool in = text_starts_with(candidate->row->each, "in.");
	json_t *list = tree_defer(arena, json_array());

	TREE_EACH (permission, candidate->element, in ? "ipPermissions" : "ipPermissionsEgress") {
		int64_t from = 0, to = 0;
		json_t *one;

		if (!names_group(permission, group))
			continue;
		one = json_pack("{s:s, s:[{s:s}]}", "IpProtocol", tree_text(permission, "ipProtocol"),
			"UserIdGroupPairs", "GroupId", group);
		if (tree_number(permission, "fromPort", 0, 65535, &from) &&
			tree_number(permission, "toPort", 0, 65535, &to)) {
			json_object_set_new(one, "FromPort", json_integer(from));
			json_object_set_new(one, "ToPort", json_integer(to));
		}
		json_array_append_new(list, one);
	}
	return arena_printf(arena,
		"aws ec2 revoke-security-group-%s --group-id %s --ip-permissions %s --region %s",
		in ? "ingress" : "egress", shell_word(arena, candidate->id), permissions_word(arena, list),
		shell_word(arena, candidate->facts->cloud->region));
}

/* --- interfaces --- */

/* MemoryDB's words for its interfaces are in no recording, so the stack's cluster is known by its name as well. */
static bool is_of_cluster(const struct candidate *interface, const struct interface_owner *owner)
{
	const char *cluster = survey_physical_id(interface->facts, "MemoryDBCluster");

	return cluster &&
		((owner && text_starts_with(owner->kind, "MemoryDB")) ||
			strstr(tree_text(interface->element, "description"), cluster));
}

/* Does it go with something that the stack deletes? */
static bool is_in_the_way(const struct candidate *interface)
{
	const struct interface_owner *owner = interface_owner_find(interface->element);
	const char *id = owner ? interface_owner_id(interface->facts->arena, owner, interface->element)
			       : NULL;

	return !(id && survey_logical_id(interface->facts, id)) && !is_of_cluster(interface, owner);
}

#define TERMINATE "aws ec2 terminate-instances --instance-ids {id} --region {region}"

/* Somebody wants it to stay, so --clean leaves it. */
static void know_protection(const struct candidate *instance, struct blocker *blocker)
{
	const json_t *reply = json_object_get(facts_tree(instance->facts, SURVEY_TERMINATION), instance->id);

	if (!tree_bool(reply, "disableApiTermination.value") || !blocker->command)
		return;
	blocker->cleans = false;
	blocker->state = arena_printf(instance->facts->arena, "%s, protected against termination",
		text_or(blocker->state, "running"));
	blocker->command = arena_printf(instance->facts->arena, "%s && %s",
		blocker_command(instance,
			"aws ec2 modify-instance-attribute --no-disable-api-termination --instance-id {id} --region {region}",
			NULL),
		blocker->command);
}

/* What is deleted is not the interface, but what has it. */
static void know_interface(const struct candidate *interface, struct blocker *blocker)
{
	static const struct interface_owner instance = {.kind = "instance", .command = TERMINATE};
	struct arena *arena = interface->facts->arena;
	const json_t *element = interface->element;
	const char *instance_id = tree_text(element, "attachment.instanceId");
	const char *arn = survey_balancer_arn(interface->facts, element);
	const struct interface_owner *owner = *instance_id ? &instance : interface_owner_find(element);
	const char *id = *instance_id ? instance_id
		: owner               ? interface_owner_id(arena, owner, element)
				      : NULL;
	struct candidate of_owner = *interface;

	if (!owner) {
		if (text_equal(tree_text(element, "status"), "available") &&
			!tree_bool(element, "requesterManaged"))
			return;
		blocker->cleans = false;
		blocker->command = NULL;
		blocker->advice = arena_printf(arena, "delete what has it; its description is '%s'",
			tree_text(element, "description"));
		return;
	}
	of_owner.id = id ? id : interface->id;
	blocker->kind = owner->kind;
	blocker->id = of_owner.id;
	blocker->target = arn ? arn : of_owner.id;
	blocker->cleans = false;
	blocker->state = NULL;
	blocker->command = owner->command ? blocker_command(&of_owner, owner->command, NULL) : NULL;
	blocker->advice = owner->advice;
	if (*instance_id)
		know_protection(&of_owner, blocker);
	if (arn)
		blocker_add_owner(interface->facts, blocker,
			survey_tags(interface->facts, SURVEY_BALANCER_TAGS, arn));
}

/* --- roles, the file system, MemoryDB --- */

static const json_t *tags_of_policy(const struct candidate *policy)
{
	return survey_tags(policy->facts, SURVEY_POLICY_TAGS, policy->id);
}

static const json_t *tags_of_profile(const struct candidate *profile)
{
	return survey_tags(profile->facts, SURVEY_PROFILE_TAGS, profile->id);
}

/* `update` keeps statements of the user's in a policy of this name. */
static bool is_kept_policy(const struct candidate *policy)
{
	return text_equal(policy->id, "cloudctl-kept");
}

/* Of the cloud's own file system. */
static bool is_of_cloud(const struct candidate *mount_target)
{
	return survey_logical_id(mount_target->facts, tree_text(mount_target->element, "FileSystemId"));
}

/* --- what is in nobody's way --- */

static const json_t *tags_of_target_group(const struct candidate *group)
{
	return survey_tags(group->facts, SURVEY_TARGET_GROUP_TAGS, group->id);
}

/* That of a NAT gateway, say, which stays when the gateway goes. */
static bool is_address_left(const struct candidate *address)
{
	return !is_address_in_vpc(address);
}

/* Inline policies of the template; a test compares. */
static bool is_policy_by_hand(const struct candidate *policy)
{
	return !text_is_among(policy->id,
		"control-plane extra-node-roles key node cloudwatch secrets pass launch data");
}

/* A cluster or mount target of the stack's that cannot be deleted yet. */
static bool is_busy(const struct candidate *own)
{
	return survey_logical_id(own->facts, own->id) &&
		!text_equal(tree_text(own->element, own->row->state), "available");
}

/* --- the table --- */

/* clang-format off */
const struct blocker_row blocker_rows[] = {
	/* own: MemoryDB's cluster and groups have the stack's name */
	{"stack operation", SURVEY_STACK, .each = "", .id = "StackName", .own = true, .blocks = is_under_way,
	 .state = "StackStatus", .advice = "somebody changes the stack; wait until that has ended"},
	{"termination protection", SURVEY_STACK, .each = "", .id = "StackName", .own = true, .blocks = is_protected_by_others,
	 .command = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name {id} --region {region}"},
	{"target group", SURVEY_TARGET_GROUPS, .each = "TargetGroups.*", .id = "TargetGroupArn",
	 .tags = tags_of_target_group, .harmless = true},
	{"spot request", SURVEY_SPOT_REQUESTS, .each = "@.spotInstanceRequestSet.*", .id = "spotInstanceRequestId",
	 .state = "state", .harmless = true},
	{"instance", SURVEY_INSTANCES, .each = "reservationSet.*.instancesSet.*", .id = "instanceId",
	 .in = "subnetId groupSet.*.groupId", .state = "instanceState.name", .ending = "shutting-down", .command = TERMINATE,
	 .know = know_protection},
	{"NAT gateway", SURVEY_NAT_GATEWAYS, .each = "natGatewaySet.*", .id = "natGatewayId", .blocks = is_alive,
	 .in = "subnetId", .holds = "InternetGatewayAttachment", .state = "state", .ending = "deleting",
	 .command = "aws ec2 delete-nat-gateway --nat-gateway-id {id} --region {region}"},
	{"VPC endpoint", SURVEY_ENDPOINTS, .each = "vpcEndpointSet.*", .id = "vpcEndpointId", .blocks = is_not_deleted,
	 .in = "subnetIdSet.* groupSet.*.groupId", .holds = "Vpc", .state = "state", .ending = "deleting Deleting",
	 .command = "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id} --region {region}"},
	{"mount target", SURVEY_MOUNT_TARGETS, .each = "MountTargets.*", .id = "MountTargetId",
	 .in = "SubnetId", .holds = "FileSystem", .state = "LifeCycleState", .ending = "deleting", .ours = is_of_cloud,
	 .command = "aws efs delete-mount-target --mount-target-id {id} --region {region}"},
	{"mount target", SURVEY_MOUNT_TARGETS, .each = "MountTargets.*", .id = "MountTargetId", .own = true,
	 .blocks = is_busy, .holds = "FileSystem", .state = "LifeCycleState", .ending = "deleting", .advice = "wait until it is available"},
	{"network interface", SURVEY_INTERFACES, .each = "networkInterfaceSet.*", .id = "networkInterfaceId",
	 .blocks = is_in_the_way, .in = "subnetId groupSet.*.groupId", .state = "status",
	 .command = "aws ec2 delete-network-interface --network-interface-id {id} --region {region}", .know = know_interface},
	{"elastic IP address", SURVEY_ADDRESSES, .each = "addressesSet.*", .id = "allocationId", .blocks = is_address_in_vpc,
	 .holds = "InternetGatewayAttachment", .with = "associationId",
	 .command = "aws ec2 disassociate-address --association-id {with} --region {region}"},
	{"elastic IP address", SURVEY_ADDRESSES, .each = "addressesSet.*", .id = "allocationId", .blocks = is_address_left,
	 .harmless = true},
	{"inbound rule of security group", SURVEY_REFERENCES, .each = "in.securityGroupInfo.*", .id = "groupId",
	 .blocks = is_rule_elsewhere, .holds = "SecurityGroup", .command_of = revoke},
	{"outbound rule of security group", SURVEY_REFERENCES, .each = "out.securityGroupInfo.*", .id = "groupId",
	 .blocks = is_rule_elsewhere, .holds = "SecurityGroup", .command_of = revoke},
	{"security group", SURVEY_GROUPS, .each = "securityGroupInfo.*", .id = "groupId", .blocks = is_not_default_group,
	 .holds = "Vpc", .command = "aws ec2 delete-security-group --group-id {id} --region {region}"},
	{"CIDR reservation", SURVEY_RESERVATIONS, .each = "@.subnetIpv4CidrReservationSet.*",
	 .id = "subnetCidrReservationId", .in = "subnetId",
	 .command = "aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id {id} --region {region}"},
	{"CIDR reservation", SURVEY_RESERVATIONS, .each = "@.subnetIpv6CidrReservationSet.*",
	 .id = "subnetCidrReservationId", .in = "subnetId",
	 .command = "aws ec2 delete-subnet-cidr-reservation --subnet-cidr-reservation-id {id} --region {region}"},
	{"network ACL", SURVEY_NETWORK_ACLS, .each = "networkAclSet.*", .id = "networkAclId", .blocks = is_not_default_acl,
	 .holds = "Vpc", .before_each = "associationSet.*.networkAclAssociationId",
	 .before = "aws ec2 replace-network-acl-association --association-id {with} --network-acl-id {acl} --region {region}",
	 .command = "aws ec2 delete-network-acl --network-acl-id {id} --region {region}"},
	{"route table association", SURVEY_ROUTE_TABLES, .each = "routeTableSet.*.associationSet.*",
	 .id = "routeTableAssociationId", .blocks = is_by_hand, .in = "routeTableId",
	 .command = "aws ec2 disassociate-route-table --association-id {id} --region {region}"},
	{"route table", SURVEY_ROUTE_TABLES, .each = "routeTableSet.*", .id = "routeTableId", .blocks = is_not_main,
	 .holds = "Vpc", .before_each = "associationSet.*.routeTableAssociationId",
	 .before = "aws ec2 disassociate-route-table --association-id {with} --region {region}",
	 .command = "aws ec2 delete-route-table --route-table-id {id} --region {region}"},
	{"subnet", SURVEY_SUBNETS, .each = "subnetSet.*", .id = "subnetId", .holds = "Vpc",
	 .command = "aws ec2 delete-subnet --subnet-id {id} --region {region}"},
	{"VPC peering connection", SURVEY_PEERINGS, .each = "@.vpcPeeringConnectionSet.*", .id = "vpcPeeringConnectionId",
	 .blocks = is_peered, .holds = "Vpc", .state = "status.code",
	 .command = "aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id {id} --region {region}"},
	{"virtual private gateway", SURVEY_VPN_GATEWAYS, .each = "vpnGatewaySet.*", .id = "vpnGatewayId",
	 .blocks = is_attached_vpn, .holds = "Vpc",
	 .command = "aws ec2 detach-vpn-gateway --vpn-gateway-id {id} --vpc-id {vpc} --region {region}"},
	{"transit gateway attachment", SURVEY_TRANSIT_ATTACHMENTS, .each = "transitGatewayVpcAttachments.*",
	 .id = "transitGatewayAttachmentId", .blocks = is_alive, .in = "subnetIds.*", .holds = "Vpc", .state = "state",
	 .ending = "deleting",
	 .command = "aws ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id} --region {region}"},
	{"egress-only internet gateway", SURVEY_EGRESS_GATEWAYS, .each = "egressOnlyInternetGatewaySet.*",
	 .id = "egressOnlyInternetGatewayId", .blocks = is_attached_egress, .holds = "Vpc",
	 .command = "aws ec2 delete-egress-only-internet-gateway --egress-only-internet-gateway-id {id} --region {region}"},
	{"internet gateway", SURVEY_INTERNET_GATEWAYS, .each = "internetGatewaySet.*", .id = "internetGatewayId",
	 .holds = "Vpc",
	 .command = "aws ec2 detach-internet-gateway --internet-gateway-id {id} --vpc-id {vpc} --region {region}"},
	{"replication", SURVEY_REPLICATION, .each = "Replications.*", .id = "SourceFileSystemId", .own = true, .holds = "FileSystem",
	 .with = "SourceFileSystemRegion",
	 .command = "aws efs delete-replication-configuration --source-file-system-id {id} --region {with}"},
	{"attached policy", SURVEY_ATTACHED_POLICIES, .each = "@.AttachedPolicies.*", .id = "PolicyArn", .tags = tags_of_policy,
	 .command = "aws iam detach-role-policy --role-name {key} --policy-arn {id}"},
	{"inline policy", SURVEY_POLICIES, .each = "@.PolicyNames.*", .id = NULL, .blocks = is_policy_by_hand,
	 .ours = is_kept_policy,
	 .command = "aws iam delete-role-policy --role-name {key} --policy-name {id}"},
	{"instance profile", SURVEY_INSTANCE_PROFILES, .each = "@.InstanceProfiles.*", .id = "InstanceProfileName",
	 .tags = tags_of_profile,
	 .command = "aws iam remove-role-from-instance-profile --instance-profile-name {id} --role-name {key}"},
	{"MemoryDB cluster", SURVEY_MEMORYDB, .each = "Clusters.*", .id = "Name", .own = true, .blocks = is_busy,
	 .holds = "MemoryDBCluster", .state = "Status", .advice = "wait until it is available"},
};
/* clang-format on */

const size_t blocker_row_count = ARRAY_LENGTH(blocker_rows);
