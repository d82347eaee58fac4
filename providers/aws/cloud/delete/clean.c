/* SPDX-License-Identifier: Apache-2.0 */
/* What is cleaned, a row for each kind, in order; what is waited for. */
#include "providers/aws/cloud/delete/clean.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/aws/cloud/delete/blockers.h"
#include "providers/aws/cloud/delete/interface_owner.h"
#include "providers/aws/cloud/delete/survey.h"
#include "providers/run.h"
#include "providers/waiter.h"
#include "verify/facts.h"

enum { LOOK_EVERY_MS = 2000, WAIT_MAX_MS = 10 * 60 * 1000 };

struct cleaning {
	struct run *run;
	struct aws *aws;
	const struct facts *facts;
	const struct blockers *blockers;
	struct text_list gone;    /* "instance i-1" */
	struct text_list removed; /* targets of the same */
};

/* --- waiting --- */

/* Is one of what was removed still in the list, in another state than the last? */
static const char *presence(const struct cleaning *cleaning, const json_t *list, const char *id,
	const char *state)
{
	for (size_t i = 0; i < tree_count(list); i++)
		if (text_list_has(&cleaning->removed, tree_text(tree_at(list, i), id)) &&
			!text_is_among(tree_text(tree_at(list, i), state), "terminated deleted"))
			return "there";
	return "gone";
}

static const char *instances_left(const void *self, const json_t *reply)
{
	TREE_EACH (reservation, reply, "reservationSet")
		if (text_equal(presence(self, tree_get(reservation, "instancesSet"), "instanceId",
				       "instanceState.name"),
			    "there"))
			return "there";
	return "gone";
}

static const char *nat_gateways_left(const void *self, const json_t *reply)
{
	return presence(self, tree_get(reply, "natGatewaySet"), "natGatewayId", "state");
}

static const char *mount_targets_left(const void *self, const json_t *reply)
{
	return presence(self, tree_get(reply, "MountTargets"), "MountTargetId", "LifeCycleState");
}

/* Services take the interfaces of what was deleted away some time later. */
static const char *interfaces_left(const void *self, const json_t *reply)
{
	const struct cleaning *cleaning = self;
	struct arena *arena = cleaning->facts->arena;

	TREE_EACH (interface, reply, "networkInterfaceSet") {
		const struct interface_owner *owner = interface_owner_find(interface);
		const char *arn = survey_balancer_arn(cleaning->facts, interface);
		const char *id = owner ? interface_owner_id(arena, owner, interface)
				       : tree_text(interface, "attachment.instanceId");

		if ((arn && text_list_has(&cleaning->removed, arn)) ||
			(id && text_list_has(&cleaning->removed, id)))
			return "there";
	}
	return "gone";
}

/* One look is the question of the survey. */
struct until {
	const char *what; /* "the instances are terminated" */
	enum survey_fact fact;
	struct waiter waiter;
};

#define UNTIL(name, the_fact, call, words, left) \
	static const struct until name = {words, the_fact, \
		{.doing = "waiting until " words, \
			.operation = &(call), \
			.state = (left), \
			.done = "gone", \
			.interval_ms = LOOK_EVERY_MS, \
			.limit_ms = WAIT_MAX_MS}}

UNTIL(no_instances, SURVEY_INSTANCES, ec2_DescribeInstances, "the instances are terminated", instances_left);
UNTIL(no_nat_gateways, SURVEY_NAT_GATEWAYS, ec2_DescribeNatGateways, "the NAT gateways are deleted",
	nat_gateways_left);
UNTIL(no_interfaces, SURVEY_INTERFACES, ec2_DescribeNetworkInterfaces,
	"the network interfaces of what was removed are gone", interfaces_left);
UNTIL(no_mount_targets, SURVEY_MOUNT_TARGETS, efs_DescribeMountTargets, "the mount targets are deleted",
	mount_targets_left);

static int wait_until(const struct cleaning *cleaning, const struct until *until, struct error *err)
{
	struct run *run = cleaning->run;
	struct wait wait = {
		.source = aws_source(run->arena, cleaning->aws),
		.world = run->world,
		.input = tree_defer(run->arena, survey_input(cleaning->facts, until->fact)),
		.self = cleaning,
	};
	int result;

	if (!wait.input)
		return 0;
	event_step(run->stream, STEP_PROGRESS, "Waiting until %s ...", until->what);
	result = waiter_wait(&until->waiter, &wait, err);
	if (result == WAITED_IN_VAIN)
		return error_set(err, ERROR_FAILED, "%s: not so after %d minutes; run the command again",
			until->waiter.doing, WAIT_MAX_MS / 60000);
	return result;
}

/* --- the table --- */

struct clean_row {
	const char *kind; /* of the blockers */
	const struct aws_operation *operation;
	const char *member;        /* of its input, which names the thing */
	bool listed;               /* the member is a list */
	const char *role;          /* the member that names the role whose it is; NULL: none */
	const struct until *until; /* when all of the kind are removed; NULL: they are gone at once */
};

