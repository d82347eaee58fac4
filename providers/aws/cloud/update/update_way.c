/* SPDX-License-Identifier: Apache-2.0 */
/* The states of a stack as tables: the way an update takes, and the way out where there is none. */
#include "providers/aws/cloud/update/update_way.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/stack.h"
#include "providers/records/cloud.h"

enum update_way update_way(const char *status)
{
	static const struct {
		const char *statuses;
		enum update_way way;
	} rows[] = {
		{"CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE IMPORT_COMPLETE IMPORT_ROLLBACK_COMPLETE",
			UPDATE_GO},
		{"UPDATE_ROLLBACK_FAILED UPDATE_FAILED IMPORT_ROLLBACK_FAILED", UPDATE_IS_STUCK},
		{"CREATE_IN_PROGRESS CREATE_FAILED ROLLBACK_IN_PROGRESS ROLLBACK_COMPLETE ROLLBACK_FAILED REVIEW_IN_PROGRESS",
			UPDATE_SETUP},
		{"DELETE_IN_PROGRESS DELETE_FAILED DELETE_COMPLETE", UPDATE_DELETE},
	};

	for (size_t i = 0; status && i < ARRAY_LENGTH(rows); i++)
		if (text_is_among(status, rows[i].statuses))
			return rows[i].way;
	return UPDATE_WAIT;
}

const char *update_way_out(struct arena *arena, const struct cloud *cloud, const struct stack *stack)
{
	if (text_equal(stack->status, "UPDATE_ROLLBACK_FAILED"))
		return arena_printf(arena,
			"an update could not be taken back: mend what failed, then run: cloudctl update %s --continue",
			cloud->name);
	if (text_equal(stack->status, "UPDATE_FAILED"))
		return arena_printf(arena,
			"somebody's update stopped where it failed; to take it back, mend what the events name, then run: aws cloudformation rollback-stack --stack-name %s --region %s",
			shell_word(arena, stack->name), cloud->region);
	return arena_printf(arena,
		"somebody imported resources into it, which could not be taken back, and no call of CloudFormation goes on from there: ask AWS Support, who need to know its ARN: %s. To see what failed: aws cloudformation describe-stack-events --stack-name %s --region %s",
		stack->arn, shell_word(arena, stack->name), cloud->region);
}

static const char *since(const struct stack *stack)
{
	return text_or(tree_text(stack->description, "LastUpdatedTime"),
		tree_text(stack->description, "CreationTime"));
}

const char *update_way_refusal(struct arena *arena, const struct cloud *cloud, const struct stack *stack)
{
	const char *name = cloud->name, *status = text_or(stack->status, "in no state");

	switch (update_way(stack->status)) {
	case UPDATE_GO: return NULL;
	case UPDATE_WAIT:
		return arena_printf(arena,
			"somebody else is changing its stack, which is %s since %s; wait until that has ended",
			status, since(stack));
	case UPDATE_IS_STUCK:
		return arena_printf(arena, "its stack is %s; %s", status,
			update_way_out(arena, cloud, stack));
	case UPDATE_SETUP:
		return arena_printf(arena,
			"its stack is %s; finish it first (cloudctl setup --name %s) or give it up (cloudctl delete --name %s)",
			status, name, name);
	case UPDATE_DELETE: break;
	}
	return arena_printf(arena, "its stack is %s; finish that first: cloudctl delete --name %s", status,
		name);
}
