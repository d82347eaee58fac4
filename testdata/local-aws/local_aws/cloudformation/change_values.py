# SPDX-License-Identifier: Apache-2.0
"""What a change set tells of a change: the values before and after, path by path, and what happens to the old thing.

As DescribeChangeSet shows them with IncludePropertyValues (CloudFormation API Reference, ResourceChange and
ResourceTargetDefinition): a path goes down through objects and lists to the first value that differs.
"""

from __future__ import annotations

import json
from typing import Any, Iterator

from . import schema
from .update_plan import ATTRIBUTES, Change

Difference = tuple[str, Any, Any]  # path, before, after
_ABSENT = object()


def differences(before: Any, after: Any, path: str) -> Iterator[Difference]:
    """Every place in which two values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(set(before) | set(after)):
            yield from differences(before.get(key, _ABSENT), after.get(key, _ABSENT), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            pair = [items[index] if index < len(items) else _ABSENT for items in (before, after)]
            yield from differences(*pair, f"{path}/{index}")
    elif before != after:
        yield path, before, after


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def values(path: str, before: Any, after: Any) -> dict[str, str]:
    """The members of a target that say what it was and will be."""
    kind = "Add" if before is _ABSENT else "Remove" if after is _ABSENT else "Modify"
    return {"Path": path, "AttributeChangeType": kind,
            **({} if before is _ABSENT else {"BeforeValue": _text(before)}),
            **({} if after is _ABSENT else {"AfterValue": _text(after)})}


def contexts(change: Change) -> dict[str, str]:
    """The whole resource, as it is and as it will be."""
    shown = {"BeforeContext": change.before, "AfterContext": change.after}
    return {name: json.dumps({"Properties": value}) for name, value in shown.items() if value is not None}


def details(change: Change, with_values: bool) -> list[dict[str, Any]]:
    """One row for each property and attribute that differs; with values, one for each path."""
    rows = []
    for name in change.properties:
        found = list(differences((change.before or {}).get(name, _ABSENT), (change.after or {}).get(name, _ABSENT),
                                 f"/Properties/{name}")) if with_values else [None]
        rows += [_detail(change, scope_of(name), name, *([values(*one)] if one else [])) for one in found]
    for name, before, after in change.attributes:
        rows.append(_detail(change, name, None, values(f"/{name}", before, after) if with_values else {}))
    return rows


def _detail(change: Change, attribute: str, name: str | None, more: dict[str, str] | None = None) -> dict[str, Any]:
    create_only = name in schema.of(change.type).create_only
    again = ("Always" if change.always else "Conditionally") if create_only else "Never"
    return {"Target": {"Attribute": attribute, "Name": name, "RequiresRecreation": again, **(more or {})},
            "Evaluation": "Static" if change.always else "Dynamic", "ChangeSource": "DirectModification"}


def scope_of(name: str) -> str:
    """The part of a resource that a property belongs to."""
    return "Tags" if name in ("Tags", "FileSystemTags") else name if name in ATTRIBUTES else "Properties"


def policy_action(change: Change) -> str | None:
    """What becomes of the thing that is there, when it is removed or replaced."""
    if change.action == "Remove":
        return change.deletion_policy.removesuffix("ExceptOnCreate")
    return f"ReplaceAnd{change.replace_policy}" if change.replacement else None
