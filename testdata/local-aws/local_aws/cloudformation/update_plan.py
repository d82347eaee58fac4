# SPDX-License-Identifier: Apache-2.0
"""What an update would do: the comparison of a stack as it is with the target it is to become.

Nothing is changed here. Values that only the update will bring forth stand as UNKNOWN.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from typing import Any

from ..message import AwsError
from . import resource_steps, schema
from .intrinsics import Scope, evaluate
from .stacks import Stack, StackResource, Target
from .work import Work

UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
# What a template says of a resource beside its properties, and an update changes without its service.
ATTRIBUTES = {"DeletionPolicy": "Delete", "Metadata": None, "UpdateReplacePolicy": "Delete"}


@dataclass
class Change:
    """action: Add, Modify or Remove. replacement only for Modify; properties: the names that differ; before, after: all
    properties; attributes: name, before and after of those that differ."""

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: bool = False
    properties: list[str] = field(default_factory=list)
    always: bool = True
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    attributes: list[tuple[str, Any, Any]] = field(default_factory=list)
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"
    drifted: bool = False


@dataclass
class Plan:
    changes: list[Change]
    outputs: bool

    def __bool__(self) -> bool:
        return bool(self.changes) or self.outputs


def needs_replacement(old: StackResource, new_type: str, wanted: dict[str, Any]) -> bool:
    if old.type != new_type:
        return True
    return any(wanted.get(name) != old.properties.get(name) for name in schema.of(new_type).create_only)


def plan(work: Work, target: Target, state: dict[str, dict[str, Any] | None] | None = None) -> Plan:
    """state: what resources are, where that is not what the stack has applied; None: gone."""
    state = state or {}
    stack = work.stack
    unknown: set[str] = set()
    scope = _preview_scope(work, target, unknown)
    changes = []
    for name in TopologicalSorter(target.graph).static_order():
        change = _compare(work, target, scope, name, state)
        if change:
            changes.append(change)
            if change.action == "Add" or change.replacement:
                unknown.add(name)
    for name, resource in stack.resources.items():
        if resource.exists and name not in target.graph:
            changes.append(Change("Remove", name, resource.type, resource.physical_id, before=resource.properties,
                                  deletion_policy=resource.deletion_policy))
    return Plan(changes, _outputs_differ(stack, target))


def _outputs_differ(stack: Stack, target: Target) -> bool:
    return (stack.target.template.get("Outputs") or {}) != (target.template.get("Outputs") or {})


def _preview_scope(work: Work, target: Target, unknown: set[str]) -> Scope:
    def reference(name: str) -> Any:
        return UNKNOWN if name in unknown else work.stack.resources[name].physical_id

    def attribute(name: str, wanted: str) -> Any:
        return UNKNOWN if name in unknown else resource_steps.attribute(work, name, wanted)

    return Scope(target.template, target.parameters, resource_steps.pseudo_of(work.stack), reference, attribute,
                 work.zones)


def _compare(work: Work, target: Target, scope: Scope, name: str, state: dict) -> Change | None:
    entry = target.template["Resources"][name]
    old = work.stack.resources.get(name)
    wanted = _preview(work, target, scope, name, entry)
    if old is None or not old.whole or state.get(name, old) is None:
        return Change("Add", name, entry["Type"], after=wanted, drifted=name in state)
    old = replace(old, properties=state.get(name, old.properties))
    differing = sorted(key for key in set(wanted) | set(old.properties)
                       if wanted.get(key) != old.properties.get(key))
    attributes = _attributes(work.stack.target.template["Resources"].get(name, {}), entry)
    if not differing and not attributes and old.type == entry["Type"] and old.unfinished is None:
        return None
    replacement = needs_replacement(old, entry["Type"], wanted)
    certain = UNKNOWN not in str(wanted)
    return Change("Modify", name, entry["Type"], old.physical_id, replacement, differing, certain, old.properties,
                  wanted, attributes, replace_policy=old.replace_policy, drifted=name in state)


def _attributes(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    pairs = ((name, old.get(name, default), new.get(name, default)) for name, default in ATTRIBUTES.items())
    return [row for row in pairs if row[1] != row[2]]


def _preview(work: Work, target: Target, scope: Scope, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    try:
        given = evaluate(scope, entry.get("Properties") or {})
    except AwsError:
        if not target.graph[name]:
            raise
        given = dict.fromkeys(entry.get("Properties") or {}, UNKNOWN)  # a function of something unknown
    converted, _problems = schema.convert(entry["Type"], given)
    return resource_steps.with_stack_tags(work.stack, target, entry["Type"], name, converted)
