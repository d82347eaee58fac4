/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the status of a stack means for an update (AWS CloudFormation User Guide, "Stack status codes"), and what to do where
 * it cannot be updated. Pure.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_WAY_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_WAY_H

struct arena;
struct cloud;
struct stack;

enum update_way {
	UPDATE_GO,
	UPDATE_WAIT,     /* an operation is under way: to be followed when it is ours */
	UPDATE_IS_STUCK, /* an operation failed, and was not taken back: somebody has to see to that first */
	UPDATE_SETUP,    /* it was never complete: setup or delete */
	UPDATE_DELETE,   /* it is, or was, being deleted */
};

/* NULL and statuses that are not known are UPDATE_WAIT: nothing is changed then. */
enum update_way update_way(const char *status);

/*
 * What to do about a stack that is stuck, with the command; in arena. ContinueUpdateRollback takes UPDATE_ROLLBACK_FAILED
 * alone, RollbackStack UPDATE_FAILED (AWS CloudFormation API Reference).
 */
const char *update_way_out(struct arena *arena, const struct cloud *cloud, const struct stack *stack);

/* Why the stack is not updated as it is, and what to do; in arena. NULL: it can be. An operation counts as somebody else's. */
const char *update_way_refusal(struct arena *arena, const struct cloud *cloud, const struct stack *stack);

#endif
