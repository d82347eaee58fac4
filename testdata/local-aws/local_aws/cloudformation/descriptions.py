# SPDX-License-Identifier: Apache-2.0
"""The operations that only read: stacks, their events and their resources."""

from __future__ import annotations

import json
from typing import Any

from . import parameters
from .call import Call, invalid, page
from .change_sets import find_change_set
from .stacks import STACK_TYPE, Event, Stack, StackResource

NOT_CHECKED = {"StackDriftStatus": "NOT_CHECKED"}
RESOURCE_NOT_CHECKED = {"StackResourceDriftStatus": "NOT_CHECKED"}


def show_stack(stack: Stack) -> dict[str, Any]:
    with stack.lock:
        target = stack.target
        return {
            "StackId": stack.id, "StackName": stack.name, "ChangeSetId": stack.executed,
            "Description": target.template.get("Description"),
            "Parameters": parameters.masked(target.template, target.parameters), "CreationTime": stack.created,
            "DeletionTime": stack.deleted, "LastUpdatedTime": stack.updated, "StackStatus": stack.status,
            "StackStatusReason": stack.reason, "DisableRollback": stack.on_failure == "DO_NOTHING",
            "NotificationARNs": [], "RollbackConfiguration": {}, "TimeoutInMinutes": stack.timeout_minutes,
            "Capabilities": target.capabilities or None, "Outputs": list(stack.outputs) or None,
            "RoleARN": stack.role_arn, "Tags": target.tags,
            "EnableTerminationProtection": stack.protected, "DriftInformation": NOT_CHECKED,
            "LastOperations": [{"OperationType": kind, "OperationId": identifier}
                               for kind, identifier in stack.operations[:-3:-1]],
        }


def describe_stacks(call: Call) -> dict[str, Any]:
    if "StackName" in call.arguments:
        return {"Stacks": [show_stack(call.stack())]}
    living = [stack for stack in call.store.all(call.account, call.region) if stack.status != "DELETE_COMPLETE"]
    return page(call, living, show_stack, "Stacks")


def list_stacks(call: Call) -> dict[str, Any]:
    wanted = call.get("StackStatusFilter")
    stacks = [stack for stack in call.store.all(call.account, call.region) if not wanted or stack.status in wanted]
    return page(call, stacks, _summary, "StackSummaries")


def _summary(stack: Stack) -> dict[str, Any]:
    with stack.lock:
        return {"StackId": stack.id, "StackName": stack.name, "CreationTime": stack.created,
                "TemplateDescription": stack.target.template.get("Description"), "LastUpdatedTime": stack.updated,
                "DeletionTime": stack.deleted, "StackStatus": stack.status, "StackStatusReason": stack.reason,
                "DriftInformation": NOT_CHECKED}


