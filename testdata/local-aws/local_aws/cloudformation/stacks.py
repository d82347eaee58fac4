# SPDX-License-Identifier: Apache-2.0
"""The stacks: what one holds, and the store that finds them by name or ARN.

A Stack's lock guards everything in it that changes; the store's lock guards the list.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..message import AwsError
from .graph import Graph

if TYPE_CHECKING:
    from .change_sets import ChangeSet
    from .continuation import Rollback
    from .drift import Detection, Drift
    from .work import Work

STACK_TYPE = "AWS::CloudFormation::Stack"
GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED")


def now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class Target:
    """What a stack is to be, or is: a template with all that its evaluation depends on."""

    body: str
    template: dict[str, Any]
    parameters: dict[str, str]
    tags: list[dict[str, str]]
    capabilities: list[str]
    graph: Graph = field(default_factory=dict)


@dataclass
class StackResource:
    """One resource of a stack. properties are those applied, stack tags included; unfinished, after a change
    that failed on its way to them, those from which it set out."""

    logical_id: str
    type: str
    physical_id: str = ""
    status: str = ""
    reason: str | None = None
    changed: datetime = field(default_factory=now)
    properties: dict[str, Any] = field(default_factory=dict)
    unfinished: dict[str, Any] | None = None
    needs: set[str] = field(default_factory=set)
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"

    @property
    def exists(self) -> bool:
        return self.status not in GONE

    @property
    def whole(self) -> bool:
        """Whether its creation came to its end, so that it can be changed in place."""
        return self.exists and bool(self.physical_id) and self.status != "CREATE_FAILED"


@dataclass
class Event:
    id: str
    time: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    properties: str | None
    token: str | None
    operation: tuple[str, str] = ("", "")  # its type and its id
    hook: dict[str, Any] = field(default_factory=dict)
    validation: dict[str, Any] = field(default_factory=dict)  # such an event is in DescribeEvents alone
    change_set: str = ""  # the change set that it is about, by its ARN; such an event, too


@dataclass
class Stack:
    name: str
    id: str
    account: str
    region: str
    target: Target
    status: str = ""
    reason: str | None = None
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None
    on_failure: str = "ROLLBACK"
    timeout_minutes: int | None = None
    protected: bool = False
    policy: str | None = None
    role_arn: str | None = None
    retain_except_on_create: bool = False
    validated: bool = True  # early, before anything is made
    token: str | None = None
    outputs: list[dict[str, str]] = field(default_factory=list)
    resources: dict[str, StackResource] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    change_sets: list[ChangeSet] = field(default_factory=list)
    operations: list[tuple[str, str]] = field(default_factory=list)  # type and id, oldest first
    executed: str | None = None  # the id of the change set that was executed last
    work: Work | None = None
    rollback: Rollback | None = None  # the way back from an update, as far as it has not been gone
    detections: dict[str, Detection] = field(default_factory=dict)
    drifts: dict[str, Drift] = field(default_factory=dict)  # by logical id, as they were found last
    drift_checked: datetime | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def partition(self) -> str:
        return self.id.split(":")[1]

    @property
    def running(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


def partition_of(region: str) -> str:
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
        if region.startswith(prefix):
            return partition
    return "aws"


def new_arn(kind: str, name: str, region: str, account: str) -> str:
    return f"arn:{partition_of(region)}:cloudformation:{region}:{account}:{kind}/{name}/{uuid.uuid4()}"


class Store:
    """All stacks of all accounts and regions, oldest first."""

    def __init__(self) -> None:
        self._stacks: list[Stack] = []
        self._lock = threading.RLock()

    def add(self, stack: Stack) -> None:
        """Raises AlreadyExistsException when a live stack has the name."""
        with self._lock:
            if self.find(stack.account, stack.region, stack.name):
                raise AwsError("AlreadyExistsException", f"Stack [{stack.name}] already exists")
            self._stacks.append(stack)

    def all(self, account: str, region: str) -> list[Stack]:
        """Newest first, the deleted ones among them."""
        with self._lock:
            return [stack for stack in reversed(self._stacks) if (stack.account, stack.region) == (account, region)]

    def find(self, account: str, region: str, name: str) -> Stack | None:
        """By ARN any stack; by name only one that is not deleted."""
        for stack in self.all(account, region):
            if stack.id == name or (stack.name == name and stack.status != "DELETE_COMPLETE"):
                return stack
        return None

    def everything(self) -> list[Stack]:
        with self._lock:
            return list(self._stacks)

    def clear(self) -> None:
        with self._lock:
            self._stacks.clear()
