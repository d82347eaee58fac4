# SPDX-License-Identifier: Apache-2.0
"""Stack policies: which resources an update may modify, replace or delete.

CloudFormation User Guide, "Prevent updates to stack resources": with a policy, what no statement allows is denied, and a
Deny wins. Update:Delete is asked of what the new template no longer has.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any


class DeniedByPolicy(Exception):
    """The stack policy does not let the update do this."""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def complete(body: str) -> bool:
    """Whether it is a policy that CloudFormation takes."""
    try:
        return all(row["Effect"] in ("Allow", "Deny") and row["Principal"] == "*"
                   and ("Action" in row) != ("NotAction" in row) and ("Resource" in row) != ("NotResource" in row)
                   for row in json.loads(body)["Statement"])
    except (ValueError, KeyError, TypeError):
        return False


def _is_about(row: dict[str, Any], name: str, value: str) -> bool:
    negated = f"Not{name}" in row
    patterns = _listed(row[f"Not{name}" if negated else name])
    return any(fnmatchcase(value, pattern) for pattern in patterns) != negated


def _holds(row: dict[str, Any], resource_type: str) -> bool:
    """Conditions know ResourceType alone."""
    return all(any(fnmatchcase(resource_type, pattern) for pattern in _listed(keys.get("ResourceType", [])))
               for keys in row.get("Condition", {}).values())


def check(policy: str | None, action: str, logical_id: str, resource_type: str) -> None:
    """Raises DeniedByPolicy. action: Update:Modify, Update:Replace or Update:Delete."""
    if policy is None:
        return
    resource = f"LogicalResourceId/{logical_id}"
    rows = [(number, row) for number, row in enumerate(json.loads(policy)["Statement"], 1)
            if _is_about(row, "Action", action) and _is_about(row, "Resource", resource) and _holds(row, resource_type)]
    for number, row in rows:
        if row["Effect"] == "Deny":
            raise DeniedByPolicy(f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] for "
                                 f"resource [{resource}]")
    if not rows:
        raise DeniedByPolicy(f"Action not allowed by stack policy: no statement allows [{action}] for resource [{resource}]")
