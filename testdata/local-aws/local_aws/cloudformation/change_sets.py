# SPDX-License-Identifier: Apache-2.0
"""Change sets: a target for a stack, what it would change, and its execution."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..message import AwsError
from . import change_values, drift, early_validation, parameters, stack_operations, update_plan
from .call import Call, check_stack_name, invalid, page, target
from .events import stack_status
from .failures import reason
from .stacks import STACK_TYPE, Stack, Target, new_arn, now
from .update_plan import Change
from .work import Work

NO_CHANGES = ("The submitted information didn't contain changes. Submit different information to create a "
              "change set.")
UNSUPPORTED = ("RollbackConfiguration", "NotificationARNs", "ResourceTypes", "ResourcesToImport",
               "IncludeNestedStacks", "ImportExistingResources", "DeploymentConfig", "DisableValidation")


@dataclass
class ChangeSet:
    name: str
    id: str
    kind: str
    target: Target
    description: str | None
    on_failure: str | None
    role_arn: str | None
    mode: str | None = None  # REVERT_DRIFT: what somebody changed is changed back
    state: dict[str, dict[str, Any] | None] = field(default_factory=dict)  # what has drifted, as it is
    created: datetime = field(default_factory=now)
    status: str = "CREATE_PENDING"
    reason: str | None = None
    execution: str = "UNAVAILABLE"
    changes: list[Change] = field(default_factory=list)


def create_change_set(call: Call) -> dict[str, Any]:
    call.refuse(*UNSUPPORTED)
    kind = call.get("ChangeSetType", "UPDATE")
    stack = _stack_to_create(call) if kind == "CREATE" else _stack_to_update(call)
    with stack.lock:
        name = call.get("ChangeSetName")
        if any(item.name == name for item in stack.change_sets):
            raise AwsError("AlreadyExistsException", f"ChangeSet {name} cannot be created due to a mismatch with "
                           "existing attribute Name or a change set of that name exists")
        wanted = target(call, stack, None if kind == "CREATE" else stack)
        change_set = ChangeSet(name, new_arn("changeSet", name, call.region, call.account), kind, wanted,
                               call.get("Description"), call.get("OnStackFailure"), call.get("RoleARN"),
                               call.get("DeploymentMode"))
        if not stack.status:
            stack.status = "REVIEW_IN_PROGRESS"
            call.store.add(stack)
            stack.token = call.get("ClientToken")
            stack_status(stack, "REVIEW_IN_PROGRESS", "User Initiated")
        stack.change_sets.append(change_set)
    threading.Thread(target=_compute, args=(call.work(stack), change_set), daemon=True).start()
    return {"Id": change_set.id, "StackId": stack.id}


def _stack_to_create(call: Call) -> Stack:
    name = call.get("StackName")
    stack = call.store.find(call.account, call.region, name)
    if stack is None:
        check_stack_name(name)
        return stack_operations.new_stack(call)
    if stack.status != "REVIEW_IN_PROGRESS":
        raise invalid(f"Stack [{stack.name}] already exists and cannot be created again with the changeSet "
                      f"[{call.get('ChangeSetName')}].")
    return stack


def _stack_to_update(call: Call) -> Stack:
    stack = call.stack("Stack [{}] does not exist")
    if stack.status == "REVIEW_IN_PROGRESS":
        raise invalid(f"Stack:{stack.id} is in REVIEW_IN_PROGRESS state and can not be updated.")
    stack_operations.check_updatable(stack, call.get("OnStackFailure") == "DO_NOTHING")
    return stack


def _compute(work: Work, change_set: ChangeSet) -> None:
    """Runs in a thread of its own: CREATE_PENDING, CREATE_IN_PROGRESS, then CREATE_COMPLETE or FAILED."""
    change_set.status = "CREATE_IN_PROGRESS"
    try:
        if change_set.mode:
            change_set.state = drift.actual_state(work)
        plan = update_plan.plan(work, change_set.target, change_set.state)
        added = [change.logical_id for change in plan.changes if change.action == "Add"]
        if early_validation.refuses(work, change_set.target, added, change_set.id):
            change_set.reason, change_set.status = early_validation.REASON, "FAILED"
            return
        work.services.hooks.ask_of_change_set(work.stack, change_set.id)
        work.step()
    except Exception as error:  # the change set, not the thread, must tell
        change_set.reason, change_set.status = reason(error, STACK_TYPE), "FAILED"
        return
    with work.stack.lock:
        change_set.changes = plan.changes
        if plan:
            change_set.execution, change_set.status = "AVAILABLE", "CREATE_COMPLETE"
        else:
            change_set.reason, change_set.status = NO_CHANGES, "FAILED"


def find_change_set(call: Call) -> tuple[Stack, ChangeSet]:
    """By the ARN of the change set alone, or by its name with its stack's."""
    name = call.get("ChangeSetName")
    if name.startswith("arn:"):
        stacks = call.store.all(call.account, call.region)
    elif "StackName" in call.arguments:
        stacks = [call.stack("Stack [{}] does not exist")]
    else:
        raise invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
    for stack in stacks:
        for change_set in stack.change_sets:
            if name in (change_set.id, change_set.name):
                return stack, change_set
    raise AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)


