/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting a stack operation's events, following each resource through them, and saying what went wrong first. */
#include "providers/aws/cloud/stack_log.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/tree.h"
#include "providers/aws/cloud/resource_types.h"
#include "providers/aws/cloud/setup_network.h"

struct stack_event {
	struct stack_event *older;
	const char *logical_id, *physical_id, *type, *status, *reason;
	const char *refusal; /* what a hook that refused it said; NULL: none did */
	int64_t at_ms;
	bool of_stack; /* the stack's own row */
};

struct stack_resource {
	const char *logical_id;
	enum resource_state state;
	int64_t began_ms; /* of what it is doing now */
	bool is_made;     /* there is, or was, something in the account */
	const char *refusal;
};

void stack_log_begin(struct stack_log *log, struct arena *arena, const char *arn, const char *token)
{
	*log = (struct stack_log){.arena = arena,
		.arn = arena_strdup(arena, arn),
		.token = arena_strdup(arena, token)};
	log->seen = tree_defer(arena, json_object());
	log->resources = NEW_ARRAY(arena, struct stack_resource, STACK_RESOURCES_MAX);
	log->failures.items = NEW_ARRAY(arena, struct stack_cause, STACK_RESOURCES_MAX);
}

/* --- taking pages in --- */

/* Does an operation begin with this status of a stack? A rollback is not one: it belongs to what failed. */
static bool is_beginning(const char *status)
{
	return text_is_among(status,
		"CREATE_IN_PROGRESS UPDATE_IN_PROGRESS DELETE_IN_PROGRESS IMPORT_IN_PROGRESS");
}

/* What a hook said that refused what this event is about; in the log's arena, NULL: no hook did. A hook may only warn. */
static const char *refusal_of(const struct stack_log *log, const json_t *event)
{
	const char *reason = tree_text(event, "HookStatusReason");

	if (!text_ends_with(tree_text(event, "HookStatus"), "_FAILED") ||
		text_equal(tree_text(event, "HookFailureMode"), "WARN"))
		return NULL;
	return arena_printf(log->arena, "the hook %s refused it: %s", tree_text(event, "HookType"),
		*reason ? reason : "it gives no reason");
}

/* pages come newest first, so pushing at the end of the list keeps that order; *end is its last link */
static void take(struct stack_log *log, const json_t *event, struct stack_event ***end)
{
	struct stack_event *taken = NEW(log->arena, struct stack_event);

	taken->logical_id = arena_strdup(log->arena, tree_text(event, "LogicalResourceId"));
	taken->physical_id = arena_strdup(log->arena, tree_text(event, "PhysicalResourceId"));
	taken->type = arena_strdup(log->arena, tree_text(event, "ResourceType"));
	taken->status = arena_strdup(log->arena, tree_text(event, "ResourceStatus"));
	taken->reason = arena_strdup(log->arena, tree_text(event, "ResourceStatusReason"));
	taken->refusal = refusal_of(log, event);
	taken->of_stack = text_equal(taken->physical_id, log->arn);
	timestamp_parse_rfc3339(tree_text(event, "Timestamp"), &taken->at_ms);
	json_object_set_new(log->seen, tree_text(event, "EventId"), json_true());
	**end = taken;
	*end = &taken->older;
}

bool stack_log_page(struct stack_log *log, const json_t *reply)
{
	struct stack_event **end = &log->fresh;

	while (*end)
		end = &(*end)->older;
	TREE_EACH (event, reply, "StackEvents") {
		bool beginning = text_equal(tree_text(event, "PhysicalResourceId"), log->arn) &&
			is_beginning(tree_text(event, "ResourceStatus"));

		if (json_object_get(log->seen, tree_text(event, "EventId")))
			return false;
		if (!log->token || text_equal(tree_text(event, "ClientRequestToken"), log->token))
			take(log, event, &end);
		if (beginning)
			return false;
	}
	return true;
}

/* --- making sense of them --- */

/* The list turned around, oldest first. Events of one time keep AWS's order; a stable insertion does the rest. */
static struct stack_event *oldest_first(struct stack_event *newest)
{
	struct stack_event *sorted = NULL;

	while (newest) {
		struct stack_event *event = newest, **place = &sorted;

		newest = event->older;
		while (*place && (*place)->at_ms < event->at_ms)
			place = &(*place)->older;
		event->older = *place;
		*place = event;
	}
	return sorted;
}

static struct stack_resource *resource_of(struct stack_log *log, const char *logical_id)
{
	struct stack_resource *resource;

