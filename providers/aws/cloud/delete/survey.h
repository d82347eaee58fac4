/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Survey: what is asked before a managed cloud is deleted, by the ids of what its stack made. A second plan of facts, for
 * the gathering of verify/gather.h; what they mean is in blockers.h. Nothing here changes anything.
 *
 * facts->cloud must have its stack_arn. A cloud in a VPC of the user's is looked at through its security group alone:
 * what else is in that VPC is the user's.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_SURVEY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_DELETE_SURVEY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "verify/plan.h"

struct aws;
struct aws_operation;
struct arena;
struct cloud;
struct stack;

/* Facts of survey_plan, in its order. Those that are asked for each role, subnet or direction hold replies by that key. */
enum survey_fact {
	SURVEY_STACK,     /* given: the element of DescribeStacks */
	SURVEY_RESOURCES, /* of the stack; everything else is asked by their ids */
	SURVEY_INSTANCES,
	SURVEY_NAT_GATEWAYS,
	SURVEY_ENDPOINTS,
	SURVEY_SUBNETS,
	SURVEY_RESERVATIONS, /* of addresses, by subnet */
	SURVEY_GROUPS,
	SURVEY_REFERENCES, /* groups whose rules name the cloud's, by direction: "in", "out" */
	SURVEY_ADDRESSES,  /* of the account and region */
	SURVEY_ROUTE_TABLES,
	SURVEY_NETWORK_ACLS,
	SURVEY_PEERINGS, /* by which side the VPC is: "accepter", "requester" */
	SURVEY_VPN_GATEWAYS,
	SURVEY_TRANSIT_ATTACHMENTS,
	SURVEY_EGRESS_GATEWAYS, /* of the account and region */
	SURVEY_INTERNET_GATEWAYS,
	SURVEY_MOUNT_TARGETS,
	SURVEY_REPLICATION,
	SURVEY_INTERFACES,
	SURVEY_ATTACHED_POLICIES, /* by role */
	SURVEY_POLICIES,          /* inline, by role */
	SURVEY_INSTANCE_PROFILES, /* by role */
	SURVEY_MEMORYDB,          /* the cluster */
	/* tags of what is in the way and says none itself; nothing is asked where there is no such thing */
	SURVEY_BALANCER_TAGS, /* of load balancers that have an interface, twenty at a time */
	SURVEY_POLICY_TAGS,   /* of attached policies of the account's, by ARN */
	SURVEY_PROFILE_TAGS,  /* of instance profiles that the stack did not make, by name */
	SURVEY_TERMINATION,   /* may it be terminated, by instance; asked of those that are found */
	/* what is in nobody's way and is only looked for to be cleaned */
	SURVEY_TARGET_GROUPS, /* of the account and region */
	SURVEY_TARGET_GROUP_TAGS,
	SURVEY_SPOT_REQUESTS, /* with the cloud's tag, by its key */
	SURVEY_FACT_COUNT,
};

extern const struct plan survey_plan;

/*
 * The operations that the survey of such a cloud calls, ended by NULL; in arena. cleans: those that it calls only when there
 * is something with the cloud's tag, or because it is to be cleaned; else all others.
 */
const struct aws_operation *const *survey_operations(struct arena *arena, const struct cloud *cloud,
	bool cleans);

/*
 * Ask everything that there is to ask about a stack that was found; *facts belongs to arena. What AWS does not answer is a
 * lost fact, not an error: -1 only when the user interrupted. cleans: also what is in nobody's way and has the cloud's tag.
 */
int survey(struct aws *aws, struct arena *arena, const struct cloud *cloud, const struct stack *stack,
	bool cleans, struct facts **facts, struct error *err);

/* The request of a fact that is asked by one; new reference. NULL: nothing is asked. */
json_t *survey_input(const struct facts *facts, enum survey_fact fact);

/* What the stack calls its resource with this logical id; NULL: it has none, has deleted it, or has left it in the account. */
const char *survey_physical_id(const struct facts *facts, const char *logical_id);

/* The logical id of the resource with this physical id, or NULL. */
const char *survey_logical_id(const struct facts *facts, const char *physical_id);

/* The ARN of the load balancer that has this interface, in facts->arena; NULL: it is no load balancer's. */
const char *survey_balancer_arn(const struct facts *facts, const json_t *interface);

/* The tags in a fact that has them by ARN or name, or in descriptions; NULL: it has none, or is not known. */
const json_t *survey_tags(const struct facts *facts, enum survey_fact fact, const char *id);

/* Is it one of the stack's own resources: by its id, or by the tags that CloudFormation sets? tags may be NULL. */
bool survey_is_stacks(const struct facts *facts, const char *id, const json_t *tags);

#endif
