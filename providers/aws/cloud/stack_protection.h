/* SPDX-License-Identifier: Apache-2.0 */
/* What keeps others from deleting a stack, or from replacing what in it holds data. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_PROTECTION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_STACK_PROTECTION_H

#include <stdbool.h>

#include "base/error.h"

struct arena;
struct aws;
struct stack;
struct text_list;

enum stack_policy {
	STACK_POLICY_NONE,
	STACK_POLICY_OURS, /* the one that stack_protect() sets */
	STACK_POLICY_LOWERED, /* ours, without some of the resources: for one update, or left by one that was killed */
	STACK_POLICY_FOREIGN, /* somebody else's */
};

/* Does a stack as it was described have termination protection? */
bool stack_is_protected(const struct stack *stack);

/*
 * Set the stack policy, and then termination protection: a stack that has this has both. The policy denies updates that
 * replace or delete the bucket, the file system, MemoryDB's cluster or the network they are in; it lets others pass.
 */
int stack_protect(struct aws *aws, struct arena *arena, const char *arn, struct error *err);

/* Which stack policy is set? */
int stack_policy_look(struct aws *aws, struct arena *arena, const char *arn, enum stack_policy *policy,
	struct error *err);

/* Set the stack policy alone, without the resources of these logical ids; none: all of it. */
int stack_policy_set(struct aws *aws, struct arena *arena, const char *arn, const struct text_list *without,
	struct error *err);

/* Take termination protection away, so that the stack can be deleted. A stack that is gone is a success. */
int stack_unprotect(struct aws *aws, struct arena *arena, const char *arn, struct error *err);

#endif
