# SPDX-License-Identifier: Apache-2.0
"""Drift detection: what a stack's resources are, against what its template says of them.

CloudFormation User Guide, "Detect unmanaged configuration changes": only properties that a template sets are compared;
of a role also inline and attached policies that somebody added. Types without a row in actual.py are not checked.
"""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import actual, resource_steps
from .call import Call, invalid, page
from .permissions import Step
from .stacks import Stack, StackResource, now
from .work import Work

# Lists whose items have names: compared by them, not by their place.
_NAMES = {"Policies": "PolicyName", "Tags": "Key", "FileSystemTags": "Key"}
_ADDED = ("ManagedPolicyArns", "PermissionsBoundary")


@dataclass
class Drift:
    """Of one resource."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    expected: dict[str, Any]
    found: dict[str, Any] | None
    differences: list[dict[str, str]]
    time: datetime = field(default_factory=now)


@dataclass
class Detection:
    id: str
    stack: Stack
    status: str = "DETECTION_IN_PROGRESS"
    reason: str | None = None
    drifted: int = 0
    time: datetime = field(default_factory=now)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _plain(value: Any) -> str:
    """For comparison: numbers and truth are texts in some answers."""
    return str(value).lower() if isinstance(value, (bool, int)) else json.dumps(value, sort_keys=True) \
        if isinstance(value, (dict, list)) else str(value)


def _parsed(value: Any) -> Any:
    """A policy may be given as text."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _row(path: str, expected: Any, found: Any) -> dict[str, str]:
    kind = "ADD" if expected is None else "REMOVE" if found is None else "NOT_EQUAL"
    return {"PropertyPath": path, "DifferenceType": kind, "ExpectedValue": "null" if expected is None else _text(expected),
            "ActualValue": "null" if found is None else _text(found)}


def compare(path: str, expected: Any, found: Any) -> list[dict[str, str]]:
    """Every place that differs. Lists are sets: an item's place is not a difference."""
    expected, found = _parsed(expected), _parsed(found)
    if isinstance(expected, dict) and isinstance(found, dict):
        return [row for key in sorted(set(expected) | set(found))
                for row in compare(f"{path}/{key}", expected.get(key), found.get(key))]
    if isinstance(expected, list) and isinstance(found, list):
        return _compare_lists(path, expected, found)
    return [] if _plain(expected) == _plain(found) else [_row(path, expected, found)]


def _compare_lists(path: str, expected: list, found: list) -> list[dict[str, str]]:
    name = _NAMES.get(path.rpartition("/")[2])
    if name:
        pairs = [(one, next((other for other in found if other[name] == one[name]), None)) for one in expected]
        pairs += [(None, other) for other in found if all(other[name] != one[name] for one in expected)]
    else:
        left = [item for item in expected if _plain(item) not in map(_plain, found)]
        right = [item for item in found if _plain(item) not in map(_plain, expected)]
        shared = min(len(left), len(right))
        pairs = list(zip(left, right)) + [(item, None) for item in left[shared:]] + [(None, item) for item in right[shared:]]
    rows = []
    for one, other in pairs:
        index = (expected.index(one) if one is not None else len(expected) + found.index(other))
        rows += compare(f"{path}/{index}", one, other) if one is not None and other is not None else [
            _row(f"{path}/{index}", one, other)]
    return rows


def _own(properties: dict[str, Any]) -> dict[str, Any]:
    """Without the tags that are CloudFormation's."""
    return {name: [tag for tag in value if not tag["Key"].startswith("aws:")] if name.endswith("Tags") else value
            for name, value in properties.items()}


def _examine(work: Work, resource: StackResource) -> Drift:
    step = Step(resource.type, resource.logical_id, resource.properties, {}, resource.physical_id)
    work.permissions.check("read", step)
    given = _own(resource.properties)
    found = actual.read(resource_steps.context_of(work, resource.logical_id), resource.type, resource.physical_id, given)
    if found is None:
        return Drift(resource.logical_id, resource.physical_id, resource.type, "DELETED", given, None, [])
    compared = {name: value for name, value in found.items() if name in given or name in _ADDED}
    rows = [row for name in sorted(compared) for row in compare(f"/{name}", given.get(name), compared[name])]
    rows += [_row(f"/{name}", given[name], None) for name in sorted(set(given) & _settable(resource.type) - set(found))]
    return Drift(resource.logical_id, resource.physical_id, resource.type, "MODIFIED" if rows else "IN_SYNC",
                 {name: value for name, value in given.items() if name in compared}, compared, rows)