	for (size_t i = 0; i < log->resource_count; i++)
		if (text_equal(log->resources[i].logical_id, logical_id))
			return &log->resources[i];
	if (log->resource_count == STACK_RESOURCES_MAX)
		return NULL;
	resource = &log->resources[log->resource_count++];
	*resource = (struct stack_resource){.logical_id = logical_id, .state = RESOURCE_WAITING};
	return resource;
}

/* "Resource creation cancelled": something else failed, this one was only stopped. */
static bool is_cancelled(const struct stack_event *event)
{
	return text_ends_with(event->status, "_FAILED") &&
		text_glob("Resource * cancelled*", event->reason, true);
}

static enum resource_state state_after(const struct stack_log *log, const struct stack_event *event)
{
	static const struct {
		const char *status;
		enum resource_state state, when_deleting;
	} rows[] = {
		{"DELETE_IN_PROGRESS", RESOURCE_UNDOING, RESOURCE_WORKING},
		{"DELETE_COMPLETE", RESOURCE_UNDONE, RESOURCE_DONE},
		{"DELETE_SKIPPED", RESOURCE_KEPT, RESOURCE_KEPT},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (text_equal(event->status, rows[i].status))
			return log->deleting ? rows[i].when_deleting : rows[i].state;
	if (text_ends_with(event->status, "_FAILED"))
		return RESOURCE_FAILED;
	return text_ends_with(event->status, "_COMPLETE") ? RESOURCE_DONE : RESOURCE_WORKING;
}

static struct stack_cause *failure_of(struct stack_failures *failures, const char *logical_id)
{
	for (size_t i = 0; i < failures->count; i++)
		if (text_equal(failures->items[i].logical_id, logical_id))
			return &failures->items[i];
	return NULL;
}

/* "The following hook(s) failed: [NAME]" says less than the hook did. */
static bool names_hooks(const char *reason)
{
	return strstr(reason, "hook(s)") != NULL;
}

static const char *reason_of(const struct stack_log *log, const struct stack_event *event,
	const struct stack_resource *resource)
{
	return resource->refusal && names_hooks(event->reason) ? resource->refusal
							       : stack_reason(log->arena, event->reason);
}

static void note_failure(struct stack_log *log, const struct stack_event *event,
	const struct stack_resource *resource, struct event_stream *stream)
{
	struct stack_failures *failures = &log->failures;
	struct stack_cause *cause = &failures->items[failures->count];

	if (failure_of(failures, event->logical_id) || failures->count == STACK_RESOURCES_MAX)
		return;
	*cause = (struct stack_cause){.logical_id = event->logical_id,
		.type = event->type,
		.physical_id = event->physical_id,
		.status = event->status,
		.name = stack_resource_name(log->arena, event->logical_id),
		.reason = reason_of(log, event, resource)};
	if (++failures->count == 1)
		event_step(stream, STEP_ERROR, "%s failed: %s", cause->name, cause->reason);
}

/* CloudFormation tries a deletion three times. */
static void note_success(struct stack_log *log, const char *logical_id, enum resource_state state)
{
	struct stack_cause *cause = failure_of(&log->failures, logical_id);

	if (cause && !resource_is_busy(state))
		cause->over = true;
}

/* How long it has been doing what it does, or took for what it did. */
static int64_t elapsed_ms(const struct stack_log *log, const struct stack_event *event,
	const struct stack_resource *resource)
{
	if (resource_is_busy(resource->state) && log->now_ms > event->at_ms)
		return log->now_ms - event->at_ms;
	return event->at_ms - resource->began_ms;
}

static void emit(struct event_stream *stream, struct event_resource resource)
{
	const struct resource_type *type = resource_type_find(resource.type);
	struct event event = {.kind = EVENT_RESOURCE, .resource = resource};

	if (type) {
		event.resource.section = type->section;
		event.resource.level = type->level;
		event.resource.create_ms = type->create_ms;
		event.resource.remove_ms = type->remove_ms;
	}
	event_emit(stream, &event);
}

static void emit_resource(const struct stack_log *log, const struct stack_event *event,
	const struct stack_resource *resource, struct event_stream *stream)
{
	bool failed = resource->state == RESOURCE_FAILED;

	emit(stream,
		(struct event_resource){.id = event->logical_id,
			.name = stack_resource_name(log->arena, event->logical_id),
			.type = event->type,
			.physical_id = event->physical_id[0] ? event->physical_id : NULL,
			.status = event->status,
			.reason = failed ? reason_of(log, event, resource) : NULL,
			.state = resource->state,
			.removing = text_starts_with(event->status, "DELETE_"),
			.verdict = failed ? VERDICT_FAIL : VERDICT_PASS,
			.elapsed_ms = elapsed_ms(log, event, resource)});
}

static void announce(struct arena *arena, const struct resource_type *type,
	const struct resource_type_name *row, size_t count, bool removing, struct event_stream *stream)
{
	for (size_t number = 1; number <= count; number++) {
		const char *logical_id = resource_name_logical_id(arena, row, number);

		emit(stream,
			(struct event_resource){.id = logical_id,
				.name = stack_resource_name(arena, logical_id),
				.type = type->type,
				.state = RESOURCE_WAITING,
				.removing = removing,
				.verdict = VERDICT_PASS});
	}
}

/* The parts of a stack that was made with these parameters. */
static unsigned parts_of(const json_t *parameters)
{
	const char *nat = tree_text(parameters, "NatGateways");
	unsigned network = PART_NETWORK | (*nat && !text_equal(nat, "none") ? PART_NAT : 0);
	bool memorydb = text_equal(tree_text(parameters, "EnableMemoryDB"), "true");
	bool no_efs = text_equal(tree_text(parameters, "NoFileSystem"), "true");
	bool ray = text_equal(tree_text(parameters, "WithRay"), "true");

	return PART_BASE | (*tree_text(parameters, "VpcId") ? 0 : network) | (no_efs ? 0 : PART_EFS) |
		(memorydb ? PART_MEMORYDB : 0) | (ray ? PART_RAY : 0) |
		(ray && *tree_text(parameters, "RayLaunchers") ? PART_RAY_LAUNCHER : 0);
}

void stack_announce(struct arena *arena, const json_t *parameters, bool removing, struct event_stream *stream)
{
	enum { ZONES_MAX = 6 };
	const char *count = json_string_value(json_object_get(parameters, "ZoneCount"));
	const struct setup_network network = {.nat_gateways = tree_text(parameters, "NatGateways")};
	unsigned parts = parts_of(parameters);
	uint64_t zones;

	if (!count || !text_number(count, 2, ZONES_MAX, &zones))
		return;
	for (const struct resource_type *type = resource_types; type < resource_types + resource_type_count;
		type++)
		for (size_t k = 0; k < RESOURCE_TYPE_NAMES && type->resources[k].logical_id; k++) {
			const struct resource_type_name *row = &type->resources[k];

			if (row->part & parts)
				announce(arena, type, row,
					resource_name_count(row, zones,
						setup_network_nat_gateways(&network, zones)),
					removing, stream);
		}
}

static void follow_resource(struct stack_log *log, const struct stack_event *event,
	struct event_stream *stream)
{
	struct stack_resource *resource = resource_of(log, event->logical_id);
	enum resource_state state = state_after(log, event);

