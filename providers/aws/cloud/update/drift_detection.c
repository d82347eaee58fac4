/* SPDX-License-Identifier: Apache-2.0 */
/* The three calls of a drift detection, and the wait between them. */
#include "providers/aws/cloud/update/drift_detection.h"

#include "base/arena.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/cloud_session.h"
#include "providers/waiter.h"

/* What is learned while waiting. */
struct detection_seen {
	struct arena *arena;
	const char **reason; /* why some resources could not be compared; NULL: all were */
};

/* An error that leaves the update as it is: it is kept in words. An interruption stays an error. */
static int tolerate(struct arena *arena, struct drift_detection *detection, struct error *err)
{
	if (err->kind == ERROR_INTERRUPTED)
		return -1;
	detection->refused = error_text(arena, err);
	error_clear(err);
	return 0;
}

int drift_detect(struct aws *aws, struct arena *arena, const char *stack, struct drift_detection *detection,
	struct error *err)
{
	const json_t *reply = aws_call(aws, arena, &cloudformation_DetectStackDrift,
		json_pack("{s:s}", "StackName", stack), err);

	*detection = (struct drift_detection){.stack = stack};
	if (!reply)
		return tolerate(arena, detection, err);
	detection->id = arena_strdup(arena, tree_text(reply, "StackDriftDetectionId"));
	return 0;
}

/* A detection that fails for some resources still has the others. */
static const char *state_of(const void *self, const json_t *reply)
{
	const struct detection_seen *seen = self;
	const char *reason = tree_text(reply, "DetectionStatusReason");
	const char *state = tree_text(reply, "DetectionStatus");

	*seen->reason = text_equal(state, "DETECTION_FAILED")
		? arena_strdup(seen->arena, text_or(reason, "CloudFormation does not say why"))
		: NULL;
	return state;
}

int drift_await(struct aws *aws, struct arena *arena, struct world *world, struct drift_detection *detection,
	struct error *err)
{
	static const struct waiter waiter = {
		.doing = "waiting for the drift detection",
		.operation = &cloudformation_DescribeStackDriftDetectionStatus,
		.state = state_of,
		.done = "DETECTION_COMPLETE DETECTION_FAILED",
		.failed = "",
		.interval_ms = 1000,
		.limit_ms = 10 * 60 * 1000,
	};
	const struct detection_seen seen = {arena, &detection->reason};
	const struct wait wait = {
		.source = aws_source(arena, aws),
		.world = world,
		.input = tree_defer(arena, json_pack("{s:s*}", "StackDriftDetectionId", detection->id)),
		.self = &seen,
	};
	int waited = detection->id ? waiter_wait(&waiter, &wait, err) : WAITED_DONE;

	if (waited < 0)
		return tolerate(arena, detection, err);
	if (waited == WAITED_IN_VAIN)
		detection->refused = "the drift detection has not ended for ten minutes";
	return 0;
}

int drift_detected(struct aws *aws, struct arena *arena, struct world *world,
	struct drift_detection *detection, const struct stack_changes *changes, bool reverts,
	struct drift *drift, struct error *err)
{
	const json_t *reply = NULL;

	*drift = (struct drift){0};
	if (drift_await(aws, arena, world, detection, err) < 0)
		return -1;
	if (!detection->refused) {
		reply = aws_call(aws, arena, &cloudformation_DescribeStackResourceDrifts,
			json_pack("{s:s}", "StackName", detection->stack), err);
		if (!reply && tolerate(arena, detection, err) < 0)
			return -1;
	}
	*drift = drift_read(arena, reply, changes, reverts);
	drift->not_compared = detection->refused ? detection->refused : detection->reason;
	return 0;
}
