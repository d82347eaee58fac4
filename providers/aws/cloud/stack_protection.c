/* SPDX-License-Identifier: Apache-2.0 */
/* Termination protection and the stack policy of a cloud's stack. */
#include "providers/aws/cloud/stack_protection.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/stack.h"

/* What must not be replaced or deleted: it holds data, or clusters are in it. */
static const char *const guarded[] = {"Bucket", "FileSystem", "MemoryDBCluster", "Vpc", "Subnet*"};

/* "LogicalResourceId/Bucket" of each, without some. New reference. */
static json_t *guarded_without(const struct text_list *without)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_LENGTH(guarded); i++)
		if (!text_list_has(without, guarded[i]))
			json_array_append_new(list, json_sprintf("LogicalResourceId/%s", guarded[i]));
	return list;
}

/* CloudFormation User Guide, "Prevent updates to stack resources". Without the Allow, nothing could be updated. */
static json_t *policy_without(const struct text_list *without)
{
	return json_pack("{s:[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:[s, s], s:o}]}", "Statement", "Effect",
		"Allow", "Principal", "*", "Action", "Update:*", "Resource", "*", "Effect", "Deny",
		"Principal", "*", "Action", "Update:Replace", "Update:Delete", "Resource",
		guarded_without(without));
}

bool stack_is_protected(const struct stack *stack)
{
	return tree_bool(stack->description, "EnableTerminationProtection");
}

static json_t *protection(const char *arn, bool on)
{
	return json_pack("{s:s, s:b}", "StackName", arn, "EnableTerminationProtection", (int)on);
}

int stack_policy_set(struct aws *aws, struct arena *arena, const char *arn, const struct text_list *without,
	struct error *err)
{
	json_t *policy = tree_defer(arena, policy_without(without));
	char *body = json_dumps(policy, JSON_COMPACT);
	json_t *input = json_pack("{s:s, s:s}", "StackName", arn, "StackPolicyBody", body);

	free(body);
	return aws_call(aws, arena, &cloudformation_SetStackPolicy, input, err)
		? 0
		: error_wrap(err, "setting the policy of the stack %s", arn);
}

/* Of those that ours guards, which does this one not? It is ours when that is all that is missing. */
static enum stack_policy policy_of(struct arena *arena, const json_t *policy)
{
	struct text_list missing = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(guarded); i++)
		if (!tree_find(policy, "Statement.1.Resource", NULL,
			    arena_printf(arena, "LogicalResourceId/%s", guarded[i])))
			text_list_add(arena, &missing, guarded[i]);
	if (!json_equal(policy, tree_defer(arena, policy_without(&missing))))
		return STACK_POLICY_FOREIGN;
	return missing.count > 0 ? STACK_POLICY_LOWERED : STACK_POLICY_OURS;
}

int stack_policy_look(struct aws *aws, struct arena *arena, const char *arn, enum stack_policy *policy,
	struct error *err)
{
	json_t *input = json_pack("{s:s}", "StackName", arn);
	const json_t *reply = aws_call(aws, arena, &cloudformation_GetStackPolicy, input, err);
	const char *body = tree_text(reply, "StackPolicyBody");

	if (!reply)
		return error_wrap(err, "reading the policy of the stack %s", arn);
	*policy = *body ? policy_of(arena, tree_defer(arena, json_loads(body, 0, NULL))) : STACK_POLICY_NONE;
	return 0;
}

int stack_protect(struct aws *aws, struct arena *arena, const char *arn, struct error *err)
{
	const struct text_list without = {0};

	if (stack_policy_set(aws, arena, arn, &without, err) < 0 ||
		!aws_call(aws, arena, &cloudformation_UpdateTerminationProtection, protection(arn, true),
			err))
		return error_wrap(err, "protecting the stack %s", arn);
	return 0;
}

int stack_unprotect(struct aws *aws, struct arena *arena, const char *arn, struct error *err)
{
	if (aws_call(aws, arena, &cloudformation_UpdateTerminationProtection, protection(arn, false), err))
		return 0;
	if (err->kind != ERROR_NOT_FOUND)
		return error_wrap(err, "lifting the termination protection of the stack %s", arn);
	error_clear(err);
	return 0;
}
