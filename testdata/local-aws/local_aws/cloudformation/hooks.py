# SPDX-License-Identifier: Apache-2.0
"""CloudFormation Hooks, as an organization sets them: what looks at a resource before it is made, and may refuse it.

POST /_local/hooks: [{"hook", "type", "reason", "mode"?}]; mode is FAIL, or WARN, which lets the resource be made. Of the type
CHANGE_SET: hooks that look at change sets.
"""

from __future__ import annotations

from typing import Any

from . import events
from .stacks import STACK_TYPE, Stack, StackResource

MODES = ("FAIL", "WARN")


class Refused(Exception):
    """Hooks refused a resource; its event says no more than their names."""

    def __init__(self, names: list[str]):
        super().__init__(f"The following hook(s) failed: [{', '.join(names)}]")


class Hooks:
    """The hooks that are set, for every account and region."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def set(self, rows: Any) -> list[dict[str, Any]]:
        """Replaces what was set. Raises ValueError."""
        if not isinstance(rows, list):
            raise ValueError("the body must be a list of hooks")
        for row in rows:
            if not isinstance(row, dict) or not {"hook", "type", "reason"} <= set(row) <= {"hook", "type", "reason",
                                                                                          "mode"} \
                    or row.get("mode", "FAIL") not in MODES:
                raise ValueError("a hook has hook, type and reason, and may have mode, FAIL or WARN")
        self._rows = rows
        return rows

    def ask(self, stack: Stack, resource: StackResource) -> None:
        """Writes the hooks' events for a resource that is to be made. Raises Refused."""
        self._ask(resource.type, stack, resource, "")

    def ask_of_change_set(self, stack: Stack, change_set: str) -> None:
        """The same for a change set, which has events of its own."""
        self._ask("CHANGE_SET", stack, StackResource(stack.name, STACK_TYPE, stack.id), change_set)

    def _ask(self, kind: str, stack: Stack, resource: StackResource, change_set: str) -> None:
        rows = [row for row in self._rows if row["type"] == kind]
        for row in rows:
            for status, reason in (("HOOK_IN_PROGRESS", None), ("HOOK_COMPLETE_FAILED", row["reason"])):
                events.hook_status(stack, resource, {
                    "HookType": row["hook"], "HookStatus": status, "HookStatusReason": reason,
                    "HookInvocationPoint": "PRE_PROVISION", "HookFailureMode": row.get("mode", "FAIL")}, change_set)
        refusing = [row["hook"] for row in rows if row.get("mode", "FAIL") == "FAIL"]
        if refusing:
            raise Refused(refusing)