/* clang-format off */
static const struct clean_row rows[] = {
	{"load balancer", &elbv2_DeleteLoadBalancer, "LoadBalancerArn"},
	{"target group", &elbv2_DeleteTargetGroup, "TargetGroupArn"},
	{"spot request", &ec2_CancelSpotInstanceRequests, "SpotInstanceRequestId", .listed = true},
	{"instance", &ec2_TerminateInstances, "InstanceId", .listed = true, .until = &no_instances},
	{"VPC endpoint", &ec2_DeleteVpcEndpoints, "VpcEndpointId", .listed = true},
	{"NAT gateway", &ec2_DeleteNatGateway, "NatGatewayId", .until = &no_nat_gateways},
	{"network interface", &ec2_DeleteNetworkInterface, "NetworkInterfaceId"},
	{"elastic IP address", &ec2_ReleaseAddress, "AllocationId"},
	{"security group", &ec2_DeleteSecurityGroup, "GroupId"},
	{"attached policy", &iam_DetachRolePolicy, "PolicyArn", .role = "RoleName"},
	{"inline policy", &iam_DeleteRolePolicy, "PolicyName", .role = "RoleName"},
	{"instance profile", &iam_RemoveRoleFromInstanceProfile, "InstanceProfileName", .role = "RoleName"},
	{"mount target", &efs_DeleteMountTarget, "MountTargetId", .until = &no_mount_targets},
};
/* clang-format on */

/* From here on, interfaces of what is gone would be in the way. */
static const char first_after_interfaces[] = "network interface";

const struct aws_operation *const *clean_operations(struct arena *arena)
{
	const struct aws_operation **list = NEW_ARRAY(arena, const struct aws_operation *,
		ARRAY_LENGTH(rows) + 1);

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		list[i] = rows[i].operation;
	return list;
}

bool clean_can_remove(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(rows[i].kind, kind))
			return true;
	return false;
}

/* --- removing --- */

/* An answer that it cannot be removed, whatever AWS calls that. */
static bool is_refusal(const struct error *err)
{
	return err->kind == ERROR_CONFLICT || err->kind == ERROR_REJECTED;
}

/* EC2 says of what it takes in lists one by one what it did not do. */
static int check_reply(const json_t *reply, struct error *err)
{
	TREE_EACH (failure, reply, "unsuccessful")
		if (!text_ends_with(tree_text(failure, "error.code"), "NotFound"))
			return error_set(err, ERROR_REJECTED, "%s: %s", tree_text(failure, "error.code"),
				tree_text(failure, "error.message"));
	return 0;
}

static int remove_one(const struct cleaning *cleaning, const struct clean_row *row,
	const struct blocker *blocker, struct error *err)
{
	json_t *input = json_pack(row->listed ? "{s:[s]}" : "{s:s}", row->member, blocker->target);
	const json_t *reply;

	if (row->role)
		json_object_set_new(input, row->role, json_string(blocker->key));
	reply = aws_call(cleaning->aws, cleaning->run->arena, row->operation, input, err);
	if (!reply && err->kind == ERROR_NOT_FOUND) {
		error_clear(err);
		return 0;
	}
	if (reply && check_reply(reply, err) == 0)
		return 0;
	if (is_refusal(err))
		err->kind = ERROR_REJECTED;
	return error_wrap(err, "removing the %s %s", blocker->kind, blocker->id);
}

/* All of one kind. One that is going already is only waited for. */
static int remove_kind(struct cleaning *cleaning, const struct clean_row *row, struct error *err)
{
	struct run *run = cleaning->run;
	bool any = false;

	for (size_t i = 0; i < cleaning->blockers->count; i++) {
		const struct blocker *blocker = &cleaning->blockers->items[i];
		const char *what = arena_printf(run->arena, "%s %s", blocker->kind, blocker->id);

		if (!blocker->cleans || !text_equal(blocker->kind, row->kind))
			continue;
		event_step(run->stream, STEP_PROGRESS, "Removing the %s ...", what);
		if (remove_one(cleaning, row, blocker, err) < 0)
			return -1;
		text_list_add(run->arena, &cleaning->gone, what);
		text_list_add(run->arena, &cleaning->removed, blocker->target);
		any = true;
	}
	return any && row->until ? wait_until(cleaning, row->until, err) : 0;
}

int clean(struct run *run, struct aws *aws, const struct facts *facts, const struct blockers *blockers,
	struct error *err)
{
	struct cleaning cleaning = {run, aws, facts, blockers, {0}, {0}};
	int result = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rows) && result == 0; i++) {
		if (text_equal(rows[i].kind, first_after_interfaces) && cleaning.gone.count > 0)
			result = wait_until(&cleaning, &no_interfaces, err);
		if (result == 0)
			result = remove_kind(&cleaning, &rows[i], err);
	}
	if (result < 0 && cleaning.gone.count > 0)
		event_step(run->stream, STEP_NOTE,
			"Removed before that: %s. The command again goes on with the rest.",
			text_join(run->arena, &cleaning.gone, ", "));
	return result;
}
