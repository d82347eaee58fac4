/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a managed cloud's stack. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"

static struct finding check_stack_status(const struct facts *facts)
{
	const struct cloud *cloud = facts->cloud;
	const char *name = aws_cloud(cloud)->stack_name ? aws_cloud(cloud)->stack_name
							: aws_cloud(cloud)->stack_arn;
	const json_t *stack = tree_get(facts_tree(facts, FACT_STACK), "Stacks.0");
	const char *status = tree_text(stack, "StackStatus");
	const char *reason = tree_text(stack, "StackStatusReason");
	struct finding finding;

	if (!name)
		return finding_make(facts, VERDICT_FAIL, "the record has no stack");
	if (!stack)
		return finding_make(facts, VERDICT_FAIL, "stack %s does not exist", name);
	if (text_is_among(status, "CREATE_COMPLETE UPDATE_COMPLETE"))
		return finding_make(facts, VERDICT_PASS, "%s is %s", name, status);
	finding = finding_make(facts, VERDICT_FAIL, "%s is %s", name, status);
	if (*reason)
		finding_evidence(facts, &finding, "%s", reason);
	return finding;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "stack.status", .severity = FAIL, .applies = &on_managed, .reads = FACTS(FACT_STACK),
	 .decide = check_stack_status,
	 .holds = "the stack is CREATE_COMPLETE or UPDATE_COMPLETE",
	 .why = "after a failed or unfinished operation, resources may be missing or outdated",
	 .remedy = AWS("cloudformation describe-stack-events --stack-name {stack}"),
	 .requirement = REQUIREMENTS "state-of-the-stack", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/view-stack-events.html"},
};
/* clang-format on */

const struct check_group stack_group = {.id = "cloudformation stack",
	.name = "CloudFormation stack",
	CHECKS(rows)};
