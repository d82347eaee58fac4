/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a stack's events backwards, from the newest to the beginning of its last update. */
#include "providers/aws/cloud/update/rollback.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/cloud/stack_log.h"

static bool is_status(const json_t *event, const char *stack_arn, const char *status)
{
	return text_equal(tree_text(event, "PhysicalResourceId"), stack_arn) &&
		text_equal(tree_text(event, "ResourceStatus"), status);
}

static bool is_failure(const json_t *event)
{
	return text_ends_with(tree_text(event, "ResourceStatus"), "_FAILED") &&
		!text_glob("Resource * cancelled*", tree_text(event, "ResourceStatusReason"), true);
}

static struct stack_cause cause_of(struct arena *arena, const json_t *event)
{
	const char *logical_id = arena_strdup(arena, tree_text(event, "LogicalResourceId"));

	return (struct stack_cause){
		.logical_id = logical_id,
		.type = arena_strdup(arena, tree_text(event, "ResourceType")),
		.physical_id = arena_strdup(arena, tree_text(event, "PhysicalResourceId")),
		.status = arena_strdup(arena, tree_text(event, "ResourceStatus")),
		.name = stack_resource_name(arena, logical_id),
		.reason = stack_reason(arena, tree_text(event, "ResourceStatusReason")),
	};
}

/* The rollback's first row is the oldest of its status: each continuation writes one more. */
static size_t count_rows_of_rollback(const char *stack_arn, const json_t *rows)
{
	size_t count = 0, row = 0;

	TREE_EACH (event, rows, NULL) {
		if (is_status(event, stack_arn, "UPDATE_IN_PROGRESS"))
			break;
		row++;
		if (is_status(event, stack_arn, "UPDATE_ROLLBACK_IN_PROGRESS"))
			count = row;
	}
	return count;
}

static void turn_around(struct stack_failures *failures)
{
	for (size_t i = 0, k = failures->count; i + 1 < k; i++) {
		struct stack_cause first = failures->items[i];

		failures->items[i] = failures->items[--k];
		failures->items[k] = first;
	}
}

struct stack_failures rollback_failures(struct arena *arena, const char *stack_arn, const json_t *events)
{
	const json_t *rows = tree_get(events, "StackEvents");
	size_t left = count_rows_of_rollback(stack_arn, rows);
	json_t *seen = tree_defer(arena, json_object());
	struct stack_failures failures = {.items = NEW_ARRAY(arena, struct stack_cause, left)};

	TREE_EACH (event, rows, NULL) {
		const char *logical_id = tree_text(event, "LogicalResourceId");

		if (left-- == 0)
			break;
		if (json_object_get(seen, logical_id) ||
			text_equal(tree_text(event, "PhysicalResourceId"), stack_arn))
			continue;
		json_object_set_new(seen, logical_id, json_true());
		if (is_failure(event))
			failures.items[failures.count++] = cause_of(arena, event);
	}
	turn_around(&failures);
	return failures;
}

bool rollback_shows_token(const char *stack_arn, const json_t *events, const char *token)
{
	TREE_EACH (event, events, "StackEvents") {
		if (token && text_equal(tree_text(event, "ClientRequestToken"), token))
			return true;
		if (is_status(event, stack_arn, "UPDATE_IN_PROGRESS"))
			break;
	}
	return false;
}
