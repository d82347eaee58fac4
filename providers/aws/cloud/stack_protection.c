/* SPDX-License-Identifier: Apache-2.0 */
/* Termination protection and the stack policy of a cloud's stack. */
#include "providers/aws/cloud/stack_protection.h"

#include <jansson.h>

#include "base/tree.h"
#include "providers/aws/client/aws.h"
#include "providers/aws/cloud/stack.h"

#define OF(logical_id) "\"LogicalResourceId/" logical_id "\""

/* CloudFormation User Guide, "Prevent updates to stack resources". Without the Allow, nothing could be updated. */
static const char policy[] =
	"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"Update:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[\"Update:Replace\",\"Update:Delete\"],\"Resource\":[" OF(
		"Bucket") "," OF("FileSystem") "," OF("MemoryDBCluster") "," OF("Vpc") "," OF("Subnet*") "]}]}";

bool stack_is_protected(const struct stack *stack)
{
	return tree_bool(stack->description, "EnableTerminationProtection");
}

static json_t *protection(const char *arn, bool on)
{
	return json_pack("{s:s, s:b}", "StackName", arn, "EnableTerminationProtection", (int)on);
}

int stack_protect(struct aws *aws, struct arena *arena, const char *arn, struct error *err)
{
	json_t *input = json_pack("{s:s, s:s}", "StackName", arn, "StackPolicyBody", policy);

	if (!aws_call(aws, arena, &cloudformation_SetStackPolicy, input, err) ||
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