	if (resource && event->refusal)
		resource->refusal = resource->refusal
			? arena_printf(log->arena, "%s; %s", resource->refusal, event->refusal)
			: event->refusal;
	/* What could not be made may show the name that it would have had. */
	if (resource && *event->physical_id && !resource->is_made && state != RESOURCE_FAILED) {
		resource->is_made = true;
		log->made++;
	}
	/* The same state: e.g. a second CREATE_IN_PROGRESS, which only brings the physical id. */
	if (!resource || resource->state == state || is_cancelled(event))
		return;
	log->begun += resource->state == RESOURCE_WAITING && state == RESOURCE_WORKING;
	log->undone += state == RESOURCE_UNDONE;
	if (resource->began_ms == 0 || resource_is_busy(state))
		resource->began_ms = event->at_ms;
	resource->state = state;
	if (state == RESOURCE_FAILED)
		note_failure(log, event, resource, stream);
	else
		note_success(log, event->logical_id, state);
	emit_resource(log, event, resource, stream);
}

static void follow_stack(struct stack_log *log, const struct stack_event *event, struct event_stream *stream)
{
	log->started = true;
	log->deleting |= text_equal(event->status, "DELETE_IN_PROGRESS");
	log->rolling_back |= strstr(event->status, "ROLLBACK") != NULL;
	if (event->refusal)
		log->refusal = event->refusal;
	if (event->reason[0] && !is_beginning(event->status))
		log->reason = log->refusal && names_hooks(event->reason) ? log->refusal : event->reason;
	log->ended = !strstr(event->status, "_IN_PROGRESS");
	if (text_equal(event->status, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))
		event_step(stream, STEP_PROGRESS,
			"The stack is changed; CloudFormation is cleaning up what no longer belongs to it ...");
}

size_t stack_log_flush(struct stack_log *log, struct event_stream *stream)
{
	size_t flushed = 0, undone = log->undone;

	for (struct stack_event *event = oldest_first(log->fresh); event; event = event->older) {
		flushed++;
		if (event->of_stack)
			follow_stack(log, event, stream);
		else
			follow_resource(log, event, stream);
	}
	log->fresh = NULL;
	if (log->rolling_back && log->undone > undone)
		event_step(stream, STEP_PROGRESS, "Undone: %zu of %zu resources", log->undone, log->begun);
	return flushed;
}

/* --- what DescribeEvents adds --- */

bool stack_log_has_cause(const struct stack_log *log)
{
	const char *reason = log->failures.count > 0 ? log->failures.items[0].reason : log->refusal;

	return reason && !names_hooks(reason) && !strstr(reason, "DescribeEvents");
}

/* The operation that the log follows, or, where its token is not known, one of the stack's last. */
static bool is_of_operation(const struct stack_log *log, const json_t *description, const json_t *event)
{
	const char *token = tree_text(event, "ClientRequestToken"), *id = tree_text(event, "OperationId");

	if (log->token && *token)
		return text_equal(token, log->token);
	return !*id || tree_count(tree_get(description, "LastOperations")) == 0 ||
		tree_find(description, "LastOperations", "OperationId", id);
}

/* Why it failed; in the log's arena, NULL: the event does not say, or it is a warning. */
static const char *operation_reason(const struct stack_log *log, const json_t *event)
{
	const char *kind = tree_text(event, "EventType");

	if (text_equal(kind, "HOOK_INVOCATION_ERROR"))
		return refusal_of(log, event);
	if (text_equal(kind, "PROVISIONING_ERROR"))
		return stack_reason(log->arena, tree_text(event, "ResourceStatusReason"));
	if (!text_equal(kind, "VALIDATION_ERROR") ||
		text_equal(tree_text(event, "ValidationFailureMode"), "WARN"))
		return NULL;
	return arena_printf(log->arena, "%s (%s%s%s)",
		stack_reason(log->arena, tree_text(event, "ValidationStatusReason")),
		tree_text(event, "ValidationName"), *tree_text(event, "ValidationPath") ? ", " : "",
		tree_text(event, "ValidationPath"));
}

/* A resource may have several reasons; one that only names a hook is none. */
static const char *both_reasons(struct arena *arena, const char *before, const char *reason)
{
	if (names_hooks(before))
		return reason;
	return names_hooks(reason) || strstr(before, reason) ? before
							     : arena_printf(arena, "%s; %s", before, reason);
}

static void explain(struct stack_log *log, const json_t *event, const char *reason)
{
	struct stack_failures *failures = &log->failures;
	const char *logical_id = arena_strdup(log->arena, tree_text(event, "LogicalResourceId"));
	bool of_stack = !*logical_id || text_equal(tree_text(event, "PhysicalResourceId"), log->arn);
	struct stack_cause *cause = failure_of(failures, logical_id);

	if (!cause && failures->count == STACK_RESOURCES_MAX)
		return;
	if (cause)
		reason = both_reasons(log->arena, cause->reason, reason);
	else
		cause = &failures->items[failures->count++];
	*cause = (struct stack_cause){.logical_id = logical_id,
		.type = arena_strdup(log->arena, tree_text(event, "ResourceType")),
		.physical_id = arena_strdup(log->arena, tree_text(event, "PhysicalResourceId")),
		.status = arena_strdup(log->arena, tree_text(event, "ResourceStatus")),
		.name = of_stack ? "The stack" : stack_resource_name(log->arena, logical_id),
		.reason = reason};
}

void stack_log_explain(struct stack_log *log, const json_t *description, const json_t *reply,
	struct event_stream *stream)
{
	TREE_EACH (event, reply, "OperationEvents") {
		const char *reason = is_of_operation(log, description, event) ? operation_reason(log, event)
									      : NULL;

		if (!reason)
			continue;
		explain(log, event, reason);
	}
	for (size_t i = 0; i < log->failures.count; i++)
		event_step(stream, STEP_ERROR, "%s failed: %s", log->failures.items[i].name,
			log->failures.items[i].reason);
}
