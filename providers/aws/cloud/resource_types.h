/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation's resource types that our template uses: what each is called, how long it takes, what keeps it from
 * being deleted, and what CloudFormation does for it with its caller's permissions. One row a type; whatever else
 * speaks of the resources of a stack is a loop over them. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_TYPES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_RESOURCE_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "providers/aws/cloud/kinds.h"

struct arena;
struct cloud;

enum { RESOURCE_TYPE_NAMES = 5, RESOURCE_TYPE_LEVELS = 4 };

/* What a stack consists of, as a set of bits: its base, and what the cloud is to have. */
enum stack_part {
	PART_BASE = 1 << 0,    /* every stack has it */
	PART_NETWORK = 1 << 1, /* a VPC of its own, with what is in it */
	PART_NAT = 1 << 2,     /* in that VPC: what private subnets need to reach the internet */
	PART_MEMORYDB = 1 << 3,
	PART_EFS = 1 << 4,          /* unless it is left out */
	PART_RAY = 1 << 5,          /* roles for clusters that Ray's own launcher starts */
	PART_RAY_LAUNCHER = 1 << 6, /* and that of who may start them */
	/* those that an update can add and take away */
	PARTS_LATER = PART_MEMORYDB | PART_RAY | PART_RAY_LAUNCHER,
};

/*
 * A resource of the template. '#' is a number, in the name too: there is one for each zone, and of the part NAT one for
 * each NAT gateway.
 */
struct resource_type_name {
	const char *logical_id, *name; /* "Subnet#", "Subnet #" */
	enum kind kind;                /* that it is, or that it belongs to */
	enum stack_part part;
};

struct resource_type {
	const char *type; /* "AWS::EC2::VPC" */
	/* Those of the template, in its order; the rest are NULL. */
	struct resource_type_name resources[RESOURCE_TYPE_NAMES];
	const char *section; /* "Network": what it is for, in one word */
	/*
	 * Less than RESOURCE_TYPE_LEVELS. A resource is created after those of lower levels that it needs, and deleted
	 * before them.
	 */
	int level;
	int create_ms, remove_ms; /* usual times */
	const char *stuck;        /* what to do when it cannot be deleted; NULL: remove what uses it */
	/* Of the AWS CLI, before its physical id; NULL: it goes with another resource. */
	const char *removed_by;
	/* IAM actions, each a list separated by spaces. */
	const char *create; /* and what is read back then */
	const char *update; /* what `update` changes in place; NULL: nothing */
	const char *remove; /* "" when it is kept */
	const char *undo;   /* when its creation is rolled back; NULL: like remove */
};

/* A row for each type of the template, in the template's order. */
extern const struct resource_type resource_types[];
extern const size_t resource_type_count;

/* How many of it a stack has that uses so many zones and has so many NAT gateways. */
size_t resource_name_count(const struct resource_type_name *row, size_t zones, size_t nat_gateways);

/* The logical id of one of them, counted from 1 to 9; in arena. */
const char *resource_name_logical_id(struct arena *arena, const struct resource_type_name *row,
	size_t number);

/* The parts with resources of the type. */
unsigned resource_type_parts(const struct resource_type *type);

/* The parts that the cloud's stack has, or is going to have. */
unsigned stack_parts(const struct cloud *cloud);

/* NULL when the template has no such type. */
const struct resource_type *resource_type_find(const char *type);

#endif