def describe_change_set(call: Call) -> dict[str, Any]:
    stack, change_set = find_change_set(call)
    wanted, with_values = change_set.target, call.get("IncludePropertyValues", False)
    with stack.lock:
        return {"ChangeSetName": change_set.name, "ChangeSetId": change_set.id, "StackId": stack.id,
                "StackName": stack.name, "Description": change_set.description,
                "Parameters": parameters.masked(wanted.template, wanted.parameters),
                "CreationTime": change_set.created, "ExecutionStatus": change_set.execution,
                "Status": change_set.status, "StatusReason": change_set.reason, "NotificationARNs": [],
                "RollbackConfiguration": {}, "Capabilities": wanted.capabilities, "Tags": wanted.tags,
                "IncludeNestedStacks": False, "OnStackFailure": change_set.on_failure,
                "DeploymentMode": change_set.mode,
                **page(call, change_set.changes, lambda change: _show_change(change, with_values), "Changes")}


def _show_change(change: Change, with_values: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"Action": change.action, "LogicalResourceId": change.logical_id,
                             "PhysicalResourceId": change.physical_id or None, "ResourceType": change.type,
                             "ResourceDriftStatus": _drift_status(change),
                             "PolicyAction": change_values.policy_action(change), "Scope": [], "Details": [],
                             **(change_values.contexts(change) if with_values else {})}
    if change.action == "Modify":
        certain = "True" if change.always else "Conditional"
        shown["Replacement"] = certain if change.replacement else "False"
        shown["Scope"] = sorted({change_values.scope_of(name) for name in change.properties}
                                | {name for name, *_ in change.attributes})
        shown["Details"] = change_values.details(change, with_values)
    return {"Type": "Resource", "ResourceChange": shown}


def _drift_status(change: Change) -> str | None:
    return ("DELETED" if change.action == "Add" else "MODIFIED") if change.drifted else None


def list_change_sets(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack [{}] does not exist")

    def show(item: ChangeSet) -> dict[str, Any]:
        return {"StackId": stack.id, "StackName": stack.name, "ChangeSetId": item.id, "ChangeSetName": item.name,
                "ExecutionStatus": item.execution, "Status": item.status, "StatusReason": item.reason,
                "CreationTime": item.created, "Description": item.description}

    with stack.lock:
        return page(call, list(stack.change_sets), show, "Summaries")


def execute_change_set(call: Call) -> dict[str, Any]:
    stack, change_set = find_change_set(call)
    with stack.lock:
        if change_set.execution != "AVAILABLE":
            raise AwsError("InvalidChangeSetStatus", f"ChangeSet [{change_set.id}] cannot be executed in its "
                           f"current status of [{change_set.status}]")
        if call.get("DisableRollback") and change_set.on_failure:
            raise invalid("DisableRollback cannot be specified together with the change set's OnStackFailure")
        without_rollback = call.get("DisableRollback") or change_set.on_failure == "DO_NOTHING"
        if change_set.kind != "CREATE":
            stack_operations.check_updatable(stack, without_rollback)
        stack.token = call.get("ClientRequestToken")
        stack.role_arn = change_set.role_arn or stack.role_arn
        stack.executed = change_set.id
        stack.change_sets.clear()  # executing one deletes them all
        if change_set.kind == "CREATE":
            stack.target, stack.created = change_set.target, now()
            stack.on_failure = "DO_NOTHING" if without_rollback else change_set.on_failure or "ROLLBACK"
            stack.retain_except_on_create = call.get("RetainExceptOnCreate", False)
            stack_operations.begin_creation(call, stack)
        else:
            _take(stack, change_set.state)
            stack_operations.begin_update(call, stack, change_set.target, without_rollback)
    return {}


def _take(stack: Stack, state: dict[str, dict[str, Any] | None]) -> None:
    """The stack takes note of what has drifted, so that the update changes it back or makes it again."""
    for name, properties in state.items():
        resource = stack.resources[name]
        if properties is None:
            resource.status, resource.physical_id = "DELETE_COMPLETE", ""
        else:
            resource.properties = properties


def delete_change_set(call: Call) -> dict[str, Any]:
    """Deleting one that does not exist is a success, as on AWS."""
    try:
        stack, change_set = find_change_set(call)
    except AwsError as error:
        if error.code != "ChangeSetNotFound":
            raise
        return {}
    with stack.lock:
        stack.change_sets.remove(change_set)
    return {}


ACTIONS = {"CreateChangeSet": create_change_set, "DescribeChangeSet": describe_change_set,
           "ListChangeSets": list_change_sets, "ExecuteChangeSet": execute_change_set,
           "DeleteChangeSet": delete_change_set}