def describe_stack_events(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack [{}] does not exist")
    with stack.lock:
        events = [event for event in stack.events[::-1] if not event.validation and not event.change_set]

    def show(event: Event) -> dict[str, Any]:
        return {"StackId": stack.id, "StackName": stack.name, "EventId": event.id, "Timestamp": event.time,
                "LogicalResourceId": event.logical_id, "PhysicalResourceId": event.physical_id,
                "ResourceType": event.type, "ResourceStatus": event.status, "ResourceStatusReason": event.reason,
                "ResourceProperties": event.properties, "ClientRequestToken": event.token,
                **event.hook}

    return page(call, events, show, "StackEvents")


def _event_type(event: Event) -> str:
    if event.validation:
        return "VALIDATION_ERROR"
    if event.hook.get("HookStatus") == "HOOK_COMPLETE_FAILED":
        return "HOOK_INVOCATION_ERROR"
    if event.type == STACK_TYPE:
        return "STACK_EVENT"
    return "PROVISIONING_ERROR" if event.status.endswith("_FAILED") else "PROGRESS_EVENT"


def _asked_about(call: Call) -> tuple[list[Stack], str | None]:
    """The stacks, and the ARN of a change set where it is the only one."""
    if "ChangeSetName" in call.arguments:
        stack, change_set = find_change_set(call)
        return [stack], change_set.id
    if "StackName" in call.arguments:
        return [call.stack()], None
    return call.store.all(call.account, call.region), None


def describe_events(call: Call) -> dict[str, Any]:
    """Of a stack, of one operation, or of a change set; FailedEvents: only what went wrong."""
    if not {"StackName", "ChangeSetName", "OperationId"} & set(call.arguments):
        raise invalid("Either StackName, ChangeSetName or OperationId must be specified")
    operation = call.get("OperationId")
    stacks, change_set = _asked_about(call)
    failed = call.get("Filters", {}).get("FailedEvents", False)
    found = []
    for stack in stacks:
        with stack.lock:
            found += [(stack, event) for event in stack.events[::-1]
                      if operation in (None, event.operation[1]) and change_set in (None, event.change_set)
                      and (not failed or _event_type(event).endswith("_ERROR") or event.status.endswith("_FAILED"))]

    def show(pair: tuple[Stack, Event]) -> dict[str, Any]:
        stack, event = pair
        return {"EventId": event.id, "StackId": stack.id, "OperationId": event.operation[1],
                "OperationType": event.operation[0], "EventType": _event_type(event), "Timestamp": event.time,
                "LogicalResourceId": event.logical_id, "PhysicalResourceId": event.physical_id or None,
                "ResourceType": event.type, "ResourceStatus": event.status or None,
                "ResourceStatusReason": event.reason, "ClientRequestToken": event.token,
                **event.hook, **event.validation}

    return page(call, found, show, "OperationEvents")


def _show_resource(stack: Stack, resource: StackResource, time_name: str, **more: Any) -> dict[str, Any]:
    return {"LogicalResourceId": resource.logical_id, "PhysicalResourceId": resource.physical_id or None,
            "ResourceType": resource.type, time_name: resource.changed, "ResourceStatus": resource.status,
            "ResourceStatusReason": resource.reason, "DriftInformation": RESOURCE_NOT_CHECKED, **more}


def _listed(stack: Stack) -> list[StackResource]:
    return [stack.resources[name] for name in sorted(stack.resources)]


def describe_stack_resources(call: Call) -> dict[str, Any]:
    """By stack, or by the physical id of one of its resources. At most the first hundred, as on AWS."""
    physical_id = call.get("PhysicalResourceId")
    if ("StackName" in call.arguments) == (physical_id is not None):
        raise invalid("Either StackName or PhysicalResourceId must be specified, not both.")
    stack = call.stack() if physical_id is None else _owner(call, physical_id)
    logical_id = call.get("LogicalResourceId")
    owned = {"StackName": stack.name, "StackId": stack.id}
    with stack.lock:
        found = [item for item in _listed(stack) if logical_id in (None, item.logical_id)]
        return {"StackResources": [_show_resource(stack, item, "Timestamp", **owned) for item in found[:100]]}


def _owner(call: Call, physical_id: str) -> Stack:
    for stack in call.store.all(call.account, call.region):
        with stack.lock:
            if any(item.physical_id == physical_id for item in stack.resources.values()):
                return stack
    raise invalid(f"Stack for {physical_id} does not exist")


def describe_stack_resource(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack '{}' does not exist")
    logical_id = call.get("LogicalResourceId")
    with stack.lock:
        if logical_id not in stack.resources:
            raise invalid(f"Resource {logical_id} does not exist for stack {stack.name}")
        entry = stack.target.template["Resources"].get(logical_id, {})
        metadata = json.dumps(entry["Metadata"]) if "Metadata" in entry else None
        return {"StackResourceDetail": _show_resource(
            stack, stack.resources[logical_id], "LastUpdatedTimestamp", StackName=stack.name, StackId=stack.id,
            Metadata=metadata)}


def list_stack_resources(call: Call) -> dict[str, Any]:
    stack = call.stack()
    with stack.lock:
        return page(call, _listed(stack), lambda item: _show_resource(stack, item, "LastUpdatedTimestamp"),
                    "StackResourceSummaries")


ACTIONS = {"DescribeStacks": describe_stacks, "ListStacks": list_stacks,
           "DescribeEvents": describe_events, "DescribeStackEvents": describe_stack_events,
           "DescribeStackResources": describe_stack_resources,
           "DescribeStackResource": describe_stack_resource, "ListStackResources": list_stack_resources}