def actual_state(work: Work) -> dict[str, dict[str, Any] | None]:
    """Logical id -> the properties as they are now, None where the resource is gone; only of what has drifted."""
    found = {}
    for resource in [one for one in work.stack.resources.values() if one.exists and one.type in actual.READERS]:
        drift = _examine(work, resource)
        if drift.status == "DELETED":
            found[resource.logical_id] = None
        elif drift.status == "MODIFIED":
            lost = {row["PropertyPath"][1:] for row in drift.differences if row["DifferenceType"] == "REMOVE"}
            kept = {name: value for name, value in resource.properties.items() if name not in lost}
            own = {name: _with_own_tags(resource.properties.get(name), value) for name, value in drift.found.items()}
            found[resource.logical_id] = kept | own
    return found


def _with_own_tags(given: Any, found: Any) -> Any:
    own = [tag for tag in given if str(tag.get("Key", "")).startswith("aws:")] \
        if isinstance(given, list) and all(isinstance(tag, dict) for tag in given) else []
    return [*found, *own] if own else found


def _settable(type_name: str) -> set[str]:
    """Settings whose absence in the answer means that somebody took them away."""
    return {"AWS::S3::Bucket": {"CorsConfiguration", "PublicAccessBlockConfiguration", "BucketEncryption", "Tags"},
            "AWS::IAM::Role": {"PermissionsBoundary"}}.get(type_name, set())


def detect(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack [{}] does not exist")
    wanted = call.get("LogicalResourceIds")
    with stack.lock:
        if stack.running:
            raise invalid(f"Drift detection cannot be performed on stack [{stack.id}] while it is in {stack.status}")
        detection = Detection(str(uuid.uuid4()), stack)
        stack.detections[detection.id] = detection
    chosen = [resource for resource in stack.resources.values() if resource.exists and resource.type in actual.READERS
              and (wanted is None or resource.logical_id in wanted)]
    threading.Thread(target=_detect, args=(call.work(stack), detection, chosen), daemon=True).start()
    return {"StackDriftDetectionId": detection.id}


def _detect(work: Work, detection: Detection, chosen: list[StackResource]) -> None:
    """Runs in a thread of its own."""
    problem, stack = None, detection.stack
    for resource in chosen:
        try:
            drift = _examine(work, resource)
        except Exception as error:  # one that cannot be read does not end the others
            problem = f"Failed to detect drift on resource [{resource.logical_id}]: {error}"
            continue
        with stack.lock:
            stack.drifts[resource.logical_id] = drift
            detection.drifted += drift.status != "IN_SYNC"
    with stack.lock:
        stack.drift_checked = now()
        detection.reason, detection.status = problem, "DETECTION_FAILED" if problem else "DETECTION_COMPLETE"


def status(stack: Stack) -> str:
    if not stack.drift_checked:
        return "NOT_CHECKED"
    return "DRIFTED" if any(drift.status != "IN_SYNC" for drift in stack.drifts.values()) else "IN_SYNC"


def describe_detection(call: Call) -> dict[str, Any]:
    wanted = call.get("StackDriftDetectionId")
    for stack in call.store.all(call.account, call.region):
        with stack.lock:
            found = stack.detections.get(wanted)
            if found:
                return {"StackId": stack.id, "StackDriftDetectionId": found.id, "DetectionStatus": found.status,
                        "DetectionStatusReason": found.reason, "StackDriftStatus": status(stack),
                        "DriftedStackResourceCount": found.drifted, "Timestamp": found.time}
    raise invalid(f"Drift detection with id {wanted} does not exist")


def describe_drifts(call: Call) -> dict[str, Any]:
    stack = call.stack("Stack [{}] does not exist")
    wanted = call.get("StackResourceDriftStatusFilters")

    def show(drift: Drift) -> dict[str, Any]:
        return {"StackId": stack.id, "LogicalResourceId": drift.logical_id, "PhysicalResourceId": drift.physical_id,
                "ResourceType": drift.type, "ExpectedProperties": json.dumps(drift.expected),
                "ActualProperties": json.dumps(drift.found, default=str) if drift.found is not None else None,
                "PropertyDifferences": drift.differences, "StackResourceDriftStatus": drift.status,
                "Timestamp": drift.time}

    with stack.lock:
        drifts = [drift for drift in stack.drifts.values() if not wanted or drift.status in wanted]
        return page(call, drifts, show, "StackResourceDrifts")


ACTIONS = {"DetectStackDrift": detect, "DescribeStackDriftDetectionStatus": describe_detection,
           "DescribeStackResourceDrifts": describe_drifts}
