/* SPDX-License-Identifier: Apache-2.0 */
/* The check of a managed cloud's stack. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"

/*
 * Statuses of a stack that is usable, AWS CloudFormation User Guide, "Stack status codes"; an undone import leaves the stack
 * as it was. Any other status: something is under way, or has failed.
 */
static const struct {
	const char *status;
	const char *but; /* what is not as it should be; NULL: nothing */
} usable[] = {
	{"CREATE_COMPLETE"},
	{"UPDATE_COMPLETE"},
	{"IMPORT_COMPLETE"},
	{"IMPORT_ROLLBACK_COMPLETE"},
	{"UPDATE_ROLLBACK_COMPLETE", "its last update was undone"},
	{"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
		"its last update was undone, and what that had made is being removed"},
	{"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
		"it was updated, and what the update replaced is being removed"},
};

static struct finding judge_status(const struct facts *facts, const char *name, const char *status)
{
	for (size_t i = 0; i < ARRAY_LENGTH(usable); i++) {
		if (!text_equal(usable[i].status, status))
			continue;
		if (usable[i].but)
			return finding_make(facts, VERDICT_WARN, "%s is %s: %s", name, status, usable[i].but);
		return finding_make(facts, VERDICT_PASS, "%s is %s", name, status);
	}
	return finding_make(facts, VERDICT_FAIL, "%s is %s", name, status);
}

static struct finding check_stack_status(const struct facts *facts)
{
	const struct cloud *cloud = facts->cloud;
	const char *name = aws_cloud(cloud)->stack_name ? aws_cloud(cloud)->stack_name
							: aws_cloud(cloud)->stack_arn;
	const json_t *stack = tree_get(facts_tree(facts, FACT_STACK), "Stacks.0");
	const char *reason = tree_text(stack, "StackStatusReason");
	struct finding finding;

	if (!name)
		return finding_make(facts, VERDICT_FAIL, "the record has no stack");
	if (!stack)
		return finding_make(facts, VERDICT_FAIL, "stack %s does not exist", name);
	finding = judge_status(facts, name, tree_text(stack, "StackStatus"));
	if (*reason && finding.verdict != VERDICT_PASS)
		finding_evidence(facts, &finding, "%s", reason);
	return finding;
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "stack.status", .severity = FAIL, .applies = &on_managed, .reads = FACTS(FACT_STACK),
	 .decide = check_stack_status,
	 .holds = "the stack's last operation is complete and was not undone",
	 .why = "after a failed or unfinished operation, resources may be missing or outdated",
	 .remedy = AWS("cloudformation describe-stack-events --stack-name {stack}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "state-of-the-stack", .reference = AWS_DOCS "AWSCloudFormation/latest/UserGuide/view-stack-events.html"},
};
/* clang-format on */

const struct check_group stack_group = {.id = "cloudformation stack",
	.name = "CloudFormation stack",
	CHECKS(rows)};
