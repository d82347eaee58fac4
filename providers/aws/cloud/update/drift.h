/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What somebody else changed in the resources of a stack, compared three ways: how the last deployment left a property, how
 * it is, and how the template of the update has it (AWS CloudFormation API Reference, DescribeStackResourceDrifts and
 * DescribeChangeSet). Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "providers/aws/cloud/update/stack_change.h"

struct arena;

/* One property, or one item of a list. NULL: there is none. */
struct drift_values {
	const json_t *previous, *actual, *next;
};

enum drift_class {
	DRIFT_NONE,
	DRIFT_CHANGE,     /* the update alone changes it */
	DRIFT_ALREADY_SO, /* it is what the update would make of it */
	DRIFT_CHANGED,    /* somebody changed it, and the update does not */
	DRIFT_CONFLICT, /* somebody changed it, and the update changes it to something else, or writes it again */
	DRIFT_LOST,     /* somebody deleted the resource */
	DRIFT_LOST_DATA, /* somebody deleted the resource, which held data */
	DRIFT_UNKNOWN,   /* CloudFormation could not compare the resource */
	DRIFT_REMOVED,   /* somebody changed a resource that the update removes */
};

/* "none", "change", "already so", "drift", "conflict", "lost", "lost with data", "unknown", "changed, then removed", and NULL. */
extern const char *const drift_class_names[];

/*
 * Do two values mean the same? Numbers and truth values may be texts, a list of one may be its item, the order of lists does
 * not count: CloudFormation writes what a template says, services what they made of it.
 */
bool drift_same(const json_t *a, const json_t *b);

/* The class of a property of a resource that is there, and that the update keeps. */
enum drift_class drift_classify(const struct drift_values *values);

struct drift_item {
	enum drift_class class;
	const char *logical_id, *type, *physical_id;
	const char *name; /* "Control-plane role" */
	const char *path; /* "Policies.s3.ReadBucket"; "" for the whole resource */
	struct drift_values values;
	struct text_list details; /* what somebody changed (property_diff.h) */
	const char *why;          /* of DRIFT_UNKNOWN; else NULL */
	/* A statement of a policy that the update changes elsewhere: services take policies as a whole only. */
	bool rewritten;
};

/* In the order of CloudFormation's list; DRIFT_NONE and DRIFT_CHANGE are not among them. All in arena. */
struct drift {
	struct drift_item *items;
	size_t count;
	/* Logical ids of the resources that are as the last deployment has them. */
	struct text_list as_deployed;
	const char *not_compared; /* why not all of the stack could be compared; NULL: it was */
};

/*
 * drifts: the reply to DescribeStackResourceDrifts, all pages of it; it is borrowed, as are the changes. reverts: these are
 * of a change set that reverts drift, so they start from what is and not from the last deployment.
 */
struct drift drift_read(struct arena *arena, const json_t *drifts, const struct stack_changes *changes,
	bool reverts);

/* Is there anything that was changed by somebody else and is not what the update wants anyway? */
bool drift_is_open(const struct drift *drift);

/* Could not all of it be compared? */
bool drift_is_unknown(const struct drift *drift);

#endif
