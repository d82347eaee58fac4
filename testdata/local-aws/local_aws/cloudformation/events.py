# SPDX-License-Identifier: Apache-2.0
"""Writes the events of a stack, and with them the status they speak of.

Times within one stack rise strictly by whole milliseconds, so that "newest first" is one order and an
EventId, which holds the time, is unique.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from .rendering import timestamp
from .stacks import STACK_TYPE, Event, Stack, StackResource, now


def _next_time(stack: Stack) -> datetime:
    moment = now()
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    if stack.events and moment <= stack.events[-1].time:
        moment = stack.events[-1].time + timedelta(milliseconds=1)
    return moment


# The statuses with which an operation of its own begins.
OPERATIONS = {"CREATE_IN_PROGRESS": "CREATE_STACK", "UPDATE_IN_PROGRESS": "UPDATE_STACK",
              "DELETE_IN_PROGRESS": "DELETE_STACK", "ROLLBACK_IN_PROGRESS": "ROLLBACK",
              "UPDATE_ROLLBACK_IN_PROGRESS": "ROLLBACK"}


def _operation(stack: Stack, change_set: str = "") -> tuple[str, str]:
    if change_set:
        return "CREATE_CHANGESET", change_set.rpartition("/")[2]
    return stack.operations[-1] if stack.operations else ("", "")


def stack_status(stack: Stack, status: str, reason: str | None = None) -> None:
    with stack.lock:
        moment = _next_time(stack)
        stack.status, stack.reason = status, reason
        if status in OPERATIONS:
            stack.operations.append((OPERATIONS[status], str(uuid.uuid4())))
        if status == "DELETE_IN_PROGRESS":
            stack.deleted = moment
        stack.events.append(Event(str(uuid.uuid4()), moment, stack.name, stack.id, STACK_TYPE, status, reason,
                                  None, stack.token, _operation(stack)))


def resource_status(stack: Stack, resource: StackResource, status: str, reason: str | None = None,
                    properties: dict[str, Any] | None = None) -> None:
    with stack.lock:
        moment = _next_time(stack)
        resource.status, resource.reason, resource.changed = status, reason, moment
        shown = json.dumps(properties if properties is not None else resource.properties, default=str)
        stack.events.append(Event(f"{resource.logical_id}-{status}-{timestamp(moment)}", moment,
                                  resource.logical_id, resource.physical_id, resource.type, status, reason,
                                  shown, stack.token, _operation(stack)))


def hook_status(stack: Stack, resource: StackResource, hook: dict[str, Any], change_set: str = "") -> None:
    """What a hook does with a resource, or with a change set; the resource's own status stays."""
    with stack.lock:
        moment = _next_time(stack)
        stack.events.append(Event(f"{resource.logical_id}-{hook['HookStatus']}-{timestamp(moment)}", moment,
                                  resource.logical_id, resource.physical_id, resource.type, resource.status, None,
                                  None, stack.token, _operation(stack, change_set), hook=hook, change_set=change_set))


def validation_error(stack: Stack, resource: StackResource, check: str, reason: str, path: str,
                     change_set: str = "") -> None:
    with stack.lock:
        moment = _next_time(stack)
        shown = {"ValidationName": check, "ValidationStatus": "FAILED", "ValidationFailureMode": "FAIL",
                 "ValidationStatusReason": reason, "ValidationPath": path}
        stack.events.append(Event(str(uuid.uuid4()), moment, resource.logical_id, "", resource.type, "", None, None,
                                  stack.token, _operation(stack, change_set), validation=shown, change_set=change_set))
