/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CloudFormation's drift detection: begun, waited for, read (AWS CloudFormation User Guide, "Detect drift on an entire
 * stack"). It reads every resource with its caller's permissions, changes nothing, and takes a minute or two. Where it is
 * refused, or fails, that is said and is no error: an update works without it.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_DETECTION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_DRIFT_DETECTION_H

#include "base/error.h"
#include "providers/aws/cloud/update/drift.h"

struct arena;
struct aws;
struct world;

/* Strings in the arena that they were made in. */
struct drift_detection {
	const char *stack;   /* its ARN */
	const char *id;      /* NULL: it was not begun */
	const char *refused; /* why it was not begun, or gave nothing; NULL: it was, and did */
	const char *reason;  /* why it failed for some of the resources; NULL: it did not */
};

/* Begin one, without waiting for it. -1: interrupted. */
int drift_detect(struct aws *aws, struct arena *arena, const char *stack, struct drift_detection *detection,
	struct error *err);

/* Wait for it; again is no harm. -1: interrupted. */
int drift_await(struct aws *aws, struct arena *arena, struct world *world, struct drift_detection *detection,
	struct error *err);

/* Wait for it, and read what it found beside the changes of an update (drift_read()). -1: interrupted. */
int drift_detected(struct aws *aws, struct arena *arena, struct world *world,
	struct drift_detection *detection, const struct stack_changes *changes, bool reverts,
	struct drift *drift, struct error *err);

#endif
